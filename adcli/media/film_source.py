"""What a film needs to know of a file before ffmpeg opens it: its shape, its sound, what can be copied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.media.ffmpeg import FORMATS, PROTOCOLS
from adcli.media.film_sound import Sounding
from adcli.media.footage import check_tools
from adcli.media.probe import Probe, probe
from adcli.media.synth import RATE
from adcli.spec.pictures import PICTURES, media_type
from adcli.units import FPS, Size

_HALF = 0.5 / FPS


@dataclass(frozen=True, slots=True)
class Source:
    """A video as it is seen: upright, with square pixels and even sides.

    ``copies``: its picture can be taken over as it is; ``sound_copies``: its sound, too, while the film has
    its length.
    """

    path: Path
    found: Probe
    size: Size
    frames: int
    sound: Sounding
    copies: bool
    sound_copies: bool


def read_source(path: Path) -> Source:
    """Opens a video; raises TaskFailed when there is no whole one, or it has no picture."""
    import av

    found = probe(path)
    check_tools(found)
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
    with av.open(str(path), options=options, metadata_errors="replace") as container:
        stream = container.streams.video[0]
        first = _first_picture(container, path)
        heard = container.streams.audio[0] if container.streams.audio else None
        frames = max(1, round(found.duration * FPS))
        shown, upright = found.shown, first.rotation == 0
        return Source(
            path,
            found,
            Size(max(2, shown.width // 2 * 2), max(2, shown.height // 2 * 2)),
            frames,
            Sounding(path, heard.channels if heard else 0),
            upright and _is_ours(found, stream),
            heard is not None and _is_aac(heard, found, frames),
        )


def _first_picture(container: Any, path: Path) -> Any:
    import av

    try:
        first = next(container.decode(video=0), None)
    except av.error.FFmpegError as error:
        message = f"{path.name} is damaged: its first picture can't be read"
        raise TaskFailed(message, hint="give a whole video") from error
    if first is None:
        raise TaskFailed(f"{path.name} holds no picture", hint="give a whole video")
    return first


def _is_ours(found: Probe, stream: Any) -> bool:
    """Whether a picture is of the form that adcli itself makes: H.264, 30 even frames a second, BT.709."""
    form = (found.codec, found.pix_fmt) == ("h264", "yuv420p") and found.width % 2 == found.height % 2 == 0
    even = abs(found.duration * FPS - found.frames) < 0.1
    even = even and abs(found.last_frame * FPS - (found.frames - 1)) < 0.1 and not stream.start_time
    colours = (
        found.colour.matrix in (1, 2) and found.colour.transfer in (1, 2, 6) and not found.colour.full_range
    )
    return form and even and colours and found.pixel_shape == 1 and not found.interlaced


def _is_aac(stream: Any, found: Probe, frames: int) -> bool:
    """Whether a sound is AAC of 48 kHz stereo and as long as the picture."""
    form = (stream.codec_context.name, stream.rate, stream.channels) == ("aac", RATE, 2)
    return form and not stream.start_time and abs((found.audio_duration or 0) - frames / FPS) <= _HALF


def is_picture(path: Path) -> bool:
    """Whether a file is a still picture, by its content."""
    with path.open("rb") as file:
        return media_type(file.read(64)) in PICTURES


@dataclass(frozen=True, slots=True)
class Heard:
    """A file of sound, and its length."""

    path: Path
    sounding: Sounding
    seconds: float


def heard(path: Path, what: str) -> Heard:
    """A file with a sound, of a video or of music; raises TaskFailed, naming ``what`` it is, for others."""
    sounding, seconds = _sound_of(path)
    if not sounding.channels:
        raise TaskFailed(f"{what}, {path.name}, has no sound", hint="give a file with a sound")
    return Heard(path, sounding, seconds)


def _sound_of(path: Path) -> tuple[Sounding, float]:
    import av

    formats = f"{FORMATS},aac,flac,mp3,ogg,wav"
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": formats}
    try:
        with av.open(str(path), options=options, metadata_errors="replace") as container:
            streams = container.streams.audio
            if not streams:
                return Sounding(path, 0), 0.0
            ends = [
                float((packet.pts + (packet.duration or 0)) * packet.time_base)
                for packet in container.demux(streams[0])
                if packet.pts is not None and packet.time_base is not None
            ]
            return Sounding(path, streams[0].channels), max(ends, default=0.0)
    except av.error.FFmpegError as error:
        reason = error.strerror or "unknown"
        raise TaskFailed(f"{path.name} can't be read: {reason}", hint="give a whole file") from error

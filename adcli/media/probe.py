"""What a media file holds, read by PyAV."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adcli.errors import TaskFailed
from adcli.media.ffmpeg import FORMATS, PROTOCOLS

_WHOLE = "give a whole MP4, MOV, WebM or Matroska video"


@dataclass(frozen=True, slots=True)
class Probe:
    """A file's first video stream; ``frames`` are counted from its packets, ``duration`` in seconds.

    ``last_frame`` is when the last frame begins, in seconds from the first one. ``extradata_sha256``
    identifies the encoder's parameter sets: streams join by copy when it is equal. ``audio_duration`` is
    None without an audio stream.
    """

    width: int
    height: int
    frames: int
    duration: float
    last_frame: float
    codec: str
    pix_fmt: str
    extradata_sha256: str
    audio_duration: float | None


def probe(path: Path) -> Probe:
    """Opens containers only, no playlists or scripts; raises TaskFailed when there is no whole video."""
    import av

    if is_cut_off(path):
        raise TaskFailed(f"{path.name} is cut off: its end is missing", hint="get the file again")
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
    try:
        with av.open(str(path), options=options) as container:
            if not container.streams.video:
                raise TaskFailed(f"{path.name} holds no video", hint=_WHOLE)
            stream = container.streams.video[0]
            context = stream.codec_context
            audio = container.streams.audio[0] if container.streams.audio else None
            starts: list[float] = []
            lengths: dict[int, float] = {}
            for packet in container.demux():
                if packet.pts is None or packet.time_base is None:
                    continue
                end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                index = packet.stream.index
                lengths[index] = max(lengths.get(index, 0.0), end)
                if index == stream.index:
                    starts.append(float(packet.pts * packet.time_base))
            return Probe(
                width=context.width,
                height=context.height,
                frames=len(starts),
                duration=lengths.get(stream.index, 0.0),
                last_frame=max(starts, default=0.0) - min(starts, default=0.0),
                codec=context.name,
                pix_fmt=str(context.pix_fmt),
                extradata_sha256=hashlib.sha256(context.extradata or b"").hexdigest(),
                audio_duration=lengths.get(audio.index, 0.0) if audio else None,
            )
    except av.error.FFmpegError as error:
        raise TaskFailed(f"{path.name} can't be read as video: {error.strerror}", hint=_WHOLE) from error


def boxes(path: Path) -> Iterator[tuple[bytes, int]]:
    """Kinds of an mp4's top-level boxes, each with the place where it says to end (ISO/IEC 14496-12, 4.2)."""
    whole, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while len(head := file.read(8)) == 8:
            size, kind = int.from_bytes(head[:4], "big"), head[4:]
            if size == 1:
                size = int.from_bytes(file.read(8), "big")
            at = whole if size == 0 else at + max(size, 8)
            yield kind, at
            file.seek(at)


def is_cut_off(path: Path) -> bool:
    """An mp4 whose last box ends after the file does; players show such a file without a word."""
    found = list(boxes(path))
    return bool(found) and found[0][0] == b"ftyp" and found[-1][1] > path.stat().st_size

"""Everything a video file says about itself, read in one pass over its packets; only one frame is decoded."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.media.ffmpeg import PROTOCOLS
from adcli.media.probe import boxes, is_cut_off

_WHOLE = "give a whole MP4, MOV, WebM or Matroska video"
_FORMATS = "mov,matroska"
_JITTER = 0.0021
"""Seconds by which steps may differ at a steady rate: Matroska's clock has whole milliseconds."""
_PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 12: "display-p3"}
_TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "srgb", 16: "pq", 18: "hlg"}
_MATRICES = {0: "rgb", 1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020"}
_UNTAGGED = 2  # ISO/IEC 23091-4
_FULL = 2
_SIDEWAYS = 90


class Unreadable(TaskFailed):
    """A file that is no whole video."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Colour:
    """Colour tags by their short names; None where the file says nothing."""

    primaries: str | None
    transfer: str | None
    matrix: str | None
    full_range: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """The first sound stream: sample rate in Hz, length in seconds."""

    codec: str
    rate: int
    channels: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Facts:
    """A video file: its container, its picture as it is shown (upright), its sound.

    ``seconds`` is the longer of picture and sound, ``fps`` the mean rate, ``steady`` a constant one.
    ``index_first`` is None where the container has no index that could stand at the end.
    """

    container: str
    size: int
    seconds: float
    index_first: bool | None
    width: int
    height: int
    square_pixels: bool
    interlaced: bool
    frames: int
    picture_seconds: float
    fps: float
    steady: bool
    codec: str
    profile: str | None
    pix_fmt: str
    colour: Colour
    sound: Sound | None

    @property
    def kbps(self) -> float:
        """Thousand bits a second of the whole file."""
        return self.size * 8 / 1000 / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class _Packets:
    """What the packets of a file say: starts of frames, ends of streams, the first picture."""

    starts: list[float] = field(default_factory=list)
    ends: dict[int, float] = field(default_factory=dict)
    first: Any = None

    def read(self, container: Any, video: int) -> None:
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            index = packet.stream.index
            end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
            self.ends[index] = max(self.ends.get(index, 0.0), end)
            if index == video:
                self.starts.append(float(packet.pts * packet.time_base))
                self._look(packet)

    def _look(self, packet: Any) -> None:
        """Decodes until there is one picture; what can't be decoded is for a look at the whole file."""
        import av

        if self.first is None:
            try:
                self.first = next(iter(packet.decode()), None)
            except av.error.FFmpegError:
                return


def read_facts(path: Path) -> Facts:
    """Opens containers only, no playlists or scripts; raises Unreadable when there is no whole video."""
    import av

    try:
        if path.exists() and not path.is_file():  # a pipe would never end
            raise Unreadable(f"{path} is no ordinary file", hint=_WHOLE)
        if is_cut_off(path):
            raise Unreadable(f"{path.name} is cut off: its end is missing", hint="get the file again")
        options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": _FORMATS}
        with av.open(str(path), options=options, metadata_errors="replace") as container:
            if not container.streams.video:
                raise Unreadable(f"{path.name} holds no video", hint=_WHOLE)
            return _facts(path, container)
    except av.error.FFmpegError as error:
        other = isinstance(error, av.error.ArgumentError)  # what ffmpeg says of a format outside the list
        reason = "it is another kind of file" if other else error.strerror
        raise Unreadable(f"{path.name} can't be read as video: {reason}", hint=_WHOLE) from error
    except OSError as error:
        raise Unreadable(f"{path.name} can't be read: {error.strerror}") from error


def _facts(path: Path, container: Any) -> Facts:
    stream = container.streams.video[0]
    context = stream.codec_context
    packets = _Packets()
    packets.read(container, stream.index)
    if not packets.starts or not context.width:
        raise Unreadable(f"{path.name} holds no picture", hint=_WHOLE)
    starts = sorted(packets.starts)
    steps = [after - before for before, after in pairwise(starts)]
    span, begin = starts[-1] - starts[0], max(0.0, starts[0])
    turned = packets.first is not None and packets.first.rotation % 180 == _SIDEWAYS
    width, height = (context.height, context.width) if turned else (context.width, context.height)
    aspect = stream.sample_aspect_ratio
    return Facts(
        container=_container(path, container.format.name),
        size=path.stat().st_size,
        seconds=max(packets.ends.values()) - begin,
        index_first=_index_first(path),
        width=width,
        height=height,
        square_pixels=not aspect or aspect == 1,
        interlaced=bool(packets.first is not None and packets.first.interlaced_frame),
        frames=len(starts),
        picture_seconds=packets.ends[stream.index] - begin,
        fps=len(steps) / span if span else 0.0,
        steady=not steps or max(steps) - min(steps) <= _JITTER,
        codec=context.codec.canonical_name,
        profile=context.profile,
        pix_fmt=str(context.pix_fmt),
        colour=_colour(context),
        sound=_sound(container, packets),
    )


def _colour(context: Any) -> Colour:
    def name(code: int, names: dict[int, str]) -> str | None:
        return None if code == _UNTAGGED else names.get(int(code), f"code {int(code)}")

    return Colour(
        name(context.color_primaries, _PRIMARIES),
        name(context.color_trc, _TRANSFERS),
        name(context.colorspace, _MATRICES),
        int(context.color_range) == _FULL or str(context.pix_fmt).startswith("yuvj"),
    )


def _sound(container: Any, packets: _Packets) -> Sound | None:
    if not container.streams.audio:
        return None
    stream = container.streams.audio[0]
    context = stream.codec_context
    return Sound(
        context.codec.canonical_name,
        context.sample_rate or 0,
        context.channels,
        packets.ends.get(stream.index, 0.0),
    )


def _container(path: Path, formats: str) -> str:
    with path.open("rb") as file:
        head = file.read(64)
    if "matroska" in formats:
        return "webm" if b"webm" in head else "mkv"
    return "mov" if head[4:12] == b"ftypqt  " or head[4:8] != b"ftyp" else "mp4"


def _index_first(path: Path) -> bool | None:
    """Players on the web start at once only when the index (moov) comes before the media (mdat)."""
    order = [kind for kind, _ in boxes(path) if kind in {b"moov", b"mdat"}]
    return order[0] == b"moov" if b"moov" in order else None

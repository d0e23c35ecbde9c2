"""What a media file holds, read by PyAV."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.media.ffmpeg import FORMATS, PROTOCOLS
from adcli.units import Size

_WHOLE = "give a whole MP4, MOV, WebM or Matroska video"
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG; "yuvj" formats mean the same


@dataclass(frozen=True, slots=True)
class Colour:
    """How samples stand for colours: code points of ISO/IEC 23091-2, where 2 is "not said"."""

    primaries: int = 2
    transfer: int = 2
    matrix: int = 2
    full_range: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """A file's first video stream; ``frames`` are counted from its packets, ``duration`` in seconds.

    ``last_frame`` is when the last frame begins, in seconds from the first one. ``extradata_sha256``
    identifies the encoder's parameter sets: streams join by copy when it is equal. ``audio_duration`` is
    None without an audio stream. ``shown`` is the size as people see it: upright, its pixels square.
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
    shown: Size
    colour: Colour = field(default_factory=Colour)
    pixel_shape: float = 1.0
    interlaced: bool = False


@dataclass(slots=True)
class _Times:
    """When packets of each stream begin and end, in seconds of the container's own clock."""

    starts: dict[int, list[float]] = field(default_factory=dict)
    ends: dict[int, float] = field(default_factory=dict)

    def add(self, packet: Any) -> None:
        index = packet.stream.index
        end = float((packet.pts + (packet.duration or 0)) * packet.time_base)
        self.ends[index] = max(self.ends.get(index, 0.0), end)
        self.starts.setdefault(index, []).append(float(packet.pts * packet.time_base))

    def length(self, index: int, clock: float) -> float:
        """Seconds from the file's beginning, which is at ``clock``, to the stream's end."""
        return max(0.0, self.ends.get(index, clock) - clock)


def probe(path: Path) -> Probe:
    """Opens containers only, no playlists or scripts; raises TaskFailed when there is no whole video."""
    import av

    if is_cut_off(path):
        raise TaskFailed(f"{path.name} is cut off: its end is missing", hint="get the file again")
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": FORMATS}
    try:
        with av.open(str(path), options=options, metadata_errors="replace") as container:
            if not container.streams.video:
                raise TaskFailed(f"{path.name} holds no video", hint=_WHOLE)
            return _read(container)
    except av.error.FFmpegError as error:
        raise TaskFailed(f"{path.name} can't be read as video: {error.strerror}", hint=_WHOLE) from error


def _read(container: Any) -> Probe:
    stream, times, first = container.streams.video[0], _Times(), None
    for packet in container.demux():
        if packet.pts is None or packet.time_base is None:
            continue
        if first is None and packet.stream.index == stream.index:
            first = _decoded(packet)
        if not packet.is_discard:
            times.add(packet)
    context = stream.codec_context
    audio = container.streams.audio[0] if container.streams.audio else None
    clock = (container.start_time or 0) / 1_000_000
    starts = times.starts.get(stream.index, [])
    shape = float(stream.sample_aspect_ratio or context.sample_aspect_ratio or 1)
    return Probe(
        width=context.width,
        height=context.height,
        frames=len(starts),
        duration=times.length(stream.index, clock),
        last_frame=max(starts, default=0.0) - min(starts, default=0.0),
        codec=context.name,
        pix_fmt=str(context.pix_fmt),
        extradata_sha256=hashlib.sha256(context.extradata or b"").hexdigest(),
        audio_duration=times.length(audio.index, clock) if audio else None,
        shown=_shown(context, shape, getattr(first, "rotation", 0)),
        colour=_colour(context),
        pixel_shape=shape,
        interlaced=bool(first is not None and first.interlaced_frame),
    )


def _decoded(packet: Any) -> Any:
    """The first frame that a packet gives; None while the decoder waits for more, or can't read it."""
    import av

    try:
        return next(iter(packet.decode()), None)
    except av.error.FFmpegError:
        return None


def _shown(context: Any, shape: float, rotation: int) -> Size:
    width, height = max(1, round(context.width * shape)), context.height
    return Size(height, width) if rotation % 180 in range(45, 136) else Size(width, height)


def _colour(context: Any) -> Colour:
    full = context.color_range == _FULL_RANGE or str(context.pix_fmt).startswith("yuvj")
    return Colour(context.color_primaries, context.color_trc, context.colorspace, full)


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

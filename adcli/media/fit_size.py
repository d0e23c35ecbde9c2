"""Makes a finished video small enough for a limit of bytes: its picture is encoded again, its sound kept."""

from __future__ import annotations

from pathlib import Path

from adcli.errors import TaskFailed
from adcli.media import encode, ffmpeg
from adcli.media.facts import Facts, read_facts
from adcli.units import FPS

LEAST_BITS = 0.03
"""Bits a pixel of each frame under which H.264 falls into blocks."""
_LEAST_SHARE = 0.4
"""Share of a video's own bits that still looks decent, where little moves and few are needed."""
_MARGIN = 0.985
_OVERHEAD = 4096  # bytes
_PER_FRAME = 24
_ROUNDS = 3
_TIMEOUT, _TIMEOUT_PER_FRAME = 300.0, 2.0
_LOG, _SMALLER = "pass", "smaller.mp4"


class TooLarge(TaskFailed):
    """A video can't be made as small as asked for and still look decent."""

    code = "too-large"

    def __init__(self, facts: Facts, most_bytes: float, least_bytes: float) -> None:
        super().__init__(
            f"the video has {facts.size / 1e6:.1f} MB, and {most_bytes / 1e6:g} MB are too few for"
            f" {facts.seconds:g} s at {facts.width}×{facts.height} without falling into blocks",
            hint=f"allow {least_bytes / 1e6 + 0.05:.1f} MB (output.max_mb), or make it shorter",
        )


def fitted(path: Path, facts: Facts, max_mb: float | None) -> tuple[Path, Facts, tuple[str, ...]]:
    """The video itself, or a smaller one beside it where it has more megabytes than allowed, and a note."""
    if max_mb is None or facts.size <= max_mb * 1e6:
        return path, facts, ()
    smaller = path.with_name(_SMALLER)
    kbps = fit_size(path, facts, max_mb * 1e6, smaller)
    found = read_facts(smaller)
    note = f"encoded again at {kbps:,.0f} kb/s: {found.size / 1e6:.1f} MB instead of {facts.size / 1e6:.1f}"
    return smaller, found, (note,)


def fit_size(source: Path, facts: Facts, most_bytes: float, out: Path) -> float:
    """Writes ``out``, beside ``source``, of at most so many bytes; gives its picture's kilobits a second.

    Size, frames, colours and sound stay. Raises TooLarge where that would take too many bits away.
    """
    rest = _rest(source, facts)
    kbps = _kbps(most_bytes * _MARGIN - rest, facts)
    own = _kbps(facts.size - rest, facts)
    least = min(LEAST_BITS * facts.width * facts.height * FPS / 1000, _LEAST_SHARE * own)
    if kbps < least:
        raise TooLarge(facts, most_bytes, (least * 125 * facts.seconds + rest) / _MARGIN)
    for _ in range(_ROUNDS):
        _encode(source, facts, kbps, out)
        made = read_facts(out)
        if made.frames != facts.frames:
            raise TaskFailed(f"the smaller video has {made.frames} frames instead of {facts.frames}")
        if made.size <= most_bytes:
            return kbps
        kbps *= _MARGIN * most_bytes / made.size
    raise TooLarge(facts, most_bytes, made.size)


def _kbps(size: float, facts: Facts) -> float:
    return size * 8 / 1000 / facts.seconds


def _rest(source: Path, facts: Facts) -> float:
    """Bytes of a video that aren't its picture: its sound, and the index of both."""
    import av

    with av.open(str(source), metadata_errors="replace") as container:
        sound = sum(packet.size for packet in container.demux(audio=0)) if facts.sound else 0
    return sound + _OVERHEAD + _PER_FRAME * facts.frames


def _encode(source: Path, facts: Facts, kbps: float, out: Path) -> None:
    timeout = _TIMEOUT + _TIMEOUT_PER_FRAME * facts.frames
    given = ["-v", "error", "-y", "-threads", "1", "-i", source.name, "-map", "0:v:0"]
    first = [*given, *encode.x264_of_size(kbps, 1, _LOG), "-an", "-f", "null", "-"]
    ffmpeg.run(first, cwd=source.parent, timeout=timeout)
    second = [*given, "-map", "0:a?", *encode.x264_of_size(kbps, 2, _LOG), "-c:a", "copy"]
    second += ["-movflags", "+faststart", out.name]
    ffmpeg.run(second, cwd=source.parent, timeout=timeout)

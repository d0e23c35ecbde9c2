"""Black and frozen pictures and misplaced text: seen while a video is encoded, or by decoding a finished one.

ffmpeg's ``blackdetect`` and ``freezedetect`` look at every frame on its way to the encoder, below the text,
and write what they see to a file; neither changes a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from adcli.keys import Json
from adcli.media import ffmpeg
from adcli.media.ffmpeg import WHITELIST
from adcli.media.findings import Finding, Status
from adcli.media.layout import Box, Frame
from adcli.media.subtitles import TextBox
from adcli.units import FPS

if TYPE_CHECKING:
    from adcli.media.footage import Graph

FADE = 0.5
"""Seconds of black that are no fault: a fade out of it, a dip into it."""
END = 1.0
"""Seconds of black at the end that are no fault."""
STILL = 2.0
"""Seconds for which a picture may stand still before it looks stuck; a closing packshot may for longer."""
_MOSTLY = 0.9
"""Share of a video that makes it a still picture as a whole."""
_FRAME = 1 / FPS
_APART = 1.5 * _FRAME
"""Spans that are no further apart than a frame are one."""
_DETECT = "blackdetect=d=0:pic_th=0.98:pix_th=0.1,freezedetect=n=0.001:d={still:g},metadata=print:file={file}"
_SHORTEST_FREEZE = 0.4
_EVENT = re.compile(
    r"lavfi\.(black_start|black_end|freezedetect\.freeze_start|freezedetect\.freeze_end)=(\S+)"
)
_DAMAGE = re.compile(r"error while decoding|corrupt|Invalid (?:data|NAL)", re.IGNORECASE)
_ROUNDING = 2.0  # pixels at full size
_HIDDEN = 0.5
"""Share of a text that the app may cover before nobody can read it."""
_CAPTION = "caption"
_TIMEOUT, _TIMEOUT_PER_SECOND = 300.0, 30.0  # seconds; a second of video takes 0.3 on a core of today


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Seconds of a video, from ``start`` to ``end``."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start

    def told(self) -> str:
        """In words: ``from 1.2 to 3.4 s``."""
        return f"from {self.start:.1f} to {self.end:.1f} s"


@dataclass(frozen=True, slots=True)
class Seen:
    """What ``seconds`` of frames show: when nothing, when always the same, and what text stands on them.

    ``damaged`` counts the decoder's complaints.
    """

    seconds: float
    black: tuple[Span, ...] = ()
    frozen: tuple[Span, ...] = ()
    text: tuple[TextBox, ...] = ()
    damaged: int = 0

    def as_meta(self) -> dict[str, Json]:
        """Lists of numbers, for a segment's checkpoint: seconds, and pixels of the frame."""
        return {
            "black": [[round(span.start, 3), round(span.end, 3)] for span in self.black],
            "frozen": [[round(span.start, 3), round(span.end, 3)] for span in self.frozen],
            "text": [_row(box) for box in self.text],
        }


def _row(box: TextBox) -> list[Json]:
    times, sides = (box.start, box.end), (box.left, box.top, box.right, box.bottom)
    return [box.kind, *(round(at, 3) for at in times), *(round(side, 1) for side in sides)]


def watch(path: Path, seconds: float) -> Seen:
    """What a finished video shows, by decoding all of it; its text is part of the picture."""
    with TemporaryDirectory() as folder:
        workdir = Path(folder)
        (workdir / "video").symlink_to(path.resolve())
        arguments = ["-v", "error", *WHITELIST, "-i", "video", "-map", "0:v:0", "-an", "-sn"]
        arguments += ["-vf", detect("seen.txt"), "-fps_mode", "passthrough", "-f", "null", "-"]
        timeout = _TIMEOUT + seconds * _TIMEOUT_PER_SECOND
        said = ffmpeg.run(arguments, cwd=workdir, timeout=timeout).stderr
        return replace(read(workdir / "seen.txt", seconds), damaged=len(_DAMAGE.findall(said)))


def detect(file: str) -> str:
    """Filters that write what they see to a file of that plain name, and let every frame pass unchanged."""
    return _DETECT.format(still=_SHORTEST_FREEZE, file=file)


def add_detection(graph: Graph, label: str, out: str) -> str:
    """Has a graph's picture looked at; gives the label that it goes on under. ``read`` reads ``OUT.txt``."""
    graph.chains.append(f"[{label}]{detect(f'{out}.txt')}[{out}]")
    return out


def read(path: Path, seconds: float) -> Seen:
    """What the filters of ``detect`` wrote about a picture of that length."""
    found: dict[str, list[float]] = {}
    for name, value in _EVENT.findall(path.read_text()):
        found.setdefault(name.removeprefix("freezedetect."), []).append(float(value))

    def spans(what: str) -> tuple[Span, ...]:
        starts, ends = found.get(f"{what}_start", []), found.get(f"{what}_end", [])
        ends = [*ends, *[seconds] * (len(starts) - len(ends))]
        return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))

    return Seen(seconds, spans("black"), spans("freeze"))


def from_meta(meta: Mapping[str, Any]) -> Seen:
    """The opposite of ``as_meta``, for a segment of ``frames``; an older one has nothing to tell."""

    def spans(name: str) -> tuple[Span, ...]:
        return tuple(Span(start, end) for start, end in meta.get(name, ()))

    boxes = tuple(TextBox(*row) for row in meta.get("text", ()))
    return Seen(meta["frames"] / FPS, spans("black"), spans("frozen"), boxes)


def joined(parts: Sequence[Seen]) -> Seen:
    """One after another: black goes on over a cut; a frozen picture ends there, since the next is another."""
    black: list[Span] = []
    frozen: list[Span] = []
    text: list[TextBox] = []
    start = 0.0
    for part in parts:
        black += [Span(start + span.start, start + span.end) for span in part.black]
        frozen += [Span(start + span.start, start + span.end) for span in part.frozen]
        text += [_later(box, start) for box in part.text]
        start += part.seconds
    return Seen(start, merged(black), tuple(frozen), tuple(text), sum(part.damaged for part in parts))


def _later(box: TextBox, by: float) -> TextBox:
    return TextBox(box.kind, box.start + by, box.end + by, box.left, box.top, box.right, box.bottom)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start - found[-1].end <= _APART:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def without(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of spans outside others."""
    left = list(spans)
    for hole in taken:
        left = [
            part
            for span in left
            for part in (
                Span(span.start, min(span.end, hole.start)),
                Span(max(span.start, hole.end), span.end),
            )
            if part.length > _FRAME / 2
        ]
    return tuple(left)


def judge_picture(seen: Seen) -> Iterator[Finding]:
    """Black, then frozen; a title on a black card is a picture, captions on black are not."""
    if seen.damaged:
        found = f"damaged in {seen.damaged} place{'s' if seen.damaged > 1 else ''}"
        yield Finding("intact", Status.FAIL, found, "a file that decodes from start to end")
    cards = [Span(box.start, box.end) for box in seen.text if box.kind != _CAPTION]
    black = without(merged(seen.black), cards)
    yield _black(black, seen.seconds)
    yield _frozen(without(merged(seen.frozen), seen.black), seen.seconds)


def _black(spans: Sequence[Span], seconds: float) -> Finding:
    expected = f"a picture; black for {FADE:g} s at most, {END:g} s at the end"
    if sum(span.length for span in spans) >= _MOSTLY * seconds:
        return Finding("black", Status.FAIL, "black throughout: no picture", expected)
    last = [span for span in spans if span.end >= seconds - _APART]
    bad = [span for span in spans if span not in last and span.length > FADE + _FRAME / 2]
    if bad:
        return Finding("black", Status.FAIL, _told(bad), expected)
    if last and last[0].length > END + _FRAME / 2:
        return Finding("black", Status.WARN, f"{_told(last)}, at the end", expected)
    return Finding("black", Status.PASS, "none" if not spans else "a short fade or dip", expected)


def _frozen(spans: Sequence[Span], seconds: float) -> Finding:
    expected = f"a picture that moves; still for {STILL:g} s at most, but at the end"
    if sum(span.length for span in spans) >= _MOSTLY * seconds:
        return Finding("frozen", Status.WARN, "the picture never moves", expected)
    bad = [span for span in spans if span.length >= STILL and span.end < seconds - _APART]
    if bad:
        return Finding("frozen", Status.WARN, _told(bad), expected)
    return Finding("frozen", Status.PASS, "none" if not spans else "short stills", expected)


def _told(spans: Sequence[Span]) -> str:
    shown = ", ".join(span.told() for span in spans[:3])
    return shown if len(spans) <= 3 else f"{shown} and {len(spans) - 3} more times"


def judge_text(boxes: Sequence[TextBox], frame: Frame) -> Finding:
    """Where text stands: all of it in the frame, and where the app covers nothing."""
    expected = f"all text inside what {frame.platform.value} leaves free"
    whole = Box(0.0, 0.0, float(frame.size.width), float(frame.size.height))
    slack, status, told = _ROUNDING * frame.unit, Status.PASS, "inside"
    for text in boxes:
        box = Box(text.left, text.top, text.right, text.bottom)
        when = f"{text.kind} {Span(text.start, text.end).told()}"
        if not box.inside(whole, slack):
            return Finding("text", Status.FAIL, f"{when} is cut off by the frame", expected)
        covered = 1 - _common(box, frame.zone) / max(box.width * box.height, 1.0)
        if status is not Status.FAIL and covered > _HIDDEN:
            status, told = Status.FAIL, f"{when} is hidden by the app"
        elif status is Status.PASS and not box.inside(frame.zone, slack):
            status, told = Status.WARN, f"{when} is partly covered by the app"
    return Finding("text", status, told, expected)


def _common(one: Box, other: Box) -> float:
    """Area that two boxes share."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(across, 0.0) * max(down, 0.0)

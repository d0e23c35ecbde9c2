"""A phrase on a dark rounded box; a bright one glides to the word that is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adcli.media.caption_block import Line, Placed, Shown
from adcli.media.caption_look import Look, Manner
from adcli.media.caption_styles import STYLE
from adcli.media.colour import WHITE, Colour, parse
from adcli.media.layout import Box
from adcli.media.packshot_tones import Pair, face
from adcli.media.subtitles import Document, Style, color
from adcli.media.title import rounded
from adcli.units import FPS

_DARK = Colour(20, 20, 24)
_GROUND, _GROUND_ALPHA = "#101014", 0x2E
_ACROSS, _DOWN, _ROUND = 0.42, 0.3, 0.36  # of the em: the box around the phrase, and its corners
_PILL_ACROSS, _PILL_UP, _PILL_LOW, _PILL_ROUND = 0.14, 0.9, 0.34, 0.24  # around the word, from its baseline
_SHARED = 0.5  # of the gap between two words
_GLIDE = (0.45, 0.8, 0.96)  # how far the bright box is in the first frames after a word has begun
_POP = (0.86, 0.97)  # its size where it comes anew, on another line

MANNER = Manner(
    most_words=6,
    most_lines=2,
    gap=0.34,
    piece_gap=0.14,
    line=1.36,
    across=_ACROSS,
    down=_DOWN,
    least=5 / 6,
    read=True,
)


def style(look: Look) -> Style:
    """Bare letters: the box is what sets them off."""
    return Style(STYLE, look.pixels, look.inactive, look.font)


@dataclass(frozen=True, slots=True)
class _Step:
    """Some seconds with the bright box in one place."""

    start: float
    end: float
    box: Box


def draw(document: Document, shown: Shown) -> None:
    """The ground once, then the bright box step by step, and words in the colour that can be read on it."""
    pair, cue, pixels = _pair(shown.look), shown.cue, shown.block.pixels
    _shape(document, (cue.start, cue.end), shown.block.box, _ROUND * pixels, _ground(), 1)
    steps = _steps(shown)
    for step in steps:
        bright = f"\\1c{color(pair.face.hex)}"
        _shape(document, (step.start, step.end), step.box, _PILL_ROUND * pixels, bright, 2)
    for item in shown.block.row:
        lit = (
            [step for step in steps if step.box.overlaps(item.box)]
            if pair.ink != parse(shown.look.inactive)
            else []
        )
        _add_word(document, shown, item, lit, color(pair.ink.hex))


def _pair(look: Look) -> Pair:
    """The bright box's colour, and that of the word in it: white or nearly black."""
    pair = face(parse(look.active) or WHITE)
    return pair if pair.ink == WHITE else Pair(pair.face, _DARK)


def _ground() -> str:
    return f"\\1c{color(_GROUND)}\\1a&H{_GROUND_ALPHA:02X}&"


def _shape(
    document: Document, times: tuple[float, float], box: Box, radius: float, tags: str, layer: int
) -> None:
    """A rounded box."""
    corners = [
        (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom),
    ]  # fmt: skip
    path = rounded([(x - box.left, y - box.top) for x, y in corners], radius)
    place = f"\\an7\\pos({box.left:.1f},{box.top:.1f})\\bord0\\shad0"
    document.add(*times, STYLE, f"{{{place}{tags}\\p1}}{path}{{\\p0}}", layer=layer)


def _pill(shown: Shown, index: int) -> Box:
    """The bright box around a word at rest; parts of a word without spaces leave it less room."""
    item, pixels = shown.block.row[index], shown.block.pixels
    line = shown.block.lines[shown.block.line_of(index)]
    edges = [edge for other in line.row for edge in (other.box.left, other.box.right) if other is not item]
    left = min((item.box.left - edge for edge in edges if edge < item.x), default=pixels)
    right = min((edge - item.box.right for edge in edges if edge > item.x), default=pixels)
    across = min(_PILL_ACROSS * pixels, left * _SHARED, right * _SHARED)
    top, bottom = _band(line, pixels)
    return Box(item.box.left - across, top, item.box.right + across, bottom)


def _band(line: Line, pixels: float) -> tuple[float, float]:
    """Top and bottom of bright boxes on a line; what reaches further than usual gets room too."""
    spare = 0.1 * pixels
    return (
        min(line.baseline - _PILL_UP * pixels, line.box.top - spare),
        max(line.baseline + _PILL_LOW * pixels, line.box.bottom + spare),
    )


def _steps(shown: Shown) -> list[_Step]:
    """Where the bright box is, from the caption's first frame to its last."""
    found: list[_Step] = []
    for index in range(len(shown.block.row)):
        start, stop, box = shown.starts(index), shown.stops(index), _pill(shown, index)
        for between in _way(shown, index, box):
            end = min(start + 1 / FPS, stop)
            found.append(_Step(start, end, between))
            start = end
        found.append(_Step(start, stop, box))
    return [step for step in found if step.end - step.start > 0.001]


def _way(shown: Shown, index: int, box: Box) -> list[Box]:
    """The bright box in the first frames after a word has begun."""
    if not index:
        return []
    if shown.block.line_of(index) != shown.block.line_of(index - 1):
        return [_scaled(box, share) for share in _POP]
    before = _pill(shown, index - 1)
    return [_between(before, box, share) for share in _GLIDE]


def _between(one: Box, other: Box, share: float) -> Box:
    return Box(*(a + (b - a) * share for a, b in zip(one, other, strict=True)))


def _scaled(box: Box, share: float) -> Box:
    across, down = box.width * (1 - share) / 2, box.height * (1 - share) / 2
    return Box(box.left + across, box.top + down, box.right - across, box.bottom - down)


def _add_word(document: Document, shown: Shown, item: Placed, lit: Sequence[_Step], ink: str) -> None:
    """A word all through its caption; where the bright box is half over it, each half has its colour."""

    def add(start: float, end: float, window: str = "", colour: str = "") -> None:
        tags = f"\\pos({item.x:.1f},{item.y:.1f}){shown.sized()}{window}" + (
            f"\\1c{colour}" if colour else ""
        )
        document.add(start, end, STYLE, f"{{{tags}}}{shown.text(item.text, colour)}", layer=3)

    at = shown.cue.start
    for step in lit:
        add(at, step.start)
        if item.box.inside(step.box):
            add(step.start, step.end, colour=ink)
        else:
            window = "clip({:.0f},{:.0f},{:.0f},{:.0f})".format(*step.box)
            add(step.start, step.end, f"\\i{window}")
            add(step.start, step.end, f"\\{window}", ink)
        at = step.end
    add(at, shown.cue.end)

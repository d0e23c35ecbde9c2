"""Text set with the fonts that adcli ships: what a font can show, fitting into a box, drawing."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw

from adcli.media.bidi import runs_left
from adcli.media.colour import Colour
from adcli.media.fonts import Font
from adcli.media.pieces import pieces
from adcli.media.scripts import Run, clusters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEADING = 1.14
"""Line height in parts of the font's size."""

_ELLIPSIS = "…"
_TALL = 1.22
_SHORT, _SHORT_END = 3, 0.2
"""Letters of a short word, and what a line that ends in one counts as: so much shorter than it may be."""


class Lettering(NamedTuple):
    """Lines that fit, in a font file at a size in pixels; ``width`` and ``height`` are what they cover.

    ``leftward`` is the direction of the whole text, where it is known: its lines run as it does. ``above`` is
    what of the height the marks over the first line need.
    """

    lines: tuple[str, ...]
    font: Font
    size: int
    width: int
    height: int
    leftward: bool | None = None
    above: int = 0


def fit(
    text: str, font: Font, room: tuple[int, int], largest: int, smallest: int, lines: int
) -> Lettering | None:
    """The largest setting of ``text`` within ``room`` (width, height) on at most ``lines`` lines.

    What is too long even at the smallest size ends in an ellipsis. None when nothing can be shown.
    """
    parts = tokens(presentable(text, font))
    set_ = fit_whole(parts, font, room, largest, smallest, lines)
    set_ = set_ or _shortened(parts, font, smallest, room, lines)
    return with_marks(set_, _step(set_.lines)) if set_ else None


def with_marks(set_: Lettering, step: float) -> Lettering:
    """The same with room for what reaches over its first line and under its last one, as accents do.

    ``step`` is the lines' distance in parts of the size.
    """
    size, lines = set_.size, set_.lines
    ascent, descent = set_.font.sized(size).getmetrics()
    base, high = size * step / 2 + (ascent - descent) / 2, round(size * step * len(lines))
    top = min(box[1] for box in _inked(lines[0], set_)) + base
    low = max(box[3] for box in _inked(lines[-1], set_)) + base + size * step * (len(lines) - 1)
    above, below = max(0, math.ceil(-top)), max(0, math.ceil(low - high))
    return set_._replace(height=high + above + below, above=above)


def _inked(line: str, set_: Lettering) -> Iterator[tuple[float, float, float, float]]:
    """What each run of a line covers, from its place on the baseline."""
    for run in set_.font.runs(line, set_.leftward):
        yield run.face.sized(set_.size).getbbox(run.text, anchor="ls", direction=run.direction)


def fit_whole(
    parts: Sequence[str], font: Font, room: tuple[int, int], largest: int, smallest: int, lines: int
) -> Lettering | None:
    """The largest setting of a text's ``tokens``; None when it is empty or too long for its smallest size."""
    if not "".join(parts).strip():
        return None
    low, high, best = smallest, max(smallest, largest), None
    while low <= high:
        size = (low + high) // 2
        set_ = _setting(parts, font, size, room, lines)
        if set_ is None:
            high = size - 1
        else:
            best, low = set_, size + 1
    return _evened(best, parts) if best else None


def _evened(set_: Lettering, parts: Sequence[str]) -> Lettering:
    """The same on lines that are as alike as can be; their longest stays the longest."""
    lines = even(parts, set_.font, set_.size, set_.width, len(set_.lines))
    return set_._replace(lines=tuple(lines)) if lines else set_


def even(parts: Sequence[str], font: Font, size: float, widest: float, count: int) -> list[str]:
    """Tokens on ``count`` lines up to ``widest``, with the least squares of what the lines are short of it.

    A line seldom ends in a short word, as articles are. Empty where it can't be. After Knuth and Plass,
    Breaking Paragraphs into Lines (1981), without stretching.
    """
    inner = [font.width(part, size) for part in parts]
    first = [font.width(part.lstrip(), size) for part in parts]
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    best += [(math.inf, [])] * len(parts)
    for _ in range(count):
        longer: list[tuple[float, list[int]]] = [(math.inf, [])] * (len(parts) + 1)
        for start, (cost, breaks) in enumerate(best[:-1]):
            wide = first[start] if cost < math.inf else math.inf
            end = start + 1
            while wide <= widest and end <= len(parts):
                worse = cost + (widest - wide) ** 2 + (_SHORT_END * widest) ** 2 * _ends_short(parts, end)
                if worse < longer[end][0]:
                    longer[end] = worse, [*breaks, end]
                wide, end = wide + (inner[end] if end < len(parts) else 0), end + 1
        best = longer
    ends = best[-1][1]
    lines = ["".join(parts[start:end]).lstrip() for start, end in zip([0, *ends], ends, strict=False)]
    return lines if all(font.width(line, size) <= widest for line in lines) else []


def _ends_short(parts: Sequence[str], end: int) -> bool:
    """Whether a line that ends before this token, which is not the first of a text, ends in a short word."""
    if end == len(parts) or not parts[end].startswith(" "):
        return False
    last = parts[end - 1].strip()
    return len(last) <= _SHORT and last.isalpha()


def presentable(text: str, font: Font) -> str:
    """The text on one line, without controls and what no font has a glyph for."""
    return " ".join(font.drawable(" ".join(text.split())).split())


@lru_cache(1 << 16)
def width_of(text: str, font: Font, size: int) -> int:
    """Pixels that a line covers from its start, rounded up."""
    return math.ceil(font.width(text, size))


def tokens(text: str) -> list[str]:
    """A text at the places where a line may break: words with the space before them, and pieces of words."""
    found: list[str] = []
    for word in text.split(" "):
        first, *rest = pieces(word) or ("",)
        found += [f" {first}", *rest]
    return found


def _setting(
    parts: Sequence[str], font: Font, size: int, room: tuple[int, int], lines: int
) -> Lettering | None:
    broken = _wrapped(parts, font, size, room[0])
    if broken is None or len(broken) > lines:
        return None
    broken = _balanced(parts, font, size, room[0], len(broken))
    height = round(size * _step(broken) * len(broken))
    if height > room[1]:
        return None
    width = max(width_of(line, font, size) for line in broken)
    return Lettering(broken, font, size, width, height, runs_left("".join(parts)))


def leading(lines: Sequence[str], usual: float = LEADING) -> float:
    """Line height in parts of the size; scripts that stack marks, as Thai and Hindi do, need more."""
    tall = any(
        "\u0600" <= mark <= "\u109f" or "\u1780" <= mark <= "\u17ff" for line in lines for mark in line
    )
    return usual * _TALL if tall else usual


def _step(lines: Sequence[str]) -> float:
    """A single line has nothing above or below that its marks could touch."""
    return leading(lines) if len(lines) > 1 else LEADING


def _wrapped(parts: Sequence[str], font: Font, size: int, width: int) -> tuple[str, ...] | None:
    """Tokens on as few lines as they need; None when one alone is wider."""
    lines: list[str] = []
    for part in parts:
        if width_of(part.lstrip(), font, size) > width:
            return None
        if lines and width_of(lines[-1] + part, font, size) <= width:
            lines[-1] += part
        else:
            lines.append(part.lstrip())
    return tuple(lines)


def _balanced(parts: Sequence[str], font: Font, size: int, width: int, count: int) -> tuple[str, ...]:
    """The same number of lines with the shortest longest one: no lonely last word."""
    low, high = max(width_of(part.lstrip(), font, size) for part in parts), width
    while low < high:
        middle = (low + high) // 2
        tried = _wrapped(parts, font, size, middle)
        if tried is not None and len(tried) <= count:
            high = middle
        else:
            low = middle + 1
    return _wrapped(parts, font, size, high) or tuple(parts)


def _shortened(
    parts: Sequence[str], font: Font, size: int, room: tuple[int, int], lines: int
) -> Lettering | None:
    """As much of the text as fits at its smallest size, found by halving; long words may break."""
    if not "".join(parts).strip():
        return None
    smaller = list(_breakable(parts, font, size, room[0]))
    low, high, best = 1, len(smaller), None
    while low <= high:
        count = (low + high) // 2
        cut = smaller[:count]
        if count < len(smaller):
            cut[-1] += _ELLIPSIS
        set_ = _setting(cut, font, size, room, lines)
        if set_ is None:
            high = count - 1
        else:
            best, low = set_, count + 1
    return best


def _breakable(parts: Sequence[str], font: Font, size: int, width: int) -> Iterator[str]:
    room = width - width_of(_ELLIPSIS, font, size)
    for part in parts:
        piece = ""
        for mark in clusters(part):
            if piece.strip() and width_of((piece + mark).lstrip(), font, size) > room:
                yield piece
                piece = ""
            piece += mark
        yield piece


def draw(
    image: Image.Image, lettering: Lettering, place: tuple[int, int], colour: Colour, *, middle: bool = True
) -> None:
    """Draws the lines from (x, top): ``x`` is their middle, or with ``middle`` off their left edge."""
    size, step = lettering.size, lettering.size * _step(lettering.lines)
    ascent, descent = lettering.font.sized(size).getmetrics()
    for number, line in enumerate(lettering.lines):
        base = place[1] + lettering.above + round(step * (number + 0.5)) + (ascent - descent) / 2
        left = place[0] - (lettering.font.width(line, size) / 2 if middle else 0)
        _draw_line(image, lettering.font.runs(line, lettering.leftward), size, (left, base), colour)


def _draw_line(
    image: Image.Image, runs: Sequence[Run], size: int, start: tuple[float, float], colour: Colour
) -> None:
    """One line of any scripts from its left end on the baseline."""
    pen, (x, base) = ImageDraw.Draw(image), start
    for run in runs:
        if run.layers:
            picture, corner = _emoji(run, size)
            image.alpha_composite(picture, (max(0, round(x + corner[0])), max(0, round(base + corner[1]))))
        else:
            drawn = run.face.sized(size)
            fill = (*colour, 255)
            pen.text((x, base), run.text, font=drawn, fill=fill, anchor="ls", direction=run.direction)
        x += run.width(size)


def _emoji(run: Run, size: int) -> tuple[Image.Image, tuple[int, int]]:
    """An emoji in colour, and where its corner lies from its place on the baseline."""
    drawn = run.face.sized(size)
    left, top, right, bottom = drawn.getbbox(run.text, anchor="ls")
    box = (math.floor(left) - 1, math.floor(top) - 1, math.ceil(right) + 1, math.ceil(bottom) + 1)
    picture = Image.new("RGBA", (box[2] - box[0], box[3] - box[1]))
    for shape in run.layers:
        mask = Image.new("L", picture.size)
        place = (-box[0], -box[1])
        ImageDraw.Draw(mask).text(place, shape.mark, font=drawn, fill=round(255 * shape.alpha), anchor="ls")
        flat = Image.new("RGBA", picture.size, shape.colour)
        flat.putalpha(mask)
        picture.alpha_composite(flat)
    return picture, (box[0], box[1])

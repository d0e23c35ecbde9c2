"""Titles and overlays: text in one box that follows its lines, from a scene's first frame on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from adcli.media.bidi import runs_left
from adcli.media.fonts import BLACK, Font
from adcli.media.layout import Box, Frame
from adcli.media.lettering import even, leading, tokens
from adcli.media.scripts import clusters
from adcli.media.subtitles import Document, Style, color, escape
from adcli.units import FPS

_SIZES = {"title": 68.0, "overlay": 54.0}
_SMALLEST, _STEP = 0.55, 0.94
_LEAST = 26.0
"""Pixels of the design below which nobody reads a text on a phone."""

_MOST_LINES = 3
_FEWER_LINES = 0.8
"""A text on fewer lines may be that much smaller: it covers less of what is seen."""

_SHARE, _CROWDED = 0.45, 0.62
"""Of the zone's height that a title takes at most, and one that would be small there."""

_APART = 20.0  # pixels of the design between a title and the captions
LINE_HEIGHT, PADDING = 1.34, 0.96
"""A line's share of the box: height and, both sides together, room beside its text, in ems."""

_RADIUS = 0.3  # of the em
_CIRCLE = 0.5523  # control point of a quarter circle by a cubic Bézier curve
_POP = (0.86, 0.98, 1.05, 1.03, 1.01)
"""Size of the box in its first frames: it can be read from the very first, and settles within a fifth of a
second."""

_LARGEST = max(_POP)
_SHADOW = 0.07  # of the em
_RIM, _DROP = 0.1, 0.17
"""How far the shadow is seen beside the box and below it, in ems."""

_TOLERANCE = 0.5  # ems by which a line may be shorter than its words measured one by one
_ELLIPSIS, _HYPHEN = "…", "-"
_NO_HYPHENS = "\u0590"
"""The first letter after Latin, Greek, Cyrillic and Armenian ones."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dress:
    """Colours of box and text as ``#RRGGBB``, and the text's font."""

    box: str = "#FFFFFF"
    ink: str = "#111111"
    font: Font = BLACK


def wrapped(text: str, widest: float, pixels: float, font: Font = BLACK) -> list[str]:
    """Lines no wider than ``widest``, of even length; a single long word may stand out."""
    words = tokens(" ".join(text.split()))
    lines = _greedy(words, widest, pixels, font)
    narrow = widest
    while len(lines) > 1 and narrow > widest * 0.5:
        narrow -= widest * 0.04
        tighter = _greedy(words, narrow, pixels, font)
        if len(tighter) > len(lines):
            break
        lines = tighter
    widest = max((font.width(line, pixels) for line in lines), default=0.0)
    return even(words, font, pixels, widest + 1, len(lines)) or lines


def _greedy(words: Sequence[str], widest: float, pixels: float, font: Font) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and font.width(lines[-1] + word, pixels) <= widest:
            lines[-1] += word
        elif word.strip():
            lines.append(word.lstrip())
    return lines


@dataclass(frozen=True, slots=True)
class Block:
    """A text as it is set at an em of ``pixels``; ``box`` is what it covers at its largest, with its shadow.

    ``whole``: nothing of it had to be left out.
    """

    pixels: float
    lines: tuple[str, ...]
    box: Box
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Room:
    """Pixels that a box may cover while it is largest, and the font in it."""

    width: float
    height: float
    font: Font

    def widest(self, pixels: float) -> float:
        """The longest line at an em of so many pixels."""
        return (self.width - 2 * _RIM * pixels) / _LARGEST - PADDING * pixels

    def holds(self, lines: Sequence[str], pixels: float) -> bool:
        """Whether lines fit: in height, and each in width."""
        if _high(lines, pixels) > self.height:
            return False
        return all(self.font.width(line, pixels) <= self.widest(pixels) for line in lines)


def block(
    text: str,
    frame: Frame,
    kind: str,
    font: Font = BLACK,
    low: float | None = None,
    position: str = "top",
) -> Block:
    """A text of a kind in the zone, at its ``top``, ``middle`` or ``bottom``.

    It is as large as it may be on at most three lines, or a little smaller on fewer. A text too long for that
    at 55% of its size gets more lines, then smaller ones, and a word wider than the zone is broken; what
    doesn't fit at a size that can be read is left out. ``low`` is the pixel at which captions begin.
    """
    zone, full = frame.zone, _SIZES[kind] * frame.unit
    below = math.inf if low is None else low - _APART * frame.unit - zone.top
    room, more = (
        _Room(frame.text_width, min(share * zone.height, below), font) for share in (_SHARE, _CROWDED)
    )
    pixels, lines, whole = _large(text, room, full) or _crowded(text, room, more, full, _LEAST * frame.unit)
    wide = max((font.width(line, pixels) for line in lines), default=0.0) + PADDING * pixels
    half, high = wide * _LARGEST / 2 + _RIM * pixels, _high(lines, pixels)
    top = zone.top + {"top": 0.0, "middle": 0.5, "bottom": 1.0}[position] * max(0.0, zone.height - high)
    box = Box(frame.center_x - half, top, frame.center_x + half, top + high)
    return Block(pixels, tuple(lines), box, whole)


_Set = tuple[float, list[str], bool]


def _high(lines: Sequence[str], pixels: float) -> float:
    return _line_height(lines, pixels) * len(lines) * _LARGEST + _DROP * pixels


def _large(text: str, room: _Room, full: float) -> _Set | None:
    """On few lines in a large size; None where that can't be."""
    sizes = [full]
    while sizes[-1] * _STEP > full * _SMALLEST:
        sizes.append(sizes[-1] * _STEP)
    words = tokens(" ".join(text.split()))
    ems = [room.font.width(word, full) / full for word in words]
    largest: dict[int, float] = {}
    for most in range(1, _MOST_LINES + 1):
        for pixels in sizes:
            if _about(ems, room.widest(pixels) / pixels) > most:
                continue
            lines = _greedy(words, room.widest(pixels), pixels, room.font)
            if len(lines) <= most and room.holds(lines, pixels):
                largest[most] = pixels
                break
    if not largest:
        return None
    best = max(largest.values())
    pixels = next(size for size in largest.values() if size >= _FEWER_LINES * best)
    return pixels, wrapped(text, room.widest(pixels), pixels, room.font), True


def _about(ems: Sequence[float], widest: float) -> int:
    """How many lines words of these widths need at least, both in ems: to be told at no cost."""
    lines, used = 1, 0.0
    for em in ems:
        if used and used + em > widest + _TOLERANCE:
            lines, used = lines + 1, 0.0
        used += em
    return lines


def _crowded(text: str, room: _Room, more: _Room, full: float, least: float) -> _Set:
    """On as many lines as there is room for, else in ``more`` room; what is too long even there is cut."""
    sizes = [max(least, full * _SMALLEST)]
    while sizes[-1] > least:
        sizes.append(max(least, sizes[-1] * _STEP))
    for place in (room, more):
        for pixels in sizes:
            lines = _broken_lines(text, place, pixels)
            if _high(lines, pixels) <= place.height:
                return pixels, lines, True
    while len(lines) > 1 and _high(lines, least) > more.height:
        lines.pop()
    return least, [*lines[:-1], _cut(lines[-1], room.font, room.widest(least), least)], False


def _broken_lines(text: str, room: _Room, pixels: float) -> list[str]:
    widest = room.widest(pixels)
    words = [part for word in text.split() for part in _broken(word, widest, pixels, room.font)]
    return wrapped(" ".join(words), widest, pixels, room.font)


def _cut(line: str, font: Font, widest: float, pixels: float) -> str:
    """A line that ends in an ellipsis after a whole word, or where there is but one, after a letter."""
    while line and font.width(line + _ELLIPSIS, pixels) > widest:
        line = line.rpartition(" ")[0] or line[:-1]
    return line + _ELLIPSIS


def _line_height(lines: Sequence[str], pixels: float) -> float:
    return leading(lines, LINE_HEIGHT) * pixels


def _broken(word: str, widest: float, pixels: float, font: Font) -> list[str]:
    """Parts of a word that each fit a line, with hyphens where its script has them."""
    if font.width(word, pixels) <= widest:
        return [word]
    hyphen = _HYPHEN if word.isalpha() and max(word) < _NO_HYPHENS else ""
    parts = [""]
    for letter in clusters(word):
        if parts[-1] and font.width(parts[-1] + letter + hyphen, pixels) > widest:
            parts[-1] += hyphen
            parts.append("")
        parts[-1] += letter
    return parts


def add_title(
    document: Document,
    text: str,
    until: float,
    frame: Frame,
    kind: str,
    dress: Dress | None = None,
    position: str = "top",
) -> tuple[str, ...]:
    """Draws a text in the zone until so many seconds; it pops in and fades out. Gives notes.

    It stands clear of the captions that the document has already.
    """
    dress = dress or Dress()
    low = min(
        (box.top for box in document.boxes if box.kind == "caption" and box.start < until), default=None
    )
    set_ = block(text, frame, kind, dress.font, low, position)
    pixels, lines = set_.pixels, set_.lines
    name, leftward = kind.capitalize(), runs_left(text)
    document.box(kind, 0.0, until, *set_.box)
    document.styles += [
        Style(name, pixels, dress.ink, dress.font),
        Style(f"{name}Box", pixels, dress.box, outline_color=dress.box),
    ]
    height = _line_height(lines, pixels)
    widths = [dress.font.width(line, pixels) + PADDING * pixels for line in lines]
    place = frame.center_x, set_.box.top + height * len(lines) * _LARGEST / 2
    fade = "\\fad(0,150)" if until < document.seconds else ""
    pop = [(frame_, scale) for frame_, scale in enumerate(_POP) if frame_ / FPS < until]
    for number, scale in [*pop, (len(pop), 1.0)]:
        start, end = number / FPS, until if number == len(pop) else (number + 1) / FPS
        out = fade if number == len(pop) else ""
        _box(document, (start, end), place, name, (widths, height, pixels, scale), out)
        for index, line in enumerate(lines):
            y = place[1] + scale * height * (index + 0.5 - len(lines) / 2)
            sized = f"\\fscx{100 * scale:.0f}\\fscy{100 * scale:.0f}" if scale != 1 else ""
            tags = f"{{\\pos({place[0]:.1f},{y:.1f}){sized}{out}}}"
            document.add(start, end, name, tags + escape(line, dress.font, leftward=leftward), layer=6)
    return () if set_.whole else (f"the {kind} is too long for its place: it ends in {lines[-1][-12:]!r}",)


def _box(
    document: Document,
    times: tuple[float, float],
    place: Point,
    name: str,
    shape: tuple[list[float], float, float, float],
    fade: str,
) -> None:
    """The box at one size, over its shadow."""
    widths, height, pixels, scale = shape
    x, y = place
    outline = [(px * scale + x, py * scale + y) for px, py in stepped(widths, height, _RADIUS * pixels)]
    path = rounded(outline, _RADIUS * pixels * scale)
    drop = _SHADOW * pixels
    dark = f"\\1c{color('#000000')}\\1a&HA0&\\blur{drop * 0.8:.1f}"
    for layer, tags, down in ((4, dark, drop), (5, "", 0.0)):
        head = f"{{\\an7\\pos(0,{down:.1f})\\bord0\\shad0{tags}{fade}\\p1}}"
        document.add(*times, f"{name}Box", f"{head}{path}{{\\p0}}", layer=layer)


def stepped(widths: Sequence[float], height: float, radius: float) -> list[Point]:
    """Corners of the outline around centred lines, clockwise around (0, 0).

    Where two lines differ by too little for two round corners, the narrower one gets the other's width.
    """
    halves = [width / 2 for width in widths]
    for _ in halves:
        for one, other in zip(range(len(halves) - 1), range(1, len(halves)), strict=True):
            if abs(halves[one] - halves[other]) < 2 * radius:
                halves[one] = halves[other] = max(halves[one], halves[other])
    top = -height * len(halves) / 2
    right: list[Point] = []
    for index, half in enumerate(halves):
        right += [(half, top + height * index), (half, top + height * (index + 1))]
    right = [p for n, p in enumerate(right) if not 0 < n < len(right) - 1 or _turns(right[n - 1 : n + 2])]
    return right + [(-px, py) for px, py in reversed(right)]


def _turns(points: Sequence[Point]) -> bool:
    (ax, _), (bx, _), (cx, _) = points
    return not ax == bx == cx


def rounded(corners: Sequence[Point], radius: float) -> str:
    """An ASS drawing of a closed outline with all its corners rounded, outward and inward ones alike."""
    parts: list[str] = []
    for index, (x, y) in enumerate(corners):
        before, after = corners[index - 1], corners[(index + 1) % len(corners)]
        (ax, ay), (bx, by) = (_towards((x, y), other, radius) for other in (before, after))
        parts.append(f"{'l' if parts else 'm'} {ax:.1f} {ay:.1f}")
        bend = [v + (c - v) * _CIRCLE for v, c in ((ax, x), (ay, y), (bx, x), (by, y))]
        parts.append("b " + " ".join(f"{v:.1f}" for v in (*bend, bx, by)))
    return " ".join(parts)


def _towards(corner: Point, other: Point, radius: float) -> Point:
    """The point on an edge where its corner's curve begins: at most half of the edge away."""
    (x, y), (ox, oy) = corner, other
    length = max(abs(ox - x), abs(oy - y), 1e-6)
    part = min(radius / length, 0.5)
    return x + (ox - x) * part, y + (oy - y) * part

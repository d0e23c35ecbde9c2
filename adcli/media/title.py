"""Titles and overlays: text in one box that follows its lines, from a scene's first frame on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adcli.media.bidi import runs_left
from adcli.media.fonts import BLACK, Font
from adcli.media.layout import Frame
from adcli.media.lettering import leading, tokens
from adcli.media.scripts import clusters
from adcli.media.subtitles import Document, Style, color, escape
from adcli.units import FPS

_SIZES = {"title": 68.0, "overlay": 54.0}
_SMALLEST, _STEP = 0.55, 0.94
_MOST_LINES = 3
LINE_HEIGHT, PADDING = 1.34, 0.96
"""A line's share of the box: height and, both sides together, room beside its text, in ems."""

_RADIUS = 0.3  # of the em
_CAPTION_ROOM = 0.05  # of the frame's height above the middle, where captions may stand
_CIRCLE = 0.5523  # control point of a quarter circle by a cubic Bézier curve
_POP = (0.86, 0.98, 1.05, 1.03, 1.01)
"""Size of the box in its first frames: it can be read from the very first, and settles within a fifth of a
second."""

_SHADOW = 0.07  # of the em
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
    return lines


def _greedy(words: Sequence[str], widest: float, pixels: float, font: Font) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and font.width(lines[-1] + word, pixels) <= widest:
            lines[-1] += word
        elif word.strip():
            lines.append(word.lstrip())
    return lines


def fitted(text: str, frame: Frame, kind: str, font: Font = BLACK) -> tuple[float, list[str]]:
    """The largest em at which the text stands in at most three lines, and those lines.

    A text too long for that at 55% of the size gets more lines down to the captions' band, then smaller
    ones; a word wider than the frame is broken. Nothing is ever cut off.
    """
    full = _SIZES[kind] * frame.unit
    pixels = full
    while pixels > full * _SMALLEST:
        widest = frame.text_width - PADDING * pixels
        lines = wrapped(text, widest, pixels, font)
        wide = max((font.width(line, pixels) for line in lines), default=0.0)
        if len(lines) <= _MOST_LINES and wide <= widest:
            return pixels, lines
        pixels *= _STEP
    return _crowded(text, frame, full * _SMALLEST, font)


def _crowded(text: str, frame: Frame, pixels: float, font: Font) -> tuple[float, list[str]]:
    room = (0.5 - _CAPTION_ROOM) * frame.size.height - frame.zone.top
    while True:
        widest = frame.text_width - PADDING * pixels
        words = [part for word in text.split() for part in _broken(word, widest, pixels, font)]
        lines = wrapped(" ".join(words), widest, pixels, font)
        if len(lines) * _line_height(lines, pixels) <= room or pixels < 1:
            return pixels, lines
        pixels *= _STEP


def _line_height(lines: Sequence[str], pixels: float) -> float:
    return leading(lines, LINE_HEIGHT) * pixels


def _broken(word: str, widest: float, pixels: float, font: Font) -> list[str]:
    """Parts of a word that each fit a line."""
    parts = [""]
    for letter in clusters(word):
        if parts[-1] and font.width(parts[-1] + letter, pixels) > widest:
            parts.append("")
        parts[-1] += letter
    return parts


def add_title(
    document: Document, text: str, until: float, frame: Frame, kind: str, dress: Dress | None = None
) -> None:
    """Draws a text at the top of the frame until so many seconds; it pops in and fades out."""
    dress = dress or Dress()
    pixels, lines = fitted(text, frame, kind, dress.font)
    name, leftward = kind.capitalize(), runs_left(text)
    document.styles += [
        Style(name, pixels, dress.ink, dress.font),
        Style(f"{name}Box", pixels, dress.box, outline_color=dress.box),
    ]
    height = _line_height(lines, pixels)
    widths = [dress.font.width(line, pixels) + PADDING * pixels for line in lines]
    fade = "\\fad(0,150)" if until < document.seconds else ""
    pop = [(frame_, scale) for frame_, scale in enumerate(_POP) if frame_ / FPS < until]
    for number, scale in [*pop, (len(pop), 1.0)]:
        start, end = number / FPS, until if number == len(pop) else (number + 1) / FPS
        out = fade if number == len(pop) else ""
        _box(document, (start, end), frame, name, (widths, height, pixels, scale), out)
        for index, line in enumerate(lines):
            y = _middle(frame, height, len(lines)) + scale * height * (index + 0.5 - len(lines) / 2)
            sized = f"\\fscx{100 * scale:.0f}\\fscy{100 * scale:.0f}" if scale != 1 else ""
            place = f"{{\\pos({frame.center_x:.1f},{y:.1f}){sized}{out}}}"
            document.add(start, end, name, place + escape(line, dress.font, leftward=leftward), layer=6)


def _middle(frame: Frame, height: float, count: int) -> float:
    return frame.zone.top + height * count / 2


def _box(
    document: Document,
    times: tuple[float, float],
    frame: Frame,
    name: str,
    shape: tuple[list[float], float, float, float],
    fade: str,
) -> None:
    """The box at one size, over its shadow."""
    widths, height, pixels, scale = shape
    x, y = frame.center_x, _middle(frame, height, len(widths))
    outline = [(px * scale + x, py * scale + y) for px, py in stepped(widths, height, _RADIUS * pixels)]
    path = rounded(outline, _RADIUS * pixels * scale)
    drop = _SHADOW * pixels
    dark = f"\\1c{color('#000000')}\\1a&HA0&\\blur{drop * 0.8:.1f}"
    for layer, tags, down in ((4, dark, drop), (5, "", 0.0)):
        place = f"{{\\an7\\pos(0,{down:.1f})\\bord0\\shad0{tags}{fade}\\p1}}"
        document.add(*times, f"{name}Box", f"{place}{path}{{\\p0}}", layer=layer)


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

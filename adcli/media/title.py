"""Titles and overlays: dark text on white rounded boxes, one box a line, from a scene's first frame on."""

from __future__ import annotations

from adcli.media.fonts import BLACK
from adcli.media.layout import Frame
from adcli.media.subtitles import Document, Style, escape

_SIZES = {"title": 68.0, "overlay": 54.0}
_SMALLEST, _STEP = 0.55, 0.94
_MOST_LINES = 3
_LINE_HEIGHT, _PADDING, _RADIUS = 1.45, 0.9, 0.24  # of the em
_CAPTION_ROOM = 0.05  # of the frame's height above the middle, where captions may stand
_CIRCLE = 0.5523  # control point of a quarter circle by a cubic Bézier curve


def wrapped(text: str, widest: float, pixels: float) -> list[str]:
    """Lines no wider than ``widest``, of even length; a single long word may stand out."""
    words = text.split()
    lines = _greedy(words, widest, pixels)
    narrow = widest
    while len(lines) > 1 and narrow > widest * 0.5:
        narrow -= widest * 0.04
        tighter = _greedy(words, narrow, pixels)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


def _greedy(words: list[str], widest: float, pixels: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and BLACK.width(longer, pixels) <= widest:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fitted(text: str, frame: Frame, kind: str) -> tuple[float, list[str]]:
    """The largest em at which the text stands in at most three lines, and those lines.

    A text too long for that at 55% of the size gets more lines down to the captions' band, then smaller
    ones; a word wider than the frame is broken. Nothing is ever cut off.
    """
    full = _SIZES[kind] * frame.unit
    pixels = full
    while pixels > full * _SMALLEST:
        widest = frame.text_width - _PADDING * pixels
        lines = wrapped(text, widest, pixels)
        wide = max((BLACK.width(line, pixels) for line in lines), default=0.0)
        if len(lines) <= _MOST_LINES and wide <= widest:
            return pixels, lines
        pixels *= _STEP
    return _crowded(text, frame, full * _SMALLEST)


def _crowded(text: str, frame: Frame, pixels: float) -> tuple[float, list[str]]:
    room = (frame.place.center - _CAPTION_ROOM - frame.place.title_top) * frame.size.height
    while True:
        widest = frame.text_width - _PADDING * pixels
        words = [part for word in text.split() for part in _broken(word, widest, pixels)]
        lines = wrapped(" ".join(words), widest, pixels)
        if len(lines) * _LINE_HEIGHT * pixels <= room or pixels < 1:
            return pixels, lines
        pixels *= _STEP


def _broken(word: str, widest: float, pixels: float) -> list[str]:
    """Parts of a word that each fit a line."""
    parts = [""]
    for letter in word:
        if parts[-1] and BLACK.width(parts[-1] + letter, pixels) > widest:
            parts.append("")
        parts[-1] += letter
    return parts


def add_title(document: Document, text: str, until: float, frame: Frame, kind: str) -> None:
    """Draws a text at the top of the frame until so many seconds."""
    pixels, lines = fitted(text, frame, kind)
    name = kind.capitalize()
    document.styles += [
        Style(name, pixels, "#111111"),
        Style(f"{name}Box", pixels, "#FFFFFF", outline_color="#FFFFFF"),
    ]
    height = _LINE_HEIGHT * pixels
    top = frame.place.title_top * frame.size.height
    center = frame.size.width / 2
    fade = "\\fad(0,150)" if until < document.seconds else ""
    for index, line in enumerate(lines):
        width = BLACK.width(line, pixels) + _PADDING * pixels
        y = top + height * 0.985 * index
        box = f"{{\\an7\\pos({center - width / 2:.1f},{y:.1f})\\bord0\\shad0{fade}\\p1}}"
        shape = rounded_box(width, height, _RADIUS * height)
        document.add(0, until, f"{name}Box", f"{box}{shape}{{\\p0}}", layer=5)
        place = f"{{\\pos({center:.1f},{y + height / 2:.1f}){fade}}}"
        document.add(0, until, name, place + escape(line), layer=6)


def rounded_box(width: float, height: float, radius: float) -> str:
    """An ASS drawing of a rectangle with round corners, from its top left corner."""
    bend = radius * _CIRCLE

    def at(*numbers: float) -> str:
        return " ".join(f"{number:.1f}" for number in numbers)

    right, low = width - radius, height - radius
    return (
        f"m {at(radius, 0)} l {at(right, 0)} b {at(right + bend, 0, width, radius - bend, width, radius)} "
        f"l {at(width, low)} b {at(width, low + bend, right + bend, height, right, height)} "
        f"l {at(radius, height)} b {at(radius - bend, height, 0, low + bend, 0, low)} "
        f"l {at(0, radius)} b {at(0, radius - bend, radius - bend, 0, radius, 0)}"
    )

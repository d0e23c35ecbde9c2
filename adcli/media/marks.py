"""Storyboard marks for a client's review: scene, shot, camera move, time, progress and prompt, drawn as ASS.

They stand in the bands above titles and below captions, within the margins that packshots keep free: they are
for reviews and no part of the ad, so they may stand where apps lay their own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from adcli.media.camera import MOVES, move_name, shot_label
from adcli.media.fonts import BLACK, SEMIBOLD
from adcli.media.layout import Frame, PixelBox
from adcli.media.subtitles import Document, Style, color, escape
from adcli.media.title import rounded, wrapped
from adcli.units import FPS, AspectRatio, to_seconds

ACCENT, DARK, LIGHT = "#FF5A3C", "#140E22", "#FFFFFF"
_LAYER = 8
_STRIPS = 14
"""Of a shade's gradient."""

_DARKEST = 0.62


class _Band(NamedTuple):
    """A ratio's measures in pixels of the 1080 px design; ``free`` is the share of the height below texts."""

    inset: float
    tick: float
    top: float
    chip: float
    free: float
    prompt: float
    lines: int


_BANDS: Mapping[AspectRatio, _Band] = {
    AspectRatio.PORTRAIT: _Band(56, 28, 74, 56, 0.185, 29, 5),
    AspectRatio.FEED: _Band(34, 12, 14, 42, 0.075, 22, 2),
    AspectRatio.SQUARE: _Band(34, 10, 8, 36, 0.075, 21, 1),
    AspectRatio.LANDSCAPE: _Band(44, 10, 8, 37, 0.08, 24, 2),
}
_BAR = 6.0  # pixels of the design
_LINE = 1.28  # of the em
_TEXT = 0.48  # em of a chip's text, of its height
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Chip:
    """A label on a pill, set at ``pixels``."""

    text: str
    box: PixelBox
    pixels: float
    color: str


@dataclass(frozen=True, slots=True)
class Marks:
    """Where labels, the clock, the prompt's lines and the bar stand; ``pixels`` is the prompt's em."""

    chips: tuple[Chip, ...]
    clock: PixelBox
    prompt: PixelBox
    lines: tuple[str, ...]
    pixels: float
    bar: PixelBox

    @property
    def boxes(self) -> tuple[PixelBox, ...]:
        """All that is drawn, apart from ticks and shades."""
        return (
            *(chip.box for chip in self.chips),
            self.clock,
            self.bar,
            *((self.prompt,) if self.lines else ()),
        )


def laid_out(spec: Mapping[str, Any], frame: Frame, captions_end: float = 0.0) -> Marks:
    """The marks of a scene in a frame; ``captions_end`` is the lowest pixel that captions reach."""
    band, unit, size = _BANDS[frame.ratio], frame.unit, frame.size
    inset = band.inset * unit
    clock = _clock_box(spec, frame)
    chips = _chips(spec, frame, clock.left - inset)
    low = size.height - max(band.tick + 10, band.inset * 0.5) * unit
    bar = _box(inset, low - _BAR * unit, size.width - inset, low)
    top = max(size.height * (1 - band.free), captions_end) + 4 * unit
    pixels = band.prompt * unit
    most = min(band.lines, int((bar.top - 6 * unit - top) / (_LINE * pixels)))
    lines = _cut(SEMIBOLD.drawable(str(spec.get("prompt") or "")), size.width - 2 * inset, pixels, most)
    begins = bar.top - 8 * unit - len(lines) * _LINE * pixels
    prompt = _box(inset, begins, size.width - inset, bar.top - 8 * unit)
    return Marks(chips, clock, prompt, lines, pixels, bar)


def add_marks(document: Document, spec: Mapping[str, Any], frame: Frame, captions_end: float = 0.0) -> None:
    """Draws the marks over all of a segment.

    ``spec``: ``number`` and ``name`` of the scene, ``camera`` and ``motion`` as worded, ``prompt``, and in
    frames its ``start`` and the ad's ``total``.
    """
    marks, unit = laid_out(spec, frame, captions_end), frame.unit
    document.styles += [
        Style("MarkShape", 20, LIGHT),
        Style("MarkChip", marks.chips[0].pixels, LIGHT),
        Style("MarkClock", _clock_pixels(frame), LIGHT, shadow=1.5 * unit),
        Style("MarkPrompt", marks.pixels, LIGHT, SEMIBOLD, shadow=1.5 * unit),
    ]
    _shades(document, frame, marks)
    _ticks(document, frame)
    for chip in marks.chips:
        radius = chip.box.height / 2
        _shape(document, _pill(chip.box, radius), chip.color, 0.0 if chip.color == ACCENT else 0.16)
        x, y = (chip.box.left + chip.box.right) / 2, (chip.box.top + chip.box.bottom) / 2
        tags = f"{{\\pos({x:.1f},{y:.1f})\\fs{BLACK.ass_size(chip.pixels):.2f}}}"
        document.add(0, document.seconds, "MarkChip", tags + escape(chip.text, BLACK), _LAYER + 1)
    for index, line in enumerate(marks.lines):
        y = marks.prompt.top + (index + 0.5) * _LINE * marks.pixels
        tags = f"{{\\an4\\pos({marks.prompt.left},{y:.1f})}}"
        document.add(0, document.seconds, "MarkPrompt", tags + escape(line, SEMIBOLD), _LAYER + 1)
    _clock(document, spec, marks)
    _progress(document, spec, marks)


def _chips(spec: Mapping[str, Any], frame: Frame, right: float) -> tuple[Chip, ...]:
    """Labels from the left, smaller where they would reach ``right``; where that is not enough, fewer."""
    band, unit = _BANDS[frame.ratio], frame.unit
    height, left = band.chip * unit, band.inset * unit
    texts = [text for text in _labels(spec) if text]
    scale = 1.0
    while True:
        pixels, gap = height * _TEXT * scale, 12 * unit * scale
        widths = [BLACK.width(text, pixels) + 1.1 * height * scale for text in texts]
        if left + sum(widths) + gap * (len(widths) - 1) <= right or (scale <= 0.6 and len(texts) == 1):
            break
        scale, texts = (scale - 0.05, texts) if scale > 0.6 else (1.0, texts[:-1])
    chips, x = [], left
    top = band.top * unit + height * (1 - scale) / 2
    for index, (text, width) in enumerate(zip(texts, widths, strict=True)):
        box = _box(x, top, min(x + width, right), top + height * scale)
        chips.append(Chip(text, box, pixels, DARK if index else ACCENT))
        x += width + gap
    return tuple(chips)


def _labels(spec: Mapping[str, Any]) -> tuple[str, ...]:
    name = str(spec["name"]).replace("-", " ").upper()
    scene = f"SCENE {spec['number']} · {name}"
    if spec.get("packshot"):
        return scene, "PACKSHOT"
    camera, motion = str(spec.get("camera") or ""), str(spec.get("motion") or "")
    move = MOVES[move_name(f"{motion}, {camera}" if camera else motion)].label
    shot = shot_label(camera)
    return (scene, shot, move) if shot != move else (scene, move)


def _cut(text: str, widest: float, pixels: float, most: int) -> tuple[str, ...]:
    """The text in so many lines at most; what is too long ends in an ellipsis."""
    text = " ".join(text.split())
    if not text or most < 1:
        return ()
    lines = wrapped(text, widest, pixels, SEMIBOLD) if len(text) < 600 else []
    if lines and len(lines) <= most and all(SEMIBOLD.width(line, pixels) <= widest for line in lines):
        return tuple(lines)
    found: list[str] = []
    rest = text[:600]
    while rest and len(found) < most:
        cut = _fitting(rest, widest, pixels, ends=len(found) + 1 == most)
        found.append(cut)
        rest = rest[len(cut.removesuffix(_ELLIPSIS)) :].strip()
    return tuple(found)


def _fitting(text: str, widest: float, pixels: float, *, ends: bool) -> str:
    """As many words of a text as fit a line, or letters where not even one does."""
    tail = _ELLIPSIS if ends else ""
    if SEMIBOLD.width(text, pixels) <= widest:
        return text
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = SEMIBOLD.width(text[:middle].rstrip() + tail, pixels) <= widest
        low, high = (middle, high) if fits else (low, middle - 1)
    at = text.rfind(" ", 0, low + 1)
    return text[: at if at > 0 else low].rstrip() + tail


def _clock_pixels(frame: Frame) -> float:
    return _BANDS[frame.ratio].chip * frame.unit * 0.55


def _clock_box(spec: Mapping[str, Any], frame: Frame) -> PixelBox:
    band, unit, pixels = _BANDS[frame.ratio], frame.unit, _clock_pixels(frame)
    right, top = frame.size.width - band.inset * unit, band.top * unit
    width = BLACK.width(_time(spec["total"] / FPS).replace("1", "0") + ".0", pixels)
    return _box(right - width, top, right, top + band.chip * unit)


def _time(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def _clock(document: Document, spec: Mapping[str, Any], marks: Marks) -> None:
    """The ad's own time, ten times a second."""
    start = round(to_seconds(spec["start"]) * 100)
    place = f"{{\\an6\\pos({marks.clock.right},{(marks.clock.top + marks.clock.bottom) / 2:.1f})}}"
    last = start + math.ceil(document.seconds * 100)
    for tenth in range(start // 10, last // 10 + 1):
        begins, ends = (tenth * 10 - start) / 100, (tenth * 10 + 10 - start) / 100
        text = f"{_time(tenth / 10)}.{tenth % 10}"
        document.add(begins, ends, "MarkClock", place + text, _LAYER + 1)


def _progress(document: Document, spec: Mapping[str, Any], marks: Marks) -> None:
    bar, total = marks.bar, max(1, spec["total"])
    _shape(document, _pill(bar, bar.height / 2), LIGHT, 0.68)
    shares = [100 * min(1.0, spec["start"] / total), 100.0 * min(1.0, spec["start"] / total)]
    shares[1] = 100 * min(1.0, spec["start"] / total + document.seconds * FPS / total)
    tags = f"\\an7\\pos({bar.left},{bar.top})\\bord0\\shad0\\1c{color(ACCENT)}"
    runs = f"\\fscx{shares[0]:.2f}\\t(\\fscx{shares[1]:.2f})"
    path = f"m 0 0 l {bar.width} 0 l {bar.width} {bar.height} l 0 {bar.height}"
    document.add(0, document.seconds, "MarkShape", f"{{{tags}{runs}\\p1}}{path}{{\\p0}}", _LAYER + 1)


def _ticks(document: Document, frame: Frame) -> None:
    unit, (wide, high) = frame.unit, (frame.size.width, frame.size.height)
    away, long, thick = _BANDS[frame.ratio].tick * unit, 48 * unit, 4 * unit
    for right in (False, True):
        for low in (False, True):
            x, y = (wide - away if right else away), (high - away if low else away)
            sideways, down = (-1 if right else 1), (-1 if low else 1)
            corners = [
                (x, y), (x + sideways * long, y), (x + sideways * long, y + down * thick),
                (x + sideways * thick, y + down * thick), (x + sideways * thick, y + down * long),
                (x, y + down * long),
            ]  # fmt: skip
            path = " ".join(f"{'l' if n else 'm'} {px:.1f} {py:.1f}" for n, (px, py) in enumerate(corners))
            _shape(document, path, LIGHT, 0.12)


def _shades(document: Document, frame: Frame, marks: Marks) -> None:
    """Darkness that grows towards the upper and the lower edge, so that white type is read on any picture."""
    wide, high = frame.size.width, frame.size.height
    above = (marks.clock.bottom + 40 * frame.unit) / _STRIPS
    below = (high - marks.prompt.top + 60 * frame.unit) / _STRIPS
    for index in range(_STRIPS):
        clear = 1 - _DARKEST * ((index + 1) / _STRIPS) ** 1.4
        depth = _STRIPS - index
        top = [(depth - 1) * above, depth * above]
        low = [high - depth * below, high - (depth - 1) * below]
        for start, end in (top, low):
            path = f"m 0 {start:.2f} l {wide} {start:.2f} l {wide} {end:.2f} l 0 {end:.2f}"
            _shape(document, path, DARK, clear, layer=0)


def _shape(document: Document, path: str, fill: str, clear: float, layer: int = _LAYER) -> None:
    alpha = f"\\1a&H{round(255 * clear):02X}&"
    tags = f"{{\\an7\\pos(0,0)\\bord0\\shad0\\1c{color(fill)}{alpha}\\p1}}"
    document.add(0, document.seconds, "MarkShape", f"{tags}{path}{{\\p0}}", layer)


def _pill(box: PixelBox, radius: float) -> str:
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    return rounded([(float(x), float(y)) for x, y in corners], radius)


def _box(left: float, top: float, right: float, bottom: float) -> PixelBox:
    return PixelBox(round(left), round(top), round(right), round(bottom))

"""Cells of a grid: where they lie in a frame, and what is drawn around them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from adcli.units import Size

if TYPE_CHECKING:
    from PIL import Image

    from adcli.media.fonts import Font
    from adcli.media.layout import Box, Frame

_FINER = 4
_LABEL = 0.062
"""Height of a label's letters as a share of its cell's shorter side."""

_LARGEST = 46.0
"""The same at most, in pixels of the design."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle on even pixels of the frame."""

    left: int
    top: int
    size: Size


def arranged(
    count: int,
    frame: Size,
    gap: int,
    rows: int | None = None,
    columns: int | None = None,
    border: bool = True,
) -> list[Cell]:
    """So many cells, row by row; what is not told is chosen so that cells come nearest to squares."""
    if rows is None and columns is None:
        rows = min(range(1, count + 1), key=lambda tried: _oddness(count, frame, tried))
    rows = math.ceil(count / columns) if rows is None and columns else rows or 1
    columns = columns or math.ceil(count / rows)
    rows = min(rows, math.ceil(count / columns))
    rim = gap if border else 0
    cells = []
    for row, (top, bottom) in enumerate(_stripes(frame.height, rows, gap, rim)):
        here = min(columns, count - row * columns)
        for left, right in _stripes(frame.width, here, gap, rim):
            cells.append(Cell(left, top, Size(right - left, bottom - top)))
    return cells


def _oddness(count: int, frame: Size, rows: int) -> float:
    """How far cells are from squares, and how uneven the rows."""
    columns = math.ceil(count / rows)
    if columns > 4 or math.ceil(count / columns) != rows:
        return math.inf
    last = count - columns * (rows - 1)
    return abs(math.log(frame.width / columns / (frame.height / rows))) + 0.4 * math.log(columns / last)


def _stripes(whole: int, count: int, gap: int, rim: int) -> list[tuple[int, int]]:
    """Even stretches of one length, as nearly as pixels allow."""
    each = (whole - 2 * rim - gap * (count - 1)) / count
    starts = [rim + number * (each + gap) for number in range(count)]
    found = [(round(start / 2) * 2, round((start + each) / 2) * 2) for start in starts]
    return [*found[:-1], (found[-1][0], whole // 2 * 2 if not rim else found[-1][1])]


def draw_grid(
    cells: Sequence[Cell], frame: Frame, radius: float, background: str, labels: Sequence[str], font: Font
) -> Image.Image:
    """What is seen around the cells (RGBA, open where they are), with a label in each that has one.

    Labels stand at the lower edge of their cells, at the upper one where an app covers that.
    """
    from PIL import Image, ImageDraw, ImageOps

    from adcli.media.film_labels import label

    holes = Image.new("L", (frame.size.width, frame.size.height), 0)
    for cell in cells:
        large = Image.new("L", (cell.size.width * _FINER, cell.size.height * _FINER), 0)
        corner = radius * min(large.size)
        ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), corner, fill=255)
        holes.paste(
            large.resize((cell.size.width, cell.size.height), Image.Resampling.BOX), (cell.left, cell.top)
        )
    made = Image.new("RGBA", holes.size, background)
    made.putalpha(ImageOps.invert(holes))
    for cell, text in zip(cells, labels, strict=False):
        short = min(cell.size.width, cell.size.height)
        room = round(cell.size.width - 0.16 * short)
        picture = label(text, font, max(9, round(min(_LABEL * short, _LARGEST * frame.unit))), room)
        if picture is not None:
            made.alpha_composite(picture, _label_place(cell, picture.size, frame.zone, round(0.045 * short)))
    return made


def _label_place(cell: Cell, label: tuple[int, int], zone: Box, margin: int) -> tuple[int, int]:
    """The corner of a label in what its cell has of the zone; where that is nothing, in the cell."""
    left, right = cell.left + margin, cell.left + cell.size.width - margin
    top, bottom = cell.top + margin, cell.top + cell.size.height - margin
    free = min(right, round(zone.right)) - max(left, round(zone.left))
    if free >= label[0]:
        left, right = max(left, round(zone.left)), min(right, round(zone.right))
    if bottom > zone.bottom:  # at the upper edge where that is free, else as low as can be seen
        lowest = round(zone.bottom) if zone.bottom - top >= label[1] else bottom
        bottom = top + label[1] if zone.top <= top <= zone.bottom - label[1] else lowest
    middle = max(left, min((cell.left * 2 + cell.size.width - label[0]) // 2, right - label[0]))
    return max(0, middle), max(0, bottom - label[1])

"""A contact sheet: a video's scenes side by side, with times, names and lines, as one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adcli.media.colour import Colour

if TYPE_CHECKING:
    from PIL import Image

    from adcli.media.fonts import Font

PAPER, INK, SOFT, ACCENT = (
    Colour(20, 22, 27),
    Colour(244, 244, 246),
    Colour(150, 155, 166),
    Colour(255, 206, 64),
)
_WIDEST_ROW = 2600
"""Pixels after which frames go on in another row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One frame of the video at ``moment`` seconds; ``start`` is when its scene begins."""

    name: str
    start: float
    moment: float
    line: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the frames."""

    title: str
    facts: Sequence[str]


def draw_sheet(video: Path, heading: Heading, cells: Sequence[Cell], height: int) -> Image.Image:
    """The sheet, RGB; each frame is ``height`` pixels high. Raises TaskFailed if the video can't be read."""
    from PIL import Image

    from adcli.media.stills import stills

    pictures = [_scaled(picture, height) for picture in stills(video, [cell.moment for cell in cells])]
    gap, width = max(6, height // 32), pictures[0].width
    columns = max(1, min(len(cells), (_WIDEST_ROW - gap) // (width + gap)))
    rows = -(-len(cells) // columns)
    columns = -(-len(cells) // rows)
    head, label = round(height * 0.17), round(height * 0.2)
    step = (width + gap, height + label + gap)
    size = (gap + columns * step[0], head + rows * step[1])
    sheet = Image.new("RGB", size, tuple(PAPER))
    _head(sheet, heading, gap, head)
    for index, (picture, cell) in enumerate(zip(pictures, cells, strict=True)):
        left, top = gap + index % columns * step[0], head + index // columns * step[1]
        sheet.paste(picture, (left, top))
        _label(sheet, cell, (left, top + height), (width, label))
    return sheet


def _scaled(picture: Image.Image, height: int) -> Image.Image:
    from PIL import Image

    width = max(1, round(picture.width * height / picture.height))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _head(sheet: Image.Image, heading: Heading, gap: int, height: int) -> None:
    from adcli.media.fonts import BLACK, SEMIBOLD

    room, middle = sheet.width - 2 * gap, height // 2
    drawn = _text(sheet, heading.title, BLACK, INK, (gap, middle), (room * 3 // 5, height * 2 // 5))
    facts = "  ·  ".join(heading.facts)
    left = gap + drawn + 2 * gap
    _text(sheet, facts, SEMIBOLD, SOFT, (left, middle), (sheet.width - gap - left, height * 3 // 10))


def _label(sheet: Image.Image, cell: Cell, place: tuple[int, int], room: tuple[int, int]) -> None:
    from adcli.media.fonts import BLACK, SEMIBOLD

    (left, top), (width, height) = place, room
    line = height * 3 // 10
    middle = top + line * 2 // 3 + height // 20
    drawn = _text(sheet, f"{cell.start:.1f} s", BLACK, ACCENT, (left, middle), (width // 2, line))
    gap = line // 2
    _text(sheet, cell.name, BLACK, INK, (left + drawn + gap, middle), (width - drawn - gap, line))
    below = top + line + height // 8
    _paragraph(sheet, cell.line, SEMIBOLD, (left, below), (width, height - line - height // 8))


def _text(
    sheet: Image.Image, text: str, font: Font, colour: Colour, place: tuple[int, int], room: tuple[int, int]
) -> int:
    """One line, vertically centred at ``place``; gives the width that it takes."""
    from adcli.media.lettering import draw, fit

    largest = max(6, round(room[1] * 0.8))
    setting = fit(text, font, (max(1, room[0]), room[1] * 2), largest, max(5, largest * 2 // 3), 1)
    if setting is None:
        return 0
    draw(sheet, setting, (place[0], place[1] - setting.height // 2), colour, middle=False)
    return setting.width


def _paragraph(
    sheet: Image.Image, text: str, font: Font, place: tuple[int, int], room: tuple[int, int]
) -> None:
    from adcli.media.lettering import draw, fit

    setting = fit(text, font, room, max(6, room[1] * 3 // 8), max(5, room[1] // 4), 3)
    if setting is not None:
        draw(sheet, setting, place, SOFT, middle=False)

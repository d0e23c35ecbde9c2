"""The fonts that come with adcli: their files, metrics and glyphs."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FOLDER = Path(__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Font:
    """One font file, and the name that libass finds it by."""

    name: str
    file: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / self.file

    def sized(self, pixels: float) -> FreeTypeFont:
        """The font for measuring and drawing at an em of so many pixels."""
        return _sized(self.path, round(pixels * 4) / 4)

    def width(self, text: str, pixels: float) -> float:
        """Width of a line in pixels."""
        return float(self.sized(pixels).getlength(text))

    def ass_size(self, pixels: float) -> float:
        """The ``\\fs`` of an em of so many pixels: libass takes it as winAscent + winDescent (OS/2 table)."""
        upm, ascent, descent = _metrics(self.path)
        return pixels * (ascent + descent) / upm

    def missing(self, text: str) -> str:
        """Characters of a text that the font has no glyph for, each once; spaces never count."""
        known = _glyphs(self.path)
        return "".join(dict.fromkeys(c for c in text if not c.isspace() and ord(c) not in known))

    def drawable(self, text: str) -> str:
        """A text without the characters that the font has no glyph for."""
        gone = self.missing(text)
        return "".join(c for c in text if c not in gone)


BLACK = Font("Montserrat Black", "Montserrat_900Black.ttf")
SEMIBOLD = Font("Montserrat SemiBold", "Montserrat_600SemiBold.ttf")


@cache
def _sized(path: Path, pixels: float) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(path, pixels)


@cache
def _tables(path: Path) -> tuple[bytes, dict[bytes, int]]:
    data = path.read_bytes()
    count = struct.unpack(">H", data[4:6])[0]
    rows = (struct.unpack(">4sLLL", data[12 + 16 * n : 28 + 16 * n]) for n in range(count))
    return data, {tag: offset for tag, _, offset, _ in rows}


@cache
def _metrics(path: Path) -> tuple[int, int, int]:
    """unitsPerEm, winAscent, winDescent (OpenType: head at 18, OS/2 at 74)."""
    data, tables = _tables(path)
    upm = struct.unpack(">H", data[tables[b"head"] + 18 :][:2])[0]
    ascent, descent = struct.unpack(">HH", data[tables[b"OS/2"] + 74 :][:4])
    return upm, ascent, descent


@cache
def _glyphs(path: Path) -> frozenset[int]:
    """Code points of the font's Unicode table (OpenType cmap, format 4)."""
    data, tables = _tables(path)
    cmap = tables[b"cmap"]
    count = struct.unpack(">H", data[cmap + 2 : cmap + 4])[0]
    for n in range(count):
        offset = cmap + struct.unpack(">L", data[cmap + 8 + 8 * n : cmap + 12 + 8 * n])[0]
        if struct.unpack(">H", data[offset : offset + 2])[0] == 4:
            return frozenset(_segments(data, offset))
    return frozenset()


def _segments(data: bytes, offset: int) -> set[int]:
    double = struct.unpack(">H", data[offset + 6 : offset + 8])[0]
    ends = struct.unpack(f">{double // 2}H", data[offset + 14 : offset + 14 + double])
    start = offset + 16 + double
    starts = struct.unpack(f">{double // 2}H", data[start : start + double])
    return {
        code for low, high in zip(starts, ends, strict=True) for code in range(low, high + 1) if code < 0xFFFF
    }

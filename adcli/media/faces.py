"""Font files: their metrics and glyphs, and the ones that stand in where a font has no glyph."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FOLDER = Path(__file__).parent / "fonts"
"""The fonts that come with adcli; how each was made is written in its README."""

CJK_PACKAGE, _CJK_FILE = "noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"
_CJK_SCALE = 0.9  # looked at: ideographs fill their em, and would tower over Montserrat's capitals


_NAMES = (
    *("Symbols", "Arabic", "ArabicMore", "Hebrew", "Devanagari", "Thai", "Bengali", "Tamil", "Telugu"),
    *("Kannada", "Malayalam", "Khmer", "Lao", "Myanmar", "Armenian", "Georgian"),
)


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, the name that libass finds it by, and its size relative to the font it stands in for."""

    name: str
    path: Path
    scale: float = 1.0

    def sized(self, pixels: float) -> FreeTypeFont:
        """The font for measuring and drawing at an em of so many pixels, times ``scale``."""
        return _sized(self.path, round(pixels * self.scale * 4) / 4)

    def ass_size(self, pixels: float) -> float:
        """The ``\\fs`` of an em of so many pixels: libass takes it as winAscent + winDescent (OS/2 table)."""
        return pixels * sum(self.rise)

    @property
    def rise(self) -> tuple[float, float]:
        """How far libass takes a line of it to reach above and below the baseline, in parts of the em."""
        upm, ascent, descent = _metrics(self.path)
        return self.scale * ascent / upm, self.scale * descent / upm

    def has(self, text: str) -> bool:
        """Whether it has a glyph for each character."""
        known = _glyphs(self.path)
        return all(ord(mark) in known for mark in text)


def stand_ins(*, heavy: bool) -> tuple[Face, ...]:
    """Faces to look for a glyph in, in this order: those of adcli, then CJK if installed."""
    weight, file = ("Black", "900Black") if heavy else ("SemiBold", "600SemiBold")
    own = tuple(Face(f"adcli {name} {weight}", FOLDER / f"{name}_{file}.ttf") for name in _NAMES)
    cjk = cjk_face()
    return (*own, cjk) if cjk else own


EMOJI = Face("adcli Emoji Layers", FOLDER / "EmojiLayers.ttf")
"""The shapes that emoji are laid of, one colour each: see ``media/emoji.py``."""


@cache
def cjk_face() -> Face | None:
    """Chinese, Japanese and Korean, where the extra ``adcli[cjk]`` is installed."""
    found = find_spec(CJK_PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        if (Path(folder) / _CJK_FILE).is_file():
            return Face("Noto Sans CJK JP", Path(folder) / _CJK_FILE, _CJK_SCALE)
    return None


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
    """Code points of the font's Unicode tables (OpenType cmap, formats 4 and 12)."""
    data, tables = _tables(path)
    cmap = tables[b"cmap"]
    count = struct.unpack(">H", data[cmap + 2 : cmap + 4])[0]
    offsets = {
        cmap + struct.unpack(">L", data[cmap + 8 + 8 * n : cmap + 12 + 8 * n])[0] for n in range(count)
    }
    found: set[int] = set()
    for offset in offsets:
        match struct.unpack(">H", data[offset : offset + 2])[0]:
            case 4:
                found |= _segments(data, offset)
            case 12:
                found |= _groups(data, offset)
    return frozenset(found)


def _segments(data: bytes, offset: int) -> set[int]:
    double = struct.unpack(">H", data[offset + 6 : offset + 8])[0]
    ends = struct.unpack(f">{double // 2}H", data[offset + 14 : offset + 14 + double])
    start = offset + 16 + double
    starts = struct.unpack(f">{double // 2}H", data[start : start + double])
    return {
        code for low, high in zip(starts, ends, strict=True) for code in range(low, high + 1) if code < 0xFFFF
    }


def _groups(data: bytes, offset: int) -> set[int]:
    count = struct.unpack(">L", data[offset + 12 : offset + 16])[0]
    rows = struct.iter_unpack(">LLL", data[offset + 16 : offset + 16 + 12 * count])
    return {code for low, high, _ in rows for code in range(low, high + 1)}

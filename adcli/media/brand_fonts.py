"""A brand's own fonts: for measuring, for pictures, and for libass under a name of ours."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from adcli.media.faces import Face
from adcli.media.fonts import BLACK, SEMIBOLD, Font

FOLDER = "fonts"
"""Folder of a task in which libass looks for fonts."""


@dataclass(frozen=True, slots=True)
class BrandFont(Font):
    """A user's font file; where it has no glyph, our own font of that weight stands in, then its others."""

    usual: Font = BLACK

    @property
    def others(self) -> tuple[Face, ...]:
        """Ours, and what stands in for it."""
        return (self.usual.face, *self.usual.others)


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two fonts of an ad: for headlines, titles and captions, and for other text."""

    display: Font = BLACK
    text: Font = SEMIBOLD

    @property
    def own(self) -> tuple[BrandFont, ...]:
        """Those that the brand brings."""
        return tuple(font for font in (self.display, self.text) if isinstance(font, BrandFont))

    def absent(self, text: str) -> str:
        """Characters that the brand's display font has no glyph for."""
        if not isinstance(self.display, BrandFont):
            return ""
        gone = (mark for mark in text if not mark.isspace() and not self.display.face.has(mark))
        return "".join(dict.fromkeys(gone))


def brand_fonts(paths: Sequence[Path]) -> Fonts:
    """The fonts of a brand: the first file for headlines and captions, the second for other text."""
    names = ("adcli brand display", "adcli brand text")
    made = [
        BrandFont(name, str(path.resolve()), usual)
        for name, path, usual in zip(names, paths, (BLACK, SEMIBOLD), strict=False)
    ]
    return Fonts(*made)


def lay_out(fonts: Fonts, folder: Path) -> bool:
    """Writes the brand's fonts to a folder, by the names that libass finds them by; False without any."""
    if not fonts.own:
        return False
    (folder / FOLDER).mkdir(exist_ok=True)
    for number, font in enumerate(fonts.own):
        (folder / FOLDER / f"{number}.ttf").write_bytes(renamed(font.path.read_bytes(), font.name))
    return True


def renamed(data: bytes, name: str) -> bytes:
    """A TrueType or OpenType font with another name, and no others (OpenType 1.9, table ``name``).

    The file's own may hold anything, also what an ASS document would read as more fields.
    """
    count = struct.unpack(">H", data[4:6])[0]
    rows = [struct.unpack(">4sLLL", data[12 + 16 * n : 28 + 16 * n]) for n in range(count)]
    tables = {tag: data[offset : offset + length] for tag, _, offset, length in rows}
    tables[b"name"] = _name_table(name)
    head = data[:4] + struct.pack(">H", len(tables)) + data[6:12]
    offset, body, index = 12 + 16 * len(tables), b"", b""
    for tag in sorted(tables):
        content = tables[tag]
        index += struct.pack(">4sLLL", tag, 0, offset + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    return head + index + body


def _name_table(name: str) -> bytes:
    texts = {1: name, 2: "Regular", 3: name, 4: name, 6: name.replace(" ", "-")}
    stored, rows = b"", b""
    for kind, text in texts.items():
        content = text.encode("utf-16-be")
        rows += struct.pack(">6H", 3, 1, 0x409, kind, len(content), len(stored))
        stored += content
    return struct.pack(">3H", 0, len(texts), 6 + 12 * len(texts)) + rows + stored

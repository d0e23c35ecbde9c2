"""Proof that a font file can be used: opened, with the tables that measuring and drawing need."""

from __future__ import annotations

import io
import struct

from adcli.spec.pictures import Unfit

_NEEDED = {b"head": 54, b"OS/2": 78, b"cmap": 4}
"""Tables that sizes and glyphs are read from, and the bytes of each that are read."""

_TRIED = "Aa1"


def check_font(data: bytes) -> None:
    """Opens a TrueType or OpenType font and measures a line with it. Raises Unfit when that fails."""
    from PIL import ImageFont

    try:
        count = struct.unpack(">H", data[4:6])[0]
        rows = [struct.unpack(">4sLLL", data[12 + 16 * n : 28 + 16 * n]) for n in range(count)]
        tables = {tag: (offset, length) for tag, _, offset, length in rows}
        ImageFont.truetype(io.BytesIO(data), 40).getlength(_TRIED)
    except (OSError, ValueError, struct.error):
        raise Unfit("found a damaged font; expected a whole TrueType or OpenType font") from None
    for tag, least in _NEEDED.items():
        offset, length = tables.get(tag, (0, 0))
        if length < least or offset + length > len(data):
            raise Unfit(
                f"found a font without its table {tag.decode()}; expected one that a system could use"
            )
    if any(offset + length > len(data) for offset, length in tables.values()):
        raise Unfit("found a font that is cut short; expected a whole one")
    upm, sizes = data[tables[b"head"][0] + 18 :][:2], data[tables[b"OS/2"][0] + 74 :][:4]
    if not all((*struct.unpack(">H", upm), sum(struct.unpack(">HH", sizes)))):
        raise Unfit("found a font of no height; expected one that a system could use")

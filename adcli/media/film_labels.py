"""Small texts that stand on a film: labels of cells and sides, watermarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.media.colour import WHITE, Colour

if TYPE_CHECKING:
    from PIL import Image

    from adcli.media.fonts import Font

_PAD, _HIGH = 0.72, 1.9
"""Room beside and around a label's text, in parts of its letters' size."""

_DARK = (14, 14, 18, 178)
_FINER = 4


def label(text: str, font: Font, pixels: int, room: int) -> Image.Image | None:
    """White text in a dark pill, not wider than ``room``; None where nothing of it can be drawn."""
    from PIL import Image, ImageDraw

    from adcli.media import lettering

    pad = round(_PAD * pixels)
    set_ = lettering.fit(
        text, font, (max(pixels, room - 2 * pad), 3 * pixels), pixels, max(8, pixels // 2), 1
    )
    if set_ is None:
        return None
    wide, high = set_.width + 2 * pad, round(_HIGH * set_.size)
    large = Image.new("L", (wide * _FINER, high * _FINER), 0)
    ImageDraw.Draw(large).rounded_rectangle(
        (0, 0, large.width - 1, large.height - 1), large.height / 2, fill=_DARK[3]
    )
    made = Image.new("RGBA", (wide, high), _DARK[:3])
    made.putalpha(large.resize((wide, high), Image.Resampling.LANCZOS))
    lettering.draw(made, set_, (wide // 2, (high - set_.height) // 2), WHITE)
    return made


def words(text: str, font: Font, pixels: int, room: int, colour: Colour = WHITE) -> Image.Image | None:
    """Plain text on nothing, in at most two lines; None where nothing of it can be drawn."""
    from PIL import Image

    from adcli.media import lettering

    set_ = lettering.fit(text, font, (room, 4 * pixels), pixels, max(8, pixels // 2), 2)
    if set_ is None:
        return None
    edge = max(2, pixels // 4)
    made = Image.new("RGBA", (set_.width + 2 * edge, set_.height + 2 * edge), (*colour, 0))
    lettering.draw(made, set_, (made.width // 2, edge), colour)
    seen = made.getbbox()
    return made.crop(seen) if seen else None

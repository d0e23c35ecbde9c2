"""Shapes that are drawn for films: rounded masks, soft shadows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.units import Size

if TYPE_CHECKING:
    from PIL import Image

_FINER = 4
"""Edges are drawn at so many times the size, and are smooth when it is taken back."""


def rounded_mask(size: Size, radius: int) -> Image.Image:
    """White with rounded corners on black (``L``)."""
    from PIL import Image, ImageDraw

    large = Image.new("L", (size.width * _FINER, size.height * _FINER), 0)
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * _FINER, fill=255)
    return large.resize((size.width, size.height), Image.Resampling.LANCZOS)


def shadowed(picture: Image.Image, blur: int, strength: float, drop: int = 0) -> Image.Image:
    """An RGBA picture over a soft black shadow, with room for it: ``2 * blur`` pixels on each side."""
    made = shadow_of(picture, blur, strength, drop)
    made.alpha_composite(picture, (2 * blur, 2 * blur))
    return made


def shadow_of(picture: Image.Image, blur: int, strength: float = 0.5, drop: int = 0) -> Image.Image:
    """The soft black shadow of an RGBA picture, with ``2 * blur`` pixels around it."""
    from PIL import Image, ImageFilter

    rim = 2 * blur
    size = (picture.width + 2 * rim, picture.height + 2 * rim)
    dark = Image.new("L", size, 0)
    dark.paste(picture.getchannel("A").point(lambda alpha: round(alpha * strength)), (rim, rim + drop))
    made = Image.new("RGBA", size, (0, 0, 0, 0))
    made.putalpha(dark.filter(ImageFilter.GaussianBlur(blur)))
    return made

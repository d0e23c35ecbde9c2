"""What pixels are given after drawing: light on edges, shadows, colour of the light, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.light import Light

if TYPE_CHECKING:
    from pathlib import Path

_NEUTRAL = Colour(236, 233, 228)
SOLID = [0] * 128 + [255] * 128
"""A table that makes a mask hard."""

_COARSE = 8  # soft shadows are blurred at an eighth of the size


def on_neutral(image: Image.Image) -> Image.Image:
    """An RGB picture; what is transparent becomes a soft light grey."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        ground = Image.new("RGBA", image.size, (*_NEUTRAL, 255))
        image = Image.alpha_composite(ground, image)
    return image.convert("RGB")


def save_png(image: Image.Image, target: Path) -> None:
    """Writes a PNG that is quick to make and the same for the same pixels."""
    image.save(target, "PNG", compress_level=3)


def washed(image: Image.Image, light: Light, share: float) -> Image.Image:
    """The picture in the colour of the light, ``share`` of its strength; RGBA."""
    if not light.strength:
        return image
    tone = WHITE.mix(light.wash, light.strength * share)
    return ImageChops.multiply(image, Image.new("RGBA", image.size, (*tone, 255)))


def lit(image: Image.Image, light: Light) -> Image.Image:
    """An RGBA cut-out that is as bright and warm towards the upper right as the light makes it."""
    box = image.getchannel("A").getbbox()
    if box is None:
        return image
    across, down = np.linspace(0, 1, 32)[None, :, None], np.linspace(0, 1, 32)[:, None, None]
    share = np.clip(0.2 + 0.9 * across - 0.45 * down + 0.2 * (1 - down), 0, 1)
    tone = np.array(light.shade) + share * (np.array(light.key) - np.array(light.shade))
    tint = Image.fromarray(tone.round().astype(np.uint8)).convert("RGBA")
    shaded = image.copy()
    tint = tint.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BICUBIC)
    shaded.paste(ImageChops.multiply(image.crop(box), tint), box)
    return shaded


def greyed(image: Image.Image) -> Image.Image:
    """The picture as on a dull day."""
    dull = ImageEnhance.Color(image).enhance(0.3)
    return ImageEnhance.Brightness(dull).enhance(0.78)


def soft(image: Image.Image, radius: float) -> Image.Image:
    """An RGBA picture out of focus; what is transparent lends it no colour."""
    if image.getchannel("A").getextrema()[0] == 255:
        return image.filter(ImageFilter.GaussianBlur(radius))
    return image.convert("RGBa").filter(ImageFilter.GaussianBlur(radius)).convert("RGBA")


def rim(image: Image.Image, glow: Colour, strength: float, reach: int = 12) -> Image.Image:
    """An RGBA cut-out with light on the edges that look to the upper right."""
    alpha = image.getchannel("A")
    inner = _moved(alpha, -reach, reach // 2, 255)
    edge = ImageChops.subtract(alpha, inner).filter(ImageFilter.BoxBlur(reach * 0.4))
    edge = ImageChops.multiply(edge, alpha).point([round(level * strength) for level in range(256)])
    bright = Image.composite(Image.new("RGBA", image.size, (*glow, 255)), image, edge)
    bright.putalpha(alpha)
    return bright


def shadow(alpha: Image.Image, strength: float, blur: float, shift: tuple[int, int]) -> Image.Image:
    """A soft dark copy of a mask of the full picture, moved by ``shift`` px; RGBA."""
    small = alpha.resize((alpha.width // _COARSE, alpha.height // _COARSE), Image.Resampling.BOX)
    small = small.filter(ImageFilter.GaussianBlur(blur / _COARSE))
    faint = _moved(small, shift[0] // _COARSE, shift[1] // _COARSE, 0)
    faint = faint.point([round(level * strength) for level in range(256)])
    dark = Image.new("RGBA", alpha.size, (24, 14, 30, 0))
    dark.putalpha(faint.resize(alpha.size, Image.Resampling.BICUBIC))
    return dark


def _moved(mask: Image.Image, x: int, y: int, empty: int) -> Image.Image:
    """The mask moved by whole pixels; what comes in at the edges is ``empty``."""
    moved = Image.new("L", mask.size, empty)
    moved.paste(mask, (x, y))
    return moved


def sticker(image: Image.Image, width: int = 14) -> Image.Image:
    """A cut-out with a white border, as apps show people before a green screen; RGBA."""
    half = image.getchannel("A").reduce(4).filter(ImageFilter.GaussianBlur(width / 4))
    border = half.point([0] * 40 + [min(255, (level - 40) * 12) for level in range(40, 256)])
    white = Image.new("RGBA", image.size, (255, 255, 255, 0))
    white.putalpha(border.resize(image.size, Image.Resampling.BICUBIC))
    return Image.alpha_composite(white, image)


def fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    """The cut-out as large as fits a box of that many pixels."""
    scale = min(width / image.width, height / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)

"""Colours as 8-bit sRGB values: parsing, mixing, and contrast by WCAG 2.2."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable
from typing import NamedTuple


class Colour(NamedTuple):
    """Red, green and blue, 0–255 each."""

    r: int
    g: int
    b: int

    @property
    def hex(self) -> str:
        """As ``#rrggbb``."""
        return f"#{self.r:02x}{self.g:02x}{self.b:02x}"

    def mix(self, other: Colour, share: float) -> Colour:
        """This colour with ``share`` (0–1) of another one."""
        return Colour(*(round(a + (b - a) * share) for a, b in zip(self, other, strict=True)))

    def lighter(self, share: float) -> Colour:
        """Towards white by ``share`` (0–1)."""
        return self.mix(WHITE, share)

    def darker(self, share: float) -> Colour:
        """Towards a deep shade of its own hue by ``share`` (0–1); never a dull grey."""
        hue, _, saturation = colorsys.rgb_to_hls(*(part / 255 for part in self))
        return self.mix(hsl(hue, min(0.6, saturation), 0.07), share)

    @property
    def hue(self) -> float:
        """Place on the colour wheel, 0–1."""
        return colorsys.rgb_to_hls(*(part / 255 for part in self))[0]

    @property
    def saturation(self) -> float:
        """Strength of the colour (HSL), 0–1."""
        return colorsys.rgb_to_hls(*(part / 255 for part in self))[2]

    @property
    def luminance(self) -> float:
        """Relative luminance, 0–1 (WCAG 2.2)."""
        parts = (part / 255 for part in self)
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def hsl(hue: float, saturation: float, lightness: float) -> Colour:
    """A colour from hue (0–1, wraps), saturation and lightness (0–1)."""
    return Colour(*(round(part * 255) for part in colorsys.hls_to_rgb(hue % 1, lightness, saturation)))


def parse(text: str) -> Colour | None:
    """The colour of ``#rgb`` or ``#rrggbb`` (an alpha is ignored); None for anything else."""
    digits = text.strip().removeprefix("#")
    if not re.fullmatch(r"[0-9a-fA-F]+", digits):
        return None
    if len(digits) in (3, 4):
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in (6, 8):
        return None
    return Colour(*(int(digits[at : at + 2], 16) for at in (0, 2, 4)))


def parse_all(texts: Iterable[object]) -> tuple[Colour, ...]:
    """Every colour that can be read, in order; the rest is left out."""
    found = (parse(str(text)) for text in texts)
    return tuple(colour for colour in found if colour is not None)


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, 1–21 (WCAG 2.2)."""
    high, low = sorted((one.luminance, other.luminance), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: Colour, ground: Colour, at_least: float) -> Colour:
    """``colour`` moved towards black or white, as little as gives ``at_least`` contrast on ``ground``."""
    towards = BLACK if contrast(BLACK, ground) > contrast(WHITE, ground) else WHITE
    for step in range(21):
        tried = colour.mix(towards, step / 20)
        if contrast(tried, ground) >= at_least:
            return tried
    return towards

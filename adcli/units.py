"""Value types with their units: seconds, frames, money, aspect ratios, quality levels."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import NewType

FPS = 30
"""Frames per second of every video; every boundary is a whole frame."""

Seconds = NewType("Seconds", float)
Frames = NewType("Frames", int)
Lufs = NewType("Lufs", float)
Usd = NewType("Usd", Decimal)

ZERO_USD = Usd(Decimal(0))
_MICRO = Decimal("0.000001")


def usd(value: str | int | float | Decimal) -> Usd:
    """Money from a written number; floats are taken by their shortest decimal form."""
    return Usd(Decimal(str(value)).quantize(_MICRO, rounding=ROUND_HALF_EVEN))


def usd_number(value: Decimal) -> float:
    """Money as a JSON number with at most six decimals."""
    return float(value.quantize(_MICRO, rounding=ROUND_HALF_EVEN))


def to_frames(seconds: float) -> Frames:
    """The nearest whole frame."""
    return Frames(round(seconds * FPS))


def to_seconds(frames: int) -> Seconds:
    """Seconds of a whole number of frames."""
    return Seconds(frames / FPS)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


class AspectRatio(StrEnum):
    """The four ratios that ad platforms take."""

    PORTRAIT = "9:16"
    FEED = "4:5"
    SQUARE = "1:1"
    LANDSCAPE = "16:9"

    @property
    def slug(self) -> str:
        """As used in ids and file names: ``9x16``."""
        return self.value.replace(":", "x")

    @property
    def size(self) -> Size:
        """Pixels at full quality."""
        return _SIZES[self]

    @classmethod
    def from_slug(cls, slug: str) -> AspectRatio:
        """The ratio of a ``9x16`` style name; ValueError when there is none."""
        return cls(slug.replace("x", ":"))


_SIZES = {
    AspectRatio.PORTRAIT: Size(1080, 1920),
    AspectRatio.FEED: Size(1080, 1350),
    AspectRatio.SQUARE: Size(1080, 1080),
    AspectRatio.LANDSCAPE: Size(1920, 1080),
}


class Quality(StrEnum):
    """How much work the encoder does."""

    PREVIEW = "preview"
    FINAL = "final"
    MAX = "max"

    def scale(self, size: Size) -> Size:
        """Pixels of a ratio at this quality: preview is half of each side, kept even."""
        if self is not Quality.PREVIEW:
            return size
        return Size(size.width // 4 * 2, size.height // 4 * 2)

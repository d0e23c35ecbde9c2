"""Where text stands in each aspect ratio on each platform, in pixels of the frame that is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from adcli.spec.platforms import Platform, insets
from adcli.units import AspectRatio, Size


class Box(NamedTuple):
    """A rectangle in pixels of the frame, from its left and upper edge."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels down."""
        return self.bottom - self.top

    def overlaps(self, other: Box, gap: float = 0.0) -> bool:
        """Whether the two share a pixel, or come nearer to each other than ``gap`` pixels."""
        across = self.left < other.right + gap and other.left < self.right + gap
        return across and self.top < other.bottom + gap and other.top < self.bottom + gap

    def inside(self, other: Box, tolerance: float = 0.0) -> bool:
        """Whether no part of it stands out of another box by more than so many pixels."""
        across = other.left - tolerance <= self.left and self.right <= other.right + tolerance
        return across and other.top - tolerance <= self.top and self.bottom <= other.bottom + tolerance


_LOWER_MIDDLE = {
    AspectRatio.PORTRAIT: 0.86,
    AspectRatio.FEED: 0.79,
    AspectRatio.SQUARE: 0.81,
    AspectRatio.LANDSCAPE: 0.88,
}
"""Vertical centre of captions at ``lower-middle``, as a share of the zone's height."""

_WIDEST = {AspectRatio.LANDSCAPE: 0.55}
"""Width of text as a share of the frame's, where a line across all of the zone would be too long to read."""

_REFERENCE_WIDTH = 1080
_LINE = 84.0
"""Height of a line of captions at their usual size, in pixels of the design."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One ratio at one size on one platform.

    ``unit`` is a pixel of the 1080 px wide design in pixels of this frame.
    """

    ratio: AspectRatio
    size: Size
    platform: Platform = Platform.UNIVERSAL

    @property
    def unit(self) -> float:
        """Scale from the design: the shorter side is 1080 in every ratio."""
        return min(self.size.width, self.size.height) / _REFERENCE_WIDTH

    @property
    def zone(self) -> Box:
        """What the platform leaves free: all text stands in it."""
        taken, full = insets(self.platform, self.ratio), self.ratio.size
        across, down = self.size.width / full.width, self.size.height / full.height
        return Box(
            taken.left * across,
            taken.top * down,
            self.size.width - taken.right * across,
            self.size.height - taken.bottom * down,
        )

    @property
    def center_x(self) -> float:
        """The zone's middle, which is not the frame's where an app has its buttons on one side."""
        return (self.zone.left + self.zone.right) / 2

    @property
    def text_width(self) -> float:
        """Widest line in pixels."""
        return min(self.zone.width, _WIDEST.get(self.ratio, 1.0) * self.size.width)

    def caption_y(self, position: str, height: float | None = None) -> float:
        """Vertical centre of a block of captions so high, by default of one line, inside the zone.

        ``bottom`` is flush with the zone's lower edge, ``center`` the frame's middle if the zone has that.
        """
        zone, height = self.zone, _LINE * self.unit if height is None else height
        wanted = {
            "bottom": zone.bottom,
            "lower-middle": zone.top + _LOWER_MIDDLE[self.ratio] * zone.height,
            "center": self.size.height / 2,
        }[position]
        return max(zone.top + height / 2, min(wanted, zone.bottom - height / 2))

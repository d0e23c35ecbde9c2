"""Where text stands in each aspect ratio on each platform, in pixels of the frame that is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from adcli.spec.platforms import Platform, insets
from adcli.units import AspectRatio, Size

N_co = TypeVar("N_co", int, float, covariant=True)


class Rect(NamedTuple, Generic[N_co]):
    """A rectangle in pixels of the frame; ``right`` and ``bottom`` are just outside of it."""

    left: N_co
    top: N_co
    right: N_co
    bottom: N_co

    @property
    def width(self) -> N_co:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> N_co:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[N_co, N_co]:
        """The centre, in whole pixels."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    def overlaps(self: Rect[float], other: Rect[float], gap: float = 0.0) -> bool:
        """Whether the two share a pixel, or come nearer to each other than ``gap`` pixels."""
        across = self.left < other.right + gap and other.left < self.right + gap
        return across and self.top < other.bottom + gap and other.top < self.bottom + gap

    def inside(self: Rect[float], other: Rect[float], tolerance: float = 0.0) -> bool:
        """Whether no part of it stands out of another box by more than so many pixels."""
        across = other.left - tolerance <= self.left and self.right <= other.right + tolerance
        return across and other.top - tolerance <= self.top and self.bottom <= other.bottom + tolerance


Box: TypeAlias = Rect[float]
PixelBox: TypeAlias = Rect[int]

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

"""Where text stands in each aspect ratio, in pixels of the frame that is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from adcli.units import AspectRatio, Size


@dataclass(frozen=True, slots=True)
class Place:
    """Shares of the frame: vertical centres of the three caption positions, top of titles, width of text.

    The upright ones keep clear of what apps lay over the picture: at 9:16 everything stands between
    15% and 65% of the height, the band that TikTok, Reels and Shorts leave free.
    """

    bottom: float
    lower_middle: float
    center: float
    title_top: float
    text_width: float


_PLACES = {
    AspectRatio.PORTRAIT: Place(0.72, 0.645, 0.5, 0.165, 0.80),
    AspectRatio.FEED: Place(0.86, 0.76, 0.5, 0.09, 0.80),
    AspectRatio.SQUARE: Place(0.88, 0.78, 0.5, 0.08, 0.80),
    AspectRatio.LANDSCAPE: Place(0.90, 0.84, 0.5, 0.09, 0.55),
}
_REFERENCE_WIDTH = 1080


@dataclass(frozen=True, slots=True)
class Frame:
    """One ratio at one size. ``unit`` is a pixel of the 1080 px wide design in pixels of this frame."""

    ratio: AspectRatio
    size: Size

    @property
    def unit(self) -> float:
        """Scale from the design: the shorter side is 1080 in every ratio."""
        return min(self.size.width, self.size.height) / _REFERENCE_WIDTH

    @property
    def place(self) -> Place:
        """The ratio's places."""
        return _PLACES[self.ratio]

    @property
    def text_width(self) -> float:
        """Widest line in pixels."""
        return self.place.text_width * self.size.width

    def caption_y(self, position: str) -> float:
        """Vertical centre of captions in pixels."""
        share = {
            "bottom": self.place.bottom,
            "lower-middle": self.place.lower_middle,
            "center": self.place.center,
        }[position]
        return share * self.size.height

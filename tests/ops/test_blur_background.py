"""Operation ``blur-background`` shows a whole video before its own blurred copy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media


def test_the_whole_video_stands_in_the_middle(wide: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, wide, {"blur-background": {"ratio": "9:16"}}, ratio="16:9")
    assert (made.meta["width"], made.meta["height"]) == (540, 960)
    picture = f.frames(made)[3]
    assert near(f.colour(picture, 0.02, 0.5), (255, 0, 0)) and near(f.colour(picture, 0.98, 0.5), (0, 0, 255))


def test_its_background_is_soft_and_darker(wide: Path, tmp_path: Path) -> None:
    picture = f.frames(f.film(tmp_path, wide, {"blur-background": {"ratio": "9:16"}}, ratio="16:9"))[3]
    sharp, soft = (np.abs(np.diff(picture[row].astype(int), axis=0)).max() for row in (480, 60))
    assert sharp > 100 and soft < 25
    assert 180 < f.colour(picture, 0.05, 0.05)[0] < 235


def test_a_smaller_video_has_round_corners(wide: Path, tmp_path: Path) -> None:
    settings = {"ratio": "1:1", "scale": 0.8, "radius": 0.2, "dim": 1}
    picture = f.frames(f.film(tmp_path, wide, {"blur-background": settings}, ratio="16:9"))[3]
    left, top = 540 * 0.1, (540 - 540 * 0.8 * 9 / 16) / 2
    corner = picture[round(top) + 3, round(left) + 3]
    inside = picture[round(top) + 60, round(left) + 6]
    assert corner.max() < 60, corner
    assert near(inside, (255, 0, 0)), inside


def test_strength_of_the_blur_can_be_chosen(wide: Path, tmp_path: Path) -> None:
    steps = []
    for blur in (0.1, 1):
        settings = {"ratio": "9:16", "blur": blur}
        picture = f.frames(f.film(tmp_path, wide, {"blur-background": settings}, ratio="16:9"))[3]
        steps.append(int(np.abs(np.diff(picture[60].astype(int), axis=0)).max()))
    assert steps[0] > 2 * steps[1]

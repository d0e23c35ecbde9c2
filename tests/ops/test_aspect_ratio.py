"""Operation ``aspect-ratio`` gives a video another shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media.rendering import near, preview
from tests.ops import filming as f

pytestmark = pytest.mark.media


@pytest.mark.parametrize("ratio", ["9:16", "4:5", "1:1", "16:9"])
def test_every_ratio_has_its_size(wide: Path, tmp_path: Path, ratio: str) -> None:
    made = f.film(tmp_path, wide, {"trim": {"to": 0.1}}, {"aspect-ratio": {"ratio": ratio}}, ratio="1:1")
    assert (made.meta["width"], made.meta["height"]) == preview(ratio)


def test_cropping_keeps_the_middle(wide: Path, tmp_path: Path) -> None:
    picture = f.frames(f.film(tmp_path, wide, {"aspect-ratio": {"ratio": "1:1"}}))[2]
    assert picture.shape[:2] == (1080, 1080)
    assert near(f.colour(picture, 0.45, 0.5), (255, 0, 0)) and near(f.colour(picture, 0.55, 0.5), (0, 0, 255))


def test_padding_shows_the_whole_picture_on_a_colour(wide: Path, tmp_path: Path) -> None:
    settings = {"ratio": "1:1", "fit": "pad", "color": "#00FF00"}
    picture = f.frames(f.film(tmp_path, wide, {"aspect-ratio": settings}))[2]
    assert near(f.colour(picture, 0.5, 0.1), (0, 255, 0)) and near(f.colour(picture, 0.5, 0.9), (0, 255, 0))
    assert near(f.colour(picture, 0.02, 0.5), (255, 0, 0)) and near(f.colour(picture, 0.98, 0.5), (0, 0, 255))


def test_padding_fills_up_with_the_pictures_own_blur(wide: Path, tmp_path: Path) -> None:
    picture = f.frames(f.film(tmp_path, wide, {"aspect-ratio": {"ratio": "1:1", "fit": "pad"}}))[2]
    left, right = f.colour(picture, 0.1, 0.05), f.colour(picture, 0.9, 0.05)
    assert left[0] > 150 and left[2] < 60 and right[2] > 150 and right[0] < 60


def test_the_shape_it_has_already_costs_nothing(wide: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, wide, {"aspect-ratio": {"ratio": "16:9"}}, ratio="16:9")
    assert (made.meta["width"], made.meta["height"]) == preview("16:9")

"""Operation ``crop`` keeps the pixels of its box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adcli.errors import TaskFailed
from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media

RED, LIME, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@pytest.mark.parametrize(
    ("box", "size", "wanted"),
    [
        ({"x": 0, "y": 0, "width": 80, "height": 100}, (80, 100), RED),
        ({"x": "50%", "y": 0, "width": "50%", "height": "50%"}, (90, 160), LIME),
        ({"x": 0, "y": "50%", "width": "50%", "height": "50%"}, (90, 160), BLUE),
        ({"x": 96, "y": 170, "width": 61, "height": 91}, (60, 90), WHITE),
    ],
)
def test_a_box_keeps_its_pixels(
    quarters: Path, tmp_path: Path, box: dict[str, Any], size: tuple[int, int], wanted: tuple[int, int, int]
) -> None:
    made = f.film(tmp_path, quarters, {"crop": box})
    assert (made.meta["width"], made.meta["height"]) == size
    assert all(near(f.colour(f.frames(made)[3], x, y), wanted) for x in (0.1, 0.9) for y in (0.1, 0.9))


def test_a_shape_keeps_the_middle(quarters: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, quarters, {"crop": {"ratio": "1:1"}})
    assert (made.meta["width"], made.meta["height"]) == (180, 180)
    picture = f.frames(made)[3]
    corners = [(0.2, 0.2, RED), (0.8, 0.2, LIME), (0.2, 0.8, BLUE), (0.8, 0.8, WHITE)]
    assert all(near(f.colour(picture, x, y), colour) for x, y, colour in corners)


def test_one_side_is_enough(quarters: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, quarters, {"crop": {"height": 100, "y": 0}})
    assert (made.meta["width"], made.meta["height"]) == (180, 100)
    assert near(f.colour(f.frames(made)[3], 0.1, 0.95), RED)


def test_pixels_are_those_of_the_full_size(quarters: Path, tmp_path: Path) -> None:
    """A preview is half as large, and so is its box."""
    box = {"x": 0, "y": 0, "width": 540, "height": 960}
    made = f.film(tmp_path, quarters, {"crop": box}, ratio="9:16")
    assert (made.meta["width"], made.meta["height"]) == (270, 480)
    assert near(f.colour(f.frames(made)[3], 0.9, 0.9), RED)


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ({"x": 100, "width": 100}, "100x320 at 100,0 lies outside of the picture, which is 180x320"),
        ({"y": "60%", "height": "50%"}, "180x160 at 0,192 lies outside"),
        ({"width": 8}, "smaller than 16 pixels"),
    ],
)
def test_a_box_outside_of_the_picture_is_refused(
    quarters: Path, tmp_path: Path, box: dict[str, Any], words: str
) -> None:
    with pytest.raises(TaskFailed, match=words):
        f.film(tmp_path, quarters, {"crop": box})


def test_a_preview_speaks_of_pixels_of_the_full_size(quarters: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="540x1920 at 972,0 lies outside of the picture, which is 1080x1920"):
        f.film(tmp_path, quarters, {"crop": {"x": "90%", "width": "50%"}}, ratio="9:16")

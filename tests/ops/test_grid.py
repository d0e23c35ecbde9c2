"""Operation ``grid`` sets videos in cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.media.film_grid import arranged
from adcli.media.layout import Box, Frame
from adcli.units import AspectRatio, Size
from tests.media.rendering import near
from tests.ops import filming as f

UPRIGHT, WIDE = Size(1080, 1920), Size(1920, 1080)


@pytest.mark.parametrize(
    ("count", "frame", "rows"),
    [
        (2, UPRIGHT, [1, 1]),
        (2, WIDE, [2]),
        (3, UPRIGHT, [1, 1, 1]),
        (3, WIDE, [3]),
        (4, UPRIGHT, [2, 2]),
        (4, WIDE, [2, 2]),
        (6, UPRIGHT, [2, 2, 2]),
        (6, WIDE, [3, 3]),
        (9, Size(1080, 1080), [3, 3, 3]),
    ],
)
def test_cells_come_near_to_squares(count: int, frame: Size, rows: list[int]) -> None:
    cells = arranged(count, frame, 20)
    tops = sorted({cell.top for cell in cells})
    assert [sum(cell.top == top for cell in cells) for top in tops] == rows


@pytest.mark.parametrize("count", range(2, 13))
@pytest.mark.parametrize("frame", [UPRIGHT, WIDE, Size(540, 676), Size(180, 320)])
@pytest.mark.parametrize("border", [True, False])
def test_cells_lie_apart_inside_the_frame_on_even_pixels(count: int, frame: Size, border: bool) -> None:
    boxes = [
        Box(cell.left, cell.top, cell.left + cell.size.width, cell.top + cell.size.height)
        for cell in arranged(count, frame, 6, border=border)
    ]
    assert len(boxes) == count
    assert all(value % 2 == 0 for box in boxes for value in box)
    assert all(box.inside(Box(0, 0, frame.width, frame.height)) for box in boxes)
    assert not any(one.overlaps(other, 4) for n, one in enumerate(boxes) for other in boxes[n + 1 :])


def test_a_last_row_that_is_not_full_has_wider_cells() -> None:
    cells = arranged(5, WIDE, 20, rows=2)
    assert [cell.top for cell in cells[:3]] == [cells[0].top] * 3
    assert cells[3].size.width > cells[0].size.width * 1.4


@pytest.mark.media
@pytest.mark.parametrize(("place", "wanted"), [(1, [(64,) * 3, (0, 192, 0)]), (2, [(0, 192, 0), (64,) * 3])])
def test_the_video_takes_its_cell(
    grey: Path, green: Path, tmp_path: Path, place: int, wanted: list[Any]
) -> None:
    made = f.film(tmp_path, grey, {"grid": {"files": [green], "place": place}})
    assert (made.meta["width"], made.meta["height"]) == (180, 320)
    picture = f.frames(made)[5]
    assert near(f.colour(picture, 0.5, 0.25), wanted[0]) and near(f.colour(picture, 0.5, 0.75), wanted[1])


@pytest.mark.media
def test_gaps_corners_and_border_have_the_background(grey: Path, green: Path, tmp_path: Path) -> None:
    settings = {"files": [green], "background": "#0000FF", "gap": 0.05, "radius": 0.2}
    picture = f.frames(f.film(tmp_path, grey, {"grid": settings}))[5]
    places = [(0.5, 0.5), (0.02, 0.3), (0.06, 0.035), (0.94, 0.965)]
    assert all(near(f.colour(picture, x, y), (0, 0, 255), 60) for x, y in places)
    open_ = f.frames(f.film(tmp_path, grey, {"grid": {**settings, "border": False, "radius": 0.0}}))[5]
    assert near(f.colour(open_, 0.015, 0.3), (64, 64, 64)) and near(f.colour(open_, 0.985, 0.98), (0, 192, 0))


@pytest.mark.media
def test_a_shorter_video_stands_still_at_its_end(grey: Path, clock: Path, tmp_path: Path) -> None:
    short = f.film(tmp_path, clock, {"trim": {"to": 0.2}}).path
    made = f.film(tmp_path, grey, {"grid": {"files": [short]}})
    levels = [picture[200:280, 40:140].mean() for picture in f.frames(made)]
    assert levels[5] > levels[0] + 20
    assert max(levels[6:]) - min(levels[6:]) < 3


@pytest.mark.media
def test_labels_stand_in_their_cells_and_in_the_zone(grey: Path, green: Path, tmp_path: Path) -> None:
    plain = f.film(tmp_path, grey, {"grid": {"files": [green]}})
    zone = Frame(AspectRatio.PORTRAIT, Size(180, 320)).zone
    for labels, half in ((["Before"], Box(0, 0, 180, 160)), ([" ", "After"], Box(0, 160, 180, 320))):
        made = f.film(tmp_path, grey, {"grid": {"files": [green], "labels": labels}})
        found = Box(*f.inked(made, plain, 5))
        assert found.inside(half) and found.inside(zone, 1.5)


@pytest.mark.media
def test_the_sound_is_the_videos_own(grey: Path, clock: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, grey, {"grid": {"files": [clock]}})
    assert f.pitch(f.samples(made)) == pytest.approx(440, abs=8)
    assert np.isclose(f.level(f.samples(made)), f.level(f.samples(grey)), atol=0.5)

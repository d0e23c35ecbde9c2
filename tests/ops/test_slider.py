"""Operation ``slider`` moves the line between before and after across the frame."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.errors import TaskFailed
from tests.media.rendering import Pixels, near
from tests.ops import filming as f

pytestmark = pytest.mark.media


def share(picture: Pixels, direction: str) -> float:
    """How much of a frame shows the grey video, from the side where the line starts; the rest is green."""
    rows = picture.astype(int)
    line = rows[:20].mean(axis=0) if direction in ("left", "right") else rows[:, 2:12].mean(axis=1)
    is_grey = np.abs(line - 64).max(axis=1) < 24
    is_green = np.abs(line - (0, 192, 0)).max(axis=1) < 24
    if direction in ("left", "up"):
        is_grey, is_green = is_grey[::-1], is_green[::-1]
    edge = int(np.argmin(is_grey)) if not is_grey.all() else len(line)
    assert is_grey[:edge].all()
    assert is_green[edge + 16 :].all(), "what is not yet reached is before"
    return edge / len(line)


@pytest.mark.parametrize("direction", ["right", "left", "down", "up"])
def test_the_line_moves_from_edge_to_edge(grey: Path, green: Path, tmp_path: Path, direction: str) -> None:
    settings = {"file": green, "direction": direction}
    shares = [share(picture, direction) for picture in f.frames(f.film(tmp_path, grey, {"slider": settings}))]
    assert shares[0] == 0 and shares[-1] == 1
    assert all(after >= before for before, after in pairwise(shares))
    assert shares[7] == pytest.approx(0.5, abs=0.07)
    assert shares[3] < 0.2 and shares[11] > 0.8, "it starts and ends softly"


def test_a_given_after_comes_in_over_the_video(grey: Path, green: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, grey, {"slider": {"file": green, "file_is": "after"}})
    pictures = f.frames(made)
    assert near(f.colour(pictures[0], 0.5, 0.1), (64, 64, 64))
    assert near(f.colour(pictures[-1], 0.5, 0.1), (0, 192, 0))


def test_it_moves_in_its_time_only(grey: Path, green: Path, tmp_path: Path) -> None:
    settings = {"file": green, "at": 0.1, "seconds": 0.2}
    shares = [share(picture, "right") for picture in f.frames(f.film(tmp_path, grey, {"slider": settings}))]
    assert shares[:4] == [0] * 4 and shares[8:] == [1] * 7
    assert 0 < shares[6] < 1


def test_there_and_back_ends_before(grey: Path, green: Path, tmp_path: Path) -> None:
    settings = {"file": green, "motion": "back"}
    shares = [share(picture, "right") for picture in f.frames(f.film(tmp_path, grey, {"slider": settings}))]
    assert shares[7] == pytest.approx(1, abs=0.02)
    assert shares[0] == shares[-1] == 0


def test_a_peek_goes_to_and_fro(grey: Path, green: Path, tmp_path: Path) -> None:
    source = f.film(tmp_path, grey, {"splice": {"append": [grey]}}).path
    made = f.film(tmp_path, source, {"slider": {"file": green, "motion": "peek"}})
    shares = [share(picture, "right") for picture in f.frames(made)]
    assert max(shares[:12]) > 0.55 and min(shares[13:20]) < 0.45 and shares[-1] == 1


def test_line_and_handle_are_seen_where_the_sides_meet(grey: Path, green: Path, tmp_path: Path) -> None:
    picture = f.frames(f.film(tmp_path, grey, {"slider": {"file": green, "color": "#FFFFFF"}}))[7]
    bright = picture.min(axis=2) > 200
    high, middle = bright[:100].any(axis=0).sum(), bright[150:170].any(axis=0).sum()
    assert 1 <= high <= 4, "a thin line"
    assert middle >= 10, "a round handle"


def test_labels_belong_to_their_sides(grey: Path, green: Path, tmp_path: Path) -> None:
    plain = f.film(tmp_path, grey, {"slider": {"file": green}})
    made = f.film(tmp_path, grey, {"slider": {"file": green, "labels": ["Before", "After"]}})
    before, after = f.inked(made, plain, 0), f.inked(made, plain, 14)
    assert before[0] > 80 and after[2] < 90
    halfway = f.inked(made, plain, 7)
    assert halfway[0] == pytest.approx(after[0], abs=2) and halfway[2] == pytest.approx(before[2], abs=2)


@pytest.mark.parametrize("settings", [{"at": 0.4, "seconds": 0.3}, {"at": 0.49}])
def test_a_line_that_has_no_time_is_refused(
    grey: Path, green: Path, tmp_path: Path, settings: dict[str, Any]
) -> None:
    with pytest.raises(TaskFailed, match=r"the slider moves for .* but the video lasts 0\.50 s"):
        f.film(tmp_path, grey, {"slider": {"file": green, **settings}})

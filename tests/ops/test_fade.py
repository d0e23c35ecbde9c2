"""Operation ``fade`` begins and ends in its colour and in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adcli.errors import TaskFailed
from tests.ops import filming as f

pytestmark = pytest.mark.media


def test_a_faded_film_begins_and_ends_black(grey: Path, tmp_path: Path) -> None:
    pictures = f.frames(f.film(tmp_path, grey, {"fade": {"in": 0.2, "out": 0.2}}))
    means = [float(picture.mean()) for picture in pictures]
    assert means[0] < 1 and means[-1] < 1
    assert means[7] == pytest.approx(64, abs=2)
    assert np.all(np.diff(means[:7]) > 2) and np.all(np.diff(means[-6:]) < -2)


def test_a_fade_goes_to_the_colour_that_is_asked_for(grey: Path, tmp_path: Path) -> None:
    pictures = f.frames(f.film(tmp_path, grey, {"fade": {"in": 0, "out": 0.2, "color": "#FFFFFF"}}))
    assert pictures[0].mean() == pytest.approx(64, abs=2)
    assert pictures[-1].mean() > 252


def test_the_sound_fades_too(grey: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, grey, {"fade": {"in": 0.2, "out": 0.2}}))
    start, middle = sound[:960], sound[f.RATE // 4 - 960 : f.RATE // 4]
    assert f.level(start) < f.level(middle) - 15


def test_a_fade_of_the_sound_alone_copies_the_picture(grey: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, grey, {"fade": {"of": "sound", "in": 0.2, "out": 0.2}})
    assert f.encoders(made) == 0
    assert f.frames(made)[0].mean() == pytest.approx(64, abs=2)


def test_a_fade_of_the_picture_alone_leaves_the_sound(grey: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, grey, {"fade": {"of": "picture", "in": 0.2, "out": 0.2}}))
    assert f.level(sound[2400:4800]) == pytest.approx(f.level(sound[9600:12000]), abs=1)


def test_fades_that_overlap_are_refused(grey: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match=r"fades of 0\.4 and 0\.3 s don't fit: the video lasts 0\.50 s"):
        f.film(tmp_path, grey, {"fade": {"in": 0.4, "out": 0.3}})

"""Operation ``packshot`` closes a film with a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media


def test_a_packshot_follows_the_film(grey: Path, tmp_path: Path) -> None:
    spec = {"headline": "Glow by morning", "cta": "Shop now", "seconds": 1.0, "colors": ["#0000C0"]}
    made = f.film(tmp_path, grey, {"packshot": spec})
    assert made.meta["frames"] == 45
    pictures = f.frames(made)
    assert all(np.ptp(picture.astype(int)) < 12 for picture in pictures[:15])
    assert all(np.ptp(picture.astype(int)) > 100 for picture in pictures[15:])
    blue = (pictures[40][..., 2].astype(int) - pictures[40][..., 0]).max()
    assert blue > 100, "the button has the brand's colour"


def test_it_is_silent_and_leaves_the_sound_before_it(grey: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, grey, {"packshot": {"cta": "Shop now", "seconds": 0.5}}))
    assert f.level(sound[: f.RATE * 4 // 10]) > -25
    assert f.level(sound[round(0.55 * f.RATE) :]) < -60


def test_a_video_can_be_the_packshot(grey: Path, clock: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, grey, {"packshot": {"image": clock, "seconds": 0.4}})
    assert f.numbers(made)[15:] == list(range(12))
    assert f.pitch(f.samples(made)[round(0.52 * f.RATE) : round(0.85 * f.RATE)]) == pytest.approx(440, abs=8)


def test_a_picture_is_shown_on_it(grey: Path, green: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, grey, {"packshot": {"image": green, "headline": "New", "seconds": 1.0}})
    picture = f.frames(made)[-1]
    share = np.mean(np.abs(picture.astype(int) - (0, 192, 0)).max(axis=2) < 40)
    assert share > 0.05


def test_it_stands_for_two_and_a_half_seconds_by_default(grey: Path, tmp_path: Path) -> None:
    assert f.film(tmp_path, grey, {"packshot": {"cta": "Shop now"}}).meta["frames"] == 15 + 75


def test_operations_after_it_reach_it(grey: Path, tmp_path: Path) -> None:
    steps = ({"packshot": {"cta": "Shop now", "seconds": 0.5}}, {"fade": {"in": 0, "out": 0.2}})
    made = f.film(tmp_path, grey, *steps)
    assert near(f.colour(f.frames(made)[-1], 0.5, 0.5), (0, 0, 0), 6)
    assert f.encoders(made) == 1

"""Operation ``speed`` changes the length of a film and not the pitch of its sound."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from adcli.errors import TaskFailed
from tests.ops import filming as f

pytestmark = pytest.mark.media


@pytest.mark.parametrize(("factor", "count"), [(2.0, 15), (0.5, 60), (4.0, 8), (0.25, 120), (1.5, 20)])
def test_speed_divides_the_length_and_keeps_the_pitch(
    grey: Path, tmp_path: Path, factor: float, count: int
) -> None:
    source = f.video(tmp_path / "tone.mp4", 1.0, size="64x64")
    made = f.film(tmp_path, source, {"speed": {"factor": factor}})
    assert made.meta["frames"] == count
    sound = f.samples(made)
    assert f.pitch(sound) == pytest.approx(440, abs=6)
    assert len(sound) / f.RATE == pytest.approx(count / 30, abs=0.025)


def test_twice_the_speed_shows_every_other_frame(clock: Path, tmp_path: Path) -> None:
    assert f.numbers(f.film(tmp_path, clock, {"speed": {"factor": 2}})) == list(range(0, 30, 2))


def test_half_the_speed_shows_every_frame_twice(clock: Path, tmp_path: Path) -> None:
    assert f.numbers(f.film(tmp_path, clock, {"speed": {"factor": 0.5}})) == [n // 2 for n in range(60)]


def test_smooth_slow_motion_blends_frames(clock: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, {"speed": {"factor": 0.5, "smooth": True}})
    pictures = f.frames(made)
    levels = [float(picture.mean()) for picture in pictures[4:40]]
    steps = [after - before for before, after in pairwise(levels)]
    assert min(steps) > 1.5 and max(steps) < 4.5


def test_the_same_speed_changes_nothing(clock: Path, tmp_path: Path) -> None:
    assert f.encoders(f.film(tmp_path, clock, {"speed": {"factor": 1}})) == 0


def test_a_film_of_which_nothing_is_left_is_refused(clock: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="nothing is left"):
        f.film(tmp_path, clock, {"trim": {"to": 0.04}}, {"speed": {"factor": 4}})

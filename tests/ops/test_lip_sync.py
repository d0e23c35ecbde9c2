"""Operation ``lip-sync`` shows the synced clip and keeps the sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media


def test_the_clip_takes_the_place_of_the_picture(clock: Path, wide: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, {"lip-sync": {"clip": wide}})
    assert (made.meta["frames"], made.meta["width"], made.meta["height"]) == (30, 128, 128)
    picture = f.frames(made)[20]
    assert near(f.colour(picture, 0.2, 0.5), (255, 0, 0)) and near(f.colour(picture, 0.8, 0.5), (0, 0, 255))
    assert f.pitch(f.samples(made)[: f.RATE // 3]) == pytest.approx(440, abs=8)


def test_a_voice_of_its_own_is_heard(clock: Path, wide: Path, voice: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, clock, {"lip-sync": {"clip": wide, "audio": voice}}))
    assert f.pitch(sound[: round(0.35 * f.RATE)]) == pytest.approx(200, abs=8)
    assert f.level(sound[round(0.6 * f.RATE) :]) < -60


def test_without_a_synced_clip_the_film_stays_as_it_is(clock: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, "lip-sync")
    assert f.encoders(made) == 0
    assert f.numbers(made) == list(range(30))


def test_operations_after_it_see_the_clip(clock: Path, wide: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, {"lip-sync": {"clip": wide}}, {"crop": {"x": 0, "width": "50%"}})
    assert near(f.colour(f.frames(made)[5], 0.9, 0.5), (255, 0, 0))
    assert f.encoders(made) == 1

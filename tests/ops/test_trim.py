"""Operation ``trim`` keeps exactly the frames and samples between two times."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import TaskFailed
from tests.ops import filming as f

pytestmark = pytest.mark.media


def test_trim_keeps_the_frames_between_two_times(clock: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, {"trim": {"from": 0.2, "to": 0.8}})
    assert f.numbers(made) == list(range(6, 24))


def test_trim_cuts_the_sound_with_the_picture(clock: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, clock, {"trim": {"from": 0.3}}))
    early, late = sound[: f.RATE // 10], sound[f.RATE * 3 // 10 : f.RATE * 6 // 10]
    assert f.pitch(early) == pytest.approx(440, abs=12)
    assert f.pitch(late) == pytest.approx(880, abs=12)


def test_trim_to_the_whole_video_copies_it(clock: Path, tmp_path: Path) -> None:
    assert f.encoders(f.film(tmp_path, clock, {"trim": {"from": 0, "to": 1}})) == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"from": 1.5}, "trim's from is at 1.5 s, but the video lasts 1.00 s"),
        ({"to": 4}, "trim's to is at 4 s, but the video lasts 1.00 s"),
        ({"from": 1.0}, "leaves nothing"),
    ],
)
def test_trim_beyond_the_end_is_refused(
    clock: Path, tmp_path: Path, settings: dict[str, float], words: str
) -> None:
    with pytest.raises(TaskFailed, match=words):
        f.film(tmp_path, clock, {"trim": settings})

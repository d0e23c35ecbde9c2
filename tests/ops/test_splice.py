"""Operation ``splice`` removes exactly what it is told to, and joins files where they belong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from adcli.errors import TaskFailed
from adcli.ops.splice import waiting
from tests.media.rendering import near
from tests.ops import filming as f

pytestmark = pytest.mark.media


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({"cut": [{"from": 0.2, "to": 0.5}]}, [*range(6), *range(15, 30)]),
        ({"cut": [{"from": 0.6, "to": 0.8}, {"from": 0, "to": 0.1}]}, [*range(3, 18), *range(24, 30)]),
        ({"cut": [{"from": 0.2, "to": 0.5}, {"from": 0.4, "to": 1}]}, [*range(6)]),
        ({"keep": [{"from": 0.1, "to": 0.2}, {"from": 0.5, "to": 0.6}]}, [3, 4, 5, 15, 16, 17]),
        ({"keep": [{"from": 0.5, "to": 0.6}, {"from": 0.1, "to": 0.2}]}, [15, 16, 17, 3, 4, 5]),
    ],
)
def test_exactly_the_range_goes(
    clock: Path, tmp_path: Path, settings: dict[str, Any], kept: list[int]
) -> None:
    assert f.numbers(f.film(tmp_path, clock, {"splice": settings})) == kept


def test_the_sound_is_cut_at_the_same_place(clock: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, clock, {"splice": {"cut": [{"from": 0.2, "to": 0.5}]}}))
    before, after = sound[: round(0.19 * f.RATE)], sound[round(0.23 * f.RATE) : round(0.6 * f.RATE)]
    assert f.pitch(before) == pytest.approx(440, abs=8)
    assert f.pitch(after) == pytest.approx(880, abs=8)


def test_files_come_before_between_and_after(clock: Path, wide: Path, green: Path, tmp_path: Path) -> None:
    settings = {"prepend": [green], "insert": [{"file": wide, "at": 0.5}], "append": [green, wide]}
    made = f.film(tmp_path, clock, {"splice": {**settings, "seconds": 0.2}})
    assert made.meta["frames"] == 6 + 15 + 15 + 15 + 6 + 15
    pictures = f.frames(made)
    for number in (0, 5, 51, 56):
        assert near(f.colour(pictures[number], 0.5, 0.5), (0, 192, 0)), number
    for number in (21, 35, 57, 71):
        assert near(f.colour(pictures[number], 0.2, 0.5), (255, 0, 0)), number
    own = f.numbers(made)
    assert own[6:21] == list(range(15)) and own[36:51] == list(range(15, 30))


def test_sounds_of_files_come_with_them(clock: Path, green: Path, tmp_path: Path) -> None:
    sound = f.samples(f.film(tmp_path, clock, {"splice": {"prepend": [green], "seconds": 0.3}}))
    assert f.level(sound[: round(0.28 * f.RATE)]) < -60
    assert f.pitch(sound[round(0.32 * f.RATE) : round(0.78 * f.RATE)]) == pytest.approx(440, abs=8)


def test_the_thinnest_picture_can_be_shown_whole(grey: Path, tmp_path: Path) -> None:
    Image.new("RGB", (2000, 2), "red").save(tmp_path / "line.png")
    made = f.film(
        tmp_path, grey, {"splice": {"append": [tmp_path / "line.png"], "seconds": 0.1, "fit": "pad"}}
    )
    assert made.meta["frames"] == 15 + 3


def test_an_added_file_can_be_shown_whole(wide: Path, grey: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, grey, {"splice": {"append": [wide], "fit": "pad"}})
    picture = f.frames(made)[20]
    assert near(f.colour(picture, 0.04, 0.5), (255, 0, 0)) and near(f.colour(picture, 0.96, 0.5), (0, 0, 255))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"cut": [{"from": 0, "to": 1}]}, "leaves nothing"),
        ({"cut": [{"from": 0.5, "to": 3}]}, r"splice's cut is at 3 s, but the video lasts 1\.00 s"),
        ({"insert": [{"file": Path(__file__), "at": 7}]}, "splice's insert is at 7 s"),
    ],
)
def test_what_cannot_be_is_refused(clock: Path, tmp_path: Path, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(TaskFailed, match=words):
        f.film(tmp_path, clock, {"splice": settings})


@pytest.mark.parametrize(
    ("kept", "frames"),
    [
        ([(0, 10), (20, 30)], 0),
        ([(20, 30), (0, 10)], 10),
        ([(20, 30), (0, 10), (25, 40)], 25),
        ([(0, 10), (30, 40), (12, 15), (50, 60)], 3),
    ],
)
def test_what_plays_after_a_later_part_has_to_wait(kept: list[tuple[int, int]], frames: int) -> None:
    assert waiting(kept) == frames


def test_more_than_memory_holds_is_refused(grey: Path, tmp_path: Path) -> None:
    """400 frames of full HD would wait."""
    source = f.film(tmp_path, grey, {"speed": {"factor": 0.25}}).path
    long = {"splice": {"append": [source] * 9}}
    turned = {"splice": {"keep": [{"from": 14, "to": 15}, {"from": 0, "to": 13.4}]}}
    with pytest.raises(TaskFailed, match=r"plays 13\.4 s later .* wait in 1\.3 GB of memory"):
        f.film(tmp_path, source, long, {"aspect-ratio": {"ratio": "16:9"}}, turned)

from __future__ import annotations

import json
from typing import Any

import pytest

from adcli.media.heard import words_heard

WORDS = [
    {"text": "one", "start": 0.0, "end": 0.8},
    {"text": "two", "start": 0.8, "end": 1.4},
    {"text": "three", "start": 1.4, "end": 2.6},
    {"text": "four", "start": 2.6, "end": 3.0},
]


def told(**changes: Any) -> list[dict[str, Any]]:
    return words_heard({"words": json.dumps(WORDS), "lead": 0.0} | changes)


def test_a_line_of_the_scene_itself_is_told_whole() -> None:
    assert told(lead=0.3) == WORDS


def test_each_word_of_a_sound_over_three_scenes_is_in_one_of_them() -> None:
    parts = [told(lead=-start, until=seconds) for start, seconds in ((0.0, 1.0), (1.0, 0.5), (1.5, 2.0))]
    assert [[word["text"] for word in part] for part in parts] == [["one"], ["two"], ["three", "four"]]


@pytest.mark.parametrize(("start", "until", "first", "last"), [(1.0, 0.5, 1.0, 1.4), (1.5, 0.8, 1.5, 2.3)])
def test_a_word_on_a_cut_is_told_while_its_scene_lasts(
    start: float, until: float, first: float, last: float
) -> None:
    (word,) = told(lead=-start, until=until)
    assert (word["start"], word["end"]) == (pytest.approx(first), pytest.approx(last))

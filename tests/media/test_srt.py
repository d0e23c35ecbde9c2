"""Subtitles that are kept: cues that follow the voice, fit two lines, and can be read while they stand."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

import pytest

from adcli.media.caption_words import Word, readable_speed
from adcli.media.srt import WIDEST, subtitles

_CUE = re.compile(r"(\d+)\n(\S+) --> (\S+)\n(.*)", re.DOTALL)


@dataclass(frozen=True)
class Read:
    """A cue as a player reads it."""

    start: float
    end: float
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def read(text: str) -> list[Read]:
    """Parses strictly: numbers from 1, an empty line after each cue."""
    assert text == "" or text.endswith("\n\n")
    found = []
    for number, block in enumerate(text.split("\n\n")[:-1], start=1):
        match = _CUE.fullmatch(block)
        assert match is not None, block
        assert int(match[1]) == number
        found.append(Read(_seconds(match[2]), _seconds(match[3]), tuple(match[4].split("\n"))))
    return found


def _seconds(time: str) -> float:
    match = re.fullmatch(r"(\d\d):(\d\d):(\d\d),(\d{3})", time)
    assert match is not None, time
    hours, minutes, seconds, thousandths = map(int, match.groups())
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def line(text: str, start: float = 0.3, each: float = 0.3) -> list[Word]:
    """A spoken line at an even pace."""
    return [Word(word, start + n * each, start + (n + 1) * each) for n, word in enumerate(text.split())]


LONG = (
    "Every evening I wash my face and wonder why nothing changes at all. Then a friend gave me this little "
    "bottle, and after two weeks my skin is calm, bright and soft, which nobody believes until they see it."
)


def test_long_lines_are_parted_into_cues_of_two_short_lines() -> None:
    cues = read(subtitles([line(LONG)], 20))
    assert " ".join(cue.text for cue in cues) == LONG
    assert len(cues) == 3
    assert all(1 <= len(cue.lines) <= 2 for cue in cues)
    assert max(len(row) for cue in cues for row in cue.lines) <= WIDEST


def test_no_cue_runs_on_past_a_sentence() -> None:
    assert not any("all. Then" in cue.text for cue in read(subtitles([line(LONG)], 20)))


def test_cues_are_read_in_time_and_never_overlap() -> None:
    cues = read(subtitles([line(LONG, each=0.28)], 20))
    assert all(one.end <= other.start for one, other in pairwise(cues))
    assert all(cue.start < cue.end for cue in cues)
    assert max(len(cue.text) / (cue.end - cue.start) for cue in cues) <= 1.1 * readable_speed(LONG)


def test_each_line_of_an_ad_has_cues_of_its_own_at_its_own_time() -> None:
    cues = read(subtitles([line("Look at this"), line("It works", 3.1), line("Buy it now", 6.3)], 9))
    assert [cue.text for cue in cues] == ["Look at this", "It works", "Buy it now"]
    assert [cue.start for cue in cues] == pytest.approx([0.3, 3.1, 6.3], abs=0.26)
    assert cues[-1].end <= 9


def test_lines_that_touch_still_follow_each_other() -> None:
    cues = read(subtitles([line("Hi there you", 0.1, 0.12), line("Go", 0.46, 0.2), line("Now", 0.66)], 2))
    assert all(one.end <= other.start for one, other in pairwise(cues))


def test_a_cue_stands_long_enough_to_be_seen() -> None:
    cues = read(subtitles([line("Wow", 1.0, 0.1)], 5))
    assert cues[0].end - cues[0].start >= 0.6


def test_scripts_without_spaces_have_half_as_many_characters_a_line() -> None:
    text = (
        "每天晚上我洗完脸都在想为什么什么都没有改变直到朋友给了我这个小瓶子两周以后我的皮肤变得平静明亮柔软"
    )
    cues = read(subtitles([[Word(text, 0.3, 12.0)]], 13))
    assert "".join("".join(cue.lines) for cue in cues) == text
    widths = [
        sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in row)
        for cue in cues
        for row in cue.lines
    ]
    assert max(widths) <= WIDEST


def test_an_arrow_in_a_text_ends_no_cue() -> None:
    (cue,) = read(subtitles([line("from A --> to B")], 5))
    assert cue.text == "from A → to B"


def test_times_go_on_after_an_hour() -> None:
    assert "01:01:01,500 --> " in subtitles([line("late", 3661.5)], 3670)


@pytest.mark.parametrize("lines", [[], [[]], [[], line("ok")]])
def test_silence_has_no_cues(lines: list[list[Word]]) -> None:
    assert len(read(subtitles(lines, 5))) == (1 if any(lines) else 0)

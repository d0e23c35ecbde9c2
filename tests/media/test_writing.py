"""Captions and titles stand where they should: pure tests on the layout's numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.media.layout import Frame
from adcli.media.subtitles import Document, color, escape, time
from adcli.media.title import add_title, rounded, stepped
from adcli.units import AspectRatio, Quality

FRAMES = [
    Frame(ratio, quality.scale(ratio.size))
    for ratio in AspectRatio
    for quality in (Quality.FINAL, Quality.PREVIEW)
]
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüßéñçşžйяшщ'’-!?,.%&0123456789WMwm", min_size=1, max_size=18)
frames, words = st.sampled_from(FRAMES), st.lists(LETTERS, min_size=1, max_size=9)


@pytest.mark.parametrize("frame", range(0, 300, 7))
def test_a_time_on_a_frame_begins_with_that_frame(frame: int) -> None:
    hours, minutes, seconds = time(frame / 30).split(":")
    written = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    assert (frame - 1) / 30 < written <= frame / 30 + 1e-9


def test_colours_are_written_backwards() -> None:
    assert color("#FFE135") == "&H0035E1FF&"


FACE = re.compile(
    r"\{\\fn(?:adcli [A-Za-z ]+|Noto Sans CJK JP)?(?:\\fs[+-][0-9.]+)?(?:\\1c\\1a)?\}"
    r"|\{\\1c&H[0-9A-F]{8}&\\1a&H[0-9A-F]{2}&\}"
)
"""The only commands that our own code writes among a user's letters."""


@given(st.text(max_size=60))
def test_escaped_text_holds_no_command(text: str) -> None:
    made = FACE.sub("", escape(text))
    assert not re.search(r"(?<!\\)[{}]", made)
    assert all(found in {r"\{", r"\}", r"\N", "\\\u2060"} for found in re.findall(r"\\.", made))
    assert "\n" not in made
    assert "\r" not in made


def test_a_title_fades_only_where_it_ends_before_the_scene() -> None:
    whole, part = Document(FRAMES[0].size, 2.0), Document(FRAMES[0].size, 2.0)
    add_title(whole, "Hello", 2.0, FRAMES[0], "title")
    add_title(part, "Hello", 1.0, FRAMES[0], "title")
    assert not any("fad" in event for event in whole.events)
    faded = [event for event in part.events if "fad(0,150)" in event]
    assert len(faded) == 3, "box, shadow and the line"
    assert faded == part.events[-3:]


@given(st.lists(st.floats(40, 900), min_size=1, max_size=6))
def test_a_titles_outline_holds_every_line_and_has_room_for_its_corners(widths: list[float]) -> None:
    height, radius = 90.0, 20.0
    corners = stepped(widths, height, radius)
    assert len(corners) % 4 == 0
    assert sorted(corners) == sorted((-x, y) for x, y in corners)
    for index, width in enumerate(widths):
        y = height * (index + 0.5 - len(widths) / 2)
        edges = [x for (x, top), (_, low) in pairwise(corners) if min(top, low) < y < max(top, low)]
        assert max(edges) >= width / 2 - 1e-6
    steps = [abs(ax - bx) for (ax, ay), (bx, by) in pairwise(corners) if ay == by]
    assert all(step >= 2 * radius - 1e-6 for step in steps)
    assert rounded(corners, radius).count("b ") == len(corners)


HEBREW = ["שלום", "עולם"]

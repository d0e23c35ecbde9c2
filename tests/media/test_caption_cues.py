"""Which words stand together, where their lines break and how long they stand: tables of pure numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adcli.media.caption_cues import Cue, cues, hurried, written
from adcli.media.caption_look import Look, Manner, Setting
from adcli.media.caption_styles import caption_style, style_names
from adcli.media.caption_words import Word, break_cost, shown_words
from adcli.media.faces import cjk_face

LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüßéñçşžйяшщ'’-!?,.%&0123456789WMwm", min_size=1, max_size=18)
LOOK = Look(30, "#FFFFFF", "#FFE135", "center", 1.15)
PIXELS = {"clean": 23, "box": 26, "word": 55}


def setting(style: str, widest: float = 384, **changes: int) -> Setting:
    manner = caption_style(style).MANNER
    kept = Manner(**{name: getattr(manner, name) for name in Manner.__slots__} | changes)
    return Setting(kept, kept.font(LOOK), PIXELS.get(style, 30), widest, kept.growth(LOOK))


def spoken(text: str, speed: float = 13.0, start: float = 0.3) -> list[Word]:
    """Words at so many characters a second."""
    found = []
    for word in text.split():
        end = start + len(word) / speed
        found.append(Word(word, start, end))
        start = end + 1 / speed
    return found


def set_in(style: str, text: str, speed: float = 13.0, **changes: int) -> list[Cue]:
    words = shown_words(spoken(text, speed))
    return cues(words, setting(style, **changes), words[-1].end + 1)


def layout(found: list[Cue]) -> str:
    return " || ".join(" / ".join(written(line) for line in cue.lines) for cue in found)


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("So good. Try it", "So good. || Try it"),
        ("“Really?” she said", "“Really?” || she said"),
        ("(wow!) ok", "(wow!) || ok"),
        ("ox ox ox ox ox", "ox ox ox || ox ox"),
        ("ox ox ox ox. ox", "ox ox ox ox. || ox"),
        ("unbelievable transformation", "unbelievable || transformation"),
        ("I love it, and you will", "I love it, || and you will"),
        ("Good mornings begin with Glow Serum.", "Good mornings || begin with || Glow Serum."),
    ],
)
def test_one_line_captions_end_with_a_sentence_four_words_or_the_line(text: str, groups: str) -> None:
    assert layout(set_in("tiktok", text)) == groups


@pytest.mark.parametrize(
    ("style", "text", "wanted"),
    [
        (
            "clean",
            "I was tired of dull skin in the morning. Then I found it.",
            "I was tired of dull skin / in the morning. || Then I found it.",
        ),
        (
            "karaoke",
            "This is the bottle that keeps your water ice cold for 24 hours, and it never leaks.",
            "This is the bottle / that keeps || your water ice cold / for 24 hours, || and it never leaks.",
        ),
        (
            "clean",
            "Ich habe so lange nach einer Flasche gesucht, die wirklich dicht ist.",
            "Ich habe so lange / nach einer Flasche gesucht, || die wirklich dicht ist.",
        ),
        (
            "clean",
            "Я долго искала крем, который не липнет и правда работает.",
            "Я долго искала крем, который / не липнет и правда работает.",
        ),
        ("karaoke", "यह बोतल आपके पानी को ठंडा रखती है", "यह बोतल आपके || पानी को ठंडा रखती है"),
        ("karaoke", "ขวดนี้เก็บน้ำเย็นได้นาน และไม่รั่วเลย", "ขวดนี้เก็บน้ำเย็นได้นาน || และไม่รั่วเลย"),
    ],
)
def test_phrases_break_where_a_reader_would_pause(style: str, text: str, wanted: str) -> None:
    assert layout(set_in(style, text)) == wanted


@pytest.mark.skipif(cjk_face() is None, reason="needs the CJK extra")
@pytest.mark.parametrize("style", style_names())
def test_japanese_sentences_end_their_captions(style: str) -> None:
    found = layout(set_in(style, "ちょっと待って！このボトルは漏れません。", 6.0)).split(" || ")
    assert any(part.endswith("待って！") for part in found)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("leaks.", "And"), ("never", "leaks")),
        (("hours,", "and"), ("for", "24")),
        (("bottle", "that"), ("that", "keeps")),
        (("cold", "for"), ("24", "hours")),
        (("wow", "it"), ("wow", "🔥")),
        (("पानी", "ठंडा"), ("पानी", "को")),
    ],
)
def test_some_breaks_disturb_less(better: tuple[str, str], worse: tuple[str, str]) -> None:
    one, other = (break_cost(Word(a, 0, 1), Word(b, 1, 2)) for a, b in (better, worse))
    assert one < other


@given(st.lists(LETTERS, min_size=1, max_size=14), st.sampled_from(style_names()))
def test_no_word_is_lost_or_moved(texts: list[str], style: str) -> None:
    words = [Word(text, n * 0.3, n * 0.3 + 0.25) for n, text in enumerate(texts)]
    shaped = setting(style)
    found = cues(words, shaped, len(texts) * 0.3 + 1)
    assert [word.text for cue in found for word in cue.words] == texts
    limit = shaped.manner
    assert all(1 <= len(cue.words) <= limit.most_words + limit.spare for cue in found)
    assert all(1 <= len(cue.lines) <= limit.most_lines for cue in found)
    if limit.whole_sentences:
        assert all(not re.search(r"[.?!]$", word.text) for cue in found for word in cue.words[:-1])


@given(
    st.lists(st.tuples(LETTERS, st.floats(0.01, 0.9), st.floats(0, 0.8)), min_size=1, max_size=14),
    st.sampled_from(style_names()),
)
def test_captions_follow_each_other_without_flicker(rows: list[tuple[str, float, float]], style: str) -> None:
    words, at = [], 0.1
    for text, seconds, pause in rows:
        words.append(Word(text, at, at + seconds))
        at += seconds + pause
    found = cues(words, setting(style), at + 0.1)
    assert all(0 <= cue.start <= cue.words[0].start + 0.1 + 1e-6 for cue in found)
    assert all(cue.end >= min(cue.words[-1].end, at) - 1e-6 for cue in found)
    assert found[-1].end <= at + 0.1 + 1e-6
    for one, other in pairwise(found):
        gap = other.start - one.end
        assert gap >= -1e-6
        assert gap < 1e-6 or gap >= 0.12 or other.start < other.words[0].start


@pytest.mark.parametrize(
    ("style", "text", "speed"),
    [
        ("clean", "Yes. No. Maybe. Well, we will see what comes of it.", 15.0),
        ("karaoke", "Go! Run! Jump! You can do it all day long.", 15.0),
        ("box", "Wow! Ok. Look at this bottle now.", 16.0),
        ("tiktok", "I do. We all of us do it every day", 18.0),
    ],
)
def test_nothing_flashes(style: str, text: str, speed: float) -> None:
    least = caption_style(style).MANNER.least
    found = set_in(style, text, speed)
    assert min(cue.end - cue.start for cue in found) >= 0.85 * least


def test_a_word_too_short_to_see_shares_its_time() -> None:
    rows = [
        ("So", 0.0, 0.08),
        ("I", 0.08, 0.12),
        ("bought", 0.12, 0.5),
        ("it", 0.5, 0.56),
        ("now", 0.56, 1.0),
    ]
    found = cues([Word(*row) for row in rows], setting("word"), 1.2)
    assert min(cue.end - cue.start for cue in found) >= 0.15
    assert [len(cue.words) for cue in found] == [2, 1, 2]


def test_the_campaigns_number_of_words_is_kept_to_the_word() -> None:
    rows = [Word("so", 0.05 * n, 0.05 * n + 0.04) for n in range(6)]
    assert all(len(cue.words) == 1 for cue in cues(rows, setting("word", spare=0), 1.0))


@pytest.mark.parametrize(
    ("style", "speed", "told"),
    [("clean", 14.0, False), ("clean", 30.0, True), ("box", 30.0, True), ("tiktok", 30.0, False)],
)
def test_captions_that_are_too_fast_to_read_are_told(style: str, speed: float, told: bool) -> None:
    text = "This is the bottle that keeps your water ice cold, and it never leaks on anything you own at all."
    words = spoken(text, speed)
    shaped = setting(style)
    notes = hurried(cues(words, shaped, words[-1].end + 0.1), shaped.manner)
    assert len(notes) == told
    assert all("characters a second" in note for note in notes)

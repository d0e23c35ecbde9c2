from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.graph.lines import (
    count_units,
    line_window,
    split_script,
    spoken_seconds,
    too_long,
    units_per_second,
    words_that_fit,
)
from adcli.spec.template import Role

SCENES = (("hook", 2.0), ("body-1", 2.2), ("body-2", 2.2), ("body-3", 2.2), ("cta", 2.0))
WINDOWS = [seconds for _, seconds in SCENES]
SCRIPT = (
    "Stop scrolling right now. My skin was dry and dull. Then I found Glow Serum. "
    "Two drops every morning. Get yours today."
)


def without_space(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("language", "seconds", "words"),
    [
        ("en", 2.1, 5), ("en", 2.2, 6), ("en-GB", 2.2, 6), ("en_US", 2.2, 6), ("en", 0.1, 1),
        ("de", 2.2, 4), ("es", 2.2, 5), ("ru", 2.2, 4), ("ja", 2.2, 9), ("zh-CN", 2.2, 6), ("xx", 2.2, 4),
    ],
)  # fmt: skip
def test_words_that_fit_a_window(language: str, seconds: float, words: int) -> None:
    assert words_that_fit(seconds, language) == words


def test_english_is_spoken_at_an_advertising_pace() -> None:
    assert 2.6 <= units_per_second("en") <= 3.0


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Everybody posts Glow Serum.", 1.61),
        ("Meet Glow Serum.", 1.07),
        ("Cart. Checkout. Oops.", 1.57),
        ("The leaflet says: no sticky feel.", 2.06),
        ("Texture tells: no sticky feel.", 2.01),
    ],
)
def test_estimates_are_near_what_the_local_voice_takes(line: str, seconds: float) -> None:
    assert spoken_seconds(line, "en") == pytest.approx(seconds, rel=0.15)


def test_characters_are_estimated_where_no_spaces_are_written() -> None:
    assert spoken_seconds("肌が変わる。", "ja") == pytest.approx(5 / units_per_second("ja"))
    assert spoken_seconds("", "en") == 0


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Glow Serum, 24/7!", 3),
        ("肌が変わる。", 5),
        ("Glow Serumは新しい", 6),
        ("—", 0),
        ("don't stop", 2),
        ("", 0),
    ],
)
def test_units_are_words_or_characters(text: str, units: int) -> None:
    assert count_units(text) == units


def test_a_line_lies_inside_its_scene() -> None:
    assert line_window(Role.HOOK, 2.4) == pytest.approx((0.1, 2.2))
    assert line_window(Role.BODY, 2.5) == pytest.approx((0.3, 2.1))
    assert line_window(Role.CTA, 2.0) == pytest.approx((0.3, 1.6))
    assert line_window(Role.BODY, 0.2) == (0.3, 0.0)


def test_a_script_is_cut_at_the_ends_of_its_sentences() -> None:
    assert split_script(SCRIPT, SCENES, "en") == {
        "hook": "Stop scrolling right now.",
        "body-1": "My skin was dry and dull.",
        "body-2": "Then I found Glow Serum.",
        "body-3": "Two drops every morning.",
        "cta": "Get yours today.",
    }


def test_a_long_sentence_is_cut_at_a_clause() -> None:
    text = "When my skin was dry, I took Glow Serum. Try it."
    assert split_script(text, SCENES[:3], "en") == {
        "hook": "When my skin was dry,",
        "body-1": "I took Glow Serum.",
        "body-2": "Try it.",
    }


def test_a_clause_without_comma_is_cut_before_a_joining_word() -> None:
    text = "I was looking for help because nothing worked at all"
    assert list(split_script(text, SCENES[:2], "en").values()) == [
        "I was looking for help",
        "because nothing worked at all",
    ]


def test_words_are_parted_only_when_a_scene_would_overflow() -> None:
    parts = split_script("one two three four five six seven eight nine ten", SCENES[:2], "en")
    assert [len(part.split()) for part in parts.values()] in ([5, 5], [4, 6])
    assert too_long(" ".join(parts.values()), WINDOWS[:2], "en") == 0


def test_new_lines_and_abbreviations_are_understood() -> None:
    assert list(split_script("Ask Dr. Lee first\nThen try it", SCENES[:2], "en").values()) == [
        "Ask Dr. Lee first",
        "Then try it",
    ]


def test_a_short_script_speaks_in_the_hook_first() -> None:
    parts = split_script("Try it today.", SCENES, "en")
    assert parts == {"hook": "Try it today.", "body-1": "", "body-2": "", "body-3": "", "cta": ""}


def test_nothing_to_say_leaves_every_scene_silent() -> None:
    assert set(split_script("  \n ", SCENES, "en").values()) == {""}
    assert split_script("word", [], "en") == {}
    assert too_long("", WINDOWS, "en") == 0


def test_japanese_is_cut_between_phrases_and_never_before_a_sign() -> None:
    parts = split_script("朝のスキンケアはこれだけ。「すごい！」グロウセラムを今すぐ試してね。", SCENES, "ja")
    assert (
        without_space("".join(parts.values()))
        == "朝のスキンケアはこれだけ。「すごい！」グロウセラムを今すぐ試してね。"
    )
    assert not any(part.startswith(tuple("。！」ケ")) for part in parts.values())


@pytest.mark.parametrize(("words", "cut"), [(28, 0), (33, 0), (35, 2), (50, 17)])
def test_a_script_that_is_too_long_says_by_how_many_words(words: int, cut: int) -> None:
    assert too_long(" ".join(["word"] * words), WINDOWS, "en") == cut


def test_the_limit_is_that_of_a_line_sped_up() -> None:
    assert too_long("one two three four five six", [2.1], "en") == 0
    assert too_long("one two three four five six seven", [2.1], "en") == 1


WORDS = st.lists(
    st.sampled_from(
        ["skin", "and", "glow,", "today.", "Wow!", "I", "serum;", "—", "because", "Dr.", "朝の肌。", "ไทย"]
    ),
    max_size=70,
)


@given(
    WORDS, st.lists(st.floats(0, 4), min_size=1, max_size=9), st.sampled_from(["en", "de", "ja", "th", "qq"])
)
@settings(max_examples=200, deadline=None)
def test_nothing_of_a_script_is_lost_or_moved(words: list[str], windows: list[float], language: str) -> None:
    scenes = [(f"scene-{n}", window) for n, window in enumerate(windows)]
    parts = split_script("  ".join(words), scenes, language)
    assert list(parts) == [name for name, _ in scenes]
    assert without_space("".join(parts.values())) == "".join(words)
    joined = " ".join(part for part in parts.values() if part)
    if language == "en" and all(word.isascii() for word in words):
        assert joined.split() == words


@given(st.text(max_size=200), st.lists(st.floats(0.5, 4), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_split(text: str, windows: list[float]) -> None:
    parts = split_script(text, [(str(n), window) for n, window in enumerate(windows)], "en")
    assert without_space("".join(parts.values())) == without_space(text)


@given(st.integers(0, 60), st.lists(st.floats(1, 3), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_script_without_any_mark_fits_when_it_can(words: int, windows: list[float]) -> None:
    room = sum(int(window * units_per_second("en") * 1.15 + 1e-9) for window in windows)
    assert too_long(" ".join(["word"] * words), windows, "en") == max(0, words - room)


def test_three_minutes_of_script_are_split_and_nothing_is_lost() -> None:
    text = " ".join(["word"] * 480)
    parts = split_script(text, [(f"body-{n}", 2.3) for n in range(72)], "en")
    assert sum(len(part.split()) for part in parts.values()) == 480

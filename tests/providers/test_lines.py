"""Written words keep their own times, whatever is said in their place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.providers._lines import Heard, Line, growth

EACH = 0.1


def said(text: str, each: float = EACH) -> Heard:
    """Every character lasts a tenth of a second."""
    starts = [round(at * each, 4) for at in range(len(text))]
    found = Heard.of(list(text), starts, [start + each for start in starts])
    assert found is not None
    return found


def times(line: Line, heard: Heard | None, seconds: float) -> dict[str, tuple[float, float]]:
    return {word: (round(start, 3), round(end, 3)) for word, start, end in line.timed(heard, seconds)}


def test_a_word_lasts_from_its_first_to_its_last_letter_not_through_the_pause_after_it() -> None:
    line = Line.of("Stop, now!")
    assert times(line, said(line.sent), 1.0) == {"Stop,": (0.0, 0.4), "now!": (0.6, 0.9)}


@pytest.mark.parametrize(
    ("text", "own", "sent", "expected"),
    [
        ("An IP68 lamp.", {"ip68": "I P sixty eight"}, "An I P sixty eight lamp.", {"IP68": (0.3, 1.8)}),
        ("Say Worcester now", {"Worcester": "Wooster"}, "Say Wooster now", {"Worcester": (0.4, 1.1)}),
        ("See (LUMÉ), ok", {"lumé": "loo may"}, "See (loo may), ok", {"(LUMÉ),": (0.5, 1.2)}),
        ("Go um go", {"um": ""}, "Go  go", {"Go": (0.0, 0.2), "go": (0.4, 0.6)}),
        ("Lumé Lumé", {"Lumé": "a b c"}, "a b c a b c", {}),
    ],
)
def test_captions_show_what_is_written_while_something_else_is_said(
    text: str, own: dict[str, str], sent: str, expected: dict[str, tuple[float, float]]
) -> None:
    line = Line.of(text, own)
    assert line.sent == sent
    timed = line.timed(said(sent), len(sent) * EACH)
    assert [word for word, _, _ in timed] == text.split()
    assert times(line, said(sent), len(sent) * EACH).items() >= expected.items()


def test_a_word_within_another_is_not_respelled() -> None:
    own = {"art": "heart", "lumé": "loo may"}
    assert Line.of("Smart part, Lumé-based art", own).sent == "Smart part, Lumé-based heart"


def test_white_space_is_sent_as_it_is_written() -> None:
    assert Line.of("One.\n\nTwo  three").sent == "One.\n\nTwo  three"


def test_numbers_that_were_written_out_get_the_room_between_their_neighbours() -> None:
    line = Line.of("Save 50 now")
    timed = times(line, said("Save fifty now"), 1.4)
    assert (timed["Save"], timed["now"]) == ((0.0, 0.4), (1.1, 1.4))
    start, end = timed["50"]
    assert 0.4 <= start < end <= 1.1


def test_tags_that_the_service_leaves_out_do_not_shift_the_words() -> None:
    line = Line.of("[excited] Stop it now")
    timed = times(line, said("Stop it now"), 1.1)
    assert (timed["Stop"], timed["it"], timed["now"]) == ((0.0, 0.4), (0.5, 0.7), (0.8, 1.1))


def test_without_times_words_share_the_sound_by_their_length_with_pauses_after_signs() -> None:
    line = Line.of("Extraordinary. A new day")
    timed = line.timed(None, 3.0)
    lengths = [end - start for _, start, end in timed]
    assert lengths[0] > 2 * lengths[1]
    assert timed[1][1] - timed[0][2] > timed[2][1] - timed[1][2]  # after the full stop
    assert timed[0][1] > 0
    assert timed[-1][2] <= 3.0


def test_times_beyond_the_sound_are_brought_back_inside() -> None:
    line = Line.of("One two")
    assert all(0 <= start <= end <= 0.5 for _, start, end in line.timed(said("One two"), 0.5))


def test_lists_that_do_not_fit_together_are_not_believed() -> None:
    assert Heard.of(["a", "b"], [0.0], [0.1]) is None
    assert Heard.of([], [], []) is None
    assert Heard.of_tokens([]) is None
    assert Heard.of_tokens([(" ", 0.0, 1.0)]) is None


def test_characters_of_several_code_points_keep_their_time_together() -> None:
    heard = Heard.of(["e\u0301", "t"], [0.0, 0.1], [0.1, 0.2])
    assert heard is not None
    assert heard.characters == "e\u0301t"
    assert len(heard.spans) == 3


def test_words_that_were_heard_give_their_time_to_the_written_ones() -> None:
    heard = Heard.of_tokens([("Meet", 0.0, 0.4), (" ", 0.4, 0.5), ("Loome", 0.5, 1.0), (" today", 1.0, 1.6)])
    timed = times(Line.of("Meet Lumé, today!"), heard, 2.0)
    assert timed["Meet"] == (0.0, 0.4)
    assert 0.4 <= timed["Lumé,"][0] < timed["Lumé,"][1] <= 1.1
    assert timed["today!"] == (1.1, 1.6)


def test_a_text_can_grow_as_much_as_its_longest_respelling() -> None:
    assert growth({}) == 1.0
    assert growth({"abcd": "ab"}) == 1.0
    assert growth({"ab": "abcdef", "abc": "abcd"}) == 3.0


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.dictionaries(st.sampled_from(["a", "be", "IP68"]), WORDS, max_size=2), st.none() | WORDS)
def test_every_written_word_has_a_time_in_order_and_inside_the_sound(
    text: str, own: dict[str, str], heard: str | None
) -> None:
    line = Line.of(text, own)
    times = said(heard) if heard else None
    seconds = len(heard or "") * EACH or 1.0
    timed = line.timed(times, seconds)
    assert [word for word, _, _ in timed] == text.split()
    assert all(0 <= start <= end <= seconds for _, start, end in timed)
    assert all(first[2] <= second[1] for first, second in pairwise(timed))

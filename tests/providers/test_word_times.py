"""Times of words that a service doesn't tell: estimated from what can be heard."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.media import speech
from adcli.providers._word_times import Span, placed, spread, stretches, timed_by_sound
from adcli.providers.local import kokoro
from adcli.providers.local.reading import Reading
from tests.emulator.media import spoken

LINE = "Honestly? I didn't believe it... but look at this."
WORDS = st.lists(
    st.sampled_from(["a", "Stop.", "everything,", "—", "50%", "日本語", "IP68!"]), min_size=1, max_size=40
)


def rises(spans: list[Span], start: float, end: float) -> bool:
    times = [time for span in spans for time in span]
    return times == sorted(times) and times[0] >= start - 1e-9 and times[-1] <= end + 1e-9


@settings(deadline=None)
@given(WORDS, st.floats(0, 5), st.floats(0.01, 60))
def test_words_are_spread_in_order_over_the_whole_sound(said: list[str], start: float, length: float) -> None:
    spans = spread(said, (start, start + length))
    assert len(spans) == len(said)
    assert rises(spans, start, start + length)
    assert spans[0][0] == start
    assert spans[-1][1] == pytest.approx(start + length)


@settings(deadline=None)
@given(WORDS, st.lists(st.tuples(st.floats(0.14, 2), st.floats(0.02, 4)), min_size=1, max_size=60))
def test_words_are_placed_in_order_where_something_is_heard(said: list[str], rests: list[Span]) -> None:
    heard, at = [], 0.0
    for silence, length in rests:
        heard.append((at + silence, at + silence + length))
        at = heard[-1][1]
    spans = placed(said, heard)
    assert len(spans) == len(said)
    assert rises(spans, heard[0][0], at)
    assert spans[0][0] == heard[0][0]
    assert spans[-1][1] == pytest.approx(at)


def test_longer_words_take_longer_and_signs_make_pauses() -> None:
    (first, second, third) = spread(["a", "remarkable", "end"], (0.0, 3.0))
    assert second[1] - second[0] > 3 * (first[1] - first[0])
    assert third[0] == second[1]
    one, two = spread(["Stop.", "Now"], (0.0, 2.0))
    assert two[0] - one[1] > 0.3


def test_a_silence_stands_after_the_word_whose_sign_asks_for_it() -> None:
    said = ["So", "I", "stopped.", "And", "then", "it", "began"]
    spans = placed(said, [(0.0, 1.0), (1.5, 2.4)])
    assert spans[2][1] == pytest.approx(1.0)
    assert spans[3][0] == pytest.approx(1.5)


def test_a_silence_without_a_sign_stands_where_both_sides_are_spoken_equally_fast() -> None:
    spans = placed(["one", "two", "six", "ten"], [(0.0, 1.5), (2.0, 2.5)])
    assert [start for start, _ in spans] == pytest.approx([0.0, 0.5, 1.0, 2.0])


def test_there_are_never_more_silences_than_places_between_words() -> None:
    spans = placed(["only", "two"], [(0.0, 0.5), (0.7, 1.0), (2.0, 2.4), (2.6, 3.0)])
    assert spans == [(0.0, 1.0), (2.0, 3.0)]
    assert placed(["one"], [(0.1, 0.5), (0.9, 1.0)]) == [(0.1, 1.0)]


def test_nothing_said_or_nothing_heard_gives_no_times() -> None:
    assert spread([], (0.0, 1.0)) == []
    assert placed([], [(0.0, 1.0)]) == []
    assert placed(["a"], []) == []


def test_short_silences_belong_to_the_words() -> None:
    loud = [False] * 5 + [True] * 20 + [False] * 10 + [True] * 10 + [False] * 30 + [True] * 5
    assert np.array(stretches(loud, 0.01)) == pytest.approx(np.array([(0.05, 0.45), (0.75, 0.8)]))
    assert stretches([False] * 50, 0.01) == []


def test_a_file_of_sound_gives_the_words_output(tmp_path: Path) -> None:
    text = "Stop now.        Then go on"
    path = tmp_path / "line.mp3"
    path.write_bytes(spoken(text, "mp3").sound)
    rows = json.loads(timed_by_sound(["Stop", "now.", "Then", "go", "on"], text.split(), path, tmp_path))
    assert [row["text"] for row in rows] == ["Stop", "now.", "Then", "go", "on"]
    assert rows[2]["start"] - rows[1]["end"] == pytest.approx(0.4, abs=0.06)
    assert rows[-1]["end"] <= spoken(text, "mp3").seconds + 0.1


def test_a_sound_that_can_not_be_listened_to_gets_the_times_of_usual_speech(tmp_path: Path) -> None:
    path = tmp_path / "line.mp3"
    path.write_bytes(b"ID3 and then nothing")
    rows = json.loads(timed_by_sound(["Stop.", "Now"], ["Stop.", "Now"], path, tmp_path / "later"))
    assert rows[0]["start"] == 0
    assert 0.5 < rows[1]["end"] < 1.5


def test_silence_gives_times_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "silent.wav"
    speech.write_wav(path, np.zeros(48_000, np.float32))
    rows = json.loads(timed_by_sound(["one", "two"], ["one", "two"], path, tmp_path))
    assert (rows[0]["start"], rows[1]["end"]) == (0.0, 1.0)


@pytest.mark.media
def test_real_speech_is_timed_to_within_a_short_words_length() -> None:
    reading = Reading.of(LINE, "en", {})
    line = kokoro.synthesize(reading, "am_michael", 1.0)
    loud = (bool(frame) for frame in speech.loud_frames(line.samples, line.rate))
    spans = placed(reading.spoken, stretches(loud, 0.01))
    off = sorted(abs(span[0] - word.start) for span, word in zip(spans, line.words, strict=True))
    assert off[len(off) // 2] < 0.15
    assert off[-1] < 0.4

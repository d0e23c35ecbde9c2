"""Music: composed pieces and given ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from adcli.errors import TaskFailed
from adcli.keys import digest
from adcli.providers.local import music
from adcli.providers.local.bed.arrange import arrange
from adcli.providers.local.bed.compose import PEAK_DB, compose
from adcli.providers.local.bed.form import shape
from adcli.providers.local.bed.harmony import harmonize
from adcli.providers.local.bed.moods import MOODS
from adcli.spec.templates import load_template
from tests.sound.making import file_of, make, python, read_wav, write_wav

ALL = pytest.mark.parametrize("mood", sorted(MOODS))
RATE, PACKSHOT = 48_000, 9.5
Sound = NDArray[np.float32]


@cache
def piece(mood: str, seconds: float = 12.0, seed: int = 7) -> Sound:
    """An ad's music, whose packshot begins at 9.5 s."""
    return compose(mood, seconds, seed, packshot=PACKSHOT)


def level(part: NDArray[Any]) -> float:
    """Root mean square."""
    return float(np.sqrt(np.square(part, dtype=np.float64).mean()))


def levels(part: Sound, seconds: float) -> NDArray[np.float64]:
    """Levels of successive stretches."""
    count = round(seconds * RATE)
    return np.array([level(part[at : at + count]) for at in range(0, len(part) - count + 1, count)])


def band(part: Sound, low: float, high: float) -> Sound:
    """What lies between two frequencies."""
    spectrum = np.fft.rfft(part, axis=0)
    hertz = np.fft.rfftfreq(len(part), 1 / RATE)
    spectrum[(hertz < low) | (hertz >= high)] = 0
    return np.asarray(np.fft.irfft(spectrum, len(part), axis=0), np.float32)


@ALL
@pytest.mark.parametrize("seconds", [1.0, 5.0, 7.3])
def test_a_piece_is_exactly_as_long_as_asked(mood: str, seconds: float) -> None:
    assert compose(mood, seconds, 42).shape == (round(seconds * RATE), 2)


@ALL
def test_a_piece_sounds_from_the_first_moment_and_ends_in_silence_on_the_last_sample(mood: str) -> None:
    bed = piece(mood)
    assert level(bed[: round(0.4 * RATE)]) > 0.1 * level(bed)
    assert np.abs(bed[-48:]).max() < 1e-4
    tail = levels(bed[round((PACKSHOT + 0.3) * RATE) :], 0.25)
    assert all(late < 1.35 * early for early, late in zip(tail, tail[2:], strict=False))
    assert tail[-1] < 0.06 * tail[0]


@ALL
def test_nothing_clicks_nothing_leans_and_there_is_headroom(mood: str) -> None:
    bed = piece(mood)
    assert np.abs(bed).max() == pytest.approx(10 ** (PEAK_DB / 20), abs=1e-4)
    assert np.abs(bed.mean(axis=0)).max() < 2e-4
    assert np.abs(bed[:24]).max() < 0.02
    highs = np.abs(band(bed, 16_000, 24_000))
    assert highs.max() < 0.12, "a click has as much over 16 kHz as anywhere"


@ALL
def test_the_lows_are_in_the_middle_and_the_rest_is_wide(mood: str) -> None:
    bed = piece(mood)
    apart, middle = bed[:, 0] - bed[:, 1], bed[:, 0] + bed[:, 1]
    assert level(band(apart, 20, 90)) < 0.03 * level(band(middle, 20, 90))
    assert level(band(apart, 300, 8000)) > 0.06 * level(band(middle, 300, 8000))
    assert level(middle) > level(apart)


@ALL
def test_it_breaks_before_the_packshot_and_hits_on_it(mood: str) -> None:
    bed = band(piece(mood), 25, 110)
    before = level(bed[round((PACKSHOT - 0.35) * RATE) : round((PACKSHOT - 0.03) * RATE)])
    after = level(bed[round(PACKSHOT * RATE) : round((PACKSHOT + 0.32) * RATE)])
    groove = level(bed[4 * RATE : 8 * RATE])
    assert before < 0.5 * groove
    assert after > 2.5 * before
    assert after > 0.9 * groove


@ALL
def test_it_grooves_and_grows(mood: str) -> None:
    form = shape(12.0, MOODS[mood].bpm, (), PACKSHOT)
    assert form.at(form.hit) == pytest.approx(PACKSHOT * RATE, abs=1)
    assert [bar.level for bar in form.bars] == sorted(bar.level for bar in form.bars)
    bed, window = piece(mood), round(0.09 * RATE)
    for bar in form.bars[1:]:
        one = form.at(bar.start)
        assert level(bed[one : one + window]) > 1.3 * level(bed[one - window : one])
    groove = levels(bed[form.at(form.bars[1].start) : form.at(form.bars[-1].start)], 0.05)
    assert groove.max() > 2 * groove.min()


@pytest.mark.parametrize("seconds", [5.0, 15.0, 30.0, 61.0, 180.0])
@pytest.mark.parametrize("bpm", [62.0, 100.0, 140.0])
def test_a_form_fills_its_time_with_whole_beats_near_the_tempo(seconds: float, bpm: float) -> None:
    form = shape(seconds, bpm, (), seconds - 2.5)
    assert [bar.start for bar in form.bars][1:] == [bar.start + bar.beats for bar in form.bars][:-1]
    assert form.bars[-1].start + form.bars[-1].beats == form.hit
    assert 60 / form.seconds_a_beat == pytest.approx(bpm, rel=0.25 if seconds < 10 else 0.11)
    assert 0.8 < form.tail < 4


@pytest.mark.parametrize("mood", MOODS)
def test_notes_can_be_written_for_every_form(mood: str) -> None:
    band = MOODS[mood]
    for seed, seconds in enumerate(np.arange(5, 60, 2.3)):
        for bpm in (band.bpm * 0.93, band.bpm * 1.07):
            for packshot in (None, float(seconds) - 2.3):
                form = shape(float(seconds), bpm, [2.2, 4.83, 7.43], packshot)
                rng = np.random.default_rng(seed)
                notes = arrange(band, form, harmonize(band, form, rng), rng)
                assert notes
                assert all(0 <= note.beat * form.beat < form.length for note in notes)


def test_cuts_fall_on_beats_where_the_tempo_can_be_bent_to_them() -> None:
    cuts = [0.53 * beat for beat in (4, 8, 12, 18)]
    form = shape(15.0, 108.0, cuts, 0.53 * 24)
    assert form.seconds_a_beat == pytest.approx(0.53, abs=0.002)
    assert form.accents == (4, 8, 12, 18)


def test_a_seed_always_gives_the_same_piece_and_another_seed_another() -> None:
    code = (
        "from adcli.keys import digest; from adcli.providers.local.bed.compose import compose\n"
        "print(digest(compose('warm', 3.0, 5).tobytes()), end='')"
    )
    assert digest(compose("warm", 3.0, 5).tobytes()) == python(code)
    assert compose("warm", 3.0, 6).tobytes() != compose("warm", 3.0, 5).tobytes()


def test_moods_differ_in_tempo_and_sound() -> None:
    assert len({mood.bpm for mood in MOODS.values()}) >= 8
    assert len({part.sound for mood in MOODS.values() for part in mood.parts}) >= 25
    assert len({digest(piece(mood).tobytes()) for mood in MOODS}) == len(MOODS)


@pytest.mark.parametrize(
    ("prompt", "mood", "expected"),
    [
        ("", "", "warm"),
        ("Upbeat, driving pop", "", "drive"),
        ("", "calm", "calm"),
        ("sunny summer tune", "", "bright"),
        ("cinematic tension", "", "cinematic"),
        ("dark and moody", "", "dark"),
        ("trap beat", "warm", "hype"),
        ("Ukulele!", "", "playful"),
        ("gentle piano", "surprise, playful", "calm"),
        ("clean corporate", "", "corporate"),
        ("folk guitar", "", "acoustic"),
        ("lo-fi", "energetic", "warm"),
    ],
)
def test_words_of_prompt_and_template_choose_the_mood(prompt: str, mood: str, expected: str) -> None:
    params = music.body({"prompt": prompt, "mood": mood, "seconds": 15.0, "seed": 1})
    assert params == {"mood": expected, "seconds": 15.0, "seed": 1}


@pytest.mark.parametrize(
    ("template", "mood"),
    [
        ("problem-solution", "corporate"),
        ("pov-reaction", "playful"),
        ("unboxing", "warm"),
        ("tiktok-made-me-buy-it", "hype"),
        ("founder-story", "calm"),
        ("testimonial", "acoustic"),
        ("before-after", "drive"),
        ("green-screen", "bright"),
    ],
)
def test_each_archetype_has_music_of_its_own(template: str, mood: str) -> None:
    found = load_template(template, Path())
    fields = {"mood": f"{found.emotion}, {found.tone}", "pacing": found.pacing, "seconds": 15.0}
    assert music.body(fields)["mood"] == mood


@pytest.mark.parametrize(
    ("prompt", "pacing", "bpm"),
    [
        ("calm, 90 BPM", "fastest", 90.0),
        ("calm at 900 bpm", "", 180.0),
        ("calm, 20 bpm", "", 50.0),
        ("calm", "unhurried, longest scenes", 67.0),
        ("calm", "very fast", 76.3),
        ("calm", "even", None),
    ],
)
def test_the_prompt_or_the_pacing_sets_the_tempo(prompt: str, pacing: str, bpm: float | None) -> None:
    assert music.body({"prompt": prompt, "pacing": pacing, "seconds": 15.0}).get("bpm") == bpm


def test_a_composed_piece_is_written_as_stereo(tmp_path: Path) -> None:
    params = {"mood": "calm", "seconds": 4.0, "seed": 1, "cuts": [1.0, 2.0], "packshot": 2.0, "bpm": 80.0}
    made = make(music.make, params, tmp_path)
    samples, rate = read_wav(file_of(made, "audio").path)
    assert (samples.shape, rate) == ((192_000, 2), 48_000)
    assert made.notes == ("music: a calm piece made on this machine",)


@pytest.mark.media
def test_a_given_piece_becomes_stereo_at_48_khz(tmp_path: Path) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100)
    source = write_wav(tmp_path / "it's, [a] song.wav", tone, 44_100)
    params = music.body({"file": {"$input": 0}})
    first, second = (make(music.make, params, tmp_path / name, [source]) for name in ("a", "b"))
    samples, rate = read_wav(file_of(first, "audio").path)
    assert rate == 48_000
    assert samples.shape[1] == 2
    assert abs(len(samples) - 48_000) < 50
    assert level(samples) > 0.1
    assert file_of(first, "audio").path.read_bytes() == file_of(second, "audio").path.read_bytes()


@pytest.mark.media
@pytest.mark.parametrize(
    "content",
    [b"", b"not a sound at all", b"ffconcat version 1.0\nfile /etc/hostname\n", b"RIFF\x00\x00\x00\x00WAVE"],
)
def test_a_piece_that_cannot_be_read_fails_with_a_reason(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "bed.mp3"
    source.write_bytes(content)
    with pytest.raises(TaskFailed, match=r"bed\.mp3 has no sound that can be read") as caught:
        make(music.make, {"file": {"$input": 0}}, tmp_path / "work", [source])
    assert "MP3" in str(caught.value.hint)

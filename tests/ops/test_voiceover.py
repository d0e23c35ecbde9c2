"""Operation ``voiceover`` lays a voice over a film at its time."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import TaskFailed
from adcli.media.audio import measure
from tests.ops import filming as f

pytestmark = pytest.mark.media


def test_a_voice_starts_at_its_time(voice: Path, tmp_path: Path) -> None:
    source = f.video(tmp_path / "mute.mp4", 1.0, size="64x64", sound=None)
    sound = f.samples(f.film(tmp_path, source, {"voiceover": {"file": voice, "start": 0.4}}))
    assert f.level(sound[: round(0.39 * f.RATE)]) < -60
    assert f.level(sound[round(0.45 * f.RATE) : round(0.75 * f.RATE)]) > -25
    assert f.level(sound[round(0.85 * f.RATE) :]) < -50


def test_the_films_own_sound_lies_under_the_voice(clock: Path, voice: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, {"voiceover": {"file": voice, "start": 0.0}})
    sound = f.samples(made)
    assert f.pitch(sound[round(0.05 * f.RATE) : round(0.35 * f.RATE)]) == pytest.approx(200, abs=8)
    assert f.pitch(sound[round(0.7 * f.RATE) : round(0.95 * f.RATE)]) == pytest.approx(880, abs=8)
    assert measure(made.path).integrated == pytest.approx(-14, abs=0.5)


def test_without_its_own_sound_only_the_voice_is_heard(clock: Path, voice: Path, tmp_path: Path) -> None:
    made = f.film(tmp_path, clock, {"voiceover": {"file": voice, "keep_sound": False}})
    assert f.level(f.samples(made)[round(0.6 * f.RATE) :]) < -60
    assert f.encoders(made) == 0


def test_a_spoken_text_arrives_as_audio(clock: Path, voice: Path, tmp_path: Path) -> None:
    settings = {"text": "Hello there.", "audio": voice, "words": "[]", "keep_sound": False}
    sound = f.samples(f.film(tmp_path, clock, {"voiceover": settings}))
    assert f.pitch(sound[: round(0.35 * f.RATE)]) == pytest.approx(200, abs=8)


def test_a_voice_that_ends_after_the_film_is_refused(clock: Path, voice: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match=r"ends at 1\.20 s, but the video lasts 1\.00 s"):
        f.film(tmp_path, clock, {"voiceover": {"file": voice, "start": 0.8}})


def test_a_silent_recording_is_refused(clock: Path, tmp_path: Path) -> None:
    silent = f.video(tmp_path / "silent.mp4", 0.3, size="64x64", sound="anullsrc=r=48000:cl=mono")
    with pytest.raises(TaskFailed, match=r"nothing is heard in silent\.mp4"):
        f.film(tmp_path, clock, {"voiceover": {"file": silent, "keep_sound": False}})


def test_voices_after_each_other_are_equally_loud(voice: Path, clock: Path, tmp_path: Path) -> None:
    """The second is no foreground that the first has to go under."""
    steps = [{"voiceover": {"file": voice, "start": start}} for start in (0.0, 0.5)]
    sound = f.samples(f.film(tmp_path, clock, *steps))
    first, second = (sound[round(at * f.RATE) : round((at + 0.3) * f.RATE)] for at in (0.05, 0.55))
    assert f.pitch(first) == pytest.approx(200, abs=8) and f.pitch(second) == pytest.approx(200, abs=8)
    assert f.level(first) == pytest.approx(f.level(second), abs=1.5)

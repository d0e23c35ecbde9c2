"""Languages that only eSpeak NG speaks, which comes with an extra: with it, without it, and when it fails."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.providers.local import espeak, voice
from adcli.work import Made
from tests.graph.campaigns import plan_of
from tests.sound.making import file_of, make, read_wav, words_of

needs_espeak = pytest.mark.skipif(not espeak.is_installed(), reason="the extra espeak is not installed")
RUSSIAN = "Усталая кожа? Скидка 50% — 🔥 до 24 мая, 4.9/5!"


def fields(language: str, text: str = "Hm.") -> dict[str, Any]:
    person = {"id": "m", "name": "Maria", "prompt": "woman"}
    return {"text": text, "language": language, "seconds": 9.0, "character": person, "settings": {}}


def speak(folder: Path, language: str, text: str) -> Made:
    return make(voice.make, voice.body(fields(language, text)), folder)


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """As if packages were not installed."""
    found: Callable[..., Any] = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name in packages else found(name, *more)
    )


@needs_espeak
@pytest.mark.media
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", RUSSIAN),
        ("pl", "Zmęczona skóra? Tylko $20.50, 24/7."),
        ("uk", "Втомлена шкіра? Купуй зараз."),
        ("tr", "Yorgun cilt mi? %50 indirim!"),
        ("pt-BR", "Pele cansada? O sérum em 7 dias: acme.com/br."),
        ("ar", "بشرة متعبة؟ اشتري الآن."),
        ("zh", "皮肤疲惫？ 立即购买。"),
        ("hi", "थकी हुई त्वचा? अभी खरीदें।"),
    ],
)
def test_each_language_is_heard_and_each_word_has_its_time(tmp_path: Path, language: str, text: str) -> None:
    made = speak(tmp_path, language, text)
    samples, rate = read_wav(file_of(made, "audio").path)
    words = words_of(made)
    assert [word["text"] for word in words] == text.split()
    edges = [edge for word in words for edge in (word["start"], word["end"])]
    assert edges == sorted(edges)
    assert words[0]["start"] < 0.1
    assert len(samples) / rate - 0.3 < edges[-1] <= len(samples) / rate
    assert 0.06 < np.sqrt(np.square(samples).mean()) < 0.2
    assert made.notes[0].startswith(f"voice: eSpeak {espeak.voice_of(language)}/f2")


@needs_espeak
@pytest.mark.media
def test_a_pause_is_in_no_word(tmp_path: Path) -> None:
    words = {word["text"]: word for word in words_of(speak(tmp_path, "ru", RUSSIAN))}
    assert words["Скидка"]["start"] - words["кожа?"]["end"] > 0.15


@needs_espeak
@pytest.mark.media
def test_the_same_line_is_the_same_sound_and_women_differ_from_men(tmp_path: Path) -> None:
    params = voice.body(fields("ru", "Тихая кожа."))
    sounds = [
        file_of(make(voice.make, params | {"voice": name}, tmp_path / str(n)), "audio").path.read_bytes()
        for n, name in enumerate(("ru/f2", "ru/f2", "ru/m3"))
    ]
    assert sounds[0] == sounds[1] != sounds[2]


def test_the_plan_says_who_speaks_with_the_extra_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if espeak.is_installed():
        assert voice.body(fields("ru"))["engine"] == "espeak"
        assert voice.note(fields("ru")) == "voice of Maria → eSpeak ru/f2"
    without(monkeypatch, "espeakng_loader")
    assert voice.body(fields("ru"))["engine"] == "silence"
    plan = plan_of(tmp_path, language="ru", providers={})
    said = "timed silence, as no voice here can read this in ru (adcli[espeak] brings one)"
    assert f"voice of Maria → {said}" in plan.graph.notes
    made = speak(tmp_path / "line", "ru", RUSSIAN)
    assert made.notes == (f"voice: {said}",)
    assert [word["text"] for word in words_of(made)] == RUSSIAN.split()


def test_what_is_installed_is_in_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = voice.body(fields("ru"))
    without(monkeypatch, "espeakng_loader")
    assert (voice.body(fields("ru")) != with_it) == (with_it["engine"] == "espeak")


def test_english_words_of_the_draft_are_spoken_in_english(tmp_path: Path) -> None:
    person = {"name": "Maria", "prompt": "mulher", "script": {"hook": "Pele cansada?"}}
    tasks = plan_of(tmp_path, language="pt-BR", characters=[person], providers={}).graph.tasks
    assert tasks["maria/hook/voice"].params["language"] == "pt-BR"
    assert tasks["maria/body-1/voice"].params["engine"] == "kokoro"


def test_languages_that_it_cannot_read_stay_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    for language in ("ja", "th", "tlh"):
        assert voice.body(fields(language))["engine"] == "silence"
        assert "adcli[espeak]" not in str(voice.note(fields(language)))


def test_it_stands_in_where_pico_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "py_nanotts")
    expected = "espeak" if espeak.is_installed() else "silence"
    assert voice.body(fields("de"))["engine"] == expected


def fake_loader(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    (folder / "espeakng_loader").mkdir(parents=True)
    (folder / "espeakng_loader" / "__init__.py").write_text(code)
    monkeypatch.syspath_prepend(str(folder))


@needs_espeak
@pytest.mark.media
def test_data_under_a_very_long_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.find_spec("espeakng_loader")
    assert spec is not None
    assert spec.origin is not None
    real = Path(spec.origin).parent
    deep = tmp_path.joinpath(*["a-folder-with-a-rather-long-name"] * 6)
    deep.mkdir(parents=True)
    (deep / "espeak-ng-data").symlink_to(real / "espeak-ng-data")
    library = next(real.glob("*espeak-ng*.*"))
    fake_loader(
        tmp_path / "first",
        monkeypatch,
        f"def get_library_path(): return {str(library)!r}\n"
        f"def get_data_path(): return {str(deep / 'espeak-ng-data')!r}\n",
    )
    made = speak(tmp_path / "line", "ru", "Тихая кожа.")
    assert made.notes == ("voice: eSpeak ru/f2",)


def test_an_engine_that_fails_leaves_timed_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_loader(tmp_path / "first", monkeypatch, "raise ImportError('broken')")
    made = speak(tmp_path / "line", "ru", RUSSIAN)
    assert made.notes[0] == "espeak can't be used: the engine failed: ImportError: broken"
    assert made.notes[1].startswith("voice: timed silence")


def test_an_engine_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os, pathlib, time\npathlib.Path(__file__).with_name('pid').write_text(str(os.getpid()))\n"
    fake_loader(tmp_path / "first", monkeypatch, code + "time.sleep(600)")
    monkeypatch.setattr(espeak, "_TIMEOUT", 3.0)
    made = speak(tmp_path / "line", "ru", RUSSIAN)
    assert "timed out" in made.notes[0]
    pid = int((tmp_path / "first" / "espeakng_loader" / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)

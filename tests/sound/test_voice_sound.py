"""How spoken lines sound and are timed, whoever speaks: levels, edges, one interval for each caption word."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adcli.media import ffmpeg
from adcli.media.speech import settled, words_json
from adcli.providers.local import espeak, pico, silence, voice
from adcli.providers.local.reading import Reading
from adcli.providers.local.voices import KOKORO
from tests.sound.making import file_of, make, read_wav, words_of

ENGLISH = "Your bag is soaked again. Get Tarn Bottle now!"
NASTY = (
    "🔥 Only $20.50 (was €1,299.99!) — 24/7 … ✨",
    "— WAIT!!! 😱 4.9/5?! 👩‍🚀🇩🇪 #glow @maria_s",
    "10:30 pm, 3.5x 50% 1/2 №1 “No.1” & + 10k 1M+",
    "acme.com/shop?x=1 www.x.io hello@acme.com A/B e.g. vs. Dr. X",
    "café Łódź naïve Wi-Fi USB-C SPF50 iPhone 17 30-day 350 ml 5 km 9 am 2026 🎉🎉🎉 !!! ...",
)
OWN = {"4.9/5": "nearly full marks", "iPhone 17": "the new one", "acme.com": "/ˈækmi/"}


def speakers() -> list[tuple[str, str, str, str]]:
    """Engine, voice, language and a line for everybody who can speak here."""
    found = [("kokoro", who.name, "en", ENGLISH) for who in KOKORO]
    if pico.is_installed():
        line = "Deine Tasche ist schon wieder nass. Jetzt zugreifen!"
        found += [("pico", f"de-DE/{pitch}", "de", line) for pitch in ("mid", "high", "low", "deep")]
    if espeak.is_installed():
        line = "Твоя сумка снова мокрая. Закажи сейчас!"
        found += [("espeak", f"ru/{kind}", "ru", line) for kind in ("f2", "f4", "f5", "m3", "m7", "m1")]
    return found


def loudness(path: Path) -> tuple[float, float]:
    """Integrated LUFS and true peak in dB, as ffmpeg measures them."""
    told = ffmpeg.run(
        ["-hide_banner", "-nostats", "-i", path.name, "-af", "ebur128=peak=true", "-f", "null", "-"],
        cwd=path.parent,
        timeout=60,
    ).stderr
    summary = told[told.rindex("Summary") :]
    loud, peak = re.search(r"I:\s+(-?[\d.]+)", summary), re.search(r"Peak:\s+(-?[\d.]+)", summary)
    assert loud
    assert peak
    return float(loud[1]), float(peak[1])


@pytest.mark.media
@pytest.mark.xdist_group("kokoro")
def test_all_voices_are_equally_loud_and_begin_and_end_softly(tmp_path: Path) -> None:
    loud = {}
    for engine, name, language, line in speakers():
        params = {"text": line, "engine": engine, "voice": name, "language": language}
        made = make(voice.make, params, tmp_path / engine)
        path = file_of(made, "audio").path
        samples, rate = read_wav(path)
        heard = np.flatnonzero(np.abs(samples[:, 0]) > 0.02) / rate
        loud[name], peak = loudness(path)
        assert peak < -1, name
        assert heard[0] < 0.15, name
        assert len(samples) / rate - heard[-1] < 0.25, name
        assert np.abs(samples[[0, -1]]).max() < 0.001, name
        assert np.abs(np.diff(samples[: rate // 500, 0])).max() < 0.01, name
    assert max(loud.values()) - min(loud.values()) < 3, loud


def assert_one_interval_for_each_word(words: list[dict[str, Any]], text: str, seconds: float) -> None:
    assert [word["text"] for word in words] == text.split()
    before = 0.0
    for word in words:
        assert before <= word["start"] < word["end"] <= seconds
        before = word["end"]


@pytest.mark.media
@pytest.mark.xdist_group("kokoro")
@pytest.mark.parametrize("text", NASTY)
def test_every_caption_word_has_its_interval_whoever_speaks(tmp_path: Path, text: str) -> None:
    place = NASTY.index(text)
    for engine, name, language, _ in speakers()[place :: len(NASTY)]:
        params = {"text": text, "engine": engine, "voice": name, "language": language, "pronunciations": OWN}
        made = make(voice.make, params, tmp_path / engine)
        samples, rate = read_wav(file_of(made, "audio").path)
        assert_one_interval_for_each_word(words_of(made), text, len(samples) / rate)


TOKENS = (
    *("$20.50", "24/7", "🔥", "👩‍🚀", "—", "...", "!!", "4.9/5"),
    *("Glow", "Serum.", "acme.com", "a", "#1", "&", "№"),
)
TOKEN = st.sampled_from(TOKENS) | st.text(min_size=1, max_size=8).filter(str.strip)
LANGUAGES = st.sampled_from(["en", "de", "ru", "zh", "ar"])


@settings(deadline=None)
@given(st.lists(TOKEN, min_size=1, max_size=30), LANGUAGES, st.floats(0.7, 1.4))
def test_any_line_has_one_rising_interval_for_each_word(
    tokens: list[str], language: str, speed: float
) -> None:
    text = " ".join(tokens)
    reading = Reading.of(text, language, {"Glow Serum": "gloh", "24/7": "always on"})
    speech = silence.synthesize(reading, speed)
    words = json.loads(words_json(settled(reading.timed(speech.words), speech.seconds)))
    if speech.seconds > 0.05 * len(words):  # else there is no room for so many
        assert_one_interval_for_each_word(words, text, speech.seconds)
    assert [word["text"] for word in words] == text.split()


@pytest.mark.media
@pytest.mark.skipif(not pico.is_installed(), reason="py-nanotts is not installed")
@pytest.mark.parametrize(
    ("voice_name", "language", "line"),
    [("es-ES/mid", "es", "Frío todo el día. ¿Objeciones?"), ("de-DE/mid", "de", "Warum Northpeak? Darum.")],
)
def test_a_rest_between_two_short_sentences_leaves_them_in_their_scene(
    tmp_path: Path, voice_name: str, language: str, line: str
) -> None:
    params = {"text": line, "engine": "pico", "voice": voice_name, "language": language, "seconds": 2.1}
    samples, rate = read_wav(file_of(make(voice.make, params, tmp_path), "audio").path)
    heard = np.flatnonzero(np.abs(samples[:, 0]) > 0.02) / rate
    assert 0.1 < np.diff(heard).max() < 0.45

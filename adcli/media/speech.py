"""A spoken line in memory, and what is done to one: trim, level, resample, write."""

from __future__ import annotations

import json
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from adcli.errors import TaskFailed, TextTooLong
from adcli.media import ffmpeg
from adcli.media.audio import SAFE
from adcli.media.synth import RATE

Samples: TypeAlias = NDArray[np.float32]

_FRAME = 0.01
_LEAD, _TAIL = 0.03, 0.08
_SPARE = 0.06
_FLOOR_DB = -42.0
_SPEECH_RMS_DB = -21.0
_PEAK = 10 ** (-2 / 20)
_KNEE = 10 ** (-6 / 20)
_LAST_WORD = 0.25
"""Seconds by which a word grows when it becomes the last one, with the breath after it."""
_TIMEOUT = 120.0


@dataclass(frozen=True, slots=True)
class Word:
    """A displayed word and when it is heard, in seconds from the line's start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Speech:
    """Mono samples in -1..1 at ``rate`` Hz, and the words heard in them."""

    samples: Samples
    rate: int
    words: tuple[Word, ...]

    @property
    def seconds(self) -> float:
        """Length of the sound."""
        return len(self.samples) / self.rate


def trimmed(speech: Speech) -> Speech:
    """Without the silence around it, but for 30 ms before and 80 ms after; fades hide the cuts."""
    heard = loud_frames(speech.samples, speech.rate)
    if not heard.any():
        return speech
    first, last = int(np.argmax(heard)), len(heard) - int(np.argmax(heard[::-1]))
    start = max(0, round((first * _FRAME - _LEAD) * speech.rate))
    end = min(len(speech.samples), round((last * _FRAME + _TAIL) * speech.rate))
    samples = faded(speech.samples[start:end], speech.rate)
    return Speech(
        samples, speech.rate, shifted(speech.words, -start / speech.rate, (end - start) / speech.rate)
    )


def cut_tail(speech: Speech, window: float) -> Speech | None:
    """The speech within ``window`` seconds, cut by up to 60 ms at its end; None if it is longer."""
    room = int(window * speech.rate + 1e-6)
    over = len(speech.samples) - room
    if over <= 0:
        return speech
    if over > _SPARE * speech.rate:
        return None
    samples = faded(speech.samples[:room], speech.rate)
    return Speech(samples, speech.rate, shifted(speech.words, 0.0, room / speech.rate))


def too_long(speech: Speech, window: float, faster: float) -> TextTooLong:
    """How many words have to go, measured on the line as it would sound at ``faster`` times its speed."""
    count = len(speech.words)
    inside = sum(word.end / faster + _LAST_WORD <= window for word in speech.words)
    share = int(count * window * faster / speech.seconds)
    return TextTooLong(count, max(1, count - min(inside, share)), window)


def read(path: Path, words: str, folder: Path, faster: float = 1.0) -> Speech:
    """A line that a service has spoken, as samples, with its ``words`` output; ``faster`` keeps its pitch.

    Raises TaskFailed when the file has no sound.
    """
    tempo = f",atempo={faster:.6f}" if faster > 1 else ""
    chain = f"aresample={RATE},aformat=sample_fmts=flt:channel_layouts=mono{tempo}"
    target = folder / "line.f32"
    arguments = ["-v", "error", "-y", *SAFE, "-i", str(path), "-map", "0:a:0", "-af", chain, "-f", "f32le"]
    ffmpeg.run([*arguments, target.name], cwd=folder, timeout=_TIMEOUT)
    samples = np.fromfile(target, np.float32)
    if not len(samples):
        raise TaskFailed(f"{path.name} has no sound", hint="listen to it, and take the voice again: --retake")
    heard = [(str(row["text"]), float(row["start"]), float(row["end"])) for row in json.loads(words)]
    timed = tuple(Word(text, start / faster, end / faster) for text, start, end in heard)
    return Speech(samples, RATE, timed)


def loud_frames(samples: Samples, rate: int) -> NDArray[np.bool_]:
    """For each 10 ms: whether it lies less than 42 dB under the loudest one."""
    size = round(rate * _FRAME)
    count = max(1, -(-len(samples) // size))
    frames = np.zeros(count * size, np.float64)
    frames[: len(samples)] = samples
    power = np.square(frames.reshape(count, size)).mean(axis=1)
    return np.asarray(power > max(float(power.max()) * 10 ** (_FLOOR_DB / 10), 1e-9))


def faded(samples: Samples, rate: int) -> Samples:
    """With 5 ms of fade-in and 20 ms of fade-out."""
    result = samples.astype(np.float32, copy=True)
    into, out = min(len(result), rate // 200), min(len(result), rate // 50)
    result[:into] *= np.linspace(0, 1, into, dtype=np.float32)
    result[len(result) - out :] *= np.linspace(1, 0, out, dtype=np.float32)
    return result


def shifted(words: Sequence[Word], by: float, length: float) -> tuple[Word, ...]:
    """Words moved by ``by`` seconds and kept inside 0..``length``."""

    def inside(time: float) -> float:
        return min(max(time + by, 0.0), length)

    return tuple(Word(word.text, inside(word.start), inside(word.end)) for word in words)


def leveled(samples: Samples, rate: int) -> Samples:
    """With its loud parts at -21 dBFS RMS and its peak under -2 dBFS, so that all voices match."""
    heard = np.repeat(loud_frames(samples, rate), round(rate * _FRAME))[: len(samples)]
    rms = float(np.sqrt(np.square(samples[heard], dtype=np.float64).mean())) if heard.any() else 0.0
    if rms < 1e-4:
        return samples
    gain = 10 ** (_SPEECH_RMS_DB / 20) / rms
    # A soft knee instead of a lower level: one plosive must not make a whole line quiet.
    scaled = samples.astype(np.float64) * gain
    over = np.maximum(np.abs(scaled) - _KNEE, 0.0)
    bent = np.minimum(np.abs(scaled), _KNEE) + (_PEAK - _KNEE) * np.tanh(over / (_PEAK - _KNEE))
    return np.asarray(np.copysign(bent, scaled), np.float32)


def upsampled(samples: Samples, factor: int) -> Samples:
    """At ``factor`` times the rate, by a Kaiser-windowed sinc of 48 zero crossings."""
    half = 24 * factor
    at = np.arange(-half, half + 1)
    kernel = (np.sinc(at / factor * 0.96) * 0.96 * np.kaiser(2 * half + 1, 8.0)).astype(np.float64)
    padded = np.concatenate([samples.astype(np.float64), np.zeros(1)])
    result = np.zeros(len(samples) * factor, np.float64)
    for phase in range(factor):
        taps = kernel[phase::factor]
        result[phase::factor] = np.convolve(padded, taps)[24 : 24 + len(samples)]
    return result.astype(np.float32)


def settled(words: Sequence[Word], length: float) -> tuple[Word, ...]:
    """Words in order, at least a few ms long, inside 0..``length``; gaps under 120 ms are closed.

    A highlight that jumps over a short gap flickers, so a word then starts where the last one ended.
    """
    result: list[Word] = []
    for index, word in enumerate(words):
        before = result[-1].end if result else 0.0
        start = max(word.start, before)
        if result and start - before < 0.12:
            start = before
        left = len(words) - index - 1
        start = min(start, max(before, length - 0.02 * (left + 1)))
        end = min(max(word.end, start + 0.02), max(start, length - 0.02 * left))
        result.append(Word(word.text, start, end))
    return tuple(result)


def words_json(words: Sequence[Word]) -> str:
    """The task's ``words`` output: times in whole milliseconds, rounded down."""
    rows = [
        {"text": word.text, "start": int(word.start * 1000) / 1000, "end": int(word.end * 1000) / 1000}
        for word in words
    ]
    return json.dumps(rows, ensure_ascii=False)


def write_wav(path: Path, samples: Samples) -> None:
    """Mono 16-bit WAV at 48 kHz."""
    data = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(data.tobytes())

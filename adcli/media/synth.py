"""Sound made from nothing, in numpy: tones, noise, envelopes and places that music and effects share."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mono: TypeAlias = NDArray[np.float32]
Stereo: TypeAlias = NDArray[np.float32]
Rng: TypeAlias = np.random.Generator

RATE = 48_000
"""Samples per second."""

_TAU = np.float32(2 * np.pi)
_BLOCK = 1 << 18


def clock(seconds: float) -> NDArray[np.float64]:
    """The time of each sample of so many seconds."""
    return np.arange(max(1, round(seconds * RATE))) / RATE


def turns(phase: NDArray[np.float64]) -> Mono:
    """Sine of a phase in turns; the whole turns go before single precision could blur them."""
    return np.asarray(np.sin((phase % 1.0).astype(np.float32) * _TAU), np.float32)


def sine(hertz: float, time: NDArray[np.float64]) -> Mono:
    """A sine at ``hertz``."""
    return turns(hertz * time)


def falling(time: NDArray[np.float64], rate: float) -> Mono:
    """An exponential that has fallen to 1/e after ``1 / rate`` seconds."""
    return np.asarray(np.exp(-rate * time.astype(np.float32)), np.float32)


def held(count: int, attack: float, release: float) -> Mono:
    """An envelope of ``count`` samples with raised-cosine ends of so many seconds."""
    level = np.ones(count, np.float32)
    into, out = min(count // 2, round(attack * RATE)), min(count // 2, round(release * RATE))
    level[:into] = 0.5 - 0.5 * np.cos(np.pi * np.arange(into) / max(into, 1))
    fade = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, out + 1) / max(out, 1))
    level[count - out :] *= fade.astype(np.float32)
    return level


def peaked(sound: NDArray[np.floating]) -> Mono:
    """The same with a highest sample of 1."""
    return np.asarray(sound / max(float(np.abs(sound).max()), 1e-9), np.float32)


def noise(rng: Rng, seconds: float, low: float, high: float, order: float = 6) -> Mono:
    """Noise between two frequencies, ``order`` × 3 dB an octave beside them, with a highest sample of 1."""
    count = max(16, round(seconds * RATE))
    spectrum = np.fft.rfft(rng.standard_normal(count))
    return peaked(np.fft.irfft(spectrum * band(count, low, high, order), count))


def band(count: int, low: float, high: float, order: float = 6) -> NDArray[np.float64]:
    """Gain of each bin of an ``rfft`` of ``count`` samples: 1 between two frequencies, falling beside."""
    hertz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 1e-3)
    return np.asarray(1 / np.sqrt((1 + (low / hertz) ** order) * (1 + (hertz / high) ** order)))


def panned(sound: Mono, side: float) -> Stereo:
    """Left and right of a sound at ``side`` (-1 left … 1 right), with the same power everywhere."""
    angle = (side + 1) * np.pi / 4
    return sound[:, None] * np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(2**0.5)


def add(mix: Stereo, at: int, sound: Stereo, level: float = 1.0) -> None:
    """Adds a sound at a sample of ``mix``; what lies beyond either end is left out."""
    if at < 0:
        sound, at = sound[-at:], 0
    room = min(len(sound), len(mix) - at)
    if room > 0:
        mix[at : at + room] += sound[:room] * np.float32(level)


def swept(rng: Rng, seconds: float, path: tuple[float, ...], width: float = 1.4) -> Mono:
    """Noise whose band glides through the centres of ``path`` evenly; ``width`` is the band's ratio."""
    count = max(64, round(seconds * RATE))
    spectrum = np.fft.rfft(rng.standard_normal(count))
    place = np.linspace(0, len(path) - 1, count)
    result = np.zeros(count)
    for index, centre in enumerate(path):
        part = np.fft.irfft(spectrum * band(count, centre / width, centre * width, 7), count)
        near = np.clip(1 - np.abs(place - index), 0, 1)
        result += np.sin(near * np.pi / 2) * part / np.sqrt(np.square(part).mean())
    return peaked(result)


def reverb(sound: Stereo, rng: Rng, seconds: float, low: float = 200.0, high: float = 6000.0) -> Stereo:
    """A room's answer that has fallen by 60 dB after ``seconds``, each side its own, without the lows."""
    count = round(min(seconds, 4.0) * RATE)
    time = np.arange(count) / RATE
    fall = np.exp(-6.91 * time / seconds) * np.minimum(1, time / 0.012) * held(count, 0.0, 0.1)
    result = np.zeros_like(sound)
    size = max(_BLOCK, 1 << (2 * count - 1).bit_length())
    step, tone = size - count, band(size, low, high, 3)
    for side in (0, 1):
        tail = rng.standard_normal(count) * fall
        answer = np.fft.rfft(tail / np.sqrt(np.square(tail).sum()), size) * tone
        for at in range(0, len(sound), step):
            block = np.fft.irfft(np.fft.rfft(sound[at : at + step, side], size) * answer, size)
            room = min(size, len(sound) - at)
            result[at : at + room, side] += block[:room].astype(np.float32)
    return result


def echo(sound: Stereo, delay: int, level: float) -> Stereo:
    """Three echoes that swap sides, each ``level`` times the one before."""
    result = np.zeros_like(sound)
    for turn in (1, 2, 3):
        if delay * turn < len(sound):
            late = sound[: len(sound) - delay * turn]
            result[delay * turn :] += (late[:, ::-1] if turn % 2 else late) * np.float32(level**turn)
    return result

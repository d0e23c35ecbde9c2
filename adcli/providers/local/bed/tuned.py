"""Instruments with pitch: electric and felt piano, strings plucked and bowed, synthesisers, bells and basses.

Each is ``(hertz, seconds, force, rng) → mono`` with a highest sample near 1; ``seconds`` is how long the key
is held, ``force`` (0..1) makes it brighter, as a harder touch does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from adcli.media.synth import RATE, Mono, Rng, clock, falling, held, noise, peaked, sine, turns

Instrument: TypeAlias = Callable[[float, float, float, Rng], Mono]

_HIGHEST = 11_000.0
_TABLE = 4096
_INAUDIBLE = 8.0  # time constants: 70 dB


def keys(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Electric piano by FM (as in Chowning's): a bell-like tine over a round body that growls when hit."""
    time = clock(seconds + 0.35)
    index = (0.35 + 1.5 * force) * falling(time, 3.2) + np.float32(0.22)
    body = turns(hertz * time + index * sine(hertz, time) / (2 * np.pi))
    tine = sine(min(hertz * 14, 9000), time) * falling(time, 17) * np.float32(0.05 + 0.16 * force)
    tone = np.tanh(1.3 * (body * falling(time, 1.25) + tine))
    return tone * held(len(time), 0.003, 0.3) * np.float32(0.9)


def piano(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """Felt piano: stiff strings in slightly detuned pairs, and the hammer's knock."""
    time = clock(seconds + 0.5)
    tone = np.zeros(len(time), np.float32)
    softness = 2.1 - 0.8 * force
    for partial in range(1, 15):
        pitch = hertz * partial * np.sqrt(1 + 0.00035 * partial**2)
        if pitch > _HIGHEST:
            break
        fall = (0.75 + 0.45 * partial) * (hertz / 262) ** 0.35
        heard = time[: round(_INAUDIBLE / fall * RATE)]
        pair = sine(pitch, heard) + np.float32(0.7) * sine(pitch * 1.0006, heard)
        tone[: len(heard)] += pair * falling(heard, fall) * np.float32(partial**-softness)
    knock = noise(rng, 0.09, 90, 900) * falling(clock(0.09), 60)
    tone = peaked(tone)
    tone[: len(knock)] += knock[: len(tone)] * np.float32(0.05 + 0.1 * force)
    return tone * held(len(time), 0.004, 0.45)


def string(hertz: float, seconds: float, force: float, rng: Rng, bright: float, ring: float) -> Mono:
    """A plucked string after Karplus and Strong (1983): a period of noise that a soft filter goes through.

    It is made at twice a whole period and then read at the exact pitch. ``ring`` is the seconds until it
    has fallen by 60 dB, ``bright`` (0..1) how much of the highs each turn keeps.
    """
    count = round((seconds + 0.12) * RATE)
    period = max(8, round(2 * RATE / hertz))
    rounds = int(count * 2 / period) + 3
    block = rng.uniform(-1, 1, period)
    spectrum = np.fft.rfft(block)
    order = np.arange(len(spectrum))
    spectrum *= np.sin(np.pi * 0.17 * order) / (1 + (order * hertz / (1000 + 4200 * force)) ** 2)
    spectrum[0] = 0
    block = np.fft.irfft(spectrum, period)
    keep = 10 ** (-3 / max(ring * hertz, 1))
    mixed = 0.5 - 0.42 * bright
    wave = np.empty((rounds, period))
    for turn in range(rounds):
        wave[turn] = block
        shifted = np.empty(period)
        shifted[0], shifted[1:] = block[-1], block[:-1]
        block = keep * ((1 - mixed) * block + mixed * shifted)
    step = hertz * (period + mixed) / RATE
    tone = np.interp(np.arange(count) * step, np.arange(wave.size), wave.ravel())
    return peaked(tone) * held(count, 0.0015, 0.1)


def guitar(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """Steel strings with a wooden body under them."""
    tone = string(hertz, seconds, force, rng, 0.62, 3.2)
    time = clock(0.12)
    knock = (sine(104, time) + sine(197, time)) * falling(time, 42) * np.float32(0.09 * force)
    count = min(len(tone), len(knock))
    tone[:count] += knock[:count] * held(len(knock), 0.002, 0.05)[:count]
    return tone


def muted(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """Guitar under the palm: short and round, the motor of corporate music."""
    tone = string(hertz, min(seconds, 0.34), force * 0.8, rng, 0.45, 0.75)
    return tone * falling(clock(len(tone) / RATE), 3.0)


def nylon(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """Ukulele or small nylon strings."""
    return string(hertz, min(seconds, 0.9), force * 0.75, rng, 0.62, 1.1)


def pizzicato(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Plucked violins: several players, hardly any ring."""
    parts = [string(hertz * detune, 0.34, force * 0.6, rng, 0.3, 0.5) for detune in (0.997, 1.002)]
    time = clock(len(parts[0]) / RATE)
    wood = sine(hertz, time) * falling(time, 13)
    return peaked(parts[0] + parts[1] + wood[: len(parts[0])] * np.float32(0.7)) * held(
        len(time), 0.003, 0.08
    )


def mallet(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Marimba: the fourth harmonic rings short, as its bars are tuned."""
    time = clock(0.7)
    tone = sine(hertz, time) * falling(time, 6.5)
    for partial, level, fall in ((3.93, 0.3, 17.0), (9.2, 0.12, 45.0)):
        if hertz * partial < _HIGHEST:
            tone += sine(hertz * partial, time) * falling(time, fall) * np.float32(level * (0.4 + force))
    return tone * held(len(time), 0.003, 0.2) * np.float32(0.85)


def bell(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Glass bell by FM with an uneven ratio."""
    time = clock(seconds + 0.9)
    index = (0.5 + 2.0 * force) * falling(time, 5.5)
    tone = turns(hertz * time + index * sine(hertz * 3.51, time) / (2 * np.pi)) * falling(time, 3.0)
    return tone * held(len(time), 0.003, 0.5) * np.float32(0.8)


def pluck(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Synthesiser pluck: a sawtooth whose filter shuts, each harmonic sooner than the one below."""
    time = clock(min(seconds, 0.6) + 0.25)
    tone = np.zeros(len(time), np.float32)
    for partial in range(1, 21):
        if hertz * partial > _HIGHEST:
            break
        fall = 4.2 + (2.6 - 1.7 * force) * partial
        heard = time[: round(_INAUDIBLE / fall * RATE)]
        pair = sine(hertz * partial * 0.9985, heard) + sine(hertz * partial * 1.0015, heard)
        tone[: len(heard)] += pair * falling(heard, fall) * np.float32(0.5 / partial**0.9)
    return tone * held(len(time), 0.003, 0.2) * np.float32(0.8)


def _wave(hertz: float, slope: float) -> NDArray[np.float64]:
    """One cycle with the harmonics that the pitch leaves room for, falling as 1/h^slope."""
    at = np.arange(_TABLE) * (2 * np.pi / _TABLE)
    cycle = np.zeros(_TABLE)
    for harmonic in range(1, max(2, min(40, int(_HIGHEST / hertz)))):
        cycle += np.sin(harmonic * at + 0.5 * harmonic**2) / harmonic**slope
    return np.asarray(cycle / np.abs(cycle).max())


def _ensemble(hertz: float, count: int, slope: float, cents: tuple[float, ...], rng: Rng) -> Mono:
    table = _wave(hertz, slope).astype(np.float32)
    time, tone = np.arange(count) / RATE, np.zeros(count, np.float32)
    for detune in cents:
        phase = hertz * 2 ** (detune / 1200) * time + rng.random()
        tone += table[((phase % 1.0) * _TABLE).astype(np.int32) % _TABLE]
    return tone / np.float32(len(cents) ** 0.7)


def pad(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """A warm synthesiser pad: four voices beside each other, rising slowly."""
    count = round((seconds + 0.6) * RATE)
    tone = _ensemble(hertz, count, 2.1 - 0.5 * force, (-9, -3, 4, 8), rng)
    return tone * held(count, min(0.28, seconds / 2), 0.55) * np.float32(0.7)


def strings(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """A section of bows that swells through its note."""
    count = round((seconds + 0.7) * RATE)
    dull = _ensemble(hertz, count, 2.2, (-8, 0, 7), rng)
    bright = _ensemble(hertz, count, 1.15, (-11, -4, 5, 12), rng)
    open_ = np.linspace(0.12, 0.3 + 0.45 * force, count, dtype=np.float32)
    return (dull * (1 - open_) + bright * open_) * held(count, min(0.42, seconds / 2), 0.65) * np.float32(0.7)


def stab(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """House chord: five saws beside each other, soon over."""
    count = round((min(seconds, 0.5) + 0.2) * RATE)
    bright = _ensemble(hertz, count, 1.0, (-14, -6, 0, 7, 13), rng)
    dull = _ensemble(hertz, count, 2.0, (-14, 0, 13), rng)
    shut = falling(np.arange(count) / RATE, 9.0 - 5 * force)
    return (bright * shut + dull * (1 - shut)) * held(count, 0.005, 0.18) * np.float32(0.7)


def brass(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Low brass: harmonics that speak one after another and blare when pushed."""
    time = clock(seconds + 0.2)
    tone = np.zeros(len(time), np.float32)
    for partial in range(1, 17):
        if hertz * partial > 6000:
            break
        late = 1 - falling(time, 70 / partial)
        tone += turns(hertz * partial * time) * late * np.float32(partial ** -(1.55 - 0.6 * force))
    return peaked(np.tanh(1.2 * peaked(tone)) * falling(time, 0.9)) * held(len(time), 0.012, 0.18)


def round_bass(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Soft finger bass: the lows, and enough overtones for a phone's speaker."""
    time = clock(seconds + 0.06)
    tone = sine(hertz, time) + np.float32(0.4) * sine(2 * hertz, time) * falling(time, 3)
    tone += np.float32(0.22) * sine(3 * hertz, time) * falling(time, 6)
    tone += np.float32(0.12 * force) * sine(5 * hertz, time) * falling(time, 12)
    return np.tanh(1.4 * tone) * falling(time, 1.1) * held(len(time), 0.006, 0.06) * np.float32(0.9)


def picked_bass(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:
    """Electric bass with a pick."""
    tone = string(hertz, seconds, 0.35 + 0.3 * force, rng, 0.66, 2.2)
    low = sine(hertz, np.arange(len(tone)) / RATE) * falling(np.arange(len(tone)) / RATE, 2.0)
    return np.tanh(1.5 * (tone * np.float32(0.7) + low * np.float32(0.7))) * held(len(tone), 0.004, 0.07)


def saw_bass(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """Synthesiser bass: a filtered saw with a bite at its start."""
    time = clock(seconds + 0.04)
    tone = np.zeros(len(time), np.float32)
    for partial in range(1, 13):
        fall = 1.2 + (1.6 - 0.7 * force) * (partial - 1)
        tone += turns(hertz * partial * time) * falling(time, fall) * np.float32(partial**-1.05)
    return np.asarray(np.tanh(1.3 * tone) * held(len(time), 0.005, 0.04) * np.float32(0.8))


def sub_808(hertz: float, seconds: float, force: float, rng: Rng) -> Mono:  # noqa: ARG001
    """A tuned 808: it falls into its pitch, rings, and is driven until phones can hear it."""
    time = clock(seconds + 0.08)
    phase = hertz * (time + 0.9 / 38 * (1 - np.exp(-38 * time)))
    tone = turns(phase) * falling(time, 1.5)
    driven = np.tanh((2.0 + 1.8 * force) * tone) + np.float32(0.16) * np.tanh(6 * turns(2 * phase) * tone)
    return np.asarray(driven * held(len(time), 0.003, 0.08) * np.float32(0.85))


TUNED: Mapping[str, Instrument] = {
    "keys": keys,
    "piano": piano,
    "guitar": guitar,
    "muted": muted,
    "nylon": nylon,
    "pizzicato": pizzicato,
    "mallet": mallet,
    "bell": bell,
    "pluck": pluck,
    "pad": pad,
    "strings": strings,
    "stab": stab,
    "brass": brass,
    "round bass": round_bass,
    "picked bass": picked_bass,
    "saw bass": saw_bass,
    "808": sub_808,
}
"""Instruments by the name that moods use."""

"""Percussion: kicks, snares, claps, hats, toms, and the noises that lead from one part to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from adcli.media.synth import RATE, Mono, Rng, clock, falling, held, noise, peaked, sine, swept, turns

Drum: TypeAlias = Callable[[Rng], Mono]

_METAL = (2043.0, 3017.0, 3661.0, 4159.0, 5339.0, 6703.0, 8117.0)


def _kick(low: float, high: float, drop: float, fall: float, click: float, drive: float) -> Drum:
    def kick(rng: Rng) -> Mono:
        time = clock(0.42)
        phase = low * time + (high - low) / drop * (1 - np.exp(-drop * time))
        body = np.tanh(drive * turns(phase) * falling(time, fall))
        tick = noise(rng, 0.03, 1500, 6000) * falling(clock(0.03), 220)
        body[: len(tick)] += tick * np.float32(click)
        return peaked(body * held(len(time), 0.0015, 0.1))

    return kick


def _snare(low: float, wires: float, fall: float, bright: float) -> Drum:
    def snare(rng: Rng) -> Mono:
        time = clock(0.34)
        head = (sine(low, time) + np.float32(0.6) * sine(low * 1.78, time)) * falling(time, 26)
        hiss = noise(rng, 0.34, 900, bright) * falling(time, fall) * np.float32(wires)
        return peaked((head + hiss[: len(time)]) * held(len(time), 0.001, 0.08))

    return snare


def _clap(rng: Rng) -> Mono:
    time = clock(0.34)
    shape = np.zeros(len(time), np.float32)
    for late, level in ((0.0, 0.7), (0.011, 0.85), (0.022, 0.7), (0.034, 1.0)):
        at = round(late * RATE)
        fall = falling(time[: len(time) - at], 110 if late < 0.03 else 17)
        shape[at:] = np.maximum(shape[at:], fall * np.float32(level))
    return peaked(noise(rng, 0.34, 950, 6200, 4)[: len(time)] * shape * held(len(time), 0.001, 0.1))


def _snap(rng: Rng) -> Mono:
    time = clock(0.13)
    crack = noise(rng, 0.13, 1900, 5200, 5) * (falling(time, 60) + np.float32(0.5) * falling(time, 28))
    return peaked(
        (crack + np.float32(0.5) * sine(2350, time) * falling(time, 75)) * held(len(time), 0.001, 0.05)
    )


def _rim(rng: Rng) -> Mono:
    time = clock(0.09)
    tone = sine(455, time) * falling(time, 60) + np.float32(0.8) * sine(1710, time) * falling(time, 90)
    tick = noise(rng, 0.09, 1200, 7000) * falling(time, 160)
    return peaked((tone + tick) * held(len(time), 0.0008, 0.03))


def _hat(fall: float, seconds: float) -> Drum:
    def hat(rng: Rng) -> Mono:
        time = clock(seconds)
        metal = sum(np.sign(sine(pitch * rng.uniform(0.98, 1.02), time)) for pitch in _METAL)
        spectrum = np.fft.rfft(np.asarray(metal) * 0.16 + rng.standard_normal(len(time)) * 0.7)
        hertz = np.maximum(np.fft.rfftfreq(len(time), 1 / RATE), 1)
        spectrum *= 1 / (1 + (7200 / hertz) ** 6) / (1 + (hertz / 14000) ** 4)
        sound = np.fft.irfft(spectrum, len(time)).astype(np.float32)
        return peaked(sound * falling(time, fall) * held(len(time), 0.001, min(0.05, seconds / 3)))

    return hat


def _shaker(rng: Rng) -> Mono:
    time = clock(0.11)
    swell = np.minimum(1, time / 0.028).astype(np.float32) ** 2 * falling(np.maximum(time - 0.028, 0), 48)
    return peaked(noise(rng, 0.11, 4800, 11500, 5) * swell * held(len(time), 0.004, 0.03))


def _tambourine(rng: Rng) -> Mono:
    time = clock(0.2)
    jingles = sum(sine(pitch * rng.uniform(0.99, 1.01), time) for pitch in (6100, 7350, 8900, 10300))
    hiss = noise(rng, 0.2, 6000, 13000, 5)
    return peaked((np.asarray(jingles) * 0.3 + hiss) * falling(time, 26) * held(len(time), 0.003, 0.05))


def _tom(low: float) -> Drum:
    def tom(rng: Rng) -> Mono:
        time = clock(0.62)
        phase = low * time + low * 0.75 / 22 * (1 - np.exp(-22 * time))
        skin = noise(rng, 0.62, 200, 1800) * falling(time, 34) * np.float32(0.22)
        return peaked((np.tanh(1.5 * turns(phase)) * falling(time, 7.5) + skin) * held(len(time), 0.002, 0.2))

    return tom


def _stomp(rng: Rng) -> Mono:
    time = clock(0.36)
    phase = 62 * time + 60 / 30 * (1 - np.exp(-30 * time))
    floor = noise(rng, 0.36, 90, 700) * falling(time, 26) * np.float32(0.6)
    return peaked((turns(phase) * falling(time, 13) + floor) * held(len(time), 0.002, 0.1))


def _crash(rng: Rng) -> Mono:
    time = clock(2.2)
    metal = sum(sine(pitch * rng.uniform(0.97, 1.5), time) for pitch in _METAL)
    wash = noise(rng, 2.2, 3200, 13000, 3) + np.asarray(metal, np.float32) * np.float32(0.04)
    return peaked(
        wash * (falling(time, 2.6) + np.float32(0.5) * falling(time, 11)) * held(len(time), 0.003, 0.5)
    )


def _impact(rng: Rng) -> Mono:
    """A boom that carries a cut: a falling sub with a dull slap."""
    time = clock(1.7)
    phase = 36 * time + 58 / 9 * (1 - np.exp(-9 * time))
    slap = noise(rng, 1.7, 60, 1300, 3) * falling(time, 11) * np.float32(0.5)
    return peaked((np.tanh(1.6 * turns(phase)) * falling(time, 2.9) + slap) * held(len(time), 0.002, 0.5))


def _swell(rng: Rng) -> Mono:
    """A cymbal played backwards: it ends at its peak."""
    return _crash(rng)[: round(1.1 * RATE)][::-1] * held(round(1.1 * RATE), 0.1, 0.012)


def _riser(rng: Rng) -> Mono:
    """Air that opens for a second and stops short."""
    sound = swept(rng, 1.2, (500, 1100, 2400, 5200))
    rise = np.linspace(0, 1, len(sound), dtype=np.float32) ** 2.2
    return peaked(sound * rise * held(len(sound), 0.05, 0.02))


DRUMS: Mapping[str, Drum] = {
    "kick": _kick(49, 150, 34, 9.0, 0.12, 1.7),
    "soft kick": _kick(52, 105, 30, 11.0, 0.03, 1.2),
    "hard kick": _kick(47, 240, 46, 10.0, 0.3, 2.6),
    "snare": _snare(188, 1.1, 17, 8500),
    "soft snare": _snare(176, 0.75, 22, 5200),
    "brush": _snare(210, 2.6, 20, 6200),
    "clap": _clap,
    "snap": _snap,
    "rim": _rim,
    "hat": _hat(62, 0.09),
    "open hat": _hat(9, 0.34),
    "shaker": _shaker,
    "tambourine": _tambourine,
    "low tom": _tom(72),
    "mid tom": _tom(98),
    "high tom": _tom(132),
    "stomp": _stomp,
    "crash": _crash,
    "impact": _impact,
    "swell": _swell,
    "riser": _riser,
}
"""Drums by the name that moods use."""

BACKWARDS = frozenset({"swell", "riser"})
"""What ends at its place instead of beginning there."""

KICKS = frozenset({"kick", "soft kick", "hard kick", "stomp"})
"""What the other sounds make room for."""

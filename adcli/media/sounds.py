"""Sound effects, made here: what a hook, a title, a transition and a packshot sound like.

They are subtle: each keeps out of the range of speech, or is over before a line's first word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from adcli.media.synth import (
    RATE,
    Mono,
    Rng,
    Stereo,
    add,
    clock,
    falling,
    held,
    noise,
    panned,
    peaked,
    sine,
    swept,
    turns,
)


@dataclass(frozen=True, slots=True)
class Sound:
    """An effect by its name and the seconds of the track at which it begins."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Effect:
    """How an effect is made: highest sample in dB under full scale where the voice is at -20 LUFS; its pan.

    ``path`` is where it moves (-1 left … 1 right); ``seconds`` is its length.
    """

    make: Callable[[Rng], Mono]
    level: float
    seconds: float
    path: tuple[float, float] = (0.0, 0.0)


def lay_sounds(sounds: Sequence[Sound], samples: int) -> Stereo:
    """A track of ``samples`` with each effect at its place; the same list always gives the same sound."""
    track = np.zeros((samples, 2), np.float32)
    for sound in sounds:
        effect, at = EFFECTS[sound.name], round(sound.at * RATE)
        rng = np.random.default_rng([at, *sound.name.encode()])
        made = peaked(effect.make(rng)) * np.float32(10 ** (effect.level / 20))
        add(track, at, _moved(made, effect.path, flipped=bool(rng.random() < 0.5)))
    return track


def _moved(sound: Mono, path: tuple[float, float], *, flipped: bool) -> Stereo:
    """A sound that glides from one side to the other; standing ones lie a little left or right."""
    start, end = path
    if start == end:
        return panned(sound, -start if flipped else start)
    angle = (np.linspace(start, end, len(sound)) + 1) * np.pi / 4
    sides = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 2**0.5
    return np.asarray(sound[:, None] * sides, np.float32)


def _hook(rng: Rng) -> Mono:
    """A soft boom with a puff of air: felt more than heard, its highs gone after 60 ms."""
    time = clock(0.7)
    phase = 44 * time + 62 / 16 * (1 - np.exp(-16 * time))
    boom = np.tanh(1.4 * turns(phase)) * falling(time, 6.5)
    puff = noise(rng, 0.7, 300, 5200, 3) * falling(time, 55) * np.float32(0.45)
    return np.asarray((boom + puff[: len(time)]) * held(len(time), 0.003, 0.25))


def _pop(rng: Rng) -> Mono:
    """A bubble: a tone that slides up within a blink."""
    time = clock(0.13)
    low, high = 430 * rng.uniform(0.95, 1.05), 1020 * rng.uniform(0.95, 1.05)
    phase = high * time - (high - low) / 55 * (1 - np.exp(-55 * time))
    tone = turns(phase) * falling(time, 38)
    return tone * held(len(time), 0.004, 0.05)


def _whoosh(seconds: float, path: tuple[float, ...], peak: float) -> Callable[[Rng], Mono]:
    """Air that rises to ``peak`` (a share of its length) and goes, its band gliding through ``path``."""

    def whoosh(rng: Rng) -> Mono:
        sound = swept(rng, seconds, path)
        place = np.linspace(0, 1, len(sound))
        swell = np.where(place < peak, place / peak, (1 - place) / (1 - peak))
        return np.asarray(sound * np.sin(swell * np.pi / 2) ** 2, np.float32)

    return whoosh


def _zoom(rng: Rng) -> Mono:
    """A short rise of air and tone that lands softly."""
    air = _whoosh(0.34, (500, 1500, 3600), 0.72)(rng)
    time = clock(0.34)[: len(air)]
    phase = 150 * time + 330 / 2 * time**2 / 0.34
    tone = turns(phase) * np.float32(0.4) * (time / 0.34).astype(np.float32) ** 2
    land = np.sin(np.pi / 2 * np.clip((0.34 - time) / 0.09, 0, 1)).astype(np.float32) ** 2
    return air + tone * land * held(len(air), 0.02, 0.02)


def _packshot(rng: Rng) -> Mono:
    """A soft landing and, over it, a shimmer of tiny bells without a key of their own."""
    time = clock(1.5)
    phase = 52 * time + 40 / 14 * (1 - np.exp(-14 * time))
    landing = np.tanh(1.3 * turns(phase)) * falling(time, 7) * np.float32(1.0)
    shimmer = np.zeros(len(time), np.float32)
    for order in range(14):
        late = 0.03 + 0.045 * order * float(rng.uniform(0.7, 1.3))
        pitch = float(rng.uniform(3600, 5200)) * (1 + 0.05 * order)
        grain = clock(0.5)
        at = round(late * RATE)
        ring = sine(pitch, grain) * falling(grain, 13) * held(len(grain), 0.004, 0.1)
        shimmer[at : at + len(grain)] += ring[: len(shimmer) - at] * np.float32(0.8 - 0.045 * order)
    return np.asarray((landing + shimmer * np.float32(0.16)) * held(len(time), 0.004, 0.4))


def _click(rng: Rng) -> Mono:
    """A button under a finger: down, and up again."""
    sound = np.zeros(round(0.12 * RATE), np.float32)
    for late, pitch, level in ((0.0, 1650.0, 1.0), (0.055, 2300.0, 0.6)):
        time = clock(0.045)
        tick = sine(pitch * float(rng.uniform(0.97, 1.03)), time) * falling(time, 150)
        tick += noise(rng, 0.045, 1500, 6500) * falling(time, 260) * np.float32(0.5)
        at = round(late * RATE)
        sound[at : at + len(time)] += tick * held(len(time), 0.0015, 0.02) * np.float32(level)
    return sound


EFFECTS: Mapping[str, Effect] = {
    "hook": Effect(_hook, -17.0, 0.7),
    "pop": Effect(_pop, -22.0, 0.13, (0.15, 0.15)),
    "swipe": Effect(_whoosh(0.3, (700, 2600, 1100), 0.4), -21.0, 0.3, (0.8, -0.8)),
    "whip": Effect(_whoosh(0.3, (900, 4800, 1500), 0.45), -19.0, 0.3, (0.9, -0.9)),
    "zoom": Effect(_zoom, -20.0, 0.34),
    "fade": Effect(_whoosh(0.6, (450, 1300, 800), 0.45), -25.0, 0.6, (-0.4, 0.4)),
    "packshot": Effect(_packshot, -19.0, 1.5),
    "click": Effect(_click, -21.0, 0.12, (0.1, 0.1)),
}
"""Effects by name. A transition's has the transition's name and is over before the next line begins."""

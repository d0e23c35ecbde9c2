"""Composes a soft music bed from a style and a seed: pads, plucks, bass and percussion, in numpy alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mono: TypeAlias = NDArray[np.float32]
Stereo: TypeAlias = NDArray[np.float32]

RATE = 48_000
"""Samples per second."""

PEAK_DB = -7.0
"""Highest sample of a bed, dBFS: room for the master to add the voice."""

_TABLE = 4096
_PAN_DELAY = 0.375


@dataclass(frozen=True, slots=True)
class Style:
    """Character of a bed; ``progressions`` are semitones over the tonic with ``m`` for minor chords."""

    bpm: float
    progressions: tuple[str, ...]
    tonic: int
    brightness: float
    pluck: float
    drums: float
    steps: int


STYLES = {
    "warm": Style(96, ("0 7 9m 5", "0 4m 5 7", "0 9m 5 7"), 57, 0.45, 0.8, 0.55, 8),
    "bright": Style(112, ("0 5 9m 7", "5 0 7 9m", "0 7 5 7"), 60, 0.75, 1.0, 0.8, 8),
    "calm": Style(74, ("0 5 0 7", "0 9m 5 5", "5 0 5 7"), 55, 0.25, 0.6, 0.0, 4),
    "drive": Style(122, ("9m 5 0 7", "0 7 9m 5", "9m 7 5 7"), 57, 0.7, 0.9, 1.0, 16),
    "dark": Style(86, ("0m 8 3 10", "0m 5m 8 7", "0m 3 8 10"), 53, 0.3, 0.7, 0.6, 8),
}
"""Styles by name; ``warm`` is the default."""


def compose(style: str, seconds: float, seed: int) -> Stereo:
    """A bed of ``round(seconds × 48000)`` rows of left and right, with a soft start and a finished end."""
    plan = _Plan.of(STYLES[style], seconds, np.random.default_rng(seed))
    dry = _pads(plan) + _bass(plan)
    plucks = _echoed(_plucks(plan), round(_PAN_DELAY * 2 * plan.beat))
    wet = _reverb(dry * np.float32(0.35) + plucks, plan.rng)
    mix = dry + plucks * np.float32(0.8) + wet * np.float32(0.55) + _drums(plan)
    return _finished(mix[: plan.length], plan.beat)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Bars of four beats that fill the length exactly; ``chords`` has each bar's notes as MIDI numbers."""

    style: Style
    length: int
    beat: float
    chords: tuple[tuple[int, ...], ...]
    rng: np.random.Generator

    @classmethod
    def of(cls, style: Style, seconds: float, rng: np.random.Generator) -> _Plan:
        length = max(1, round(seconds * RATE))
        bars = max(1, round(seconds * style.bpm / 240))
        tonic = style.tonic + int(rng.integers(-3, 4))
        steps = style.progressions[int(rng.integers(len(style.progressions)))].split()
        names = [steps[bar % len(steps)] for bar in range(bars - 1)]
        names.append("0m" if style.progressions[0].startswith("0m") else "0")
        chords: list[tuple[int, ...]] = []
        for name in names:
            chords.append(_voiced(name, tonic, chords[-1] if chords else None))
        return cls(style, length, length / (bars * 4), tuple(chords), rng)

    @property
    def bars(self) -> int:
        return len(self.chords)

    def at(self, bar: int, beat: float) -> int:
        """Sample of a beat (0..4) of a bar."""
        return round((bar * 4 + beat) * self.beat)


def _voiced(name: str, tonic: int, before: tuple[int, ...] | None) -> tuple[int, ...]:
    """Bass note and four upper notes, each upper one near the chord before, so that voices lead smoothly."""
    minor = name.endswith("m")
    root = tonic + int(name.rstrip("m"))
    colour = 10 if minor else 14  # minor seventh, or added ninth
    wanted = [root, root + (3 if minor else 4), root + 7, root + colour]
    centre = (sum(before[1:]) / 4 + tonic + 5.0) / 2 if before else tonic + 5.0
    upper = sorted(note + 12 * round((centre - note) / 12) for note in wanted)
    bass = root - 12 * ((root - 33) // 12)
    return (bass, *upper)


def _hertz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def _wave_table(harmonics: int, slope: float) -> Mono:
    """One cycle with harmonics that fall as 1/h^slope: band-limited by construction."""
    at = np.arange(_TABLE) * (2 * np.pi / _TABLE)
    cycle = np.zeros(_TABLE)
    for harmonic in range(1, harmonics + 1):
        cycle += np.sin(harmonic * at + 0.7 * harmonic) / harmonic**slope
    return np.asarray(cycle / np.abs(cycle).max(), np.float32)


def _pads(plan: _Plan) -> Stereo:
    mix = np.zeros((plan.length + 2 * RATE, 2), np.float32)
    soft, rich = _wave_table(6, 2.2), _wave_table(14, 1.15)
    for bar, chord in enumerate(plan.chords):
        start, end = plan.at(bar, 0), plan.at(bar + 1, 0)
        attack, release = (0.5 if bar == 0 else 0.22), 0.6
        count = end - start + round(release * RATE)
        time = np.arange(count, dtype=np.float64) / RATE
        swell = (0.5 + 0.5 * np.sin(2 * np.pi * (0.11 * (time + start / RATE) + 0.1))).astype(np.float32)
        bright = np.float32(plan.style.brightness) * (np.float32(0.35) + np.float32(0.65) * swell)
        sound = np.zeros((count, 2), np.float32)
        for note in chord[1:]:
            for side, cents in ((0.2, -7.0), (0.5, 0.5), (0.8, 6.0)):
                turn = time * _hertz(note + cents / 100) + float(plan.rng.random())
                index = ((turn % 1.0) * _TABLE).astype(np.int32) % _TABLE
                voice = soft[index] + (rich[index] - soft[index]) * bright
                sound[:, 0] += voice * np.float32(1 - side)
                sound[:, 1] += voice * np.float32(side)
        sound *= (_held(count, attack, release) * np.float32(0.03))[:, None]
        _add(mix, start, sound)
    return mix[: plan.length]


def _bass(plan: _Plan) -> Stereo:
    mix = np.zeros((plan.length, 2), np.float32)
    for bar, chord in enumerate(plan.chords):
        last = bar == plan.bars - 1
        for beat, beats, level in ((0.0, 4.0 if last else 2.2, 1.0), (2.5, 1.4, 0.7)):
            if last and beat:
                continue
            count = round(beats * plan.beat)
            phase = 2 * np.pi * _hertz(chord[0]) * np.arange(count) / RATE
            tone = np.sin(phase) + 0.28 * np.sin(2 * phase) + 0.08 * np.sin(3 * phase)
            fall = np.exp(-np.arange(count) / (RATE * (1.6 if last else 0.9)))
            sound = (tone * fall * _held(count, 0.018, 0.12) * 0.12 * level).astype(np.float32)
            _add(mix, plan.at(bar, beat), np.stack([sound, sound], axis=1))
    return mix


def _plucks(plan: _Plan) -> Stereo:
    """A broken chord that enters after the first beats and thins out in the last bar."""
    mix = np.zeros((plan.length, 2), np.float32)
    steps = plan.style.steps
    order = plan.rng.permutation(4)
    for bar, chord in enumerate(plan.chords):
        for step in range(steps):
            last = bar == plan.bars - 1
            if (last and step) or (not last and plan.rng.random() < 0.22):
                continue
            note = chord[1 + int(order[step % 4])] + (12 if step % 3 else 24 if step % 8 == 3 else 12)
            grow = min(1.0, 0.45 + 0.25 * bar)
            accent = 1.0 if step % (steps // 4) == 0 else 0.72
            level = plan.style.pluck * grow * accent * (0.85 + 0.3 * float(plan.rng.random()))
            side = 0.5 + (0.22 if step % 2 else -0.22)
            sound = _pluck(note, 0.14 * level)
            pair = np.stack([sound * np.float32(1 - side), sound * np.float32(side)], axis=1)
            _add(mix, plan.at(bar, 4 * step / steps), pair)
    return mix


def _pluck(note: int, level: float) -> Mono:
    """A soft mallet: higher partials fade sooner; one partial is a little out of tune, as in a real bar."""
    count = round(0.9 * RATE)
    time = np.arange(count) / RATE
    pitch = _hertz(note)
    tone = np.zeros(count)
    for partial, strength, fall in (
        (1, 1.0, 5.0),
        (2.005, 0.35, 8.0),
        (3, 0.16, 13.0),
        (4.02, 0.1, 20.0),
        (6, 0.04, 30.0),
    ):
        tone += strength * np.exp(-fall * time) * np.sin(2 * np.pi * pitch * partial * time)
    return (tone * _held(count, 0.006, 0.2) * level).astype(np.float32)


def _drums(plan: _Plan) -> Stereo:
    """Soft kick, brushed backbeat and shaker; silent in the first bar (of three or more) and in the last."""
    mix = np.zeros((plan.length, 2), np.float32)
    if not plan.style.drums:
        return mix
    kick, brush, shaker = _kick(), _noise(plan.rng, 1400, 6500, 0.11), _noise(plan.rng, 5500, 12000, 0.045)
    for bar, beat, kind in _pattern(plan):
        level = plan.style.drums * (0.85 + 0.3 * float(plan.rng.random()))
        sound, side = {"kick": (kick, 0.5), "brush": (brush, 0.46), "shaker": (shaker, 0.62)}[kind]
        loud = {"kick": 0.22, "brush": 0.05, "shaker": 0.022 if beat % 1 else 0.014}[kind] * level
        pair = np.stack([sound * np.float32(1 - side), sound * np.float32(side)], axis=1) * np.float32(
            2 * loud
        )
        _add(mix, plan.at(bar, beat), pair)
    return mix


def _pattern(plan: _Plan) -> Iterator[tuple[int, float, str]]:
    driving = plan.style.steps > 8
    for bar in range(1 if plan.bars > 2 else 0, plan.bars - 1):
        for beat in (0.0, 1.0, 2.0, 3.0) if driving else (0.0, 2.5 if bar % 2 else 2.0):
            yield bar, beat, "kick"
        for beat in (1.0, 3.0):
            yield bar, beat, "brush"
        for eighth in range(8):
            yield bar, eighth / 2, "shaker"


def _kick() -> Mono:
    count = round(0.28 * RATE)
    time = np.arange(count) / RATE
    phase = 2 * np.pi * (48 * time + 55 / 28 * (1 - np.exp(-28 * time)))
    return (np.sin(phase) * np.exp(-11 * time) * _held(count, 0.004, 0.08)).astype(np.float32)


def _noise(rng: np.random.Generator, low: float, high: float, fall: float) -> Mono:
    """A burst of noise between two frequencies that fades in ``fall`` seconds."""
    count = round(fall * 5 * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    band = 1 / (1 + (low / np.maximum(hertz, 1)) ** 6) / (1 + (hertz / high) ** 6)
    burst = np.fft.irfft(spectrum * band, count)
    burst *= np.exp(-np.arange(count) / (fall * RATE)) * _held(count, 0.004, 0.02)
    return np.asarray(burst / np.abs(burst).max(), np.float32)


def _held(count: int, attack: float, release: float) -> Mono:
    """An envelope of ``count`` samples with raised-cosine ends of so many seconds."""
    level = np.ones(count, np.float32)
    into, out = min(count // 2, round(attack * RATE)), min(count // 2, round(release * RATE))
    level[:into] = 0.5 - 0.5 * np.cos(np.pi * np.arange(into) / max(into, 1))
    level[count - out :] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(1, out + 1) / max(out, 1))).astype(
        np.float32
    )
    return level


def _add(mix: Stereo, at: int, sound: Stereo) -> None:
    room = min(len(sound), len(mix) - at)
    if room > 0:
        mix[at : at + room] += sound[:room]


def _echoed(sound: Stereo, delay: int) -> Stereo:
    """With two echoes that swap sides."""
    result = sound.copy()
    for turn, level in ((1, 0.32), (2, 0.14)):
        if delay * turn < len(sound):
            late = sound[: len(sound) - delay * turn] * np.float32(level)
            result[delay * turn :] += late[:, ::-1] if turn % 2 else late
    return result


def _reverb(sound: Stereo, rng: np.random.Generator) -> Stereo:
    """A small hall: each side convolved with its own decaying noise of 1.4 s, without the lows."""
    count = round(1.4 * RATE)
    time = np.arange(count) / RATE
    size = 1 << 18
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    tone = 1 / (1 + (180 / np.maximum(hertz, 1)) ** 4) / (1 + (hertz / 5200) ** 2)
    result = np.zeros_like(sound)
    for side in (0, 1):
        tail = rng.standard_normal(count) * np.exp(-4.2 * time) * np.minimum(1, time / 0.012)
        answer = np.fft.rfft(tail / np.sqrt(np.square(tail).sum()), size) * tone
        step = size - count
        for at in range(0, len(sound), step):
            block = np.fft.irfft(np.fft.rfft(sound[at : at + step, side], size) * answer, size)
            room = min(size, len(sound) - at)
            result[at : at + room, side] += block[:room].astype(np.float32)
    return result


def _finished(mix: Stereo, beat: float) -> Stereo:
    """At its level, with a soft start and an end that reaches zero on the last sample."""
    count = len(mix)
    fade = min(count // 2, round(max(1.2 * RATE, 2.5 * beat)))
    level = np.ones(count)
    level[count - fade :] = (0.5 + 0.5 * np.cos(np.pi * np.arange(1, fade + 1) / max(fade, 1))) ** 1.3
    into = min(count // 4, round(0.08 * RATE))
    level[:into] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(into) / max(into, 1))
    shaped = mix * level[:, None]
    peak = float(np.abs(shaped).max())
    return (shaped * (10 ** (PEAK_DB / 20) / max(peak, 1e-9))).astype(np.float32)

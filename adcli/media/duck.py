"""Puts music under a voice: finds where somebody speaks, and how loud what lies there is heard.

Loudness is ITU-R BS.1770-5 without its gates, so that it can be told for chosen stretches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adcli.media.synth import RATE, Mono, Stereo
from adcli.units import Lufs

DEPTH = 7.0
"""How far the music steps back while somebody speaks, dB."""

GAP = 0.5
"""Seconds of silence that the music comes up in."""

_HOP = RATE // 100
_FLOOR, _RANGE = -55.0, 28.0
_DOWN, _UP, _HOLD = 0.2, 0.45, 0.06
_SHELF = ((1.53512485958697, -2.69169619938638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_LOW_CUT = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


@dataclass(frozen=True, slots=True)
class Span:
    """From sample ``start`` to before sample ``end``."""

    start: int
    end: int


def speech(voice: Mono) -> list[Span]:
    """Where somebody speaks; pauses shorter than ``GAP`` belong to it."""
    hops = len(voice) // _HOP
    if not hops:
        return []
    power = np.square(voice[: hops * _HOP].reshape(hops, _HOP), dtype=np.float64).mean(axis=1)
    level = 10 * np.log10(power + 1e-12)
    heard = np.flatnonzero(level > max(_FLOOR, float(np.percentile(level, 98)) - _RANGE))
    if not len(heard):
        return []
    breaks = np.flatnonzero(np.diff(heard) * _HOP > GAP * RATE)
    starts, ends = heard[np.r_[0, breaks + 1]], heard[np.r_[breaks, len(heard) - 1]] + 1
    return [Span(int(start) * _HOP, int(end) * _HOP) for start, end in zip(starts, ends, strict=True)]


def stepping_back(spans: Sequence[Span], samples: int) -> Mono:
    """How far to step back at each sample: 1 while somebody speaks, 0 elsewhere, led over smoothly."""
    back = np.zeros(samples, np.float32)
    down, up, hold = round(_DOWN * RATE), round(_UP * RATE), round(_HOLD * RATE)
    into = (0.5 - 0.5 * np.cos(np.pi * np.arange(down) / down)).astype(np.float32)
    out = (0.5 + 0.5 * np.cos(np.pi * np.arange(up) / up)).astype(np.float32)
    for span in spans:
        end = min(samples, span.end + hold)
        first = max(0, span.start - down)
        _deepen(back, first, into[down - (span.start - first) :])
        back[span.start : end] = 1
        _deepen(back, end, out)
    return back


def _deepen(back: Mono, at: int, curve: Mono) -> None:
    part = back[at : at + len(curve)]
    np.maximum(part, curve[: len(part)], out=part)


def heard_power(sound: Stereo | Mono) -> NDArray[np.float64]:
    """Power of each sample as ears weigh it (K-weighting), summed over the channels."""
    channels = sound[:, None] if sound.ndim == 1 else sound
    count = len(channels) + RATE // 5
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    gain = np.abs(_response(_SHELF, turn) * _response(_LOW_CUT, turn))
    total = np.zeros(len(channels))
    for channel in channels.T:
        weighed = np.fft.irfft(np.fft.rfft(channel, count) * gain, count)[: len(channels)]
        total += np.square(weighed)
    return total


def _response(
    biquad: tuple[tuple[float, ...], tuple[float, ...]], turn: NDArray[np.complex128]
) -> NDArray[Any]:
    above, below = biquad
    return np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)


def loudness(power: NDArray[np.float64], spans: Sequence[Span]) -> Lufs:
    """Loudness of the stretches of a sound whose ``heard_power`` is given; -70 where nothing is heard."""
    parts = [power[span.start : span.end] for span in spans]
    mean = float(np.concatenate(parts).mean()) if parts else 0.0
    return Lufs(max(-70.0, -0.691 + 10 * np.log10(mean + 1e-12)))

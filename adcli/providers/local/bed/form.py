"""The form of a piece: where beats lie, how full each bar is, where it breaks, where its last hit falls.

All follows from the ad: the tempo bends a little so that whole beats fit up to the packshot and
cuts fall on beats where they can; the last hit rings out until the last sample.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from adcli.media.synth import RATE

INTRO, GROOVE, FULL = 1, 2, 3
"""How much of the band plays."""

_BEND = 0.1
_LEAST_TAIL, _LONGER_TAIL = 1.4, 2.0
_NEAR = 0.18
_LONGEST_STOP, _LONGEST_OPENING = 1.1, 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Bar:
    """Up to four beats from ``start`` on (in beats); ``fill`` and ``rest`` are beats at its end."""

    start: int
    beats: int
    level: int
    fill: int = 0
    rest: int = 0
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A piece of ``length`` samples whose beat lasts ``beat`` samples; ``hit`` and ``accents`` are beats."""

    length: int
    beat: float
    bars: tuple[Bar, ...]
    hit: int
    accents: tuple[int, ...]

    def at(self, beat: float) -> int:
        """Sample of a beat."""
        return round(beat * self.beat)

    @property
    def seconds_a_beat(self) -> float:
        """Length of a beat in seconds."""
        return self.beat / RATE

    @property
    def tail(self) -> float:
        """Seconds from the last hit to the end."""
        return (self.length - self.at(self.hit)) / RATE


def shape(seconds: float, bpm: float, cuts: Sequence[float] = (), packshot: float | None = None) -> Form:
    """The form of a piece of ``seconds`` near ``bpm``; ``cuts`` and ``packshot`` are seconds of the ad."""
    known = packshot is not None and 1.5 <= packshot <= seconds - 0.8
    turn = packshot if known and packshot is not None else _turn(seconds)
    inner = [cut for cut in cuts if 0.2 < cut < turn - 0.2]
    beats = _beats(turn, bpm, inner)
    beat = turn / beats
    opening = _opening(inner, beat, beats)
    after, rest = 0, seconds - turn
    while known and rest - (after + 4) * beat >= (_LONGER_TAIL if after else _LEAST_TAIL):
        after += 4
    bars = _bars(beats, opening, 2 if known and beat <= _LONGEST_STOP / 2 else 1)
    bars += [Bar(beats + at, 4, FULL, opens=at == 0) for at in range(0, after, 4)]
    near = [(round(cut / beat), cut / beat) for cut in inner]
    accents = tuple(sorted({place for place, cut in near if abs(place - cut) <= _NEAR}))
    return Form(round(seconds * RATE), beat * RATE, tuple(bars), beats + after, accents)


def _turn(seconds: float) -> float:
    """Where the last hit falls in a piece without a packshot."""
    return seconds - min(2.6, max(1.3, 0.16 * seconds), 0.4 * seconds)


def _beats(seconds: float, bpm: float, cuts: Sequence[float]) -> int:
    """How many beats fill a time: near the tempo, in whole or half bars, with cuts on beats."""
    wanted = seconds * bpm / 60
    low, high = math.ceil(wanted * (1 - _BEND)), math.floor(wanted * (1 + _BEND))
    choices = range(max(2, low), high + 1) if high >= max(2, low) else [max(1, round(wanted))]

    def cost(beats: int) -> tuple[float, int]:
        off = [abs(cut * beats / seconds - round(cut * beats / seconds)) for cut in (*cuts[:1], *cuts)]
        uneven = (0.0, 0.45, 0.12, 0.45)[beats % 4]
        return 5 * abs(math.log2(beats / wanted)) + 2.5 * sum(off) / max(len(off), 1) + uneven, beats

    return min(choices, key=cost)


def _opening(cuts: Sequence[float], beat: float, beats: int) -> int:
    """Beats before the groove: up to the first cut where that is near, else a bar, or two of a long piece."""
    if beats < 11:
        return 0
    first = round(cuts[0] / beat) if cuts else 0
    if 2 <= first <= 8 and abs(first - cuts[0] / beat) <= _NEAR and first * beat <= _LONGEST_OPENING:
        return first
    return 4 if beats < 45 else 8


def _bars(beats: int, opening: int, stop: int) -> list[Bar]:
    """Bars up to the turn; the first and the last may be short. ``stop``: beats of rest at the end."""
    starts = [0, *([opening - 4] if opening > 4 else []), *range(opening or 4, beats, 4)]
    count, intro = len(starts), sum(start < opening for start in starts)
    bars: list[Bar] = []
    for index, (start, end) in enumerate(zip(starts, [*starts[1:], beats], strict=True)):
        length = end - start
        level, last = _level(index, count, intro), index == count - 1
        played = index - intro
        fill = 0
        if not last and (index == intro - 1 or played % 4 == 3):
            fill = min(2 if played % 8 == 7 else 1, length - 1)
        rest = min(stop if beats >= 11 else 1, length - (length > 1)) if last else 0
        opens = index in {0, intro} or level > bars[-1].level or played % 8 == 0
        bars.append(Bar(start, length, level, fill, rest, opens))
    return bars


def _level(index: int, count: int, intro: int) -> int:
    """Fuller and fuller; a long piece breathes in between."""
    if index < intro:
        return INTRO
    place, length = index - intro, count - intro
    if length <= 12:
        return FULL if place >= max(2, round(length * 0.45)) else GROOVE
    if length - place <= 6:
        return FULL
    at = place % 20
    return GROOVE if at < 8 else FULL if at < 16 else INTRO

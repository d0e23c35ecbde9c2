"""What a mood is: tempo, harmony and a band of players, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Play = Literal["drum", "chord", "arp", "bass", "tune"]


@dataclass(frozen=True, slots=True)
class Part:
    """One player: a bar is 16 steps, and each of ``bars`` is one way to play it.

    ``drum`` and ``chord``: ``X`` loud, ``x`` normal, ``o`` soft, ``r`` and ``t`` two and three strokes;
    ``arp``: number of the chord's note; ``bass``: ``R`` root, ``r`` soft root, ``5`` fifth, ``8``
    octave; ``tune``: ``x`` wherever it has a note. ``-`` holds, ``.`` rests. ``level`` and the sends
    ``room`` and ``echo`` are dB and shares; ``enters`` is the fullness from which it plays; ``strum`` are
    seconds between a chord's notes; ``pumped``: it makes room for the kick; ``wide``: played twice.
    """

    play: Play
    sound: str
    level: float
    bars: tuple[str, ...]
    enters: int = 1
    side: float = 0.0
    room: float = 0.15
    echo: float = 0.0
    centre: int = 60
    strum: float = 0.0
    pumped: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Mood:
    """A kind of music. Chords are semitones over the tonic with a quality, see ``harmony.QUALITIES``.

    ``swing``: how long the first of two notes is (0.5: even), of steps a half or a quarter beat long
    (``swung``). ``fill`` leads to the next bar, ``hit`` and ``ring`` (drums, instruments) are the end,
    ``sting`` the instrument that plays up over it; ``accent`` marks cuts; ``pump``: how far (0..1) the
    pumped parts make room for the kick; ``hall``: seconds of the room.
    """

    bpm: float
    tonic: int
    minor: bool
    progressions: tuple[str, ...]
    parts: tuple[Part, ...]
    fill: tuple[Part, ...]
    hit: tuple[tuple[str, float], ...]
    ring: tuple[tuple[str, float], ...]
    sting: tuple[str, float] | None = None
    accent: tuple[str, float] = ("crash", -33.0)
    swing: float = 0.5
    swung: float = 0.5
    pump: float = 0.2
    hall: float = 1.4


def drum(
    sound: str, level: float, *bars: str, enters: int = 2, side: float = 0.0, room: float = 0.08
) -> Part:
    """A percussion part."""
    return Part("drum", sound, level, bars, enters, side, room)

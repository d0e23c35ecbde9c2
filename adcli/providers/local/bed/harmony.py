"""Chords and tunes: names to notes, voices that lead smoothly, and a motif that follows the chords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adcli.media.synth import Rng
from adcli.providers.local.bed.form import Form
from adcli.providers.local.bed.mood import Mood

QUALITIES: Mapping[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "a": (0, 4, 7, 14),
    "M7": (0, 4, 7, 11),
    "M9": (0, 4, 11, 14),
    "s": (0, 5, 7, 10),
    "m": (0, 3, 7),
    "m6": (0, 3, 7, 9),
    "m7": (0, 3, 7, 10),
    "m9": (0, 3, 10, 14),
}
"""Semitones over a chord's root by its quality: ``a`` has an added ninth, ``s`` hangs on the fourth."""

_MAJOR, _MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
_LOWEST_BASS = 31


@dataclass(frozen=True, slots=True)
class Chord:
    """MIDI numbers of the bass, and of the chord's notes in the octave of its root."""

    bass: int
    notes: tuple[int, ...]

    @classmethod
    def named(cls, name: str, tonic: int) -> Chord:
        """A chord such as ``9:m7``: semitones over the tonic, then its quality."""
        root, _, quality = name.partition(":")
        base = tonic + int(root)
        bass = base - 12 * ((base - _LOWEST_BASS) // 12)
        return cls(bass, tuple(base + step for step in QUALITIES[quality]))

    def voiced(self, centre: float, before: Sequence[int] | None = None) -> tuple[int, ...]:
        """The notes near ``centre``, and near those ``before`` where there are any, low to high."""
        middle = (sum(before) / len(before) + centre) / 2 if before else centre
        near = sorted(note + 12 * round((middle - note) / 12) for note in self.notes)
        return tuple(sorted(set(near)))


@dataclass(frozen=True, slots=True)
class Harmony:
    """A tonic, the chord of each bar, the last hit's chord, and the scale's notes without octaves."""

    tonic: int
    chords: tuple[Chord, ...]
    last: Chord
    scale: frozenset[int]


def harmonize(mood: Mood, form: Form, rng: Rng) -> Harmony:
    """Chords for a form: two progressions in turn, eight bars each, and a way home before the last hit."""
    tonic = mood.tonic + int(rng.integers(-2, 3))
    first, second = rng.permutation(len(mood.progressions))[:2]
    home = "0:m" if mood.minor else "0"
    names = []
    for index in range(len(form.bars)):
        steps = mood.progressions[int(second if index // 8 % 2 else first)].split()
        names.append(steps[index % len(steps)])
    if len(names) > 1 and names[-1].partition(":")[0] == "0":
        names[-1] = ("10" if mood.minor else "7:s") if rng.random() < 0.5 else ("8" if mood.minor else "5")
    scale = frozenset((tonic + step) % 12 for step in (_MINOR if mood.minor else _MAJOR))
    chords = tuple(Chord.named(name, tonic) for name in names)
    return Harmony(tonic, chords, Chord.named(home, tonic), scale)


def motif(rng: Rng, notes: int) -> tuple[int, ...]:
    """Steps of the scale from a chord's note: mostly neighbours, now and then a leap that is paid back."""
    at, leapt, steps = 0, 0, []
    for _ in range(notes):
        steps.append(at)
        move = -leapt if leapt else int(rng.choice([-1, 1, 1, -1, 2, -2, 3, 0]))
        leapt = move // abs(move) if abs(move) >= 3 else 0
        at = max(-4, min(5, at + move))
    return tuple(steps)


def sung(
    steps: Sequence[int], strong: Sequence[bool], chord: Chord, scale: frozenset[int], centre: int
) -> list[int]:
    """MIDI notes of a motif over a chord: strong ones are the chord's own."""
    ladder = [note for note in range(centre - 14, centre + 17) if note % 12 in scale]
    own = {note % 12 for note in chord.notes}
    start = min(range(len(ladder)), key=lambda at: (ladder[at] % 12 not in own, abs(ladder[at] - centre)))
    tune = []
    for step, firm in zip(steps, strong, strict=True):
        note = ladder[max(0, min(len(ladder) - 1, start + step))]
        if firm and note % 12 not in own:
            note = min(
                (each for each in ladder if each % 12 in own), key=lambda each: (abs(each - note), each)
            )
        tune.append(note)
    return tune

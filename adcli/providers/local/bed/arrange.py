"""Turns a mood, a form and its harmony into notes: who plays what, when, how long and how hard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adcli.media.synth import Rng
from adcli.providers.local.bed.drums import BACKWARDS
from adcli.providers.local.bed.form import GROOVE, Bar, Form
from adcli.providers.local.bed.harmony import Harmony, motif, sung
from adcli.providers.local.bed.mood import Mood, Part

FORCES = {"X": 1.0, "x": 0.72, "o": 0.45, "r": 0.6, "t": 0.55}
"""How hard the marks of a pattern are played."""

_STROKES = {"r": 2, "t": 3}
_LONGEST_RUN = 6  # sixteenths: what is held longer sounds on through a break


@dataclass(frozen=True, slots=True)
class Note:
    """One stroke: place and length in beats, MIDI number (None: a drum), force 0..1, seconds ``late``."""

    part: Part
    beat: float
    beats: float
    midi: int | None
    force: float
    side: float = 0.0
    late: float = 0.0


def arrange(mood: Mood, form: Form, harmony: Harmony, rng: Rng) -> list[Note]:
    """All notes of a piece."""
    notes: list[Note] = []
    for part in mood.parts:
        notes += _played(mood, part, form, harmony, rng)
    for part in mood.fill:
        notes += _fills(mood, part, form, rng)
    notes += _turns(mood, form)
    notes += [Note(_one_shot(name, level - 4, 0.2), 0, 1, None, 0.9) for name, level in mood.hit[:1]]
    return notes + list(_ending(mood, form, harmony))


def _played(mood: Mood, part: Part, form: Form, harmony: Harmony, rng: Rng) -> Iterator[Note]:
    """A part through all bars: one way to play it for the first eight, the next way for the next eight."""
    ways = rng.permutation(len(part.bars))
    steps = motif(rng, 16)
    voiced: tuple[int, ...] | None = None
    for index, (bar, chord) in enumerate(zip(form.bars, harmony.chords, strict=True)):
        voiced = chord.voiced(part.centre, voiced)
        if part.enters > bar.level:
            continue
        pattern = part.bars[int(ways[(index // 8 + (index % 2 if part.play == "tune" else 0)) % len(ways)])]
        marks = list(_marks(pattern, bar, part))
        chosen: list[tuple[int | None, ...]]
        match part.play:
            case "drum":
                chosen = [(None,) for _ in marks]
            case "bass":
                chosen = [(_bass(mark, chord.bass),) for _, _, mark in marks]
            case "arp":
                chosen = [
                    (voiced[int(mark) % len(voiced)] + 12 * (int(mark) // len(voiced)),)
                    for _, _, mark in marks
                ]
            case "chord":
                if bar.rest:
                    marks.append(((bar.beats - bar.rest) * 4, bar.rest * 4, "x"))
                chosen = [voiced for _ in marks]
            case "tune":
                used = steps[: len(marks)] if index % 4 < 3 else steps[len(steps) - len(marks) :]
                strong = [step % 8 == 0 for step, _, _ in marks]
                chosen = [(note,) for note in sung(used, strong, chord, harmony.scale, part.centre)]
        for (step, length, mark), pitches in zip(marks, chosen, strict=True):
            force = FORCES.get(mark, 0.8 if step % 4 == 0 else 0.62)
            yield from _struck(mood, part, bar.start, step, length, mark, pitches, force, rng)


def _marks(pattern: str, bar: Bar, part: Part) -> Iterator[tuple[int, int, str]]:
    """Step, length in steps and mark of each note of a bar, without what its break or fill leaves out."""
    whole, end = bar.beats * 4, (bar.beats - bar.rest) * 4
    drums_end = end - (bar.fill * 4 if part.sound in _REPLACED else 0)
    for step, mark in enumerate(pattern[:whole]):
        if mark in ".-":
            continue
        length = 1
        while step + length < min(whole, len(pattern)) and pattern[step + length] == "-":
            length += 1
        if part.play == "drum":
            if step < drums_end:
                yield step, length, mark
        elif step < end:
            yield step, length if length > _LONGEST_RUN else min(length, end - step), mark


_REPLACED = frozenset({"snare", "soft snare", "clap", "snap", "hat", "rim"})


def _bass(mark: str, root: int) -> int:
    return root + {"5": 7, "8": 12}.get(mark, 0)


def _struck(
    mood: Mood,
    part: Part,
    start: int,
    step: int,
    length: int,
    mark: str,
    pitches: tuple[int | None, ...],
    force: float,
    rng: Rng,
) -> Iterator[Note]:
    """The notes of one mark, with a player's small unevenness: strokes, strums, spread and width."""
    beat = start + _swung(step / 4, mood)
    spread = 0.0022 if part.play == "drum" else 0.005
    late = abs(float(rng.normal(0, spread))) if step == 0 else float(rng.normal(0, spread))
    strokes = _STROKES.get(mark, 1)
    order = pitches[::-1] if part.strum and step % 4 == 2 else pitches
    for stroke in range(strokes):
        for place, midi in enumerate(order):
            touch = min(1.0, force * (1 + 0.08 * float(rng.standard_normal())))
            side = part.side + _spread(part, place, len(order))
            sides = (-0.75, 0.75) if part.wide else (side,)
            for each in sides:
                yield Note(
                    part,
                    beat + stroke / (4 * strokes),
                    length / 4,
                    midi,
                    touch,
                    each,
                    late + place * part.strum,
                )


def _spread(part: Part, place: int, count: int) -> float:
    """Notes of a chord lie beside each other: the low ones near the middle."""
    if part.play != "chord" or count < 2 or place == 0:
        return 0.0
    return 0.45 * place / (count - 1) * (1 if place % 2 else -1)


def _swung(beat: float, mood: Mood) -> float:
    """A beat's place after swing: the first of two notes takes ``swing`` of their time."""
    if mood.swing == 0.5:
        return beat
    pair = 2 * mood.swung
    whole, part = divmod(beat, pair)
    share = part / pair
    long = share * 2 * mood.swing if share < 0.5 else mood.swing + (share - 0.5) * 2 * (1 - mood.swing)
    return (whole + long) * pair


def _fills(mood: Mood, part: Part, form: Form, rng: Rng) -> Iterator[Note]:
    """What leads to the next bar, on its last beats."""
    for index, bar in enumerate(form.bars):
        if not bar.fill:
            continue
        pattern = part.bars[index // 4 % len(part.bars)]
        if part.sound in BACKWARDS:
            yield Note(part, bar.start + bar.beats, 1, None, 0.8)
            continue
        for step, length, mark in _marks(pattern, Bar(bar.start, bar.beats, bar.level), part):
            if step >= (bar.beats - bar.fill) * 4:
                side = part.side + 0.25 * (1 if step % 2 else -1)
                yield from (
                    Note(n.part, n.beat, n.beats, None, n.force, side, n.late)
                    for n in _struck(mood, part, bar.start, step, length, mark, (None,), FORCES[mark], rng)
                )


def _turns(mood: Mood, form: Form) -> Iterator[Note]:
    """Cymbals where the band gets fuller, an accent on each cut, and the rise out of the break."""
    name, level = mood.accent
    for bar in form.bars[1:]:
        if bar.opens and bar.level >= GROOVE:
            yield Note(_one_shot("crash", max(level, -30.0), 0.2), bar.start, 1, None, 0.9, 0.25)
    opened = {bar.start for bar in form.bars if bar.opens}
    for beat in form.accents:
        if beat not in opened:
            yield Note(_one_shot(name, level, 0.2), beat, 1, None, 0.8, -0.2)
    turn = next((bar.start + bar.beats for bar in form.bars if bar.rest), None)
    if turn is not None:
        yield Note(_one_shot("swell", level - 4, 0.2), turn, 1, None, 0.9)
        yield Note(_one_shot("riser", level - 3, 0.15), turn, 1, None, 0.9)


def _one_shot(name: str, level: float, room: float) -> Part:
    return Part("drum", name, level, (), room=room)


def _ending(mood: Mood, form: Form, harmony: Harmony) -> Iterator[Note]:
    """The last hit on the tonic, ringing to the end, and a few notes that climb over it."""
    beats = form.tail / form.seconds_a_beat
    for name, level in mood.hit:
        yield Note(_one_shot(name, level, 0.25), form.hit, 1, None, 1.0)
    for name, level in mood.ring:
        like = next(part for part in mood.parts if part.sound == name)
        low = like.play == "bass"
        part = Part("bass" if low else "chord", name, level, (), room=max(like.room, 0.0 if low else 0.3))
        voiced = (harmony.last.bass,) if low else harmony.last.voiced(like.centre)
        voiced = voiced if low or like.centre > 66 else (voiced[0] - 12, *voiced)
        for place, midi in enumerate(voiced):
            yield Note(part, form.hit, beats, midi, 0.95, _spread(part, place, len(voiced)), place * 0.008)
    if mood.sting and beats >= 2.5:
        name, level = mood.sting
        part = Part("tune", name, level, (), room=0.4, echo=0.25)
        rising = sorted(harmony.last.voiced(76))
        for place, midi in enumerate((*rising, rising[0] + 12)):
            force = 0.85 - 0.13 * place
            yield Note(part, form.hit + 0.5 * (place + 1), 1, midi, force, 0.25 * (1 if place % 2 else -1))

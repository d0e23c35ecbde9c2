"""Plays a piece: every note at its sample, kicks that the rest makes room for, a room, and a clean end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from adcli.media.synth import RATE, Mono, Rng, Stereo, add, echo, panned, reverb
from adcli.providers.local.bed.arrange import Note, arrange
from adcli.providers.local.bed.drums import BACKWARDS, DRUMS, KICKS
from adcli.providers.local.bed.form import Form, shape
from adcli.providers.local.bed.harmony import harmonize
from adcli.providers.local.bed.mood import Mood
from adcli.providers.local.bed.moods import MOODS
from adcli.providers.local.bed.tuned import TUNED

PEAK_DB = -6.0
"""Highest sample of a piece, dBFS: room for the master to add the voice."""

_MONO_BELOW, _LOWEST = 130.0, 28.0
_VARIANTS = 3
_TOUCHES = 3
_BLOCK = 1 << 19


def compose(
    mood: str,
    seconds: float,
    seed: int,
    *,
    bpm: float | None = None,
    cuts: Sequence[float] = (),
    packshot: float | None = None,
) -> Stereo:
    """A piece of ``round(seconds × 48000)`` rows of left and right that starts at once and ends by itself.

    ``cuts`` and ``packshot`` are seconds of the ad that beats are laid on; ``bpm`` is the mood's own
    if it isn't given.
    """
    rng = np.random.default_rng([seed, *mood.encode()])
    band = MOODS[mood]
    form = shape(seconds, bpm or band.bpm, cuts, packshot)
    notes = arrange(band, form, harmonize(band, form, rng), rng)
    return _mixed(band, form, notes, rng)


@dataclass(slots=True)
class _Studio:
    """Four buses of a piece, and sounds that were already made."""

    form: Form
    rng: Rng
    dry: Stereo
    pumped: Stereo
    room: Stereo
    echo: Stereo
    made: dict[tuple[str, int | None, int, int, int], Mono] = field(default_factory=dict)
    count: int = 0

    def sound(self, note: Note) -> Mono:
        """The sound of a note; notes that are alike share a few takes."""
        self.count += 1
        name = note.part.sound
        key: tuple[str, int | None, int, int, int]
        if note.midi is None:
            key = (name, None, 0, 0, self.count % _VARIANTS if name not in _LONG else 0)
            if key not in self.made:
                self.made[key] = DRUMS[name](self.rng)
            return self.made[key]
        seconds = round(note.beats * self.form.seconds_a_beat, 2)
        force = min(_TOUCHES - 1, int(note.force * _TOUCHES))
        key = (name, note.midi, round(seconds * 100), force, int(note.part.wide and note.side > 0))
        if key not in self.made:
            hertz = 440 * 2 ** ((note.midi - 69) / 12)
            self.made[key] = TUNED[name](hertz, seconds, (force + 0.5) / _TOUCHES, self.rng)
        return self.made[key]

    def play(self, note: Note) -> None:
        """Adds a note to its buses."""
        part, sound = note.part, self.sound(note)
        at = self.form.at(note.beat) + round(note.late * RATE)
        if part.sound in BACKWARDS and note.midi is None:
            at -= len(sound)
        level = 10 ** (part.level / 20) * (0.35 + 0.65 * note.force)
        pair = panned(sound, max(-1.0, min(1.0, note.side))) * np.float32(level)
        at = max(at, 0) if part.sound not in BACKWARDS else at
        add(self.pumped if part.pumped else self.dry, at, pair)
        if part.room:
            add(self.room, at, pair, part.room)
        if part.echo:
            add(self.echo, at, pair, part.echo)


_LONG = frozenset({"crash", "impact", "swell", "riser"})


def _mixed(mood: Mood, form: Form, notes: Sequence[Note], rng: Rng) -> Stereo:
    dry, pumped, room, sent = (np.zeros((form.length, 2), np.float32) for _ in range(4))
    studio = _Studio(form, rng, dry, pumped, room, sent)
    for note in notes:
        studio.play(note)
    kicks = [form.at(note.beat) for note in notes if note.part.sound in KICKS and note.midi is None]
    studio.pumped *= _made_room(form, kicks, mood.pump)[:, None]
    mix = studio.dry
    mix += studio.pumped
    late = echo(studio.echo, form.at(0.75), 0.45)
    studio.room += late * np.float32(0.35)
    mix += late
    mix += reverb(studio.room, rng, mood.hall)
    return _finished(mix, form)


def _made_room(form: Form, kicks: Sequence[int], depth: float) -> Mono:
    """Gain that dips with each kick and comes back within half a beat."""
    gain = np.ones(form.length, np.float32)
    back = max(1, round(min(0.3 * RATE, form.beat * 0.55)))
    down = round(0.006 * RATE)
    dip = np.concatenate([np.linspace(0, 1, down), 0.5 + 0.5 * np.cos(np.pi * np.arange(back) / back)])
    curve = (1 - depth * dip).astype(np.float32)
    for at in kicks:
        part = gain[at : at + len(curve)]
        np.minimum(part, curve[: len(part)], out=part)
    return gain


def _finished(mix: Stereo, form: Form) -> Stereo:
    """Lows in the middle, peaks rounded, at its level; it ends on its last sample."""
    clean = _cleaned(mix)
    loud = float(np.percentile(np.abs(clean[::5]), 99.7))
    clean = np.tanh(clean * np.float32(0.75 / max(loud, 1e-9)))
    landing = form.length - form.at(form.hit)
    clean[form.length - landing :] *= _landing(landing)[:, None]
    into = min(round(0.004 * RATE), form.length)
    clean[:into] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(into) / into)).astype(np.float32)[:, None]
    peak = float(np.abs(clean).max())
    return np.asarray(clean * np.float32(10 ** (PEAK_DB / 20) / max(peak, 1e-9)), np.float32)


def _landing(count: int) -> Mono:
    """What brings a ringing chord to rest exactly at the end: nothing at first, then a long curve."""
    place = np.arange(1, count + 1) / count
    return (np.cos(np.pi / 2 * np.clip((place - 0.5) / 0.5, 0, 1)) ** 2).astype(np.float32)


def _cleaned(mix: Stereo) -> Stereo:
    """Without what is too low to hear, and with everything below 130 Hz in the middle."""
    half = np.float32(0.5)
    middle = _high_passed((mix[:, 0] + mix[:, 1]) * half, _LOWEST)
    apart = _high_passed((mix[:, 0] - mix[:, 1]) * half, _MONO_BELOW)
    return np.stack([middle + apart, middle - apart], axis=1)


def _high_passed(sound: Mono, low: float) -> Mono:
    """Overlapping blocks of a zero-phase high-pass."""
    spare = RATE // 4
    result = np.zeros_like(sound)
    hertz = np.maximum(np.fft.rfftfreq(_BLOCK, 1 / RATE), 1e-3)
    gain = 1 / (1 + (low / hertz) ** 6)
    step = _BLOCK - 2 * spare
    for at in range(0, len(sound), step):
        block = np.fft.irfft(np.fft.rfft(sound[at : at + step], _BLOCK) * gain, _BLOCK)
        # what rings before the block has been wrapped round to its end
        after = min(step + spare, len(sound) - at)
        result[at : at + after] += block[:after].astype(np.float32)
        before = min(spare, at)
        if before:
            result[at - before : at] += block[-before:].astype(np.float32)
    return result

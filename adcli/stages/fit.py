"""Stage ``fit``: brings a line that was bought into its scene's window; the draft's voice does so itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.graph.lines import SPEED_UP
from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from adcli.media.speech import Speech

SPEC = StageSpec("fit", 1, ("audio", "words"), Lane.CPU)
"""Outputs as of ``voice``: mono WAV at 48 kHz without silence around it, levelled as all lines are."""


def make(job: Job) -> Made:
    """Trims the line, and speeds it up where it is longer than ``seconds``.

    Raises TextTooLong when 1.15 times its speed isn't enough: what was bought is kept.
    """
    from adcli.media import speech

    fitted, faster = _fitted(job, float(job.params["seconds"]))
    samples = speech.leveled(fitted.samples, fitted.rate)
    path = job.workdir / "line.wav"
    speech.write_wav(path, samples)
    words = speech.settled(fitted.words, fitted.seconds)
    notes = (f"spoken {faster:.2f} × faster to fit its {job.params['seconds']:g} s",) if faster > 1 else ()
    audio = File(path, "audio/wav", {"seconds": fitted.seconds})
    return Made({"audio": audio, "words": speech.words_json(words)}, notes)


def _fitted(job: Job, window: float) -> tuple[Speech, float]:
    """The line inside its window, and how much faster it is than it was spoken."""
    from adcli.media.speech import cut_tail, read, too_long, trimmed

    source, words = job.file(job.params["audio"]).path, job.params["words"]
    line = trimmed(read(source, words, job.workdir))
    fitted, faster = cut_tail(line, window), 1.0
    if fitted is None:
        faster = min(SPEED_UP, line.seconds / window)
        fitted = cut_tail(trimmed(read(source, words, job.workdir, faster)), window)
    if fitted is None:
        raise too_long(line, window, SPEED_UP)
    return fitted, faster

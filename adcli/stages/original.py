"""Stage ``original``: the sound that a given clip brings along, as a line of the ad, with its words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

SPEC = StageSpec("original", 1, ("audio", "words"), Lane.CPU, defaults={"text": None})
"""Outputs as of ``voice``: mono WAV at 48 kHz, exactly ``seconds`` long and levelled as all lines are, silent
where the clip is; and the words of ``text``, spread over what is spoken.
"""

if TYPE_CHECKING:
    from adcli.media.speech import Samples

_TIMEOUT = 300.0
_MISSING = 0.25
"""Seconds that a clip may be shorter than what is wanted of it."""


def make(job: Job) -> Made:
    """Takes the clip's first sound from the picture's start on; TaskFailed when the clip is too short."""
    from adcli.media import speech
    from adcli.media.film_words import over_speech
    from adcli.media.synth import RATE

    seconds, text = float(job.params["seconds"]), job.params.get("text")
    raw = _sound(job, seconds)
    samples = speech.faded(speech.leveled(_mono(raw, round(seconds * RATE)), RATE), RATE)
    silent = not speech.loud_frames(samples, RATE).any()
    path = job.workdir / "sound.wav"
    speech.write_wav(path, samples)
    said = over_speech(text, raw, seconds) if text and not silent else []
    words = [speech.Word(word.text, word.start, word.end) for word in said]
    audio = File(path, "audio/wav", {"seconds": seconds, "silent": silent})
    return Made({"audio": audio, "words": speech.words_json(words)})


def _sound(job: Job, seconds: float) -> Path:
    """The clip's sound as raw stereo floats; an empty file where it has none."""
    from adcli.errors import TaskFailed
    from adcli.media import ffmpeg
    from adcli.media.probe import probe
    from adcli.media.synth import RATE

    source, raw = job.file(job.params["clip"]).path, job.workdir / "sound.raw"
    found = probe(source)
    if found.duration < seconds - _MISSING:
        raise TaskFailed(
            f"the clip lasts {found.duration:.1f} s, and {seconds:g} s of it are wanted",
            hint="give a longer clip, or fewer seconds in the campaign",
        )
    if found.audio_duration is None:
        raw.touch()
        return raw
    video = job.workdir / "clip.link"
    video.symlink_to(source.resolve())
    arguments = ["-v", "error", "-y", *ffmpeg.WHITELIST, "-i", video.name, "-map", "0:a:0", "-vn"]
    arguments += ["-af", f"aresample={RATE}:async=1:first_pts=0", "-ac", "2", "-t", f"{seconds:.6f}"]
    ffmpeg.run([*arguments, "-f", "f32le", raw.name], cwd=job.workdir, timeout=_TIMEOUT)
    return raw


def _mono(raw: Path, length: int) -> Samples:
    """``length`` samples of the sound, with silence after its end."""
    import numpy as np

    heard = np.fromfile(raw, "<f4").reshape(-1, 2).mean(axis=1)[:length]
    samples = np.zeros(length, np.float32)
    samples[: len(heard)] = heard
    return samples

"""Free music: a given piece made uniform, or a soft bed composed from mood and seed."""

from __future__ import annotations

import re
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.work import File, Job, Made

LONGEST = 190
"""Seconds of a given piece that are kept: a video lasts 180 s at most."""

_FORMATS = "aac,aiff,caf,flac,matroska,mov,mp3,ogg,wav,w64"
_TIMEOUT = 180.0

# Words of a prompt or mood, and the style they ask for.
_MOODS = {
    "drive": "energetic energy driving drive upbeat fast hype gym sport workout edm techno dance club power",
    "dark": "dark moody dramatic tense tension cinematic mystery serious sad melancholic night noir",
    "calm": "calm relaxed relaxing soft slow ambient meditative spa sleep gentle lofi lo-fi quiet serene",
    "bright": "happy bright fun playful cheerful pop sunny summer optimistic witty surprise satisfaction",
    "warm": "warm friendly heartfelt acoustic confident confidence inspiring corporate hopeful",
}


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: a given file alone, or style, seconds and seed of a bed."""
    if fields.get("file") is not None:
        return {"file": fields["file"]}
    style = _style(fields.get("prompt")) or _style(fields.get("mood")) or "warm"
    return {"style": style, "seconds": fields["seconds"], "seed": fields.get("seed", 42)}


def make(job: Job) -> Made:
    """Stereo WAV at 48 kHz. Raises TaskFailed when a given file has no readable sound."""
    path = job.workdir / "music.wav"
    if "file" in job.params:
        _conform(job.file(job.params["file"]).path, path)
        return Made({"audio": _wav(path)})
    style = str(job.params.get("style") or "warm")
    _compose(style, float(job.params["seconds"]), int(job.params.get("seed", 42)), path)
    return Made({"audio": _wav(path)}, notes=(f"music: a {style} bed made on this machine",))


def _style(text: str | None) -> str | None:
    """The style of the first word that asks for one."""
    styles = {word: style for style, words in _MOODS.items() for word in words.split()}
    return next(
        (styles[word] for word in re.findall(r"[\w-]+", (text or "").casefold()) if word in styles), None
    )


def _compose(style: str, seconds: float, seed: int, path: Path) -> None:
    import numpy as np

    from adcli.providers.local.bed import RATE, compose

    data = np.round(compose(style, seconds, seed) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(data.tobytes())


def _conform(source: Path, path: Path) -> None:
    from adcli.media import ffmpeg

    reading = ["-protocol_whitelist", "file", "-format_whitelist", _FORMATS, "-i", str(source)]
    writing = ["-map", "0:a:0", "-t", str(LONGEST), "-ac", "2", "-ar", "48000", "-c:a", "pcm_s16le"]
    exact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    try:
        ffmpeg.run(["-y", *reading, *writing, *exact, path.name], cwd=path.parent, timeout=_TIMEOUT)
    except TaskFailed as error:
        raise _unreadable(source) from error
    if not path.exists() or _seconds(path) < 0.1:
        raise _unreadable(source)


def _unreadable(source: Path) -> TaskFailed:
    return TaskFailed(
        f"the music file {source.name} has no sound that can be read",
        hint="give an MP3, WAV, M4A, FLAC or OGG file, or leave music.file out for a bed made here",
    )


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


def _wav(path: Path) -> File:
    return File(path, "audio/wav", {"seconds": _seconds(path)})

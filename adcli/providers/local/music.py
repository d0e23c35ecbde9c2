"""Free music: a given piece made uniform, or one composed from mood, tempo, the ad's cuts and a seed."""

from __future__ import annotations

import re
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.providers.local.bed.moods import MOODS
from adcli.work import File, Job, Made

LONGEST = 190
"""Seconds of a given piece that are kept: a video lasts 180 s at most."""

_FORMATS = "aac,aiff,caf,flac,matroska,mov,mp3,ogg,wav,w64"
_TIMEOUT = 180.0

# Words of a prompt, a tone or an emotion, and the mood they ask for.
_WORDS = {
    "hype": "hype trap rap hiphop hip-hop viral swagger bold street phonk missing self-mocking 808",
    "drive": "energetic energy driving drive upbeat fast gym sport sports workout edm techno house "
    "electronic dance club power dynamic satisfaction disco",
    "playful": "playful fun funny quirky comic comedy cute cheeky silly ukulele pizzicato kids surprise",
    "bright": "happy bright cheerful pop sunny summer optimistic witty joyful joy fresh curiosity",
    "dark": "dark moody dramatic tense tension mystery mysterious serious sad melancholic night noir urban",
    "cinematic": "cinematic epic orchestral orchestra trailer grand heroic majestic strings emotional film",
    "calm": "calm relaxed relaxing soft slow ambient meditative spa sleep gentle quiet serene piano trust "
    "honest peaceful tender",
    "corporate": "corporate business professional tech startup helpful direct relief motivational inspiring "
    "clean modern explainer",
    "acoustic": "acoustic folk guitar organic natural country campfire sincere conversational confidence "
    "confident heartfelt indie",
    "warm": "warm friendly lofi lo-fi chill cozy cosy jazzy jazz hopeful soulful soul mellow curious rhodes",
}
_PACES = {"fastest": 1.08, "very fast": 1.06, "brisk": 1.03, "quick": 1.03, "unhurried": 0.93, "slow": 0.93}
_BPM = re.compile(r"\b(\d{2,3})\s*(?:bpm|beats per minute)\b")
_SLOWEST, _FASTEST = 50.0, 180.0


def body(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Params of the task: a given file alone, or what a piece is composed from."""
    if fields.get("file") is not None:
        return {"file": fields["file"]}
    prompt = str(fields.get("prompt") or "")
    mood = _mood(prompt) or _mood(fields.get("mood")) or "warm"
    params = {"mood": mood, "seconds": fields["seconds"], "seed": fields.get("seed", 42)}
    bpm = _bpm(mood, prompt, str(fields.get("pacing") or ""))
    optional = {"bpm": bpm, "cuts": list(fields.get("cuts") or ()), "packshot": fields.get("packshot")}
    return params | {name: value for name, value in optional.items() if value}


def make(job: Job) -> Made:
    """Stereo WAV at 48 kHz. Raises TaskFailed when a given file has no readable sound."""
    path = job.workdir / "music.wav"
    if "file" in job.params:
        _conform(job.file(job.params["file"]).path, path)
        return Made({"audio": _wav(path)})
    _compose(job.params, path)
    return Made({"audio": _wav(path)}, notes=(f"music: a {job.params['mood']} piece made on this machine",))


def _mood(text: str | None) -> str | None:
    """The mood of the first word that asks for one."""
    moods = {word: mood for mood, words in _WORDS.items() for word in words.split()}
    return next(
        (moods[word] for word in re.findall(r"[\w-]+", (text or "").casefold()) if word in moods), None
    )


def _bpm(mood: str, prompt: str, pacing: str) -> float | None:
    """The tempo that the prompt names, else the mood's own moved by the template's pacing; None: its own."""
    if asked := _BPM.search(prompt.casefold()):
        return min(max(float(asked[1]), _SLOWEST), _FASTEST)
    pace = next((pace for word, pace in _PACES.items() if re.search(rf"\b{word}\b", pacing.casefold())), None)
    return round(MOODS[mood].bpm * pace, 1) if pace else None


def _compose(params: Mapping[str, Any], path: Path) -> None:
    import numpy as np

    from adcli.media.synth import RATE
    from adcli.providers.local.bed.compose import compose

    piece = compose(
        str(params["mood"]),
        float(params["seconds"]),
        int(params["seed"]),
        bpm=params.get("bpm"),
        cuts=tuple(params.get("cuts", ())),
        packshot=params.get("packshot"),
    )
    data = np.round(piece * 32767).astype("<i2")
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
        hint="give an MP3, WAV, M4A, FLAC or OGG file, or leave music.file out for a piece made here",
    )


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()


def _wav(path: Path) -> File:
    return File(path, "audio/wav", {"seconds": _seconds(path)})

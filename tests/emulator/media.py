"""Clips, speech and music that a model might have made: real files, the same for the same input."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from adcli.media.ffmpeg import find_ffmpeg

RATE = 44_100
_SYLLABLE = 0.055
"""Seconds of sound for a letter: about 16 letters, or three words, a second."""
_SPACE = 0.05


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sound of a text, and for each character when it is heard (start and end in seconds)."""

    sound: bytes
    seconds: float
    characters: tuple[tuple[str, float, float], ...]


@lru_cache(maxsize=64)
def clip(seed: str, seconds: float, width: int, height: int, sound: bool = False) -> bytes:
    """An MP4 (H.264, 24 fps, as Kling's) of ``seconds``, rounded to frames; ``seed`` gives its colours."""
    digest = hashlib.sha256(seed.encode()).digest()
    source = f"gradients=s={width}x{height}:r=24:seed={int.from_bytes(digest[:3])}:speed=0.02:d={seconds:g}"
    inputs = ["-f", "lavfi", "-i", source]
    if sound:
        inputs += ["-f", "lavfi", "-i", f"sine=f={220 + digest[3]}:d={seconds:g}"]
    audio = ["-c:a", "aac", "-shortest"] if sound else []
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "32", "-pix_fmt", "yuv420p"]
    return _run([*inputs, *video, *audio, "-t", f"{seconds:g}"], "mp4")


@lru_cache(maxsize=64)
def spoken(text: str, kind: str = "mp3", speed: float = 1.0) -> Spoken:
    """Speech-like sound of a text: a tone for every letter, silence for every space; ``kind`` mp3 or wav."""
    pieces, characters, at = [], [], 0.0
    for character in text:
        heard = character.isalnum()
        length = (_SYLLABLE if heard else _SPACE) / speed
        times = np.arange(round(length * RATE)) / RATE
        pitch = 140 + (ord(character) % 40) * 6
        tone = 0.3 * np.sin(2 * np.pi * pitch * times) * np.hanning(len(times) or 1) if heard else times * 0
        pieces.append(tone)
        characters.append((character, round(at, 4), round(at + length, 4)))
        at += length
    samples = np.concatenate(pieces) if pieces else np.zeros(RATE // 10)
    data = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    inputs = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    return Spoken(_run(inputs, kind, data), len(samples) / RATE, tuple(characters))


@lru_cache(maxsize=16)
def music(seed: str, seconds: float, kind: str = "mp3") -> bytes:
    """A chord of exactly ``seconds``."""
    root = 110 + hashlib.sha256(seed.encode()).digest()[0]
    chord = "+".join(f"0.1*sin(2*PI*{root * ratio:g}*t)" for ratio in (1, 1.25, 1.5))
    return _run(["-f", "lavfi", "-i", f"aevalsrc={chord}:s={RATE}:d={seconds:g}"], kind)


def _run(arguments: list[str], suffix: str, data: bytes | None = None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"out.{suffix}"
        command = [str(find_ffmpeg()), "-v", "error", "-y", *arguments, str(out)]
        subprocess.run(command, input=data, check=True, capture_output=True)
        return out.read_bytes()

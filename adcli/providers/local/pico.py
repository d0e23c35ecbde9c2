"""Pico (SVOX) on this machine, in a process of its own: its library is exact only on a process's first call.

``python -m adcli.providers.local.pico`` reads ``{"text", "voice", "speed", "pitch"}`` as JSON on
stdin and writes mono 16-bit 16 kHz samples to stdout.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from adcli.media.speech import Samples, Speech, Word, loud_frames
from adcli.providers.local.reading import Reading
from adcli.providers.local.speech_text import is_heard, pause, weight
from adcli.providers.local.voices import PICO_PITCH

RATE = 16_000
"""Samples per second of the engine's sound."""

_TIMEOUT = 60.0
_LONG_PAUSE = 0.12
_REST = 0.25
"""Seconds that a rest within a line lasts at most: the engine's own 0.6 s and more overrun a short scene."""

_PACE = {"es": 1.12}
"""Speed by language that brings 60 lines of ads to 1.0 to 1.1 times the seconds their scripts reckon with."""


class PicoMissing(Exception):
    """The engine isn't installed on this machine, or it failed."""


def is_installed() -> bool:
    """The package is there (it has no wheel for macOS); nothing is imported."""
    return importlib.util.find_spec("py_nanotts") is not None


def synthesize(reading: Reading, voice: str, speed: float) -> Speech:
    """Speech by a voice such as ``de-DE/low``; word times are estimates between the bounds heard.

    Raises PicoMissing when the engine can't be run.
    """
    locale, _, pitch = voice.partition("/")
    request = {
        "text": " ".join(said for said in reading.spoken if said),
        "voice": locale,
        "speed": speed * _PACE.get(locale[:2], 1.0),
        "pitch": PICO_PITCH.get(pitch, 1.0),
    }
    samples = _rested(np.frombuffer(_spoken(request), "<i2").astype(np.float32) / np.float32(32768))
    return Speech(samples, RATE, tuple(_timed(reading, samples)))


def _rested(samples: Samples) -> Samples:
    """The samples without what is longer than a rest may be, taken out of its silent middle."""
    kept = np.ones(len(samples), bool)
    for (_, end), (start, _) in pairwise(_stretches(loud_frames(samples, RATE))):
        if start - end > _REST:
            kept[round((end + _REST / 2) * RATE) : round((start - _REST / 2) * RATE)] = False
    return samples[kept]


def _spoken(request: dict[str, object]) -> bytes:
    if not is_installed():
        raise PicoMissing("the package py-nanotts is not installed")
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=_TIMEOUT,
            env={**os.environ, "PYTHONPATH": paths},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PicoMissing(f"the engine can't be run: {error}") from error
    if done.returncode or len(done.stdout) < 2:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise PicoMissing(f"the engine failed: {lines[-1] if lines else f'exit {done.returncode}'}")
    return done.stdout[: len(done.stdout) // 2 * 2]


def _timed(reading: Reading, samples: Samples) -> list[Word]:
    """Words spread over the loud stretches by their weights in letters.

    Stretches are parted by pauses of 120 ms or more; when there are as many as there are
    phrases (parted by punctuation), each phrase lies exactly in its stretch.
    """
    shown, spoken = reading.shown, reading.spoken
    stretches = _stretches(loud_frames(samples, RATE))
    phrases = _phrases(spoken)
    if len(stretches) != len(phrases):
        stretches, phrases = [(stretches[0][0], stretches[-1][1])], [list(range(len(spoken)))]
    words: list[Word] = []
    for (start, end), members in zip(stretches, phrases, strict=True):
        last = members[-1] if members else -1
        loads = [weight(spoken[i]) if is_heard(spoken[i]) else 0.0 for i in members]
        rests = [pause(spoken[i]) if i != last else 0.0 for i in members]
        scale = (end - start) / max(sum(loads) + sum(rests), 1e-9)
        at = start
        for i, load, rest in zip(members, loads, rests, strict=True):
            words.append(Word(shown[i], at, at + load * scale))
            at += (load + rest) * scale
    return words


def _stretches(heard: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Seconds of each run of 10 ms frames that are heard; runs nearer than 120 ms are one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], heard, [False]]).astype(np.int8)))
    runs: list[tuple[float, float]] = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        start, end = float(first) / 100, float(last) / 100
        if runs and start - runs[-1][1] < _LONG_PAUSE:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs or [(0.0, len(heard) / 100)]


def _phrases(spoken: Sequence[str]) -> list[list[int]]:
    """Indexes of words up to each punctuation mark; what isn't heard stays with the phrase before it."""
    phrases: list[list[int]] = [[]]
    closed = False
    for index, said in enumerate(spoken):
        if closed and is_heard(said):
            phrases.append([])
            closed = False
        phrases[-1].append(index)
        closed = closed or pause(said) > 0
    return phrases


def _main() -> None:
    request = json.load(sys.stdin)
    # It ships no types, and has no wheel for macOS.
    engine = importlib.import_module("py_nanotts").NanoTTS()
    sound = engine.speak(
        request["text"], voice=request["voice"], speed=request["speed"], pitch=request["pitch"]
    )
    sys.stdout.buffer.write(sound)


if __name__ == "__main__":
    _main()

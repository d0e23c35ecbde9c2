"""Runs a maker the way the engine does, and reads what it wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adcli.keys import digest
from adcli.work import Artifact, File, Job, Made

ROOT = Path(__file__).parents[2]


def make(
    maker: Callable[[Job], Made], params: Mapping[str, Any], workdir: Path, inputs: Sequence[Path] = ()
) -> Made:
    """What a maker makes of params and input files, in a folder of its own."""
    workdir.mkdir(parents=True, exist_ok=True)
    artifacts = tuple(Artifact(path, digest(path.read_bytes()), "audio/wav") for path in inputs)
    return maker(Job("test", "test", "local", None, params, artifacts, {}, workdir))


def file_of(made: Made, output: str) -> File:
    """An output that is a file."""
    file = made.outputs[output]
    assert isinstance(file, File)
    return file


def words_of(made: Made) -> list[dict[str, Any]]:
    """The word times of a voice task."""
    text = made.outputs["words"]
    assert isinstance(text, str)
    words: list[dict[str, Any]] = json.loads(text)
    return words


def read_wav(path: Path) -> tuple[NDArray[np.float64], int]:
    """Samples × channels in -1..1, and the rate, of a 16-bit WAV."""
    with wave.open(str(path), "rb") as file:
        assert file.getsampwidth() == 2
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768
        return data.reshape(-1, file.getnchannels()), file.getframerate()


def write_wav(path: Path, samples: NDArray[Any], rate: int = 48_000) -> Path:
    """A 16-bit WAV of samples (× channels) in -1..1."""
    data = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if data.ndim == 1 else data.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data.tobytes())
    return path


def python(code: str, *args: str, first: Path | None = None) -> str:
    """What a fresh Python prints; packages in ``first`` come before the installed ones."""
    paths = [str(path) for path in (first, ROOT) if path]
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout

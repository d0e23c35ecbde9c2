"""Small clips with a tone as their sound, so that what is heard when can be measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adcli.media import ffmpeg

RATE = 48000


def clip(
    path: Path,
    seconds: float,
    tone: int | None,
    color: str = "red",
    size: str = "90x160",
    gain: float = 1.0,
) -> Path:
    """A video of one colour with moving noise; without a tone it has no sound at all."""
    picture = f"color={color}:size={size}:rate=30:duration={seconds},noise=alls=20:allf=t"
    inputs = ["-f", "lavfi", "-i", picture]
    sound = ["-an"]
    if tone is not None:
        source = f"sine=frequency={tone}:sample_rate={RATE}:duration={seconds},volume={gain}"
        inputs += ["-f", "lavfi", "-i", source]
        sound = ["-c:a", "aac"]
    form = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    ffmpeg.run(["-y", *inputs, *form, *sound, path.name], cwd=path.parent, timeout=60)
    return path


def heard(path: Path) -> NDArray[np.float32]:
    """The sound of a file, mono at 48 kHz."""
    raw = path.with_suffix(".raw")
    ffmpeg.run(
        ["-y", "-i", str(path), "-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "f32le", str(raw)],
        cwd=path.parent,
        timeout=60,
    )
    return np.fromfile(raw, "<f4")


def pitch(sound: NDArray[np.float32], start: float, seconds: float) -> float:
    """The strongest frequency of a stretch, in Hz; 0 where it is silent."""
    part = sound[round(start * RATE) : round((start + seconds) * RATE)].astype(np.float64)
    if np.sqrt(np.square(part).mean()) < 1e-3:
        return 0.0
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    return float(np.argmax(spectrum) * RATE / len(part))


def levels(sound: NDArray[np.float32], start: float, end: float, step: float = 0.05) -> NDArray[np.float64]:
    """RMS in dBFS of each short stretch between two times."""
    part = sound[round(start * RATE) : round(end * RATE)].astype(np.float64)
    size = round(step * RATE)
    rows = part[: len(part) // size * size].reshape(-1, size)
    return np.asarray(20 * np.log10(np.sqrt(np.square(rows).mean(axis=1)) + 1e-9))


def colour_at(path: Path, seconds: float) -> tuple[int, int, int]:
    """Mean colour of a video's frame at a time."""
    red, green, blue = (int(value) for value in pixels_at(path, seconds).mean(axis=0))
    return red, green, blue


def pixels_at(path: Path, seconds: float) -> NDArray[np.uint8]:
    """The pixels of a video's frame at a time, a row each: red, green, blue."""
    raw = path.with_suffix(".rgb")
    ffmpeg.run(
        [
            *("-y", "-ss", f"{seconds:.3f}", "-i", str(path), "-frames:v", "1"),
            *("-vf", "scale=270:-2:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24", str(raw)),
        ],
        cwd=path.parent,
        timeout=60,
    )
    return np.frombuffer(raw.read_bytes(), np.uint8).reshape(-1, 3)

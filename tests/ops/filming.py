"""Small videos of every kind, and stage ``post`` run on them as the engine runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adcli.media import ffmpeg
from adcli.registry import catalogue
from adcli.stages import post
from adcli.work import File, Made
from tests.media.rendering import LEVEL, STEP, Pixels, artifact, decoded, job

RATE = 48_000
UPRIGHT, WIDE = "180x320", "320x180"
TONE = "sine=frequency=440:r=48000,volume=2,aformat=channel_layouts=stereo"
PATTERN = "testsrc2=s={size}:r={rate}:d={seconds}"


def video(
    target: Path,
    seconds: float = 1.0,
    *,
    size: str = UPRIGHT,
    rate: str = "30",
    source: str = PATTERN,
    sound: str | None = TONE,
    extra: Sequence[str] = (),
) -> Path:
    """A video of ffmpeg's own pictures and a tone; ``sound`` None for none."""
    picture = source.format(size=size, rate=rate, seconds=seconds)
    command = ["-v", "error", "-y", "-f", "lavfi", "-i", picture]
    if sound is not None:
        command += ["-f", "lavfi", "-t", str(seconds), "-i", sound, "-c:a", "aac", "-b:a", "160k"]
    command += ["-t", str(seconds), "-c:v", "libx264", "-crf", "4", "-preset", "ultrafast"]
    ffmpeg.run(
        [*command, "-pix_fmt", "yuv420p", *extra, "-bitexact", str(target)], cwd=target.parent, timeout=60
    )
    return target


Step = str | Mapping[str, Any]


def steps(ops: Sequence[Step], files: list[Path]) -> list[dict[str, Any]]:
    """Operations as the graph writes them; each Path becomes an input."""
    made = []
    for step in ops:
        name, settings = (step, {}) if isinstance(step, str) else next(iter(step.items()))
        version = catalogue().ops[name].version
        made.append({"op": name, "version": version, "settings": _referred(settings, files)})
    return made


def _referred(value: Any, files: list[Path]) -> Any:
    if isinstance(value, Path):
        files.append(value)
        return {"$input": len(files) - 1}
    if isinstance(value, Mapping):
        return {name: _referred(item, files) for name, item in value.items()}
    if isinstance(value, list):
        return [_referred(item, files) for item in value]
    return value


def run(folder: Path, source: Path, *ops: Step, **params: Any) -> Made:
    """What stage ``post`` makes of a video, at preview quality; a Path in settings stands for its file."""
    files = [source]
    asked = {"video": {"$input": 0}, "ops": steps(ops, files), "quality": "preview", **params}
    folder.mkdir(parents=True, exist_ok=True)
    work = folder / f"work-{len(list(folder.iterdir()))}"
    return post.make(job({**post.SPEC.defaults, **asked}, [artifact(file) for file in files], work))


def film(folder: Path, source: Path, *ops: Step, **params: Any) -> File:
    """The video that ``run`` makes."""
    made = run(folder, source, *ops, **params).outputs["video"]
    assert isinstance(made, File)
    return made


def frames(made: File | Path) -> list[Pixels]:
    """All frames as RGB."""
    return decoded(made.path if isinstance(made, File) else made)


def samples(made: File | Path) -> NDArray[np.float64]:
    """Left and right at 48 kHz, as a player hears them."""
    with av.open(str(made.path if isinstance(made, File) else made)) as file:
        parts = [frame.to_ndarray() for frame in file.decode(audio=0)]
    return np.concatenate(parts, axis=1).T.astype(np.float64)


def pitch(sound: NDArray[np.float64]) -> float:
    """The strongest frequency of a sound's left side, in Hz."""
    window = sound[:, 0] * np.hanning(len(sound))
    return float(np.argmax(np.abs(np.fft.rfft(window))) * RATE / len(sound))


def level(sound: NDArray[np.float64]) -> float:
    """RMS in dBFS."""
    return float(10 * np.log10(np.square(sound).mean() + 1e-12))


def encoders(made: File) -> int:
    """How many video encoders ran, as the stage says."""
    return int(str(made.meta["encoders"]))


def counted_video(target: Path) -> Path:
    """A clip whose frames can be told apart (see ``rendering.counted``); its tone steps up an octave."""
    tone = "aevalsrc='0.25*sin(2*PI*440*(1+gte(t,0.5))*t)':s=48000:c=stereo:d=1"
    grey = f"color=black:s=128x128:r=30,format=gray,geq=lum='{LEVEL}+{STEP}*N',scale=out_range=tv"
    command = ["-v", "error", "-y", "-f", "lavfi", "-i", grey, "-f", "lavfi", "-i", tone, "-c:a", "aac"]
    command += ["-b:a", "160k", "-frames:v", "30", "-pix_fmt", "yuv420p", "-crf", "2", "-preset", "ultrafast"]
    ffmpeg.run([*command, "-bitexact", str(target)], cwd=target.parent, timeout=60)
    return target


def from_picture(target: Path, picture: Image.Image, count: int) -> Path:
    """So many frames of a picture, in BT.709 and nearly lossless, with a tone."""
    still = target.with_suffix(".png")
    picture.save(still)
    command = ["-v", "error", "-y", "-loop", "1", "-framerate", "30", "-i", still.name]
    command += ["-f", "lavfi", "-i", TONE, "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"]
    command += ["-frames:v", str(count), "-t", f"{count / 30:.6f}", "-c:v", "libx264", "-crf", "2"]
    command += ["-preset", "ultrafast", "-color_primaries", "bt709", "-color_trc", "bt709"]
    command += ["-colorspace", "bt709", "-c:a", "aac", "-b:a", "160k", "-bitexact", str(target)]
    ffmpeg.run(command, cwd=target.parent, timeout=60)
    return target


def numbers(made: File | Path) -> list[int]:
    """Which frames of the counted clip a film shows, in order."""
    middles = [float(p[p.shape[0] // 2 - 9 :, 20:-20].mean()) for p in frames(made)]
    return [round((middle - LEVEL) / STEP) for middle in middles]


def colour(picture: Pixels, x: float, y: float) -> tuple[int, int, int]:
    """The colour around a place, by shares of width and height."""
    row, column = round(y * picture.shape[0]), round(x * picture.shape[1])
    part = picture[max(0, row - 2) : row + 3, max(0, column - 2) : column + 3].reshape(-1, 3)
    red, green, blue = part.mean(axis=0).round().astype(int).tolist()
    return red, green, blue


def inked(made: File, plain: File, number: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of where a frame of a film differs from the same of another."""
    gap = np.abs(frames(made)[number].astype(int) - frames(plain)[number]).max(axis=2) > 40
    rows, columns = np.flatnonzero(gap.any(axis=1)), np.flatnonzero(gap.any(axis=0))
    assert len(rows), "nothing was drawn"
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

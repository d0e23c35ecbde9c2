"""Makes small clips and pictures, renders scenes of them the way the engine does, and reads frames back."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adcli.keys import digest
from adcli.media import ffmpeg
from adcli.stages import assemble, scene
from adcli.units import AspectRatio, Quality
from adcli.work import Artifact, File, Job

Pixels = NDArray[np.uint8]
SIZE = 540
"""Sides of a square preview."""

LEVEL, STEP = 20, 6
"""Grey of a counted clip's first frame, and by how much each following frame is brighter."""


def lavfi(target: Path, source: str, *arguments: str) -> Path:
    """A file made from ffmpeg's own test sources."""
    command = ["-v", "error", "-y", "-f", "lavfi", "-i", source, *arguments, str(target)]
    ffmpeg.run(command, cwd=target.parent, timeout=60)
    return target


def counted(target: Path, frames: int, rate: str = "30", size: str = "64x64", *arguments: str) -> Path:
    """A clip whose frame n is evenly grey of ``LEVEL + STEP * n`` (full range), so that each can be told."""
    grey = f"color=black:s={size}:r={rate},format=gray,geq=lum='{LEVEL}+{STEP}*N',scale=out_range=tv"
    return lavfi(target, grey, "-frames:v", str(frames), "-pix_fmt", "yuv420p", "-crf", "4", *arguments)


def numbers(pictures: Sequence[Pixels]) -> list[int]:
    """Which frame of a counted clip each picture shows, by its middle."""
    middles = [float(p[p.shape[0] // 2 - 9 : p.shape[0] // 2 + 9, -40:-20].mean()) for p in pictures]
    return [round((middle - LEVEL) / STEP) for middle in middles]


def picture(target: Path, width: int, height: int) -> Path:
    """A photo-like picture: soft colours and some edges."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    rows = np.stack([x * 200 + 20, y * 200 + 20, 120 + 80 * np.sin(x * 20) * np.cos(y * 16)], axis=2)
    Image.fromarray(rows.astype(np.uint8)).save(target)
    return target


def move(target: Path, image: Path, start: Mapping[str, float], end: Mapping[str, float]) -> Path:
    """A move container of one layer, easing linearly."""
    with Image.open(image) as opened:
        width, height = opened.size
    layer = {"file": "layer-0.png", "from": dict(start), "to": dict(end), "ease": "linear"}
    with zipfile.ZipFile(target, "w") as archive:
        document = {"format": 1, "width": width, "height": height, "layers": [layer]}
        archive.writestr("move.json", json.dumps(document))
        archive.writestr("layer-0.png", image.read_bytes())
    return target


def artifact(path: Path, meta: Mapping[str, Any] | None = None) -> Artifact:
    return Artifact(path, digest(path.read_bytes()), "application/octet-stream", meta or {})


def job(params: Mapping[str, Any], inputs: Sequence[Artifact], workdir: Path) -> Job:
    workdir.mkdir(parents=True, exist_ok=True)
    return Job("test", "test", "local", None, params, tuple(inputs), {}, workdir)


def render(workdir: Path, picture: Mapping[str, Any] | Path, frames: int, **params: Any) -> File:
    """A preview segment; a path stands for a clip."""
    files = [picture] if isinstance(picture, Path) else []
    if isinstance(picture, Path):
        picture = {"clip": {"$input": 0}}
    if isinstance(tail := params.get("tail"), Mapping) and isinstance(tail["picture"], Path):
        params["tail"] = {**tail, "picture": {"clip": {"$input": len(files)}}}
        files.append(tail["picture"])
    files += params.pop("files", [])
    given = {"ratio": "1:1", "quality": "preview", "picture": picture, "frames": frames, **params}
    made = scene.make(job({**scene.SPEC.defaults, **given}, [artifact(f) for f in files], workdir))
    found = made.outputs["segment"]
    assert isinstance(found, File)
    return found


def join(workdir: Path, segments: Sequence[File], audio: Path, frames: int, poster_at: float = 0) -> File:
    """The finished video of these segments; its poster lies beside it."""
    inputs = [artifact(s.path, s.meta) for s in segments] + [artifact(audio)]
    refs = [{"$input": n} for n in range(len(inputs))]
    params = {"segments": refs[:-1], "audio": refs[-1], "frames": frames, "poster_at": poster_at}
    found = assemble.make(job(params, inputs, workdir)).outputs["video"]
    assert isinstance(found, File)
    return found


def silence(target: Path, frames: int) -> Path:
    """A track of exactly so many video frames."""
    return lavfi(
        target, f"anullsrc=r=48000:cl=stereo:d={frames / 30:.6f}", "-c:a", "aac", "-b:a", "64k", "-bitexact"
    )


def decoded(path: Path) -> list[Pixels]:
    """All frames as RGB, by the file's own colour tags."""
    with av.open(str(path)) as container:
        return [np.asarray(f.to_ndarray(format="rgb24"), np.uint8) for f in container.decode(video=0)]


def preview(ratio: str) -> tuple[int, int]:
    """Width and height of a ratio at preview quality."""
    size = Quality.PREVIEW.scale(AspectRatio(ratio).size)
    return size.width, size.height


def near(pixel: Any, wanted: tuple[int, int, int], within: float = 24) -> bool:
    """Whether a colour is close to another one in every channel."""
    return bool(np.all(np.abs(np.asarray(pixel, float) - wanted) <= within))

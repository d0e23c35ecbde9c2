"""Makes small media and scenes the way the engine does, and looks at the frames that come out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adcli.keys import digest
from adcli.media import ffmpeg
from adcli.stages import scene
from adcli.work import Artifact, File, Job, Made

Pixels = NDArray[np.uint8]

GREY = (96, 96, 96)
CAPTIONS = {
    "style": "tiktok",
    "position": "lower-middle",
    "font_size": 60,
    "active_color": "#FF0000",
    "inactive_color": "#00FF00",
    "bounce": True,
    "bounce_scale": 1.15,
    "lead": 0.0,
}


def job(stage: str, params: Mapping[str, Any], workdir: Path, files: Sequence[Path] = ()) -> Job:
    """A job whose assets are called a0, a1, …"""
    workdir.mkdir(parents=True, exist_ok=True)
    assets = {f"a{n}": Artifact(file, digest(file.read_bytes()), "video/mp4") for n, file in enumerate(files)}
    return Job(f"ann/hook/{stage}", stage, "local", None, params, (), assets, workdir)


def shot(workdir: Path, *files: Path, **params: Any) -> Made:
    """A scene at preview quality and 1:1 that shows the first file as a clip, unless asked otherwise."""
    given = {"quality": "preview", "ratio": "1:1", "picture": {"clip": {"$asset": "a0"}}} | params
    return scene.make(job("scene", {**scene.SPEC.defaults, **given}, workdir, files))


def path_of(made: Made, output: str = "segment") -> Path:
    """The file of an output."""
    return file_of(made, output).path


def file_of(made: Made, output: str = "segment") -> File:
    """An output that is a file."""
    file = made.outputs[output]
    assert isinstance(file, File)
    return file


def film(path: Path, source: str, seconds: float, *arguments: str) -> Path:
    """A clip of one of ffmpeg's own test sources, by default without loss."""
    form = arguments or ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "yuv420p")
    tags = ("-colorspace", "bt709", "-color_range", "tv")
    graph = ["-f", "lavfi", "-i", source, "-t", f"{seconds:g}"]
    ffmpeg.run(["-v", "error", "-y", *graph, *tags, *form, path.name], cwd=path.parent, timeout=60)
    return path


def picture(path: Path, colour: tuple[int, int, int] = GREY, size: tuple[int, int] = (540, 540)) -> Path:
    """A picture of one colour."""
    Image.new("RGB", size, colour).save(path)
    return path


def still() -> dict[str, Any]:
    """The ``picture`` of a scene that shows the first file as a still."""
    return {"image": {"$asset": "a0"}}


def captions(words: Sequence[tuple[str, float, float]], **changes: Any) -> dict[str, Any]:
    """Caption params: red active and green other words."""
    rows = [{"text": text, "start": start, "end": end} for text, start, end in words]
    return CAPTIONS | {"words": json.dumps(rows)} | changes


def frames(path: Path) -> list[Pixels]:
    """All frames as height × width × RGB."""
    with av.open(str(path)) as container:
        decoded = [
            frame.to_ndarray(format="rgb24", src_colorspace="ITU709") for frame in container.decode(video=0)
        ]
    return [frame.astype(np.uint8, copy=False) for frame in decoded]


def times(path: Path) -> list[float]:
    """When each frame is shown, in seconds."""
    with av.open(str(path)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


def near(frame: Pixels, colour: tuple[int, int, int], reach: int = 60) -> NDArray[np.bool_]:
    """Which pixels are at most ``reach`` from a colour in every channel."""
    distance: NDArray[np.int16] = np.abs(frame.astype(np.int16) - np.array(colour, dtype=np.int16))
    found: NDArray[np.bool_] = distance.max(axis=2) <= reach
    return found


def span(mask: NDArray[np.bool_], axis: int = 1) -> tuple[int, int]:
    """First and last column (axis 1) or row (axis 0) in which a mask holds; (-1, -1) when none does."""
    hits = np.flatnonzero(mask.any(axis=1 - axis))
    return (int(hits[0]), int(hits[-1])) if hits.size else (-1, -1)

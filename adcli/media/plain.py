"""A scene's picture as a clip of its own: exactly its frames, without text and sound."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adcli.errors import TaskFailed
from adcli.media import ffmpeg, footage, layers
from adcli.media.encode import x264
from adcli.media.probe import probe
from adcli.units import FPS, AspectRatio, Quality, Size
from adcli.work import Job

_UPRIGHT = AspectRatio.PORTRAIT.size
_TIMEOUT, _TIMEOUT_PER_FRAME = 300.0, 1.0


@dataclass(frozen=True, slots=True)
class View:
    """What is seen of a clip or a move container: from ``at`` seconds on, enlarged by ``zoom``."""

    source: Path
    at: float
    zoom: float
    frames: int

    @property
    def left(self) -> float:
        """Frames that there are from ``at`` on; a move lasts as long as it is asked to."""
        if layers.is_container(self.source):
            return math.inf
        return (probe(self.source).duration - self.at) * FPS


def view_of(job: Job) -> View:
    """The view that a task's params ask for."""
    params: Mapping[str, Any] = job.params
    source = job.file(params["clip"]).path
    return View(source, float(params.get("at", 0)), float(params.get("zoom", 1)), int(params["frames"]))


def even_size(size: Size, *, grow: bool = False) -> Size:
    """The same shape on even sides, with no more pixels than an upright video has and none longer."""
    longest, area = _UPRIGHT.height, _UPRIGHT.width * _UPRIGHT.height
    scale = min(longest / max(size.width, size.height), math.sqrt(area / (size.width * size.height)))
    scale = scale if grow else min(1.0, scale)
    return Size(max(2, round(size.width * scale / 2) * 2), max(2, round(size.height * scale / 2) * 2))


def write_clip(view: View, target: Path, *more: str, size: Size | None = None) -> Size:
    """Writes a view as near-lossless H.264 that plays anywhere, with ``more`` arguments; gives its size.

    Raises as ``render`` does, and TaskFailed when frames are missing.
    """
    made = render(view, target, [*x264(Quality.MAX), *more, "-movflags", "+faststart"], size)
    check_frames(target, view.frames)
    return made


def check_frames(clip: Path, frames: int) -> None:
    """Raises TaskFailed when a clip that was made has another number of frames."""
    found = probe(clip).frames
    if found != frames:
        raise TaskFailed(f"the clip has {found} frames instead of {frames}")


def render(view: View, target: Path, encoder: Sequence[str], size: Size | None = None) -> Size:
    """Writes a view with the arguments of an encoder; gives its size.

    Without a ``size`` clips keep theirs, up to as many pixels as 1080 × 1920, and a camera move gets as many
    in its own shape. Raises TaskFailed when there is no whole video.
    """
    folder = target.parent / f"{target.stem}-parts"
    folder.mkdir()
    graph = footage.Graph(target.parent)
    container = layers.read_move(view.source, folder) if layers.is_container(view.source) else None
    if size is None:
        size = even_size(container.size, grow=True) if container else even_size(probe(view.source).shown)
    shot = footage.Shot(size, view.frames, view.frames, "crop")
    if container:
        footage.add_moving(graph, container.zoomed(view.zoom), shot, "view")
    else:
        clip = footage.named_mp4(view.source, folder)
        footage.add_clip(graph, clip, view.at, view.zoom, shot, "view")
    arguments = ["-v", "error", "-y", "-filter_complex_threads", "1", *graph.arguments]
    arguments += ["-filter_complex", graph.text(), "-map", "[view]", *encoder]
    ffmpeg.run(
        [*arguments, "-frames:v", str(view.frames), "-an", target.name],
        cwd=target.parent,
        timeout=_TIMEOUT + _TIMEOUT_PER_FRAME * view.frames,
    )
    return size

"""Stage ``clip``: what a scene shows, as a video of its own without text and sound, for people to keep."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec
from adcli.units import FPS
from adcli.work import File, Job, Made

SPEC = StageSpec("clip", 1, ("clip",), Lane.CPU, defaults={"at": 0, "zoom": 1})
"""Output: H.264 of exactly the scene's frames, in the clip's own shape."""


def make(job: Job) -> Made:
    """Cuts the clip to its scene; a camera move of the draft becomes a video."""
    from adcli.media.plain import view_of, write_clip

    view, path = view_of(job), job.workdir / "clip.mp4"
    size = write_clip(view, path)
    meta = {"width": size.width, "height": size.height, "duration": view.frames / FPS}
    return Made({"clip": File(path, "video/mp4", meta)})

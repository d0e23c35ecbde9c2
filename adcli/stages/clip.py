"""Stage ``clip``: what a scene shows, as a video of its own without text and sound, for people to keep."""

from __future__ import annotations

from adcli.errors import TaskFailed
from adcli.registry import Lane, StageSpec
from adcli.units import FPS
from adcli.work import File, Job, Made

SPEC = StageSpec("clip", 1, ("clip",), Lane.CPU, defaults={"at": 0, "zoom": 1})
"""Output: H.264 of exactly the scene's frames, in the clip's own shape."""


def make(job: Job) -> Made:
    """Cuts the clip to its scene; a camera move of the draft becomes a video."""
    from adcli.media.encode import x264
    from adcli.media.plain import render, view_of
    from adcli.media.probe import probe
    from adcli.units import Quality

    view, path = view_of(job), job.workdir / "clip.mp4"
    done = render(view, path, [*x264(Quality.MAX), "-movflags", "+faststart"])
    made = probe(path)
    if made.frames != view.frames:
        raise TaskFailed(f"the clip has {made.frames} frames instead of {view.frames}")
    meta = {"width": done.size.width, "height": done.size.height, "duration": made.frames / FPS}
    return Made({"clip": File(path, "video/mp4", meta)})

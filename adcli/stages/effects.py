"""Stage ``effects``: MoviePy's effects, or a campaign's own, on the clip of one scene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from adcli.registry import Lane, StageSpec
from adcli.units import FPS
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from adcli.media.effects import Affected, Effect

SPEC = StageSpec("effects", 1, ("clip",), Lane.CPU, defaults={"at": 0, "zoom": 1})
"""Output: a silent H.264 clip that begins and ends with the scene, of the size that the effects give it."""


def make(job: Job) -> Made:
    """Applies the effects in order; fails with the name of the one that does."""
    from adcli.media.effects import render_effects
    from adcli.media.plain import check_frames, view_of

    view = view_of(job)
    path = job.workdir / "clip.mp4"
    done = render_effects(view, [_effect(job, row) for row in job.params["effects"]], path)
    check_frames(path, view.frames)
    meta = {"width": done.size.width, "height": done.size.height, "duration": view.frames / FPS}
    missing = max(0.0, (view.frames - view.left) / FPS)
    return Made({"clip": File(path, "video/mp4", meta)}, tuple(_notes(done, missing)))


def _effect(job: Job, row: Mapping[str, Any]) -> Effect:
    from adcli.media.effects import Effect

    name, params = row["name"], row.get("params", {})
    if "source" not in row:
        return Effect.of_moviepy(name, params)
    return Effect(name, row.get("class", name), job.file(row["source"]).path, params)


def _notes(done: Affected, missing: float) -> Iterator[str]:
    """Where time runs out: of the clip itself, or of what effects made of it."""
    from adcli.media.footage import SEEN

    if missing >= SEEN:
        yield f"the clip ends {missing:.1f} s before its scene: its last picture stands still"
    if done.held >= SEEN:
        yield f"effects end {done.held:.1f} s before their scene: its last picture stands still"
    if done.cut >= 1 / FPS:
        yield f"effects make the scene {done.cut:.1f} s longer: what is over is cut off"

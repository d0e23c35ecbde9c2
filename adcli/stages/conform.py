"""Stage ``conform``: clip and line of a scene as lip-sync services take them, both of one length."""

from __future__ import annotations

from pathlib import Path

from adcli.registry import Lane, StageSpec
from adcli.units import Size
from adcli.work import File, Job, Made

SPEC = StageSpec("conform", 1, ("clip", "audio"), Lane.CPU)
"""Outputs: a silent H.264 clip and an AAC track, both exactly ``frames`` long."""

_LARGEST, _SMALLEST = (1080, 1920), 720
"""Pixels of the sides, short and long, that lip-sync services take at most; and of the short one at least."""

_MOST_BITS = "20M"
"""A second: ten seconds stay far below the 100 MB that services take."""


def make(job: Job) -> Made:
    """Cuts the clip to its length, or lets its last picture stand; the line starts ``lead`` seconds after it.

    What the scene doesn't show, because the service takes no shorter clip, is cut off by the scene itself.
    """
    from adcli.media import audio, synth

    frames = int(job.params["frames"])
    line = audio.Line(job.file(job.params["audio"]).path, float(job.params["lead"]))
    track = audio.Track(job.workdir, frames, (line,), None)
    spoken = job.workdir / "line.m4a"
    audio.lay(track, spoken)
    seconds = track.samples / synth.RATE
    clip, size = _clip(job, frames)
    shown = {"width": size.width, "height": size.height, "duration": seconds}
    return Made(
        {
            "clip": File(clip, "video/mp4", shown),
            "audio": File(spoken, "audio/mp4", {"duration": seconds}),
        }
    )


def _clip(job: Job, frames: int) -> tuple[Path, Size]:
    from adcli.media import layers, plain
    from adcli.media.probe import probe
    from adcli.units import AspectRatio

    source, path = job.file(job.params["clip"]).path, job.workdir / "conformed.mp4"
    size = AspectRatio.PORTRAIT.size
    if not layers.is_container(source):
        shown = probe(source).shown
        size = _taken(shown.width, shown.height)
    view = plain.View(source, 0.0, 1.0, frames)
    return path, plain.write_clip(view, path, "-maxrate", _MOST_BITS, "-bufsize", _MOST_BITS, size=size)


def _taken(width: int, height: int) -> Size:
    """The clip's size, scaled to what services take; it keeps its shape, to an even number of pixels."""
    short, long = min(width, height), max(width, height)
    scale = max(1.0, _SMALLEST / short)
    scale = min(scale, _LARGEST[0] / short, _LARGEST[1] / long)
    return Size(max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))

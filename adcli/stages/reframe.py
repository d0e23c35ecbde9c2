"""Stage ``reframe``: finds what a picture or a clip is about, so that every ratio's crop keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.errors import TaskFailed
from adcli.registry import Lane, StageSpec
from adcli.work import Job, Made

if TYPE_CHECKING:
    from PIL import Image

SPEC = StageSpec("reframe", 1, ("focus",), Lane.CPU, defaults={"at": 0})
"""Output: canonical JSON, ``{"x", "y", "box", "boxes", "found": "face|salient|centre"}`` in shares of the
upright picture. ``finder`` is what finds the faces: another one may see others."""

_SAMPLES = 9  # frames of a clip, spread over what the scene shows of it
_SIDE = 512  # pixels of their longer side
_SEEN = "seen-%02d.png"
_TIMEOUT = 300.0


def make(job: Job) -> Made:
    """One picture, or what is the same all along a clip: a crop that stands still never jitters."""
    from adcli.media.photo import open_photo
    from adcli.media.subject import find_focus

    params = job.params
    given = params.get("image")
    pictures = [open_photo(job.file(given).path)] if given else _samples(job)
    return Made({"focus": find_focus(pictures, params["finder"]).text()})


def _samples(job: Job) -> list[Image.Image]:
    from PIL import Image

    from adcli.media import ffmpeg, footage
    from adcli.units import Size

    frames = int(job.params["frames"])
    graph = footage.Graph(job.workdir)
    clip = footage.named_mp4(job.file(job.params["clip"]).path, job.workdir)
    _, conformed = footage.open_clip(graph, clip, float(job.params["at"]), Size(_SIDE, _SIDE))
    step = max(1, frames // _SAMPLES)
    filters = (
        f"{conformed},trim=end_frame={frames},select='not(mod(n-{step // 2},{step}))',"
        f"scale={_SIDE}:{_SIDE}:force_original_aspect_ratio=decrease[out]"
    )
    arguments = ["-v", "error", "-y", "-filter_complex_threads", "1", *graph.arguments]
    arguments += ["-filter_complex", filters, "-map", "[out]", "-fps_mode", "passthrough"]
    arguments += ["-compression_level", "1"]
    ffmpeg.run([*arguments, "-frames:v", str(_SAMPLES), _SEEN], cwd=job.workdir, timeout=_TIMEOUT)
    found = sorted(job.workdir.glob(_SEEN.replace("%02d", "*")))
    if not found:
        raise TaskFailed("the clip has no picture to look at", hint="give a whole video")
    return [Image.open(path).convert("RGB") for path in found]

"""Stage ``picture``: a scene's picture as PNG, for people to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from PIL import Image

SPEC = StageSpec("picture", 1, ("image",), Lane.CPU, defaults={"platform": "universal"})
"""Output: the picture in its own size, or a packshot as it stands when all of it has come in."""


def make(job: Job) -> Made:
    """Converts what is given; a PNG stays what it is but for its metadata."""
    picture = _packshot(job) if "packshot" in job.params else _given(job)
    path = job.workdir / "picture.png"
    picture.save(path, compress_level=6)
    return Made({"image": File(path, "image/png", {"width": picture.width, "height": picture.height})})


def _given(job: Job) -> Image.Image:
    from adcli.media.photo import has_alpha, open_photo

    photo = open_photo(job.file(job.params["image"]).path)
    return photo if has_alpha(photo) else photo.convert("RGB")


def _packshot(job: Job) -> Image.Image:
    from adcli.media.brand_fonts import brand_fonts
    from adcli.media.layout import Frame
    from adcli.media.packshot import draw_packshot
    from adcli.spec.platforms import Platform
    from adcli.units import AspectRatio

    spec, ratio = job.params["packshot"], AspectRatio(job.params["ratio"])
    fonts = brand_fonts([job.file(ref).path for ref in spec.get("fonts", ())])
    frame = Frame(ratio, ratio.size, Platform(job.params["platform"]))
    return draw_packshot(spec, frame, lambda ref: job.file(ref).path, fonts).whole.convert("RGB")

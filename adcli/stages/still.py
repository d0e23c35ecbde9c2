"""Stage ``still``: a picture cropped, or padded with its own blur, to one aspect ratio."""

from __future__ import annotations

from adcli.registry import Lane, StageSpec
from adcli.units import AspectRatio
from adcli.work import File, Job, Made

SPEC = StageSpec("still", 1, ("image",), Lane.CPU, defaults={"fit": "crop"})


def make(job: Job) -> Made:
    """Writes the picture at the ratio's full size."""
    from PIL import Image, ImageFilter, ImageOps

    from adcli.media.photo import open_photo

    size = AspectRatio(job.params["ratio"]).size
    box = (size.width, size.height)
    photo = open_photo(job.file(job.params["image"]).path).convert("RGB")
    made = ImageOps.fit(photo, box, Image.Resampling.LANCZOS)
    if job.params["fit"] == "pad":
        made = made.filter(ImageFilter.GaussianBlur(32))
        inner = ImageOps.contain(photo, box, Image.Resampling.LANCZOS)
        made.paste(inner, ((size.width - inner.width) // 2, (size.height - inner.height) // 2))
    path = job.workdir / "still.png"
    made.save(path, compress_level=3)
    return Made({"image": File(path, "image/png", {"width": size.width, "height": size.height})})

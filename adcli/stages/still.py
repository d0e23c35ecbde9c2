"""Stage ``still``: a picture cropped, or set before its own blur, to one aspect ratio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.registry import Lane, StageSpec
from adcli.units import AspectRatio
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from PIL import Image

    from adcli.media.framing import Focus
    from adcli.units import Size

SPEC = StageSpec("still", 2, ("image",), Lane.CPU, defaults={"fit": "crop"})


def make(job: Job) -> Made:
    """Writes the picture at the ratio's full size."""
    from adcli.media.framing import CENTRE, read_focus
    from adcli.media.photo import open_photo

    params, size = job.params, AspectRatio(job.params["ratio"]).size
    photo = open_photo(job.file(params["image"]).path).convert("RGB")
    focus = read_focus(params["focus"]) if "focus" in params else CENTRE
    made = _padded(photo, size, job) if params["fit"] == "pad" else _cropped(photo, size, focus)
    path = job.workdir / "still.png"
    made.save(path, compress_level=3)
    return Made({"image": File(path, "image/png", {"width": size.width, "height": size.height})})


def _cropped(photo: Image.Image, frame: Size, focus: Focus) -> Image.Image:
    from PIL import Image

    from adcli.media.framing import window
    from adcli.units import Size

    seen = window(Size(*photo.size), frame, focus)
    box = (
        *(seen.left * photo.width, seen.top * photo.height),
        *(seen.right * photo.width, seen.bottom * photo.height),
    )
    return photo.resize((frame.width, frame.height), Image.Resampling.LANCZOS, box)


def _padded(photo: Image.Image, frame: Size, job: Job) -> Image.Image:
    from PIL import Image

    from adcli.media.footage import inner_size
    from adcli.media.layers import still
    from adcli.media.surroundings import draw_surroundings
    from adcli.units import Size

    flat, around = job.workdir / "flat.png", job.workdir / "around.png"
    photo.save(flat, compress_level=1)
    inner = inner_size(Size(*photo.size), frame)
    draw_surroundings(still(flat, Size(*photo.size)), inner, frame, around)
    with Image.open(around) as opened:
        made: Image.Image = opened.convert("RGB")
    shown = photo.resize((inner.width, inner.height), Image.Resampling.LANCZOS)
    made.paste(shown, ((frame.width - inner.width) // 2, (frame.height - inner.height) // 2))
    return made

"""Stage ``compose``: sets a cut-out person before a picture that fills the frame, as a green screen does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adcli.errors import TaskFailed
from adcli.registry import Lane, StageSpec
from adcli.work import File, Job, Made

if TYPE_CHECKING:
    from PIL import Image

SPEC = StageSpec("compose", 1, ("image",), Lane.CPU)
"""Output: the picture, upright, RGB, ``width`` by ``height``."""

_NEUTRAL = (244, 244, 242, 255)  # what a backdrop with transparency stands on
_TALL = 0.75  # shapes up to this one fill the frame; wider ones stand above, whole, before their own blur
_TOP = 0.08  # share of the height above a wide backdrop: apps write there
_WIDEST, _HIGHEST = 0.86, 0.6  # shares of the frame that the person takes at most
_SEEN = 40  # opacity, of 255, from which a pixel belongs to the person


def make(job: Job) -> Made:
    """The person stands on the lower edge, in the middle."""
    from adcli.media.photo import open_photo

    size = (int(job.params["width"]), int(job.params["height"]))
    picture = _backdrop(open_photo(job.file(job.params["backdrop"]).path), size)
    person = _fitted(open_photo(job.file(job.params["person"]).path), size)
    picture.paste(person, ((size[0] - person.width) // 2, size[1] - person.height), person)
    path = job.workdir / "composed.png"
    picture.save(path, compress_level=3)
    return Made({"image": File(path, "image/png", {"width": size[0], "height": size[1]})})


def _backdrop(photo: Image.Image, size: tuple[int, int]) -> Image.Image:
    from PIL import Image, ImageFilter, ImageOps

    plain = Image.alpha_composite(Image.new("RGBA", photo.size, _NEUTRAL), photo).convert("RGB")
    filled = ImageOps.fit(plain, size, Image.Resampling.LANCZOS, centering=(0.5, 0.3))
    if plain.width / plain.height <= _TALL:
        return filled
    filled = filled.filter(ImageFilter.GaussianBlur(48))
    inner = ImageOps.contain(plain, size, Image.Resampling.LANCZOS)
    filled.paste(inner, ((size[0] - inner.width) // 2, round(size[1] * _TOP)))
    return filled


def _fitted(cut: Image.Image, size: tuple[int, int]) -> Image.Image:
    from PIL import Image, ImageOps

    box = cut.getchannel("A").point(lambda alpha: 255 if alpha >= _SEEN else 0).getbbox()
    if box is None:
        raise TaskFailed("nothing is left of the cut-out picture", hint="take the picture again: --retake")
    room = (round(size[0] * _WIDEST), round(size[1] * _HIGHEST))
    return ImageOps.contain(cut.crop(box), room, Image.Resampling.LANCZOS)

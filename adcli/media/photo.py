"""Photos that people bring: opened upright within limits, and cut out of their backgrounds."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageOps, UnidentifiedImageError

from adcli.errors import TaskFailed

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORMATS = ("PNG", "JPEG", "WEBP")
"""Kinds of picture that are taken, told by their content."""

MAX_PIXELS = 50_000_000
"""Larger pictures are refused before a pixel is decoded."""

_WORKING_SIDE = 1600
_FLAT = 22.0  # largest distance (RGB, Euclidean) from the background that still counts as background
_SMALL = 40


def open_photo(path: Path) -> Image.Image:
    """The picture as RGBA in sRGB, upright by its EXIF orientation.

    Raises TaskFailed for other formats, more than ``MAX_PIXELS``, damaged or truncated files.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(path, formats=FORMATS) as source:
                _check_size(path.name, source)
                source.load()
                return _rgba(ImageOps.exif_transpose(source))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(path.name) from None
    except UnidentifiedImageError:
        raise TaskFailed(
            f"{path.name} is no PNG, JPEG or WebP picture", hint="save it in one of these"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise TaskFailed(f"{path.name} is damaged: {error}", hint="save it again") from error


def _check_size(name: str, source: Image.Image) -> None:
    if source.width * source.height > MAX_PIXELS:
        raise _too_large(name)


def _too_large(name: str) -> TaskFailed:
    return TaskFailed(f"{name} has more than {MAX_PIXELS // 1_000_000} megapixels", hint="scale it down")


def _rgba(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a sample: Pillow's own conversion clips them
        image = Image.fromarray((np.asarray(image).astype(np.float64) / 257).astype(np.uint8))
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    plain = _srgb(image).convert("RGBA")
    if alpha is not None:
        plain.putalpha(alpha)
    return plain


def _srgb(image: Image.Image) -> Image.Image:
    """Colours of a wide-gamut or CMYK picture as a screen shows them, where its profile is usable."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def cut_out(image: Image.Image) -> Image.Image:
    """What the picture is of, RGBA, cropped to it, at most 1600 px a side.

    Takes the picture's own transparency; else removes a plain background that surrounds the
    subject; else gives a card with rounded corners. Raises TaskFailed when nothing is visible.
    """
    image = image.convert("RGBA")
    image.thumbnail((_WORKING_SIDE, _WORKING_SIDE), Image.Resampling.LANCZOS)
    opaque = np.asarray(image.getchannel("A"))
    if opaque.max() < 16:
        raise TaskFailed("the picture is fully transparent", hint="give one that shows something")
    if (opaque < 200).mean() > 0.01:
        return _cropped(image)
    return _without_background(image) or rounded_card(image)


def has_alpha(image: Image.Image) -> bool:
    """Whether a noticeable part of an RGBA picture is transparent."""
    return bool((np.asarray(image.getchannel("A")) < 200).mean() > 0.01)


def rounded_card(image: Image.Image, share: float = 0.06) -> Image.Image:
    """The picture with corners rounded by ``share`` of its shorter side; strips are cut to at most 3:1."""
    if max(image.size) > 3 * min(image.size):
        longest = 3 * min(image.size)
        image = ImageOps.fit(image, (min(image.width, longest), min(image.height, longest)))
    if min(image.size) < _SMALL:
        grow = _SMALL / min(image.size)
        image = image.resize((round(image.width * grow), round(image.height * grow)))
    large = (image.width * 2, image.height * 2)
    mask = Image.new("L", large, 0)
    radius = share * min(large)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, large[0] - 1, large[1] - 1), radius, fill=255)
    card = image.copy()
    card.putalpha(mask.resize(image.size, Image.Resampling.LANCZOS))
    return card


def _cropped(image: Image.Image) -> Image.Image:
    box = image.getchannel("A").point([0] * 12 + [255] * 244).getbbox()
    return image.crop(box) if box else image


def _without_background(image: Image.Image) -> Image.Image | None:
    """The subject without the flat background around it; None when there is no such background."""
    if min(image.size) < _SMALL:
        return None
    pixels = np.asarray(image.convert("RGB")).astype(np.float32)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(border, axis=0)
    if (np.linalg.norm(border - ground, axis=1) < _FLAT).mean() < 0.94:
        return None
    distance = np.linalg.norm(pixels - ground, axis=2)
    outside = _reached_from_border(distance < _FLAT)
    if not 0.02 < 1 - outside.mean() < 0.97:
        return None
    return _cropped(_soft_cut(pixels, ~outside, ground))


def _soft_cut(
    pixels: NDArray[np.float32], inside: NDArray[np.bool_], ground: NDArray[np.float32]
) -> Image.Image:
    """The subject with an edge two pixels soft, the background's colour taken out of that edge."""
    mask = Image.fromarray(inside.astype(np.uint8) * 255)
    mask = mask.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(0.8))
    alpha = np.asarray(mask).astype(np.float32)[..., None] / 255
    kept = np.maximum(alpha, 0.25)
    colours = np.clip((pixels - (1 - kept) * ground) / kept, 0, 255)
    whole = np.where(alpha > 0.98, pixels, colours)
    return Image.fromarray(np.concatenate([whole, alpha * 255], axis=2).round().astype(np.uint8))


def _reached_from_border(open_: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Open pixels that are joined to the border through open pixels."""
    reached = np.zeros_like(open_)
    reached[0], reached[-1], reached[:, 0], reached[:, -1] = True, True, True, True
    reached &= open_
    count = -1
    while (found := int(reached.sum())) != count:
        count = found
        reached = _spread(reached, open_)
        reached = _spread(reached.T, open_.T).T
    return reached


def _spread(reached: NDArray[np.bool_], open_: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``reached`` grown along each row to the ends of the open runs it touches."""
    closed = np.pad(~open_, ((0, 0), (0, 1)), constant_values=True)
    run = np.cumsum(closed.ravel()).reshape(closed.shape)[:, :-1]
    touched = np.zeros(int(run[-1, -1]) + 2, dtype=bool)
    touched[run[reached]] = True
    spread: NDArray[np.bool_] = touched[run] & open_
    return spread

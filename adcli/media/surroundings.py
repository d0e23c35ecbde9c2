"""What lies around a picture in a frame of another shape: its room, mirrored, or itself, soft and dim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from adcli.media.layers import Container, Layer
from adcli.units import Size

if TYPE_CHECKING:
    from PIL import Image

_MIRRORED_BLUR = 0.022
"""Of the picture's shorter side; looked at: less shows that it is mirrored, more leaves plain fog."""
_BLUR = 0.036  # of the frame's shorter side
_DIM, _GREY = 0.7, 0.85


def draw_surroundings(container: Container, inner: Size, frame: Size, target: Path) -> None:
    """Writes a PNG of the frame's size, to lie behind a picture of size ``inner`` in its middle.

    What a subject stands before goes on where the picture is cut off, mirrored at its edges. A photo, whose
    subject would be seen three times that way, lies behind itself, so large that it fills the frame.
    """
    from PIL import ImageEnhance, ImageFilter

    behind = [layer for layer in container.layers if layer.depth < 1]
    if behind:
        whole, blur = _mirrored(container, behind, inner, frame), _MIRRORED_BLUR * _short(inner)
    else:
        whole, blur = _filling(_flat(container, container.layers), frame), _BLUR * _short(frame)
    soft: Image.Image = whole.filter(ImageFilter.GaussianBlur(blur))
    if not behind:
        soft = ImageEnhance.Color(soft).enhance(_GREY)
    ImageEnhance.Brightness(soft).enhance(_DIM).save(target, compress_level=1)


def _short(size: Size) -> int:
    return min(size.width, size.height)


def _mirrored(container: Container, behind: Sequence[Layer], inner: Size, frame: Size) -> Image.Image:
    import numpy as np
    from PIL import Image

    picture = _flat(container, behind).resize((inner.width, inner.height), Image.Resampling.BICUBIC)
    across, down = frame.width - inner.width, frame.height - inner.height
    around = ((down // 2, down - down // 2), (across // 2, across - across // 2), (0, 0))
    return Image.fromarray(np.pad(np.asarray(picture), around, mode="symmetric"))


def _filling(picture: Image.Image, frame: Size) -> Image.Image:
    from PIL import Image, ImageOps

    return ImageOps.fit(picture, (frame.width, frame.height), Image.Resampling.BICUBIC)


def _flat(container: Container, layers: Sequence[Layer]) -> Image.Image:
    """Layers at rest as one RGB picture."""
    from PIL import Image

    whole = Image.new("RGBA", (container.size.width, container.size.height))
    for layer in layers:
        with Image.open(layer.path) as piece:
            whole.alpha_composite(piece.convert("RGBA"), (layer.left, layer.top))
    return whole.convert("RGB")

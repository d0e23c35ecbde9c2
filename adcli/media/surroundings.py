"""What lies around an upright picture in a wide frame: itself, mirrored outwards, soft and dim."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from adcli.media.layers import Container
from adcli.units import Size

if TYPE_CHECKING:
    from PIL import Image

_BLUR, _DIM = 0.022, 0.7
"""Of the picture's shorter side; looked at: less blur shows that it is mirrored, more leaves plain fog."""


def draw_surroundings(container: Container, inner: Size, frame: Size, target: Path) -> None:
    """Writes a PNG of the frame's size, to lie behind a picture of size ``inner`` in its middle.

    Mirrored at the picture's edges, so that what is cut off there seems to go on.
    """
    import numpy as np
    from PIL import Image, ImageEnhance, ImageFilter

    picture = _flat(container).resize((inner.width, inner.height), Image.Resampling.BICUBIC)
    across, down = frame.width - inner.width, frame.height - inner.height
    around = ((down // 2, down - down // 2), (across // 2, across - across // 2), (0, 0))
    whole = Image.fromarray(np.pad(np.asarray(picture), around, mode="symmetric"))
    soft = whole.filter(ImageFilter.GaussianBlur(_BLUR * min(inner.width, inner.height)))
    ImageEnhance.Brightness(soft).enhance(_DIM).save(target, compress_level=1)


def _flat(container: Container) -> Image.Image:
    """The layers behind the subject at rest, as one RGB picture: a subject must not stand there three times.

    A picture that is one layer is taken as it is.
    """
    from PIL import Image

    behind = [layer for layer in container.layers if layer.depth < 1]
    whole = Image.new("RGBA", (container.size.width, container.size.height))
    for layer in behind or container.layers:
        with Image.open(layer.path) as piece:
            whole.alpha_composite(piece.convert("RGBA"), (layer.left, layer.top))
    return whole.convert("RGB")

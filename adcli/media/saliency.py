"""What stands out in a picture, where nobody's face does: its signature.

X. Hou, J. Harel and C. Koch, "Image Signature: Highlighting Sparse Salient Regions", IEEE TPAMI 34 (2012):
the signs of a picture's cosine transform keep what is sparse in it, and lose what is spread out. Taken for
light and for two pairs of colours. The spectral residual (Hou and Zhang, 2007) was tried: it is led astray by
edges of the picture itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from adcli.media.framing import Box

    Floats = NDArray[np.float64]

_SIDE = 64  # pixels of the longer side: the paper's scale, at which objects and not their texture stand out
_SPREAD = 2.5  # pixels of blur over the map
_PEAKS = 3.0  # times the mean: less is everywhere
_NEAR_BEST = 0.4  # of the strongest: what is weaker belongs to something else
_TAILS = 0.06  # share of what stands out that may lie beyond each side of the box
_NOTHING = 1e-3  # of a cosine's weight: rounding, and no picture
_WIDE = 0.85  # a box that wide and high says nothing: all stands out alike


def salient_box(picture: Image.Image) -> Box | None:
    """The box that holds what stands out, in shares of the picture; None where nothing does."""
    import numpy as np

    from adcli.media.framing import Box

    standing = saliency(picture)
    standing[standing < max(_PEAKS * standing.mean(), _NEAR_BEST * standing.max())] = 0
    if standing.sum() <= 0:
        return None
    (left, right), (top, bottom) = (_ends(np.asarray(standing.sum(axis=axis))) for axis in (0, 1))
    box = Box(left, top, right, bottom)
    return None if box.width > _WIDE and box.height > _WIDE else box


def saliency(picture: Image.Image) -> Floats:
    """How much each part of a small copy stands out, from 0 on; height × width."""
    import numpy as np

    small = picture.convert("RGB")
    scale = _SIDE / max(small.size)
    small = small.resize((max(8, round(small.width * scale)), max(8, round(small.height * scale))))
    red, green, blue = np.moveaxis(np.asarray(small, np.float64) / 255, 2, 0)
    pairs = ((red + green + blue) / 3, red - green, (red + green) / 2 - blue)
    found: Floats = sum((_signature(plane) for plane in pairs), np.zeros(red.shape))
    return _blurred(found) * _inner(found)


def _signature(plane: Floats) -> Floats:
    """The picture that is left of the signs of its cosine transform: sparse before what is spread out."""
    import numpy as np

    down, across = (_cosines(count) for count in plane.shape)
    spectrum = down @ plane @ across.T
    signs = np.where(np.abs(spectrum) > _NOTHING, np.sign(spectrum), 0.0)
    left: Floats = (down.T @ signs @ across) ** 2
    return left


def _cosines(count: int) -> Floats:
    """The orthonormal matrix of the DCT-II."""
    import numpy as np

    steps = np.arange(count)
    rows: Floats = np.cos(np.pi * steps[:, None] * (steps + 0.5) / count) * np.sqrt(2 / count)
    rows[0] /= np.sqrt(2)
    return rows


def _blurred(plane: Floats) -> Floats:
    """With Gaussian weights, mirrored at the edges."""
    import numpy as np

    reach = int(3 * _SPREAD)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _SPREAD) ** 2)
    wide = np.pad(plane, reach, mode="symmetric")
    for axis in (0, 1):
        wide = np.apply_along_axis(np.convolve, axis, wide, weights / weights.sum(), "valid")
    return wide


def _inner(plane: Floats) -> Floats:
    """Weights that fall towards the border, where a picture's own edge stands out."""
    import numpy as np

    sides = [np.minimum(1.0, 0.25 + 6 * np.minimum(a, a[::-1])) for a in map(_steps, plane.shape)]
    return np.outer(*sides)


def _steps(count: int) -> Floats:
    import numpy as np

    return (np.arange(count) + 0.5) / count


def _ends(profile: Floats) -> tuple[float, float]:
    """The stretch, in shares, that holds all but the tails of what a profile sums to."""
    import numpy as np

    mass = np.concatenate([[0.0], np.cumsum(profile) / profile.sum()])
    places = np.linspace(0, 1, len(mass))
    low, high = np.interp([_TAILS, 1 - _TAILS], mass, places)
    return float(low), float(high)

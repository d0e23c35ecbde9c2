"""Composes a scene picture of four layers, each RGBA at 1152×2048, from back to front.

What matters lies in the central square (from 22% to 78% of the height), so that crops to
4:5 and 1:1 keep it. Each layer is complete under the nearer ones: when they move against each
other, no hole appears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from PIL import Image

from adcli.providers.local.drawing import setting
from adcli.providers.local.drawing.scene import gather
from adcli.providers.local.drawing.subject import subject


class Layers(NamedTuple):
    """From back to front.

    ``sky`` is opaque. ``mid`` is what stands behind the subject. ``subject`` is the person or the
    product with its shadow and what it stands on. ``near`` is at the edges, out of focus; it may be
    empty.
    """

    sky: Image.Image
    mid: Image.Image
    subject: Image.Image
    near: Image.Image


def draw_layers(
    params: Mapping[str, Any], products: Sequence[Image.Image], person: Image.Image | None
) -> Layers:
    """The layers for the params of stage ``image``.

    ``products`` and ``person`` are opened photos (RGBA, upright). The same input gives the same pixels.
    """
    scene = gather(params, products, person)
    place = setting.kit(scene)
    return Layers(
        setting.backdrop(scene, place),
        setting.middle(scene, place),
        subject(scene),
        setting.foreground(scene, place),
    )


def flatten(layers: Sequence[Image.Image]) -> Image.Image:
    """The layers as one RGB picture."""
    whole = layers[0]
    for layer in layers[1:]:
        whole = Image.alpha_composite(whole, layer)
    return whole.convert("RGB")

"""Operation ``blur-background``: shows the whole video before its own blurred copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from adcli.ops._base import Corner
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import Unit
from adcli.units import AspectRatio

if TYPE_CHECKING:
    from adcli.media.film import Film

_STRONGEST = 0.09
"""Radius of the strongest blur, as a share of the frame's shorter side."""

_SHADOW = 0.022
"""Softness of the video's shadow, likewise."""


class Settings(Model):
    """The frame, and how its background looks."""

    ratio: Annotated[
        Literal["9:16", "4:5", "1:1", "16:9"] | None,
        Field(description="The ratio of the whole frame; the one that is being made by default."),
    ] = None
    blur: Annotated[Unit, Field(description="How soft the background is, from 0 to 1.")] = 0.6
    dim: Annotated[Unit, Field(description="How much darker the background is, from 0 to 1.")] = 0.15
    zoom: Annotated[float, Field(ge=1, le=3, description="How much the background is enlarged.")] = 1.1
    scale: Annotated[
        float, Field(ge=0.3, le=1, description="Size of the video: 1 touches the frame's edges.")
    ] = 1.0
    radius: Annotated[
        Corner, Field(description="Radius of the video's corners, as a share of its shorter side.")
    ] = 0.0


SPEC = OpSpec(
    "blur-background",
    1,
    "Show the whole video before its own blurred copy, in any ratio",
    Settings,
    shapes=True,
)


def apply(film: Film, settings: Settings) -> None:
    """A video of the frame's own shape has a background only where ``scale`` leaves room."""
    from PIL import Image

    from adcli.media.film_fit import Surroundings, inside, lay_before
    from adcli.media.film_shapes import rounded_mask, shadow_of
    from adcli.media.moves import RGB_TO_VIDEO

    size = film.sized(AspectRatio(settings.ratio or film.ratio).size)
    inner = inside(film.size, size, settings.scale)
    whole = f"scale={inner.width}:{inner.height}:{RGB_TO_VIDEO},setsar=1"
    mask = None
    if radius := round(settings.radius * min(inner.width, inner.height)):
        mask = film.picture(rounded_mask(inner, radius))
    around = Surroundings(settings.blur * _STRONGEST, settings.dim, settings.zoom)
    shadow = None
    if settings.scale < 1:
        shape = Image.new("RGBA", (inner.width, inner.height), (0, 0, 0, 0))
        shape.putalpha(rounded_mask(inner, radius))
        shadow = film.picture(shadow_of(shape, round(_SHADOW * min(size.width, size.height))))
    lay_before(film, size, whole, around, mask, shadow)

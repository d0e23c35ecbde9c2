"""Operation ``aspect-ratio``: brings the video into another ratio, cropped or padded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import Color
from adcli.units import AspectRatio

if TYPE_CHECKING:
    from adcli.media.film import Film


class Settings(Model):
    """Which ratio, and what happens to what doesn't fit."""

    ratio: Annotated[
        Literal["9:16", "4:5", "1:1", "16:9"] | None,
        Field(description="The ratio to bring it to; the one that is being made by default."),
    ] = None
    fit: Annotated[
        Literal["crop", "pad"], Field(description="Fill the frame, or show all of the picture.")
    ] = "crop"
    color: Annotated[
        Color | None, Field(description="Colour around a padded picture; its own blur by default.")
    ] = None


SPEC = OpSpec(
    "aspect-ratio",
    1,
    "Bring the video into 9:16, 4:5, 1:1 or 16:9 by cropping or padding",
    Settings,
    shapes=True,
)


def apply(film: Film, settings: Settings) -> None:
    """The film at the full size of the ratio (half of it in previews of a ratio)."""
    from adcli.media.film_fit import Surroundings, fit

    around = Surroundings(color=settings.color)
    fit(film, film.sized(AspectRatio(settings.ratio or film.ratio).size), settings.fit, around)

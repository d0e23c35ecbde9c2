"""Operation ``colour``: brightness, contrast and warmth, or the look of a LUT file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Expected, Unit

if TYPE_CHECKING:
    from adcli.media.film import Film

_NEUTRAL, _WARMEST, _COLDEST = 6500, 3800, 12000
"""Colour temperatures in kelvin."""


class Settings(Model):
    """What changes; a value that isn't written stays as it is."""

    brightness: Annotated[float, Field(ge=-1, le=1, description="Lighter or darker, from -1 to 1.")] = 0.0
    contrast: Annotated[float, Field(ge=0, le=3, description="1 is unchanged, 0 grey.")] = 1.0
    saturation: Annotated[float, Field(ge=0, le=3, description="1 is unchanged, 0 black and white.")] = 1.0
    gamma: Annotated[float, Field(ge=0.1, le=5, description="Over 1 lifts the dark parts.")] = 1.0
    warmth: Annotated[float, Field(ge=-1, le=1, description="Over 0 more orange, below more blue.")] = 0.0
    lut: Annotated[AssetPath | None, Field(description="A .cube file with a 3D LUT.")] = None
    strength: Annotated[Unit, Field(description="How much of the LUT's look is taken, from 0 to 1.")] = 1.0

    @model_validator(mode="after")
    def _changes(self) -> Settings:
        changed = self.model_dump(exclude_defaults=True)
        if "strength" in changed and self.lut is None:
            raise Expected("a lut, which strength is of")
        if not changed:
            names = ", ".join(name for name in type(self).model_fields if name != "strength")
            raise Expected(f"at least one of {names}")
        return self


SPEC = OpSpec(
    "colour",
    1,
    "Change brightness, contrast, saturation, warmth and gamma, or apply a LUT",
    Settings,
    {"lut": "lut"},
)


def apply(film: Film, settings: Settings) -> None:
    """Luma and saturation as video has them, warmth and LUT in RGB by BT.709."""
    from adcli.media.film_lut import read_lut
    from adcli.media.moves import RGB_TO_VIDEO

    levels = {name: getattr(settings, name) for name in ("brightness", "contrast", "saturation", "gamma")}
    if levels != {"brightness": 0, "contrast": 1, "saturation": 1, "gamma": 1}:
        film.video("eq=" + ":".join(f"{name}={value:.4f}" for name, value in levels.items()))
    colours = []
    if settings.warmth:
        end = _WARMEST if settings.warmth > 0 else _COLDEST
        kelvin = _NEUTRAL + (end - _NEUTRAL) * abs(settings.warmth)
        colours.append(f"colortemperature=temperature={kelvin:.0f}:pl=1")
    if settings.lut is not None:
        path = film.graph.folder / f"{film.fresh()}.cube"
        path.write_text(read_lut(Path(settings.lut)).blended(settings.strength))
        colours.append(f"lut3d=file={path.name}:interp=tetrahedral")
    if colours:
        film.video(
            f"scale=in_color_matrix=bt709:in_range=tv:flags=bicubic,format=gbrp,{','.join(colours)},"
            f"scale={RGB_TO_VIDEO},format=yuv420p"
        )

"""Operation ``fade``: lets picture and sound come in and go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field

from adcli.errors import TaskFailed
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import Color
from adcli.units import FPS, to_frames

if TYPE_CHECKING:
    from adcli.media.film import Film

Length = Annotated[float, Field(ge=0, le=30)]


class Settings(Model):
    """How long, from and to which colour."""

    into: Annotated[
        Length, Field(alias="in", description="Seconds of the fade at the start; 0 for none.")
    ] = 0.5
    out: Annotated[Length, Field(description="Seconds of the fade at the end; 0 for none.")] = 0.5
    color: Annotated[Color, Field(description="Colour that it comes from and goes to.")] = "#000000"
    of: Annotated[
        Literal["both", "picture", "sound"],
        Field(description="What fades: picture and sound, or one of them."),
    ] = "both"

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


SPEC = OpSpec("fade", 1, "Fade in at the start and out at the end", Settings)


def apply(film: Film, settings: Settings) -> None:
    """The first and the last frame are of the colour alone; raises TaskFailed where the fades overlap."""
    into, out = to_frames(settings.into), to_frames(settings.out)
    if into + out > film.frames:
        asked = f"fades of {settings.into:g} and {settings.out:g} s don't fit"
        raise TaskFailed(f"{asked}: the video lasts {film.seconds:.2f} s there", hint="make them shorter")
    colour = settings.color.replace("#", "0x")
    if settings.of != "sound" and (into or out):
        fades = [f"fade=t=in:s=0:n={into}:c={colour}"] if into else []
        # The filter reaches the full colour one frame after its last one.
        fades += [f"fade=t=out:s={film.frames - out}:n={max(1, out - 1)}:c={colour}"] if out else []
        film.video(",".join([*fades, "format=yuv420p"]))
    if settings.of != "picture" and (into or out):
        sounds = [f"afade=t=in:st=0:d={into / FPS:.6f}"] if into else []
        sounds += [f"afade=t=out:st={(film.frames - out) / FPS:.6f}:d={out / FPS:.6f}"] if out else []
        film.sound.filter(",".join(sounds))

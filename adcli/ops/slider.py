"""Operation ``slider``: a line wipes from before to after across the frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from adcli.errors import TaskFailed
from adcli.ops._base import Moment
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Color, Line
from adcli.units import FPS, to_frames

if TYPE_CHECKING:
    from adcli.media.film import Film


class Settings(Model):
    """The other side, and how the line moves."""

    file: Annotated[AssetPath, Field(description="The video or picture of the other side.")]
    file_is: Annotated[Literal["before", "after"], Field(description="Which side the file is.")] = "before"
    direction: Annotated[
        Literal["right", "left", "down", "up"], Field(description="Where the line moves.")
    ] = "right"
    at: Annotated[Moment, Field(description="Seconds at which it starts to move.")] = 0.0
    seconds: Annotated[
        float | None, Field(ge=0.2, le=60, description="How long it moves; to the end by default.")
    ] = None
    motion: Annotated[
        Literal["once", "back", "peek"],
        Field(description="Once across, there and back, or in to the middle, to and fro, and on."),
    ] = "once"
    color: Annotated[Color, Field(description="Colour of line and handle.")] = "#FFFFFF"
    labels: Annotated[
        tuple[Line, Line] | None,
        Field(strict=False, description="Texts of the two sides, before and after."),
    ] = None


SPEC = OpSpec(
    "slider", 1, "Wipe from before to after with a line that moves across", Settings, {"file": "shot"}
)


def apply(film: Film, settings: Settings) -> None:
    """Before the line starts all is before, when it has arrived all is after (unless it comes back)."""
    from adcli.media.film_slider import Slide, add_slide

    start = film.moment(settings.at, "slider's at")
    frames = film.frames - start if settings.seconds is None else to_frames(settings.seconds)
    if not 2 <= frames <= film.frames - start:
        raise TaskFailed(
            f"the slider moves for {frames / FPS:g} s from {settings.at:g} s, but the video lasts "
            f"{film.seconds:.2f} s there",
            hint="let it start earlier, or move faster",
        )
    other = film.shot(Path(settings.file), film.size, film.frames)
    slide = Slide(settings.direction, start, frames, settings.motion, settings.color, settings.labels)
    before, after = (other, film.label) if settings.file_is == "before" else (film.label, other)
    add_slide(film, before, after, slide)

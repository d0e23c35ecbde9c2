"""Operation ``title``: a text in a box over the video."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from adcli.errors import TaskFailed
from adcli.ops._base import Moment
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import Color, Expected, Sentence

if TYPE_CHECKING:
    from adcli.media.film import Film


class Settings(Model):
    """What it says, when and where."""

    text: Annotated[Sentence, Field(description="What it says.")]
    kind: Annotated[Literal["title", "text"], Field(description="A large title, or a smaller text.")] = (
        "title"
    )
    at: Annotated[Moment, Field(description="Seconds at which it comes.")] = 0.0
    until: Annotated[Moment | None, Field(description="Seconds at which it goes; the end by default.")] = None
    position: Annotated[
        Literal["top", "middle", "bottom"], Field(description="Where in the zone that apps leave free.")
    ] = "top"
    color: Annotated[Color, Field(description="Colour of its box; the letters are white or dark.")] = (
        "#FFFFFF"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Settings:
        if self.until is not None and self.until <= self.at:
            raise Expected(f"a time in 'until' after 'at', which is {self.at:g}")
        return self


SPEC = OpSpec("title", 1, "Put a text in a box over the video", Settings)


def apply(film: Film, settings: Settings) -> None:
    """It pops in, and fades out where it goes before the end; raises TaskFailed where nothing is drawn."""
    from adcli.media.film_title import Text, write_title

    film.moment(settings.at, "the title's at")
    shown = film.fonts.display.drawable(settings.text).strip()
    if not shown:
        raise TaskFailed(f"no letter of {settings.text!r} can be drawn", hint="give another text")
    film.note_missing(settings.text)
    until = film.seconds if settings.until is None else min(settings.until, film.seconds)
    if until - settings.at < 0.1:
        raise TaskFailed(
            f"the title stands from {settings.at:g} to {until:.2f} s: too short to be seen",
            hint="show it longer",
        )
    kind = "overlay" if settings.kind == "text" else "title"
    write_title(film, Text(shown, kind, settings.at, until, settings.position, settings.color))

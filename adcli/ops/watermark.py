"""Operation ``watermark``: a logo or a short text in a corner, clear of what apps cover."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from adcli.errors import TaskFailed
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Color, Expected, Line, Unit

if TYPE_CHECKING:
    from PIL import Image

    from adcli.media.film import Film

_TEXT = 0.3
"""Height of the letters as a share of the mark's width setting: a text is as large as a logo looks."""


class Settings(Model):
    """What is shown, where, and how strongly."""

    file: Annotated[
        AssetPath | None, Field(description="PNG, JPEG, WebP or SVG; empty margins are cut off.")
    ] = None
    text: Annotated[Line | None, Field(description="A short text in place of a picture.")] = None
    position: Annotated[
        Literal["top-left", "top-right", "bottom-left", "bottom-right"], Field(description="Which corner.")
    ] = "top-right"
    size: Annotated[
        float,
        Field(ge=0.03, le=0.6, description="Widest and highest side, as a share of the frame's shorter one."),
    ] = 0.16
    opacity: Annotated[Unit, Field(description="0 is invisible, 1 solid.")] = 0.85
    color: Annotated[Color, Field(description="Colour of a text.")] = "#FFFFFF"
    shadow: Annotated[bool, Field(description="A soft shadow keeps it visible on light pictures.")] = True

    @model_validator(mode="after")
    def _one_source(self) -> Settings:
        if (self.file is None) == (self.text is None):
            raise Expected("either file or text")
        return self


SPEC = OpSpec("watermark", 1, "Put a logo or a short text in a corner", Settings, {"file": "logo"})


def apply(film: Film, settings: Settings) -> None:
    """Inside the platform's zone, a little off its edges."""
    from adcli.media.film_shapes import shadowed
    from adcli.media.layout import Box

    frame, mark = film.frame, _drawn(film, settings)
    zone, margin = frame.zone, round(16 * frame.unit)
    across, down = "right" in settings.position, "bottom" in settings.position
    left = zone.right - margin - mark.width if across else zone.left + margin
    top = zone.bottom - margin - mark.height if down else zone.top + margin
    box = Box(left, top, left + mark.width, top + mark.height)
    mark.putalpha(mark.getchannel("A").point(lambda alpha: round(alpha * settings.opacity)))
    if settings.shadow:
        blur = max(2, round(7 * frame.unit))
        mark = shadowed(mark, blur, 0.55, round(2 * frame.unit))
        left, top = left - 2 * blur, top - 2 * blur
    film.lay(film.picture(mark), str(round(left / 2) * 2), str(round(top / 2) * 2))
    film.mark("watermark", box)


def _drawn(film: Film, settings: Settings) -> Image.Image:
    """The mark in its size."""
    from PIL import Image

    from adcli.media.colour import WHITE, parse
    from adcli.media.film_labels import words
    from adcli.media.logo import open_logo

    side = max(8, round(settings.size * min(film.size.width, film.size.height)))
    if settings.file is not None:
        logo = open_logo(Path(settings.file), side * 2)
        scale = min(side / logo.width, side / logo.height)
        box = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
        return logo.resize(box, Image.Resampling.LANCZOS)
    room = round(film.frame.zone.width * 0.6)
    text = words(
        settings.text or "",
        film.fonts.text,
        max(9, round(side * _TEXT)),
        room,
        parse(settings.color) or WHITE,
    )
    if text is None:
        raise TaskFailed(
            f"no letter of {settings.text!r} can be drawn",
            hint="give another text, or a font under brand.fonts",
        )
    return text

"""Operation ``packshot``: a closing picture with product, headline and call to action after the video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from adcli.registry import OpSpec
from adcli.spec.packshot import Packshot
from adcli.spec.values import AssetPath, Color, Expected
from adcli.units import to_frames

if TYPE_CHECKING:
    from adcli.media.film import Film

_SECONDS = 2.5


class Settings(Packshot):
    """What it shows: every part only where it is given."""

    colors: Annotated[
        tuple[Color, ...],
        Field(max_length=8, strict=False, description="Colours of the brand; the first is the main one."),
    ] = ()
    logo: Annotated[AssetPath | None, Field(description="SVG, PNG, JPEG or WebP.")] = None

    @model_validator(mode="after")
    def _shows(self) -> Settings:
        if not (self.image or self.headline or self.cta or self.logo):
            raise Expected("at least one of image, headline, cta, logo")
        return self


SPEC = OpSpec(
    "packshot",
    1,
    "Close with a picture of the product, a headline and a call to action",
    Settings,
    {"image": "shot", "logo": "logo"},
    retimes=True,
    shift=lambda _: 0.0,
)


def apply(film: Film, settings: Settings) -> None:
    """After the video by a cut; it is silent, but for the sound of a video that is given as its image."""
    frames = to_frames(settings.seconds or _SECONDS)
    label, silence = _closing(film, settings, frames)
    length = film.frames + frames
    film.join([film.label, label], length)
    film.sound.join([film.sound.label, silence], length)


def _closing(film: Film, settings: Settings, frames: int) -> tuple[str, str]:
    """Labels of its picture and its sound."""
    from adcli.media.film_source import is_picture, read_source
    from adcli.media.packshot import draw_packshot
    from adcli.media.packshot_motion import add_packshot

    image = Path(settings.image) if settings.image else None
    if image is not None and not is_picture(image):
        source = read_source(image)
        return film.shot(image, film.size, frames), film.sound.add(source.sound, frames)
    spec = settings.model_dump(exclude_none=True)
    drawn = draw_packshot(spec, film.frame, lambda path: Path(str(path)), film.fonts)
    label = film.fresh()
    folder = film.graph.place(label)
    add_packshot(film.graph, drawn, film.size, frames, folder, label)
    return film.chain([label], "format=yuv420p"), film.sound.silence(frames)

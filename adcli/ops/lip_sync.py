"""Operation ``lip-sync``: takes the clip in which a service has moved the lips to a voice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath

if TYPE_CHECKING:
    from adcli.media.film import Film


class Settings(Model):
    """Which voice the lips follow."""

    audio: Annotated[
        AssetPath | None,
        Field(description="A voice that is heard and that the lips follow; the video's own by default."),
    ] = None


class Given(Settings):
    """With the synced clip, none where nobody has made one, and how it gets the film's shape."""

    clip: str | None = None
    fit: str = "crop"


SPEC = OpSpec(
    "lip-sync",
    1,
    "Let the lips follow a voice, by the service of stage lipsync",
    Settings,
    {"audio": "sound"},
    "lipsync",
)


def apply(film: Film, settings: Given) -> None:
    """The clip's picture takes the place of the film's; the sound stays, or becomes the voice."""
    from adcli.media.film_source import heard

    if settings.clip is not None and Path(settings.clip).resolve() != film.source.path.resolve():
        film.discard()
        film.become(film.shot(Path(settings.clip), film.size, film.frames, settings.fit))
    if settings.audio is not None:
        voice = heard(Path(settings.audio), "the voice")
        film.sound.replace(voice.sounding)

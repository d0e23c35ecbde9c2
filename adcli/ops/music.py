"""Operation ``music``: lays music under the sound, softer while somebody speaks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from adcli.ops._base import MASTERED
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath

if TYPE_CHECKING:
    from adcli.media.film import Film


class Settings(Model):
    """Which music, and how loud it is."""

    file: Annotated[AssetPath, Field(description="WAV, MP3, M4A, FLAC or Ogg; looped, or cut and faded out.")]
    gain: Annotated[float, Field(ge=-24, le=12, description="How much louder than usual it is, in dB.")] = 0.0
    alone: Annotated[bool, Field(description="Take it in place of the video's own sound.")] = False


SPEC = OpSpec(
    "music", 1, "Lay music under the sound, softer while somebody speaks", Settings, {"file": "sound"}
)


def apply(film: Film, settings: Settings) -> None:
    """The sound keeps its level, the music lies 12 LU under it where it is heard; both are mastered."""
    from adcli.media import audio
    from adcli.media.film_sound import SILENT
    from adcli.media.film_source import heard

    music = heard(Path(settings.file), "the music")
    sound = film.sound
    if settings.alone:
        sound.replace(SILENT)
    mixed = audio.under(sound.track((), music.path, settings.gain), sound.raw())
    sound.take(mixed.path)
    sound.target = MASTERED if sound.target is None else sound.target

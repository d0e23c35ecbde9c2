"""Operation ``loudness``: brings the sound to the loudness that platforms expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.units import Lufs

if TYPE_CHECKING:
    from adcli.media.film import Film


class Settings(Model):
    """How loud."""

    lufs: Annotated[float, Field(ge=-36, le=-8, description="Integrated loudness, in LUFS.")] = -14.0


SPEC = OpSpec("loudness", 1, "Bring the sound to a loudness, with its true peak under -1 dBTP", Settings)


def apply(film: Film, settings: Settings) -> None:
    """The finished track is mastered, whatever else is done to it after this."""
    film.sound.target, film.sound.changed = Lufs(settings.lufs), True

"""Operation ``trim``: keeps what lies between two times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field, model_validator

from adcli.errors import TaskFailed
from adcli.ops._base import Moment
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import Expected
from adcli.units import FPS

if TYPE_CHECKING:
    from adcli.media.film import Film


class Settings(Model):
    """From when to when."""

    start: Annotated[Moment, Field(alias="from", description="Seconds at which it begins.")] = 0.0
    end: Annotated[
        Moment | None, Field(alias="to", description="Seconds at which it ends; the video's end by default.")
    ] = None

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    @model_validator(mode="after")
    def _in_order(self) -> Settings:
        if self.end is not None and self.end <= self.start:
            raise Expected(f"a time in 'to' after 'from', which is {self.start:g}")
        return self


SPEC = OpSpec(
    "trim",
    1,
    "Keep a part of the video, from one time to another",
    Settings,
    retimes=True,
    shift=lambda settings: settings.start,
)


def apply(film: Film, settings: Settings) -> None:
    """Cuts picture and sound at whole frames; raises TaskFailed where nothing is left."""
    start = film.moment(settings.start, "trim's from")
    end = film.frames if settings.end is None else film.moment(settings.end, "trim's to")
    if end <= start:
        raise TaskFailed(
            f"trim from {settings.start:g} s leaves nothing: the video lasts {film.seconds:.2f} s there",
            hint="begin earlier",
        )
    if (start, end) == (0, film.frames):
        return
    film.video(f"trim=start_frame={start}:end_frame={end},setpts=PTS-{start}/{FPS}/TB", frames=end - start)
    film.sound.cut(start, end)

"""Operation ``speed``: plays the video faster or slower; voices keep their pitch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from adcli.errors import TaskFailed
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.units import FPS, to_frames

if TYPE_CHECKING:
    from adcli.media.film import Film

_FINE = 90_000


class Settings(Model):
    """How fast."""

    factor: Annotated[float, Field(ge=0.25, le=4, description="2 is twice as fast, 0.5 half as fast.")]
    smooth: Annotated[
        bool, Field(description="Blend pictures of slow motion in place of repeating them.")
    ] = False


SPEC = OpSpec("speed", 1, "Play faster or slower, with the pitch kept", Settings, retimes=True)


def apply(film: Film, settings: Settings) -> None:
    """Changes the length of picture and sound; raises TaskFailed where nothing is left."""
    from adcli.media.moves import hold

    factor = settings.factor
    if factor == 1:
        return
    frames = to_frames(film.seconds / factor)
    if frames < 1:
        raise TaskFailed(
            f"at a speed of {factor:g} nothing is left of {film.seconds:.2f} s", hint="play it slower"
        )
    made = (
        f"minterpolate=fps={FPS}:mi_mode=blend"
        if settings.smooth and factor < 1
        else f"fps={FPS}:start_time=0"
    )
    film.video(f"settb=1/{_FINE},setpts=PTS/{factor:.6f},{made},{hold(frames)},settb=1/{FPS}", frames=frames)
    # One step of more than 2 skips samples (ffmpeg-filters, atempo).
    count = max(1, math.ceil(abs(math.log2(factor))))
    film.sound.filter(",".join([f"atempo={factor ** (1 / count):.8f}"] * count), frames)

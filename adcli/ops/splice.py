"""Operation ``splice``: cuts parts out, or keeps only some, and joins other files on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from adcli.errors import TaskFailed
from adcli.ops._base import Moment
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Expected
from adcli.units import FPS, to_frames

if TYPE_CHECKING:
    from adcli.media.film import Film

_MOST = 100
_MOST_HELD = 1_000_000_000
"""Bytes of pictures that may wait for their turn."""


class Part(Model):
    """A stretch of the video."""

    start: Annotated[Moment, Field(alias="from", description="Seconds at which it begins.")]
    end: Annotated[Moment, Field(alias="to", description="Seconds at which it ends.")]

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    @model_validator(mode="after")
    def _in_order(self) -> Part:
        if self.end <= self.start:
            raise Expected(f"a time in 'to' after 'from', which is {self.start:g}")
        return self


class Insert(Model):
    """A file that comes in between."""

    file: Annotated[AssetPath, Field(description="A video or a picture.")]
    at: Annotated[Moment, Field(description="Seconds of the video, after its cuts, at which it comes in.")]


Parts = Annotated[tuple[Part, ...], Field(max_length=_MOST, strict=False)]
Files = Annotated[tuple[AssetPath, ...], Field(max_length=20, strict=False)]


class Settings(Model):
    """What goes, what stays, and what is added; the cuts come first."""

    cut: Annotated[Parts, Field(description="Parts to cut out, each from and to in seconds.")] = ()
    keep: Annotated[Parts, Field(description="Parts to keep, in this order; the rest goes.")] = ()
    prepend: Annotated[Files, Field(description="Videos or pictures before it.")] = ()
    insert: Annotated[
        tuple[Insert, ...],
        Field(max_length=20, strict=False, description="Videos or pictures in between, each a file and at."),
    ] = ()
    append: Annotated[Files, Field(description="Videos or pictures after it.")] = ()
    fit: Annotated[Literal["crop", "pad"], Field(description="How added files get the video's shape.")] = (
        "crop"
    )
    seconds: Annotated[float, Field(ge=0.1, le=60, description="How long added pictures stand.")] = 3.0

    @model_validator(mode="after")
    def _one_way(self) -> Settings:
        if self.cut and self.keep:
            raise Expected("either cut or keep")
        if not (self.cut or self.keep or self.prepend or self.insert or self.append):
            raise Expected("at least one of cut, keep, prepend, insert, append")
        return self


SPEC = OpSpec(
    "splice",
    1,
    "Cut parts out, keep parts, or join other files on",
    Settings,
    {"prepend": "shot", "insert.file": "shot", "append": "shot"},
    retimes=True,
)
Range = tuple[int, int]


def apply(film: Film, settings: Settings) -> None:
    """Joins by hard cuts at whole frames; raises TaskFailed where nothing is left."""
    if settings.cut or settings.keep:
        kept = _kept(film, settings)
        if kept != [(0, film.frames)]:
            _keep(film, kept)
    if settings.prepend or settings.insert or settings.append:
        _add(film, settings)


def _kept(film: Film, settings: Settings) -> list[Range]:
    name = "cut" if settings.cut else "keep"
    ranges = [
        (film.moment(part.start, f"splice's {name}"), film.moment(part.end, f"splice's {name}"))
        for part in settings.cut or settings.keep
    ]
    if settings.keep:
        left = [part for part in ranges if part[0] < part[1]]
    else:
        left, at = [], 0
        for start, end in [*sorted(ranges), (film.frames, film.frames)]:
            if start > at:
                left.append((at, start))
            at = max(at, end)
    if not left:
        raise TaskFailed("splice leaves nothing of the video", hint="cut less")
    return left


def _keep(film: Film, kept: Sequence[Range]) -> None:
    frames = sum(end - start for start, end in kept)
    if list(kept) == sorted(kept) and all(a[1] <= b[0] for a, b in pairwise(kept)):
        # In order nothing has to wait: one filter lets frames through.
        chosen = "+".join(f"between(n,{start},{end - 1})" for start, end in kept)
        film.video(f"select='{chosen}',setpts=N/{FPS}/TB", frames=frames)
    else:
        size = film.size.width * film.size.height * 3 // 2
        if (held := waiting(kept) * size) > _MOST_HELD:
            raise TaskFailed(
                f"splice's keep plays {waiting(kept) / FPS:.1f} s later than the video has them: they would "
                f"wait in {held / 1e9:.1f} GB of memory",
                hint=f"keep shorter parts out of their order: there is {_MOST_HELD / 1e9:g} GB for them",
            )
        film.join(film.pieces(kept), frames)
    film.sound.join(film.sound.parts(kept), frames)


def waiting(kept: Sequence[Range]) -> int:
    """Frames that are decoded before it is their turn: those of parts that play after a later one."""
    return sum(
        end - start
        for index, (start, end) in enumerate(kept)
        if any(start < earlier[1] for earlier in kept[:index])
    )


def _add(film: Film, settings: Settings) -> None:
    """Splits the film where something comes in, and joins all in order."""
    cuts = sorted({0, film.frames, *(film.moment(one.at, "splice's insert") for one in settings.insert)})
    ranges = list(pairwise(cuts))
    pictures, sounds = film.pieces(ranges), film.sound.parts(ranges)
    order: list[tuple[str, str]] = []
    frames = film.frames

    def take(path: str) -> None:
        nonlocal frames
        picture, sound, length = _added(film, Path(path), settings)
        order.append((picture, sound))
        frames += length

    for path in settings.prepend:
        take(path)
    for place, own in zip(cuts, [*zip(pictures, sounds, strict=True), None], strict=True):
        for one in settings.insert:
            if film.moment(one.at, "splice's insert") == place:
                take(one.file)
        if own is not None:
            order.append(own)
    for path in settings.append:
        take(path)
    film.join([picture for picture, _ in order], frames)
    film.sound.join([sound for _, sound in order], frames)


def _added(film: Film, path: Path, settings: Settings) -> tuple[str, str, int]:
    """Labels of a file's picture and sound, and its length in frames."""
    from adcli.media.film_source import is_picture, read_source

    if is_picture(path):
        frames = to_frames(settings.seconds)
        return film.shot(path, film.size, frames, settings.fit), film.sound.silence(frames), frames
    source = read_source(path)
    picture = film.shot(path, film.size, source.frames, settings.fit)
    return picture, film.sound.add(source.sound, source.frames), source.frames

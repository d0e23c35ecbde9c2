"""Operation ``crop``: keeps a part of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from adcli.errors import TaskFailed
from adcli.ops._base import Extent, Shape, largest, pixels
from adcli.registry import OpSpec
from adcli.spec.template import Model
from adcli.spec.values import Expected
from adcli.units import Size

if TYPE_CHECKING:
    from adcli.media.film import Film

_SMALLEST = 16


class Settings(Model):
    """A box by its size and place, or the largest one of a shape."""

    ratio: Annotated[
        Shape | None,
        Field(description="Keep the largest part of this shape, such as 1:1, in place of a size."),
    ] = None
    width: Annotated[Extent | None, Field(description="Width: pixels, or a share such as 50%.")] = None
    height: Annotated[Extent | None, Field(description="Height: pixels, or a share such as 50%.")] = None
    x: Annotated[Extent | None, Field(description="Left edge; in the middle by default.")] = None
    y: Annotated[Extent | None, Field(description="Upper edge; in the middle by default.")] = None

    @model_validator(mode="after")
    def _one_way(self) -> Settings:
        sized = self.width is not None or self.height is not None
        if sized == (self.ratio is not None):
            raise Expected("either ratio, or width and height (one of them is enough)")
        return self


SPEC = OpSpec("crop", 1, "Keep a box of the frame, or its middle in another shape", Settings)


def apply(film: Film, settings: Settings) -> None:
    """Cuts at even pixels, as video has them; raises TaskFailed for a box that leaves the frame."""
    whole = film.size
    size = largest(settings.ratio, whole) if settings.ratio else _written(film, settings)
    left = _start(settings.x, whole.width, size.width, film.pixel)
    top = _start(settings.y, whole.height, size.height, film.pixel)
    small = min(size.width, size.height) < _SMALLEST
    if small or left + size.width > whole.width or top + size.height > whole.height:
        raise _refused(film, size, (left, top), small=small)
    film.video(f"crop={size.width}:{size.height}:{left}:{top}", size)


def _refused(film: Film, size: Size, at: tuple[int, int], *, small: bool) -> TaskFailed:
    """What is wrong with a box, in pixels of the full size, as its user writes them."""

    def full(one: int, other: int, between: str) -> str:
        return f"{round(one / film.pixel)}{between}{round(other / film.pixel)}"

    box = f"{full(size.width, size.height, 'x')} at {full(*at, ',')}"
    fault = f"is smaller than {round(_SMALLEST / film.pixel)} pixels"
    if not small:
        fault = f"lies outside of the picture, which is {full(film.size.width, film.size.height, 'x')} there"
    return TaskFailed(f"crop's box of {box} {fault}", hint="give a box inside the picture")


def _written(film: Film, settings: Settings) -> Size:
    width = film.size.width if settings.width is None else pixels(settings.width, film.size.width, film.pixel)
    height = (
        film.size.height if settings.height is None else pixels(settings.height, film.size.height, film.pixel)
    )
    return Size(width // 2 * 2, height // 2 * 2)


def _start(written: str | int | None, whole: int, kept: int, pixel: float) -> int:
    start = (whole - kept) / 2 if written is None else pixels(written, whole, pixel)
    return int(start) // 2 * 2

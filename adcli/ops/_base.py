"""What operations have in common: types of their settings, and how shapes and boxes are written.

An operation is one module: ``SPEC``, ``Settings`` (what users write), where the graph adds results of other
tasks ``Given`` (the same with them), and ``apply(film, settings)``, which adds to the film's graph. Times are
the film's at that place of the chain, pixels those of its full size.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from adcli.spec.values import Expected
from adcli.units import Lufs, Size

_SHAPE = re.compile(r"([1-9]\d{0,2}):([1-9]\d{0,2})")
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)%")
_WIDEST = 4.0


def _shape(text: str) -> str:
    found = _SHAPE.fullmatch(text)
    if not found or not 1 / _WIDEST <= int(found[1]) / int(found[2]) <= _WIDEST:
        raise Expected("a shape such as 9:16 or 1:1, from 1:4 to 4:1")
    return text


def _extent(value: object) -> str | int:
    share = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if share and float(share[1]) <= 100:
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 16384:
        return value
    raise Expected("whole pixels, or a share such as 50%")


Shape = Annotated[
    str,
    AfterValidator(_shape),
    Field(json_schema_extra={"pattern": f"^{_SHAPE.pattern}$", "examples": ["1:1"]}),
]
"""Width to height."""

Extent = Annotated[
    str | int,
    BeforeValidator(_extent),
    Field(json_schema_extra={"examples": [640, "50%"]}),
]
"""Pixels of the film at its full size, or a share of its side."""

Moment = Annotated[float, Field(ge=0, le=36_000)]
"""Seconds from the film's first frame."""


Corner = Annotated[float, Field(ge=0, le=0.5)]
"""Radius of corners as a share of the shorter side."""

MASTERED = Lufs(-14.0)
"""Loudness of a track that something was added to, unless ``loudness`` says another."""


def pixels(extent: str | int, whole: int, pixel: float) -> int:
    """An extent in pixels of a side that is ``whole`` long; ``pixel`` is the film's."""
    if isinstance(extent, int):
        return round(extent * pixel)
    return round(float(extent[:-1]) / 100 * whole)


def proportion(shape: str) -> float:
    """Width through height of a written shape."""
    width, height = shape.split(":")
    return int(width) / int(height)


def largest(shape: str, within: Size) -> Size:
    """The largest size of that shape inside another, even on both sides."""
    wanted, has = proportion(shape), within.width / within.height
    width, height = (
        (within.height * wanted, within.height) if wanted < has else (within.width, within.width / wanted)
    )
    return Size(
        min(within.width, max(2, round(width / 2) * 2)), min(within.height, max(2, round(height / 2) * 2))
    )

"""The closing picture as a campaign describes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from adcli.spec.document import suggest
from adcli.spec.template import Model
from adcli.spec.values import AssetPath, Expected, Line

_DESIGNS = Path(__file__).resolve().parents[1] / "media" / "designs"


def design_names() -> tuple[str, ...]:
    """Names of the designs that there are, sorted."""
    return tuple(sorted(path.stem for path in _DESIGNS.glob("[!_]*.py")))


def _design(name: str) -> str:
    known = design_names()
    if name not in known:
        raise Expected(f"one of {', '.join(known)}{suggest(name, known)}")
    return name


def _at_most(count: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > count:
            raise Expected(f"at most {count} characters")
        return text

    return check


class Packshot(Model):
    """A closing picture with a call to action; every part but the product is shown only when it is given."""

    image: Annotated[AssetPath | None, Field(description="Picture or video of the product.")] = None
    headline: Annotated[Line | None, Field(description="The promise, in a few words.")] = None
    subline: Annotated[Line | None, Field(description="A line below it, in smaller type.")] = None
    cta: Annotated[Line | None, Field(description="Call to action.")] = None
    rating: Annotated[float | None, Field(ge=0, le=5, description="Stars, such as 4.8.")] = None
    reviews: Annotated[
        Annotated[Line, AfterValidator(_at_most(40)), Field(json_schema_extra={"maxLength": 40})] | None,
        Field(description='Who says so, such as "2,140 reviews"; stands beside the stars.'),
    ] = None
    badge: Annotated[
        Annotated[Line, AfterValidator(_at_most(14)), Field(json_schema_extra={"maxLength": 14})] | None,
        Field(description='A sticker, such as "Save 20%".'),
    ] = None
    url: Annotated[Line | None, Field(description="Web address; the product's own by default.")] = None
    legal: Annotated[Line | None, Field(description="Small print.")] = None
    design: Annotated[
        Annotated[str, AfterValidator(_design), Field(json_schema_extra={"enum": [*design_names()]})] | None,
        Field(description="How it looks; sunburst by default."),
    ] = None
    seconds: Annotated[float | None, Field(gt=0, le=10, description="How long it stands.")] = None

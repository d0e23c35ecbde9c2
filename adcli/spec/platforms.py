"""Platforms: which part of a frame an app leaves free, and what videos it takes, as data with its sources."""

from __future__ import annotations

import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import Field

from adcli.spec.spelling import Aliases, respell
from adcli.spec.template import Model
from adcli.spec.wording import validate
from adcli.spec.yaml_source import read_document
from adcli.units import AspectRatio


class Platform(StrEnum):
    """Where an ad runs. ``universal`` keeps clear of what any of the others covers."""

    UNIVERSAL = "universal"
    TIKTOK = "tiktok"
    REELS = "reels"
    STORIES = "stories"
    SHORTS = "shorts"
    FEED = "feed"


class Insets(Model):
    """Pixels, at the ratio's full size, that are covered from each edge of the frame."""

    top: Annotated[float, Field(ge=0)]
    right: Annotated[float, Field(ge=0)]
    bottom: Annotated[float, Field(ge=0)]
    left: Annotated[float, Field(ge=0)]


Names: TypeAlias = Annotated[tuple[str, ...] | None, Field(strict=False)]


class Limits(Model):
    """What a platform takes; None is no limit.

    Megabytes are 10^6 bytes, kbps are 1,000 bits a second of the whole file, widths and sides are pixels,
    ``most_rate`` is Hz of the sound. ``codecs`` and ``sound_codecs`` are ffmpeg's names, ``containers`` are
    mp4, mov, mkv or webm.
    """

    containers: Names = None
    codecs: Names = None
    sound_codecs: Names = None
    shapes: Annotated[tuple[AspectRatio, ...] | None, Field(strict=False)] = None
    least_width: int | None = None
    least_short_side: int | None = None
    most_long_side: int | None = None
    least_fps: float | None = None
    most_fps: float | None = None
    least_seconds: float | None = None
    most_seconds: float | None = None
    most_mb: float | None = None
    least_kbps: float | None = None
    most_kbps: float | None = None
    most_rate: int | None = None
    most_channels: int | None = None


class PlatformFacts(Model):
    """One platform's row: ``limits`` are refused when broken, ``advice`` only warns.

    ``source`` says where the zones are from, ``limits_source`` where limits and advice are from.
    """

    title: str
    zones: dict[AspectRatio, Insets]
    source: str
    limits_source: str
    as_of: datetime.date
    limits: Limits = Limits()
    advice: Limits = Limits()


class Margin(Model):
    """Share of each side that text keeps free where a platform says nothing."""

    share: Annotated[float, Field(ge=0, lt=0.5)]
    source: str
    as_of: datetime.date


class PlatformBook(Model):
    """The shipped file of platforms."""

    margin: Margin
    platforms: dict[Platform, PlatformFacts]


@cache
def platform_book() -> PlatformBook:
    """The shipped file, read and checked."""
    document = read_document(Path(__file__).with_name("platforms.yaml"), "platforms.yaml")
    respell(document, PlatformBook, Aliases())
    book = validate(document, PlatformBook)
    document.check()
    assert book is not None
    return book


def insets(platform: Platform, ratio: AspectRatio) -> Insets:
    """What text keeps clear of on that platform, at the ratio's full size."""
    book = platform_book()
    found = book.platforms[platform].zones.get(ratio)
    if found is not None:
        return found
    across, down = book.margin.share * ratio.size.width, book.margin.share * ratio.size.height
    return Insets(top=down, right=across, bottom=down, left=across)

"""How large the texts and marks of a packshot are in the room that they share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from adcli.media.fonts import BLACK, SEMIBOLD, Font
from adcli.media.lettering import LEADING, Lettering, fit, fit_whole, leading, presentable, tokens, with_marks

TIGHT = 1.0
"""Line height of a headline in parts of its size; other text has ``LEADING``."""

_GAPS = {"logo": 30, "name": 26, "headline": 26, "subline": 24, "stars": 30, "cta": 28, "url": 20, "legal": 0}
"""Pixels below each part, at 1080 across."""

STAR, STAR_STEP, STAR_GAP = 40, 1.12, 22
"""Pixels of one star at 1080 across, from one to the next in stars, and pixels beside the last one."""


SWELL = 0.055
"""By how much the button grows while it pulses."""

TRACKED = 1.28
"""A name set in spaced capitals is that much wider."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a design sets its type and shares out the frame.

    ``capitals``: the headline in capitals. ``head``: its largest size as a factor. ``column``: the part of
    a wide frame that the product gets, and ``mirrored``: on the right.
    """

    display: Font = BLACK
    text: Font = SEMIBOLD
    capitals: bool = True
    head: float = 1.0
    column: float = 0.46
    mirrored: bool = False
    centred: bool = True


class _Type(NamedTuple):
    """Largest and smallest size and height of a text in pixels at 1080 across, and its most lines."""

    largest: int
    smallest: int
    high: int
    lines: int = 1


_NAME, _SUBLINE, _RATING = _Type(34, 24, 60), _Type(42, 26, 150, 2), _Type(36, 24, 60)
_CTA, _URL, _LEGAL = _Type(54, 28, 80), _Type(38, 24, 60), _Type(24, 19, 100, 3)
_HEADLINE = _Type(132, 44, 0, 3)
_FEWER_LINES = 0.84
"""A headline of fewer lines may be that much smaller."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part before it has a place; ``gap`` is what stays free below it."""

    name: str
    width: int
    height: int
    gap: int
    letters: Lettering | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A column in pixels; ``unit`` is a pixel at 1080 across, ``scale`` shrinks all but the smallest type."""

    width: int
    height: int
    unit: float
    scale: float
    setting: Setting

    def px(self, size: float) -> int:
        """Pixels of a size at 1080 across."""
        return round(size * self.unit * self.scale)

    def fit(self, text: object, font: Font, kind: _Type, width: int | None = None) -> Lettering | None:
        """A text as large as it may be; None when there is nothing to show."""
        high = max(self.px(kind.high), round(kind.smallest * self.unit * LEADING * kind.lines) + 1)
        room = (self.width if width is None else width, high)
        return fit(
            str(text or ""), font, room, self.px(kind.largest), round(kind.smallest * self.unit), kind.lines
        )


def parts(spec: Mapping[str, Any], room: Room) -> dict[str, Part]:
    """All parts that the spec asks for, as large as they may be in a room."""
    found = [*_marks(spec, room), *_texts(spec, room)]
    return {name: Part(name, *size, room.px(_GAPS[name]), letters) for name, size, letters in found}


_Sized = tuple[str, tuple[int, int], Lettering | None]


def _marks(spec: Mapping[str, Any], room: Room) -> Iterator[_Sized]:
    """Logo or name, stars, button."""
    display = room.setting.display
    name = str(spec.get("product_name") or "").upper()
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", str(spec.get("headline") or "").upper()):
        name = ""  # the headline says it already
    if spec.get("logo"):
        yield "logo", (min(round(room.width * 0.66), room.px(420)), room.px(88)), None
    elif letters := room.fit(name, display, _NAME, round(room.width * 0.7)):
        yield "name", (min(room.width, round(letters.width * TRACKED)), letters.height), letters
    if spec.get("rating") is not None:
        yield _stars(spec, room)
    if cta := room.fit(
        spec.get("cta"), display, _CTA, min(round(room.width * 0.94), room.px(900)) - room.px(110)
    ):
        tall = round(cta.height * 2.15)
        least = round(room.width * (0.5 if room.setting.centred else 0.4))
        yield (
            "cta",
            (min(round(room.width / (1 + SWELL)), max(least, round(cta.width + tall * 1.1))), tall),
            cta,
        )


def _stars(spec: Mapping[str, Any], room: Room) -> _Sized:
    row, gap = STAR_STEP * 4 + 1, room.px(STAR_GAP)
    star = min(STAR * room.unit * room.scale, 0.36 * room.width / row)
    wide = room.width - round(star * row) - gap
    words = room.fit(rating_text(spec), room.setting.text, _RATING, wide)
    if words and words.lines[-1].endswith("…"):  # half of who says so says nothing
        words = room.fit(rating_text({**spec, "reviews": ""}), room.setting.text, _RATING, wide)
    full = round(star * row) + (words.width + gap if words else 0)
    return "stars", (full, max(round(star * 1.1), words.height if words else 0)), words


def _texts(spec: Mapping[str, Any], room: Room) -> Iterator[_Sized]:
    """Headline, subline, address, legal line."""
    if head := _headline(spec, room):
        head = with_marks(head, leading(head.lines, TIGHT))
        yield "headline", (head.width, head.height), head
    for name, text, kind in (
        ("subline", spec.get("subline"), _SUBLINE),
        ("url", address(spec), _URL),
        ("legal", spec.get("legal"), _LEGAL),
    ):
        if letters := room.fit(text, room.setting.text, kind):
            yield name, (letters.width, letters.height), letters


def _headline(spec: Mapping[str, Any], room: Room) -> Lettering | None:
    """The headline in its largest size, or somewhat smaller on fewer lines; capitals stand closer."""
    text = str(spec.get("headline") or "")
    if room.setting.capitals:
        text = text.upper()
    smallest = round(_HEADLINE.smallest * room.unit)
    high = max(round(room.height * 0.4 * room.scale * LEADING / TIGHT), 4 * smallest)
    largest = room.px(_HEADLINE.largest * room.setting.head)
    limits = room.setting.display, (room.width, high), largest
    best = fit(text, *limits, smallest, _HEADLINE.lines)
    if best is None or best.size <= smallest:
        return best
    pieces, least = tokens(presentable(text, room.setting.display)), math.ceil(_FEWER_LINES * best.size)
    fewer = (fit_whole(pieces, *limits, max(least, smallest), lines) for lines in range(1, len(best.lines)))
    return next(filter(None, fewer), best)


def address(spec: Mapping[str, Any]) -> str:
    """The web address as people say it."""
    written = str(spec.get("url") or "").removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return written.rstrip("/")


def rating_text(spec: Mapping[str, Any]) -> str:
    """``4.8/5``, and how many say so when that is given."""
    shown = f"{float(spec['rating']):.1f}".removesuffix(".0") + "/5"
    reviews = str(spec.get("reviews") or "").strip()
    return f"{shown} · {reviews}" if reviews else shown

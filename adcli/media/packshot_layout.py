"""Where the parts of a packshot stand in a frame: boxes in whole pixels that never overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from adcli.media.fonts import BLACK, SEMIBOLD
from adcli.media.lettering import Lettering, fit
from adcli.units import Size


class Box(NamedTuple):
    """A rectangle in pixels; ``right`` and ``bottom`` are just outside of it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[int, int]:
        """The centre."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by part, and the lettering of the parts that are text."""

    safe: Box
    boxes: Mapping[str, Box]
    letters: Mapping[str, Lettering]
    centred: bool


# Parts of the frame that apps cover with their own buttons and texts: left, top, right, bottom.
_MARGINS = {
    "tall": (0.07, 0.1, 0.07, 0.19),
    "even": (0.06, 0.055, 0.06, 0.06),
    "wide": (0.055, 0.08, 0.055, 0.08),
}


def packshot_boxes(spec: Mapping[str, Any], size: Size) -> Mapping[str, Box]:
    """Boxes of ``logo``, ``headline``, ``product``, ``cta`` and ``url``, as far as the spec has them."""
    return packshot_layout(spec, size).boxes


def packshot_layout(spec: Mapping[str, Any], size: Size) -> Layout:
    """The layout of a packshot for a frame; stacked, or in two columns when the frame is wide."""
    safe = safe_box(size)
    match _kind(size):
        case "wide":
            return _columns(spec, size, safe)
        case "even":
            return _stack(spec, size, safe)
        case _:
            return _poster(spec, size, safe)


def safe_box(size: Size) -> Box:
    """What of a frame stays free of the platforms' own buttons and texts."""
    left, top, right, bottom = _MARGINS[_kind(size)]
    return Box(
        round(size.width * left),
        round(size.height * top),
        round(size.width * (1 - right)),
        round(size.height * (1 - bottom)),
    )


def _kind(size: Size) -> str:
    shape = size.width / size.height
    return "wide" if shape > 1.2 else "even" if shape > 0.7 else "tall"


def _poster(spec: Mapping[str, Any], size: Size, safe: Box) -> Layout:
    """Logo, headline, button and address at the top, the product large below them."""
    unit = size.width / 1080
    boxes: dict[str, Box] = {}
    letters: dict[str, Lettering] = {}
    top = safe.top
    if spec.get("logo"):
        boxes["logo"] = _across(safe, top, (safe.width // 2, round(92 * unit)))
        top = boxes["logo"].bottom + round(30 * unit)
    if head := _headline(spec, (safe.width, round(safe.height * 0.42)), unit * 1.1, 3):
        letters["headline"] = head
        boxes["headline"] = _across(safe, top, (head.width, head.height))
        top = boxes["headline"].bottom + round(38 * unit)
    if cta := _button(spec, safe.width, unit):
        letters["cta"] = cta
        tall, wide = _pill(cta, safe.width, 0.56)
        boxes["cta"] = _across(safe, top, (wide, tall))
        top = boxes["cta"].bottom + round(28 * unit)
    if url := _url(spec, safe.width, unit):
        letters["url"] = url
        boxes["url"] = _across(safe, top, (url.width, url.height))
        top = boxes["url"].bottom + round(20 * unit)
    if _has_product(spec):
        boxes["product"] = Box(safe.left, top + round(20 * unit), safe.right, round(size.height * 0.91))
    return Layout(safe, boxes, letters, centred=True)


def _stack(spec: Mapping[str, Any], size: Size, safe: Box) -> Layout:
    """Logo, headline, product, button, address: from top to bottom."""
    unit = size.width / 1080
    tight = 0.8 if size.height < size.width * 1.1 else 1.0
    boxes: dict[str, Box] = {}
    letters: dict[str, Lettering] = {}
    top, bottom = safe.top, safe.bottom
    if spec.get("logo"):
        boxes["logo"] = _across(safe, top, (safe.width // 2, round(96 * unit * tight)))
        top = boxes["logo"].bottom + round(26 * unit)
    if head := _headline(spec, (safe.width, round(safe.height * 0.3)), unit * tight, 3):
        letters["headline"] = head
        boxes["headline"] = _across(safe, top, (head.width, head.height))
        top = boxes["headline"].bottom + round(24 * unit)
    if url := _url(spec, safe.width, unit * tight):
        letters["url"] = url
        boxes["url"] = _across(safe, bottom - url.height, (url.width, url.height))
        bottom = boxes["url"].top - round(20 * unit * tight)
    if cta := _button(spec, safe.width, unit * tight):
        letters["cta"] = cta
        tall, wide = _pill(cta, safe.width, 0.52)
        boxes["cta"] = _across(safe, bottom - tall, (wide, tall))
        bottom = boxes["cta"].top - round(30 * unit * tight)
    if _has_product(spec):
        boxes["product"] = Box(safe.left, top, safe.right, bottom)
    return Layout(safe, boxes, letters, centred=True)


def _columns(spec: Mapping[str, Any], size: Size, safe: Box) -> Layout:
    """The product on the left; logo, headline, button and address on the right, as one block."""
    unit = size.height / 1080
    boxes: dict[str, Box] = {}
    letters: dict[str, Lettering] = {}
    left = safe.left
    if _has_product(spec):
        boxes["product"] = Box(safe.left, safe.top, safe.left + round(safe.width * 0.44), safe.bottom)
        left = boxes["product"].right + round(50 * unit)
    room = safe.right - left
    parts: list[tuple[str, int, int, int]] = []
    if spec.get("logo"):
        parts.append(("logo", round(100 * unit), round(min(room, 420 * unit)), round(38 * unit)))
    if head := _headline(spec, (room, round(safe.height * 0.52)), unit * 1.06, 4):
        letters["headline"] = head
        parts.append(("headline", head.height, head.width, round(48 * unit)))
    if cta := _button(spec, room, unit):
        letters["cta"] = cta
        tall, wide = _pill(cta, room, 0.42)
        parts.append(("cta", tall, wide, round(28 * unit)))
    if url := _url(spec, room, unit):
        letters["url"] = url
        parts.append(("url", url.height, url.width, 0))
    top = (
        safe.top
        + (safe.height - sum(tall + gap for _, tall, _, gap in parts) + (parts[-1][3] if parts else 0)) // 2
    )
    for name, tall, wide, gap in parts:
        boxes[name] = Box(left, top, left + wide, top + tall)
        top += tall + gap
    return Layout(safe, boxes, letters, centred=False)


def _across(safe: Box, top: int, size: tuple[int, int]) -> Box:
    """A box of a width and height in the middle of the safe width."""
    left = safe.left + (safe.width - size[0]) // 2
    return Box(left, top, left + size[0], top + size[1])


def _headline(spec: Mapping[str, Any], room: tuple[int, int], unit: float, lines: int) -> Lettering | None:
    text = str(spec.get("headline") or "")
    return fit(text, BLACK, room, round(112 * unit), round(34 * unit), lines)


def _button(spec: Mapping[str, Any], width: int, unit: float) -> Lettering | None:
    text = str(spec.get("cta") or "")
    room = (round(width * 0.94 - 120 * unit), round(80 * unit))
    return fit(text, BLACK, room, round(56 * unit), round(24 * unit), 1)


def _pill(cta: Lettering, width: int, least: float) -> tuple[int, int]:
    """Height and width of the button around its text; ``least`` in parts of the width that there is."""
    tall = round(cta.height * 2.2)
    return tall, min(width, max(round(width * least), round(cta.width + tall * 1.1)))


def _url(spec: Mapping[str, Any], width: int, unit: float) -> Lettering | None:
    address = str(spec.get("url") or "").removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return fit(
        address.rstrip("/"), SEMIBOLD, (width, round(60 * unit)), round(36 * unit), round(20 * unit), 1
    )


def _has_product(spec: Mapping[str, Any]) -> bool:
    return bool(spec.get("product") or spec.get("image") or spec.get("product_name"))

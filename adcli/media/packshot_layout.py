"""Where the parts of a packshot stand in a frame: boxes in whole pixels that never overlap.

All that is read stands in the platform's zone, and around the frame's middle: of a zone that is wider on one
side the packshot uses what both sides have. Products and grounds may go beyond.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adcli.media.layout import Box, Frame, PixelBox
from adcli.media.lettering import Lettering
from adcli.media.packshot_type import SWELL, Part, Room, Setting, parts
from adcli.units import AspectRatio

BADGE = 0.215
"""A badge's diameter in parts of the frame's shorter side."""

_AIR = {"tall": (0.07, 0.06), "even": (0.065, 0.055), "wide": (0.065, 0.08)}
"""Least margin at the sides and above and below, in parts of the frame, where an app covers less."""

_SHRINK = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46)
_PRODUCT = {"tall": 0.34, "even": 0.36, "wide": 0.0}
"""The least of the frame's height that the product keeps while texts shrink."""

_SLIM = 0.7
"""Width by height below which a product is slim."""

_ALONE = 0.62
"""Of a wide zone: where texts without a product end."""

_SEEN, _BELOW_TEXTS = 0.14, 0.4
"""Of a tall frame's height: how much of a product below the texts is in the zone, and how much it gets."""

_BLEED, _STAND = 0.06, 0.925
"""Margin at its sides, and where it stands, of a product that goes beyond the zone, in parts of the frame."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by part, and the lettering of the parts that are text.

    ``safe`` is what the texts share, ``centred`` whether they are, ``unit`` a pixel of the 1080 px wide
    design at the size that everything has.
    """

    safe: PixelBox
    boxes: Mapping[str, PixelBox]
    letters: Mapping[str, Lettering]
    centred: bool
    unit: float

    @property
    def leading(self) -> frozenset[str]:
        """The parts that stand above the product; all without one, none beside one."""
        product = self.boxes.get("product")
        if not self.centred:
            return frozenset()
        return frozenset(name for name, box in self.boxes.items() if not product or box.bottom <= product.top)

    def texts(self) -> dict[str, Box]:
        """What each part that is read covers, the button at its largest."""
        found: dict[str, Box] = {name: Box(*box) for name, box in self.boxes.items() if name != "product"}
        if button := found.get("cta"):
            x, y = SWELL / 2 * button.width, SWELL / 2 * button.height
            found["cta"] = Box(button.left - x, button.top - y, button.right + x, button.bottom + y)
        return found


def kind_of(frame: Frame) -> str:
    """``tall``, ``even`` or ``wide``."""
    match frame.ratio:
        case AspectRatio.PORTRAIT:
            return "tall"
        case AspectRatio.LANDSCAPE:
            return "wide"
        case _:
            return "even"


def safe_box(frame: Frame) -> PixelBox:
    """What of the zone lies evenly around the frame's middle, with some air where apps cover nothing."""
    zone, (wide, high) = frame.zone, (frame.size.width, frame.size.height)
    across, down = _AIR[kind_of(frame)]
    side = math.ceil(max(zone.left, wide - zone.right, across * wide))
    top, bottom = max(zone.top, down * high), min(zone.bottom, (1 - down) * high)
    return PixelBox(side, math.ceil(top), wide - side, math.floor(bottom))


def arranged(spec: Mapping[str, Any], frame: Frame, setting: Setting) -> Layout:
    """The layout of a packshot: stacked, or in two columns when the frame is wide.

    Type gets smaller until the product has its share of the frame.
    """
    kind = kind_of(frame)
    if _beside(spec, frame):
        made = _shrunk(spec, frame, setting, "wide")
        if not any(letters.lines[-1].endswith("…") for letters in made.letters.values()):
            return _with_badge(made, spec, frame)
    if kind == "tall" and (has_product(spec) or spec.get("backdrop")):
        kind = "tower"
    return _with_badge(_shrunk(spec, frame, setting, kind), spec, frame)


def _shrunk(spec: Mapping[str, Any], frame: Frame, setting: Setting, kind: str) -> Layout:
    """The layout in columns (``wide``), product last (``tower``) or between texts, as large as fits."""
    arrange = {"wide": _columns, "tower": _tower}.get(kind, _stack)
    low, high = 0, len(_SHRINK) - 1
    while low < high:
        middle = (low + high) // 2 if low else 0  # most fit as they are
        made = arrange(spec, frame, setting, _SHRINK[middle])
        low, high = (low, middle) if _roomy(made, frame, kind) and _inside(made) else (middle + 1, high)
    return arrange(spec, frame, setting, _SHRINK[low])


def _roomy(layout: Layout, frame: Frame, kind: str) -> bool:
    """Whether the product has its share of the frame and, below the texts, of the zone."""
    product = layout.boxes.get("product")
    if product is None:
        return True
    if kind == "tower":
        seen, below = layout.safe.bottom - product.top, _STAND * frame.size.height - product.top
        return seen >= _SEEN * frame.size.height and below >= _BELOW_TEXTS * frame.size.height
    return product.height >= _PRODUCT[kind] * frame.size.height


def _beside(spec: Mapping[str, Any], frame: Frame) -> bool:
    """In a square, a slim product stands beside the texts: between them it would be small."""
    return frame.ratio is AspectRatio.SQUARE and has_product(spec) and float(spec.get("aspect") or 1) < _SLIM


def _inside(layout: Layout) -> bool:
    return all(
        layout.safe.top <= box.top and box.bottom <= layout.safe.bottom
        for name, box in layout.boxes.items()
        if name != "product"
    )


_ABOVE, _BELOW = ("logo", "name", "headline", "subline", "stars"), ("cta", "url", "legal")


def _stack(spec: Mapping[str, Any], frame: Frame, setting: Setting, scale: float) -> Layout:
    """Logo or name, headline, subline and stars at the top, the product, then button, address, legal line."""
    safe, unit = safe_box(frame), frame.unit
    tight = 0.86 if frame.ratio is AspectRatio.SQUARE else 1.0
    found = parts(spec, Room(safe.width, safe.height, unit, scale * tight, setting))
    boxes: dict[str, PixelBox] = {}
    top, bottom = safe.top, safe.bottom
    for name in _ABOVE:
        if part := found.get(name):
            boxes[name] = _across(safe, top, part, setting)
            top = boxes[name].bottom + part.gap
    for name in reversed(_BELOW):
        if part := found.get(name):
            lowest = math.ceil(SWELL * part.height) if name == "cta" else 0
            bottom -= part.gap if boxes.keys() & set(_BELOW) else lowest
            boxes[name] = _across(safe, bottom - part.height, part, setting)
            bottom = boxes[name].top
    if has_product(spec):
        boxes["product"] = PixelBox(safe.left, top, safe.right, bottom - round(34 * unit))
    elif not spec.get("backdrop"):
        boxes = _gathered(boxes, round(60 * unit))
    return Layout(safe, boxes, _letters(found), setting.centred, unit * scale * tight)


def _tower(spec: Mapping[str, Any], frame: Frame, setting: Setting, scale: float) -> Layout:
    """All texts and the button at the top of the zone; below them the product or what a photo shows."""
    safe, unit, size = safe_box(frame), frame.unit, frame.size
    found = parts(spec, Room(safe.width, safe.height, unit, scale, setting))
    boxes: dict[str, PixelBox] = {}
    top = safe.top
    for name in (*_ABOVE, *_BELOW):
        if part := found.get(name):
            top += round(10 * unit * scale) if name == "cta" else 0
            boxes[name] = _across(safe, top, part, setting)
            top = boxes[name].bottom + part.gap
    made = Layout(safe, boxes, _letters(found), setting.centred, unit * scale)
    if not has_product(spec):
        return made
    top += round(26 * unit * scale)
    side = round(_BLEED * size.width)
    needed = (size.width - 2 * side) / max(0.1, float(spec.get("aspect") or 0.1))
    bottom = min(round(_STAND * size.height), top + round(needed))
    product = PixelBox(side, top, size.width - side, max(bottom, top + 1))
    return replace(made, boxes={**boxes, "product": product})


def _gathered(boxes: dict[str, PixelBox], gap: int) -> dict[str, PixelBox]:
    """Without a product, the upper and the lower texts stand together in the middle."""
    above = [box for name, box in boxes.items() if name in _ABOVE]
    below = [box for name, box in boxes.items() if name in _BELOW]
    if not above or not below:
        return boxes
    free = min(box.top for box in below) - max(box.bottom for box in above) - gap
    if free <= 0:
        return boxes
    down, up = free // 2, free - free // 2
    return {name: _moved(box, down if name in _ABOVE else -up) for name, box in boxes.items()}


def _moved(box: PixelBox, down: int) -> PixelBox:
    return box._replace(top=box.top + down, bottom=box.bottom + down)


def _columns(spec: Mapping[str, Any], frame: Frame, setting: Setting, scale: float) -> Layout:
    """The product in one column; everything else in the other one, as one block."""
    safe, unit = safe_box(frame), frame.unit
    boxes: dict[str, PixelBox] = {}
    left, right = safe.left, safe.right
    if has_product(spec):
        edge = round(safe.width * setting.column)
        if setting.mirrored:
            boxes["product"] = PixelBox(safe.right - edge, safe.top, safe.right, safe.bottom)
            right = boxes["product"].left - round(60 * unit)
        else:
            boxes["product"] = PixelBox(safe.left, safe.top, safe.left + edge, safe.bottom)
            left = boxes["product"].right + round(60 * unit)
    else:
        right = left + round(_ALONE * safe.width)
    found = parts(spec, Room(right - left, safe.height, unit, scale, replace(setting, centred=False)))
    rows = [found[name] for name in (*_ABOVE, *_BELOW) if name in found]
    extra = {
        part.name: round((18 if part.name in ("headline", "subline", "stars") else 0) * unit * scale)
        for part in rows
    }
    total = sum(part.height + part.gap + extra[part.name] for part in rows)
    total -= rows[-1].gap + extra[rows[-1].name] if rows else 0
    top = safe.top + (safe.height - total) // 2
    for part in rows:
        boxes[part.name] = PixelBox(left, top, left + part.width, top + part.height)
        top += part.height + part.gap + extra[part.name]
    return Layout(safe, boxes, _letters(found), False, unit * scale)


def _letters(found: Mapping[str, Part]) -> dict[str, Lettering]:
    return {name: part.letters for name, part in found.items() if part.letters}


def _across(safe: PixelBox, top: int, part: Part, setting: Setting) -> PixelBox:
    """A part's box in the middle of the safe width, or at its left edge."""
    left = safe.left + ((safe.width - part.width) // 2 if setting.centred else 0)
    return PixelBox(left, top, left + part.width, top + part.height)


def _with_badge(layout: Layout, spec: Mapping[str, Any], frame: Frame) -> Layout:
    """The badge at the product's right shoulder; ``aspect`` is the product's width by its height."""
    product, safe = layout.boxes.get("product"), layout.safe
    if not str(spec.get("badge") or "").strip() or product is None:
        return layout
    top = product.top + round(product.height * (0.04 if layout.leading & set(_BELOW) else 0.08))
    side = round(
        min(
            BADGE * min(frame.size.width, frame.size.height),
            *(product.height * 0.62, product.width * 0.4, safe.bottom - top),
        )
    )
    half = min(0.43 * product.width, 0.47 * product.height * float(spec.get("aspect") or 1.0))
    left = min(product.middle[0] + round(half + side * 0.12), min(product.right, safe.right) - side)
    box = PixelBox(left, top, left + side, top + side)
    return replace(layout, boxes={**layout.boxes, "badge": box})


def has_product(spec: Mapping[str, Any]) -> bool:
    """Whether a product is shown, by photo or drawn by its name."""
    shown = spec.get("product") or spec.get("image") or spec.get("product_name")
    return bool(shown) and not spec.get("backdrop")

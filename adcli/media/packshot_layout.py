"""Where the parts of a packshot stand in a frame: boxes in whole pixels that never overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from adcli.media.lettering import Lettering
from adcli.media.packshot_type import Part, Room, Setting, parts
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
    """Boxes by part, and the lettering of the parts that are text.

    ``head`` is the design's name for the parts above the product, ``centred`` whether texts are.
    """

    safe: Box
    boxes: Mapping[str, Box]
    letters: Mapping[str, Lettering]
    centred: bool
    unit: float


# Parts of the frame that apps cover with their own buttons and texts: left, top, right, bottom.
_MARGINS = {
    "tall": (0.07, 0.095, 0.07, 0.185),
    "even": (0.06, 0.055, 0.06, 0.055),
    "wide": (0.055, 0.08, 0.055, 0.08),
}
_SHRINK = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46)
_PRODUCT = {"tall": 0.34, "even": 0.36, "wide": 0.0}
"""The least of the frame's height that the product keeps while texts shrink."""

_SLIM = 0.7
"""Width by height below which a product is slim."""


def kind_of(size: Size) -> str:
    """``tall``, ``even`` or ``wide``."""
    shape = size.width / size.height
    return "wide" if shape > 1.2 else "even" if shape > 0.7 else "tall"


def safe_box(size: Size) -> Box:
    """What of a frame stays free of the platforms' own buttons and texts."""
    left, top, right, bottom = _MARGINS[kind_of(size)]
    return Box(
        round(size.width * left),
        round(size.height * top),
        round(size.width * (1 - right)),
        round(size.height * (1 - bottom)),
    )


def arranged(spec: Mapping[str, Any], size: Size, setting: Setting) -> Layout:
    """The layout of a packshot: stacked, or in two columns when the frame is wide.

    Type gets smaller until the product has its share of the frame.
    """
    kind = kind_of(size)
    if _beside(spec, size):
        made = _shrunk(spec, size, setting, "wide")
        if not any(letters.lines[-1].endswith("…") for letters in made.letters.values()):
            return _with_badge(made, spec, size)
    return _with_badge(_shrunk(spec, size, setting, kind), spec, size)


def _shrunk(spec: Mapping[str, Any], size: Size, setting: Setting, kind: str) -> Layout:
    """The layout in columns (``wide``) or stacked; its type leaves the product its share of the frame."""
    for scale in _SHRINK:
        made = _columns(spec, size, setting, scale) if kind == "wide" else _stack(spec, size, setting, scale)
        product = made.boxes.get("product")
        roomy = product is None or product.height >= _PRODUCT[kind] * size.height
        if roomy and _inside(made):
            break
    return made


def _beside(spec: Mapping[str, Any], size: Size) -> bool:
    """In a square, a slim product stands beside the texts: between them it would be small."""
    return size.height < 1.1 * size.width and has_product(spec) and float(spec.get("aspect") or 1) < _SLIM


def _inside(layout: Layout) -> bool:
    return all(
        layout.safe.top <= box.top and box.bottom <= layout.safe.bottom for box in layout.boxes.values()
    )


_ABOVE, _BELOW = ("logo", "name", "headline", "subline", "stars"), ("cta", "url", "legal")


def _stack(spec: Mapping[str, Any], size: Size, setting: Setting, scale: float) -> Layout:
    """Logo or name, headline, subline and stars at the top, the product, then button, address, legal line."""
    safe, unit = safe_box(size), min(size.width, size.height) / 1080
    tight = 0.86 if size.height < size.width * 1.1 else 1.0
    found = parts(spec, Room(safe.width, safe.height, unit, scale * tight, setting))
    boxes: dict[str, Box] = {}
    top, bottom = safe.top, safe.bottom
    for name in _ABOVE:
        if part := found.get(name):
            boxes[name] = _across(safe, top, part, setting)
            top = boxes[name].bottom + part.gap
    for name in reversed(_BELOW):
        if part := found.get(name):
            bottom -= part.gap if boxes.keys() & set(_BELOW) else 0
            boxes[name] = _across(safe, bottom - part.height, part, setting)
            bottom = boxes[name].top
    if has_product(spec):
        boxes["product"] = Box(safe.left, top, safe.right, bottom - round(24 * unit))
    elif not spec.get("backdrop"):
        boxes = _gathered(boxes, round(60 * unit))
    return Layout(safe, boxes, _letters(found), setting.centred, unit * scale * tight)


def _gathered(boxes: dict[str, Box], gap: int) -> dict[str, Box]:
    """Without a product, the upper and the lower texts stand together in the middle."""
    above = [box for name, box in boxes.items() if name in _ABOVE]
    below = [box for name, box in boxes.items() if name in _BELOW]
    if not above or not below:
        return boxes
    free = min(box.top for box in below) - max(box.bottom for box in above) - gap
    if free <= 0:
        return boxes
    down, up = free // 2, free - free // 2
    return {
        name: Box(
            b.left,
            b.top + (down if name in _ABOVE else -up),
            b.right,
            b.bottom + (down if name in _ABOVE else -up),
        )
        for name, b in boxes.items()
    }


def _columns(spec: Mapping[str, Any], size: Size, setting: Setting, scale: float) -> Layout:
    """The product in one column; everything else in the other one, as one block."""
    safe, unit = safe_box(size), min(size.width, size.height) / 1080
    boxes: dict[str, Box] = {}
    left, right = safe.left, safe.right
    if has_product(spec):
        edge = round(safe.width * setting.column)
        if setting.mirrored:
            boxes["product"] = Box(safe.right - edge, safe.top, safe.right, safe.bottom)
            right = boxes["product"].left - round(60 * unit)
        else:
            boxes["product"] = Box(safe.left, safe.top, safe.left + edge, safe.bottom)
            left = boxes["product"].right + round(60 * unit)
    column = Box(left, safe.top, right, safe.bottom)
    found = parts(spec, Room(column.width, safe.height, unit, scale, replace(setting, centred=False)))
    rows = [found[name] for name in (*_ABOVE, *_BELOW) if name in found]
    extra = {
        part.name: round((18 if part.name in ("headline", "subline", "stars") else 0) * unit * scale)
        for part in rows
    }
    total = sum(part.height + part.gap + extra[part.name] for part in rows)
    total -= rows[-1].gap + extra[rows[-1].name] if rows else 0
    top = safe.top + (safe.height - total) // 2
    for part in rows:
        boxes[part.name] = Box(left, top, left + part.width, top + part.height)
        top += part.height + part.gap + extra[part.name]
    return Layout(safe, boxes, _letters(found), False, unit * scale)


def _letters(found: Mapping[str, Part]) -> dict[str, Lettering]:
    return {name: part.letters for name, part in found.items() if part.letters}


def _across(safe: Box, top: int, part: Part, setting: Setting) -> Box:
    """A part's box in the middle of the safe width, or at its left edge."""
    left = safe.left + ((safe.width - part.width) // 2 if setting.centred else 0)
    return Box(left, top, left + part.width, top + part.height)


BADGE = 0.215
"""A badge's diameter in parts of the frame's shorter side."""


def _with_badge(layout: Layout, spec: Mapping[str, Any], size: Size) -> Layout:
    """The badge at the product's right shoulder; ``aspect`` is the product's width by its height."""
    product = layout.boxes.get("product")
    if not str(spec.get("badge") or "").strip() or product is None:
        return layout
    side = round(min(BADGE * min(size.width, size.height), product.height * 0.62, product.width * 0.4))
    half = min(0.43 * product.width, 0.47 * product.height * float(spec.get("aspect") or 1.0))
    left = min(product.middle[0] + round(half + side * 0.12), product.right - side)
    top = product.top + round(product.height * 0.08)
    box = Box(left, top, left + side, top + side)
    return replace(layout, boxes={**layout.boxes, "badge": box})


def has_product(spec: Mapping[str, Any]) -> bool:
    """Whether a product is shown, by photo or drawn by its name."""
    shown = spec.get("product") or spec.get("image") or spec.get("product_name")
    return bool(shown) and not spec.get("backdrop")

"""Draws a packshot: the closing picture with product, headline and call to action, for one frame size."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from adcli.media import designs, lettering
from adcli.media import packshot_parts as parts
from adcli.media.brand_fonts import Fonts
from adcli.media.colour import WHITE, Colour, parse_all
from adcli.media.drawn_product import draw_product
from adcli.media.fonts import Font
from adcli.media.layout import Frame, PixelBox
from adcli.media.logo import open_logo, seen
from adcli.media.packshot_layout import Layout, arranged
from adcli.media.packshot_tones import Tones, button_on
from adcli.media.packshot_type import Setting
from adcli.media.photo import cut_out, has_alpha, open_photo
from adcli.units import Size

_SAME_RATIO = 0.04
_SCRIM = 158  # of 255: black of this strength gives white text 4.5:1 on a white photo, and a little more
_LOW = 0.6  # of the frame's height, from which on small print belongs to the lower edge
_FADE, _MARGIN = 0.28, 0.1
"""Over which part of the frame the darkness beside a text ends, and where in that it begins to."""

Resolve = Callable[[Mapping[str, Any]], Path]


class Design(Protocol):
    """What a module of ``adcli.media.designs`` has."""

    SETTING: Setting

    @staticmethod
    def tones(colours: tuple[Colour, ...]) -> Tones:
        """The packshot's colours from the brand's."""
        ...

    @staticmethod
    def inks(layout: Layout, tones: Tones, /) -> Mapping[str, Colour]:
        """Colours of texts that aren't ``tones.ink``, by part."""
        ...

    @staticmethod
    def room(box: PixelBox) -> PixelBox:
        """Where in its box the product stands."""
        ...

    @staticmethod
    def ground(layout: Layout, tones: Tones, size: Size, *, floor: bool) -> Image.Image:
        """What is behind everything; with ``floor`` what a product stands on, too."""
        ...


@dataclass(frozen=True, slots=True)
class Sprite:
    """A part that comes in by itself: its RGBA picture, and where its top left corner ends."""

    name: str
    picture: Image.Image
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Packshot:
    """``opening`` is what stands still from the first frame on, ``whole`` the same with all sprites."""

    opening: Image.Image
    whole: Image.Image
    sprites: tuple[Sprite, ...]
    layout: Layout


@cache
def design_names() -> tuple[str, ...]:
    """Names of all designs, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(designs.__path__)))


def design(name: str) -> Design:
    """The design of that name."""
    return cast(Design, importlib.import_module(f"{designs.__name__}.{name}"))


def layout_of(spec: Mapping[str, Any], frame: Frame) -> Layout:
    """The layout of a packshot in its design."""
    return arranged(spec, frame, design(spec.get("design") or "sunburst").SETTING)


def draw_packshot(
    spec: Mapping[str, Any], frame: Frame, resolve: Resolve, fonts: Fonts | None = None
) -> Packshot:
    """A packshot of exactly the frame's size, as opaque pictures and the sprites between them.

    ``spec`` is ``{headline, cta, subline?, rating?, reviews?, badge?, legal?, url?, design?, product?,
    image?, product_name?, colors, logo?}``; ``resolve`` gives the file of a reference. An opaque ``image``
    of the frame's ratio becomes the background, any other takes the product's place. ``fonts`` are the
    brand's. Raises TaskFailed for pictures that can't be read.
    """
    style, size = design(spec.get("design") or "sunburst"), frame.size
    given = open_photo(resolve(spec["image"])) if spec.get("image") else None
    backdrop = given if given is not None and _fills(given, size) else None
    colours = parse_all(spec.get("colors") or ())
    product = None if backdrop else _product(spec, given, resolve, colours)
    aspect = product.width / product.height if product is not None else None
    setting = dressed(style.SETTING, fonts or Fonts())
    layout = arranged({**spec, "backdrop": bool(backdrop), "aspect": aspect}, frame, setting)
    tones, card = style.tones(colours), product is not None and is_card(product)
    if backdrop is not None:
        inks: Mapping[str, Colour] = dict.fromkeys((*layout.letters, "legal"), WHITE)
        opening = on_photo(backdrop, layout, size)
    else:
        inks = style.inks(layout, tones)
        opening = style.ground(layout, tones, size, floor=product is not None and not card)
    if spec.get("logo"):
        _place_logo(opening, resolve(spec["logo"]), layout, inks.get("name", tones.ink))
    _write(opening, spec, layout, lambda name: inks.get(name, tones.ink))
    if box := layout.boxes.get("cta"):
        behind = opening.crop(box).convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        tones = replace(tones, button=button_on(tones, Colour(*cast(tuple[int, int, int], behind))))
    sprites = _sprites(spec, (style, setting.display), layout, tones, product)
    whole = opening.copy()
    for sprite in sprites:
        _lay(whole, sprite)
    return Packshot(opening.convert("RGB"), whole.convert("RGB"), sprites, layout)


def dressed(setting: Setting, fonts: Fonts) -> Setting:
    """A design's setting in an ad's fonts."""
    return replace(setting, display=fonts.display, text=fonts.text)


def is_card(product: Image.Image) -> bool:
    """A photo with its own background, in a rectangle: it is shown as a card, not put on a floor."""
    return bool((np.asarray(product.getchannel("A")) > 200).mean() > 0.95)


def _lay(frame: Image.Image, sprite: Sprite) -> None:
    """Lays a sprite on a frame, cut at the frame's edges."""
    left, top = max(0, -sprite.left), max(0, -sprite.top)
    picture = sprite.picture.crop((left, top, *sprite.picture.size)) if left or top else sprite.picture
    frame.alpha_composite(picture, (max(0, sprite.left), max(0, sprite.top)))


def _fills(image: Image.Image, size: Size) -> bool:
    """Whether a picture is opaque and has the frame's ratio."""
    ratio = (image.width / image.height) / (size.width / size.height)
    return abs(ratio - 1) < _SAME_RATIO and min(image.size) >= 200 and not has_alpha(image)


def _product(
    spec: Mapping[str, Any], given: Image.Image | None, resolve: Resolve, colours: tuple[Colour, ...]
) -> Image.Image | None:
    """The packshot's own picture, else the product's photo, else a drawing by the product's name."""
    if given is not None:
        return cut_out(given)
    if spec.get("product"):
        return cut_out(open_photo(resolve(spec["product"])))
    name = str(spec.get("product_name") or "")
    return draw_product(name, "", colours) if name else None


def _sprites(
    spec: Mapping[str, Any],
    dress: tuple[Design, Font],
    layout: Layout,
    tones: Tones,
    product: Image.Image | None,
) -> tuple[Sprite, ...]:
    """Product, badge and button over their shadows; corners on even pixels, as video wants them."""
    made, (style, display) = [], dress
    if product is not None and "product" in layout.boxes:
        image, box = parts.fitted_product(product, style.room(layout.boxes["product"]), card=is_card(product))
        made.append(("product", *parts.with_shadow(image, layout.unit), box))
    if box_ := layout.boxes.get("badge"):
        made.append(("badge", *parts.badge(str(spec["badge"]), box_.width, tones.badge, display), box_))
    if (box_ := layout.boxes.get("cta")) and (letters := layout.letters.get("cta")):
        made.append(("cta", *parts.button(box_, tones.button, letters), box_))
    return tuple(_even(Sprite(name, image, box.left - rim, box.top - rim)) for name, image, rim, box in made)


def _even(sprite: Sprite) -> Sprite:
    """The same picture on even corners and sides: chroma has half of the video's pixels."""
    left, top = sprite.left % 2, sprite.top % 2
    wide, high = sprite.picture.width + left, sprite.picture.height + top
    if not (left or top or wide % 2 or high % 2):
        return sprite
    grown = Image.new("RGBA", (wide + wide % 2, high + high % 2), (255, 255, 255, 0))
    grown.paste(sprite.picture, (left, top))
    return Sprite(sprite.name, grown, sprite.left - left, sprite.top - top)


def on_photo(image: Image.Image, layout: Layout, size: Size) -> Image.Image:
    """A picture that fills the frame, darkened towards the edges that texts stand at."""
    frame = ImageOps.fit(image, (size.width, size.height), Image.Resampling.LANCZOS)
    texts = {name: box for name, box in layout.boxes.items() if name not in ("cta", "badge", "product")}
    if not texts:
        return frame
    if layout.centred:
        low = [name for name in ("url", "legal") if name in texts and texts[name].top > _LOW * size.height]
        above = _dark(
            size.height, max((box.bottom for name, box in texts.items() if name not in low), default=0)
        )
        below = _dark(size.height, min((texts[name].top for name in low), default=0), -1)
        mask = np.repeat(np.maximum(above, below)[:, None], size.width, axis=1)
    else:
        mask = np.repeat(
            _dark(size.width, max(box.right for box in texts.values()))[None], size.height, axis=0
        )
    veil = Image.new("RGBA", frame.size, (0, 0, 0, 0))
    veil.putalpha(Image.fromarray(mask.astype(np.uint8)))
    return Image.alpha_composite(frame, veil)


def _dark(length: int, edge: int, towards: int = 1) -> NDArray[np.float64]:
    """How dark each row or column is: all of it before an edge, then less and less; or after it."""
    if not 0 < edge < length:
        return np.zeros(length)
    away = (np.arange(length) - edge) * towards / (_FADE * length) - _MARGIN
    return _SCRIM * (0.5 + 0.5 * np.cos(np.pi * np.clip(away, 0, 1)))


def _place_logo(frame: Image.Image, path: Path, layout: Layout, ink: Colour) -> None:
    box = layout.boxes["logo"]
    logo = open_logo(path, box.width * 2)
    scale = min(box.width / logo.width, box.height / logo.height)
    size = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
    left, top = box.middle[0] - size[0] // 2 if layout.centred else box.left, box.middle[1] - size[1] // 2
    logo = logo.resize(size, Image.Resampling.LANCZOS)
    behind = frame.crop((left, top, left + size[0], top + size[1]))
    frame.alpha_composite(seen(logo, behind, ink), (left, top))


def _write(frame: Image.Image, spec: Mapping[str, Any], layout: Layout, ink: Callable[[str], Colour]) -> None:
    """All texts that stand still, each in its box."""
    for name, letters in layout.letters.items():
        box = layout.boxes[name]
        match name:
            case "cta":
                continue  # a sprite
            case "name":
                parts.draw_tracked(frame, letters, box, ink(name))
            case "headline":
                parts.draw_headline(frame, letters, box, ink(name), centred=layout.centred)
            case "stars":
                continue  # drawn with their stars, below
            case _:
                place = (box.middle[0] if layout.centred else box.left, box.top)
                lettering.draw(frame, letters, place, ink(name), middle=layout.centred)
    if "stars" in layout.boxes:
        box = layout.boxes["stars"]
        frame.alpha_composite(parts.stars(layout, float(spec["rating"]), ink("stars")), (box.left, box.top))

"""A product's name on its drawn label: where it goes on each kind, and setting it there."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, ImageChops

from adcli.media.colour import WHITE, contrast
from adcli.media.fonts import BLACK
from adcli.media.lettering import Lettering, draw, fit
from adcli.media.product_paint import Paint


class Place(NamedTuple):
    """Where a name goes, in units of the drawing's box: its middle, its room, its largest size.

    ``turn`` is in degrees, counter-clockwise; ``slant`` is how far the line falls for each unit to the right.
    """

    x: float
    y: float
    width: float
    height: float
    size: float
    turn: int = 0
    slant: float = 0.0
    on_body: bool = False


PLACES: Mapping[str, Place] = {
    "bottle": Place(300, 600, 490, 120, 112, turn=90, on_body=True),
    "dropper": Place(300, 674, 250, 84, 62),
    "pump": Place(300, 646, 236, 90, 58),
    "tube": Place(300, 470, 204, 96, 52),
    "jar": Place(300, 724, 400, 62, 62),
    "can": Place(300, 684, 280, 100, 66, on_body=True),
    "sachet": Place(300, 470, 280, 100, 62, on_body=True),
    "garment": Place(300, 440, 230, 110, 62, on_body=True),
    "bag": Place(300, 680, 340, 130, 84, on_body=True),
    "pouch": Place(300, 554, 246, 112, 58),
    "phone": Place(300, 226, 300, 60, 46, on_body=True),
    "laptop": Place(300, 532, 420, 36, 34, on_body=True),
    "box": Place(318, 610, 176, 92, 50, slant=60 / 360),
}
_SMALLEST = 20  # units; smaller letters can't be read in a clip


@dataclass(frozen=True, slots=True)
class Setting:
    """A name that fits its place; ``scale`` is pixels per unit."""

    letters: Lettering
    place: Place
    scale: float


def setting_of(kind: str, name: str, scale: float) -> Setting | None:
    """The name as it fits the kind's label; None where it has no place, no glyphs or is too long."""
    place, text = PLACES.get(kind), " ".join(name.split())
    if place is None or not _shown_whole(text):
        return None
    room = (round(place.width * scale), round(place.height * scale))
    lines = 1 if place.turn or place.height < 70 else 2
    letters = fit(text, BLACK, room, round(place.size * scale), round(_SMALLEST * scale), lines)
    if letters is None or letters.lines[-1].endswith("…"):
        return None
    return Setting(letters, place, scale)


def _shown_whole(text: str) -> bool:
    """Whether the font shows every letter and digit, of which there are some."""
    wanted = [mark for mark in text if unicodedata.category(mark)[0] in "LN"]
    return bool(wanted) and not BLACK.missing("".join(wanted))


def set_name(image: Image.Image, setting: Setting, paint: Paint) -> None:
    """Draws the name on the product, shaded as what it is printed on."""
    place, letters = setting.place, setting.letters
    dark = paint.shade.darker(0.4)
    light_text = contrast(WHITE, paint.body) > min(2.2, contrast(dark, paint.body))
    tone = (WHITE if light_text else dark) if place.on_body else dark
    pad = letters.size
    patch = Image.new("RGBA", (letters.width + 2 * pad, letters.height + 2 * pad), (*tone, 0))
    draw(patch, letters, (patch.width // 2, pad), tone)
    if place.slant:
        fall = (1, 0, 0, -place.slant, 1, place.slant * patch.width / 2)
        patch = patch.transform(patch.size, Image.Transform.AFFINE, fall, Image.Resampling.BICUBIC)
    if place.turn:
        patch = patch.rotate(place.turn, expand=True)
    at = (round(place.x * setting.scale - patch.width / 2), round(place.y * setting.scale - patch.height / 2))
    layer = Image.new("RGBA", image.size, (*tone, 0))
    layer.paste(patch, at)
    layer.putalpha(ImageChops.multiply(layer.getchannel("A"), image.getchannel("A")))
    image.alpha_composite(layer)

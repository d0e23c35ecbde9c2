"""Everything that one scene picture is drawn from, gathered once and handed to each layer's maker."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from adcli.media.chance import seeded
from adcli.media.colour import parse_all
from adcli.media.drawn_product import draw_kind, draw_product, product_kind
from adcli.media.photo import cut_out, has_alpha
from adcli.providers.local.drawing.light import Palette, palette
from adcli.providers.local.drawing.look import Look, look_of
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH
from adcli.providers.local.drawing.reading import Shot, read
from adcli.units import Size

CANVAS = Size(WIDTH, HEIGHT)
"""Size of every layer."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what it shows, in which light, of whom; ``photo`` is the given person's."""

    shot: Shot
    pal: Palette
    look: Look
    friend: Look
    rnd: random.Random
    product: Image.Image | None
    photo: Image.Image | None
    full_bleed: bool

    @property
    def flat_lay(self) -> bool:
        """Seen from straight above."""
        return self.shot.place == "table"


def gather(params: Mapping[str, Any], products: Sequence[Image.Image], person: Image.Image | None) -> Scene:
    """The scene for the params of stage ``image``."""
    shot = read(params)
    character = params.get("character") or {"name": "", "prompt": params.get("prompt") or ""}
    photo = cut_out(person) if person is not None else None
    full = person is not None and photo is not None and not has_alpha(person)
    return Scene(
        shot=shot,
        pal=palette(
            shot.light,
            seeded("place", shot.place, character.get("name"), params.get("seed")),
            parse_all(params.get("colors") or ()),
        ),
        look=look_of(character),
        friend=look_of({"name": f"{character.get('name')}'s friend", "prompt": ""}),
        rnd=seeded("scene", params.get("prompt"), params.get("camera"), params.get("seed")),
        product=_product(params, shot, products),
        photo=person if full else photo,
        full_bleed=full and shot.framing == "person",
    )


def blank() -> Image.Image:
    """An empty layer."""
    return Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))


def _product(params: Mapping[str, Any], shot: Shot, products: Sequence[Image.Image]) -> Image.Image | None:
    """The product's photo cut out, else one drawn by its name, else the thing that the prompt names."""
    if products:
        return cut_out(products[0])
    colours = parse_all(params.get("colors") or ())
    name = str(params.get("product_name") or "")
    if name:
        return draw_product(name, str(params.get("product_description") or ""), colours)
    if shot.prop or shot.framing != "person":
        kind = shot.prop or product_kind(str(params.get("prompt") or ""))
        return draw_kind(kind, str(params.get("prompt")), colours)
    return None

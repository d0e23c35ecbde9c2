"""Composes a scene picture: background, middle and subject, each RGBA at 1152×2048.

What matters lies in the central square (from 22% to 78% of the height), so that crops to
4:5 and 1:1 keep it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageFilter, ImageOps

from adcli.media import svg
from adcli.media.chance import seeded
from adcli.media.colour import WHITE, parse_all
from adcli.media.drawn_product import draw_kind, draw_product, product_kind
from adcli.media.photo import cut_out, has_alpha
from adcli.providers.local.drawing import finish, indoors, outdoors, tops
from adcli.providers.local.drawing.figure import fingers, forearm, paints, palm, person
from adcli.providers.local.drawing.light import Palette, palette
from adcli.providers.local.drawing.look import Look, look_of
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH
from adcli.providers.local.drawing.reading import Shot, read
from adcli.units import Size

CANVAS = Size(WIDTH, HEIGHT)
"""Size of every layer."""

_PLACES: Mapping[str, Callable[[Palette, random.Random], str]] = {
    "bathroom": indoors.bathroom,
    "kitchen": indoors.kitchen,
    "bedroom": indoors.bedroom,
    "living": indoors.living,
    "office": indoors.office,
    "gym": indoors.gym,
    "cafe": indoors.cafe,
    "car": indoors.car,
    "shop": indoors.shop,
    "city": outdoors.city,
    "nature": outdoors.nature,
    "beach": outdoors.beach,
    "workshop": tops.workshop,
    "table": tops.table,
    "screen": tops.screen,
    "studio": outdoors.studio,
    "abstract": outdoors.abstract,
}
_FLAT = ("table", "screen", "studio", "abstract")  # nothing behind them to be out of focus


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything one picture is drawn from."""

    shot: Shot
    pal: Palette
    look: Look
    friend: Look
    rnd: random.Random
    product: Image.Image | None
    photo: Image.Image | None
    full_bleed: bool


def draw_layers(
    params: Mapping[str, Any], products: Sequence[Image.Image], person: Image.Image | None
) -> tuple[Image.Image, Image.Image, Image.Image]:
    """Background (opaque), middle and subject for the params of stage ``image``.

    ``products`` and ``person`` are opened photos (RGBA, upright). The same input gives the same pixels.
    """
    scene = _scene(params, products, person)
    background = _background(scene)
    subject = _subject(scene)
    subject = finish.washed(subject, scene.pal.light, 0.35)
    subject = finish.rim(subject, scene.pal.light.glow, 0.62 if scene.pal.light.strength else 0.45)
    if scene.shot.cutout and scene.shot.framing == "person":
        subject = finish.sticker(subject)
    return background, _middle(scene, subject), subject


def flatten(layers: Sequence[Image.Image]) -> Image.Image:
    """The layers as one RGB picture."""
    whole = layers[0]
    for layer in layers[1:]:
        whole = Image.alpha_composite(whole, layer)
    return whole.convert("RGB")


def _scene(params: Mapping[str, Any], products: Sequence[Image.Image], person: Image.Image | None) -> Scene:
    shot = read(params)
    character = params.get("character") or {"name": "", "prompt": params.get("prompt") or ""}
    rnd = seeded("scene", params.get("prompt"), params.get("camera"), params.get("seed"))
    brand = parse_all(params.get("colors") or ())
    photo = cut_out(person) if person is not None else None
    full = person is not None and photo is not None and not has_alpha(photo)
    return Scene(
        shot=shot,
        pal=palette(
            shot.light, seeded("place", shot.place, character.get("name"), params.get("seed")), brand
        ),
        look=look_of(character),
        friend=look_of({"name": f"{character.get('name')}'s friend", "prompt": ""}),
        rnd=rnd,
        product=_product(params, shot, products),
        photo=person if full else photo,
        full_bleed=full and shot.framing == "person",
    )


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


def _background(scene: Scene) -> Image.Image:
    if scene.full_bleed and scene.photo is not None:
        zoom = max(1.0, scene.rnd.uniform(1.0, 1.14) * scene.shot.near)
        bleed = (1 - 1 / zoom) / 2
        return ImageOps.fit(scene.photo, (WIDTH, HEIGHT), Image.Resampling.LANCZOS, bleed, (0.5, 0.4))
    place = _PLACES[scene.shot.place](scene.pal, scene.rnd)
    image = svg.rasterise(place, CANVAS, 0.5)
    image = finish.washed(image, scene.pal.light, 1.0)
    if scene.shot.split:
        half = finish.greyed(image.crop((0, 0, image.width // 2, image.height)))
        image.paste(half, (0, 0))
    if scene.shot.place not in _FLAT:
        image = image.filter(ImageFilter.GaussianBlur(2.4))
    image = Image.alpha_composite(image, svg.rasterise(_air(scene), CANVAS, 0.5))
    return image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _air(scene: Scene) -> str:
    """Glow of the light, motes in it, and darker corners."""
    light, rnd = scene.pal.light, scene.rnd
    glow = svg.radial("air", [(0, light.glow, light.glow_strength), (1, light.glow, 0.0)])
    glow += svg.circle(1000, 420, 900, "url(#air)", o=0.75)
    corners = svg.radial("corner", [(0, "#140a1c", 0.0), (0.62, "#140a1c", 0.0), (1, "#140a1c", 0.5)])
    corners += svg.ellipse(576, 1000, 1150, 1650, "url(#corner)")
    motes = ""
    if scene.pal.light.strength > 0.3:
        motes = "".join(
            svg.circle(
                rnd.uniform(0, WIDTH),
                rnd.uniform(100, 1500),
                rnd.uniform(10, 46),
                light.glow,
                o=rnd.uniform(0.05, 0.22),
            )
            for _ in range(14)
        )
    divider = svg.rect(573, 0, 6, HEIGHT, WHITE, o=0.85) if scene.shot.split else ""
    return glow + motes + corners + divider


def _middle(scene: Scene, subject: Image.Image) -> Image.Image:
    """What stands between: a second person, a table or podium; and the subject's shadow."""
    parts = ""
    if scene.shot.framing == "product" and scene.shot.place not in ("table", "screen"):
        parts = tops.stand(scene.pal, scene.shot.place)
    middle = svg.rasterise(parts, CANVAS) if parts else Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    if scene.shot.friends and scene.shot.framing == "person" and not scene.full_bleed:
        body = svg.group(person(scene.friend, "laugh", tilt=5), x=905, y=850, scale=0.72)
        friend = svg.rasterise(body, CANVAS, 0.5).filter(ImageFilter.GaussianBlur(1.2))
        friend = finish.washed(friend.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), scene.pal.light, 0.5)
        middle = Image.alpha_composite(middle, friend)
    strength = 0.42 if scene.shot.framing == "product" else 0.3
    cast = finish.shadow(subject.getchannel("A"), strength, 34, (-24, 32))
    return Image.alpha_composite(middle, cast)


def _subject(scene: Scene) -> Image.Image:
    match scene.shot.framing:
        case "person":
            return _person_subject(scene)
        case "hands":
            return _hand_subject(scene)
        case _:
            return _product_subject(scene)


def _person_subject(scene: Scene) -> Image.Image:
    shot, look = scene.shot, scene.look
    if shot.cutout:
        return _commentator(scene)
    product = scene.product and finish.fitted(scene.product, 300, 500)
    scale = 0.9 * shot.near * (1.06 if shot.selfie else 1.0)
    x = (452 if shot.friends else 476) if product else 576
    layer = _body(scene, x, 812, scale, shot.selfie)
    if product is None:
        return layer
    if scene.photo is not None:
        _stand_at(layer, finish.fitted(product, 340, 520), 850, 1500)
        return layer
    return _held(layer, look, product, (876, 1120), (1010, 2230), 1.0)


def _body(scene: Scene, x: float, y: float, scale: float, selfie: bool) -> Image.Image:
    """The person as a full layer: drawn, or the given photo's cut-out standing on the lower edge."""
    if scene.full_bleed:
        return Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    if scene.photo is not None:
        layer = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
        figure = finish.fitted(scene.photo, 1060, 1530)
        layer.alpha_composite(figure, (max(0, round(x - figure.width / 2)), HEIGHT - figure.height))
        return layer
    tilt = scene.rnd.uniform(-4.5, 4.5)
    body = person(scene.look, scene.shot.mood, tilt=tilt, selfie=selfie)
    return svg.rasterise(svg.group(body, x=x, y=y, scale=scale), CANVAS)


def _commentator(scene: Scene) -> Image.Image:
    """A speaker low in the frame before a page that shows the product."""
    layer = _body(scene, 400, 1130, 0.72, False)
    if scene.product is not None:
        _stand_at(layer, finish.fitted(scene.product, 380, 520), 850, 1150)
    return layer


def _hand_subject(scene: Scene) -> Image.Image:
    layer = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    product = finish.fitted(scene.product or draw_product("box", ""), 520, 780)
    turn = scene.rnd.uniform(-7, 7)
    if max(product.size) > 60:
        product = product.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    return _held(layer, scene.look, product, (576, 960), (800, 2240), 1.32)


def _held(
    layer: Image.Image,
    look: Look,
    product: Image.Image,
    centre: tuple[int, int],
    elbow: tuple[float, float],
    size: float,
) -> Image.Image:
    """The layer with an arm that holds the product around ``centre``."""
    x, y = centre
    grip = y + product.height * 0.22
    behind = (
        paints(look)
        + forearm(look, (x + 6, grip + 120 * size), elbow, size)
        + palm(look, x, grip, product.width, size)
    )
    layer = Image.alpha_composite(layer, svg.rasterise(behind, CANVAS))
    box = (x - product.width // 2, y - product.height // 2)
    layer.alpha_composite(product, (max(0, box[0]), max(0, box[1])))
    return Image.alpha_composite(layer, svg.rasterise(fingers(look, x, grip, product.width, size), CANVAS))


def _product_subject(scene: Scene) -> Image.Image:
    layer = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    product = scene.product or draw_product("box", "")
    flat = scene.shot.place == "table"
    near = 1.08 if scene.shot.near > 1 else 1.0
    product = finish.fitted(product, round(620 * near), round((700 if flat else 800) * near))
    if flat:
        product = product.rotate(scene.rnd.uniform(-16, 16), Image.Resampling.BICUBIC, expand=True)
        _stand_at(layer, product, 576, 1000 + product.height // 2)
    else:
        _stand_at(layer, product, 576, 1130 if scene.shot.place == "screen" else 1480)
    return layer


def _stand_at(layer: Image.Image, thing: Image.Image, x: int, foot: int) -> None:
    """Puts a cut-out into a layer, its foot on a line."""
    left = min(max(0, x - thing.width // 2), layer.width - thing.width)
    layer.alpha_composite(thing, (left, max(0, foot - thing.height)))

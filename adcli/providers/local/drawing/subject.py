"""Who and what a scene is about: the person, the hands, the product, with the shadow they stand in."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageOps

from adcli.media import svg
from adcli.media.drawn_product import draw_product
from adcli.providers.local.drawing import finish, tops
from adcli.providers.local.drawing.figure import fingers, forearm, paints, palm, person
from adcli.providers.local.drawing.look import Look
from adcli.providers.local.drawing.pieces import HEIGHT
from adcli.providers.local.drawing.scene import CANVAS, Scene, blank


def subject(scene: Scene) -> Image.Image:
    """The layer of the subject, lit from the upper right, its shadow below it."""
    match scene.shot.framing:
        case "person":
            layer = _person(scene)
        case "hands":
            layer = _hands(scene)
        case _:
            layer = _product(scene)
    light = scene.pal.light
    layer = finish.rim(finish.lit(layer, light), light.glow, 0.7 if light.strength else 0.45)
    if scene.shot.cutout and scene.shot.framing == "person":
        layer = finish.sticker(layer)
    if scene.shot.framing == "product" and scene.shot.place not in ("table", "screen"):
        ground = finish.lit(svg.rasterise(tops.stand(scene.pal, scene.shot.place), CANVAS), light)
        ground = Image.alpha_composite(ground, _footing(layer, scene.shot.place in _SHINY))
        return Image.alpha_composite(ground, layer)
    strength = 0.42 if scene.shot.framing == "product" else 0.3
    return Image.alpha_composite(finish.shadow(layer.getchannel("A"), strength, 34, (-24, 32)), layer)


_SHINY = ("studio", "abstract", "kitchen", "bathroom", "office", "cafe", "shop", "screen")


def _footing(layer: Image.Image, shiny: bool) -> Image.Image:
    """Where a standing thing touches the ground: a tight dark line, a soft cast shadow, a reflection."""
    box = layer.getchannel("A").point(finish.SOLID).getbbox()
    if box is None:
        return blank()
    left, _, right, foot = box
    wide, x = right - left, (left + right) / 2
    dark: list[svg.Stop] = [(0, "#140a1c", 0.75), (0.6, "#140a1c", 0.35), (1, "#140a1c", 0.0)]
    below = svg.radial("cast", dark)
    below += svg.group(
        svg.ellipse(0, 0, wide * 1.05, 54, "url(#cast)", o=0.75), x=x - wide * 0.42, y=foot + 16, turn=-3
    )
    below += svg.ellipse(x, foot - 4, wide * 0.6, 26, "url(#cast)")
    shadow = svg.rasterise(below, CANVAS, 0.5).resize(layer.size, Image.Resampling.BICUBIC)
    if not shiny:
        return shadow
    mirrored = ImageOps.flip(layer.crop((left, max(0, foot - 260), right, foot)))
    fade = (
        Image.linear_gradient("L").point([max(0, 62 - level) for level in range(256)]).resize(mirrored.size)
    )
    mirrored.putalpha(ImageChops.multiply(mirrored.getchannel("A"), fade))
    image = blank()
    image.alpha_composite(mirrored, (left, foot - 2))
    return Image.alpha_composite(image, shadow)


def _person(scene: Scene) -> Image.Image:
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
        return blank()
    if scene.photo is not None:
        layer = blank()
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


def _hands(scene: Scene) -> Image.Image:
    layer = blank()
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


def _product(scene: Scene) -> Image.Image:
    layer = blank()
    product = scene.product or draw_product("box", "")
    near = 1.08 if scene.shot.near > 1 else 1.0
    product = finish.fitted(product, round(680 * near), round((760 if scene.flat_lay else 900) * near))
    if scene.flat_lay:
        product = product.rotate(scene.rnd.uniform(-16, 16), Image.Resampling.BICUBIC, expand=True)
        _stand_at(layer, product, 576, 1000 + product.height // 2)
    else:
        _stand_at(layer, product, 576, 1190 if scene.shot.place == "screen" else tops.FOOT)
    return layer


def _stand_at(layer: Image.Image, thing: Image.Image, x: int, foot: int) -> None:
    """Puts a cut-out into a layer, its foot on a line."""
    left = min(max(0, x - thing.width // 2), layer.width - thing.width)
    layer.alpha_composite(thing, (left, max(0, foot - thing.height)))

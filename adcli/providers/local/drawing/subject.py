"""Who and what a scene is about: the person, the hands, the product, with the shadow they stand in."""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image, ImageChops, ImageOps

from adcli.media import svg
from adcli.media.drawn_product import draw_product
from adcli.providers.local.drawing import finish, tops
from adcli.providers.local.drawing.figure import POSES, Pose, lower_arm, paints, person
from adcli.providers.local.drawing.limbs import Joint, forearm, grip, palm
from adcli.providers.local.drawing.look import Look
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH
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
    if scene.shot.full and scene.photo is None:
        layer = Image.alpha_composite(_feet(), layer)
    strength = 0.42 if scene.shot.framing == "product" else 0.3
    return Image.alpha_composite(finish.shadow(layer.getchannel("A"), strength, 34, (-24, 32)), layer)


_GRIP = 0.28
"""How far below its middle a product is held, in parts of its height: its name stays free."""

_SHINY = ("studio", "abstract", "kitchen", "bathroom", "office", "cafe", "shop", "screen")


def _feet() -> Image.Image:
    """The shadow below a person who stands in the picture."""
    pool = svg.radial("feet", [(0, "#140a1c", 0.6), (1, "#140a1c", 0.0)])
    pool += svg.ellipse(490, 1884, 330, 46, "url(#feet)")
    return svg.rasterise(pool, CANVAS, 0.5).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


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
    shot = scene.shot
    if shot.cutout:
        return _commentator(scene)
    if scene.photo is not None:
        return _beside_photo(scene)
    stature = _stature(scene)
    if scene.product is None or shot.beside:
        free = "wow" if shot.mood == "surprise" else "talk" if shot.mood in ("talk", "laugh") else "rest"
        layer = _free(scene, stature, POSES[free])
        if scene.product is not None:
            _on_table(scene, layer)
        return layer
    product = finish.fitted(scene.product, round(320 * stature.held), round(520 * stature.held))
    at = _holding(scene)
    elbow = stature.body(at[0] + (70 if at[0] > 800 else 290), at[1] + 560 * stature.scale)
    hand = stature.body(at[0] + 4, at[1] + product.height * _GRIP + 120 * stature.held)
    pose = Pose(_left_arm(scene), (Joint(*elbow, 72), Joint(*hand, 50)))
    layer = _figure(scene, stature, pose)
    behind = paints(scene.look) + stature.placed(lower_arm(scene.look, pose))
    return _held(layer, behind, scene.look, product, at, (stature.held, -1))


class _Stature(NamedTuple):
    """Where the middle of the head is, how large the figure is drawn and what it holds; legs or none."""

    x: float
    y: float
    scale: float
    held: float
    stride: float | None = None

    def body(self, x: float, y: float) -> tuple[float, float]:
        """A place of the picture in the figure's own units."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale

    def placed(self, drawing: str) -> str:
        """A part of the figure where it belongs in the picture."""
        return svg.group(drawing, x=self.x, y=self.y, scale=self.scale)


def _stature(scene: Scene) -> _Stature:
    shot = scene.shot
    if shot.full:
        return _Stature(520, 640, 0.5, 0.72, 60 + 70 * scene.rnd.random())
    x = 476 if scene.product is not None and not shot.friends else 440 if shot.friends else 560
    return _Stature(x, 812, 0.86 * shot.near * (1.06 if shot.selfie else 1.0), 1.0)


def _holding(scene: Scene) -> tuple[int, int]:
    """Where the middle of the held product is: beside the shoulder, or before the chest."""
    if scene.shot.full:
        return 800, 900
    return (860, 1130) if scene.shot.high else (690, 1330)


def _left_arm(scene: Scene) -> tuple[Joint, Joint]:
    """The arm that holds nothing: the camera in a selfie, else the body's side."""
    if scene.shot.selfie:
        return Joint(-560, 900, 84), Joint(-800, 1300, 96)
    return POSES["rest"].left


def _figure(scene: Scene, stature: _Stature, pose: Pose) -> Image.Image:
    tilt = scene.rnd.uniform(-4.5, 4.5)
    drawing = person(scene.look, scene.shot.mood, tilt=tilt, pose=pose, stride=stature.stride)
    return svg.rasterise(stature.placed(drawing), CANVAS)


def _free(scene: Scene, stature: _Stature, pose: Pose) -> Image.Image:
    """A person whose hands are free."""
    layer = _figure(scene, stature, pose)
    arm = paints(scene.look) + stature.placed(lower_arm(scene.look, pose))
    return Image.alpha_composite(layer, svg.rasterise(arm, CANVAS))


def _beside_photo(scene: Scene) -> Image.Image:
    """The given person, cut out on the lower edge unless the photo fills the frame, and the product."""
    layer = blank()
    if not scene.full_bleed and scene.photo is not None:
        figure = finish.fitted(scene.photo, 1060, 1530)
        x = 476 if scene.product is not None else 576
        layer.alpha_composite(figure, (max(0, round(x - figure.width / 2)), HEIGHT - figure.height))
    if scene.product is not None:
        _on_table(scene, layer)
    return layer


def _on_table(scene: Scene, layer: Image.Image) -> None:
    """Puts the product on a small table at the lower right."""
    layer.alpha_composite(svg.rasterise(tops.side_table(scene.pal, 880), CANVAS))
    if scene.product is not None:
        thing = blank()
        _stand_at(thing, finish.fitted(scene.product, 340, 600), 880, tops.BESIDE + 16)
        layer.alpha_composite(_footing(thing, shiny=False))
        layer.alpha_composite(thing)


def _commentator(scene: Scene) -> Image.Image:
    """A speaker low in the frame before a page that shows the product."""
    if scene.photo is not None:
        layer = blank()
        figure = finish.fitted(scene.photo, 760, 1150)
        layer.alpha_composite(figure, (max(0, 380 - figure.width // 2), HEIGHT - figure.height))
    else:
        stature = _Stature(370, 1190, 0.66, 1.0)
        layer = _free(scene, stature, POSES["talk" if scene.shot.mood != "surprise" else "wow"])
    if scene.product is not None:
        _stand_at(layer, finish.fitted(scene.product, 400, 620), 800, 1130)
    return layer


def _hands(scene: Scene) -> Image.Image:
    """An arm from the lower right, as one sees one's own, that holds the product to the camera."""
    product = finish.fitted(scene.product or draw_product("box", ""), 520, 800)
    if max(product.size) > 60:
        product = product.rotate(scene.rnd.uniform(-7, 7), Image.Resampling.BICUBIC, expand=True)
    at, size = (576, 960), 1.32
    wrist = Joint(at[0] + 24, at[1] + product.height * _GRIP + 150 * size, 64)
    elbow = Joint(860 + scene.rnd.uniform(-60, 90), 2260, 150)
    behind = paints(scene.look) + forearm(scene.look, elbow, wrist)
    return _held(blank(), behind, scene.look, product, at, (size, 1))


def _held(
    layer: Image.Image,
    arm: str,
    look: Look,
    product: Image.Image,
    centre: tuple[int, int],
    hand: tuple[float, int],
) -> Image.Image:
    """The layer with an arm behind a product around ``centre``; ``hand`` is its size and its thumb's side."""
    x, y = centre
    size, thumb = hand
    low = y + product.height * _GRIP
    behind = svg.rasterise(arm + palm(look, x, low, product.width, size), CANVAS)
    layer = Image.alpha_composite(
        Image.alpha_composite(layer, finish.shadow(behind.getchannel("A"), 0.3, 26, (-16, 16))), behind
    )
    layer.alpha_composite(product, (max(0, x - product.width // 2), max(0, y - product.height // 2)))
    before = paints(look) + grip(look, x, low, product.width, size, thumb)
    return Image.alpha_composite(layer, svg.rasterise(before, CANVAS))


def _product(scene: Scene) -> Image.Image:
    layer = blank()
    product = scene.product or draw_product("box", "")
    near = 1.08 if scene.shot.near > 1 else 1.0
    product = finish.fitted(product, round(680 * near), round((760 if scene.flat_lay else 900) * near))
    if scene.flat_lay:
        product = product.rotate(scene.rnd.uniform(-16, 16), Image.Resampling.BICUBIC, expand=True)
        _stand_at(layer, product, 576, 1000 + product.height // 2)
    elif scene.shot.place == "screen":
        _stand_at(layer, finish.fitted(product, 540, 780), 770, 1160)
    else:
        _stand_at(layer, product, 576, tops.FOOT)
    return layer


def _stand_at(layer: Image.Image, thing: Image.Image, x: int, foot: int) -> None:
    """Puts a cut-out into a layer, its foot on a line."""
    left = min(max(0, x - thing.width // 2), layer.width - thing.width)
    layer.alpha_composite(thing, (left, max(0, foot - thing.height)))

"""Where a scene plays: the backdrop, what stands behind the subject, and what is near the camera."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from PIL import Image, ImageOps

from adcli.media import svg
from adcli.media.colour import WHITE
from adcli.providers.local.drawing import finish, indoors, outdoors, sets, streets, tops
from adcli.providers.local.drawing.figure import person
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH, Kit
from adcli.providers.local.drawing.scene import CANVAS, Scene, blank

PLACES: Mapping[str, Callable[[Palette, random.Random], Kit]] = {
    "bathroom": indoors.bathroom,
    "kitchen": indoors.kitchen,
    "bedroom": indoors.bedroom,
    "living": indoors.living,
    "office": indoors.office,
    "gym": indoors.gym,
    "cafe": indoors.cafe,
    "car": indoors.car,
    "shop": indoors.shop,
    "city": streets.city,
    "nature": outdoors.mountains,
    "forest": outdoors.forest,
    "park": outdoors.park,
    "beach": outdoors.beach,
    "desert": outdoors.desert,
    "workshop": tops.workshop,
    "table": tops.table,
    "screen": sets.screen,
    "studio": sets.studio,
    "abstract": sets.abstract,
}
"""Places by name, each a function that draws it."""

_HALF = 0.5  # soft things are drawn at half size


def kit(scene: Scene) -> Kit:
    """The scene's place as SVG."""
    return PLACES[scene.shot.place](scene.pal, scene.rnd)


def backdrop(scene: Scene, place: Kit) -> Image.Image:
    """The farthest layer: opaque and complete; a photo of the person that has a background of its own."""
    if scene.full_bleed and scene.photo is not None:
        zoom = max(1.0, scene.rnd.uniform(1.0, 1.14) * scene.shot.near)
        bleed = (1 - 1 / zoom) / 2
        return ImageOps.fit(scene.photo, (WIDTH, HEIGHT), Image.Resampling.LANCZOS, bleed, (0.5, 0.4))
    image = finish.washed(svg.rasterise(place.back, CANVAS, _HALF), scene.pal.light, place.tint)
    image = finish.soft(image, place.far_blur)
    return _halved(scene, _large(image))


def middle(scene: Scene, place: Kit) -> Image.Image:
    """What stands behind the subject, with the glow of the light over it."""
    if scene.full_bleed:
        return blank()
    image = finish.washed(svg.rasterise(place.mid, CANVAS, _HALF), scene.pal.light, place.tint)
    image = finish.soft(image, place.mid_blur)
    if scene.shot.full and place.tint == 1.0:
        floor = finish.washed(svg.rasterise(_floor(scene.pal), CANVAS, _HALF), scene.pal.light, 1.0)
        image = Image.alpha_composite(image, floor)
    if scene.shot.friends and scene.shot.framing == "person":
        if scene.shot.full:
            body = svg.group(person(scene.friend, "laugh", tilt=5, stride=70), x=860, y=690, scale=0.45)
        else:
            body = svg.group(person(scene.friend, "laugh", tilt=5), x=905, y=850, scale=0.72)
        image = Image.alpha_composite(
            image, finish.lit(finish.soft(svg.rasterise(body, CANVAS, _HALF), 1.2), scene.pal.light)
        )
    image = Image.alpha_composite(image, svg.rasterise(_glow(scene), CANVAS, _HALF))
    return _halved(scene, _large(image))


def foreground(scene: Scene, place: Kit) -> Image.Image:
    """Near things at the edges, out of focus, and darker corners."""
    if scene.full_bleed:
        return blank()
    near = finish.soft(svg.rasterise(place.near, CANVAS, 0.25), 2.6) if place.near else None
    veil = svg.rasterise(_corners(), CANVAS, 0.25)
    if near is not None:
        veil = Image.alpha_composite(finish.washed(near, scene.pal.light, place.tint), veil)
    return _large(veil)


def _large(image: Image.Image) -> Image.Image:
    return image.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


def _halved(scene: Scene, image: Image.Image) -> Image.Image:
    """With a dull left half where the shot compares before with after."""
    if scene.shot.split:
        image.paste(finish.greyed(image.crop((0, 0, WIDTH // 2, HEIGHT))), (0, 0))
    return image


def _glow(scene: Scene) -> str:
    """Light from the upper right, and motes in it."""
    light, rnd = scene.pal.light, scene.rnd
    tone = light.sky[2].lighter(0.2) if light.dark else light.glow
    glow = svg.radial("air", [(0, tone, light.glow_strength * 0.7), (1, tone, 0.0)])
    glow += svg.circle(1000, 420, 900, "url(#air)", o=0.6)
    if scene.pal.light.strength > 0.3:
        glow += "".join(
            svg.circle(
                rnd.uniform(0, WIDTH),
                rnd.uniform(100, 1500),
                rnd.uniform(10, 46),
                light.glow,
                o=rnd.uniform(0.05, 0.2),
            )
            for _ in range(14)
        )
    return glow + (svg.rect(573, 0, 6, HEIGHT, WHITE, o=0.85) if scene.shot.split else "")


def _floor(pal: Palette) -> str:
    """The floor of a room in which somebody stands."""
    stops: list[svg.Stop] = [(0, pal.floor.darker(0.3)), (0.3, pal.floor), (1, pal.floor.darker(0.35))]
    boards = "".join(
        svg.stroke(f"M{576 + (x - 576) * 0.7:.0f},1690 L{x},{HEIGHT}", pal.floor.darker(0.5), 4, o=0.3)
        for x in range(-200, 1400, 130)
    )
    return svg.linear("boards", stops) + svg.rect(0, 1690, WIDTH, HEIGHT, "url(#boards)") + boards


def _corners() -> str:
    corners = svg.radial("corner", [(0, "#140a1c", 0.0), (0.62, "#140a1c", 0.0), (1, "#140a1c", 0.5)])
    return corners + svg.ellipse(576, 1000, 1150, 1650, "url(#corner)")

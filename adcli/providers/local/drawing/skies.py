"""Skies and what recedes under them: sun or moon, clouds, stars, tones that fade into haze."""

from __future__ import annotations

import math
import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.light import Light, Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH


def heaven(pal: Palette, rnd: random.Random, sun: tuple[float, float, float]) -> str:
    """The whole sky down to the lower edge, its stars and clouds; ``sun`` is x, y and radius."""
    light = pal.light
    stops: list[svg.Stop] = [
        (0, light.sky[0]),
        (0.26, light.sky[1]),
        (0.47, light.sky[2]),
        (0.62, light.sky[3]),
    ]
    out = svg.linear("sky", stops) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#sky)")
    return out + _stars(light, rnd) + _sun(light, *sun) + _streaks(light, rnd, sun[1])


def _sun(light: Light, x: float, y: float, size: float) -> str:
    halo: list[svg.Stop] = [
        (0, light.glow.lighter(0.55), 0.95),
        (0.22, light.glow.lighter(0.2), 0.6),
        (0.55, light.glow, 0.22),
        (1, light.glow, 0.0),
    ]
    disc: list[svg.Stop] = [(0, WHITE), (1, light.glow.lighter(0.62))]
    out = svg.radial("halo", halo) + svg.circle(
        x, y, size * 6.4, "url(#halo)", o=0.5 + light.glow_strength / 2
    )
    if light.glow_strength < 0.4:  # a clouded sun is only a brighter place
        return out
    if light.dark:  # the moon, or the last of the sun, with a bite of shade
        moon = svg.circle(x, y, size * 0.72, light.glow.lighter(0.82))
        for dx, dy, r in ((0.2, -0.2, 0.16), (-0.24, 0.1, 0.22), (0.16, 0.3, 0.1)):
            moon += svg.circle(x + dx * size, y + dy * size, r * size, light.sky[2], o=0.18)
        return out + moon
    return out + svg.linear("disc", disc) + svg.circle(x, y, size, "url(#disc)")


def _stars(light: Light, rnd: random.Random) -> str:
    if not light.dark:
        return ""
    return "".join(
        svg.circle(
            rnd.uniform(0, WIDTH), rnd.uniform(0, 700), rnd.uniform(1.2, 4.2), WHITE, o=rnd.uniform(0.25, 0.9)
        )
        for _ in range(80)
    )


def _streaks(light: Light, rnd: random.Random, horizon: float) -> str:
    """Long thin clouds, thicker and brighter towards the horizon."""
    out = ""
    for i in range(9):
        y = 130 + i * (horizon - 90) / 9 + rnd.uniform(-24, 24)
        x, w, h = rnd.uniform(-260, 900), rnd.uniform(260, 640), 14 + i * 2.6
        tone = light.sky[3].lighter(0.55) if i % 3 else light.glow.lighter(0.4)
        strength = (0.05 + 0.022 * i) * (0.7 if light.dark else 1.5)
        out += svg.rect(x, y, w, h, tone, r=h / 2, o=strength)
        out += svg.rect(x + w * 0.24, y - h * 0.9, w * 0.5, h, tone, r=h / 2, o=strength * 0.8)
        out += svg.rect(x + w * 0.1, y + h * 0.9, w * 0.36, h * 0.7, tone, r=h / 2, o=strength * 0.6)
    return out


def receding(pal: Palette, count: int) -> list[Colour]:
    """Tones of things one behind the other, from the farthest, which is nearly haze, to the nearest."""
    light = pal.light
    far = light.sky[3].mix(light.sky[1], 0.55)
    near = (
        light.sky[0]
        .mix(light.sky[1], 0.25)
        .darker(0.45)
        .mix(pal.leaf.darker(0.5), 0.0 if light.dark else 0.25)
    )
    return [far.mix(near, (i / max(1, count - 1)) ** 0.9) for i in range(count)]


def haze(pal: Palette, name: str, y: float, tall: float, strength: float = 0.55) -> str:
    """A band of mist that is thickest at ``y`` + ``tall``."""
    tone = pal.light.sky[3]
    stops: list[svg.Stop] = [(0, tone, 0.0), (0.8, tone, strength), (1, tone, 0.0)]
    return svg.linear(name, stops) + svg.rect(0, y, WIDTH, tall * 1.25, f"url(#{name})")


def shafts(pal: Palette, rnd: random.Random, x: float, y: float, count: int, strength: float) -> str:
    """Rays of light from (x, y) down to the left."""
    out = svg.linear("shaft", [(0, pal.light.glow, strength), (0.75, pal.light.glow, 0.0)])
    for i in range(count):
        angle = math.radians(100 + i * 46 / count + rnd.uniform(-3, 3))
        wide = math.radians(rnd.uniform(1.5, 4))
        ends = [
            (x + 2300 * math.cos(turn), y + 2300 * math.sin(turn)) for turn in (angle - wide, angle + wide)
        ]
        out += svg.polygon([(x, y), *ends], "url(#shaft)", o=rnd.uniform(0.4, 1))
    return out


def branch(pal: Palette, rnd: random.Random) -> str:
    """Leaves that hang in from an upper corner."""
    tone = pal.leaf.mix(pal.light.sky[0], 0.4).darker(0.5)
    out = ""
    for i in range(12):
        long, turn = rnd.uniform(120, 230), 100 + i * 13 + rnd.uniform(-10, 10)
        leaf = f"M0,0 C{long * 0.25:.0f},{-long * 0.3:.0f} {long * 0.2:.0f},{-long * 0.8:.0f} 0,{-long:.0f} "
        leaf += f"C{-long * 0.2:.0f},{-long * 0.8:.0f} {-long * 0.25:.0f},{-long * 0.3:.0f} 0,0Z"
        at = (rnd.uniform(-30, 170), rnd.uniform(-60, 90))
        out += svg.group(svg.path(leaf, tone.lighter(0.12 * (i % 2))), x=at[0], y=at[1], turn=turn)
    return out

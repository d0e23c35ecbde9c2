"""Streets between houses, and skylines."""

from __future__ import annotations

import random
from collections.abc import Sequence

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH, Kit
from adcli.providers.local.drawing.skies import branch, haze, heaven, receding


def skyline(pal: Palette, rnd: random.Random, tone: Colour, base: float, tall: float) -> str:
    """Far towers, some with lit windows; they go down to the lower edge."""
    out, x = svg.rect(0, base - 10, WIDTH, HEIGHT, tone), -40.0
    while x < WIDTH:
        w = rnd.uniform(70, 150)
        middle = abs(x + w / 2 - WIDTH / 2) / WIDTH
        high = tall * rnd.uniform(0.45, 1) * (0.75 + 0.5 * middle)
        out += svg.rect(x, base - high, w, high + 10, tone)
        if rnd.random() < 0.4:
            out += svg.rect(x + w * 0.3, base - high - 34, w * 0.4, 40, tone) + svg.rect(
                x + w * 0.48, base - high - 90, 5, 90, tone
            )
        out += svg.rect(x + w - 16, base - high, 16, high, pal.light.glow, o=0.22)
        for _ in range(int(high // 34)):
            out += svg.rect(
                x + 12 + rnd.randrange(max(1, int(w // 28))) * 26, base - rnd.uniform(20, high - 20), 10, 16,
                pal.light.glow.lighter(0.3), o=0.8 if pal.light.dark else 0.28,
            )  # fmt: skip
        x += w + rnd.uniform(-8, 14)
    return out


_VANISHING = (576.0, 1120.0)


def _deep(x: float, y: float, z: float) -> tuple[float, float]:
    """Where a point of the near plane lies at depth ``z`` ≥ 1."""
    return _VANISHING[0] + (x - _VANISHING[0]) / z, _VANISHING[1] + (y - _VANISHING[1]) / z


def _quad(x: float, top: float, low: float, depths: tuple[float, float]) -> list[tuple[float, float]]:
    z1, z2 = depths
    return [_deep(x, top, z1), _deep(x, top, z2), _deep(x, low, z2), _deep(x, low, z1)]


def city(pal: Palette, rnd: random.Random) -> Kit:
    """A street between high houses, shops with awnings, towers in the haze at its end."""
    light = pal.light
    tones = receding(pal, 5)
    back = heaven(pal, rnd, (660, 700, 110)) + skyline(pal, rnd, tones[0], 1240, 620)
    back += (
        haze(pal, "c0", 700, 440, 0.55)
        + skyline(pal, rnd, tones[1], 1260, 330)
        + haze(pal, "c1", 960, 260, 0.5)
    )
    road: list[svg.Stop] = [
        (0, light.sky[3].mix(tones[3], 0.4)),
        (0.35, tones[3].mix(Colour(70, 70, 84), 0.5)),
        (1, tones[4]),
    ]
    mid = svg.linear("road", road) + svg.polygon(
        [(0, 2048), (0, 1560), (500, 1150), (660, 1150), (1152, 1560), (1152, 2048)], "url(#road)"
    )
    for side in (-1, 1):
        walk = [
            _deep(576 + side * 1500, 1720, 1),
            _deep(576 + side * 560, 1720, 1),
            _deep(576 + side * 560, 1720, 12),
            _deep(576 + side * 1500, 1720, 12),
        ]
        mid += svg.polygon(walk, light.sky[2].mix(Colour(150, 146, 150), 0.6).darker(0.25))
    for i in range(7):
        z = 1.0 + i * 0.75
        mid += svg.polygon(
            [_deep(556, 1790, z), _deep(596, 1790, z), _deep(592, 1790, z + 0.4), _deep(560, 1790, z + 0.4)],
            WHITE,
            o=0.4,
        )
    for depths in ((5.2, 8.5), (3.6, 5.2), (2.45, 3.6), (1.7, 2.45), (1.18, 1.7)):
        for side in (-1, 1):
            mid += _house(pal, rnd, side, depths, tones)
    mid += haze(pal, "c2", 900, 320, 0.35)
    return Kit(back, mid, _bokeh(pal, rnd) + branch(pal, rnd), 1.6, 1.0, 0.0)


def _house(
    pal: Palette, rnd: random.Random, side: int, depths: tuple[float, float], tones: Sequence[Colour]
) -> str:
    """One facade along the street; ``side`` −1 is left."""
    z1, z2 = depths
    x, share = 576 + side * 1010, min(1.0, (z1 - 1) / 5)
    tint = rnd.choice((pal.accent, pal.second, pal.wood, pal.wall)).darker(0.2)
    wall = tint.mix(tones[4 if side > 0 else 3], 0.5).mix(tones[0], share * 0.75)
    top = _VANISHING[1] - rnd.uniform(1500, 2500)
    out = svg.polygon(_quad(x, top, 1720, depths), wall)
    if side < 0:  # the left row faces the light
        out += svg.polygon(_quad(x, top, 1720, depths), pal.light.glow, o=0.16)
    lamp = pal.light.glow.lighter(0.35)
    rows, columns = 9, 3
    for row in range(rows):
        y = 1230 - row * 250
        if y - 150 < top + 40:
            break
        for column in range(columns):
            a = z1 + (z2 - z1) * (column + 0.22) / columns
            b = z1 + (z2 - z1) * (column + 0.74) / columns
            on = rnd.random() < (0.55 if pal.light.dark else 0.3)
            pane = lamp if on else pal.light.sky[2].mix(wall, 0.45)
            out += svg.polygon(_quad(x, y - 150, y, (a, b)), pane, o=0.9 if on else 0.75)
    out += svg.polygon(_quad(x, 1390, 1700, (z1 + (z2 - z1) * 0.08, z1 + (z2 - z1) * 0.92)), lamp, o=0.85)
    for i in range(6):
        a, b = z1 + (z2 - z1) * i / 6, z1 + (z2 - z1) * (i + 1) / 6
        cloth = (tint.lighter(0.15) if i % 2 else WHITE.mix(wall, 0.2)).mix(tones[0], share * 0.5)
        edge = x - side * 130
        out += svg.polygon(
            [_deep(x, 1350, a), _deep(x, 1350, b), _deep(edge, 1440, b), _deep(edge, 1440, a)], cloth
        )
    return out


def _bokeh(pal: Palette, rnd: random.Random) -> str:
    """Lights out of focus at the left and right edge."""
    out = ""
    for i in range(16):
        x = rnd.uniform(-40, 190) if i % 2 else rnd.uniform(970, 1190)
        tone = rnd.choice((pal.light.glow, pal.light.glow.lighter(0.4), pal.accent.lighter(0.3)))
        out += svg.circle(x, rnd.uniform(240, 1900), rnd.uniform(26, 74), tone, o=rnd.uniform(0.12, 0.34))
    return out

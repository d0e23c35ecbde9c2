"""Sets around a product: tables from above, a workshop, a page on a screen, and what a product stands on."""

from __future__ import annotations

import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.outdoors import screen
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH, Kit, counter, pendant, plant, shelf, wall

__all__ = ["screen", "stand", "table", "workshop"]


def table(pal: Palette, rnd: random.Random) -> Kit:
    """Boards seen from above with things at the edges: a cup, a notebook, leaves, a cloth."""
    stops: list[svg.Stop] = [(0, pal.wood.lighter(0.25)), (1, pal.wood)]
    out = svg.linear("board", stops, tilt=1) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#board)")
    for i in range(7):
        out += svg.rect(i * 176 - 4, 0, 5, HEIGHT, pal.wood.darker(0.5), o=0.5)
        for _ in range(5):
            x, y = i * 176 + rnd.uniform(20, 150), rnd.uniform(0, HEIGHT)
            out += svg.stroke(
                f"M{x:.0f},{y:.0f} q{rnd.uniform(-9, 9):.0f},90 0,{rnd.uniform(120, 300):.0f}",
                pal.wood.darker(0.4),
                3,
                o=0.25,
            )
    back, out = out, ""
    cloth = svg.rect(-300, -260, 600, 520, pal.second.lighter(0.35), r=14)
    cloth += "".join(svg.rect(-300, -220 + i * 90, 600, 18, WHITE, o=0.5) for i in range(6))
    out += svg.group(cloth, x=900, y=1560, turn=rnd.uniform(-24, -10))
    book = svg.rect(-190, -260, 380, 520, "#000", r=14, o=0.14) + svg.rect(-200, -270, 380, 520, WHITE, r=12)
    book += "".join(
        svg.rect(-160, -210 + i * 46, rnd.uniform(180, 300), 8, pal.ink, r=4, o=0.25) for i in range(9)
    )
    out += svg.group(
        book + svg.rect(-214, -270, 34, 520, pal.accent, r=10), x=170, y=560, turn=rnd.uniform(-14, 10)
    )
    cup = (
        svg.circle(8, 14, 128, "#000", o=0.16)
        + svg.circle(0, 0, 124, WHITE)
        + svg.circle(0, 0, 104, pal.trim.darker(0.12))
    )
    cup += svg.circle(0, 0, 96, Colour(92, 56, 34)) + svg.ellipse(
        -26, -28, 40, 24, Colour(150, 104, 70), o=0.6
    )
    out += svg.group(svg.circle(0, 0, 170, pal.trim) + cup, x=1010, y=420)
    for i in range(9):
        leaf = "M0,0 C40,-40 40,-120 0,-170 C-40,-120 -40,-40 0,0Z"
        out += svg.group(
            svg.path(leaf, pal.leaf.lighter(0.1 * (i % 3))), x=70 + i * 16, y=1560 + (i % 4) * 60, turn=i * 41
        )
    return Kit(back, out)


def workshop(pal: Palette, rnd: random.Random) -> Kit:
    """A pegboard with tools, shelves, lamps and a bench."""
    board = svg.rect(60, 330, 640, 620, pal.wood.lighter(0.35), r=12)
    board += "".join(
        svg.circle(100 + x * 50, 370 + y * 50, 5, pal.ink, o=0.25) for x in range(12) for y in range(12)
    )
    steel, grip = Colour(150, 158, 168), pal.accent.darker(0.15)
    tools = ""
    for i, x in enumerate((140, 240, 340, 450, 560, 640)):
        tall = 150 + (i * 53) % 90
        tools += svg.rect(x - 9, 440, 18, tall, steel, r=6) + svg.rect(
            x - 17, 440 + tall, 34, 110, grip, r=14
        )
        tools += (
            svg.rect(x - 40, 420, 80, 44, steel.darker(0.2), r=10)
            if i % 2 == 0
            else svg.circle(x, 440, 34, steel)
        )
    goods = shelf(pal, 760, 600, 360, rnd) + shelf(pal, 760, 860, 360, rnd, "books")
    bench = counter(pal, 1380, pal.wood.lighter(0.2))
    return Kit(
        wall(pal, 1500) + board + tools,
        goods + pendant(pal, 380, 240, 130) + plant(pal, 1050, 1390, 240, rnd) + bench,
    )


def _rock(pal: Palette) -> str:
    """A flat-topped rock, lit from the upper right."""
    stone = pal.light.sky_top.mix(Colour(70, 58, 66), 0.7)
    lit = stone.mix(pal.light.glow, 0.45)
    body: list[svg.Stop] = [(0, stone.lighter(0.12)), (1, stone.darker(0.6))]
    outline = [(120, 2048), (170, 1640), (290, 1480), (560, 1428), (830, 1462), (960, 1580), (1060, 2048)]
    return (
        svg.linear("rock", body, tilt=0.4)
        + svg.ellipse(600, 2010, 700, 130, "#000", o=0.22)
        + svg.polygon(outline, "url(#rock)")
        + svg.polygon([(290, 1480), (560, 1428), (830, 1462), (760, 1530), (470, 1560)], lit)
        + svg.polygon([(830, 1462), (960, 1580), (1060, 2048), (900, 1800), (760, 1530)], lit, o=0.55)
        + svg.polygon([(170, 1640), (290, 1480), (470, 1560), (330, 1800)], WHITE, o=0.07)
    )


def stand(pal: Palette, place: str) -> str:
    """What the product stands on at y 1480: a podium, a rock or a table top."""
    if place in ("studio", "abstract"):
        side: list[svg.Stop] = [
            (0, pal.accent.darker(0.35)),
            (0.4, pal.accent.lighter(0.25)),
            (1, pal.accent.darker(0.45)),
        ]
        top: list[svg.Stop] = [(0, pal.accent.lighter(0.35)), (1, pal.accent.lighter(0.75))]
        return (
            svg.linear("side", side, across=True)
            + svg.linear("podium", top)
            + svg.ellipse(576, 1760, 560, 90, "#000", o=0.16)
            + svg.path("M136,1470 v210 a440,96 0 0 0 880,0 v-210z", "url(#side)")
            + svg.ellipse(576, 1470, 440, 92, "url(#podium)")
        )
    if place in ("nature", "beach"):
        return _rock(pal)
    wood: list[svg.Stop] = [
        (0, pal.wood.lighter(0.45)),
        (0.3, pal.wood.lighter(0.1)),
        (1, pal.wood.darker(0.55)),
    ]
    sheen = svg.radial("sheen", [(0, WHITE, 0.5), (1, WHITE, 0.0)]) + svg.ellipse(
        620, 1440, 620, 90, "url(#sheen)"
    )
    boards = "".join(
        svg.stroke(f"M{576 + (x - 576) * 0.62:.0f},1372 L{x},{HEIGHT}", pal.wood.darker(0.5), 4, o=0.35)
        for x in range(-260, 1500, 240)
    )
    return (
        svg.linear("table", wood)
        + svg.rect(0, 1370, WIDTH, HEIGHT - 1370, "url(#table)")
        + boards
        + svg.rect(0, 1370, WIDTH, 8, WHITE, o=0.35)
        + sheen
    )

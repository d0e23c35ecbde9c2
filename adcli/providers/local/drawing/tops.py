"""Sets around a product: tables from above, a workshop, a page on a screen, and what a product stands on."""

from __future__ import annotations

import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing import nearby
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH, Kit, counter, pendant, plant, shelf, wall

FOOT = 1524
"""Height at which products stand, within the central square."""

BESIDE = 1570
"""Height of the small table beside a person."""


def table(pal: Palette, rnd: random.Random) -> Kit:
    """A surface seen from above with things at the edges: a cup, a notebook, leaves, a cloth."""
    back = rnd.choice((_boards, _paper))(pal, rnd)
    out = ""
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
    out += _small_things(pal, rnd)
    if rnd.random() < 0.5:
        out = f'<g transform="translate({WIDTH} 0) scale(-1 1)">{out}</g>'
    return Kit(back, out, nearby.leaf_shade(rnd), 0.0, 0.4)


def _boards(pal: Palette, rnd: random.Random) -> str:
    stops: list[svg.Stop] = [(0, pal.wood.lighter(0.3)), (1, pal.wood.darker(0.08))]
    out = svg.linear("board", stops, tilt=1) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#board)")
    for i in range(7):
        out += svg.rect(i * 176 - 4, 0, 5, HEIGHT, pal.wood.darker(0.5), o=0.5)
        for _ in range(5):
            x, y = i * 176 + rnd.uniform(20, 150), rnd.uniform(0, HEIGHT)
            grain = f"M{x:.0f},{y:.0f} q{rnd.uniform(-9, 9):.0f},90 0,{rnd.uniform(120, 300):.0f}"
            out += svg.stroke(grain, pal.wood.darker(0.4), 3, o=0.25)
    return out


def _paper(pal: Palette, rnd: random.Random) -> str:
    """A coloured sheet that meets another one at a slant, with the light of a window on it."""
    tone, other = pal.stage, pal.stage.mix(pal.second.lighter(0.3), 0.6)
    stops: list[svg.Stop] = [(0, tone.darker(0.16)), (1, tone.lighter(0.2))]
    out = svg.linear("sheet", stops, tilt=-0.5) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#sheet)")
    cut, fall = rnd.uniform(1180, 1420), rnd.uniform(-260, 260)
    out += svg.polygon([(0, cut - fall), (WIDTH, cut + fall), (WIDTH, HEIGHT), (0, HEIGHT)], other)
    for x in (330, 640):
        for y in (380, 800):
            pane = [(x, y), (x + 270, y - 90), (x + 330, y + 290), (x + 60, y + 380)]
            out += svg.polygon(pane, pal.light.glow.lighter(0.6), o=0.3)
    return out


def _small_things(pal: Palette, rnd: random.Random) -> str:
    """A pencil, a clip and berries that lie about."""
    pen = svg.rect(-11, -190, 26, 390, "#000", r=12, o=0.14) + svg.rect(-14, -200, 24, 340, pal.accent, r=6)
    pen += svg.polygon([(-14, 140), (10, 140), (-2, 200)], Colour(236, 206, 160))
    out = svg.group(pen, x=430, y=230, turn=70 + rnd.uniform(-24, 24))
    for _ in range(7):
        x, y, r = rnd.uniform(820, 1090), rnd.uniform(720, 900), rnd.uniform(13, 26)
        out += svg.circle(x + 5, y + 8, r, "#000", o=0.16) + svg.circle(x, y, r, pal.second.darker(0.15))
        out += svg.circle(x - r * 0.3, y - r * 0.3, r * 0.25, WHITE, o=0.6)
    return out


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
        nearby.bottles(pal, rnd, -1) + nearby.hanging(pal, 1),
    )


def _rock(pal: Palette) -> str:
    """A low rock in the grass, lit from the upper right."""
    stone = pal.light.sky[0].mix(Colour(84, 72, 78), 0.62).darker(0.3)
    bright = stone.mix(pal.light.glow, 0.5)
    body: list[svg.Stop] = [(0, stone.lighter(0.14)), (1, stone.darker(0.62))]
    top = [(330, 1524), (470, 1494), (720, 1484), (880, 1540), (760, 1596), (470, 1606)]
    outline = [(-40, 2060), (60, 1800), (210, 1640), *top[:4], (960, 1640), (1110, 1760), (1200, 2060)]
    return (
        svg.linear("rock", body, tilt=0.4)
        + svg.polygon(outline, "url(#rock)")
        + svg.polygon(top, bright)
        + svg.polygon([(880, 1540), (960, 1640), (930, 1820), (760, 1596)], bright, o=0.62)
        + svg.polygon([(960, 1640), (1110, 1760), (1200, 2060), (930, 1820)], bright, o=0.34)
        + svg.polygon([(470, 1606), (760, 1596), (930, 1820), (700, 2060), (560, 1880)], stone.darker(0.25))
        + svg.polygon([(210, 1640), (330, 1524), (470, 1606), (360, 1810)], WHITE, o=0.09)
        + svg.polygon([(60, 1800), (210, 1640), (360, 1810), (200, 2060), (-40, 2060)], WHITE, o=0.04)
        + svg.polygon([(470, 1606), (560, 1880), (700, 2060), (420, 2060), (360, 1810)], "#000", o=0.14)
    )


def _ledge(pal: Palette) -> str:
    """A stone parapet."""
    tone = (
        pal.light.sky[2]
        .mix(Colour(160, 152, 148), 0.65)
        .mix(pal.light.sky[0], 0.3 if pal.light.dark else 0.0)
    )
    top: list[svg.Stop] = [(0, tone.lighter(0.35)), (1, tone.lighter(0.08))]
    front: list[svg.Stop] = [(0, tone.darker(0.22)), (1, tone.darker(0.7))]
    joints = "".join(svg.stroke(f"M{x},1640 V2048", tone.darker(0.7), 5, o=0.35) for x in (210, 640, 1010))
    return (
        svg.linear("ledge", top)
        + svg.linear("front", front)
        + svg.polygon([(0, 1420), (WIDTH, 1420), (WIDTH, 1620), (0, 1620)], "url(#ledge)")
        + svg.rect(0, 1620, WIDTH, HEIGHT - 1620, "url(#front)")
        + svg.rect(0, 1616, WIDTH, 10, WHITE, o=0.3)
        + joints
    )


def _podium(pal: Palette) -> str:
    tone = pal.stage.lighter(0.4) if pal.stage.luminance > 0.2 else pal.second.lighter(0.35)
    side: list[svg.Stop] = [
        (0, tone.darker(0.5)),
        (0.5, tone.darker(0.12)),
        (0.78, tone.lighter(0.4)),
        (1, tone.darker(0.2)),
    ]
    top: list[svg.Stop] = [(0, tone.lighter(0.1)), (1, tone.lighter(0.6))]
    lower = pal.accent if pal.accent.luminance < 0.6 else pal.second
    base: list[svg.Stop] = [
        (0, lower.darker(0.5)),
        (0.6, lower),
        (0.8, lower.lighter(0.3)),
        (1, lower.darker(0.3)),
    ]
    return (
        svg.linear("side", side, across=True)
        + svg.linear("podium", top)
        + svg.linear("base", base, across=True)
        + svg.radial("pool", [(0, "#1a0d24", 0.5), (1, "#1a0d24", 0.0)])
        + svg.ellipse(520, 1830, 640, 150, "url(#pool)")
        + svg.path("M60,1680 v90 a516,112 0 0 0 1032,0 v-90z", "url(#base)")
        + svg.ellipse(576, 1680, 516, 112, lower.lighter(0.3))
        + svg.ellipse(560, 1690, 470, 96, "#1a0d24", o=0.2)
        + svg.path("M156,1500 v170 a420,92 0 0 0 840,0 v-170z", "url(#side)")
        + svg.ellipse(576, 1500, 420, 90, "url(#podium)")
        + svg.stroke("M156,1500 a420,90 0 0 0 840,0", WHITE, 4, o=0.4)
    )


def _board(pal: Palette) -> str:
    """A wooden table top that runs to the camera."""
    wood: list[svg.Stop] = [
        (0, pal.wood.lighter(0.4)),
        (0.2, pal.wood.lighter(0.1)),
        (0.62, pal.wood.darker(0.2)),
        (1, pal.wood.darker(0.6)),
    ]
    boards = "".join(
        svg.stroke(f"M{576 + (x - 576) * 0.62:.0f},1402 L{x},{HEIGHT}", pal.wood.darker(0.6), 4, o=0.35)
        for x in range(-260, 1500, 220)
    )
    grain = ""
    for x in range(-200, 1500, 74):
        start, end = (576 + (x - 576) * share for share in (0.7, 0.88))
        line = f"M{start:.0f},{1440 + x * 7 % 90} L{end:.0f},{1720 + x * 3 % 160}"
        grain += svg.stroke(line, pal.wood.darker(0.5), 3, o=0.16)
    sheen = svg.radial("sheen", [(0, pal.light.glow.lighter(0.5), 0.6), (1, WHITE, 0.0)])
    return (
        svg.linear("table", wood)
        + svg.rect(0, 1400, WIDTH, HEIGHT - 1400, "url(#table)")
        + grain
        + boards
        + svg.rect(0, 1400, WIDTH, 7, WHITE, o=0.35)
        + sheen
        + svg.ellipse(760, 1490, 620, 84, "url(#sheen)")
    )


def stand(pal: Palette, place: str) -> str:
    """What the product stands on at ``FOOT``: a podium, a rock, a parapet or a table top."""
    if place in ("studio", "abstract"):
        return _podium(pal)
    if place in ("nature", "beach", "forest", "desert"):
        return _rock(pal)
    return _ledge(pal) if place == "city" else _board(pal)


def side_table(pal: Palette, x: float) -> str:
    """A round table whose top is at ``BESIDE``, on a pedestal that leaves the picture."""
    top: list[svg.Stop] = [(0, pal.wood.lighter(0.1)), (1, pal.wood.lighter(0.45))]
    return (
        svg.linear("round", top, across=True)
        + svg.rect(x - 36, BESIDE, 72, HEIGHT - BESIDE, pal.wood.darker(0.45))
        + svg.path(f"M{x - 250},{BESIDE} v40 a250,58 0 0 0 500,0 v-40z", pal.wood.darker(0.3))
        + svg.ellipse(x, BESIDE, 250, 58, "url(#round)")
        + svg.stroke(f"M{x - 250},{BESIDE} a250,58 0 0 0 500,0", WHITE, 4, o=0.35)
    )

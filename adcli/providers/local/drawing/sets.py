"""Sets that are no place: a studio with built shapes, abstract waves, a page on a screen."""

from __future__ import annotations

import math
import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour, hsl
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH, Kit


def studio(pal: Palette, rnd: random.Random) -> Kit:
    """A seamless backdrop with a pool of light and one of three built sets."""
    tone = pal.stage
    stops: list[svg.Stop] = [
        (0, tone.darker(0.4)),
        (0.45, tone),
        (0.66, tone.lighter(0.22)),
        (0.72, tone.lighter(0.1)),
        (1, tone.darker(0.3)),
    ]
    back = svg.linear("drop", stops) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#drop)")
    back += svg.radial("spot", [(0, WHITE, 0.7), (0.45, pal.light.glow.lighter(0.4), 0.3), (1, WHITE, 0.0)])
    back += svg.circle(rnd.uniform(520, 740), 860, 900, "url(#spot)") + _pattern(pal, rnd)
    mid = rnd.choice((_arches, _window_light, _blocks))(pal, tone, rnd)
    return Kit(back, mid, _edges(pal, tone, rnd), 2.0, 0.4, 0.55)


def _pattern(pal: Palette, rnd: random.Random) -> str:
    """Large quiet discs on the wall."""
    return "".join(
        svg.circle(rnd.uniform(-60, WIDTH), rnd.uniform(60, 700), rnd.uniform(120, 320), tone, o=0.1)
        for tone in (WHITE, pal.second, pal.accent.darker(0.4))
    )


def _cylinder(name: str, tone: Colour, x: float, y: float, rx: float, tall: float) -> str:
    side: list[svg.Stop] = [
        (0, tone.darker(0.5)),
        (0.62, tone),
        (0.86, tone.lighter(0.4)),
        (1, tone.darker(0.1)),
    ]
    top: list[svg.Stop] = [(0, tone.lighter(0.2)), (1, tone.lighter(0.6))]
    ry = rx * 0.2
    return (
        svg.linear(f"{name}s", side, across=True)
        + svg.linear(f"{name}t", top)
        + svg.path(f"M{x - rx},{y} v{tall} a{rx},{ry} 0 0 0 {2 * rx},0 v{-tall}z", f"url(#{name}s)")
        + svg.ellipse(x, y, rx, ry, f"url(#{name}t)")
    )


def _ball(name: str, tone: Colour, x: float, y: float, r: float) -> str:
    below = svg.ellipse(x - r * 0.16, y + r * 0.98, r * 1.05, r * 0.17, "#1a0d24", o=0.3)
    return below + _orb(name, tone, x, y, r)


def _orb(name: str, tone: Colour, x: float, y: float, r: float) -> str:
    stops: list[svg.Stop] = [(0, tone.lighter(0.65)), (0.55, tone), (1, tone.darker(0.42))]
    return svg.radial(name, stops, (0.66, 0.32)) + svg.circle(x, y, r, f"url(#{name})")


def _arches(pal: Palette, tone: Colour, rnd: random.Random) -> str:
    """Arches one in the other, a ball and columns."""
    out = ""
    shift = rnd.uniform(-90, 90)
    for i, (wide, top) in enumerate(((470, 620), (360, 740), (250, 860))):
        shade = tone.darker(0.12 + 0.1 * i) if i % 2 == 0 else tone.lighter(0.22)
        x = 576 + shift
        stops: list[svg.Stop] = [(0, shade.lighter(0.1)), (1, shade.darker(0.22))]
        out += svg.linear(f"arch{i}", stops, tilt=0.6)
        out += svg.path(
            f"M{x - wide},1640 V{top + wide * 0.7:.0f} a{wide},{wide} 0 0 1 {2 * wide},0 V1640Z",
            f"url(#arch{i})",
        )
        out += svg.stroke(
            f"M{x - wide + 4},{top + wide * 0.7:.0f} a{wide - 4},{wide - 4} 0 0 1 {2 * wide - 8},0",
            WHITE,
            5,
            o=0.35,
        )
    side = rnd.choice((-1, 1))
    out += _floor(tone)
    out += _cylinder("c1", pal.second, 576 + side * 440, 1360, 120, 250) + _ball(
        "b1", pal.accent, 576 + side * 440, 1276, 86
    )
    return (
        out
        + _cylinder("c2", tone.lighter(0.3), 576 - side * 450, 1490, 150, 130)
        + _ball("b2", pal.second.lighter(0.3), 576 - side * 400, 1440, 54)
    )


def _window_light(pal: Palette, tone: Colour, rnd: random.Random) -> str:
    """The light of a window on the wall, with the shadow of leaves; a vase with stems."""
    out, lean = "", rnd.uniform(-0.34, -0.2)
    left, top = rnd.uniform(420, 560), 420
    for row in range(3):
        for column in range(2):
            x, y = left + column * 250, top + row * 260 + column * 60
            pane = [
                (x, y),
                (x + 226, y + 226 * -lean),
                (x + 226 + 60, y + 226 * -lean + 236),
                (x + 60, y + 236),
            ]
            out += svg.polygon(pane, pal.light.glow.lighter(0.6), o=0.4)
    for i in range(16):
        leaf = "M0,0 C30,-50 30,-140 0,-210 C-30,-140 -30,-50 0,0Z"
        out += svg.group(
            svg.path(leaf, tone.darker(0.55), o=0.22),
            x=1010 - (i % 4) * 60,
            y=430 + i * 44,
            turn=-118 + (i % 5) * 26,
        )
    out += _floor(tone)
    vase = pal.second.mix(tone, 0.2)
    for i in range(7):
        turn = -30 + i * 10 + rnd.uniform(-4, 4)
        stem = svg.stroke("M0,0 Q14,-200 0,-400", pal.leaf.darker(0.2), 7)
        stem += "".join(
            svg.group(
                svg.path("M0,0 C26,-16 40,-60 30,-104 C0,-84 -10,-40 0,0Z", pal.leaf.lighter(0.16 * (k % 2))),
                x=4,
                y=-120 - k * 46,
                turn=(-50 if k % 2 else 24),
            )
            for k in range(6)
        )
        out += svg.group(stem, x=180, y=1300, turn=turn)
    out += svg.path(
        "M116,1290 h128 q-6,40 40,110 q40,120 -40,180 h-128 q-80,-60 -40,-180 q46,-70 40,-110z",
        vase.darker(0.1),
    )
    return out + svg.path(
        "M226,1290 h18 q-6,40 40,110 q40,120 -40,180 h-40 q70,-80 36,-180 q-30,-60 -14,-110z",
        vase.lighter(0.4),
        o=0.7,
    )


def _blocks(pal: Palette, tone: Colour, rnd: random.Random) -> str:
    """A large disc behind, steps and a ring."""
    x = 576 + rnd.uniform(-70, 70)
    disc: list[svg.Stop] = [(0, pal.accent.lighter(0.3)), (1, pal.second.mix(pal.accent, 0.3))]
    out = (
        svg.linear("disc", disc, tilt=0.7)
        + svg.circle(x - 14, 914, 452, "#1a0d24", o=0.12)
        + svg.circle(x, 900, 450, "url(#disc)", o=0.92)
    )
    out += svg.circle(x, 900, 356, WHITE, o=0.1) + svg.circle(x, 900, 262, WHITE, o=0.1)
    out += _floor(tone)
    for i, (left, top, w) in enumerate(
        ((-40, 1400, 300), (-40, 1500, 420), (890, 1340, 320), (800, 1480, 420))
    ):
        shade = (tone.lighter(0.28), pal.second.lighter(0.1), pal.accent.lighter(0.12), tone.lighter(0.12))[i]
        out += svg.rect(left, top, w, 1700 - top, shade.darker(0.2)) + svg.rect(
            left, top, w, 34, shade.lighter(0.3)
        )
    return (
        out
        + _ball("b3", pal.accent.darker(0.05), 120, 1316, 84)
        + _ball("b4", tone.lighter(0.5), 1040, 1274, 66)
    )


def _floor(tone: Colour) -> str:
    stops: list[svg.Stop] = [(0, tone.lighter(0.25)), (0.3, tone.lighter(0.05)), (1, tone.darker(0.42))]
    return svg.linear("stage", stops) + svg.path("M0,1600 Q576,1560 1152,1600 V2048 H0Z", "url(#stage)")


def _edges(pal: Palette, tone: Colour, rnd: random.Random) -> str:
    """Large soft shapes at the edges."""
    out = svg.circle(rnd.uniform(-90, -20), rnd.uniform(1760, 1960), 230, pal.second.darker(0.25), o=0.9)
    out += svg.circle(rnd.uniform(1150, 1220), rnd.uniform(1830, 1990), 210, tone.darker(0.5), o=0.9)
    return out + svg.circle(
        rnd.uniform(1130, 1200), rnd.uniform(60, 240), 120, pal.light.glow.lighter(0.3), o=0.35
    )


def abstract(pal: Palette, rnd: random.Random) -> Kit:
    """Ribbons that flow around the middle, rings and drifting balls in the brand's colours."""
    deep = pal.accent.darker(0.72)
    stops: list[svg.Stop] = [(0, deep), (0.5, pal.accent.darker(0.15)), (1, pal.second.darker(0.3))]
    back = svg.linear("deep", stops, tilt=0.5) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#deep)")
    for i, (tone, x, y) in enumerate(
        ((pal.light.glow, 820, 660), (pal.accent.lighter(0.3), 200, 1100), (pal.second, 980, 1500))
    ):
        back += svg.radial(f"blob{i}", [(0, tone, 0.75), (1, tone, 0.0)])
        back += svg.circle(x + rnd.uniform(-80, 80), y + rnd.uniform(-80, 80), 640, f"url(#blob{i})")
    mid, turn = "", rnd.choice((-1, 1))
    for i in range(7):
        y, bend = 1130 + i * 120, rnd.uniform(-90, 90) * turn
        tone = pal.second.mix(pal.accent, i / 6).darker(i * 0.09)
        d = f"M-20,{y + 60 * turn} C300,{y - 240 * turn + bend:.0f} "
        d += f"700,{y + 240 * turn:.0f} 1172,{y - 130 * turn}"
        mid += svg.path(f"{d} V2060 H-20Z", tone, o=0.62) + svg.stroke(d, tone.lighter(0.6), 5, o=0.45)
    for r in (330, 430, 540, 660):
        mid += svg.stroke(
            f"M{576 - r},940 a{r},{r} 0 1 0 {2 * r},0 a{r},{r} 0 1 0 {-2 * r},0", WHITE, 5, o=0.3 - r / 3600
        )
    for i in range(9):
        angle = i * 0.7 + rnd.uniform(-0.2, 0.2)
        reach = 430 + 60 * (i % 3)
        at = (576 + reach * math.cos(angle), 940 + reach * 1.25 * math.sin(angle))
        tone = (pal.accent, pal.second, WHITE.mix(pal.accent, 0.2))[i % 3]
        mid += _orb(f"orb{i}", tone, *at, rnd.uniform(18, 62))
    return Kit(back, mid, _edges(pal, pal.accent.darker(0.3), rnd), 3.0, 0.6, 0.55)


def screen(pal: Palette, rnd: random.Random) -> Kit:
    """What a speaker in front of a green screen points at: a page with a picture, cards and comments."""
    stops: list[svg.Stop] = [(0, pal.accent.lighter(0.35)), (0.5, pal.accent), (1, pal.second.darker(0.2))]
    back = svg.linear("page0", stops, tilt=0.5) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#page0)")
    back += "".join(
        svg.circle(rnd.uniform(0, WIDTH), rnd.uniform(0, HEIGHT), rnd.uniform(90, 330), WHITE, o=0.07)
        for _ in range(7)
    )
    hero: list[svg.Stop] = [
        (0, pal.accent.lighter(0.72)),
        (0.7, pal.second.lighter(0.55)),
        (1, pal.second.lighter(0.3)),
    ]
    out = svg.linear("hero", hero, tilt=0.7)
    out += svg.rect(56, 250, 1040, 1560, "#14081e", r=56, o=0.2) + svg.rect(60, 230, 1032, 1560, WHITE, r=52)
    page = svg.rect(60, 230, 1032, 104, "#f1f3f7") + svg.rect(60, 334, 1032, 860, "url(#hero)")
    page += svg.circle(760, 700, 330, WHITE, o=0.45) + svg.circle(760, 700, 230, WHITE, o=0.5)
    page += svg.ellipse(790, 1130, 300, 40, pal.accent.darker(0.5), o=0.22)
    out += svg.clipped("page", svg.rect(60, 230, 1032, 1560, "#000", r=52), page)
    for i, tone in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        out += svg.circle(122 + i * 44, 282, 14, tone)
    out += svg.rect(300, 256, 560, 52, WHITE, r=26) + svg.rect(336, 274, 260, 16, pal.ink, r=8, o=0.2)
    out += svg.rect(120, 420, 330, 42, pal.ink, r=18, o=0.85) + svg.rect(
        120, 482, 250, 42, pal.ink, r=18, o=0.85
    )
    for i in range(5):
        out += _star(146 + i * 58, 580, 26)
    for i in range(3):
        out += svg.rect(120, 640 + i * 40, 300 - i * 46, 18, pal.ink, r=9, o=0.3)
    out += svg.rect(120, 790, 240, 76, pal.accent, r=38) + svg.rect(176, 818, 128, 20, WHITE, r=10)
    for i in range(3):
        x = 120 + i * 312
        out += svg.rect(x, 1240, 288, 300, "#f4f6fa", r=30) + svg.rect(
            x + 28, 1268, 232, 150, hsl(pal.accent.hue + i * 0.09, 0.5, 0.78), r=20
        )
        out += svg.rect(x + 28, 1444, 180, 20, pal.ink, r=10, o=0.5) + svg.rect(
            x + 28, 1482, 120, 18, pal.ink, r=9, o=0.25
        )
    return Kit(back, out, _hearts(pal, rnd), 2.0, 0.0, 0.55)


def _star(x: float, y: float, r: float) -> str:
    points = [
        (
            x + (r if i % 2 == 0 else r * 0.45) * math.sin(math.pi * i / 5),
            y - (r if i % 2 == 0 else r * 0.45) * math.cos(math.pi * i / 5),
        )
        for i in range(10)
    ]
    return svg.polygon(points, Colour(255, 183, 3))


def _hearts(pal: Palette, rnd: random.Random) -> str:
    """Hearts that rise at the right edge, as apps show likes."""
    heart = "M0,30 C-60,-14 -34,-58 0,-30 C34,-58 60,-14 0,30Z"
    return "".join(
        svg.group(
            svg.path(heart, rnd.choice((pal.accent, pal.second, Colour(255, 92, 120))), o=0.85),
            x=1090 + rnd.uniform(-40, 40),
            y=1900 - i * 170,
            turn=rnd.uniform(-24, 24),
            scale=1.5 - i * 0.12,
        )
        for i in range(5)
    )

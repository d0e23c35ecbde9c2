"""Mountains, forest, park, sea and dunes."""

from __future__ import annotations

import math
import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour, hsl
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH, Kit
from adcli.providers.local.drawing.skies import branch, haze, heaven, receding, shafts
from adcli.providers.local.drawing.streets import skyline


def mountains(pal: Palette, rnd: random.Random) -> Kit:
    """Faceted ranges in haze under a low sun, a forest edge, a meadow in shade."""
    sun = (rnd.uniform(700, 900), rnd.uniform(600, 720), rnd.uniform(120, 165))
    tones = receding(pal, 5)
    glow = pal.light.glow
    back = heaven(pal, rnd, sun) + _range(rnd, 1150, 560, 5, tones[0], tones[0].mix(glow, 0.55))
    mid = haze(pal, "h1", 880, 300)
    mid += _range(rnd, 1270, 430, 6, tones[1], tones[1].mix(glow, 0.5)) + haze(pal, "h2", 1040, 260, 0.4)
    mid += _range(rnd, 1390, 290, 8, tones[2], tones[2].mix(glow, 0.42)) + haze(pal, "h3", 1200, 220, 0.3)
    for x in range(-40, WIDTH + 60, 34):
        mid += _fir(
            x + rnd.uniform(-16, 16), 1475 + rnd.uniform(-14, 22), rnd.uniform(90, 210), tones[3], glow
        )
    ground: list[svg.Stop] = [(0, tones[3]), (0.35, tones[4]), (1, tones[4].darker(0.45))]
    mid += svg.linear("ground", ground) + svg.path(
        "M0,1480 Q260,1428 560,1466 T1152,1440 V2048 H0Z", "url(#ground)"
    )
    mid += _grass(rnd, tones[4].darker(0.35), 90, (1500, 1760))
    return Kit(back, mid, _tufts(rnd, tones[4].darker(0.7)) + branch(pal, rnd), 1.2, 0.6, 0.0)


def _range(rnd: random.Random, base: float, tall: float, count: int, dark: Colour, bright: Colour) -> str:
    """A range of mountains, each with jagged facets towards the light; it goes down to the lower edge."""
    out, step = "", WIDTH / (count - 1)
    places = [i * step + rnd.uniform(-0.28, 0.28) * step for i in range(-1, count + 1)]
    rnd.shuffle(places)
    for x in places:
        high = tall * rnd.uniform(0.5, 1)
        w, top = high * rnd.uniform(0.95, 1.3), base - high
        body = svg.polygon([(x - w, base + 40), (x, top), (x + w, base + 40)], dark)
        ridge = [
            (x, top),
            (x + w * rnd.uniform(-0.03, 0.09), top + high * 0.28),
            (x - w * rnd.uniform(0.02, 0.1), top + high * 0.5),
            (x + w * rnd.uniform(0.06, 0.15), top + high * 0.76),
            (x + w * 0.02, base + 40),
        ]
        facet = svg.polygon([*ridge, (x + w, base + 40)], bright, o=0.62)
        edge = ((-0.16, 0.16), (0, 0), (0.2, 0.2), (0.1, 0.17), (0.04, 0.27), (-0.05, 0.18))
        snow = [(x + w * dx, top + high * dy) for dx, dy in edge]
        cap = svg.polygon(snow, bright.lighter(0.5), o=0.55) if high > 0.72 * tall and tall > 400 else ""
        out += body + facet + cap
    return out + svg.rect(-10, base + 38, WIDTH + 20, HEIGHT, dark)


def _fir(x: float, y: float, size: float, tone: Colour, glow: Colour) -> str:
    out = svg.rect(x - size * 0.03, y - size * 0.14, size * 0.06, size * 0.2, tone.darker(0.4))
    for w, b, t in ((0.3, 0.08, 0.6), (0.24, 0.34, 0.82), (0.17, 0.58, 1.05)):
        left, tip, right = (x - size * w, y - size * b), (x, y - size * t), (x + size * w, y - size * b)
        out += svg.polygon([left, tip, right], tone)
        out += svg.polygon([tip, right, (x + size * w * 0.2, y - size * b)], glow, o=0.18)
    return out


def _grass(rnd: random.Random, tone: Colour, count: int, band: tuple[float, float]) -> str:
    blades = ""
    for _ in range(count):
        x, y = rnd.uniform(0, WIDTH), rnd.uniform(*band)
        tall, bend = rnd.uniform(40, 120), rnd.uniform(-26, 26)
        blades += svg.path(
            f"M{x - 6:.0f},{y:.0f} Q{x + bend / 2:.0f},{y - tall / 2:.0f} {x + bend:.0f},{y - tall:.0f} "
            f"Q{x + bend / 2 + 7:.0f},{y - tall / 2:.0f} {x + 6:.0f},{y:.0f}Z",
            tone,
        )
    return blades


def _tufts(rnd: random.Random, tone: Colour) -> str:
    """High grass in the lower corners, near the camera."""
    out = ""
    for i in range(46):
        left = i % 2
        x = rnd.uniform(-60, 250) if left else rnd.uniform(900, 1210)
        reach = 1 - abs(x - (0 if left else WIDTH)) / 330
        tall, bend = rnd.uniform(160, 420) * max(0.3, reach), rnd.uniform(-60, 60)
        out += svg.path(
            f"M{x - 13:.0f},2080 Q{x + bend / 3:.0f},{2048 - tall / 2:.0f} {x + bend:.0f},{2048 - tall:.0f} "
            f"Q{x + bend / 3 + 16:.0f},{2048 - tall / 2:.0f} {x + 15:.0f},2080Z",
            tone,
        )
    return out


def forest(pal: Palette, rnd: random.Random) -> Kit:
    """Trunks one behind the other in mist, rays of light, ferns and a path."""
    light = pal.light
    leafy = [tone.mix(pal.leaf, 0.45 if not light.dark else 0.12) for tone in receding(pal, 5)]
    air: list[svg.Stop] = [(0, leafy[1]), (0.45, light.sky[3].mix(light.glow, 0.3)), (0.75, leafy[1])]
    back = svg.linear("air0", air) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#air0)")
    back += svg.radial("sun0", [(0, light.glow.lighter(0.5), 0.95), (1, light.glow, 0.0)])
    back += svg.circle(760, 620, 620, "url(#sun0)") + _trunks(rnd, leafy[1], 15, (14, 34), 1340)
    mid = haze(pal, "m1", 800, 520, 0.6) + _trunks(rnd, leafy[2], 9, (34, 64), 1400)
    mid += _canopy(rnd, leafy[2], 240) + shafts(pal, rnd, 900, -120, 7, 0.34)
    ground: list[svg.Stop] = [(0, leafy[2]), (0.4, leafy[3]), (1, leafy[4].darker(0.3))]
    mid += svg.linear("ground", ground) + svg.path(
        "M0,1400 Q300,1340 620,1384 T1152,1360 V2048 H0Z", "url(#ground)"
    )
    mid += svg.path(
        "M600,1380 Q520,1500 640,1640 T380,2048 H980 Q900,1700 700,1560 T640,1380Z", light.glow, o=0.16
    )
    for x, w in ((70, 120), (1060, 150)):
        side = x < 500
        trunk = f"M{x - w / 2},-20 L{x - w * 0.42},1500 Q{x - w},1620 {x - w * 1.4},1660 "
        trunk += f"H{x + w * 1.4} Q{x + w},1620 {x + w * 0.42},1500 L{x + w / 2},-20Z"
        mid += svg.path(trunk, leafy[4])
        mid += svg.rect(x + w * (0.2 if side else -0.44), 0, w * 0.2, 1500, light.glow, o=0.22)
    mid += _canopy(rnd, leafy[4], 150) + _grass(rnd, leafy[4].darker(0.2), 70, (1480, 1760))
    return Kit(back, mid, _tufts(rnd, leafy[4].darker(0.6)) + branch(pal, rnd), 2.4, 0.9, 0.0)


def _trunks(rnd: random.Random, tone: Colour, count: int, wide: tuple[float, float], foot: float) -> str:
    out = ""
    for i in range(count):
        x, w = (i + rnd.uniform(0.1, 0.9)) * WIDTH / count, rnd.uniform(*wide)
        lean = rnd.uniform(-20, 20)
        out += svg.polygon(
            [
                (x - w / 2, foot + 40),
                (x - w / 3 + lean, -10),
                (x + w / 3 + lean, -10),
                (x + w / 2, foot + 40),
            ],
            tone,
        )
        out += svg.stroke(
            f"M{x:.0f},{rnd.uniform(300, 700):.0f} q{w * 2:.0f},-60 {w * 3:.0f},-140", tone, w / 4
        )
    return out


def _canopy(rnd: random.Random, tone: Colour, low: float) -> str:
    return "".join(
        svg.circle(x + rnd.uniform(-30, 30), rnd.uniform(-60, low * 0.8), rnd.uniform(80, 170), tone, o=0.92)
        for x in range(-40, WIDTH + 60, 78)
    )


def park(pal: Palette, rnd: random.Random) -> Kit:
    """A lawn with round trees, a path with lamps, the city far away."""
    light = pal.light
    tones = receding(pal, 5)
    back = heaven(pal, rnd, (850, 620, 105)) + skyline(pal, rnd, tones[0], 1240, 340)
    mid = haze(pal, "p1", 980, 260, 0.5)
    green = pal.leaf.mix(light.sky[2], 0.25).mix(light.sky[0], 0.35 if light.dark else 0.0)
    for i in range(12):
        mid += _tree(
            rnd,
            i * 110 - 20,
            1330 + (i % 3) * 12,
            rnd.uniform(190, 330),
            green.mix(tones[0], 0.45),
            light.glow,
        )
    lawn: list[svg.Stop] = [(0, green.lighter(0.22)), (0.4, green), (1, green.darker(0.5))]
    mid += svg.linear("lawn", lawn) + svg.path("M0,1330 Q500,1286 1152,1324 V2048 H0Z", "url(#lawn)")
    mid += svg.path("M600,1310 Q480,1440 700,1600 T300,2048 H1010 Q980,1740 800,1560 T660,1310Z",
                    Colour(236, 214, 180).mix(light.sky[2], 0.3), o=0.75)  # fmt: skip
    for x, y, size in ((110, 1520, 640), (1070, 1500, 560)):
        mid += _tree(rnd, x, y, size, green.darker(0.15), light.glow)
    return Kit(back, mid, _tufts(rnd, green.darker(0.6)) + branch(pal, rnd), 1.6, 1.0, 0.0)


def _tree(rnd: random.Random, x: float, y: float, size: float, tone: Colour, glow: Colour) -> str:
    out = svg.ellipse(x, y, size * 0.34, size * 0.04, "#000", o=0.16)
    out += svg.rect(
        x - size * 0.035, y - size * 0.5, size * 0.07, size * 0.5, tone.darker(0.55), r=size * 0.02
    )
    for dx, dy, r in (
        (-0.2, 0.56, 0.2),
        (0.2, 0.58, 0.2),
        (-0.08, 0.74, 0.25),
        (0.12, 0.8, 0.22),
        (0, 0.6, 0.24),
    ):
        out += svg.circle(x + dx * size, y - dy * size, r * size, tone)
    for dx, dy, r in ((0.16, 0.86, 0.13), (0.26, 0.64, 0.11), (-0.02, 0.8, 0.12)):
        out += svg.circle(x + dx * size, y - dy * size, r * size * rnd.uniform(0.9, 1.1), glow, o=0.2)
    return out


def beach(pal: Palette, rnd: random.Random) -> Kit:
    """A low sun over the sea and its path of glitter, islands, foam, palms that frame the picture."""
    light = pal.light
    sun = (rnd.uniform(700, 860), 840, 120)
    tones = receding(pal, 4)
    water = hsl(0.52, 0.55, 0.42).mix(light.sky[1], 0.55)
    sea: list[svg.Stop] = [(0, light.sky[3].mix(water, 0.45)), (0.3, water), (1, water.darker(0.25))]
    back = heaven(pal, rnd, sun) + svg.path("M0,985 Q120,900 260,930 T470,985Z", tones[1], o=0.8)
    back += svg.path("M860,985 Q980,880 1152,940 V985Z", tones[1], o=0.9)
    back += svg.linear("sea", sea) + svg.rect(0, 980, WIDTH, HEIGHT, "url(#sea)")
    for i in range(90):
        y = 986 + 380 * rnd.random() ** 1.4
        near = (y - 980) / 400
        x = sun[0] + rnd.gauss(0, 50 + 190 * near)
        w = rnd.uniform(24, 80) * (0.4 + near)
        back += svg.rect(
            x - w / 2, y, w, 3 + 7 * near, light.glow.lighter(0.5), r=4, o=rnd.uniform(0.3, 0.85)
        )
        if i % 3 == 0:
            back += svg.rect(rnd.uniform(-60, WIDTH), y, w * 2, 2 + 4 * near, WHITE, r=3, o=0.14)
    sand = Colour(244, 214, 168).mix(light.sky[2], 0.28).mix(light.sky[0], 0.4 if light.dark else 0.0)
    shore: list[svg.Stop] = [(0, sand.darker(0.28)), (0.14, sand), (1, sand.darker(0.35))]
    mid = svg.path("M0,1372 Q280,1316 600,1370 T1152,1320 V1500 H0Z", WHITE, o=0.6)
    mid += svg.path("M0,1396 Q280,1346 600,1394 T1152,1350 V1500 H0Z", WHITE, o=0.85)
    mid += svg.linear("sand", shore) + svg.path(
        "M0,1416 Q280,1366 600,1414 T1152,1370 V2048 H0Z", "url(#sand)"
    )
    for _ in range(60):
        mid += svg.ellipse(
            rnd.uniform(0, WIDTH), rnd.uniform(1450, 2030), rnd.uniform(6, 34), 3, sand.darker(0.5), o=0.3
        )
    mid += _palm(40, 1560, 1000, pal, 1, tones[3]) + _palm(1130, 1600, 800, pal, -1, tones[3])
    return Kit(back, mid, _fronds(pal, tones[3]) + _tufts(rnd, tones[3].darker(0.4)), 1.4, 0.8, 0.0)


def _palm(x: float, y: float, tall: float, pal: Palette, lean: int, tone: Colour) -> str:
    top, head = y - tall, x + lean * 120
    trunk = pal.wood.darker(0.3).mix(tone, 0.45)
    out = svg.path(f"M{x - 30},{y} Q{x + lean * 10 - 22},{y - tall * 0.55:.0f} {head - 13},{top:.0f} h26 "
                   f"Q{x + lean * 10 + 22},{y - tall * 0.5:.0f} {x + 32},{y}Z", trunk)  # fmt: skip
    for i in range(10):
        share = i / 10
        out += svg.stroke(
            f"M{x - 22 + lean * 90 * share:.0f},{y - tall * share:.0f} q20,10 44,-2",
            trunk.darker(0.4),
            5,
            o=0.5,
        )
    green = pal.leaf.mix(tone, 0.4)
    for i in range(9):
        leaf = "M0,0 C70,-90 220,-100 340,50 C300,30 280,28 262,34 "
        leaf += "C246,14 226,6 200,14 C182,-4 150,-8 128,4 C90,-14 40,-6 0,0Z"
        shaded = green.mix(pal.light.glow, 0.22) if i in (1, 2, 3) else green.darker(0.2 if i % 2 else 0.38)
        out += svg.group(
            svg.path(leaf, shaded), x=head, y=top, turn=-196 + i * 29, scale=0.92 + 0.1 * (i % 3)
        )
    return out


def _fronds(pal: Palette, tone: Colour) -> str:
    """Palm leaves hanging in from the upper right corner."""
    leaf = "M0,0 C-60,90 -90,260 -30,430 C-24,300 -2,170 40,60Z"
    return "".join(
        svg.group(
            svg.path(leaf, pal.leaf.mix(tone, 0.6).darker(0.3 + 0.1 * (i % 2))),
            x=1190 - i * 14,
            y=-70,
            turn=8 + i * 20,
        )
        for i in range(5)
    )


def desert(pal: Palette, rnd: random.Random) -> Kit:
    """A road through dunes towards the sun."""
    tones = receding(pal, 4)
    sand = Colour(226, 166, 108).mix(pal.light.sky[2], 0.4)
    back = heaven(pal, rnd, (600, 820, 150)) + _range(
        rnd, 1130, 200, 5, tones[0], tones[0].mix(pal.light.glow, 0.5)
    )
    mid = haze(pal, "d1", 900, 260)
    for i, y in enumerate((1160, 1280, 1420)):
        dune = sand.mix(tones[min(3, i + 1)], 0.3).darker(0.1 * i)
        bend = rnd.uniform(-70, 70) * math.copysign(1, 1 - i)
        mid += svg.path(f"M0,{y} Q320,{y - 120 + bend:.0f} 640,{y} T1152,{y - 40} V2048 H0Z", dune)
        mid += svg.path(
            f"M640,{y} Q900,{y + 90 - bend:.0f} 1152,{y - 40} V{y + 160} Q840,{y + 200} 640,{y}Z",
            pal.light.glow,
            o=0.2,
        )
    return Kit(back, mid, _tufts(rnd, tones[3].darker(0.4)), 1.2, 0.8, 0.0)

"""Streets, nature and the sea, and sets that are no place: studio, abstract, a screen behind a speaker."""

from __future__ import annotations

import math
import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour, hsl
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH, Kit, cloud, sky


def _sun(pal: Palette, x: float, y: float, size: float) -> str:
    glow = svg.radial(
        "sun", [(0, pal.light.glow.lighter(0.6), 0.95), (0.35, pal.light.glow, 0.6), (1, pal.light.glow, 0.0)]
    )
    disc = WHITE.mix(pal.light.glow, 0.25)
    return glow + svg.circle(x, y, size * 4.2, "url(#sun)", o=0.85) + svg.circle(x, y, size, disc)


def _clouds(pal: Palette, rnd: random.Random) -> str:
    tone = pal.light.sky_low.lighter(0.55)
    opacity = 0.22 if pal.light.dark else 0.7
    return "".join(
        cloud(rnd.uniform(-60, 900), 160 + i * 150 + rnd.uniform(-30, 30), rnd.uniform(34, 62), tone, opacity)
        for i in range(4)
    )


def _stars(pal: Palette, rnd: random.Random) -> str:
    if not pal.light.dark:
        return ""
    return "".join(
        svg.circle(
            rnd.uniform(0, WIDTH), rnd.uniform(0, 760), rnd.uniform(1.5, 4.5), WHITE, o=rnd.uniform(0.3, 0.9)
        )
        for _ in range(60)
    )


def nature(pal: Palette, rnd: random.Random) -> Kit:
    """Faceted mountains in haze, hills, firs and grass."""
    light = pal.light
    out = sky(pal) + _stars(pal, rnd) + _sun(pal, rnd.uniform(760, 930), 620, 110) + _clouds(pal, rnd)
    back, out = out, ""
    for layer, (base, tall, count) in enumerate(((1120, 520, 5), (1270, 400, 6), (1400, 280, 8))):
        far = light.sky_low.mix(hsl(light.sky_top.hue, 0.32, 0.3), 0.34 + layer * 0.2)
        out += _peaks(rnd, base, tall, count, far, far.mix(light.glow, 0.4))
    ground = pal.leaf.mix(light.sky_top, 0.2)
    out += svg.path("M0,1400 Q300,1300 620,1390 T1152,1350 V2048 H0Z", ground)
    for _ in range(18):
        out += _fir(
            rnd.uniform(-20, WIDTH),
            rnd.uniform(1400, 1500),
            rnd.uniform(130, 260),
            ground.darker(rnd.uniform(0.3, 0.55)),
        )
    return Kit(
        back,
        out
        + svg.path("M0,1530 Q400,1440 760,1520 T1152,1500 V2048 H0Z", ground.darker(0.35))
        + _grass(rnd, ground.darker(0.55)),
    )


def _peaks(rnd: random.Random, base: float, tall: float, count: int, dark: Colour, lit: Colour) -> str:
    """A range of mountains, each with a side towards the light."""
    out, step = "", WIDTH / (count - 1)
    for i in range(-1, count + 1):
        x, high = i * step + rnd.uniform(-0.25, 0.25) * step, tall * rnd.uniform(0.5, 1)
        w, top = high * rnd.uniform(0.8, 1.1), base - high
        out += svg.polygon([(x - w, base + 40), (x, top), (x + w, base + 40)], dark)
        edge = [
            (x, top),
            (x + w * 0.05, top + high * 0.3),
            (x - w * 0.06, top + high * 0.5),
            (x + w * 0.1, top + high * 0.78),
        ]
        out += svg.polygon([*edge, (x + w * 0.02, base + 40), (x + w, base + 40)], lit, o=0.6)
    return out + svg.rect(0, base + 36, WIDTH, 700, dark)


def _fir(x: float, y: float, size: float, tone: Colour) -> str:
    tiers = "".join(
        svg.polygon([(x - size * w, y - size * b), (x, y - size * t), (x + size * w, y - size * b)], tone)
        for w, b, t in ((0.3, 0.1, 0.62), (0.24, 0.36, 0.84), (0.17, 0.6, 1.05))
    )
    return svg.rect(x - size * 0.035, y - size * 0.14, size * 0.07, size * 0.16, tone.darker(0.4)) + tiers


def _grass(rnd: random.Random, tone: Colour) -> str:
    blades = ""
    for _ in range(70):
        x, y, tall, bend = (
            rnd.uniform(0, WIDTH),
            rnd.uniform(1530, 1700),
            rnd.uniform(40, 110),
            rnd.uniform(-26, 26),
        )
        blades += svg.path(
            (
                f"M{x - 6:.0f},{y:.0f} Q{x + bend / 2:.0f},{y - tall / 2:.0f} "
                f"{x + bend:.0f},{y - tall:.0f} "
                f"Q{x + bend / 2 + 7:.0f},{y - tall / 2:.0f} {x + 6:.0f},{y:.0f}Z"
            ),
            tone,
        )
    return blades


def beach(pal: Palette, rnd: random.Random) -> Kit:
    """Sea with glitter, sand, palms."""
    light = pal.light
    sea: list[svg.Stop] = [
        (0, light.sky_low.mix(hsl(0.52, 0.6, 0.5), 0.55)),
        (1, hsl(0.51, 0.6, 0.42).mix(light.sky_top, 0.3)),
    ]
    sand: list[svg.Stop] = [(0, Colour(240, 214, 170).mix(light.sky_low, 0.2)), (1, Colour(214, 176, 126))]
    out = sky(pal) + _stars(pal, rnd) + _sun(pal, 800, 820, 120) + _clouds(pal, rnd)
    out += svg.linear("sea", sea) + svg.rect(0, 960, WIDTH, 500, "url(#sea)")
    for _ in range(46):
        y = rnd.uniform(980, 1330)
        out += svg.rect(
            800 + rnd.gauss(0, 190),
            y,
            rnd.uniform(30, 120),
            rnd.uniform(4, 9),
            light.glow.lighter(0.5),
            r=4,
            o=0.5,
        )
    out += svg.path("M0,1390 Q300,1330 620,1380 T1152,1340 V1460 H0Z", WHITE, o=0.75)
    out += svg.linear("sand", sand) + svg.path(
        "M0,1410 Q300,1350 620,1400 T1152,1360 V2048 H0Z", "url(#sand)"
    )
    return Kit(out, _palm(60, 1500, 900, pal, 1) + _palm(1120, 1520, 760, pal, -1))


def _palm(x: float, y: float, tall: float, pal: Palette, lean: int) -> str:
    top, head = y - tall, x + lean * 110
    trunk = svg.stroke(
        f"M{x},{y} Q{x + lean * 10},{y - tall * 0.55:.0f} {head},{top:.0f}", pal.wood.darker(0.35), 36
    )
    leaves = ""
    for i in range(9):
        turn = -170 + i * 20 + (i % 2) * 8
        leaf = "M0,0 C80,-90 220,-90 330,40 C230,-20 110,-10 0,0Z"
        leaves += svg.group(
            svg.path(leaf, pal.leaf.darker(0.1 if i % 2 else 0.3)), x=head, y=top, turn=turn + 60
        )
    return trunk + leaves


def city(pal: Palette, rnd: random.Random) -> Kit:
    """Towers with lit windows, shop fronts, lamps and a street."""
    light = pal.light
    out = sky(pal) + _stars(pal, rnd) + _sun(pal, 830, 600, 90) + _clouds(pal, rnd)
    back, out = out, ""
    for layer, share in enumerate((0.3, 0.5, 0.72)):
        tone = light.sky_low.mix(hsl(light.sky_top.hue, 0.3, 0.2), share)
        out += "".join(
            _tower(pal, rnd, i * 150 - 60 + layer * 50, 1380, rnd.uniform(330, 1010 - layer * 210), tone)
            for i in range(9)
        )
    for i, x in enumerate((-40, 360, 790)):
        tone = (pal.accent, pal.second, pal.leaf)[i].mix(light.sky_top, 0.2)
        out += svg.rect(x, 1120, 390, 330, tone.darker(0.4)) + svg.rect(
            x + 30, 1230, 330, 190, light.glow.lighter(0.2), o=0.8
        )
        out += "".join(
            svg.path(f"M{x + k * 65},1150 h65 v60 q-32,40 -65,0z", tone if k % 2 else WHITE) for k in range(6)
        )
    road: list[svg.Stop] = [(0, light.sky_low.mix(Colour(60, 62, 74), 0.8)), (1, Colour(52, 54, 66))]
    out += (
        svg.linear("road", road)
        + svg.rect(0, 1440, WIDTH, 620, "url(#road)")
        + svg.rect(0, 1440, WIDTH, 40, Colour(196, 194, 196), o=0.6)
    )
    return Kit(back, out + "".join(_lamp(pal, x) for x in (90, 1060)))


def _tower(pal: Palette, rnd: random.Random, x: float, base: float, tall: float, tone: Colour) -> str:
    w = rnd.uniform(110, 170)
    out = svg.rect(x, base - tall, w, tall + 60, tone)
    lit = 0.85 if pal.light.dark else 0.3
    for row in range(int(tall // 52)):
        for column in range(int(w // 36)):
            if rnd.random() < 0.5:
                out += svg.rect(
                    x + 14 + column * 36, base - tall + 22 + row * 52, 16, 26, pal.light.glow, o=lit
                )
    return out


def _lamp(pal: Palette, x: float) -> str:
    glow = svg.radial(f"street{x}", [(0, pal.light.glow, 0.9), (1, pal.light.glow, 0.0)])
    return (
        glow
        + svg.circle(x, 780, 190, f"url(#street{x})", o=0.9 if pal.light.dark else 0.3)
        + svg.rect(x - 8, 780, 16, 700, Colour(38, 40, 52))
        + svg.circle(x, 776, 34, pal.light.glow.lighter(0.5))
    )


def studio(pal: Palette, rnd: random.Random) -> Kit:
    """A seamless backdrop with a spot of light and large quiet shapes."""
    tone = pal.accent.lighter(0.3)
    stops: list[svg.Stop] = [
        (0, tone.darker(0.25)),
        (0.62, tone),
        (0.72, tone.lighter(0.16)),
        (1, tone.darker(0.12)),
    ]
    out = svg.linear("drop", stops) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#drop)")
    out += svg.radial("spot", [(0, WHITE, 0.75), (0.5, WHITE, 0.3), (1, WHITE, 0.0)]) + svg.circle(
        576, 900, 860, "url(#spot)"
    )
    back, out = out, ""
    out += svg.circle(rnd.uniform(100, 300), rnd.uniform(300, 500), 250, pal.second, o=0.4)
    out += svg.circle(rnd.uniform(860, 1060), rnd.uniform(1000, 1200), 320, tone.darker(0.3), o=0.35)
    arch = svg.path("M240,1560 V860 a336,336 0 0 1 672,0 V1560Z", WHITE, o=0.16)
    return Kit(back, out + arch + svg.ellipse(576, 1600, 620, 90, "#000", o=0.1))


def abstract(pal: Palette, rnd: random.Random) -> Kit:
    """Waves and rings in the brand's colours."""
    deep = pal.accent.darker(0.6)
    stops: list[svg.Stop] = [(0, deep), (0.55, pal.accent), (1, pal.second)]
    out = svg.linear("deep", stops, tilt=0.5) + svg.rect(0, 0, WIDTH, HEIGHT, "url(#deep)")
    out += svg.radial("haze", [(0, pal.light.glow, 0.7), (1, pal.light.glow, 0.0)]) + svg.circle(
        800, 700, 760, "url(#haze)"
    )
    back, out = out, ""
    for i in range(5):
        y, bend = 1250 + i * 150, rnd.uniform(-160, 160)
        wave = f"M0,{y} C300,{y - 180 + bend:.0f} 640,{y + 180 + bend:.0f} 1152,{y - 120} V2048 H0Z"
        out += svg.path(wave, pal.second.mix(pal.accent, i / 4).darker(i * 0.08), o=0.55)
    rings = "".join(
        (
            f'<circle cx="576" cy="900" r="{r}" fill="none" stroke="#fff" '
            f'stroke-opacity="{0.24 - r / 4200:.2f}" stroke-width="5"/>'
        )
        for r in (330, 430, 540, 660)
    )
    dots = "".join(
        svg.circle(
            rnd.uniform(0, WIDTH), rnd.uniform(100, 1500), rnd.uniform(4, 16), WHITE, o=rnd.uniform(0.15, 0.5)
        )
        for _ in range(26)
    )
    return Kit(back, out + rings + dots)


def screen(pal: Palette, rnd: random.Random) -> Kit:
    """What a speaker in front of a green screen points at: a page with a picture, a chart and comments."""
    back = svg.rect(0, 0, WIDTH, HEIGHT, pal.accent.lighter(0.55))
    out = svg.linear("top", [(0, pal.accent), (1, pal.second)], across=True)
    out += svg.rect(60, 150, 1032, 1500, "#000", r=48, o=0.12) + svg.rect(60, 130, 1032, 1500, WHITE, r=48)
    out += svg.clipped(
        "page",
        svg.rect(60, 130, 1032, 460, "#000", r=48),
        svg.rect(60, 130, 1032, 400, "url(#top)")
        + svg.circle(240, 460, 240, WHITE, o=0.2)
        + svg.circle(900, 200, 190, WHITE, o=0.2),
    )
    out += svg.rect(120, 580, 620, 46, pal.ink, r=20, o=0.85) + svg.rect(
        120, 650, 440, 26, pal.ink, r=13, o=0.35
    )
    for i in range(5):
        out += svg.circle(150 + i * 62, 730, 24, Colour(255, 183, 3))
    for i in range(6):
        tall = 60 + 40 * i + 30 * math.sin(i * 2)
        out += svg.rect(
            660 + i * 64, 1010 - tall, 44, tall, pal.accent if i == 5 else pal.accent.lighter(0.45), r=10
        )
    for i in range(4):
        y = 820 + i * 190
        out += svg.circle(160, y + 40, 40, hsl(rnd.random(), 0.4, 0.7)) + svg.rect(
            226, y + 8, 220, 26, pal.ink, r=13, o=0.7
        )
        out += svg.rect(226, y + 52, rnd.uniform(240, 380), 20, pal.ink, r=10, o=0.28)
    return Kit(back, out)

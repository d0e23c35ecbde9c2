"""Things near the camera at the edges of a room, to be drawn out of focus; none reaches the middle."""

from __future__ import annotations

import random

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.light import Palette
from adcli.providers.local.drawing.pieces import HEIGHT, WIDTH


def leaves(pal: Palette, rnd: random.Random, side: int) -> str:
    """A large plant in the lower corner; ``side`` −1 is left."""
    out, x = "", 30 if side < 0 else WIDTH - 30
    for i in range(9):
        long, wide = rnd.uniform(260, 430), rnd.uniform(44, 70)
        leaf = f"M0,0 C{wide},{-long * 0.3:.0f} {wide * 0.8:.0f},{-long * 0.8:.0f} 0,{-long:.0f} "
        leaf += f"C{-wide * 0.8:.0f},{-long * 0.8:.0f} {-wide},{-long * 0.3:.0f} 0,0Z"
        tone = pal.leaf.darker(0.45 - 0.08 * (i % 3))
        out += svg.group(svg.path(leaf, tone), x=x, y=HEIGHT + 60, turn=-50 + i * 13 + rnd.uniform(-5, 5))
    return out


def lights(pal: Palette, rnd: random.Random, count: int = 14) -> str:
    """Lamps out of focus along both edges."""
    out = ""
    for i in range(count):
        x = rnd.uniform(-30, 190) if i % 2 else rnd.uniform(970, 1180)
        tone = rnd.choice((pal.light.glow, pal.light.glow.lighter(0.45), pal.accent.lighter(0.4)))
        out += svg.circle(x, rnd.uniform(60, 1750), rnd.uniform(24, 70), tone, o=rnd.uniform(0.14, 0.34))
    return out


def cup(pal: Palette, side: int) -> str:
    """A cup on the edge of a near table, in a lower corner."""
    x = 90 if side < 0 else WIDTH - 90
    tone = pal.accent.darker(0.1)
    out = svg.rect(-40, 1985, WIDTH + 80, 120, pal.wood.darker(0.45))
    out += svg.circle(x - side * 118, 1880, 62, tone) + svg.circle(
        x - side * 118, 1880, 34, pal.wood.darker(0.45)
    )
    out += svg.rect(x - 120, 1770, 240, 250, tone, r=44) + svg.ellipse(x, 1776, 120, 26, tone.darker(0.4))
    return out + svg.rect(x + 60, 1800, 30, 190, WHITE, r=14, o=0.25)


def bottles(pal: Palette, rnd: random.Random, side: int) -> str:
    """A few flasks in a lower corner."""
    out = ""
    for i in range(3):
        x = (20 + i * 96) if side < 0 else WIDTH - 20 - i * 96
        tall, tone = 380 - i * 96, rnd.choice((pal.accent, pal.second, pal.trim, pal.wood)).darker(0.22)
        out += svg.rect(x - 22, 2048 - tall - 70, 44, 90, tone.darker(0.3), r=10)
        out += svg.rect(x - 52, 2048 - tall, 104, tall + 40, tone, r=30)
    return out


def weights(pal: Palette) -> str:
    """The end of a barbell in the lower left corner."""
    dark = Colour(30, 32, 42)
    out = svg.rect(-60, 1900, 420, 34, Colour(150, 156, 168), r=17)
    for i, (x, tall) in enumerate(((40, 460), (104, 380), (164, 270))):
        out += svg.rect(x, 1917 - tall / 2, 54, tall, dark if i % 2 else pal.accent.darker(0.35), r=22)
    return out


def hanging(pal: Palette, side: int) -> str:
    """The lower edge of a lamp that hangs into an upper corner."""
    x = 60 if side < 0 else WIDTH - 60
    shine = svg.radial("near", [(0, pal.light.glow.lighter(0.4), 0.7), (1, pal.light.glow, 0.0)])
    shade = f"M{x - 130},-40 Q{x - 170},120 {x - 220},190 H{x + 220} Q{x + 170},120 {x + 130},-40Z"
    return (
        shine
        + svg.circle(x, 220, 340, "url(#near)", o=0.75)
        + svg.path(shade, pal.accent.darker(0.5))
        + svg.ellipse(x, 190, 220, 26, pal.light.glow.lighter(0.5))
    )


def cushion(pal: Palette, side: int) -> str:
    """A blanket and a cushion in a lower corner."""
    x = 60 if side < 0 else WIDTH - 60
    pillow = svg.rect(-190, -170, 380, 340, pal.second.darker(0.1), r=80)
    pillow += svg.stroke("M-120,-90 Q0,-60 120,-100", pal.second.darker(0.4), 8, o=0.5)
    throw = svg.path(
        f"M-20,1960 Q{WIDTH * 0.3:.0f},1900 {WIDTH / 2},1990 T{WIDTH + 20},1960 V2100 H-20Z",
        pal.accent.darker(0.25),
    )
    return svg.group(pillow, x=x, y=1990, turn=side * -14) + throw


def wheel() -> str:
    """A steering wheel and the dashboard at the lower edge."""
    dark = Colour(28, 28, 36)
    out = svg.rect(-20, 1960, WIDTH + 40, 120, Colour(40, 40, 50))
    out += svg.stroke("M-160,2200 a430,430 0 0 1 860,0", dark, 74)
    return out + svg.stroke("M-110,2120 a400,400 0 0 1 330,-290", WHITE, 9, o=0.16)


def screens(pal: Palette, side: int) -> str:
    """A monitor's edge at one side, with its shine."""
    x = -150 if side < 0 else WIDTH - 110
    out = svg.rect(x, 1480, 260, 700, Colour(30, 31, 40), r=26)
    return out + svg.rect(x + 18, 1500, 224, 640, pal.accent.lighter(0.1), r=14, o=0.8)


def shelf_edge(pal: Palette, rnd: random.Random) -> str:
    """Goods on a near shelf along the lower edge, low in the middle."""
    out = svg.rect(-20, 1990, WIDTH + 40, 90, pal.wood.darker(0.3))
    for x in (20, 120, 1020, 1120):
        tall, tone = rnd.uniform(150, 330), rnd.choice((pal.accent, pal.second, pal.leaf)).darker(0.2)
        out += svg.rect(x - 44, 1996 - tall, 88, tall, tone, r=18) + svg.rect(
            x - 44, 1996 - tall * 0.6, 88, tall * 0.3, WHITE, o=0.3
        )
    return out


def leaf_shade(rnd: random.Random) -> str:
    """The shadow of leaves that fall in from an upper corner."""
    turn = rnd.uniform(-8, 8)
    leaf = "M0,0 C46,-70 46,-230 0,-340 C-46,-230 -46,-70 0,0Z"
    shades = "".join(
        svg.group(svg.path(leaf, "#1a0d24", o=0.22), x=1190 - i * 16, y=40 + i * 34, turn=turn - 62 - i * 17)
        for i in range(6)
    )
    return shades + svg.circle(20, 2010, 150, "#1a0d24", o=0.2)

"""Furniture and other things that places are put together from; sizes in pixels of the picture."""

from __future__ import annotations

import random
from dataclasses import dataclass

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.light import Palette

WIDTH, HEIGHT = 1152, 2048
"""Size of a scene picture: the standard upright one."""


@dataclass(frozen=True, slots=True)
class Kit:
    """A place as SVG: ``back`` fills the picture, ``mid`` stands before it, ``near`` is at the edges.

    The blurs are in pixels of a picture of half the size; ``tint`` is how much of the light's colour
    lies over it, 0 where its colours are the light's own.
    """

    back: str
    mid: str
    near: str = ""
    far_blur: float = 3.0
    mid_blur: float = 1.6
    tint: float = 1.0


def wall(pal: Palette, horizon: float) -> str:
    """A lit wall down to ``horizon``, and the floor below."""
    stops: list[svg.Stop] = [
        (0, pal.wall.darker(0.1)),
        (0.35, pal.wall.lighter(0.25)),
        (1, pal.wall.darker(0.12)),
    ]
    floor: list[svg.Stop] = [(0, pal.floor.darker(0.28)), (1, pal.floor)]
    return (
        svg.linear("wall", stops, tilt=0.35)
        + svg.linear("floor", floor)
        + svg.rect(0, 0, WIDTH, HEIGHT, "url(#wall)")
        + svg.rect(0, horizon, WIDTH, HEIGHT - horizon, "url(#floor)")
    )


def window(pal: Palette, x: float, y: float, w: float, h: float, bars: int = 2) -> str:
    """A window with what is outside in the scene's light, and its shine."""
    light = pal.light
    glass: list[svg.Stop] = [(0, light.sky_top), (1, light.sky_low)]
    panes = svg.linear("glass", glass) + svg.rect(x, y, w, h, "url(#glass)")
    hills = f"M{x},{y + h} V{y + h * 0.74} Q{x + w * 0.3},{y + h * 0.58} {x + w * 0.55},{y + h * 0.74} "
    hills += f"T{x + w},{y + h * 0.68} V{y + h}Z"
    panes += svg.path(hills, pal.leaf.mix(light.sky_low, 0.45))
    panes += svg.polygon(
        [(x, y + h * 0.7), (x + w * 0.6, y), (x + w * 0.8, y), (x, y + h * 0.95)], WHITE, o=0.16
    )
    frame = "".join(svg.rect(x + w * i / bars - 7, y, 14, h, pal.trim) for i in range(1, bars))
    frame += svg.rect(x, y + h * 0.48, w, 14, pal.trim)
    edge = (
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="none" stroke="{pal.trim.hex}" '
        'stroke-width="26"/>'
    )
    return panes + frame + edge + svg.rect(x - 34, y + h + 8, w + 68, 26, pal.trim.darker(0.08), r=6)


def curtain(pal: Palette, x: float, y: float, w: float, h: float) -> str:
    """Hanging cloth with folds."""
    folds = "".join(
        svg.rect(x + w * i / 6, y, w / 12, h, pal.second.darker(0.3), r=w / 24, o=0.25) for i in range(6)
    )
    return svg.rect(x, y, w, h, pal.second.lighter(0.35), r=18) + folds


def plant(pal: Palette, x: float, y: float, size: float, rnd: random.Random) -> str:
    """A potted plant standing at (x, y)."""
    leaves = ""
    for i in range(11):
        turn = -78 + i * 15.6 + rnd.uniform(-6, 6)
        long = size * rnd.uniform(0.75, 1.1)
        leaf = f"M0,0 C{long * 0.2:.0f},{-long * 0.3:.0f} {long * 0.16:.0f},{-long * 0.8:.0f} 0,{-long:.0f} "
        leaf += f"C{-long * 0.16:.0f},{-long * 0.8:.0f} {-long * 0.2:.0f},{-long * 0.3:.0f} 0,0Z"
        tone = pal.leaf.lighter(0.16) if i % 2 else pal.leaf.darker(0.16)
        leaves += svg.group(
            svg.path(leaf, tone) + svg.stroke(f"M0,0 V{-long * 0.85:.0f}", WHITE, 3, o=0.15),
            x=x,
            y=y - size * 0.4,
            turn=turn,
        )
    pot = f"M{x - size * 0.26},{y - size * 0.5} h{size * 0.52} l{-size * 0.07},{size * 0.5} h{-size * 0.38}z"
    rim = svg.rect(x - size * 0.29, y - size * 0.54, size * 0.58, size * 0.12, pal.accent.lighter(0.15), r=8)
    return leaves + svg.path(pot, pal.accent.darker(0.1)) + rim


def art(pal: Palette, x: float, y: float, w: float, h: float, rnd: random.Random) -> str:
    """A framed picture of simple shapes."""
    frame = svg.rect(x - 14, y - 10, w + 34, h + 34, "#000", o=0.1) + svg.rect(
        x - 12, y - 12, w + 24, h + 24, pal.wood.darker(0.2), r=4
    )
    paper = svg.rect(x, y, w, h, pal.trim)
    if rnd.random() < 0.5:
        shapes = svg.circle(x + w * 0.5, y + h * 0.4, w * 0.25, pal.accent, o=0.85)
        shapes += svg.path(
            f"M{x},{y + h} V{y + h * 0.7} Q{x + w * 0.5},{y + h * 0.4} {x + w},{y + h * 0.75} V{y + h}Z",
            pal.second,
        )
    else:
        shapes = svg.ellipse(x + w * 0.45, y + h * 0.5, w * 0.2, h * 0.34, pal.second, o=0.8)
        shapes += svg.ellipse(x + w * 0.6, y + h * 0.58, w * 0.16, h * 0.26, pal.accent, o=0.8)
    return frame + paper + shapes


def pendant(pal: Palette, x: float, y: float, size: float) -> str:
    """A hanging lamp with its shine."""
    glow = svg.radial(f"lamp{x:.0f}", [(0, pal.light.glow, 0.85), (1, pal.light.glow, 0.0)])
    shade = (
        f"M{x - size * 0.2},{y - size * 0.6} h{size * 0.4} q{size * 0.34},{size * 0.1} "
        f"{size * 0.4},{size * 0.6} h{-size * 1.2} q{size * 0.06},{-size * 0.5} {size * 0.4},{-size * 0.6}z"
    )
    return (
        glow
        + svg.rect(x - 4, 0, 8, y - size * 0.5, pal.ink)
        + svg.circle(x, y + size * 0.2, size * 2.4, f"url(#lamp{x:.0f})", o=0.75 if pal.light.dark else 0.45)
        + svg.path(shade, pal.accent.darker(0.25))
        + svg.ellipse(x, y, size * 0.6, size * 0.1, pal.light.glow.lighter(0.4))
    )


def shelf(pal: Palette, x: float, y: float, w: float, rnd: random.Random, things: str = "jars") -> str:
    """A board with small things: jars, books or bottles."""
    out, at = "", x + 16.0
    while at < x + w - 60:
        wide = rnd.uniform(24, 40) if things == "books" else rnd.uniform(44, 74)
        tall = rnd.uniform(110, 170) if things == "books" else rnd.uniform(70, 150)
        tone = rnd.choice((pal.accent, pal.second, pal.trim, pal.wood.lighter(0.2), pal.leaf))
        out += svg.rect(at, y - tall, wide, tall, tone, r=4 if things == "books" else 14)
        if things != "books":
            out += svg.rect(at + wide * 0.2, y - tall - 20, wide * 0.6, 24, pal.wood.darker(0.2), r=6)
            out += svg.rect(at + wide * 0.15, y - tall + 14, wide * 0.12, tall - 36, WHITE, r=4, o=0.4)
        at += wide + (3 if things == "books" else rnd.uniform(14, 40))
    return out + svg.rect(x, y, w, 22, pal.wood, r=4) + svg.rect(x, y + 22, w, 14, "#000", o=0.1)


def counter(pal: Palette, y: float, top: Colour | None = None) -> str:
    """A worktop across the picture with doors below."""
    slab = top or pal.trim
    doors = "".join(
        svg.rect(20 + i * 290, y + 96, 262, HEIGHT - y - 120, pal.wood.lighter(0.08), r=10)
        + svg.rect(134 + i * 290, y + 130, 36, 10, pal.ink, r=5, o=0.6)
        for i in range(4)
    )
    return (
        svg.rect(0, y + 40, WIDTH, HEIGHT - y, pal.wood.darker(0.25))
        + doors
        + svg.rect(0, y, WIDTH, 62, slab)
        + svg.rect(0, y, WIDTH, 10, WHITE, o=0.5)
        + svg.rect(0, y + 62, WIDTH, 26, "#000", o=0.18)
    )

"""Packshot ``sunburst``: a pale ground full of light, rays from behind the product, a podium."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PIL import Image

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.media.layout import PixelBox
from adcli.media.packshot_layout import Layout
from adcli.media.packshot_parts import lower, over, podium, soft
from adcli.media.packshot_tones import Tones, light
from adcli.media.packshot_type import Setting
from adcli.units import Size

SETTING = Setting()
_RAYS = 26


def tones(colours: tuple[Colour, ...]) -> Tones:
    """A pale ground tinted by the brand."""
    return light(colours)


def inks(_layout: Layout, tones: Tones) -> Mapping[str, Colour]:
    """Colour of each text by part; others are the design's ``ink``."""
    return {"subline": tones.quiet, "legal": tones.quiet}


def room(box: PixelBox) -> PixelBox:
    """Where the product stands: its box without the podium's rim."""
    return PixelBox(box.left, box.top, box.right, box.bottom - round(box.height * 0.1))


def ground(layout: Layout, tones: Tones, size: Size, *, floor: bool) -> Image.Image:
    """Gradient, coloured light, rays and a halo behind the product, and with ``floor`` the podium."""
    box = layout.boxes.get("product")
    x, y = box.middle if box else (size.width // 2, round(size.height * 0.45))
    reach = math.hypot(size.width, size.height)
    body = svg.linear("ground", [(0, tones.ground), (1, tones.low)], tilt=0.3)
    body += svg.rect(0, 0, size.width, size.height, "url(#ground)")
    for name, tone, cx, cy, radius, strength in (
        ("warm", tones.second, 1.0, 0.52, 0.4, 0.42),
        ("cool", tones.main, 0.0, 0.26, 0.38, 0.3),
    ):
        body += svg.radial(name, [(0, tone, strength), (1, tone, 0.0)])
        body += svg.circle(size.width * cx, size.height * cy, reach * radius, f"url(#{name})")
    body += _rays(x, y, reach)
    if box:
        halo = min(box.width, box.height) * 0.72
        body += svg.radial("halo", [(0, WHITE, 1.0), (0.5, WHITE, 0.75), (1, WHITE, 0.0)])
        body += svg.circle(x, y, halo, "url(#halo)")
    frame = soft(body, size, 400)
    return over(frame, podium(box, tones), lower(box)) if box and floor else frame


def _rays(x: float, y: float, reach: float) -> str:
    """A burst of light beams, fading outwards."""
    body = svg.radial("ray", [(0, WHITE, 0.7), (0.4, WHITE, 0.34), (0.9, WHITE, 0.1), (1, WHITE, 0.0)])
    wedges = ""
    for number in range(_RAYS):
        first, last = ((number + half) * math.tau / _RAYS for half in (0.0, 0.5))
        wedges += (
            f"M{x:.1f},{y:.1f} L{x + reach * math.cos(first):.1f},{y + reach * math.sin(first):.1f} "
            f"L{x + reach * math.cos(last):.1f},{y + reach * math.sin(last):.1f}Z "
        )
    return body + svg.path(wedges, "url(#ray)", o=0.8)

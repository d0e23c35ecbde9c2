"""Packshot ``spotlight``: a deep ground of the brand's hue, the product in a cone of light."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.media.layout import PixelBox
from adcli.media.packshot_layout import Layout
from adcli.media.packshot_parts import lower, over, soft
from adcli.media.packshot_tones import Tones, dark
from adcli.media.packshot_type import Setting
from adcli.units import Size

SETTING = Setting(column=0.5)


def tones(colours: tuple[Colour, ...]) -> Tones:
    """A deep ground, pale type."""
    return dark(colours)


def inks(_layout: Layout, tones: Tones) -> Mapping[str, Colour]:
    """Small print is quieter."""
    return {"legal": tones.quiet, "subline": tones.quiet}


def room(box: PixelBox) -> PixelBox:
    """Where the product stands."""
    return PixelBox(box.left, box.top, box.right, box.bottom - round(box.height * 0.07))


def ground(layout: Layout, tones: Tones, size: Size, *, floor: bool) -> Image.Image:
    """Dark to darker, a beam from above, a glow behind the product, and with ``floor`` a lit disc."""
    box = layout.boxes.get("product")
    body = svg.linear("ground", [(0, tones.low), (0.55, tones.ground), (1, tones.low)])
    body += svg.rect(0, 0, size.width, size.height, "url(#ground)")
    if box is None:
        return soft(body, size)
    x, y = box.middle
    stand, reach = room(box), min(box.width, box.height)
    glow, lit = tones.main, tones.main.lighter(0.35)
    strong = 0.85 if glow.luminance < 0.4 else 0.42
    body += svg.radial("glow", [(0, lit, strong), (0.45, glow, strong * 0.6), (1, glow, 0.0)])
    body += svg.circle(x, y, min(reach * 0.8, box.width * 0.55), "url(#glow)")  # beside the texts
    frame = soft(body, size)
    if not floor:
        return frame
    wide = reach * 0.46
    rim = svg.linear("rim", [(0, lit.lighter(0.3)), (1, glow)])
    rim += svg.ellipse(x, stand.bottom, wide, wide * 0.15, "url(#rim)")
    rim += svg.radial("pool", [(0, WHITE, 0.9), (0.6, WHITE, 0.25), (1, WHITE, 0.0)])
    rim += svg.ellipse(x, stand.bottom - wide * 0.01, wide * 0.94, wide * 0.13, "url(#pool)")
    dim = tones.low.darker(0.5)
    rim += svg.radial("under", [(0, dim, 0.75), (1, dim, 0.0)])
    rim += svg.ellipse(x, stand.bottom, wide * 0.6, wide * 0.09, "url(#under)")
    return over(frame, rim, lower(box))

"""Packshot ``minimal``: a quiet pale ground, much air, a disc of the brand's tint, dark type."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from adcli.media import svg
from adcli.media.colour import Colour
from adcli.media.layout import PixelBox
from adcli.media.packshot_layout import Layout
from adcli.media.packshot_parts import beyond, contact, over, soft
from adcli.media.packshot_tones import Tones, light
from adcli.media.packshot_type import Setting
from adcli.units import Size

SETTING = Setting(capitals=False, head=0.86, mirrored=True)


def tones(colours: tuple[Colour, ...]) -> Tones:
    """Nearly white."""
    return light(colours, 0.03)


def inks(_layout: Layout, tones: Tones) -> Mapping[str, Colour]:
    """Everything but the headline and the name is quiet."""
    return dict.fromkeys(("subline", "url", "legal"), tones.quiet)


def room(box: PixelBox) -> PixelBox:
    """Where the product stands."""
    return PixelBox(
        box.left, box.top + round(box.height * 0.03), box.right, box.bottom - round(box.height * 0.06)
    )


def ground(layout: Layout, tones: Tones, size: Size, *, floor: bool) -> Image.Image:
    """A near-white ground, an arch of tint behind the product, and with ``floor`` its contact shadow."""
    box = layout.boxes.get("product")
    body = svg.linear("ground", [(0, tones.ground.lighter(0.5)), (1, tones.ground)])
    frame = soft(body + svg.rect(0, 0, size.width, size.height, "url(#ground)"), size)
    if box is None:
        return frame
    x, stand = box.middle[0], room(box)
    wide = min(box.width * 0.86, box.height * 0.9)
    top = box.top + box.height * 0.06
    tint = tones.ground.mix(tones.main, 0.2)
    arch = svg.linear("arch", [(0, tint), (1, tint.mix(tones.ground, 0.35))])
    arch += svg.path(
        f"M{x - wide / 2:.1f},{stand.bottom:.1f} V{top + wide / 2:.1f} "
        f"A{wide / 2:.1f},{wide / 2:.1f} 0 0 1 {x + wide / 2:.1f},{top + wide / 2:.1f} "
        f"V{stand.bottom:.1f}Z",
        "url(#arch)",
    )
    line = max(2.0, size.width / 540)
    arch += svg.rect(x - wide * 0.62, stand.bottom - line / 2, wide * 1.24, line, tones.ink, o=0.7)
    if floor:
        arch += contact(x, stand.bottom, wide * 0.36, tones.ink)
    return over(frame, arch, beyond(box))

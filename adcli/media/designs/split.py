"""Packshot ``split``: the brand's colour above, pale below, the product across the slanting edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PIL import Image

from adcli.media import svg
from adcli.media.colour import WHITE, Colour, contrast, readable
from adcli.media.layout import PixelBox
from adcli.media.packshot_layout import Layout
from adcli.media.packshot_parts import contact, over, soft
from adcli.media.packshot_tones import Pair, Tones, face, light, readable_ground
from adcli.media.packshot_type import Setting
from adcli.units import Size

SETTING = Setting(column=0.48)
_ON_PANEL = ("name", "headline", "subline", "stars")
_APART = 1.6
"""Contrast of a badge to the panel, at least."""

_SLANT = 0.09
"""How much higher the edge is on the right, in parts of the frame's width."""


def tones(colours: tuple[Colour, ...]) -> Tones:
    """A pale lower part; the panel takes the main colour."""
    made = light(colours, 0.05)
    on_panel = [face(colour) for colour in colours if contrast(face(colour).face, panel(made)) >= _APART]
    return replace(made, badge=on_panel[0] if on_panel else Pair(WHITE, readable(made.main, WHITE, 4.5)))


def panel(tones: Tones) -> Colour:
    """The panel's colour: the brand's, deep enough for white type or pale enough for dark."""
    return readable_ground(tones.main) if contrast(WHITE, tones.main) >= 2.0 else tones.main


def inks(layout: Layout, tones: Tones) -> Mapping[str, Colour]:
    """White, or dark on a pale panel, where texts stand on it."""
    found = {"legal": tones.quiet}
    if layout.centred:
        colour = panel(tones)
        ink = WHITE if contrast(WHITE, colour) >= 4.5 else readable(tones.ink, colour, 7.0)
        found |= dict.fromkeys((*_ON_PANEL, *layout.leading), ink)
    return found


def room(box: PixelBox) -> PixelBox:
    """Where the product stands."""
    return PixelBox(box.left, box.top, box.right, box.bottom - round(box.height * 0.05))


def ground(layout: Layout, tones: Tones, size: Size, *, floor: bool) -> Image.Image:
    """Two colours with a slanting edge, a disc behind the product, and with ``floor`` its contact shadow."""
    box, colour = layout.boxes.get("product"), panel(tones)
    wide, high = size.width, size.height
    shade: list[svg.Stop] = [(0, colour), (1, colour.darker(0.16))]
    body = svg.linear("pale", [(0, tones.ground), (1, tones.low)])
    body += svg.rect(0, 0, wide, high, "url(#pale)")
    frame = soft(body, size)
    crisp = svg.linear("face", shade)
    if layout.centred:
        edge = _edge(layout, size)
        slope = wide * _SLANT
        crisp += svg.polygon(
            [(0, 0), (wide, 0), (wide, edge - slope / 2), (0, edge + slope / 2)], "url(#face)"
        )
    elif box:
        edge = box.right - high * 0.015
        slope = high * _SLANT
        crisp += svg.polygon(
            [(0, 0), (edge + slope / 2, 0), (edge - slope / 2, high), (0, high)], "url(#face)"
        )
    elif (right := max((b.right for b in layout.boxes.values()), default=0)) < wide * 0.85:
        edge, slope = right + wide * 0.05, high * _SLANT
        crisp += svg.polygon([(edge + slope, 0), (wide, 0), (wide, high), (edge, high)], "url(#face)")
    if box:
        x, y = box.middle
        radius = min(box.width, box.height) * 0.46
        crisp += svg.circle(x, y, radius, colour.lighter(0.16), o=0.9)
        crisp += svg.circle(x, y, radius * 0.8, colour.lighter(0.26), o=0.9)
        if floor:
            stand = room(box)
            crisp += contact(x, stand.bottom, min(stand.width, stand.height) * 0.4, colour.darker(0.9))
    return over(frame, crisp)


def _edge(layout: Layout, size: Size) -> float:
    """Height of the panel's edge at the frame's middle: across the product, below the texts on it."""
    box = layout.boxes.get("product")
    texts = [
        part.bottom for name, part in layout.boxes.items() if name in {*_ON_PANEL, "logo", *layout.leading}
    ]
    least = max(texts, default=0) + size.width * _SLANT * 0.6
    return max(least, box.top + box.height * 0.62) if box else max(least, size.height * 0.5)

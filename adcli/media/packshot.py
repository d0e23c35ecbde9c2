"""Draws a packshot: the closing picture with product, headline and call to action, for one frame size."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter, ImageOps

from adcli.errors import TaskFailed
from adcli.media import lettering, svg
from adcli.media.colour import WHITE, Colour, contrast, hsl, parse_all, readable
from adcli.media.drawn_product import draw_product
from adcli.media.packshot_layout import Box, Layout, packshot_boxes, packshot_layout
from adcli.media.photo import cut_out, has_alpha, open_photo
from adcli.units import Size

__all__ = ["draw_packshot", "packshot_boxes"]

_DEFAULT = Colour(255, 90, 60)
_SAME_RATIO = 0.04
_SOFT_SIDE = 360  # of the copy in which light and rays are drawn: resvg's gradients cost by the pixel


@dataclass(frozen=True, slots=True)
class Tones:
    """Colours of one packshot; every text has at least 4.5:1 on its ground, large bold text 3:1 (WCAG)."""

    ground: Colour
    low: Colour
    ink: Colour
    quiet: Colour
    button: Colour
    on_button: Colour
    second: Colour
    glow: Colour


def draw_packshot(
    spec: Mapping[str, Any], size: Size, resolve: Callable[[Mapping[str, Any]], Path], folder: Path
) -> Path:
    """An opaque PNG of exactly ``size`` in ``folder``.

    ``spec`` is ``{headline, cta, product?, image?, product_name, colors, logo?, url?}``; ``resolve``
    gives the file of a reference. An opaque ``image`` of the frame's ratio becomes the background,
    any other takes the product's place. Raises TaskFailed for pictures that can't be read.
    """
    given = open_photo(resolve(spec["image"])) if spec.get("image") else None
    backdrop = given if given is not None and _fills(given, size) else None
    colours = parse_all(spec.get("colors") or ())
    product = None if backdrop else _product(spec, given, resolve, colours)
    layout = packshot_layout(spec, size)
    tones = tones_of(colours)
    frame = _backdrop(backdrop, layout, size) if backdrop else _ground(layout, tones, size)
    if product is not None and "product" in layout.boxes:
        frame = _with_product(frame, product, _product_room(layout))
    if spec.get("logo"):
        _place_logo(frame, resolve(spec["logo"]), layout)
    _write(frame, layout, tones, on_photo=backdrop is not None)
    target = folder / f"packshot-{size.width}x{size.height}.png"
    frame.convert("RGB").save(target, "PNG", compress_level=3)
    return target


def tones_of(colours: tuple[Colour, ...]) -> Tones:
    """Colours from the brand's: its first strong one leads; contrast is made where it lacks."""
    lead = next((colour for colour in colours if colour.saturation > 0.25), (*colours, _DEFAULT)[0])
    second = next((colour for colour in colours if colour != lead), hsl(lead.hue + 0.46, 0.5, 0.62))
    ground = WHITE.mix(lead, 0.09).mix(Colour(255, 246, 230), 0.35)
    low = WHITE.mix(lead, 0.3).mix(Colour(255, 236, 214), 0.25)
    ink = readable(lead.darker(0.86), low, 8.0)
    pale = contrast(lead, low) < 1.7  # a pale brand colour would drown: it becomes the text of a dark button
    button = ink if pale else lead
    on_button = WHITE if contrast(WHITE, button) >= 3 else readable(ink, button, 4.5)
    on_button = readable(lead, button, 4.5) if pale else on_button
    return Tones(ground, low, ink, readable(ink.mix(low, 0.25), low, 4.5), button, on_button, second, lead)


def _fills(image: Image.Image, size: Size) -> bool:
    """Whether a picture is opaque and has the frame's ratio."""
    ratio = (image.width / image.height) / (size.width / size.height)
    return abs(ratio - 1) < _SAME_RATIO and min(image.size) >= 200 and not has_alpha(image)


def _product(
    spec: Mapping[str, Any],
    given: Image.Image | None,
    resolve: Callable[[Mapping[str, Any]], Path],
    colours: tuple[Colour, ...],
) -> Image.Image | None:
    """The packshot's own picture, else the product's photo, else a drawing by the product's name."""
    if given is not None:
        return cut_out(given)
    if spec.get("product"):
        return cut_out(open_photo(resolve(spec["product"])))
    name = str(spec.get("product_name") or "")
    return draw_product(name, "", colours) if name else None


def _product_room(layout: Layout) -> Box:
    """The product's box without the rim of the podium that it stands on."""
    box = layout.boxes["product"]
    return Box(box.left, box.top, box.right, box.bottom - round(box.height * 0.1))


def _ground(layout: Layout, tones: Tones, size: Size) -> Image.Image:
    """Gradient, coloured light, rays and halo behind the product, a podium, the button's body."""
    box = layout.boxes.get("product")
    x, y = box.middle if box else (size.width // 2, round(size.height * 0.45))
    reach = max(size.width, size.height)
    body = svg.linear("ground", [(0, tones.ground), (1, tones.low)], tilt=0.3)
    body += svg.rect(0, 0, size.width, size.height, "url(#ground)")
    for name, tone, cx, cy, radius, strength in (
        ("warm", tones.glow, 0.96, 0.55, 0.44, 0.34),
        ("cool", tones.second, 0.06, 0.24, 0.42, 0.36),
    ):
        body += svg.radial(name, [(0, tone, strength), (1, tone, 0.0)])
        body += svg.circle(size.width * cx, size.height * cy, reach * radius, f"url(#{name})")
    body += _rays(x, y, reach) if box else ""
    if box:
        halo = min(box.width, box.height) * 0.72
        body += svg.radial("halo", [(0, WHITE, 1.0), (0.5, WHITE, 0.72), (1, WHITE, 0.0)])
        body += svg.circle(x, y, halo, "url(#halo)")
    small = min(0.5, _SOFT_SIDE / min(size.width, size.height))
    soft = svg.rasterise(body, size, small)  # nothing here has an edge that would show it
    frame = soft.resize((size.width, size.height), Image.Resampling.BICUBIC)
    crisp = (_podium(box, tones) if box else "") + _button(layout, tones)
    return Image.alpha_composite(frame, svg.rasterise(crisp, size)) if crisp else frame


def _rays(x: float, y: float, reach: float) -> str:
    """A burst of light beams, fading outwards."""
    body = svg.radial("ray", [(0, WHITE, 0.5), (0.75, WHITE, 0.25), (1, WHITE, 0.0)])
    wedges = ""
    for i in range(28):
        first, last = i * math.tau / 28, (i + 0.5) * math.tau / 28
        ends = (
            x + reach * math.cos(first),
            y + reach * math.sin(first),
            x + reach * math.cos(last),
            y + reach * math.sin(last),
        )
        wedges += "M{:.1f},{:.1f} L{:.1f},{:.1f} L{:.1f},{:.1f}Z ".format(x, y, *ends)
    return body + svg.path(wedges, "url(#ray)", o=0.8)


def _podium(box: Box, tones: Tones) -> str:
    """A low round stage along the lower edge of the product's box."""
    x = box.middle[0]
    wide = min(box.width * 0.42, box.height * 0.5)
    rise, flat = box.height * 0.055, min(wide * 0.16, box.height * 0.05)
    top = box.bottom - rise - flat
    side: list[svg.Stop] = [(0, tones.low.darker(0.3)), (0.35, tones.ground), (1, tones.low.darker(0.4))]
    shade = svg.radial("floor", [(0, tones.ink, 0.34), (1, tones.ink, 0.0)])
    return (
        shade
        + svg.ellipse(x, box.bottom - flat * 0.4, wide * 1.2, flat * 1.1, "url(#floor)")
        + svg.linear("side", side, across=True)
        + svg.path(
            (
                f"M{x - wide:.1f},{top:.1f} v{rise:.1f} a{wide:.1f},{flat:.1f} 0 0 0 {wide * 2:.1f},0 "
                f"v{-rise:.1f}z"
            ),
            "url(#side)",
        )
        + svg.ellipse(x, top, wide, flat, WHITE)
        + svg.ellipse(x, top, wide * 0.62, flat * 0.62, "url(#floor)", o=0.8)
    )


def _button(layout: Layout, tones: Tones) -> str:
    """The body of the button with its soft shadow and a lighter upper edge."""
    box = layout.boxes.get("cta")
    if box is None:
        return ""
    radius, blur = box.height / 2, box.height * 0.13
    filter_ = (
        '<filter id="lift" x="-20%" y="-60%" width="140%" height="240%">'
        f'<feGaussianBlur stdDeviation="{blur:.1f}"/></filter>'
    )
    drop = svg.rect(
        box.left,
        box.top + box.height * 0.12,
        box.width,
        box.height,
        tones.button.darker(0.6),
        r=radius,
        o=0.42,
    )
    face = svg.linear("pill", [(0, tones.button.lighter(0.1)), (1, tones.button)], across=True, tilt=1)
    return (
        filter_
        + f'<g filter="url(#lift)">{drop}</g>'
        + face
        + svg.rect(box.left, box.top, box.width, box.height, "url(#pill)", r=radius)
    )


def _with_product(frame: Image.Image, product: Image.Image, room: Box) -> Image.Image:
    """The product as large as its room allows, standing on the podium, with a shadow."""
    scale = min(room.width * 0.86 / product.width, room.height / product.height)
    size = (max(1, round(product.width * scale)), max(1, round(product.height * scale)))
    product = product.resize(size, Image.Resampling.LANCZOS)
    left, top = room.middle[0] - size[0] // 2, room.bottom - size[1]
    blur = max(2, round(frame.width * 0.02))
    cast = Image.new("L", frame.size, 0)
    cast.paste(product.getchannel("A"), (left - blur // 2, top + blur // 2))
    small = (
        cast.reduce(4)
        .filter(ImageFilter.GaussianBlur(blur / 4))
        .point([level * 38 // 100 for level in range(256)])
    )
    dark = Image.new("RGBA", frame.size, (40, 18, 26, 0))
    dark.putalpha(small.resize(frame.size, Image.Resampling.BICUBIC))
    frame = Image.alpha_composite(frame, dark)
    frame.alpha_composite(product, (left, top))
    return frame


def _backdrop(image: Image.Image, layout: Layout, size: Size) -> Image.Image:
    """A picture that fills the frame, darkened where text stands on it, with the button's body."""
    frame = ImageOps.fit(image, (size.width, size.height), Image.Resampling.LANCZOS)
    scrims = ""
    for number, name in enumerate(("headline", "logo", "url", "cta")):
        if name in layout.boxes:
            box = layout.boxes[name]
            scrims += svg.radial(
                f"scrim{number}", [(0, "#000", 0.62), (0.55, "#000", 0.42), (1, "#000", 0.0)]
            )
            scrims += svg.ellipse(*box.middle, box.width * 0.9, box.height * 1.7, f"url(#scrim{number})")
    frame.alpha_composite(svg.rasterise(scrims, size))
    frame.alpha_composite(svg.rasterise(_button(layout, tones_of(())), size))
    return frame


def _place_logo(frame: Image.Image, path: Path, layout: Layout) -> None:
    box = layout.boxes["logo"]
    logo = _logo(path, box)
    scale = min(box.width / logo.width, box.height / logo.height)
    logo = logo.resize(
        (max(1, round(logo.width * scale)), max(1, round(logo.height * scale))), Image.Resampling.LANCZOS
    )
    left = box.middle[0] - logo.width // 2 if layout.centred else box.left
    frame.alpha_composite(logo, (left, box.middle[1] - logo.height // 2))


def _logo(path: Path, box: Box) -> Image.Image:
    """A logo's pixels from PNG, JPEG, WebP or SVG, told by content."""
    with path.open("rb") as file:
        start = file.read(4096)
    if b"<svg" not in start:
        return cut_out(open_photo(path))
    drawn = svg.rasterise_file(path, max(64, box.width * 2))
    seen = drawn.getchannel("A").getbbox()
    if seen is None:
        raise TaskFailed(f"the logo {path.name} shows nothing", hint="save it as PNG and name that file")
    return drawn.crop(seen)


def _write(frame: Image.Image, layout: Layout, tones: Tones, *, on_photo: bool) -> None:
    """All texts, each in its box."""
    inks = {
        "headline": WHITE if on_photo else tones.ink,
        "url": WHITE if on_photo else tones.quiet,
        "cta": tones.on_button,
    }
    for name, letters in layout.letters.items():
        box = layout.boxes[name]
        middle = layout.centred or name == "cta"
        top = box.middle[1] - letters.height // 2
        lettering.draw(
            frame, letters, (box.middle[0] if middle else box.left, top), inks[name], middle=middle
        )

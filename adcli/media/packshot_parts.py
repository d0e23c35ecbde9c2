"""The drawn parts of a packshot: button, badge, stars, podium, shadows and spaced names."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw, ImageFilter

from adcli.media import lettering, svg
from adcli.media.colour import WHITE, Colour
from adcli.media.fonts import Font
from adcli.media.layout import PixelBox
from adcli.media.lettering import Lettering
from adcli.media.packshot_layout import Layout
from adcli.media.packshot_tones import GOLD, Pair, Tones
from adcli.media.packshot_type import STAR_GAP, STAR_STEP, TIGHT
from adcli.units import Size


def button(box: PixelBox, pair: Pair, letters: Lettering, *, shadow: bool = True) -> tuple[Image.Image, int]:
    """The call to action with its text, and by how many pixels the picture is wider all around."""
    blur = box.height * 0.13
    rim = math.ceil(blur * 3 + box.height * 0.14)
    radius = box.height / 2
    body = ""
    if shadow:
        body += _blurred("lift", blur) + '<g filter="url(#lift)">'
        body += svg.rect(
            rim, rim + box.height * 0.12, box.width, box.height, pair.face.darker(0.7), r=radius, o=0.4
        )
        body += "</g>"
    body += svg.rect(rim, rim, box.width, box.height, pair.face, r=radius)
    gloss = svg.linear("gloss", [(0, WHITE, 0.22), (0.5, WHITE, 0.0)])
    if pair.ink != WHITE:  # a lighter upper half would cost white text its contrast
        body += gloss + svg.rect(rim, rim, box.width, box.height, "url(#gloss)", r=radius)
    size = Size(box.width + 2 * rim, box.height + 2 * rim)
    image = svg.rasterise(body, size)
    lettering.draw(image, letters, (size.width // 2, (size.height - letters.height) // 2), pair.ink)
    return image, rim


def badge(text: str, side: int, pair: Pair, font: Font) -> tuple[Image.Image, int]:
    """A round sticker with one or two lines, tilted, and by how many pixels its picture is wider."""
    blur = side * 0.035
    rim = math.ceil(side * 0.12)
    full, middle = side + 2 * rim, side / 2 + rim
    ring = f'stroke-dasharray="{side * 0.03:.1f} {side * 0.021:.1f}"'
    body = _blurred("lift", blur) + '<g filter="url(#lift)">'
    body += svg.circle(middle, middle + side * 0.035, side / 2, pair.face.darker(0.7), o=0.42) + "</g>"
    body += svg.circle(middle, middle, side / 2, pair.face)
    body += (
        f'<circle cx="{middle:.1f}" cy="{middle:.1f}" r="{side * 0.44:.1f}" fill="none" '
        f'stroke="{pair.ink.hex}" stroke-opacity="0.85" stroke-width="{max(1.5, side * 0.012):.1f}" {ring}/>'
    )
    image = svg.rasterise(body, Size(full, full))
    words = _badge_words(text, side, pair.ink, font).rotate(8, Image.Resampling.BICUBIC)
    image.alpha_composite(words, (rim, rim))
    return image, rim


def badge_lines(text: str) -> tuple[str, ...]:
    """The text on one or two lines; the break that makes them most alike, a number on a line of its own."""
    words: list[str] = []
    for word in text.upper().split():
        if words and not any(mark.isalnum() for mark in word):
            words[-1] += f" {word}"  # a sign such as % belongs to its number
        else:
            words.append(word)
    if len(words) < 2:
        return tuple(words)
    digits = [index for index, word in enumerate(words) if any(mark.isdigit() for mark in word)]
    if digits and digits[0] == 0:
        cut = 1
    elif digits:
        cut = digits[0]
    else:
        cut = min(
            range(1, len(words)), key=lambda at: abs(len(" ".join(words[:at])) - len(" ".join(words[at:])))
        )
    return " ".join(words[:cut]), " ".join(words[cut:])


def _badge_words(text: str, side: int, ink: Colour, font: Font) -> Image.Image:
    image = Image.new("RGBA", (side, side), (*ink, 0))
    lines = badge_lines(text)
    number = [any(mark.isdigit() for mark in line) for line in lines]
    rows, wide = [], 0.7 if len(lines) > 1 else 0.8
    for line, big in zip(lines, number, strict=True):
        tall = 0.44 if big or len(lines) == 1 else (0.19 if any(number) else 0.27)
        if fitted := lettering.fit(line, font, (round(side * wide), side), round(side * tall), 6, 1):
            rows.append(fitted)
    step = [row.size * 0.86 for row in rows]
    top = (side - sum(step)) / 2
    for row, tall in zip(rows, step, strict=True):
        lettering.draw(image, row, (side // 2, round(top + tall / 2 - row.height / 2)), ink)
        top += tall
    return image


def stars(layout: Layout, rating: float, ink: Colour) -> Image.Image:
    """Five stars filled by the rating, on a clear ground of the size of their box."""
    box, words = layout.boxes["stars"], layout.letters.get("stars")
    wide = box.width - (words.width + round(STAR_GAP * layout.unit) if words else 0)
    side = wide / (STAR_STEP * 4 + 1)
    radius = side / 2
    body, empty = "", ink.mix(WHITE, 0.6)
    for number in range(5):
        x, y = radius + number * side * STAR_STEP, box.height / 2
        shape = _star(x, y + side * 0.03, radius)
        body += svg.path(shape, empty, o=0.4)
        part = min(1.0, max(0.0, rating - number))
        if part > 0:
            cut = svg.rect(x - radius, 0, side * part, box.height, "#000")
            body += svg.clipped(f"part{number}", cut, svg.path(shape, GOLD))
    image = svg.rasterise(body, Size(box.width, box.height))
    if words:
        place = (box.width - words.width, (box.height - words.height) // 2)
        lettering.draw(image, words, place, ink, middle=False)
    return image


def _star(x: float, y: float, radius: float) -> str:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = -math.pi / 2 + corner * math.pi / 5
        points.append(f"{x + reach * math.cos(angle):.1f},{y + reach * math.sin(angle):.1f}")
    return "M" + " L".join(points) + "Z"


def podium(box: PixelBox, tones: Tones, top: Colour = WHITE) -> str:
    """A low round stage along the lower edge of the product's box."""
    x = box.middle[0]
    wide = min(box.width * 0.42, box.height * 0.52)
    rise, flat = box.height * 0.055, min(wide * 0.16, box.height * 0.05)
    high = box.bottom - rise - flat
    side: list[svg.Stop] = [(0, tones.low.darker(0.3)), (0.35, tones.ground), (1, tones.low.darker(0.4))]
    shade = svg.radial("floor", [(0, tones.low.darker(0.8), 0.36), (1, tones.low.darker(0.8), 0.0)])
    edge = (
        f"M{x - wide:.1f},{high:.1f} v{rise:.1f} a{wide:.1f},{flat:.1f} 0 0 0 {wide * 2:.1f},0 v{-rise:.1f}z"
    )
    return (
        shade
        + svg.ellipse(x, box.bottom - flat * 0.4, wide * 1.25, flat * 1.3, "url(#floor)")
        + svg.linear("side", side, across=True)
        + svg.path(edge, "url(#side)")
        + svg.ellipse(x, high, wide, flat, top)
        + svg.ellipse(x, high, wide * 0.62, flat * 0.62, "url(#floor)", o=0.8)
    )


def contact(x: float, y: float, wide: float, ink: Colour) -> str:
    """The soft shadow where something stands on a floor."""
    fade: list[svg.Stop] = [(0, ink, 0.5), (0.55, ink, 0.2), (1, ink, 0.0)]
    return svg.radial("contact", fade) + svg.ellipse(x, y, wide, wide * 0.13, "url(#contact)")


def fitted_product(product: Image.Image, room: PixelBox, *, card: bool) -> tuple[Image.Image, PixelBox]:
    """The product as large as its room allows, on its floor, and where; a card hangs in the middle."""
    wide, tall = (room.width * 0.8, room.height * 0.94) if card else (room.width * 0.86, room.height)
    scale = min(wide / product.width, tall / product.height)
    size = (max(1, round(product.width * scale)), max(1, round(product.height * scale)))
    left = room.middle[0] - size[0] // 2
    top = room.middle[1] - size[1] // 2 if card else room.bottom - size[1]
    image = product.resize(size, Image.Resampling.LANCZOS)
    return image, PixelBox(left, top, left + size[0], top + size[1])


def with_shadow(product: Image.Image, unit: float, strength: float = 0.38) -> tuple[Image.Image, int]:
    """The product over its own soft shadow, and by how many pixels the picture is wider all around."""
    blur = max(2, round(20 * unit))
    rim = blur * 4
    size = (product.width + 2 * rim, product.height + 2 * rim)
    cast = Image.new("L", size, 0)
    cast.paste(product.getchannel("A"), (rim - blur // 3, rim + blur // 2))
    small = cast.reduce(4).filter(ImageFilter.GaussianBlur(blur / 4))
    level = [round(n * strength) for n in range(256)]
    image = Image.new("RGBA", size, (36, 20, 26, 0))
    image.putalpha(small.point(level).resize(size, Image.Resampling.BICUBIC))
    image.alpha_composite(product, (rim, rim))
    return image, rim


def draw_tracked(image: Image.Image, letters: Lettering, box: PixelBox, ink: Colour) -> None:
    """A short name in letters spaced out over the width of its box; joined scripts are left as they are."""
    text = letters.lines[0]
    if not text.isascii() or len(text) < 2:
        lettering.draw(image, letters, (box.middle[0], box.top), ink)
        return
    widths = [letters.font.width(mark, letters.size) for mark in text]
    gap = min((box.width - sum(widths)) / (len(text) - 1), letters.size * 0.34)
    x = box.middle[0] - (sum(widths) + gap * (len(text) - 1)) / 2
    pen, font = ImageDraw.Draw(image), letters.font.sized(letters.size)
    for mark, width in zip(text, widths, strict=True):
        pen.text((x, box.middle[1]), mark, font=font, fill=(*ink, 255), anchor="lm")
        x += width + gap


def draw_headline(
    image: Image.Image, letters: Lettering, box: PixelBox, ink: Colour, *, centred: bool
) -> None:
    """The headline's lines, closer than other text."""
    step = letters.size * lettering.leading(letters.lines, TIGHT)
    for number, line in enumerate(letters.lines):
        one = letters._replace(lines=(line,), height=round(letters.size * lettering.LEADING), above=0)
        top = round(box.top + letters.above + step * (number + 0.5) - one.height / 2)
        lettering.draw(image, one, (box.middle[0] if centred else box.left, top), ink, middle=centred)


def _blurred(name: str, blur: float) -> str:
    return (
        f'<filter id="{name}" x="-30%" y="-60%" width="160%" height="240%">'
        f'<feGaussianBlur stdDeviation="{blur:.1f}"/></filter>'
    )


def soft(body: str, size: Size, side: int = 360) -> Image.Image:
    """Gradients without edges, drawn small and enlarged: resvg's gradients cost by the pixel."""
    small = svg.rasterise(body, size, min(0.5, side / min(size.width, size.height)))
    return small.resize((size.width, size.height), Image.Resampling.BICUBIC)


def over(frame: Image.Image, body: str, part: PixelBox | None = None) -> Image.Image:
    """A crisp drawing laid over a frame; only the part of it that is named is drawn."""
    left, top, right, bottom = part or (0, 0, *frame.size)
    left, top = max(0, left), max(0, top)
    size = Size(min(right, frame.width) - left, min(bottom, frame.height) - top)
    frame.alpha_composite(svg.rasterise(svg.group(body, x=-left, y=-top), size), (left, top))
    return frame


def beyond(box: PixelBox) -> PixelBox:
    """A box with a quarter of its shorter side around it, where floors and their shadows end."""
    more = min(box.width, box.height) // 4
    return PixelBox(box.left - more, box.top - more, box.right + more, box.bottom + more)


def lower(box: PixelBox) -> PixelBox:
    """The lower part of a product's room with all around it, where it stands."""
    return beyond(box)._replace(top=box.top + box.height // 2)

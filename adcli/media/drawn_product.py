"""Stand-ins for a product without a photo: its kind is read from its name, then it is drawn.

Its name is set on its label in any script that a font can show; a label else keeps its mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from adcli.media import svg
from adcli.media.chance import seeded
from adcli.media.colour import WHITE, Colour, hsl
from adcli.media.drawn_wear import bag, garment, headphones, shoe
from adcli.media.product_label import Setting, set_name, setting_of
from adcli.media.product_paint import Paint, gloss, label, round_body
from adcli.units import Size

if TYPE_CHECKING:
    from PIL import Image

KINDS: Mapping[str, str] = {
    "dropper": "serum oil drops essence tincture ampoule retinol elixir",
    "tube": "tube cream lotion toothpaste sunscreen spf gel cleanser ointment concealer scrub primer",
    "jar": "jar balm mask honey butter moisturizer moisturiser candle vitamins vitamin gummies capsules "
    "pills supplement supplements wax jam sauce pomade",
    "pump": "shampoo conditioner soap wash pump sanitizer foundation bodywash spray detergent cleaner",
    "can": "can soda beer energy drink sparkling seltzer lemonade cola tonic kombucha",
    "sachet": "sachet sachets electrolyte electrolytes stick sticks instant collagen",
    "headphones": "headphones headset earphones earbuds earbud",
    "garment": "shirt t-shirt tshirt tee hoodie sweater jacket dress leggings jeans apparel clothing socks "
    "sweatshirt jersey pyjamas pajamas wear",
    "pouch": "coffee pouch snack snacks protein powder tea granola nuts chips oats kibble treats rice",
    "bag": "bag tote handbag backpack purse rucksack satchel duffel luggage suitcase",
    "mug": "mug cup tumbler latte espresso cocoa",
    "shoe": "shoe shoes sneaker sneakers trainers boots runner runners footwear",
    "laptop": "laptop saas dashboard crm platform website webinar course courses bootcamp",
    "phone": "phone app application iphone android smartphone mobile game software bank banking budgeting "
    "subscription service tracker insurance dating streaming",
    "box": "box kit set package parcel meal mealkit puzzle book bundle device gadget",
    "bottle": "bottle water flask thermos wine juice perfume fragrance cologne smoothie milk insulated",
}
"""Words of names and descriptions by the kind of thing that is drawn for them; earlier kinds win ties."""

BOX = Size(600, 900)
"""Each kind is drawn within this box, standing on its lower edge."""

SCALE = 1.5
"""Pixels for each unit of the box."""


def product_kind(name: str, description: str = "") -> str:
    """Kind of a product by words of its name, then of its description; a box when nothing tells."""
    for text in (name, description):
        words = re.findall(r"\w+", text.casefold())[::-1]  # "Coffee Body Scrub": the last noun tells
        for word in [*(word for word in words if word != "bag"), *words]:  # "Coffee bag" is no handbag
            for kind, known in KINDS.items():
                if word in known.split():
                    return kind
    return "box"


def product_paint(name: str, colours: Sequence[Colour] = ()) -> Paint:
    """Colours of a product: the brand's, else a pair that its name always gets."""
    rnd = seeded(name)
    hue = rnd.choice((0.49, 0.02, 0.58, 0.93, 0.07, 0.4, 0.72))
    body = colours[0] if colours else hsl(hue, 0.62, 0.52)
    accent = colours[1] if len(colours) > 1 else hsl(body.hue + 0.55, 0.75, 0.62)
    cap = WHITE.mix(body, 0.08) if body.luminance < 0.35 else body.darker(0.72)
    return Paint(body, body.darker(0.45), body.lighter(0.3), cap, accent, WHITE.mix(body, 0.07))


def draw_product(name: str, description: str, colours: Sequence[Colour] = ()) -> Image.Image:
    """The product with its name on it, cropped to itself, RGBA; ``SCALE`` times 600×900 at most."""
    return _drawn(product_kind(name, description), product_paint(name, colours), name)


def draw_kind(kind: str, name: str, colours: Sequence[Colour] = ()) -> Image.Image:
    """One of ``KINDS`` without a name on it, in the colours that go with one."""
    return _drawn(kind, product_paint(name, colours), "")


def _drawn(kind: str, paint: Paint, name: str) -> Image.Image:
    setting: Setting | None = setting_of(kind, name, SCALE)
    image = svg.rasterise(_DRAWERS[kind](replace(paint, named=setting is not None)), BOX, SCALE)
    if setting is not None:
        set_name(image, setting, paint)
    box = image.getchannel("A").getbbox()
    return image.crop(box) if box else image


def _vessel(
    paint: Paint,
    x: float,
    y: float,
    w: float,
    h: float,
    shoulder: float,
    neck: float,
    *,
    papered: bool = True,
) -> str:
    """A bottle's body between a neck and a rounded foot, with its label."""
    mid, foot = x + w / 2, y + h
    curve = f"{mid + neck},{y + shoulder * 0.6} {mid + neck},{y}Z"
    d = (
        f"M{mid - neck},{y} C{mid - neck},{y + shoulder * 0.6} {x},{y + shoulder * 0.5} {x},{y + shoulder} "
        f"L{x},{foot - 36} Q{x},{foot} {x + 40},{foot} L{x + w - 40},{foot} "
        f"Q{x + w},{foot} {x + w},{foot - 36} "
        f"L{x + w},{y + shoulder} C{x + w},{y + shoulder * 0.5} {curve}"
    )
    top = y + shoulder + (h - shoulder) * 0.16
    paper = label(paint, x, top, w, (h - shoulder) * 0.62) if papered else ""
    return svg.path(d, "url(#body)") + paper + gloss(x, y + shoulder * 0.8, w, h - shoulder - 30)


def _bottle(paint: Paint) -> str:
    loop = svg.stroke("M262,84 v-30 q0,-34 38,-34 q38,0 38,34 v30", paint.cap.darker(0.3), 18)
    cap = svg.rect(240, 76, 120, 110, "url(#cap)", r=20) + svg.rect(
        232, 160, 136, 22, paint.cap.darker(0.35), r=10
    )
    return (
        round_body(paint) + loop + _vessel(paint, 180, 180, 240, 720, 130, 66, papered=not paint.named) + cap
    )


def _dropper(paint: Paint) -> str:
    bulb = svg.path("M262,150 q-8,-130 38,-140 q46,10 38,140z", paint.cap.darker(0.35))
    bulb += svg.path("M278,140 q-4,-96 18,-112 q-2,50 -4,112z", WHITE, o=0.28)
    collar = svg.rect(238, 140, 124, 130, "url(#cap)", r=12)
    ribs = "".join(svg.rect(250 + i * 17, 150, 4, 110, "#000", r=2, o=0.12) for i in range(7))
    return round_body(paint) + _vessel(paint, 140, 262, 320, 638, 110, 62) + bulb + collar + ribs


def _pump(paint: Paint) -> str:
    head = svg.path(
        "M214,60 q0,-22 24,-22 h128 q20,0 20,22 v26 h-150 q-22,0 -52,34 l-18,-12 q20,-40 48,-48z", paint.cap
    )
    stem = svg.rect(284, 84, 32, 90, paint.cap.darker(0.25)) + svg.rect(236, 160, 128, 70, "url(#cap)", r=14)
    return round_body(paint) + stem + head + _vessel(paint, 150, 226, 300, 674, 84, 70)


def _tube(paint: Paint) -> str:
    d = "M176,40 L424,40 L446,60 Q452,520 408,770 L192,770 Q148,520 154,60Z"
    crimp = "".join(svg.rect(176 + i * 19, 44, 5, 50, "#000", r=2, o=0.1) for i in range(14))
    cap = svg.path("M196,770 h208 l-10,116 q-2,14 -18,14 h-152 q-16,0 -18,-14z", "url(#cap)")
    ribs = "".join(svg.rect(216 + i * 21, 790, 5, 96, "#000", r=2, o=0.13) for i in range(9))
    paper = label(paint, 178, 220, 244, 380)
    return (
        round_body(paint) + svg.path(d, "url(#body)") + crimp + paper + gloss(160, 130, 280, 600) + cap + ribs
    )


def _jar(paint: Paint) -> str:
    lid = svg.rect(70, 330, 460, 170, "url(#cap)", r=34) + svg.rect(70, 470, 460, 16, "#000", o=0.14)
    body = svg.path(
        "M92,486 h416 q18,20 18,60 v286 q0,68 -70,68 h-312 q-70,0 -70,-68 v-286 q0,-40 18,-60z", "url(#body)"
    )
    shine = svg.rect(120, 350, 330, 20, WHITE, r=10, o=0.35)
    return round_body(paint) + body + label(paint, 74, 560, 452, 250) + gloss(78, 520, 440, 350) + lid + shine


def _can(paint: Paint) -> str:
    metal: list[svg.Stop] = [(0, "#8e98a3"), (0.25, "#f7fafc"), (0.55, "#b6c0ca"), (1, "#6d7781")]
    body = svg.path(
        "M150,150 q-30,30 -30,80 v560 q0,50 34,80 h292 q34,-30 34,-80 v-560 q0,-50 -30,-80z", "url(#body)"
    )
    rim = svg.path("M150,150 q10,-40 30,-50 h240 q20,10 30,50z", "url(#metal)") + svg.ellipse(
        300, 100, 122, 20, "#dfe6ec"
    )
    tab = svg.ellipse(300, 98, 46, 9, "#9aa5b0") + svg.path(
        "M154,870 h292 q-8,28 -34,30 h-224 q-26,-2 -34,-30z", "url(#metal)"
    )
    band = svg.path("M120,420 q180,-110 360,60 v160 q-180,-170 -360,-50z", paint.accent, o=0.95)
    mark = svg.circle(300, 360, 88, paint.label) + svg.path(
        "M300,300 q56,56 0,124 q-56,-68 0,-124z", paint.accent
    )
    quiet = svg.rect(246, 752, 108, 12, paint.label, r=6, o=0.7)
    if not paint.named:
        quiet += svg.rect(220, 680, 160, 26, paint.label, r=10)
    veil = svg.rect(120, 232, 360, 560, "url(#veil)", o=0.3)
    return (
        round_body(paint)
        + svg.linear("metal", metal, across=True)
        + body
        + band
        + mark
        + quiet
        + veil
        + gloss(124, 230, 350, 580)
        + rim
        + tab
    )


def _pouch(paint: Paint) -> str:
    d = "M120,90 L480,90 Q470,200 486,420 Q510,720 496,880 Q300,916 104,880 Q90,720 114,420 Q130,200 120,90Z"
    top = svg.rect(112, 50, 376, 64, paint.shade, r=10) + svg.rect(112, 126, 376, 8, "#000", o=0.15)
    folds = svg.path("M104,880 Q150,800 128,640 Q116,760 104,880Z", "#000", o=0.16) + svg.path(
        "M496,880 Q450,800 472,640 Q484,760 496,880Z", "#000", o=0.2
    )
    paper = svg.clipped("lab", svg.rect(160, 260, 280, 430, "#000", r=26), label(paint, 160, 260, 280, 430))
    return round_body(paint) + svg.path(d, "url(#body)") + folds + top + paper + gloss(126, 180, 340, 560)


def _mug(paint: Paint) -> str:
    handle = svg.stroke("M440,560 q120,-20 110,110 q-10,110 -130,110", paint.shade, 40)
    body = svg.path("M80,450 h370 v330 q0,120 -110,120 h-150 q-110,0 -110,-120z", "url(#body)")
    inside = svg.ellipse(265, 450, 185, 40, paint.shade) + svg.ellipse(265, 458, 165, 30, "#4a2c1a")
    steam = "".join(
        svg.stroke(f"M{x},390 q-34,-50 0,-100 q34,-50 0,-100", WHITE, 13, o=0.35) for x in (200, 265, 330)
    )
    mark = svg.circle(265, 680, 78, paint.label) + svg.path(
        "M265,628 q48,46 0,106 q-48,-60 0,-106z", paint.accent
    )
    return round_body(paint) + handle + body + mark + gloss(84, 520, 360, 300) + inside + steam


def _screen(paint: Paint, x: float, y: float, w: float, h: float) -> str:
    """What an app shows: a header, a chart, cards; no words."""
    header = svg.rect(x, y, w, h * 0.3, "url(#body)") + svg.circle(
        x + w * 0.16, y + h * 0.12, w * 0.06, WHITE, o=0.9
    )
    header += svg.rect(x + w * 0.3, y + h * 0.095, w * 0.45, h * 0.024, WHITE, r=8, o=0.9)
    if not paint.named:
        header += svg.rect(x + w * 0.1, y + h * 0.19, w * 0.55, h * 0.04, WHITE, r=8)
    bars = "".join(
        svg.rect(x + w * (0.12 + i * 0.165), y + h * (0.56 - part), w * 0.1, h * part, tint, r=8)
        for i, (part, tint) in enumerate(
            zip(
                (0.09, 0.14, 0.11, 0.18, 0.21),
                (paint.light, paint.body, paint.light, paint.body, paint.accent),
                strict=True,
            )
        )
    )
    rows = "".join(
        svg.rect(x + w * 0.08, y + h * (0.62 + i * 0.12), w * 0.84, h * 0.095, WHITE, r=14)
        + svg.circle(
            x + w * 0.18, y + h * (0.667 + i * 0.12), w * 0.05, paint.accent if i == 1 else paint.body
        )
        + svg.rect(x + w * 0.3, y + h * (0.655 + i * 0.12), w * 0.42, h * 0.022, paint.shade, r=6, o=0.5)
        for i in range(3)
    )
    return svg.rect(x, y, w, h, "#eef1f6") + header + bars + rows


def _phone(paint: Paint) -> str:
    frame = svg.rect(94, 30, 412, 870, "#14161d", r=66) + svg.rect(98, 34, 404, 862, "#3a3f4d", r=62, o=0.5)
    frame += svg.rect(106, 42, 388, 846, "#0c0d12", r=56)
    glass = svg.rect(116, 52, 368, 826, "#000", r=48)
    screen = svg.clipped("glass", glass, _screen(paint, 116, 52, 368, 826))
    sheen = svg.clipped("sheen", glass, svg.polygon([(116, 52), (330, 52), (116, 560)], WHITE, o=0.1))
    return round_body(paint) + frame + screen + sheen + svg.rect(250, 68, 100, 28, "#0c0d12", r=14)


def _laptop(paint: Paint) -> str:
    lid = svg.rect(40, 420, 520, 380, "#23262f", r=22)
    screen = svg.clipped(
        "glass", svg.rect(56, 436, 488, 340, "#000", r=10), _screen(paint, 56, 436, 488, 420)
    )
    base: list[svg.Stop] = [(0, "#e9edf2"), (1, "#a8b0bb")]
    foot = svg.path("M0,800 h600 l-20,50 q-6,14 -24,14 h-512 q-18,0 -24,-14z", "url(#base)")
    return (
        round_body(paint)
        + svg.linear("base", base)
        + lid
        + screen
        + foot
        + svg.rect(230, 800, 140, 14, "#8b94a1", r=7)
    )


def _box(paint: Paint) -> str:
    front = svg.polygon([(60, 330), (420, 380), (420, 900), (60, 830)], "url(#front)")
    side = svg.polygon([(420, 380), (550, 310), (550, 800), (420, 900)], paint.shade)
    top = svg.polygon([(60, 330), (200, 270), (550, 310), (420, 380)], paint.light.lighter(0.25))
    band = svg.polygon([(60, 470), (420, 530), (420, 740), (60, 670)], paint.label)
    band += svg.polygon([(420, 530), (550, 448), (550, 656), (420, 740)], paint.label.mix(paint.shade, 0.35))
    mark = svg.path("M190,500 q52,72 0,152 q-52,-96 0,-152z", paint.accent)
    lines = "" if paint.named else svg.polygon([(240, 556), (384, 580), (384, 606), (240, 582)], paint.shade)
    lines += (
        ""
        if paint.named
        else svg.polygon([(240, 610), (340, 627), (340, 643), (240, 626)], paint.shade, o=0.5)
    )
    stops: list[svg.Stop] = [(0, paint.light), (0.5, paint.body), (1, paint.body.darker(0.15))]
    return svg.linear("front", stops, across=True, tilt=0.4) + front + side + top + band + mark + lines


def _sachet(paint: Paint) -> str:
    d = "M140,60 H460 L452,96 Q476,470 452,844 L460,880 H140 L148,844 Q124,470 148,96Z"
    crimps = ""
    for top in (60, 836):
        crimps += svg.rect(142, top, 316, 44, paint.shade, o=0.55)
        crimps += "".join(svg.rect(148 + i * 16, top, 4, 44, WHITE, o=0.25) for i in range(20))
    notch = svg.polygon([(458, 130), (440, 140), (458, 150)], WHITE, o=0.9)
    mark = svg.circle(300, 300, 92, paint.label) + svg.path(
        "M300,236 q60,60 0,134 q-60,-74 0,-134z", paint.accent
    )
    swell = svg.path("M148,620 Q300,520 452,640 V844 H148Z", paint.accent, o=0.9)
    sheen = svg.path("M170,110 Q150,470 172,830 H214 Q186,470 214,110Z", WHITE, o=0.28)
    return round_body(paint) + svg.path(d, "url(#body)") + swell + mark + crimps + notch + sheen


_DRAWERS: Mapping[str, Callable[[Paint], str]] = {
    "bottle": _bottle,
    "dropper": _dropper,
    "pump": _pump,
    "tube": _tube,
    "jar": _jar,
    "can": _can,
    "sachet": _sachet,
    "headphones": headphones,
    "garment": garment,
    "bag": bag,
    "pouch": _pouch,
    "mug": _mug,
    "shoe": shoe,
    "phone": _phone,
    "laptop": _laptop,
    "box": _box,
}

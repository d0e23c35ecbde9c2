"""A person from the waist up around the middle of the head, and hands that hold things."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.hair import hair
from adcli.providers.local.drawing.head import head
from adcli.providers.local.drawing.look import Look


def person(look: Look, mood: str, *, tilt: float = 0.0, selfie: bool = False) -> str:
    """The whole figure; ``tilt`` of the head in degrees. It reaches 2100 below the head's middle."""
    back, front = hair(look)
    turned = f'<g transform="rotate({tilt:.2f} 0 190) translate(0 26) scale(1.2)">'
    broad = 1.0 if look.woman else 1.13
    trunk = f'<g transform="scale({broad} 1)">{_trunk(look)}</g>'
    arm = _selfie_arm(look) if selfie else ""
    return paints(look) + turned + back + "</g>" + trunk + turned + head(look, mood) + front + "</g>" + arm


def paints(look: Look) -> str:
    """The gradients that limbs and clothes are filled with."""
    cloth: list[svg.Stop] = [(0, look.cloth.lighter(0.16)), (0.5, look.cloth), (1, look.cloth.darker(0.35))]
    neck: list[svg.Stop] = [(0, look.shade), (0.55, look.skin.mix(look.shade, 0.45)), (1, look.skin)]
    arm: list[svg.Stop] = [(0, look.glow), (0.5, look.skin), (1, look.shade)]
    return (
        svg.linear("cloth", cloth, across=True, tilt=0.5)
        + svg.linear("neck", neck)
        + svg.linear("arm", arm, across=True)
    )


_BODY = (
    "C140,345 236,362 322,402 C396,436 428,500 444,620 L520,2100 L-520,2100 L-444,620 "
    "C-428,500 -396,436 -322,402 C-236,362 -140,345"
)


def _trunk(look: Look) -> str:
    wide = 64 if look.woman else 74
    neck = svg.path(
        f"M{-wide},100 C{-wide},200 {-wide},250 {-wide - 10},300 C-110,350 -240,352 -300,400 L-300,560 "
        "L300,560 L300,400 "
        f"C240,352 110,350 {wide + 10},300 C{wide},250 {wide},200 {wide},100Z",
        "url(#neck)",
    )
    bones = svg.stroke("M-150,392 Q-70,396 -34,420 M150,392 Q70,396 34,420", look.shade, 5, o=0.4)
    return neck + bones + _TOPS[look.top](look) + _folds(look)


def _folds(look: Look) -> str:
    dark = look.cloth.darker(0.6)
    return (
        svg.stroke(
            "M-318,660 C-334,820 -336,1000 -330,1300 M318,660 C334,820 336,1000 330,1300", dark, 9, o=0.3
        )
        + svg.stroke("M-300,560 q50,50 60,110 M300,560 q-50,50 -60,110", dark, 7, o=0.22)
        + svg.path(
            "M120,420 C320,400 420,480 450,660 L520,2100 L300,2100 C340,1000 330,700 120,420Z", dark, o=0.16
        )
    )


def _garment(dip: float, fill: str = "url(#cloth)", width: float = 84) -> str:
    """A top with a round neckline that hangs ``dip`` low."""
    top = f"M{-width},316 Q0,{dip} {width},316"
    return svg.path(f"{top} {_BODY} {-width},316Z", fill)


def _tee(look: Look) -> str:
    hem = svg.stroke("M-84,318 Q0,436 84,318", look.cloth.darker(0.3), 12, o=0.6)
    sleeve = svg.stroke(
        "M-452,700 Q-400,724 -330,716 M452,700 Q400,724 330,716", look.cloth.darker(0.5), 7, o=0.4
    )
    return _garment(436) + hem + sleeve


def _turtleneck(look: Look) -> str:
    collar = svg.path("M-86,226 Q0,262 86,226 L98,338 Q0,392 -98,338Z", look.cloth.lighter(0.06))
    ribs = "".join(
        svg.stroke(f"M{x},{246 - abs(x) * 0.14:.0f} L{x * 1.1:.0f},350", look.cloth.darker(0.5), 4, o=0.25)
        for x in range(-70, 80, 20)
    )
    knit = "".join(
        svg.stroke(f"M-300,{y} Q0,{y + 40} 300,{y}", look.cloth.darker(0.5), 4, o=0.12)
        for y in range(520, 1300, 70)
    )
    return _garment(352) + knit + collar + ribs


def _hoodie(look: Look) -> str:
    hood = svg.path(
        "M-84,300 C-180,240 -236,330 -250,410 Q-120,360 0,470 Q120,360 250,410 C236,330 180,240 84,300 "
        "Q0,400 -84,300Z",
        look.cloth.darker(0.22),
    )
    cords = svg.stroke("M-56,410 q-12,90 -4,170 M56,410 q12,80 4,150", WHITE, 9)
    pocket = svg.stroke(
        "M-190,1010 L-240,1260 M190,1010 L240,1260 M-190,1010 H190", look.cloth.darker(0.5), 9, o=0.4
    )
    return _garment(440) + hood + cords + pocket


def _shirt(look: Look) -> str:
    under = svg.path("M-60,330 L0,560 L60,330Z", "url(#neck)")
    opening = svg.path(
        "M-84,316 L0,540 L84,316 L100,320 L10,600 V2100 H-10 V600 L-100,320Z", look.cloth.darker(0.28)
    )
    collar = svg.path(
        "M-90,290 L0,520 L-92,470 L-150,340Z M90,290 L0,520 L92,470 L150,340Z", look.cloth.lighter(0.22)
    )
    buttons = "".join(svg.circle(0, y, 9, WHITE, o=0.9) for y in range(640, 1300, 150))
    return _garment(440) + under + opening + collar + buttons


def _blazer(look: Look) -> str:
    dark = look.cloth.darker(0.35)
    inner = svg.path("M-90,316 Q0,430 90,316 L130,380 L40,2100 H-40 L-130,380Z", look.under)
    hem = svg.stroke("M-88,320 Q0,434 88,320", look.under.darker(0.2), 8, o=0.5)
    lapels = svg.path(
        "M-96,304 C-150,330 -180,360 -190,400 L-150,560 L-196,570 L-30,960 L-60,700Z M96,304 C150,330 "
        "180,360 190,400 L150,560 L196,570 L30,960 L60,700Z",
        dark,
    )
    front = svg.path(
        "M-100,310 L-190,400 L-34,980 L-60,2100 H-520 L-444,620 C-428,500 -396,436 -322,402 C-236,362 "
        "-150,345 -100,310Z M100,310 L190,400 L34,980 L60,2100 H520 L444,620 C428,500 396,436 322,402 "
        "C236,362 150,345 100,310Z",
        "url(#cloth)",
    )
    return _garment(430, look.under.hex) + inner + hem + front + lapels + svg.circle(-8, 1040, 13, dark)


def _coat(look: Look) -> str:
    steth = svg.stroke("M-120,330 C-130,520 -60,640 0,680 C60,640 130,520 120,330", Colour(64, 72, 88), 13)
    badge = svg.rect(150, 640, 120, 80, WHITE, r=10) + svg.rect(166, 660, 60, 12, Colour(90, 150, 190), r=5)
    badge += svg.rect(166, 684, 88, 9, Colour(160, 168, 178), r=4)
    return _blazer(look) + steth + svg.circle(0, 706, 30, Colour(150, 160, 175)) + badge


def _robe(look: Look) -> str:
    chest = svg.path("M-80,310 L10,720 L80,310Z", "url(#neck)")
    shade = look.cloth.darker(0.22)
    left = svg.path(
        "M-100,300 C-140,330 -170,380 -170,420 L60,960 L120,900 L-20,620Z", look.cloth.lighter(0.2)
    )
    right = svg.path(
        "M100,300 C140,330 170,380 170,420 L-40,1000 L-110,940 L20,640Z", look.cloth.lighter(0.3)
    )
    edge = svg.stroke("M170,420 L-40,1000 M-170,420 L-20,770", shade, 6, o=0.6)
    belt = svg.path("M-360,1010 Q0,1060 360,1010 V1100 Q0,1150 -360,1100Z", shade)
    return _garment(440) + chest + left + right + edge + belt


def _tank(look: Look) -> str:
    skin = svg.path(f"M-84,316 Q0,400 84,316 {_BODY} -84,316Z", "url(#arm)")
    top = svg.path(
        "M-196,352 C-180,500 -250,600 -330,660 L-340,2100 H340 L330,660 C250,600 180,500 196,352 L128,338 "
        "C120,470 70,520 0,520 C-70,520 -120,470 -128,338Z",
        "url(#cloth)",
    )
    trim = svg.stroke(
        "M-128,340 C-120,470 -70,520 0,520 C70,520 120,470 128,340", look.cloth.lighter(0.35), 9, o=0.8
    )
    bones = svg.stroke("M-170,396 Q-80,400 -36,426 M170,396 Q80,400 36,426", look.shade, 5, o=0.4)
    return skin + bones + top + trim


def _apron(look: Look) -> str:
    tee = svg.path(f"M-84,316 Q0,436 84,316 {_BODY} -84,316Z", look.under.darker(0.06))
    straps = svg.stroke(
        "M-150,620 C-150,480 -120,380 -96,318 M150,620 C150,480 120,380 96,318", look.cloth.darker(0.2), 26
    )
    bib = svg.path(
        "M-180,600 H180 Q200,800 320,860 L340,2100 H-340 L-320,860 Q-200,800 -180,600Z", "url(#cloth)"
    )
    pocket = svg.path("M-120,960 H120 V1120 Q0,1170 -120,1120Z", look.cloth.darker(0.2))
    return tee + straps + bib + pocket


_TOPS: Mapping[str, Callable[[Look], str]] = {
    "tee": _tee,
    "turtleneck": _turtleneck,
    "hoodie": _hoodie,
    "shirt": _shirt,
    "blazer": _blazer,
    "coat": _coat,
    "robe": _robe,
    "tank": _tank,
    "apron": _apron,
}
TOPS = tuple(_TOPS)
"""Clothes that can be drawn."""


def sleeve(look: Look) -> tuple[str, Colour]:
    """What covers a forearm: a paint, and the darker colour of its folds."""
    if look.top in ("tee", "tank", "apron"):
        return "url(#arm)", look.shade
    return "url(#cloth)", look.cloth.darker(0.5)


def _selfie_arm(look: Look) -> str:
    """The arm that holds the camera, growing towards the lower corner on the left."""
    fill, dark = sleeve(look)
    d = (
        "M-330,420 C-430,470 -470,560 -540,740 C-620,900 -760,1060 -900,1180 L-560,1480 C-420,1250 "
        "-300,1000 -250,760Z"
    )
    return (
        svg.path(
            "M-250,760 C-300,1000 -420,1250 -560,1480 L-500,1480 C-370,1250 -240,1000 -210,760Z", dark, o=0.35
        )
        + svg.path(d, fill)
        + svg.stroke(
            "M-300,640 C-380,660 -420,700 -440,760 M-420,960 C-480,960 -530,990 -560,1030", dark, 9, o=0.3
        )
    )


def forearm(look: Look, hand: tuple[float, float], elbow: tuple[float, float], wide: float = 1.0) -> str:
    """An arm from an elbow to a hand, a cuff at the wrist."""
    (hx, hy), (ex, ey) = hand, elbow
    fill, dark = sleeve(look)
    length = max(1.0, ((hx - ex) ** 2 + (hy - ey) ** 2) ** 0.5)
    nx, ny = (hy - ey) / length, (ex - hx) / length
    thin, thick = 48 * wide, 92 * wide
    wx, wy = hx + (ex - hx) * 0.2, hy + (ey - hy) * 0.2
    wrist = (
        f"M{hx + nx * thin:.0f},{hy + ny * thin:.0f} L{wx + nx * thin * 1.1:.0f},{wy + ny * thin * 1.1:.0f} "
    )
    wrist += (
        f"L{wx - nx * thin * 1.1:.0f},{wy - ny * thin * 1.1:.0f} L{hx - nx * thin:.0f},{hy - ny * thin:.0f}Z"
    )
    thin *= 1.25
    cover = (
        f"M{wx + nx * thin:.0f},{wy + ny * thin:.0f} "
        f"Q{(wx + ex) / 2 + nx * thick:.0f},{(wy + ey) / 2 + ny * thick:.0f} "
        f"{ex + nx * thick:.0f},{ey + ny * thick:.0f} L{ex - nx * thick:.0f},{ey - ny * thick:.0f} "
        f"Q{(wx + ex) / 2 - nx * thick:.0f},{(wy + ey) / 2 - ny * thick:.0f} "
        f"{wx - nx * thin:.0f},{wy - ny * thin:.0f}Z"
    )
    cuff = svg.stroke(
        f"M{wx + nx * thin:.0f},{wy + ny * thin:.0f} L{wx - nx * thin:.0f},{wy - ny * thin:.0f}",
        dark,
        12 * wide,
        o=0.6,
    )
    bare = fill == "url(#arm)"
    return svg.path(wrist, "url(#arm)") + svg.path(cover, fill) + ("" if bare else cuff)


def palm(look: Look, x: float, y: float, width: float, size: float = 1.0) -> str:
    """What of a hand is behind a held thing: around (x, y), a little wider than the thing."""
    tall = 210 * size
    w = width + 64 * size
    return svg.rect(x - w / 2, y - tall * 0.5, w, tall, look.shade, r=72 * size) + svg.rect(
        x - 56 * size, y + tall * 0.1, 112 * size, tall * 0.75, "url(#arm)", r=50 * size
    )


def fingers(look: Look, x: float, y: float, width: float, size: float = 1.0) -> str:
    """What of a hand is before a held thing: four fingers on its left edge, the thumb on its right."""
    reach = min(86 * size, width * 0.36)
    left, right = x - width / 2, x + width / 2
    hand = paints(look)
    for i, (out, turn) in enumerate(((34, -12), (40, -5), (38, 2), (28, 9))):
        top = y - 84 * size + i * 46 * size
        finger = svg.rect(
            -out * size, -23 * size, (out * size) + reach, 45 * size, look.shade, r=23 * size, o=0.9
        )
        finger += svg.rect(
            -out * size, -25 * size, (out * size) + reach - 3, 43 * size, "url(#finger)", r=21 * size
        )
        nail = svg.ellipse(
            reach - 19 * size, -4 * size, 12 * size, 12 * size, look.glow.mix(Colour(240, 150, 150), 0.35)
        )
        hand += svg.group(finger + nail, x=left, y=top, turn=turn)
    thumb = svg.rect(-reach, -27 * size, reach + 52 * size, 56 * size, look.shade, r=28 * size, o=0.9)
    thumb += svg.rect(-reach + 3, -29 * size, reach + 50 * size, 53 * size, "url(#finger)", r=26 * size)
    thumb += svg.ellipse(
        -reach + 25 * size, -6 * size, 15 * size, 13 * size, look.glow.mix(Colour(240, 150, 150), 0.35)
    )
    hand += svg.group(thumb, x=right, y=y - 26 * size, turn=28)
    return (
        svg.linear("finger", [(0, look.glow), (0.6, look.skin), (1, look.skin.mix(look.shade, 0.5))]) + hand
    )

"""Products that are worn or carried: shoe, garment, bag, headphones."""

from __future__ import annotations

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.media.product_paint import Paint, round_body


def shoe(paint: Paint) -> str:
    """A running shoe from its side, the toe to the right."""
    upper = (
        "M36,700 C30,640 34,560 62,520 C96,532 130,540 176,516 C212,496 236,470 262,462 "
        "C300,520 380,590 470,622 C548,648 580,676 580,730 V760 H40Z"
    )
    foam = "M24,742 H588 C598,790 580,840 540,846 H96 C44,846 16,800 24,742Z"
    tongue = svg.path("M196,520 C204,470 236,430 282,430 C296,452 292,476 276,490 L232,540Z", paint.light)
    panel = svg.path("M120,742 C150,660 220,620 300,560 L372,610 C330,660 320,700 330,742Z", paint.accent)
    heel = svg.path(
        "M36,700 C30,640 34,560 62,520 C84,530 104,534 124,530 L110,742 H40Z", paint.shade, o=0.75
    )
    toe = svg.path(
        "M470,622 C548,648 580,676 580,730 V742 H452 C440,690 446,650 470,622Z", paint.shade, o=0.5
    )
    laces = "".join(svg.stroke(f"M{238 + i * 40},{548 + i * 20} l{46},{-38}", WHITE, 14) for i in range(5))
    collar = svg.path(
        "M62,520 C110,560 180,540 262,462 L250,448 C180,506 120,520 70,500Z", paint.shade.darker(0.3)
    )
    mesh = "".join(svg.circle(400 + (i % 8) * 18, 640 + i // 8 * 18, 3.4, WHITE, o=0.4) for i in range(32))
    tread = "".join(svg.rect(60 + i * 40, 828, 22, 22, paint.shade.darker(0.4), r=5) for i in range(12))
    line = svg.rect(34, 792, 548, 12, paint.accent, r=6)
    shine = svg.stroke("M300,520 C360,580 430,616 500,644", WHITE, 8, o=0.35)
    return (
        round_body(paint)
        + tread
        + tongue
        + svg.path(upper, "url(#body)")
        + collar
        + mesh
        + heel
        + toe
        + panel
        + laces
        + shine
        + svg.path(foam, WHITE.mix(paint.body, 0.05))
        + svg.path("M24,742 H588 L586,764 H26Z", "#000", o=0.1)
        + line
    )


def garment(paint: Paint) -> str:
    """A T-shirt laid flat."""
    d = (
        "M196,180 C240,220 360,220 404,180 L560,262 L520,420 L452,388 C440,560 446,740 458,880 "
        "Q300,906 142,880 C154,740 160,560 148,388 L80,420 L40,262Z"
    )
    inside = svg.path("M196,180 C240,146 360,146 404,180 C360,206 240,206 196,180Z", paint.shade.darker(0.35))
    collar = svg.stroke("M196,180 C240,226 360,226 404,180", paint.shade, 16)
    folds = svg.path("M148,388 C200,520 190,700 142,880 C154,740 160,560 148,388Z", "#000", o=0.16)
    folds += svg.path("M452,388 C410,520 420,700 458,880 C446,740 440,560 452,388Z", "#000", o=0.2)
    folds += svg.stroke("M230,300 Q220,420 250,520 M380,310 Q400,420 366,540", paint.shade, 9, o=0.35)
    hems = svg.stroke("M86,400 L46,272 M514,400 L554,272 M150,862 Q300,886 450,862", paint.shade, 5, o=0.5)
    mark = "" if paint.named else svg.path("M300,380 q76,76 0,190 q-76,-114 0,-190z", paint.accent)
    return round_body(paint) + inside + svg.path(d, "url(#body)") + folds + collar + hems + mark


def bag(paint: Paint) -> str:
    """A tote bag with two handles."""
    strap = paint.accent.darker(0.15)
    behind = svg.stroke("M210,380 C210,120 390,120 390,380", strap.darker(0.35), 30)
    body = "M110,360 H490 L520,860 Q520,900 480,900 H120 Q80,900 80,860Z"
    front = svg.stroke("M190,470 V400 C190,90 410,90 410,400 V470", strap, 32)
    ends = "".join(svg.rect(x, 440, 52, 66, strap.darker(0.12), r=6) for x in (164, 384))
    folds = svg.path("M80,860 Q150,760 130,560 L100,520Z", "#000", o=0.14)
    folds += svg.path("M520,860 Q450,760 470,560 L500,520Z", "#000", o=0.18)
    seam = svg.stroke("M114,390 H486", WHITE, 4, o=0.5)
    mark = "" if paint.named else svg.path("M300,560 q84,84 0,210 q-84,-126 0,-210z", paint.accent)
    return round_body(paint) + behind + svg.path(body, "url(#body)") + folds + seam + front + ends + mark


def headphones(paint: Paint) -> str:
    """Headphones from the front."""
    dark = Colour(38, 40, 52)
    band = svg.stroke("M96,600 C70,330 170,200 300,200 C430,200 530,330 504,600", dark, 54)
    band += svg.stroke("M110,560 C96,350 190,226 300,226 C410,226 504,350 490,560", paint.body, 22)
    band += svg.stroke("M170,300 C206,248 250,226 300,224", WHITE, 10, o=0.5)
    cups = ""
    for side in (-1, 1):
        cup = svg.rect(-84, -150, 118, 300, dark, r=56) + svg.rect(-6, -168, 118, 336, "url(#body)", r=58)
        cup += svg.rect(30, -110, 26, 220, WHITE, r=13, o=0.3) + svg.circle(56, 0, 26, paint.accent)
        cups += f'<g transform="translate({300 + side * 190} 690) scale({side} 1)">{cup}</g>'
    return round_body(paint) + band + cups

"""A person from the waist up around the middle of the head, and hands that hold things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.hair import hair
from adcli.providers.local.drawing.head import head
from adcli.providers.local.drawing.limbs import Joint, cloth, forearm, legs, open_hand, upper_arm
from adcli.providers.local.drawing.look import Look


class Pose(NamedTuple):
    """How the arms are held: places of elbow and hand of each, from the middle of the head."""

    left: tuple[Joint, Joint]
    right: tuple[Joint, Joint]
    open_left: bool = False
    open_right: bool = False


def _hanging(side: int) -> tuple[Joint, Joint]:
    return Joint(side * 405, 980, 70), Joint(side * 392, 1440, 54)


def _raised(side: int) -> tuple[Joint, Joint]:
    return Joint(side * 452, 960, 70), Joint(side * 476, 560, 50)


POSES: Mapping[str, Pose] = {
    "rest": Pose(_hanging(-1), _hanging(1)),
    "talk": Pose(_hanging(-1), _raised(1), open_right=True),
    "wow": Pose(_raised(-1), _raised(1), open_left=True, open_right=True),
}
"""Poses of arms that hold nothing."""


def person(
    look: Look, mood: str, *, tilt: float = 0.0, pose: Pose = POSES["rest"], stride: float | None = None
) -> str:
    """The whole figure, the right arm (on the viewer's right) only down to its elbow.

    ``tilt`` of the head in degrees. It reaches 2100 below the head's middle, or, with legs that are
    ``stride`` apart, 2520. ``hand`` draws the rest of the right arm.
    """
    back, front = hair(look)
    turned = f'<g transform="rotate({tilt:.2f} 0 190) translate(0 26) scale(1.2)">'
    broad = 1.0 if look.woman else 1.1
    lower = legs(look, stride) if stride is not None else ""
    trunk = f'<g transform="scale({broad} 1)">{_trunk(look)}</g>'
    if stride is not None:
        trunk = svg.clipped("waist", svg.rect(-700, -100, 1400, 1400, "#000", r=90), trunk)
    arms = upper_arm(look, Joint(-292 * broad, 492, 94), pose.left[0]) + forearm(look, *pose.left)
    arms += upper_arm(look, Joint(292 * broad, 492, 94), pose.right[0])
    if pose.open_left:
        arms += open_hand(look, pose.left[1].x, pose.left[1].y - 70, -8, 1)
    return (
        paints(look)
        + turned
        + back
        + "</g>"
        + lower
        + trunk
        + arms
        + turned
        + head(look, mood)
        + front
        + "</g>"
    )


def lower_arm(look: Look, pose: Pose) -> str:
    """The right forearm, and its hand where it is open; what is held comes over it."""
    out = forearm(look, *pose.right)
    if pose.open_right:
        out += open_hand(look, pose.right[1].x, pose.right[1].y - 70, 8, -1)
    return out


def paints(look: Look) -> str:
    """The gradients that limbs and clothes are filled with."""
    tone = cloth(look)
    body: list[svg.Stop] = [(0, look.cloth.darker(0.12)), (0.55, look.cloth), (1, look.cloth.lighter(0.14))]
    tube: list[svg.Stop] = [(0, tone.darker(0.14)), (0.55, tone), (1, tone.lighter(0.1))]
    neck: list[svg.Stop] = [(0, look.shade), (0.55, look.skin.mix(look.shade, 0.45)), (1, look.skin)]
    arm: list[svg.Stop] = [(0, look.skin.mix(look.shade, 0.6)), (0.5, look.skin), (1, look.glow)]
    return (
        svg.linear("cloth", body, across=True)
        + svg.linear("sleeve", tube, across=True)
        + svg.linear("neck", neck)
        + svg.linear("arm", arm, across=True)
    )


_BODY = (
    "C140,345 236,362 300,396 C362,424 392,500 372,640 C352,800 318,960 312,1100 C312,1250 336,1400 352,1500 "
    "L360,2100 L-360,2100 L-352,1500 C-336,1400 -312,1250 -312,1100 C-318,960 -352,800 -372,640 "
    "C-392,500 -362,424 -300,396 C-236,362 -140,345"
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
    left = (
        "M-120,520 C-260,640 -250,900 -300,1100 L-312,1300 L-352,1500 L-360,2100 H-190 "
        "C-230,1500 -250,1000 -120,520Z"
    )
    return (
        svg.path(left, dark, o=0.2)
        + svg.stroke(
            "M-286,900 q120,70 250,60 M-296,1010 q90,60 200,56 M296,940 q-70,60 -170,62", dark, 8, o=0.16
        )
        + svg.stroke("M300,560 q-50,60 -50,150", dark, 7, o=0.2)
    )


def _garment(dip: float, fill: str = "url(#cloth)", width: float = 84) -> str:
    """A top with a round neckline that hangs ``dip`` low."""
    top = f"M{-width},316 Q0,{dip} {width},316"
    return svg.path(f"{top} {_BODY} {-width},316Z", fill)


def _tee(look: Look) -> str:
    hem = svg.stroke("M-84,318 Q0,436 84,318", look.cloth.darker(0.3), 12, o=0.6)
    return _garment(436) + hem


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
        "M-100,310 L-190,400 L-34,980 L-60,2100 H-360 L-352,1500 C-336,1400 -312,1250 -312,1100 "
        "C-318,960 -352,800 -372,640 C-392,500 -362,424 -300,396 C-236,362 -150,345 -100,310Z "
        "M100,310 L190,400 L34,980 L60,2100 H360 L352,1500 C336,1400 312,1250 312,1100 "
        "C318,960 352,800 372,640 C392,500 362,424 300,396 C236,362 150,345 100,310Z",
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
        "M-196,352 C-180,500 -230,600 -352,700 L-316,1000 L-312,1200 L-360,2100 H360 L312,1200 "
        "L316,1000 L352,700 "
        "C230,600 180,500 196,352 L128,338 "
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


def _jacket(look: Look) -> str:
    dark = look.cloth.darker(0.4)
    inner = svg.path("M-70,316 Q0,400 70,316 L60,520 L0,600 L-60,520Z", look.under.darker(0.1))
    collar = svg.path(
        "M-96,262 C-150,300 -170,360 -150,420 L0,600 L-56,380Z M96,262 C150,300 170,360 150,420 "
        "L0,600 L56,380Z",
        look.cloth.lighter(0.16),
    )
    zip_ = svg.stroke("M0,600 V2100", dark, 12) + svg.stroke("M0,600 V2100", Colour(214, 218, 224), 4, o=0.8)
    yoke = svg.path(
        "M-372,640 C-200,600 -90,640 0,600 C90,640 200,600 372,640 C392,500 362,424 300,396 "
        "L150,420 L0,600 L-150,420 L-300,396 C-362,424 -392,500 -372,640Z",
        dark,
        o=0.4,
    )
    pockets = svg.stroke("M-250,1060 l110,60 M250,1060 l-110,60", dark, 10, o=0.8)
    pull = svg.rect(-9, 640, 18, 52, Colour(230, 232, 238), r=8)
    return _garment(436) + yoke + inner + collar + zip_ + pockets + pull


def _dress(look: Look) -> str:
    skin = svg.path(f"M-84,316 Q0,400 84,316 {_BODY} -84,316Z", "url(#cloth)")
    scoop = svg.path(
        "M-150,352 C-140,520 -60,590 0,590 C60,590 140,520 150,352 L84,318 Q0,400 -84,318Z", "url(#neck)"
    )
    trim = svg.stroke(
        "M-150,352 C-140,520 -60,590 0,590 C60,590 140,520 150,352", look.cloth.darker(0.35), 9, o=0.7
    )
    belt = svg.path("M-318,1010 Q0,1056 318,1010 V1070 Q0,1116 -318,1070Z", look.cloth.darker(0.4))
    bones = svg.stroke("M-130,396 Q-70,400 -34,424 M130,396 Q70,400 34,424", look.shade, 5, o=0.4)
    dots = "".join(
        svg.circle((i * 97) % 560 - 280, 660 + i * 41, 9, look.cloth.lighter(0.6), o=0.8) for i in range(34)
    )
    return skin + scoop + bones + trim + dots + belt


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
    "jacket": _jacket,
    "dress": _dress,
}

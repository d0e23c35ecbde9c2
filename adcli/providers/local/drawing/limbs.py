"""Arms, legs and hands: tapered limbs in the sleeves of what is worn, hands that hold or speak."""

from __future__ import annotations

from typing import NamedTuple

from adcli.media import svg
from adcli.media.colour import Colour
from adcli.providers.local.drawing.look import Look

_SHORT = ("tee", "tank", "apron", "dress")
_NAIL = Colour(240, 150, 150)


class Joint(NamedTuple):
    """A place where a limb bends, and its half width there."""

    x: float
    y: float
    r: float


def limb(start: Joint, end: Joint, fill: Colour | str, *, o: float = 1) -> str:
    """A limb that tapers between two joints, round at both."""
    dx, dy = end.x - start.x, end.y - start.y
    length = max(1.0, (dx * dx + dy * dy) ** 0.5)
    nx, ny = -dy / length, dx / length
    a, b, c, d = (
        (joint.x + sign * nx * joint.r, joint.y + sign * ny * joint.r)
        for joint, sign in ((start, 1), (end, 1), (end, -1), (start, -1))
    )
    outline = f"M{a[0]:.1f},{a[1]:.1f} L{b[0]:.1f},{b[1]:.1f} "
    outline += f"A{end.r},{end.r} 0 0 0 {c[0]:.1f},{c[1]:.1f} L{d[0]:.1f},{d[1]:.1f} "
    return svg.path(outline + f"A{start.r},{start.r} 0 0 0 {a[0]:.1f},{a[1]:.1f}Z", fill, o=o)


def _between(start: Joint, end: Joint, share: float, wider: float = 1.0) -> Joint:
    x, y, r = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return Joint(x, y, r * wider)


def cloth(look: Look) -> Colour:
    """Colour of the sleeves."""
    return look.under.darker(0.06) if look.top == "apron" else look.cloth


def upper_arm(look: Look, shoulder: Joint, elbow: Joint) -> str:
    """From shoulder to elbow with its sleeve, and the shade it throws on the body."""
    shade = limb(shoulder._replace(x=shoulder.x - 10, y=shoulder.y + 26), elbow, "#1a0d24", o=0.2)
    if look.top == "tank":
        return shade + limb(shoulder, elbow, "url(#arm)")
    if look.top not in _SHORT:
        fold = svg.stroke(
            f"M{elbow.x - elbow.r * 0.9:.0f},{elbow.y - 46:.0f} q{elbow.r:.0f},34 {elbow.r * 1.7:.0f},-6",
            cloth(look).darker(0.6),
            6,
            o=0.3,
        )
        return shade + limb(shoulder, elbow, "url(#sleeve)") + fold
    hem = _between(shoulder, elbow, 0.52, 1.16)
    above = _between(shoulder, elbow, 0.47, 1.16)
    return (
        shade
        + limb(shoulder, elbow, "url(#arm)")
        + limb(shoulder, hem, cloth(look).darker(0.3))
        + limb(shoulder, above, "url(#sleeve)")
    )


def forearm(look: Look, elbow: Joint, wrist: Joint) -> str:
    """From elbow to wrist; a cuff where the sleeve is long."""
    if look.top in _SHORT:
        return limb(elbow, wrist, "url(#arm)")
    cuff, edge = _between(elbow, wrist, 0.86, 1.14), _between(elbow, wrist, 0.8, 1.12)
    return (
        limb(elbow, wrist, "url(#arm)")
        + limb(elbow, cuff, cloth(look).darker(0.4))
        + limb(elbow, edge, "url(#sleeve)")
    )


def legs(look: Look, stride: float) -> str:
    """Two legs from the hips at y 1180 to shoes at y 2480; ``stride`` parts them."""
    jeans = look.trousers
    out = ""
    for side in (-1, 1):
        hip, foot = Joint(side * 128, 1240, 158), Joint(side * (120 + stride), 2380, 76)
        knee = Joint(side * (150 + stride * 0.7), 1820, 108)
        tone = jeans if side > 0 else jeans.darker(0.2)
        out += limb(hip, knee, tone) + limb(knee, foot, tone)
        shoe = "M-92,0 q0,-84 84,-84 h30 q14,44 96,52 q56,8 56,56 q0,24 -24,24 h-216 q-26,0 -26,-48z"
        out += f'<g transform="translate({foot.x:.0f} 2470) scale({side} 1)">{svg.path(shoe, "#f4f1ee")}'
        out += svg.rect(-96, 28, 270, 26, look.cloth.darker(0.3), r=12) + "</g>"
    return out + svg.stroke("M0,1300 V1500", jeans.darker(0.6), 8, o=0.5)


def open_hand(look: Look, x: float, y: float, turn: float, side: int) -> str:
    """A hand that speaks: palm to the camera, fingers spread; the thumb points to ``side``."""
    fingers = ""
    for i, (angle, long) in enumerate(((-22, 122), (-7, 140), (7, 134), (22, 112))):
        tip = svg.rect(-23, -long, 46, long + 20, look.skin.mix(look.shade, 0.12 * (i % 2)), r=23)
        fingers += svg.group(tip, x=side * (36 - i * 26), y=-46, turn=-angle * side)
    thumb = svg.group(svg.rect(-25, -104, 50, 130, look.skin, r=25), x=side * 52, y=10, turn=side * 50)
    palm_ = svg.rect(-66, -78, 132, 152, look.skin, r=58) + svg.rect(-40, 34, 80, 90, look.skin, r=34)
    crease = svg.stroke(f"M{side * 44},-20 q{-side * 46},6 {-side * 40},66", look.shade, 5, o=0.4)
    return svg.group(fingers + thumb + palm_ + crease, x=x, y=y, turn=turn)


def palm(look: Look, x: float, y: float, width: float, size: float = 1.0) -> str:
    """What of a hand is behind a held thing: around (x, y), a little wider than the thing."""
    tall, w = 210 * size, width + 64 * size
    back = svg.rect(x - w / 2, y - tall * 0.5, w, tall, look.shade, r=72 * size)
    return back + svg.rect(x - 56 * size, y + tall * 0.1, 112 * size, tall * 0.75, "url(#arm)", r=50 * size)


def grip(look: Look, x: float, y: float, width: float, size: float = 1.0, thumb: int = 1) -> str:
    """What of a hand is before a held thing: four fingers on one edge, the thumb on ``thumb`` "
    "(1 is right)."""
    reach, half = min(86 * size, width * 0.36), width / 2
    hand = svg.radial("held", [(0, "#1a0d24", 0.34), (1, "#1a0d24", 0.0)])
    hand += svg.ellipse(-half + reach * 0.7, 14 * size, reach * 1.3, 150 * size, "url(#held)")
    for i, (out, turn) in enumerate(((34, -12), (40, -5), (38, 2), (28, 9))):
        top = -84 * size + i * 46 * size
        long = out * size + reach - (8 * size if i in (0, 3) else 0)
        finger = svg.rect(-out * size, -23 * size, long, 45 * size, look.shade, r=23 * size, o=0.9)
        finger += svg.rect(-out * size, -25 * size, long - 3, 43 * size, "url(#finger)", r=21 * size)
        nail = svg.ellipse(
            long - out * size - 20 * size, -5 * size, 12 * size, 11 * size, look.glow.mix(_NAIL, 0.3)
        )
        hand += svg.group(finger + nail, x=-half, y=top, turn=turn)
    digit = svg.rect(-reach, -27 * size, reach + 52 * size, 56 * size, look.shade, r=28 * size, o=0.9)
    digit += svg.rect(-reach + 3, -29 * size, reach + 50 * size, 53 * size, "url(#finger)", r=26 * size)
    digit += svg.ellipse(-reach + 25 * size, -6 * size, 15 * size, 13 * size, look.glow.mix(_NAIL, 0.3))
    hand += svg.group(digit, x=half, y=-26 * size, turn=28)
    paint = svg.linear("finger", [(0, look.glow), (0.6, look.skin), (1, look.skin.mix(look.shade, 0.5))])
    return f'{paint}<g transform="translate({x:.1f} {y:.1f}) scale({thumb} 1)">{hand}</g>'

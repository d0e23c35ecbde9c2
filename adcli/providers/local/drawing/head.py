"""A face with its expression, drawn around the middle of the head: about 300 wide and 415 high."""

from __future__ import annotations

from collections.abc import Mapping

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.look import Look

_LIP = Colour(196, 86, 92)
_INK = Colour(44, 26, 32)

# Right half of the outline, from the crown down to the chin, as cubic curves.
_OUTLINES: Mapping[bool, str] = {
    True: "M0,-208 C96,-208 150,-130 150,-30 C150,52 130,112 88,158 C60,188 28,206 0,206 "
    "C-28,206 -60,188 -88,158 C-130,112 -150,52 -150,-30 C-150,-130 -96,-208 0,-208Z",
    False: "M0,-208 C100,-208 154,-134 154,-30 C154,58 146,116 112,162 C84,198 36,213 0,213 "
    "C-36,213 -84,198 -112,162 C-146,116 -154,58 -154,-30 C-154,-134 -100,-208 0,-208Z",
}


def head(look: Look, mood: str) -> str:
    """Ears, face and features; hair comes over it."""
    outline = f'<path d="{_OUTLINES[look.woman]}"/>'
    skin: list[svg.Stop] = [(0, look.glow), (0.45, look.skin), (1, look.skin.mix(look.shade, 0.55))]
    inner = (
        svg.path(_OUTLINES[look.woman], "url(#skin)")
        + svg.path("M40,-208 C130,-160 120,40 70,206 L200,206 L200,-208Z", look.shade, o=0.16)
        + svg.path("M-160,-215 H160 V-70 C110,-128 -110,-128 -160,-70Z", look.shade, o=0.3)
        + svg.ellipse(-88, 84, 52, 38, "url(#blush)")
        + svg.ellipse(92, 84, 52, 38, "url(#blush)")
        + (_freckles(look) if look.freckles else "")
        + (_age(look) if look.senior else "")
    )
    blush = svg.radial("blush", [(0, Colour(232, 92, 92), 0.28), (1, Colour(232, 92, 92), 0.0)])
    return (
        svg.linear("skin", skin, across=True, tilt=0.35)
        + blush
        + _ears(look)
        + svg.clipped("face", outline, inner)
        + _eyes(look, mood)
        + _brows(look, mood)
        + _nose(look)
        + (_beard(look) if look.beard else "")
        + _MOUTHS.get(mood, _smile)(look)
        + (_glasses() if look.glasses else "")
    )


def _ears(look: Look) -> str:
    ears = ""
    for side in (-1, 1):
        ears += svg.ellipse(side * 153, 12, 25, 42, look.skin if side < 0 else look.skin.mix(look.shade, 0.4))
        ears += svg.ellipse(side * 156, 14, 12, 24, look.shade, o=0.45)
        if look.earrings:
            ears += svg.circle(side * 158, 66, 11, Colour(246, 205, 108)) + svg.circle(
                side * 160, 63, 4, WHITE, o=0.8
            )
    return ears


_OPENNESS = {"surprise": 1.3, "laugh": 0.82, "worried": 0.92}


def _eyes(look: Look, mood: str) -> str:
    """Two almond eyes; how far they open tells the mood."""
    open_ = _OPENNESS.get(mood, 1.0) * (1.0 if look.woman else 0.88)
    shape = (
        f"M-36,4 Q-14,{-30 * open_:.0f} 8,{-28 * open_:.0f} Q28,{-24 * open_:.0f} 36,0 "
        f"Q10,{22 * open_:.0f} -36,4Z"
    )
    lid = f"M-38,5 Q-14,{-31 * open_:.0f} 8,{-29 * open_:.0f} Q28,{-25 * open_:.0f} 37,-1"
    eyes = ""
    for side in (-1, 1):
        iris = (
            svg.circle(0, -3, 19, look.eyes)
            + svg.circle(0, -3, 19.5, "none")
            + svg.circle(0, 3, 12, look.eyes.lighter(0.3), o=0.6)
            + svg.circle(0, -3, 9.5, Colour(22, 14, 16))
            + svg.circle(side * -6 if side > 0 else 6, -10, 6, WHITE)
            + svg.path("M-40,-40 H40 V-16 Q0,-24 -40,-10Z", _INK, o=0.2)
        )
        eye = svg.path(shape, Colour(252, 248, 246))
        eye += svg.clipped(f"eye{side + 1}", f'<path d="{shape}"/>', iris)
        eye += svg.stroke(lid, _INK, 7 if look.woman else 5)
        eye += svg.stroke(
            f"M-22,{-36 * open_:.0f} Q4,{-46 * open_:.0f} 30,{-30 * open_:.0f}", look.shade, 3, o=0.55
        )
        if look.woman:
            eye += svg.stroke(f"M34,-4 l16,-13 M22,{-22 * open_:.0f} l12,-13", _INK, 5)
        eyes += f'<g transform="translate({side * 64} 8) scale({side} 1)">{eye}</g>'
    return eyes


_BROWS = {"surprise": (-20, 4), "worried": (-6, 22), "laugh": (-8, 2), "talk": (-5, 3)}


def _brows(look: Look, mood: str) -> str:
    lift, inner = _BROWS.get(mood, (0, 3))
    thick = 11 if look.woman else 17
    colour = look.hair.darker(0.35) if look.hair.luminance > 0.12 else look.hair
    brows = ""
    for side in (-1, 1):
        d = f"M-34,{6 - inner} Q0,-18 42,{4 + inner / 2:.0f}"
        brows += (
            f'<g transform="translate({side * 64} {-46 + lift}) scale({side} '
            f'1)">{svg.stroke(d, colour, thick)}</g>'
        )
    return brows


def _nose(look: Look) -> str:
    wide = 24 if look.woman else 29
    return (
        svg.path(f"M4,0 C14,34 34,60 {wide},78 Q14,92 0,90 C10,60 6,30 4,0Z", look.shade, o=0.3)
        + svg.stroke(
            f"M{-wide},80 Q{-wide + 4},92 -11,89 Q0,97 11,89 Q{wide - 4},92 {wide},80", look.shade, 5, o=0.75
        )
        + svg.ellipse(-5, 66, 8, 13, WHITE, o=0.25)
    )


def _lips(look: Look) -> Colour:
    return look.skin.mix(_LIP, 0.75 if look.woman else 0.38).mix(_INK, 0.05)


def _smile(look: Look) -> str:
    lip = _lips(look)
    return (
        svg.path("M-52,124 Q-22,116 -8,121 Q0,124 8,121 Q22,116 52,124 Q26,160 0,160 Q-26,160 -52,124Z", lip)
        + svg.path("M-44,128 Q0,137 44,128 Q24,146 0,146 Q-24,146 -44,128Z", WHITE, o=0.95)
        + svg.stroke("M-58,121 q-5,3 -7,9 M58,121 q5,3 7,9", look.shade, 4, o=0.7)
        + svg.ellipse(-2, 154, 17, 3.5, WHITE, o=0.3)
    )


def _laugh(look: Look) -> str:
    lip = _lips(look)
    mouth = "M-62,116 Q0,128 62,116 Q54,182 0,184 Q-54,182 -62,116Z"
    inner = svg.path("M-70,100 H70 V140 Q0,150 -70,140Z", WHITE) + svg.ellipse(
        0, 184, 36, 24, Colour(224, 104, 110)
    )
    return (
        svg.path("M-70,112 Q-24,106 -8,113 Q0,116 8,113 Q24,106 70,112 Q62,194 0,194 Q-62,194 -70,112Z", lip)
        + svg.clipped("mouth", f'<path d="{mouth}"/>', svg.path(mouth, Colour(92, 24, 34)) + inner)
        + svg.stroke("M-76,108 q-6,5 -7,12 M76,108 q6,5 7,12", look.shade, 4, o=0.7)
    )


def _talk(look: Look) -> str:
    lip = _lips(look)
    mouth = "M-38,124 Q0,116 38,124 Q34,166 0,168 Q-34,166 -38,124Z"
    inner = svg.rect(-40, 108, 80, 26, WHITE) + svg.ellipse(0, 168, 24, 15, Colour(224, 104, 110))
    return svg.path(
        "M-46,124 Q-18,110 -7,116 Q0,119 7,116 Q18,110 46,124 Q40,178 0,178 Q-40,178 -46,124Z", lip
    ) + svg.clipped("mouth", f'<path d="{mouth}"/>', svg.path(mouth, Colour(92, 24, 34)) + inner)


def _surprise(look: Look) -> str:
    return (
        svg.ellipse(0, 144, 33, 42, _lips(look))
        + svg.ellipse(0, 145, 24, 33, Colour(84, 22, 32))
        + svg.ellipse(0, 166, 15, 11, Colour(214, 96, 102))
    )


def _worried(look: Look) -> str:
    lip = _lips(look)
    return (
        svg.path("M-42,148 Q-16,126 0,130 Q16,126 42,148 Q22,150 0,150 Q-22,150 -42,148Z", lip)
        + svg.path("M-32,149 Q0,143 32,149 Q18,164 0,164 Q-18,164 -32,149Z", lip.lighter(0.12))
        + svg.stroke("M-42,148 Q0,138 42,148", _INK, 4, o=0.65)
        + svg.stroke("M-8,-66 q-4,10 -2,20 M10,-66 q4,10 2,20", look.shade, 4, o=0.6)
    )


_MOUTHS = {"smile": _smile, "laugh": _laugh, "talk": _talk, "surprise": _surprise, "worried": _worried}
MOODS = tuple(_MOUTHS)
"""Expressions that can be drawn."""


def _beard(look: Look) -> str:
    if look.beard == "moustache":
        return svg.path("M0,98 Q40,88 62,118 Q30,122 0,112 Q-30,122 -62,118 Q-40,88 0,98Z", look.hair)
    shape = (
        "M-154,-6 C-152,80 -148,124 -114,170 C-82,214 -34,232 0,232 C34,232 82,214 114,170 "
        "C148,124 152,80 154,-6 C142,58 122,84 92,92 C62,96 34,90 0,98 C-34,90 -62,96 -92,92 C-122,84 "
        "-142,58 -154,-6Z"
    )
    if look.beard == "stubble":
        return svg.path(shape, look.hair, o=0.2)
    strands = "".join(
        svg.stroke(f"M{x},{176 + abs(x) * -0.2:.0f} q2,22 -1,34", WHITE, 3, o=0.1) for x in range(-70, 80, 20)
    )
    return svg.path(shape, look.hair) + strands


def _freckles(look: Look) -> str:
    spots = ((-104, 66), (-84, 58), (-66, 70), (-92, 80), (-54, 58), (-74, 90), (-20, 60), (16, 56), (-4, 44))
    right = tuple((6 - x, y + 3) for x, y in spots[:6])
    return "".join(
        svg.circle(x, y, 3.6, look.skin.mix(Colour(150, 74, 34), 0.5), o=0.75) for x, y in spots + right
    )


def _age(look: Look) -> str:
    lines = "M-98,98 Q-82,122 -84,150 M98,98 Q82,122 84,150 M-52,-104 Q0,-112 52,-104 M-40,-84 Q0,-91 40,-84 "
    lines += "M-122,26 l-16,12 M122,26 l16,12 M-92,38 Q-66,46 -42,38 M92,38 Q66,46 42,38"
    return svg.stroke(lines, look.shade, 4, o=0.42)


def _glasses() -> str:
    frame = ""
    for side in (-1, 1):
        frame += (
            f'<rect x="{side * 64 - 52}" y="-34" width="104" height="84" rx="34" fill="#fff" '
            'fill-opacity=".1" '
            'stroke="#2a2128" stroke-width="8"/>'
        )
        frame += svg.stroke(f"M{side * 64 - 26},-10 l18,-14", WHITE, 6, o=0.5)
    return frame + svg.stroke(
        "M-13,-2 Q0,-12 13,-2 M-116,-6 L-150,-12 M116,-6 L150,-12", Colour(42, 33, 40), 8
    )

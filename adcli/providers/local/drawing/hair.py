"""Hair and what is worn on it: a part behind the neck and a part over the forehead."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from adcli.media import svg
from adcli.media.colour import WHITE, Colour
from adcli.providers.local.drawing.look import Look

_CAP = (
    "M-154,-4 C-178,-140 -112,-246 0,-246 C112,-246 178,-140 154,-4 "
    "C146,-84 96,-146 0,-150 C-96,-146 -146,-84 -154,-4Z"
)


def hair(look: Look) -> tuple[str, str]:
    """What lies behind the body and what lies over the face, as SVG; colours are named ``#hair``."""
    stops: list[svg.Stop] = [(0, look.hair.lighter(0.2)), (0.4, look.hair), (1, look.hair.darker(0.4))]
    paint = svg.linear("hair", stops, tilt=0.2) + svg.linear(
        "hairback", [(0, look.hair), (1, look.hair.darker(0.62))]
    )
    if look.headwear == "hijab":
        return _hijab(look)
    back, front = _STYLES[look.style](look)
    if look.headwear in _WORN:
        front = (front if look.headwear == "headphones" else _sides(look)) + _WORN[look.headwear](look)
    return paint + back, paint + front


def _strands(look: Look, *paths: str) -> str:
    return "".join(svg.stroke(d, look.hair.lighter(0.4), 6, o=0.3) for d in paths)


def _long(look: Look) -> tuple[str, str]:
    back = (
        "M0,-248 C134,-250 206,-150 206,-14 C206,110 238,190 244,310 C250,420 214,520 150,516 "
        "C118,512 112,460 104,410 L-104,410 C-112,460 -118,512 -150,516 C-214,520 -250,420 -244,310 "
        "C-238,190 -206,110 -206,-14 C-206,-150 -134,-250 0,-248Z"
    )
    front = svg.path(
        "M-44,-240 C62,-272 190,-202 200,-44 C206,60 226,150 238,262 C232,330 226,380 216,420 C206,320 "
        "172,220 156,120 "
        "C148,70 152,30 146,-14 C136,-80 106,-116 44,-146 C4,-166 -30,-196 -44,-240Z",
        "url(#hair)",
    ) + svg.path(
        "M-44,-240 C-136,-236 -200,-150 -202,-34 C-206,60 -226,150 -238,262 C-232,330 -226,380 -216,420 "
        "C-206,320 -172,220 -156,116 C-148,60 -152,20 -146,-24 C-138,-80 -120,-124 -84,-160 C-62,-182 "
        "-46,-210 -44,-240Z",
        "url(#hair)",
    )
    shine = _strands(
        look,
        "M20,-222 C110,-196 160,-130 172,-20 C180,90 200,190 212,290",
        "M-70,-214 C-140,-180 -176,-100 -178,-10 C-182,90 -204,190 -214,290",
        "M60,-176 C120,-140 150,-80 158,0",
    )
    return svg.path(back, "url(#hairback)"), front + shine


def _straight(look: Look) -> tuple[str, str]:
    back = (
        "M0,-246 C130,-248 196,-150 198,-14 C200,120 206,260 208,420 Q150,440 100,424 L-100,424 Q-150,440 "
        "-208,420 "
        "C-206,260 -200,120 -198,-14 C-196,-150 -130,-248 0,-246Z"
    )
    front = ""
    for side in (-1, 1):
        panel = (
            "M0,-244 C124,-250 192,-160 194,-30 C196,120 200,260 204,414 Q180,420 160,414 C158,280 158,160 "
            "152,40 "
            "C150,-40 122,-110 40,-164 C14,-184 2,-214 0,-244Z"
        )
        front += f'<g transform="scale({side} 1)">{svg.path(panel, "url(#hair)")}</g>'
    shine = _strands(
        look, "M40,-216 C140,-180 168,-90 172,20 L178,380", "M-40,-216 C-140,-180 -168,-90 -172,20 L-178,380"
    )
    return svg.path(back, "url(#hairback)"), front + shine


def _bob(look: Look) -> tuple[str, str]:
    back = (
        "M0,-246 C140,-248 204,-150 206,-10 C210,90 216,150 190,216 Q120,250 0,244 Q-120,250 -190,216 "
        "C-216,150 -210,90 -206,-10 C-204,-150 -140,-248 0,-246Z"
    )
    front = svg.path(
        "M-60,-236 C60,-272 188,-200 198,-40 C204,50 214,130 190,214 Q160,212 146,190 C164,110 152,40 "
        "148,-20 "
        "C120,-60 20,-90 -60,-152Z",
        "url(#hair)",
    ) + svg.path(
        "M-60,-236 C-150,-226 -198,-140 -200,-30 C-206,60 -214,130 -190,214 Q-160,212 -146,190 C-164,110 "
        "-152,40 -148,-20 "
        "C-140,-80 -110,-120 -60,-152Z",
        "url(#hair)",
    )
    shine = _strands(
        look,
        "M-10,-216 C90,-200 160,-140 172,-20 C178,60 184,120 176,180",
        "M-90,-200 C-150,-160 -176,-80 -178,0",
    )
    return svg.path(back, "url(#hairback)"), front + shine


def _bun(look: Look) -> tuple[str, str]:
    knot = svg.circle(6, -282, 88, "url(#hairback)") + svg.circle(0, -292, 76, "url(#hair)")
    knot += _strands(look, "M-46,-300 q46,-54 92,-6", "M-30,-262 q40,-40 74,-4")
    wisps = svg.stroke("M-150,-30 q-22,60 -6,118 M150,-30 q22,60 6,110", look.hair, 9)
    shine = _strands(look, "M-110,-110 C-90,-190 -40,-226 10,-230", "M118,-110 C104,-170 60,-214 20,-226")
    return knot, svg.path(_CAP, "url(#hair)") + wisps + shine


def _ponytail(look: Look) -> tuple[str, str]:
    tail = (
        "M70,-214 C230,-270 300,-120 284,40 C276,170 320,240 258,372 C252,240 206,190 204,60 C204,-60 "
        "170,-120 70,-150Z"
    )
    back = svg.path(tail, "url(#hairback)") + _strands(
        look, "M150,-210 C270,-190 250,-20 246,80 C246,180 280,220 262,320"
    )
    shine = _strands(look, "M-110,-110 C-90,-190 -40,-226 20,-230", "M-60,-150 C-30,-200 30,-226 80,-214")
    return back, svg.path(_CAP, "url(#hair)") + shine


def _ring(
    radius: float, size: float, count: int, start: float, end: float, middle: float, fill: Colour | str
) -> str:
    """Curls along an arc; angles in degrees, 0 to the right, clockwise."""
    curls = ""
    for i in range(count):
        angle = math.radians(start + (end - start) * i / (count - 1))
        wobble = 1 + 0.06 * math.sin(i * 2.4)
        curls += svg.circle(
            radius * wobble * math.cos(angle), middle + radius * wobble * math.sin(angle), size, fill
        )
    return curls


def _curly(look: Look) -> tuple[str, str]:
    back = svg.ellipse(0, 30, 212, 262, look.hair.darker(0.34)) + _ring(
        212, 66, 15, 118, 422, 20, look.hair.darker(0.34)
    )
    crown = _ring(166, 54, 11, 168, 372, -72, look.hair) + _ring(120, 50, 8, 190, 350, -112, look.hair)
    side = "".join(
        svg.circle(x, y, 48, look.hair)
        for x, y in ((-186, 40), (186, 40), (-200, 130), (200, 130), (-190, 210), (190, 210))
    )
    shine = _strands(
        look,
        "M-120,-180 q30,-50 70,-40",
        "M30,-220 q50,-10 70,34",
        "M-190,0 q-20,40 4,70",
        "M176,10 q24,40 2,76",
    )
    return back, crown + side + shine


def _afro(look: Look) -> tuple[str, str]:
    back = svg.circle(0, -96, 250, look.hair.darker(0.34)) + _ring(
        236, 42, 26, 130, 410, -96, look.hair.darker(0.34)
    )
    front = svg.path(
        "M-156,0 C-190,-150 -120,-262 0,-262 C120,-262 190,-150 156,0 C150,-70 120,-128 60,-142 Q0,-152 "
        "-60,-142 "
        "C-120,-128 -150,-70 -156,0Z",
        "url(#hair)",
    )
    shine = _strands(look, "M-110,-210 q50,-60 120,-50")
    return back, front + _ring(150, 24, 13, 200, 340, -60, look.hair) + shine


def _crop(look: Look) -> tuple[str, str]:
    d = (
        "M-158,6 C-176,-90 -168,-176 -120,-214 C-90,-262 -10,-262 30,-252 C110,-262 176,-180 158,6 "
        "L149,-36 "
        "C146,-86 132,-110 110,-130 L70,-150 L30,-128 L-10,-152 L-50,-126 L-92,-144 C-124,-120 -146,-90 "
        "-149,-36Z"
    )
    return "", svg.path(d, "url(#hair)") + _strands(
        look, "M-100,-190 q50,-44 110,-32", "M0,-200 q60,-24 104,26"
    )


def _side(look: Look) -> tuple[str, str]:
    d = (
        "M-158,8 C-174,-90 -166,-176 -112,-216 C-40,-290 130,-284 162,-178 C174,-128 168,-60 158,8 "
        "L149,-36 "
        "C146,-86 136,-118 116,-146 C50,-96 -54,-112 -94,-156 C-126,-124 -146,-90 -149,-36Z"
    )
    return "", svg.path(d, "url(#hair)") + _strands(
        look, "M-80,-190 C0,-250 100,-240 136,-166", "M-60,-164 C0,-204 80,-204 118,-160"
    )


def _buzz(look: Look) -> tuple[str, str]:
    d = (
        "M-155,0 C-172,-130 -108,-224 0,-224 C108,-224 172,-130 155,0 C148,-70 138,-104 104,-138 Q0,-160 "
        "-104,-138 C-138,-104 -148,-70 -155,0Z"
    )
    return "", svg.path(d, look.hair, o=0.92) + svg.path(
        "M-90,-170 Q-30,-214 40,-206 Q-20,-190 -60,-150Z", WHITE, o=0.1
    )


def _curlytop(look: Look) -> tuple[str, str]:
    fade = svg.path(
        "M-156,10 C-166,-60 -160,-120 -130,-150 L-130,-110 Q-148,-70 -149,-20Z M156,10 C166,-60 160,-120 "
        "130,-150 L130,-110 Q148,-70 149,-20Z",
        look.hair,
        o=0.9,
    )
    top = _ring(134, 50, 10, 192, 348, -104, look.hair) + _ring(84, 46, 6, 196, 344, -122, look.hair)
    return "", fade + top + svg.circle(0, -176, 56, look.hair) + _strands(
        look, "M-90,-210 q26,-40 60,-24", "M10,-236 q44,-6 60,30"
    )


def _bald(look: Look) -> tuple[str, str]:
    fringe = "M-158,30 C-170,-20 -166,-70 -150,-96 L-142,-20Z M158,30 C170,-20 166,-70 150,-96 L142,-20Z"
    return "", svg.ellipse(-46, -150, 54, 26, WHITE, o=0.28) + svg.path(fringe, look.hair, o=0.5)


def _pixie(look: Look) -> tuple[str, str]:
    d = (
        "M-160,40 C-186,-90 -160,-190 -104,-220 C-20,-276 150,-262 166,-130 C172,-70 170,-10 158,46 C154,0 "
        "150,-40 140,-70 "
        "C60,-60 -50,-100 -90,-150 C-120,-110 -146,-60 -150,-10Z"
    )
    return "", svg.path(d, "url(#hair)") + _strands(
        look, "M-70,-200 C20,-250 120,-220 140,-130", "M-60,-160 C0,-120 80,-96 130,-96"
    )


_STYLES: Mapping[str, Callable[[Look], tuple[str, str]]] = {
    "long": _long,
    "straight": _straight,
    "bob": _bob,
    "bun": _bun,
    "ponytail": _ponytail,
    "curly": _curly,
    "afro": _afro,
    "crop": _crop,
    "side": _side,
    "buzz": _buzz,
    "curlytop": _curlytop,
    "bald": _bald,
    "pixie": _pixie,
}


def _sides(look: Look) -> str:
    """Hair that shows under a hat."""
    if look.style in ("long", "straight", "bob", "curly"):
        d = "M-152,-90 C-196,-40 -204,60 -212,210 Q-170,190 -158,100 Q-150,20 -146,-60Z"
        return svg.path(d, "url(#hair)") + f'<g transform="scale(-1 1)">{svg.path(d, "url(#hair)")}</g>'
    return svg.path(
        "M-156,10 C-164,-40 -160,-90 -150,-110 L-146,-30Z M156,10 C164,-40 160,-90 150,-110 L146,-30Z",
        look.hair,
    )


def _cap(look: Look) -> str:
    crown = svg.path(
        "M-164,-84 C-172,-220 -90,-272 0,-272 C90,-272 172,-220 164,-84 Q0,-128 -164,-84Z",
        look.cloth.darker(0.2),
    )
    seam = svg.stroke(
        "M0,-272 V-112 M-84,-252 Q-64,-180 -70,-104 M84,-252 Q64,-180 70,-104", WHITE, 3, o=0.18
    )
    brim = svg.path(
        "M-168,-88 Q0,-160 168,-88 Q196,-56 176,-50 Q0,-108 -176,-50 Q-196,-56 -168,-88Z",
        look.cloth.darker(0.45),
    )
    return crown + seam + svg.circle(0, -274, 11, look.cloth.darker(0.4)) + brim


def _beanie(look: Look) -> str:
    crown = svg.path(
        "M-164,-96 C-176,-230 -90,-290 0,-290 C90,-290 176,-230 164,-96Z", look.cloth.darker(0.12)
    )
    ribs = "".join(
        svg.stroke(f"M{x},-276 Q{x * 1.5:.0f},-200 {x * 1.6:.0f},-110", WHITE, 4, o=0.14)
        for x in range(-90, 100, 30)
    )
    return crown + ribs + svg.rect(-172, -138, 344, 66, look.cloth.darker(0.32), r=30)


def _headphones(look: Look) -> str:
    band = svg.stroke(
        "M-166,10 C-190,-190 -100,-276 0,-276 C100,-276 190,-190 166,10", Colour(38, 40, 50), 26
    )
    shine = svg.stroke("M-120,-190 C-90,-250 -40,-268 10,-268", WHITE, 6, o=0.35)
    cups = ""
    for side in (-1, 1):
        cups += svg.rect(side * 172 - 34, -52, 68, 132, Colour(38, 40, 50), r=30)
        cups += svg.rect(side * 178 - 14, -30, 28, 88, look.cloth, r=14)
    return band + shine + cups


def _hijab(look: Look) -> tuple[str, str]:
    cloth: list[svg.Stop] = [(0, look.cloth.lighter(0.2)), (1, look.cloth.darker(0.3))]
    paint = svg.linear("hijab", cloth)
    back = (
        "M0,-262 C150,-262 214,-150 210,0 C206,160 250,280 300,430 L-300,430 C-250,280 -206,160 -210,0 "
        "C-214,-150 -150,-262 0,-262Z"
    )
    front = (
        "M0,-264 C156,-264 216,-150 212,0 C210,150 250,300 296,420 C180,500 -180,500 -296,420 C-250,300 "
        "-210,150 -212,0 "
        "C-216,-150 -156,-264 0,-264Z M0,-150 C-92,-150 -138,-90 -138,0 C-138,110 -84,196 0,206 C84,196 "
        "138,110 138,0 "
        "C138,-90 92,-150 0,-150Z"
    )
    folds = svg.stroke(
        "M-138,60 C-150,200 -60,270 90,330 M138,60 C150,180 80,250 -60,290", look.cloth.darker(0.5), 8, o=0.4
    )
    over = f'<path d="{front}" fill="url(#hijab)" fill-rule="evenodd"/>'
    return paint + svg.path(back, "url(#hijab)"), paint + over + folds


_WORN: Mapping[str, Callable[[Look], str]] = {"cap": _cap, "beanie": _beanie, "headphones": _headphones}

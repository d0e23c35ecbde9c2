"""What a camera does: the moves by name, what each is for every depth, and the words that ask for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from adcli.media.tracks import Swing, Track, View


@dataclass(frozen=True, slots=True)
class Move:
    """What the camera does to the subject, which has depth 1.

    A layer of another depth moves and grows by so many times as much. ``pivot`` is the depth that stays where
    it is when the camera moves sideways: what is farther goes the other way, as on an arc around a subject.
    ``sway`` is how far a hand lets the view wander, in shares of the picture.
    """

    label: str
    start: View
    end: View
    ease: str = "inout"
    pivot: float = 0.0
    sway: float = 0.0

    def track(self, depth: float) -> Track:
        """The move as a layer of a depth sees it, zoomed in as far as keeps its edges out of sight."""
        sway = _wander(self.sway * depth)
        reach = (sum(swing.x for swing in sway), sum(swing.y for swing in sway))
        ends = [_seen(view, depth, self.pivot) for view in (self.start, self.end)]
        lift = max(0.0, *(_least(view, reach) - view.zoom for view in ends))
        start, end = (View(view.x, view.y, view.zoom + lift) for view in ends)
        return Track(start, end, self.ease, sway)


def _seen(view: View, depth: float, pivot: float) -> View:
    x, y = 0.5 + (view.x - 0.5) * (depth - pivot), 0.5 + (view.y - 0.5) * depth
    return View(x, y, 1 + (view.zoom - 1) * depth)


def _least(view: View, reach: tuple[float, float]) -> float:
    """The least zoom whose window lies wholly inside an upright picture, in an upright frame."""
    aside = max(abs(view.x - 0.5) + reach[0], abs(view.y - 0.5) + reach[1])
    return 1 / (1 - 2 * min(aside, 0.45))


_HAND = (
    (0.31, 0.0, 0.50, 0.30),
    (0.73, 2.1, 0.26, 0.34),
    (1.37, 4.0, 0.14, 0.20),
    (2.60, 1.2, 0.06, 0.10),
    (4.30, 5.1, 0.03, 0.05),
)
"""Hertz, phase, and shares of the reach across and down: slow leaning, breath, steps, a little tremble."""


def _wander(reach: float) -> tuple[Swing, ...]:
    """Swings of frequencies that never meet, so that the path does not repeat within a scene."""
    if not reach:
        return ()
    return tuple(
        Swing(hertz, phase, round(reach * across, 6), round(reach * down * _UPRIGHT, 6))
        for hertz, phase, across, down in _HAND
    )


_UPRIGHT = 0.6  # a share of the height is nearly twice as many pixels as one of the width

MOVES: Mapping[str, Move] = {
    "push": Move("PUSH-IN", View(0.5, 0.5, 1.0), View(0.5, 0.475, 1.14)),
    "crash": Move("CRASH ZOOM", View(0.5, 0.5, 1.02), View(0.5, 0.465, 1.34), "snap"),
    "pull": Move("PULL-OUT", View(0.5, 0.475, 1.17), View(0.5, 0.5, 1.0)),
    "left": Move("MOVE LEFT", View(0.55, 0.5, 1.12), View(0.45, 0.5, 1.12)),
    "right": Move("MOVE RIGHT", View(0.45, 0.5, 1.12), View(0.55, 0.5, 1.12)),
    "up": Move("MOVE UP", View(0.5, 0.545, 1.12), View(0.5, 0.455, 1.12)),
    "down": Move("MOVE DOWN", View(0.5, 0.455, 1.12), View(0.5, 0.545, 1.12)),
    "handheld": Move("HANDHELD", View(0.497, 0.502, 1.055), View(0.503, 0.498, 1.075), "linear", sway=0.021),
    "orbit": Move("ORBIT", View(0.43, 0.5, 1.05), View(0.57, 0.495, 1.1), pivot=0.85),
    "whip": Move("WHIP PAN", View(0.33, 0.5, 1.42), View(0.5, 0.495, 1.1), "snap"),
    "top": Move("TOP-DOWN", View(0.492, 0.508, 1.1), View(0.506, 0.494, 1.02), "linear", sway=0.004),
    "static": Move("STATIC", View(0.5, 0.5, 1.0), View(0.5, 0.497, 1.03), "linear"),
}
"""Moves by name; a locked camera still breathes, so that nobody takes it for a frozen picture."""

_ALONG = r"(pan|slid|track|truck|mov|drift|glid|dolly|swing)\w*( slow| slowly)?( to the)?"
_MOVES: tuple[tuple[str, str], ...] = (
    ("whip", r"whip|swish|(snap|fast|quick) pan"),
    (
        "crash",
        r"crash|(jump|snap) zoom|punch|(fast|quick|sudden|snap) (push|zoom|lean)|smash|jerk|thrust|"
        r"jaw drops|dolly zoom|vertigo",
    ),
    (
        "pull",
        r"pull|zoom(s|ing)? out|dolly(ing)? (out|back)|back away|steps back|eases back|reveal|"
        r"(view|frame) (opens|widens)|widens",
    ),
    ("orbit", r"orbit|\barc(s|ing)?\b|circ(l|ular)|around|rotat|turntable|360|spins?\b|turns once"),
    ("left", rf"{_ALONG} left|right to left"),
    (
        "right",
        rf"{_ALONG} right|left to right|\bpan(s|ning)?\b|slider|dolly along|truck|tracking shot|crawl|"
        r"sway|parallax|lateral|(view|camera) (slides|glides|wanders|drifts|creeps)",
    ),
    (
        "up",
        r"tilt\w*( slowly)? up|tilts from|(crane|pedestal|boom|jib)\b( shot| up)?(?! (slowly )?down)|"
        r"\brise|rising|lift|upwards|scrolls? up",
    ),
    ("down", r"(tilt\w*|crane|pedestal|boom|jib)( slowly)? down|lowers|descend|sets? .* down|slow scroll"),
    (
        "push",
        r"push|dolly|zoom|close.?in|closer|moves in|leans? in|lean(s|ing)? into|\btilt|creep|approach|"
        r"gimbal|steadicam",
    ),
    ("handheld", r"hand.?held|shak|wobbl|ugc|vlog|unsteady|phone cam|found footage"),
    ("static", r"static|locked|tripod|\bstill\b|fixed|no (camera )?movement|stationary"),
)
"""Words that say how the camera moves."""

_MANNERS: tuple[tuple[str, str], ...] = (
    ("top", r"top.?down|overhead|flat.?lay|bird.?s.?eye|from above|aerial|drone"),
    ("handheld", r"selfie|\bpov\b|first person|walk|talks?\b|talking|speak"),
    ("push", r"macro"),
)
"""Words that say how the camera is held, for want of a move."""


@cache
def move_name(wording: str) -> str:
    """The move that a wording asks for: its earliest known word decides; a slow push-in else."""
    text = wording.casefold()
    for words in (_MOVES, _MANNERS):
        found = [(match.start(), name) for name, pattern in words if (match := re.search(pattern, text))]
        if found:
            return min(found, key=lambda hit: hit[0])[1]
    return "push"


_SHOTS: tuple[tuple[str, str], ...] = (
    ("EXTREME CLOSE-UP", r"extreme close"),
    ("MACRO", r"macro"),
    ("TOP-DOWN", r"top.?down|overhead|flat.?lay|bird.?s.?eye|from above|aerial"),
    ("SELFIE", r"selfie|arm'?s length"),
    ("POV", r"\bpov\b|first.person"),
    ("OVER THE SHOULDER", r"over the shoulder|over a phone"),
    ("SPLIT FRAME", r"split"),
    ("MEDIUM CLOSE-UP", r"medium close|chest.up"),
    ("CUT-OUT", r"cut.?out|green.?screen"),
    ("CLOSE-UP", r"close|tight|detail|insert"),
    ("MEDIUM", r"medium|waist|knee|two.?shot|portrait|mirror"),
    ("LOW ANGLE", r"low (angle|selfie)|held low"),
    ("PROFILE", r"profile|side on"),
    ("WIDE", r"wide|full.?(length|body|screen)|establishing|long (shot|lens)|doorway|hallway"),
    ("EYE LEVEL", r"eye level|straight on|front"),
    ("TABLETOP", r"table|desk|bench|counter|shelf"),
)


def shot_label(wording: str) -> str:
    """The size or angle of shot that a camera wording names, as storyboards write it; empty for none."""
    text = wording.casefold()
    return next((name for name, pattern in _SHOTS if re.search(pattern, text)), "")

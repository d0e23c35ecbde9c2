"""How a camera moves over one layer of a picture: from view to view, eased, with a hand's sway."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from adcli.units import FPS

_MOST_ZOOM = 4.0
_MOST_SWAY, _MOST_SWINGS = 0.1, 12


@dataclass(frozen=True, slots=True)
class Ease:
    """How a move runs: as an ffmpeg expression of ``{p}``, the share of its time, and ``{t}``, seconds."""

    expression: str
    at: Callable[[float, float], float]


EASES: Mapping[str, Ease] = {
    "linear": Ease("{p}", lambda p, _: p),
    "inout": Ease("({p}*{p}*(3-2*{p}))", lambda p, _: p * p * (3 - 2 * p)),
    "out": Ease("(1-(1-{p})*(1-{p}))", lambda p, _: 1 - (1 - p) ** 2),
    "snap": Ease(
        "(0.9*(1-pow(1-min(1,{t}/0.4),3))+0.1*{p})",
        lambda p, t: 0.9 * (1 - (1 - min(1.0, t / 0.4)) ** 3) + 0.1 * p,
    ),
}
"""By name. ``snap`` is nearly there after 0.4 s, however long the scene, and creeps on."""


@dataclass(frozen=True, slots=True)
class View:
    """A window of a picture: its centre in shares of the picture, ``zoom`` ≥ 1, where 1 covers the frame."""

    x: float
    y: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Swing:
    """One even swing about the path: ``hertz``, ``phase`` in radians, how far in shares of the picture."""

    hertz: float
    phase: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Track:
    """How one layer's view moves from ``start`` to ``end``, and swings on the way."""

    start: View
    end: View
    ease: str = "inout"
    sway: tuple[Swing, ...] = ()

    @property
    def stands(self) -> bool:
        """It does not move at all."""
        return self.start == self.end and not self.sway

    def at(self, frame: int, span: int) -> View:
        """The view at a frame of a move that takes ``span`` frames, and stands still after."""
        share = min(1.0, frame / max(1, span - 1))
        p = EASES[self.ease].at(share, frame / FPS)
        swings = [(math.sin(math.tau * s.hertz * frame / FPS + s.phase), s) for s in self.sway]
        return View(
            self.start.x + (self.end.x - self.start.x) * p + sum(sine * s.x for sine, s in swings),
            self.start.y + (self.end.y - self.start.y) * p + sum(sine * s.y for sine, s in swings),
            self.start.zoom + (self.end.zoom - self.start.zoom) * p,
        )

    def zoomed(self, factor: float) -> Track:
        """The same seen closer."""
        start, end = (View(v.x, v.y, v.zoom * factor) for v in (self.start, self.end))
        return Track(start, end, self.ease, self.sway)

    def document(self) -> dict[str, Any]:
        """As a move container writes it."""
        path = {"from": asdict(self.start), "to": asdict(self.end), "ease": self.ease}
        return {**path, "sway": [asdict(swing) for swing in self.sway]}


STILL = Track(View(0.5, 0.5, 1.0), View(0.5, 0.5, 1.0))
"""A camera that sees the whole picture and does not move."""


def read_track(row: Mapping[str, Any]) -> Track:
    """A track from a container; raises KeyError, TypeError or ValueError for what is none."""
    ease = str(row.get("ease", "inout"))
    sway = tuple(_swing(swing) for swing in row.get("sway", ())[:_MOST_SWINGS])
    return Track(_view(row["from"]), _view(row["to"]), ease if ease in EASES else "inout", sway)


def _view(row: Mapping[str, Any]) -> View:
    x, y, zoom = (float(row[name]) for name in ("x", "y", "zoom"))
    if not (0 <= x <= 1 and 0 <= y <= 1 and math.isfinite(zoom)):
        raise ValueError(f"a view at {x}, {y} with zoom {zoom}")
    return View(x, y, min(max(1.0, zoom), _MOST_ZOOM))


def _swing(row: Mapping[str, Any]) -> Swing:
    swing = Swing(*(float(row[name]) for name in ("hertz", "phase", "x", "y")))
    if not (0 <= swing.hertz <= FPS / 2 and math.isfinite(swing.phase)):
        raise ValueError(f"a swing of {swing.hertz} Hz")
    if not max(abs(swing.x), abs(swing.y)) <= _MOST_SWAY:
        raise ValueError(f"a swing of {swing.x}, {swing.y}")
    return swing

"""Colours, gradients and labels that drawn products share."""

from __future__ import annotations

from dataclasses import dataclass

from adcli.media import svg
from adcli.media.colour import WHITE, Colour


@dataclass(frozen=True, slots=True)
class Paint:
    """Colours of one drawn product; ``named`` leaves room on its label for its name."""

    body: Colour
    shade: Colour
    light: Colour
    cap: Colour
    accent: Colour
    label: Colour
    named: bool = False


def round_body(paint: Paint, name: str = "body") -> str:
    """Gradients that make an upright shape look round, lit from the left."""
    stops = [
        (0.0, paint.shade),
        (0.16, paint.body),
        (0.3, paint.light),
        (0.5, paint.body),
        (1.0, paint.shade),
    ]
    cap = [(0.0, paint.cap.darker(0.5)), (0.3, paint.cap.lighter(0.45)), (1.0, paint.cap.darker(0.55))]
    veil: list[svg.Stop] = [(0, "#000", 0.16), (0.25, "#fff", 0.22), (0.55, "#fff", 0.0), (1, "#000", 0.2)]
    return (
        svg.linear(name, stops, across=True)
        + svg.linear("cap", cap, across=True)
        + svg.linear("veil", veil, across=True)
    )


def gloss(x: float, y: float, w: float, h: float) -> str:
    """Two soft streaks of reflected light."""
    return svg.rect(x + w * 0.13, y, w * 0.07, h, WHITE, r=w * 0.035, o=0.5) + svg.rect(
        x + w * 0.86, y + h * 0.1, w * 0.03, h * 0.8, WHITE, r=w * 0.015, o=0.25
    )


def label(paint: Paint, x: float, y: float, w: float, h: float) -> str:
    """A label: a mark over the name's place, or over a rule where no name is set, and quiet lines."""
    mid = x + w / 2
    mark = f"M{mid},{y + h * 0.1} q{w * 0.2},{h * 0.13} 0,{h * 0.34} q{-w * 0.2},{-h * 0.21} 0,{-h * 0.34}z"
    ink = paint.shade.darker(0.3)
    rule = "" if paint.named else svg.rect(x + w * 0.2, y + h * 0.54, w * 0.6, h * 0.075, ink, r=h * 0.03)
    first = 0.84 if paint.named else 0.68
    return (
        svg.rect(x, y, w, h, paint.label)
        + svg.rect(x, y + h * 0.03, w, h * 0.012, paint.accent)
        + svg.rect(x, y + h * 0.958, w, h * 0.012, paint.accent)
        + svg.path(mark, paint.accent)
        + rule
        + svg.rect(x + w * 0.29, y + h * first, w * 0.42, h * 0.03, ink, r=h * 0.015, o=0.5)
        + svg.rect(x + w * 0.35, y + h * (first + 0.06), w * 0.3, h * 0.03, ink, r=h * 0.015, o=0.3)
        + svg.rect(x, y, w, h, "url(#veil)")
    )

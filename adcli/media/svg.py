"""Small pieces of SVG text, and their rasterising by resvg; no user's text ever goes in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import resvg_py
from PIL import Image

from adcli.errors import TaskFailed
from adcli.media.colour import Colour
from adcli.units import Size

Stop = tuple[float, Colour | str] | tuple[float, Colour | str, float]
"""Offset 0–1, colour and, when it is not 1, opacity of one stop of a gradient."""


def document(body: str, size: Size) -> str:
    """A whole SVG whose user units are pixels of ``size``."""
    box = f'width="{size.width}" height="{size.height}" viewBox="0 0 {size.width} {size.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{body}</svg>'


def rasterise(body: str, size: Size, scale: float = 1.0) -> Image.Image:
    """RGBA pixels of ``body`` drawn in a box of ``size``, times ``scale``."""
    png = resvg_py.svg_to_bytes(
        svg_string=document(body, size), skip_system_fonts=True, width=round(size.width * scale)
    )
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


def rasterise_text(text: str, name: str, width: int) -> Image.Image:
    """RGBA pixels at ``width`` px of an SVG that a person gave, already stripped; it gets no system fonts.

    Raises TaskFailed for one that can't be drawn; ``name`` is what they call it.
    """
    try:
        png = resvg_py.svg_to_bytes(svg_string=text, skip_system_fonts=True, width=width)
    except BaseException as error:  # resvg's panics derive from BaseException (linebender/resvg#732)
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise TaskFailed(f"{name} can't be drawn", hint="save it as PNG and name that file") from error
    return Image.open(io.BytesIO(bytes(png))).convert("RGBA")


def linear(name: str, stops: Sequence[Stop], *, across: bool = False, tilt: float = 0.0) -> str:
    """A gradient from top to bottom (or left to right), to be used as ``url(#name)``."""
    end = f'x2="1" y2="{tilt:g}"' if across else f'x2="{tilt:g}" y2="1"'
    return f'<linearGradient id="{name}" x1="0" y1="0" {end}>{_stops(stops)}</linearGradient>'


def radial(name: str, stops: Sequence[Stop], centre: tuple[float, float] = (0.5, 0.5)) -> str:
    """A gradient from a centre (in parts of the shape's box) outwards."""
    x, y = centre
    return f'<radialGradient id="{name}" cx="{x:g}" cy="{y:g}" r="0.5">{_stops(stops)}</radialGradient>'


def _stops(stops: Sequence[Stop]) -> str:
    parts = []
    for offset, colour, *opacity in stops:
        paint = colour if isinstance(colour, str) else colour.hex
        veil = f' stop-opacity="{opacity[0]:g}"' if opacity else ""
        parts.append(f'<stop offset="{offset:g}" stop-color="{paint}"{veil}/>')
    return "".join(parts)


def paint(colour: Colour | str) -> str:
    """Value of a fill: ``#rrggbb``, or text as it is."""
    return colour if isinstance(colour, str) else colour.hex


def rect(x: float, y: float, w: float, h: float, fill: Colour | str, *, r: float = 0, o: float = 1) -> str:
    """A rectangle with corner radius ``r`` and opacity ``o``."""
    corner = f' rx="{r:.1f}"' if r else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}"{corner} '
        f'fill="{paint(fill)}"{_veil(o)}/>'
    )


def ellipse(x: float, y: float, rx: float, ry: float, fill: Colour | str, *, o: float = 1) -> str:
    """An ellipse around (x, y)."""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{paint(fill)}"{_veil(o)}/>'


def circle(x: float, y: float, r: float, fill: Colour | str, *, o: float = 1) -> str:
    """A circle around (x, y)."""
    return ellipse(x, y, r, r, fill, o=o)


def path(d: str, fill: Colour | str, *, o: float = 1) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{paint(fill)}"{_veil(o)}/>'


def stroke(d: str, colour: Colour | str, width: float, *, o: float = 1) -> str:
    """A line along a path, with round ends."""
    return (
        f'<path d="{d}" fill="none" stroke="{paint(colour)}" stroke-width="{width:.1f}" '
        f'stroke-linecap="round" stroke-linejoin="round"{_veil(o)}/>'
    )


def polygon(points: Iterable[tuple[float, float]], fill: Colour | str, *, o: float = 1) -> str:
    """A closed shape of straight edges."""
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon points="{corners}" fill="{paint(fill)}"{_veil(o)}/>'


def group(body: str, *, x: float = 0, y: float = 0, scale: float = 1, turn: float = 0, o: float = 1) -> str:
    """``body`` moved to (x, y), turned by degrees around there and scaled."""
    place = f"translate({x:.2f} {y:.2f}) rotate({turn:.2f}) scale({scale:.4f})"
    return f'<g transform="{place}"{_veil(o)}>{body}</g>'


def clipped(name: str, shape: str, body: str) -> str:
    """``body`` seen only where ``shape`` is."""
    return f'<clipPath id="{name}">{shape}</clipPath><g clip-path="url(#{name})">{body}</g>'


def _veil(opacity: float) -> str:
    return "" if opacity >= 1 else f' opacity="{opacity:.3f}"'

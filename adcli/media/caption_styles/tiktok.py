"""Capitals in one line; the spoken word has its colour and bounces while its neighbours make room."""

from __future__ import annotations

from collections.abc import Sequence

from adcli.media.caption_block import Placed, Shown
from adcli.media.caption_look import Look, Manner
from adcli.media.caption_styles import STYLE
from adcli.media.subtitles import Document, Style, color

_OUTLINE, _SHADOW = 0.085, 0.05
_GROW, _SETTLE, _SLIDE = 70, 150, 80  # milliseconds of the bounce
_OVERSHOOT, _OVERHANG = 0.06, 0.1
"""Of the scale; a long word's is cut so that it adds no more of the em on a side."""

MANNER = Manner(
    most_words=4,
    most_lines=1,
    gap=0.34,  # looked at: less glues words at the bounce, more tears the line
    piece_gap=0.12,
    line=1.3,
    across=_OUTLINE + _SHADOW,
    down=_OUTLINE + _SHADOW,
    least=0.5,
    capitals=True,
    bounce=1.0,
    overshoot=_OVERSHOOT,
    whole_sentences=True,
)


def style(look: Look) -> Style:
    """Thick outline, small shadow."""
    size = look.pixels
    return Style(STYLE, size, look.inactive, look.font, outline=size * _OUTLINE, shadow=size * _SHADOW)


def draw(document: Document, shown: Shown) -> None:
    """One event for each word while each of them is spoken."""
    row, shrink = shown.block.row, shown.sized(_OUTLINE)
    for active in range(len(row)):
        for index, item in enumerate(row):
            tags = _state(shown, index, active) + shrink
            ink = color(shown.look.active) if index == active else ""
            text = f"{{{tags}}}{shown.text(item.text, ink)}"
            layer = 2 if index == active else 1
            document.add(shown.starts(active), shown.stops(active), STYLE, text, layer)


def _state(shown: Shown, index: int, active: int) -> str:
    """Override tags of one word while another, or itself, is spoken.

    While a word is enlarged its neighbours slide outward by half of what it grows, so nothing overlaps.
    """
    item, scale = shown.block.row[index], shown.look.scale
    here, before = (item.x + _aside(shown, index, spoken) for spoken in (active, active - 1))
    if active and before != here:
        move = f"\\move({before:.1f},{item.y:.1f},{here:.1f},{item.y:.1f},0,{_SLIDE})"
    else:
        move = f"\\pos({here:.1f},{item.y:.1f})"
    if index == active:
        over = peak(item.width, shown.block.pixels, scale)
        return f"{move}\\1c{color(shown.look.active)}{_bounce(scale, over)}"
    if active and index == active - 1 and scale > 1:
        grown = 100 * scale
        return f"{move}\\fscx{grown:.0f}\\fscy{grown:.0f}\\t(0,{_SLIDE},\\fscx100\\fscy100)"
    return move


def _aside(shown: Shown, index: int, active: int) -> float:
    """By how many pixels a word moves aside while another one is spoken."""
    block = shown.block
    if active < 0 or block.line_of(index) != block.line_of(active):
        return 0.0
    return shift(block.row, index, active, shown.look.scale)


def shift(row: Sequence[Placed], index: int, active: int, scale: float) -> float:
    """By how many pixels a word moves aside while another one of its line is spoken."""
    if active < 0 or index == active:
        return 0.0
    return (-1 if row[index].x < row[active].x else 1) * (scale - 1) * row[active].width / 2


def peak(width: float, pixels: float, scale: float) -> float:
    """How large a spoken word gets for a moment before it settles at ``scale``."""
    if scale <= 1:
        return 1.0
    return scale + min(_OVERSHOOT, 2 * _OVERHANG * pixels / max(width, 1.0))


def _bounce(scale: float, over: float) -> str:
    if scale <= 1:
        return ""
    grown, rest = 100 * over, 100 * scale
    return (
        f"\\t(0,{_GROW},\\fscx{grown:.0f}\\fscy{grown:.0f})"
        f"\\t({_GROW},{_SETTLE},\\fscx{rest:.0f}\\fscy{rest:.0f})"
    )

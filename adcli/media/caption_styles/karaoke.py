"""A phrase that stands still while its words fill with the active colour, in the direction they are read."""

from __future__ import annotations

from adcli.media.caption_block import Placed, Shown, is_read_leftward
from adcli.media.caption_look import Look, Manner
from adcli.media.caption_styles import STYLE
from adcli.media.subtitles import Document, Style, color

_OUTLINE, _SHADOW = 0.08, 0.05
_SHORTEST = 0.04  # seconds; a word that is over sooner has its colour at once

MANNER = Manner(
    most_words=7,
    most_lines=2,
    gap=0.3,
    line=1.24,
    across=_OUTLINE + _SHADOW,
    down=_OUTLINE + _SHADOW,
    least=5 / 6,
    read=True,
)


def style(look: Look) -> Style:
    """Thick outline, small shadow."""
    size = look.pixels
    return Style(STYLE, size, look.inactive, look.font, outline=size * _OUTLINE, shadow=size * _SHADOW)


def draw(document: Document, shown: Shown) -> None:
    """Two events a word: it at rest, and above it the same in the active colour behind a growing window."""
    ink = color(shown.look.active)
    for index, item in enumerate(shown.block.row):
        place = f"\\pos({item.x:.1f},{item.y:.1f}){shown.sized(_OUTLINE)}"
        document.add(shown.cue.start, shown.cue.end, STYLE, f"{{{place}}}{shown.text(item.text)}", layer=1)
        start = max(item.word.start, shown.cue.start)
        seconds = min(item.word.end, shown.stops(index)) - start
        window = _window(item, shown, seconds)
        text = f"{{{place}\\1c{ink}\\shad0{window}}}{shown.text(item.text, ink)}"
        document.add(start, shown.cue.end, STYLE, text, layer=2)


def _window(item: Placed, shown: Shown, seconds: float) -> str:
    """The part of a word that is seen, from its first letter's side on."""
    pixels = shown.block.pixels
    edge = (_OUTLINE + _SHADOW) * pixels
    left, right = int(item.box.left - edge), int(item.box.right + edge) + 1
    top, bottom = int(item.box.top - 0.3 * pixels), int(item.box.bottom + 0.3 * pixels)
    if seconds < _SHORTEST:
        return ""
    nothing = (right, right) if is_read_leftward(item, shown.leftward) else (left, left)
    shut, open_ = (f"\\clip({a},{top},{b},{bottom})" for a, b in (nothing, (left, right)))
    return f"{shut}\\t(0,{1000 * seconds:.0f},{open_})"

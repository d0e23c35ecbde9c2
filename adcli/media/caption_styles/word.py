"""One word at a time, large and in the middle; it comes with a quick pop, and a long one is set smaller."""

from __future__ import annotations

from adcli.media.caption_block import Shown
from adcli.media.caption_look import Look, Manner
from adcli.media.caption_styles import STYLE
from adcli.media.subtitles import Document, Style, color

_OUTLINE, _SHADOW = 0.075, 0.05
_POP, _SETTLE = 70, 140  # milliseconds
_FIRST = 0.8  # size of the first frame

MANNER = Manner(
    most_words=1,
    most_lines=2,
    gap=0.3,
    line=1.16,
    across=_OUTLINE + _SHADOW,
    down=_OUTLINE + _SHADOW,
    least=0.2,
    capitals=True,
    bounce=0.55,
    spare=1,
    whole_sentences=True,
)


def style(look: Look) -> Style:
    """Thick outline, small shadow."""
    size = look.pixels
    return Style(STYLE, size, look.active, look.font, outline=size * _OUTLINE, shadow=size * _SHADOW)


def draw(document: Document, shown: Shown) -> None:
    """One event a word, all at once where there are two."""
    over = 100 * (1 + MANNER.growth(shown.look))
    first = 100 * _FIRST
    pop = (
        f"\\fscx{first:.0f}\\fscy{first:.0f}\\t(0,{_POP},\\fscx{over:.0f}\\fscy{over:.0f})"
        f"\\t({_POP},{_SETTLE},\\fscx100\\fscy100)"
    )
    pop = pop if shown.look.scale > 1 else ""
    for item in shown.block.row:
        place = f"\\pos({item.x:.1f},{item.y:.1f}){shown.sized(_OUTLINE)}{pop}"
        text = f"{{{place}}}{shown.text(item.text, color(shown.look.active))}"
        document.add(shown.cue.start, shown.cue.end, STYLE, text, layer=1)

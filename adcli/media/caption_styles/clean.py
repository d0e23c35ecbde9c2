"""Quiet subtitles: up to two balanced lines as they are written, white with a soft shadow; nothing moves."""

from __future__ import annotations

from adcli.media.caption_block import Shown
from adcli.media.caption_look import Look, Manner
from adcli.media.caption_styles import STYLE
from adcli.media.subtitles import Document, Style, color

_HALO, _SOFT, _DROP = 0.07, 0.1, 0.03  # of the em: how wide, blurred and low the shadow is
_FADE = 100  # milliseconds, where nothing stands there before or after

MANNER = Manner(
    most_words=12,
    most_lines=2,
    gap=0.27,
    line=1.22,
    across=_HALO + 1.5 * _SOFT,
    down=_HALO + 1.5 * _SOFT,
    least=5 / 6,
    quiet=True,
    read=True,
)


def style(look: Look) -> Style:
    """The outline is the shadow: blurred, it lies around the letters."""
    size = look.pixels
    return Style(STYLE, size, look.active, look.quiet, outline=size * _HALO, shadow=size * _DROP)


def draw(document: Document, shown: Shown) -> None:
    """One event a line."""
    pixels, fade = shown.block.pixels, (0 if shown.follows else _FADE, 0 if shown.leads else _FADE)
    soft = f"\\blur{_SOFT * pixels:.2f}\\3a&H38&\\4a&H80&{shown.sized(_HALO)}"
    tags = f"\\fad({fade[0]},{fade[1]}){soft}" if any(fade) else soft
    for line in shown.block.lines:
        middle = (line.box.left + line.box.right) / 2
        text = f"{{\\pos({middle:.1f},{line.y:.1f}){tags}}}{shown.text(line.text, color(shown.look.active))}"
        document.add(shown.cue.start, shown.cue.end, STYLE, text, layer=1)

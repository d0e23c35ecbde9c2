"""Captions: what is spoken, a few words at a time, in one of the styles of ``caption_styles``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adcli.media.bidi import runs_left
from adcli.media.brand_fonts import Fonts
from adcli.media.caption_block import Shown, set_block
from adcli.media.caption_cues import cues, hurried
from adcli.media.caption_look import Look, Manner, Setting
from adcli.media.caption_styles import CaptionStyle, caption_style
from adcli.media.caption_words import Word, shown_words
from adcli.media.fonts import Font
from adcli.media.layout import Frame
from adcli.media.subtitles import Document

__all__ = ["Look", "Word", "add_captions", "drawn_as", "drawn_with", "look_of"]


def add_captions(document: Document, words: Sequence[Word], frame: Frame, look: Look) -> tuple[str, ...]:
    """Draws all words of a segment into ``document``, which gets a box of kind ``caption`` for each caption.

    All of it stands in the frame's zone. Gives notes on what can't be read at that pace.
    """
    style = caption_style(look.style)
    setting = _setting(style, frame, look)
    shown = shown_words(words)
    if not shown:
        return ()
    document.styles.append(style.style(look))
    leftward = runs_left(" ".join(word.text for word in shown))
    found = cues(shown, setting, document.seconds)
    for number, cue in enumerate(found):
        block = set_block(cue, frame, setting, look.position, leftward)
        follows = cue.start <= (found[number - 1].end if number else 0.0)
        leads = cue.end >= (found[number + 1].start if number + 1 < len(found) else document.seconds)
        style.draw(document, Shown(cue, block, setting, look, leftward, follows, leads))
        document.box("caption", cue.start, cue.end, *block.box)
    return hurried(found, setting.manner)


def look_of(captions: Mapping[str, Any], frame: Frame, fonts: Fonts) -> Look:
    """The campaign's caption settings, as the fields of ``spec.look.Captions``, in a frame."""
    return Look(
        captions["font_size"] * frame.unit,
        captions["active_color"],
        captions["inactive_color"],
        captions["position"],
        captions["bounce_scale"] if captions["bounce"] else 1.0,
        fonts.display,
        captions["style"],
        captions.get("max_words"),
        captions.get("max_lines"),
        fonts.text,
    )


def drawn_with(look: Look) -> Font:
    """The font that captions of this look are set in."""
    return caption_style(look.style).MANNER.font(look)


def drawn_as(text: str, look: Look) -> str:
    """A text as captions of this look write it: some in capitals."""
    return caption_style(look.style).MANNER.cased(text)


def _setting(style: CaptionStyle, frame: Frame, look: Look) -> Setting:
    """The style within the campaign's limits, in this frame."""
    manner = _limited(style.MANNER, look)
    return Setting(manner, manner.font(look), look.pixels, frame.text_width, manner.growth(look))


def _limited(manner: Manner, look: Look) -> Manner:
    """With the numbers of words and lines that the campaign asks for; those are kept to the word."""
    if look.most_words is not None:
        manner = replace(manner, most_words=look.most_words, spare=0)
    if look.most_lines is not None:
        manner = replace(manner, most_lines=look.most_lines)
    return manner

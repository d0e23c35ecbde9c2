"""Where the words of one caption stand: lines inside the zone that the platform leaves free."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from adcli.media.bidi import runs_left
from adcli.media.caption_cues import Cue, Lines, written
from adcli.media.caption_look import Look, Setting
from adcli.media.caption_words import Word
from adcli.media.fonts import Font
from adcli.media.layout import Box, Frame
from adcli.media.lettering import leading
from adcli.media.pieces import visual_order
from adcli.media.subtitles import escape

_ASCENT, _DESCENT = 0.8, 0.28
"""Of the em: room that every line gets above and below its baseline, whatever stands on it, so that lines
don't hop from caption to caption."""

_MEASURED = 100.0
"""Pixels at which ink is measured."""

_SMALLEST = 0.02  # of the size asked for: a caption never vanishes


@dataclass(frozen=True, slots=True)
class Placed:
    """A word at rest: its middle, the box of its ink, and the ``\\pos`` that sets it so with ``\\an5``."""

    word: Word
    text: str
    x: float
    y: float
    box: Box

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.box.width


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its words as they are spoken, its text as it is read, its box without outline.

    ``y`` is the ``\\pos`` of the whole text with ``\\an5``.
    """

    row: tuple[Placed, ...]
    text: str
    y: float
    baseline: float
    box: Box


@dataclass(frozen=True, slots=True)
class Block:
    """A caption as it is drawn: at an em of so many pixels, its box with all that its style adds."""

    pixels: float
    lines: tuple[Line, ...]
    box: Box

    @property
    def row(self) -> tuple[Placed, ...]:
        """All its words as they are spoken."""
        return tuple(item for line in self.lines for item in line.row)

    def line_of(self, index: int) -> int:
        """Which line a word stands on."""
        count = 0
        for number, line in enumerate(self.lines):
            count += len(line.row)
            if index < count:
                return number
        raise IndexError(index)


@dataclass(frozen=True, slots=True)
class Shown:
    """One caption that a style draws; ``leftward`` is the direction of the text that it is part of.

    ``follows`` and ``leads`` tell whether another one, or a cut, is right before and right after it.
    """

    cue: Cue
    block: Block
    setting: Setting
    look: Look
    leftward: bool
    follows: bool = False
    leads: bool = False

    def text(self, text: str, ink: str = "") -> str:
        """A text of the users' as ASS; ``ink`` is the event's own colour where that is not its style's."""
        return escape(text, self.setting.font, ink, self.leftward)

    def sized(self, outline: float = 0.0) -> str:
        """Tags of the size, where the caption had to shrink; ``outline`` is in parts of the em."""
        pixels = self.block.pixels
        if pixels == self.setting.pixels:
            return ""
        bord = f"\\bord{pixels * outline:.2f}" if outline else ""
        return f"\\fs{self.setting.font.ass_size(pixels):.2f}{bord}"

    def starts(self, index: int) -> float:
        """Second at which a word is the spoken one; the first one is from the beginning."""
        return max(self.block.row[index].word.start, self.cue.start) if index else self.cue.start

    def stops(self, index: int) -> float:
        """Second at which the next word is the spoken one."""
        return self.starts(index + 1) if index + 1 < len(self.block.row) else self.cue.end


def set_block(cue: Cue, frame: Frame, setting: Setting, position: str, leftward: bool | None = None) -> Block:
    """The caption at the largest em, up to the one asked for, at which it keeps inside the zone."""
    widest = max((setting.reach(line) for line in cue.lines), default=1.0)
    small = min(1.0, setting.widest / max(widest, 1.0))
    for _ in range(8):
        sized = replace(setting, pixels=setting.pixels * small) if small < 1 else setting
        block = _at(cue.lines, frame, sized, position, leftward)
        over = max(block.box.width / frame.zone.width, block.box.height / frame.zone.height)
        if over <= 1 or small < _SMALLEST:
            break
        small /= over * 1.005
    return block


def _at(lines: Lines, frame: Frame, setting: Setting, position: str, leftward: bool | None) -> Block:
    """The caption at the setting's own size."""
    manner, pixels = setting.manner, setting.pixels
    texts = [[manner.cased(word.text) for word in line] for line in lines]
    step = leading(["".join(line) for line in texts], manner.line) * pixels
    inks = [[_ink(setting.font, text) for text in line] for line in texts]
    grown = 1 + setting.growth
    centre = _middle(setting.font, "")
    up, low = _ASCENT + manner.down, _DESCENT + manner.down
    height = (up + low) * pixels + step * (len(lines) - 1)
    top = frame.caption_y(position, height) - height / 2
    over = max(0.0, max(centre + grown * (ink[0] - centre) for ink in inks[0]) - _ASCENT) * pixels
    under = max(0.0, max(grown * (ink[1] + centre) - centre for ink in inks[-1]) - _DESCENT) * pixels
    top = max(min(top, frame.zone.bottom - height - under), frame.zone.top + over)
    placed = [
        _row(line, frame.center_x, top + up * pixels + number * step, setting, leftward)
        for number, line in enumerate(lines)
    ]
    aside = max((ink[2] for line in inks for ink in line), default=0.0) * grown * pixels
    reach = max((setting.reach(line) for line in lines), default=0.0) + 2 * aside
    left, right = frame.center_x - reach / 2, frame.center_x + reach / 2
    return Block(pixels, tuple(placed), Box(left, top - over, right, top + height + under))


def _row(
    words: Sequence[Word], middle: float, baseline: float, setting: Setting, leftward: bool | None
) -> Line:
    """One line of words, centred, in the order in which they are seen."""
    pixels, cased = setting.pixels, setting.manner.cased
    x = middle - setting.line(words) / 2
    left, before, row = x, -1, {}
    for index in visual_order([word.text for word in words], leftward):
        word = words[index]
        text, width = cased(word.text), setting.width(word)
        x += setting.gap(words[max(index, before)]) if before >= 0 else 0.0
        before = index
        up, low, _ = _ink(setting.font, text)
        box = Box(x, baseline - up * pixels, x + width, baseline + low * pixels)
        row[index] = Placed(word, text, x + width / 2, baseline - _middle(setting.font, text) * pixels, box)
        x += width
    placed = tuple(row[index] for index in range(len(words)))
    top, bottom = min(item.box.top for item in placed), max(item.box.bottom for item in placed)
    text = cased(written(words))
    y = baseline - _middle(setting.font, text) * pixels
    return Line(placed, text, y, baseline, Box(left, top, x, bottom))


@lru_cache(4096)
def _ink(font: Font, text: str) -> tuple[float, float, float]:
    """How far a text's ink reaches above and below its baseline and out of its width, in parts of the em."""
    up = low = aside = x = 0.0
    runs = font.runs(text)
    width = sum(run.width(_MEASURED) for run in runs)
    for run in runs:
        sized = run.face.sized(_MEASURED)
        left, top, right, bottom = sized.getbbox(run.text, anchor="ls", direction=run.direction)
        up, low = max(up, -top), max(low, bottom)
        aside = max(aside, -x - left, x + right - width)
        x += run.width(_MEASURED)
    return up / _MEASURED, low / _MEASURED, aside / _MEASURED


def _middle(font: Font, text: str) -> float:
    """From the baseline up to what ``\\an5`` centres, in parts of the em.

    libass takes a line to reach from the highest winAscent to the lowest winDescent of its faces.
    """
    faces = {font.face, *(run.face for run in font.runs(text))}
    rises = [face.rise for face in faces]
    return (max(up for up, _ in rises) - max(low for _, low in rises)) / 2


def is_read_leftward(item: Placed, leftward: bool) -> bool:
    """Whether a word is read from its right end; signs alone are read as the text around them."""
    kinds = {unicodedata.bidirectional(mark) for mark in item.word.text}
    if kinds & {"L", "R", "AL"}:
        return runs_left(item.word.text)
    return leftward and not kinds & {"EN", "AN"}

"""Captions: a few words at a time, the spoken one marked and bouncing while its neighbours make room."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from adcli.media.fonts import BLACK, Font
from adcli.media.layout import Frame
from adcli.media.subtitles import Document, Style, color, escape

STYLE = "Caption"
MOST_WORDS = 4
_WORD_GAP = 0.34  # of the em; looked at: less glues words at the bounce, more tears the line
_OUTLINE, _SHADOW = 0.085, 0.05
_LINGER = 0.25
_LARGEST_GAP = 0.12
_GROW, _SETTLE = 70, 150  # milliseconds of the bounce
_OVERSHOOT, _OVERHANG = (
    0.06,
    0.1,
)  # of the scale; a long word's is cut so that it adds no more of the em a side
_SENTENCE_ENDS = ".?!…:;。？！"
_CLOSING = "\"'’”»›)]"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as displayed; ``start`` and ``end`` in seconds from the segment's start."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Look:
    """The campaign's caption settings; ``pixels`` is the em in pixels of the frame."""

    pixels: float
    active: str
    inactive: str
    position: str
    scale: float
    font: Font = BLACK


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of one chunk with its horizontal centre and width in pixels."""

    word: Word
    text: str
    x: float
    width: float


def chunked(
    words: Sequence[Word], widest: float, pixels: float, scale: float = 1.0, font: Font = BLACK
) -> list[list[Word]]:
    """Groups of at most four words that fit one line while any of them is enlarged; sentences end a group."""
    chunks: list[list[Word]] = []
    for word in words:
        current = chunks[-1] if chunks else []
        fits = len(current) < MOST_WORDS and _reach([*current, word], pixels, scale, font) <= widest
        if current and fits and not _ends_sentence(current[-1].text):
            current.append(word)
        else:
            chunks.append([word])
    return chunks


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in tuple(_SENTENCE_ENDS)


def _width(words: Sequence[Word], pixels: float, font: Font) -> float:
    glyphs = sum(font.width(word.text.upper(), pixels) for word in words)
    return glyphs + _WORD_GAP * pixels * (len(words) - 1)


def _reach(words: Sequence[Word], pixels: float, scale: float, font: Font) -> float:
    """Width of the line while its longest word is at the top of its bounce."""
    growth = scale + _OVERSHOOT - 1 if scale > 1 else 0.0
    return _width(words, pixels, font) + growth * max(font.width(word.text.upper(), pixels) for word in words)


def placed(chunk: Sequence[Word], frame: Frame, look: Look) -> tuple[float, list[Placed]]:
    """The em that makes the line fit, and its words as they are spoken, centred in their direction."""
    reach = max(_reach(chunk, look.pixels, look.scale, look.font), 1.0)
    pixels = look.pixels * min(1.0, frame.text_width / reach)
    x = (frame.size.width - _width(chunk, pixels, look.font)) / 2
    row: dict[int, Placed] = {}
    for index in _from_left(chunk):
        text = chunk[index].text.upper()
        width = look.font.width(text, pixels)
        row[index] = Placed(chunk[index], text, x + width / 2, width)
        x += width + _WORD_GAP * pixels
    return pixels, [row[index] for index in range(len(chunk))]


def _from_left(chunk: Sequence[Word]) -> list[int]:
    """Indices of words as they stand from left to right: of a line that runs to the left, its last is first.

    Words in a row that run to the right keep their order among themselves (UAX #9, rule L2).
    """
    leftward = [_runs_left(word.text) for word in chunk]
    order = list(range(len(chunk)))
    if next((way for way in leftward if way is not None), None) is not True:
        return order
    found: list[int] = []
    for index in order:
        inner = leftward[index] is False and index and leftward[index - 1] is False
        found.insert(_after_its_kind(found, leftward) if inner else 0, index)
    return found


def _after_its_kind(found: Sequence[int], leftward: Sequence[bool | None]) -> int:
    """Behind the words at the start that run to the right."""
    return next((n for n, index in enumerate(found) if leftward[index] is not False), len(found))


def _runs_left(text: str) -> bool | None:
    """Whether a word's first letter belongs to a script that runs to the left; None without a letter."""
    kinds = (unicodedata.bidirectional(mark) for mark in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), None)


def add_captions(document: Document, words: Sequence[Word], frame: Frame, look: Look) -> None:
    """Draws all words of a segment into ``document``."""
    document.styles.append(
        Style(
            STYLE,
            look.pixels,
            look.inactive,
            look.font,
            outline=look.pixels * _OUTLINE,
            shadow=look.pixels * _SHADOW,
        )
    )
    shown = [_one_line(word) for word in words if word.text.strip()]
    chunks = chunked(shown, frame.text_width, look.pixels, look.scale, look.font)
    for index, chunk in enumerate(chunks):
        following = chunks[index + 1][0].start if index + 1 < len(chunks) else document.seconds
        end = min(following, chunk[-1].end + _LINGER)
        if following - chunk[-1].end < _LARGEST_GAP + _LINGER and index + 1 < len(chunks):
            end = following
        _add_chunk(document, chunk, end, frame, look)


def _one_line(word: Word) -> Word:
    return Word(" ".join(word.text.split()), word.start, word.end)


def _add_chunk(document: Document, chunk: Sequence[Word], end: float, frame: Frame, look: Look) -> None:
    pixels, row = placed(chunk, frame, look)
    shrink = (
        "" if pixels == look.pixels else f"\\fs{look.font.ass_size(pixels):.2f}\\bord{pixels * _OUTLINE:.2f}"
    )
    y = frame.caption_y(look.position)
    for active, spoken in enumerate(row):
        start = spoken.word.start if active else chunk[0].start
        stop = row[active + 1].word.start if active + 1 < len(row) else end
        for index, item in enumerate(row):
            text = _state(row, index, active, y, pixels, look) + shrink
            layer = 2 if index == active else 1
            document.add(start, stop, STYLE, f"{{{text}}}{escape(item.text, look.font)}", layer)


def _state(row: Sequence[Placed], index: int, active: int, y: float, pixels: float, look: Look) -> str:
    """Override tags of one word while another, or itself, is spoken.

    While a word is enlarged its neighbours slide outward by half of what it grows, so nothing overlaps.
    """
    here = row[index].x + shift(row, index, active, look.scale)
    before = row[index].x + shift(row, index, active - 1, look.scale) if active else here
    move = (
        f"\\move({before:.1f},{y:.1f},{here:.1f},{y:.1f},0,80)"
        if before != here
        else f"\\pos({here:.1f},{y:.1f})"
    )
    if index == active:
        return (
            move
            + f"\\1c{color(look.active)}"
            + _bounce(look.scale, peak(row[index].width, pixels, look.scale))
        )
    if active and index == active - 1 and look.scale > 1:
        grown = 100 * look.scale
        return move + f"\\fscx{grown:.0f}\\fscy{grown:.0f}\\t(0,80,\\fscx100\\fscy100)"
    return move


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


def shift(row: Sequence[Placed], index: int, active: int, scale: float) -> float:
    """By how many pixels a word moves aside while another one is spoken."""
    if active < 0 or index == active:
        return 0.0
    return (-1 if row[index].x < row[active].x else 1) * (scale - 1) * row[active].width / 2

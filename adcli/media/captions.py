"""Captions: a few words at a time, the spoken one marked and bouncing while its neighbours make room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adcli.media.fonts import BLACK
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


@dataclass(frozen=True, slots=True)
class Placed:
    """A word of one chunk with its horizontal centre and width in pixels."""

    word: Word
    text: str
    x: float
    width: float


def chunked(words: Sequence[Word], widest: float, pixels: float, scale: float = 1.0) -> list[list[Word]]:
    """Groups of at most four words that fit one line while any of them is enlarged; sentences end a group."""
    chunks: list[list[Word]] = []
    for word in words:
        current = chunks[-1] if chunks else []
        fits = len(current) < MOST_WORDS and _reach([*current, word], pixels, scale) <= widest
        if current and fits and not _ends_sentence(current[-1].text):
            current.append(word)
        else:
            chunks.append([word])
    return chunks


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in tuple(_SENTENCE_ENDS)


def _width(words: Sequence[Word], pixels: float) -> float:
    glyphs = sum(BLACK.width(word.text.upper(), pixels) for word in words)
    return glyphs + _WORD_GAP * pixels * (len(words) - 1)


def _reach(words: Sequence[Word], pixels: float, scale: float) -> float:
    """Width of the line while its longest word is at the top of its bounce."""
    growth = scale + _OVERSHOOT - 1 if scale > 1 else 0.0
    return _width(words, pixels) + growth * max(BLACK.width(word.text.upper(), pixels) for word in words)


def placed(chunk: Sequence[Word], frame: Frame, look: Look) -> tuple[float, list[Placed]]:
    """The em that makes the line fit, and its words from left to right, centred."""
    reach = max(_reach(chunk, look.pixels, look.scale), 1.0)
    pixels = look.pixels * min(1.0, frame.text_width / reach)
    x = (frame.size.width - _width(chunk, pixels)) / 2
    row = []
    for word in chunk:
        text = word.text.upper()
        width = BLACK.width(text, pixels)
        row.append(Placed(word, text, x + width / 2, width))
        x += width + _WORD_GAP * pixels
    return pixels, row


def add_captions(document: Document, words: Sequence[Word], frame: Frame, look: Look) -> None:
    """Draws all words of a segment into ``document``."""
    document.styles.append(
        Style(
            STYLE,
            look.pixels,
            look.inactive,
            outline=look.pixels * _OUTLINE,
            shadow=look.pixels * _SHADOW,
        )
    )
    shown = [_one_line(word) for word in words if word.text.strip()]
    chunks = chunked(shown, frame.text_width, look.pixels, look.scale)
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
    shrink = "" if pixels == look.pixels else f"\\fs{BLACK.ass_size(pixels):.2f}\\bord{pixels * _OUTLINE:.2f}"
    y = frame.caption_y(look.position)
    for active, spoken in enumerate(row):
        start = spoken.word.start if active else chunk[0].start
        stop = row[active + 1].word.start if active + 1 < len(row) else end
        for index, item in enumerate(row):
            text = _state(row, index, active, y, pixels, look) + shrink
            layer = 2 if index == active else 1
            document.add(start, stop, STYLE, f"{{{text}}}{escape(item.text)}", layer)


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
    return (-1 if index < active else 1) * (scale - 1) * row[active].width / 2

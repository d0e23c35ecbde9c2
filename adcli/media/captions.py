"""Captions: a few words at a time, the spoken one marked and bouncing while its neighbours make room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from adcli.media.bidi import runs_left
from adcli.media.fonts import BLACK, Font
from adcli.media.layout import Frame
from adcli.media.pieces import capitals, pieces, visual_order
from adcli.media.subtitles import Document, Style, color, escape

STYLE = "Caption"
MOST_WORDS = 4
_WORD_GAP = 0.34  # of the em; looked at: less glues words at the bounce, more tears the line
_PIECE_GAP = 0.12  # between parts of a word of a script without spaces
_PIECE = 6  # characters of such a part
_OUTLINE, _SHADOW = 0.085, 0.05
_LINGER = 0.25
_LARGEST_GAP = 0.12
_GROW, _SETTLE = 70, 150  # milliseconds of the bounce
_OVERSHOOT, _OVERHANG = (
    0.06,
    0.1,
)  # of the scale; a long word's is cut so that it adds no more of the em a side
_SENTENCE_ENDS = ".?!…:;。？！؟।۔"
_SPACED = "?!:;…»"  # marks that French sets apart
_CLOSING = "\"'’”»›)]"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as displayed; ``start`` and ``end`` in seconds from the segment's start.

    ``joined`` is a later part of a word of a script without spaces.
    """

    text: str
    start: float
    end: float
    joined: bool = False


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
    """Groups of at most four words that fit one line while any of them is enlarged; sentences end a group.

    A last word doesn't stand alone after a group of three or four: it takes one of them along.
    """
    chunks: list[list[Word]] = []
    for word in words:
        current = chunks[-1] if chunks else []
        fits = len(current) < MOST_WORDS and _reach([*current, word], pixels, scale, font) <= widest
        if current and fits and not _ends_sentence(current[-1].text):
            current.append(word)
        else:
            chunks.append([word])
    for before, lonely in pairwise(chunks):
        goes_on = len(lonely) == 1 and len(before) > 2 and not _ends_sentence(before[-1].text)
        if goes_on and _reach([before[-1], *lonely], pixels, scale, font) <= widest:
            lonely.insert(0, before.pop())
    return chunks


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in tuple(_SENTENCE_ENDS)


def _width(words: Sequence[Word], pixels: float, font: Font) -> float:
    glyphs = sum(font.width(capitals(word.text), pixels) for word in words)
    return glyphs + sum(_gap(word, pixels) for word in words[1:])


def _gap(word: Word, pixels: float) -> float:
    """Pixels before a word."""
    return (_PIECE_GAP if word.joined else _WORD_GAP) * pixels


def _reach(words: Sequence[Word], pixels: float, scale: float, font: Font) -> float:
    """Width of the line while its longest word is at the top of its bounce."""
    growth = scale + _OVERSHOOT - 1 if scale > 1 else 0.0
    return _width(words, pixels, font) + growth * max(
        font.width(capitals(word.text), pixels) for word in words
    )


def placed(
    chunk: Sequence[Word], frame: Frame, look: Look, leftward: bool | None = None
) -> tuple[float, list[Placed]]:
    """The em that makes the line fit, and its words as they are spoken, centred in their direction.

    ``leftward`` is the direction of the text that they are part of; by default their own.
    """
    reach = max(_reach(chunk, look.pixels, look.scale, look.font), 1.0)
    pixels = look.pixels * min(1.0, frame.text_width / reach)
    x = (frame.size.width - _width(chunk, pixels, look.font)) / 2
    row: dict[int, Placed] = {}
    for place, index in enumerate(visual_order([word.text for word in chunk], leftward)):
        x += _gap(chunk[index], pixels) if place else 0.0
        text = capitals(chunk[index].text)
        width = look.font.width(text, pixels)
        row[index] = Placed(chunk[index], text, x + width / 2, width)
        x += width
    return pixels, [row[index] for index in range(len(chunk))]


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
    shown = [part for word in _with_marks(words) for part in _parts(word)]
    leftward = runs_left(" ".join(word.text for word in shown))
    chunks = chunked(shown, frame.text_width, look.pixels, look.scale, look.font)
    for index, chunk in enumerate(chunks):
        following = chunks[index + 1][0].start if index + 1 < len(chunks) else document.seconds
        end = min(following, chunk[-1].end + _LINGER)
        if following - chunk[-1].end < _LARGEST_GAP + _LINGER and index + 1 < len(chunks):
            end = following
        _add_chunk(document, chunk, end, frame, look, leftward)


def _with_marks(words: Sequence[Word]) -> list[Word]:
    """Marks that stand by themselves, as before French question marks, belong to the word before."""
    found: list[Word] = []
    for word in words:
        marks = word.text.strip()
        if found and marks and not marks.strip(_SPACED):
            before = found[-1]
            found[-1] = Word(f"{before.text} {marks}", before.start, word.end, before.joined)
        else:
            found.append(word)
    return found


def _parts(word: Word) -> Iterator[Word]:
    """A word on one line; of a script without spaces in short parts, each with its share of the time."""
    parts = pieces(" ".join(word.text.split()), _PIECE)
    each = (word.end - word.start) / max(1, sum(map(len, parts)))
    start = word.start
    for number, part in enumerate(parts):
        end = start + each * len(part)
        yield Word(part, start, word.end if number == len(parts) - 1 else end, joined=number > 0)
        start = end


def _add_chunk(
    document: Document, chunk: Sequence[Word], end: float, frame: Frame, look: Look, leftward: bool
) -> None:
    pixels, row = placed(chunk, frame, look, leftward)
    shrink = (
        "" if pixels == look.pixels else f"\\fs{look.font.ass_size(pixels):.2f}\\bord{pixels * _OUTLINE:.2f}"
    )
    y = frame.caption_y(look.position)
    for active, spoken in enumerate(row):
        start = spoken.word.start
        stop = row[active + 1].word.start if active + 1 < len(row) else end
        for index, item in enumerate(row):
            text = _state(row, index, active, y, pixels, look) + shrink
            layer = 2 if index == active else 1
            ink = color(look.active) if index == active else ""
            document.add(
                start, stop, STYLE, f"{{{text}}}{escape(item.text, look.font, ink, leftward)}", layer
            )


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

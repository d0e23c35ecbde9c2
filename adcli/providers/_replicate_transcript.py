"""Words with times from what Whisper models on Replicate answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adcli.providers._lines import Heard, Line

_BREATH = 0.3
"""Seconds for a last word whose end the model leaves open."""

_LETTERS_PER_SECOND = 15.0

Timed = tuple[str, float, float]


def transcript(found: Any, written: str | None = None) -> dict[str, str]:
    """Outputs ``words`` and ``text``. Where the words are known, they get the times of what was heard.

    A plain text has no times, and so no words of its own.
    """
    from adcli.media.speech import Word, settled, words_json

    if isinstance(found, list):
        found = "".join(str(part) for part in found)
    pieces = _pieces(found) if isinstance(found, Mapping) else iter(())
    heard = list(_split(pieces))
    seconds = max((end for _, _, end in heard), default=len(written or "") / _LETTERS_PER_SECOND)
    timed = Line.of(written).timed(_spelled(heard), seconds) if written else heard
    words = words_json(settled([Word(*word) for word in timed], seconds))
    return {"words": words, "text": _text(found, heard)}


def _text(found: Any, heard: list[Timed]) -> str:
    if not isinstance(found, Mapping):
        return str(found).strip()
    told = found.get("text") or found.get("transcription") or " ".join(word for word, _, _ in heard)
    return str(told).strip()


def _spelled(heard: list[Timed]) -> Heard | None:
    """Words and the spaces between them, so that letters of two words are not taken for one."""
    return Heard.of_tokens([token for word in heard for token in (word, (" ", word[2], word[2]))])


def _pieces(found: Mapping[str, Any]) -> Iterator[Timed]:
    """``chunks`` of incredibly-fast-whisper, or ``segments`` (perhaps with ``words``) of whisper."""
    for chunk in _rows(found, "chunks"):
        stamp = chunk.get("timestamp")
        start, end = stamp if isinstance(stamp, list) and len(stamp) == 2 else (None, None)
        yield from _piece(chunk.get("text"), start, end)
    for segment in _rows(found, "segments"):
        words = list(_rows(segment, "words"))
        for word in words:
            yield from _piece(word.get("word") or word.get("text"), word.get("start"), word.get("end"))
        if not words:
            yield from _piece(segment.get("text"), segment.get("start"), segment.get("end"))


def _rows(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = found.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _piece(text: object, start: object, end: object) -> Iterator[Timed]:
    if isinstance(text, str) and text.strip() and isinstance(start, int | float):
        until = float(end) if isinstance(end, int | float) else start + _BREATH * len(text.split())
        yield text.strip(), float(start), max(float(start), until)


def _split(pieces: Iterator[Timed]) -> Iterator[Timed]:
    """One entry a word: several in one piece share its time by their letters."""
    for text, start, end in pieces:
        words = text.split()
        whole, at = sum(len(word) for word in words), start
        for word in words:
            until = at + (end - start) * len(word) / whole
            yield word, at, until
            at = until

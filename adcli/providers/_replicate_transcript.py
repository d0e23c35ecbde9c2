"""Words with times from what Whisper models on Replicate answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_BREATH = 0.3
"""Seconds for a last word whose end the model leaves open."""

Timed = tuple[str, float, float]


def transcript(found: Any) -> dict[str, str]:
    """Outputs ``words`` and ``text``; a plain text has no times, and so no words."""
    if isinstance(found, list):
        found = "".join(str(part) for part in found)
    if not isinstance(found, Mapping):
        return {"words": "[]", "text": str(found).strip()}
    words = list(_rising(_split(_pieces(found))))
    told = found.get("text") or found.get("transcription") or " ".join(word for word, _, _ in words)
    rows = [{"text": word, "start": round(start, 3), "end": round(end, 3)} for word, start, end in words]
    return {"words": json.dumps(rows, ensure_ascii=False), "text": str(told).strip()}


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


def _rising(words: Iterator[Timed]) -> Iterator[Timed]:
    """Starts never go back: at the borders of its windows the model's times overlap a little."""
    before = 0.0
    for word, start, end in words:
        begins = max(start, before)
        yield word, begins, max(begins, end)
        before = begins

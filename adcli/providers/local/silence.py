"""Timed silence: stands for a voice where no engine speaks the language, so that captions have times."""

from __future__ import annotations

import numpy as np

from adcli.media.speech import Speech, Word
from adcli.providers.local.reading import Reading
from adcli.providers.local.speech_text import is_heard, pause, weight

RATE = 24_000
_LETTERS_PER_SECOND = 15.5
_WIDE_LETTER = 2.6
_EDGE = 0.05


def synthesize(reading: Reading, speed: float) -> Speech:
    """Silence as long as reading the text aloud would take, with a time for each displayed word."""
    words: list[Word] = []
    at = _EDGE
    for shown, said in zip(reading.shown, reading.spoken, strict=True):
        letters = (weight(said) + _extra(said)) if is_heard(said) else 0.0
        end = at + letters / _LETTERS_PER_SECOND / speed
        words.append(Word(shown, at, end))
        at = end + pause(said) / _LETTERS_PER_SECOND / speed
    length = (words[-1].end if words else 0.0) + _EDGE
    return Speech(np.zeros(round(length * RATE), np.float32), RATE, tuple(words))


def _extra(said: str) -> float:
    """A Chinese, Japanese or Korean sign stands for a syllable, not for a letter."""
    return sum(
        _WIDE_LETTER - 1 for sign in said if "\u2e80" <= sign <= "\ud7ff" or "\uf900" <= sign <= "\ufaff"
    )

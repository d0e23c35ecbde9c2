"""When the words of a line are said, for services that don't tell: estimated from its sound.

A word gets its share of the sound by its length when spoken. Silences stand between words: rather
where a sign asks for a pause, and so that no stretch of sound is spoken much faster than another.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TypeAlias

from adcli.errors import AdcliError
from adcli.providers.local.speech_text import pause, weight

Span: TypeAlias = tuple[float, float]
"""Seconds at which something starts and ends."""

SILENCE = 0.14
"""Seconds of silence that stand between two words; a shorter one may lie within a word."""

_FRAME = 0.01
"""Seconds by which the audible parts of a sound are told from its silences."""

_LETTERS_PER_SECOND = 15.5
_LEAST = 0.5
"""Length of a word that is only seen, such as a dash, in letters."""
_WIDE = 1.6
"""What a Chinese, Japanese or Korean sign is longer than a letter."""
_ASTRAY = 12
"""Words by which a silence may stand off the place where all were spoken equally fast."""
_UNASKED = 0.6
"""Seconds that a silence where no sign asks for one has to save, to be put there."""


def spread(said: Sequence[str], heard: Span) -> list[Span]:
    """Words as they are spoken over one stretch of sound whose silences nobody knows."""
    start, end = heard
    lengths = [_length(word) for word in said]
    rests = [pause(word) for word in said[:-1]] + [0.0] if said else []
    scale = (end - start) / (sum(lengths) + sum(rests)) if said else 0.0
    found, at = [], start
    for length, rest in zip(lengths, rests, strict=True):
        found.append((at, min(at + length * scale, end)))
        at = min(at + (length + rest) * scale, end)
    return found


def placed(said: Sequence[str], heard: Sequence[Span]) -> list[Span]:
    """Words as they are spoken over stretches of sound with silence between them."""
    stretches = _joined(heard, len(said))
    if not stretches:
        return []
    found: list[Span] = []
    for words, (start, end) in zip(_split(said, stretches), stretches, strict=True):
        scale = (end - start) / sum(map(_length, words))
        at = start
        for word in words:
            found.append((at, min(at + _length(word) * scale, end)))
            at = found[-1][1]
    return found


def stretches(loud: Iterable[bool], frame: float) -> list[Span]:
    """The audible stretches of a sound, from whether each of its frames of ``frame`` seconds is loud."""
    found: list[Span] = []
    for index, is_loud in enumerate(loud):
        if not is_loud:
            continue
        start, end = index * frame, (index + 1) * frame
        if found and start - found[-1][1] < SILENCE:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _length(said: str) -> float:
    wide = sum("\u2e80" <= sign <= "\ud7ff" or "\uf900" <= sign <= "\ufaff" for sign in said)
    return max(weight(said) + _WIDE * wide, _LEAST)


def _joined(heard: Sequence[Span], most: int) -> list[Span]:
    """At most as many stretches as words: the shortest silences go first."""
    found = list(heard)
    while len(found) > max(most, 0) and len(found) > 1:
        near = min(range(len(found) - 1), key=lambda at: found[at + 1][0] - found[at][1])
        found[near : near + 2] = [(found[near][0], found[near + 1][1])]
    return found if most else []


def _split(said: Sequence[str], heard: Sequence[Span]) -> list[Sequence[str]]:
    """Which words are said in which stretch: at least one in each, and all evenly fast.

    For every stretch and every word that could be its last: the best word after which it could begin.
    """
    lengths = [0.0, *accumulate(map(_length, said))]
    audible = list(accumulate(end - start for start, end in heard))
    each = audible[-1] / lengths[-1]
    costs, came = {0: 0.0}, []
    for at, (start, end) in enumerate(heard):
        best = {}
        for last in _lasts(bisect_left(lengths, audible[at] / each), at, len(heard), len(said)):
            asked = 0.0 if last == len(said) or pause(said[last - 1]) else _UNASKED
            found = [
                (cost + asked + abs((lengths[last] - lengths[first]) * each - (end - start)), first)
                for first, cost in costs.items()
                if first < last
            ]
            if found:
                best[last] = min(found)
        costs = {last: cost for last, (cost, _) in best.items()}
        came.append({last: first for last, (_, first) in best.items()})
    parts, last = [], len(said)
    for begins in reversed(came):
        parts.append(said[begins[last] : last])
        last = begins[last]
    return parts[::-1]


def _lasts(near: int, at: int, stretches: int, words: int) -> range:
    """How many words may be over after a stretch: about as many as its end is near to, and enough remain."""
    left = stretches - at - 1
    if not left:
        return range(words, words + 1)
    fewest = min(max(at + 1, near - _ASTRAY), words - left)
    return range(fewest, max(at + 1, min(near + _ASTRAY, words - left)) + 1)


def timed_by_sound(shown: Sequence[str], said: Sequence[str], path: Path, folder: Path) -> str:
    """The ``words`` output for a file of sound: words as displayed, and each as it is spoken.

    It was paid for: where it can't be listened to, its words are timed as they are usually spoken.
    """
    from adcli.media import speech

    try:
        folder.mkdir(parents=True, exist_ok=True)
        line = speech.read(path, "[]", folder)
    except (AdcliError, OSError):
        seconds = sum(_length(word) + pause(word) for word in said) / _LETTERS_PER_SECOND
        spans = spread(said, (0.0, seconds))
    else:
        seconds = line.seconds
        frames = (bool(loud) for loud in speech.loud_frames(line.samples, line.rate))
        spans = placed(said, stretches(frames, _FRAME)) or spread(said, (0.0, seconds))
    words = [speech.Word(text, *span) for text, span in zip(shown, spans, strict=True)]
    return speech.words_json(speech.settled(words, seconds))

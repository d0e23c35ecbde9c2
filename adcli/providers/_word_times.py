"""When the words of a line are said, for services that don't tell: estimated from the sound alone, pure.

A word gets its share of the sound by its length when spoken. Silences stand between words: rather
where a sign asks for a pause, and so that no stretch of sound is spoken much faster than another.
"""

from __future__ import annotations

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

    For every stretch and every word that could be its last: the best place where it could have begun.
    """
    lengths = [0.0, *accumulate(map(_length, said))]
    each = sum(end - start for start, end in heard) / lengths[-1]
    costs, begins = {0: 0.0}, []
    for at, (start, end) in enumerate(heard):
        left = len(heard) - at - 1
        best: dict[int, tuple[float, int]] = {}
        for last in range(at + 1, len(said) - left + 1) if left else (len(said),):
            asked = _UNASKED if left and not pause(said[last - 1]) else 0.0
            best[last] = min(
                (cost + asked + abs((lengths[last] - lengths[first]) * each - (end - start)), first)
                for first, cost in costs.items()
                if first < last
            )
        costs = {last: cost for last, (cost, _) in best.items()}
        begins.append({last: first for last, (_, first) in best.items()})
    parts, last = [], len(said)
    for begin in reversed(begins):
        parts.append(said[begin[last] : last])
        last = begin[last]
    return parts[::-1]


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

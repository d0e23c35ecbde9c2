"""Words with their times where nobody has listened: from subtitles, or from a text over speech."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from adcli.errors import TaskFailed
from adcli.media import duck
from adcli.media.caption_words import Word
from adcli.media.synth import RATE

_MOST_BYTES = 4_000_000
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}.*$")
_TAG = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_SPOKEN_ALIKE = 2
"""What a word takes to say beyond its letters, counted in letters."""


def read_subtitles(path: Path) -> list[Word]:
    """The words of an SRT or WebVTT file, each with its share of its cue's time; raises TaskFailed."""
    if path.stat().st_size > _MOST_BYTES:
        raise TaskFailed(
            f"{path.name} has {path.stat().st_size / 1e6:.0f} MB", hint="give an SRT or WebVTT file"
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    words = [word for said, start, end in _cues(text) for word in shared(said, start, end)]
    if not words:
        raise TaskFailed(
            f"{path.name} has no subtitles: found no line such as 00:00:01,000 --> 00:00:02,500",
            hint="give an SRT or WebVTT file",
        )
    return sorted(words, key=lambda word: word.start)


def _cues(text: str) -> Iterator[tuple[str, float, float]]:
    """Text, start and end of each cue."""
    lines: list[str] = []
    times: tuple[float, float] | None = None
    for line in [*text.splitlines(), ""]:
        found = _TIMES.match(line)
        if found:
            numbers = found.groups()
            times, lines = (_seconds(numbers[:4]), _seconds(numbers[4:])), []
        elif line.strip():
            lines.append(line.strip())
        elif times is not None:
            said = " ".join(html.unescape(_TAG.sub("", " ".join(lines))).split())
            if said and times[1] > times[0]:
                yield said, *times
            times = None


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, rest = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + int((rest or "0").ljust(3, "0")) / 1000


def shared(text: str, start: float, end: float) -> list[Word]:
    """The words of a text over a time, each by its length."""
    parts = text.split()
    weights = np.cumsum([0, *(len(part) + _SPOKEN_ALIKE for part in parts)])
    times = start + weights / weights[-1] * (end - start) if parts else weights
    return [Word(part, float(times[n]), float(times[n + 1])) for n, part in enumerate(parts)]


def over_speech(text: str, raw: Path, seconds: float) -> list[Word]:
    """The words of a text over the stretches of a sound (raw stereo floats) in which somebody speaks.

    Over all of it where nobody is heard. A word lies within one stretch.
    """
    sound = np.fromfile(raw, "<f4").reshape(-1, 2).mean(axis=1)
    spans = [(span.start / RATE, span.end / RATE) for span in duck.speech(np.ascontiguousarray(sound))]
    spans = spans or [(0.0, seconds)]
    total = sum(end - start for start, end in spans)
    words, done = shared(text, 0.0, total), 0.0
    placed: list[Word] = []
    for number, (start, end) in enumerate(spans):
        last = number == len(spans) - 1
        here = [w for w in words[len(placed) :] if last or (w.start + w.end) / 2 < done + end - start]
        length = sum(word.end - word.start for word in here)
        stretched, at = (end - start) / length if here else 0.0, start
        for word in here:
            placed.append(Word(word.text, at, at + (word.end - word.start) * stretched))
            at = placed[-1].end
        done += end - start
    return placed

"""Subtitles as SubRip files: words set in cues of two lines at most that can be read while they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adcli.media.caption_cues import Cue, cues, written
from adcli.media.caption_look import Manner, Setting
from adcli.media.caption_words import Word, shown_words
from adcli.media.fonts import SEMIBOLD

WIDEST = 42
"""Columns of a line; a Chinese, Japanese or Korean character takes two (Netflix, Timed Text Style Guides)."""

_MANNER = Manner(
    most_words=WIDEST,
    most_lines=2,
    gap=0.0,
    line=1.0,
    across=0.0,
    down=0.0,
    least=0.8,
    whole_sentences=True,
    read=True,
)


@dataclass(frozen=True, slots=True)
class _Columns(Setting):
    """Lines measured in columns instead of pixels."""

    def line(self, words: Sequence[Word]) -> float:
        """Columns that the words take with the spaces between them."""
        return float(sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in written(words)))

    def reach(self, words: Sequence[Word]) -> float:
        """The same: nothing is added around letters."""
        return self.line(words)


def subtitles(lines: Sequence[Sequence[Word]], seconds: float) -> str:
    """The content of a ``.srt`` file for spoken lines with times in an ad of so many seconds.

    No cue runs from one line into the next, and none ends after the next one begins.
    """
    found = list(_apart([cue for cue in _cues(lines, seconds) if cue.words]))
    return "".join(
        f"{number}\n{_time(cue.start)} --> {_time(cue.end)}\n{_text(cue)}\n\n"
        for number, cue in enumerate(found, start=1)
    )


def _cues(lines: Sequence[Sequence[Word]], seconds: float) -> Iterator[Cue]:
    setting = _Columns(_MANNER, SEMIBOLD, 1.0, WIDEST)
    said = [shown_words(line) for line in lines if line]
    for number, words in enumerate(said):
        ends = said[number + 1][0].start if number + 1 < len(said) else seconds
        yield from cues(words, setting, ends)


def _apart(found: Sequence[Cue]) -> Iterator[Cue]:
    """Each ends when the next one begins, at the latest."""
    for number, cue in enumerate(found):
        after = found[number + 1].start if number + 1 < len(found) else cue.end
        yield replace(cue, end=max(cue.start + 0.001, min(cue.end, after)))


def _text(cue: Cue) -> str:
    """The cue's lines; an arrow as between times would end them for some players."""
    return "\n".join(written(line).strip().replace("-->", "→") for line in cue.lines)


def _time(seconds: float) -> str:
    """``00:00:01,250``."""
    whole = round(max(0.0, seconds) * 1000)
    minutes, rest = divmod(whole, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"

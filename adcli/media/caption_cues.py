"""Which words stand together, on which lines and how long: the breaks and the pace of captions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from adcli.media.caption_look import Manner, Setting
from adcli.media.caption_words import Word, break_cost, ends_sentence, readable_speed

Lines = tuple[tuple[Word, ...], ...]

_LINGER, _LATEST = 0.25, 0.5
"""Seconds for which captions outlast their last word: usually, and where they need it to be read (Netflix,
"Timing to Audio": up to 12 frames at 24 a second)."""

_LARGEST_GAP = 0.12
"""Seconds of nothing between two captions that would be seen as a flicker."""

_EARLIEST, _BORROWED = 0.25, 0.1
"""Seconds by which a short caption may come before its word, and by which the next one may wait for it."""

_UNEVEN = 1.3  # what a line of no width beside a full one disturbs
_TOLERATED = 1.1  # of the speed of reading: nobody sees less
_PAUSE = 0.7  # seconds within a sentence that part it in two
_CUE, _LONELY, _OVER, _RUN_ON, _HUSHED, _FLASH, _HASTE = 0.5, 0.7, 2.0, 2.5, 1.0, 3.0, 2.0
_PARTED = 0.2  # a break that costs no more parts clauses: what stands behind it may stand alone
"""What disturbs, in the unit of ``break_cost``: one more caption, a single word torn from its clause, a word
too many, a full stop within a caption, a pause within it, one gone at once, one too fast to read."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: its lines, and its seconds on the screen."""

    lines: Lines
    start: float
    end: float

    @property
    def words(self) -> tuple[Word, ...]:
        """All its words as they are spoken."""
        return tuple(word for line in self.lines for word in line)

    @property
    def speed(self) -> float:
        """Characters a second that it asks of its readers, as a share of what they can read."""
        text = written(self.words)
        return len(text) / max(self.end - self.start, 0.01) / readable_speed(text)


def written(words: Sequence[Word]) -> str:
    """Words as one text."""
    return "".join(word.text if word.joined or not n else f" {word.text}" for n, word in enumerate(words))


def cues(words: Sequence[Word], setting: Setting, seconds: float) -> list[Cue]:
    """All words of a segment of so many seconds as captions, with the breaks that disturb least."""
    return list(_timed(grouped(words, setting, seconds), setting.manner, seconds))


def grouped(words: Sequence[Word], setting: Setting, seconds: float) -> list[Lines]:
    """The words in groups, each on lines that fit: of all ways to part them the one of the least cost."""
    best: list[tuple[float, int, Lines]] = [(0.0, 0, ())]
    for end in range(1, len(words) + 1):
        ways = []
        for start in range(end - 1, -1, -1):
            chunk = words[start:end]
            lines = _lines(chunk, setting)
            if lines is None or len(chunk) > setting.manner.most_words + setting.manner.spare:
                break
            following = words[end] if end < len(words) else None
            around = (words[start - 1] if start else None, following)
            ways.append((best[start][0] + _cost(chunk, around, setting.manner, seconds), start, lines))
        best.append(min(ways))
    found: list[Lines] = []
    end = len(words)
    while end:
        _, start, lines = best[end]
        found.insert(0, lines)
        end = start
    return found


def _cost(
    chunk: Sequence[Word], around: tuple[Word | None, Word | None], manner: Manner, seconds: float
) -> float:
    """How much one caption of these words disturbs; ``around`` are the words before and after it."""
    before, following = around
    cost = _CUE + (break_cost(chunk[-1], following) if following else 0.0)
    stops = sum(ends_sentence(word.text) for word in chunk[:-1])
    cost += stops * (100.0 if manner.whole_sentences else _RUN_ON)
    cost += sum(_HUSHED for one, other in pairwise(chunk) if other.start - one.end > _PAUSE)
    torn = not ends_sentence(chunk[0].text) or (before and break_cost(before, chunk[0]) > _PARTED)
    if len(chunk) == 1 < manner.most_words and torn:
        cost += _LONELY
    cost += _OVER * max(0, len(chunk) - manner.most_words)
    latest = min(following.start if following else seconds, chunk[-1].end + _LATEST)
    stands = max(latest - chunk[0].start, 0.01)
    cost += _FLASH * max(0.0, 1 - stands / manner.least)
    if manner.read:
        text = written(chunk)
        cost += _HASTE * max(0.0, len(text) / stands / readable_speed(text) - 1)
    return cost


def _lines(chunk: Sequence[Word], setting: Setting) -> Lines | None:
    """The words on as few lines as they need, of about equal width; None when they need too many."""
    if len(chunk) == 1 or setting.reach(chunk) <= setting.widest:
        return (tuple(chunk),)
    for count in range(2, setting.manner.most_lines + 1):
        ways = list(_ways(chunk, count, setting))
        if ways:
            return min(ways)[1]
    return None


def _ways(chunk: Sequence[Word], count: int, setting: Setting) -> Iterator[tuple[float, Lines]]:
    """All ways to set the words on so many lines that fit, with how much each disturbs."""
    for breaks in combinations(range(1, len(chunk)), count - 1):
        lines = tuple(tuple(chunk[a:b]) for a, b in pairwise((0, *breaks, len(chunk))))
        if max(setting.reach(line) for line in lines) > setting.widest:
            continue
        widths = [setting.line(line) for line in lines]
        uneven = _UNEVEN * (max(widths) - min(widths)) / max(widths)
        yield uneven + sum(break_cost(chunk[at - 1], chunk[at]) for at in breaks), lines


def _timed(groups: Sequence[Lines], manner: Manner, seconds: float) -> Iterator[Cue]:
    """When each caption comes and goes: with its words, but never for less than it can be read in."""
    before, wait = 0.0, 0.0
    for number, lines in enumerate(groups):
        words = tuple(word for line in lines for word in line)
        last = number == len(groups) - 1
        start, following = words[0].start + wait, seconds if last else groups[number + 1][0][0].start
        need, wait = _need(words, manner), 0.0
        end = min(following, max(words[-1].end + _LINGER, min(start + need, words[-1].end + _LATEST)))
        if following - end < _LARGEST_GAP:
            end = following
        if manner.read and end - start < need:
            start = max(before, end - need, start - _EARLIEST)
        if end - start < min(need, manner.least) and not last:
            after = groups[number + 1]
            wait = _spare_time(after, groups[number + 2 :], seconds, manner)
            wait = min(wait, _BORROWED, min(need, manner.least) - (end - start))
            end += wait
        yield Cue(lines, start, max(start, end))
        before = end


def _spare_time(lines: Lines, later: Sequence[Lines], seconds: float, manner: Manner) -> float:
    """By how many seconds a caption may wait and still stand long enough."""
    ends = later[0][0][0].start if later else seconds
    return max(0.0, ends - lines[0][0].start - manner.least)


def _need(words: Sequence[Word], manner: Manner) -> float:
    """Seconds that a caption should stand."""
    text = written(words)
    return max(manner.least, len(text) / readable_speed(text) if manner.read else 0.0)


def hurried(found: Sequence[Cue], manner: Manner) -> tuple[str, ...]:
    """A note where captions go by faster than they can be read, at most one."""
    worst = max((cue for cue in found if manner.read), key=lambda cue: cue.speed, default=None)
    if worst is None or worst.speed <= _TOLERATED:
        return ()
    text = written(worst.words)
    limit = readable_speed(text)
    return (
        f"the caption {text!r} asks for {worst.speed * limit:.0f} characters a second, people read "
        f"{limit:.0f}: let the voice say less, or speak slower",
    )

"""How many words a scene holds, and how a person's script is split over the scenes.

A unit is a word; in scripts that write no spaces it is a character. Units per second are how
fast people read texts aloud in each language (Trauzettel-Klosinski & Dietz 2012, Standardized
Assessment of Reading Performance, IOVS 53(9), table 2, words or characters a minute), all
scaled alike so that English comes to the 2.8 words a second of a lively advertising voice.
Languages that the study lacks stand at their nearest relative's figure.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import floor, inf

from adcli.spec.template import Role

SPEED_UP = 1.15
"""Most that a finished line is sped up to fit its window."""

_ENGLISH_PER_SECOND = 2.8
_ALOUD = {
    "en": 228, "ar": 138, "nl": 202, "fi": 161, "fr": 195, "de": 179, "he": 187, "it": 188, "pl": 166,
    "pt": 181, "ru": 184, "sl": 180, "es": 218, "sv": 199, "tr": 166, "zh": 255, "ja": 357,
    "af": 202, "da": 199, "nb": 199, "nn": 199, "no": 199, "is": 180, "et": 161, "hu": 161, "uk": 184,
    "be": 184, "bg": 184, "sr": 180, "hr": 180, "bs": 180, "cs": 166, "sk": 166, "lt": 166, "lv": 166,
    "ca": 218, "gl": 218, "ro": 188, "el": 187, "az": 166, "kk": 166, "uz": 166, "fa": 187, "ur": 195,
    "hi": 195, "bn": 179, "id": 179, "ms": 179, "ko": 161, "vi": 255, "yue": 255,
    "th": 720, "lo": 720, "km": 720, "my": 720,
}  # fmt: skip
_UNKNOWN = 180

_LETTERS_PER_SECOND, _REST_SECONDS = 12.9, 0.22

_LEAD = {Role.HOOK: 0.1, Role.BODY: 0.3, Role.CTA: 0.3}
_REST = 0.1

_NO_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u3096\u309d-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\U00020000-\U0002fa1f"
)
_UNIT = re.compile(rf"[{_NO_SPACES}]|(?:(?![{_NO_SPACES}])[^\W_])(?:(?![{_NO_SPACES}])\S)*")
_NO_SPACE = re.compile(rf"[{_NO_SPACES}]")
_REST_WITHIN = re.compile(r"[.!?…:;,。！？、，]+(?=\s*\w)")
_WIDE_SIGNS = "\u3001-\u3004\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_PIECE = re.compile(rf"[{_NO_SPACES}]|[{_WIDE_SIGNS}]|(?:(?![{_NO_SPACES}{_WIDE_SIGNS}])\S)+")
_OPENS = re.compile(r"[「『（【《〈“‘]$")
_STICKS = re.compile(r"^(?:[^\w「『（【《〈“‘]|[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮーゝゞ々])+$")
_SENTENCE = re.compile(r"[.!?…。！？؟।]+[\"'”’»)\]」』]*$")
_CLAUSE = re.compile(r"(?:[,;:،、，；：][\"'”’»)\]」』]*|[–—-])$")
_ABBREVIATION = re.compile(r"(?i)(?:[dm]rs?|ms|st|vs|no|approx|z\.b|d\.h|bzw|ca|usw|nr|p\.ex|ej|sra?)\.$")
_JOINS = {
    "en": "and or but because so that which who when while until if with without for to",
    "de": "und oder aber weil dass damit wenn während bis mit ohne für um",
    "fr": "et ou mais car parce que qui quand pendant avec sans pour",
    "es": "y o pero porque que quien cuando mientras con sin para",
    "it": "e o ma perché che quando mentre con senza per",
    "pt": "e ou mas porque que quando enquanto com sem para",
}

_UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "km", "my"})
_WORD_CHARS, _SIGN_CHARS = 12, 2
"""Characters of a word with the space after it, and of a sign with its marks: about twice the usual."""

_HIRAGANA, _KATAKANA = re.compile("[ぁ-ゖ]"), re.compile("[ァ-ヺー]")

_SENTENCE_END, _CLAUSE_END, _JOIN, _WORD_END, _INSIDE = 0.0, 4.0, 12.0, 40.0, 80.0
_OVERFLOW, _HURRY, _UNEVEN, _SILENT_HOOK, _SILENT_CTA = 1000.0, 30.0, 10.0, 200.0, 15.0
_REACH = 48
"""How many places a cut may lie from its even place: wide enough for sentences, fast for long scripts."""


def units_per_second(language: str) -> float:
    """Words, or characters where no spaces are written, that are spoken in a second."""
    return _ALOUD.get(_base(language), _UNKNOWN) * _ENGLISH_PER_SECOND / _ALOUD["en"]


def count_units(text: str) -> int:
    """Words of a text; each character of a script without spaces counts as one."""
    return len(_UNIT.findall(text))


def told_units(count: int, language: str) -> str:
    """So many units in words, such as ``1 word`` or ``12 characters``."""
    unit = "character" if _base(language) in _UNSPACED else "word"
    return f"{count} {unit}{'s' if count != 1 else ''}"


def spoken_seconds(text: str, language: str) -> float:
    """Estimated seconds of a spoken text: half by its words, half by their length, and a rest at each mark.

    Over 59 lines in two voices of the local engine its median is 1.04 of the measured length, and
    eight in ten lie between 0.88 and 1.24.
    """
    units, rate = count_units(text), units_per_second(language)
    rests = len(_REST_WITHIN.findall(text)) * _REST_SECONDS
    if not units or _NO_SPACE.search(text):
        return units / rate + rests
    letters = sum(character.isalnum() for character in text)
    return (units / rate + letters / _LETTERS_PER_SECOND) / 2 + rests


def words_that_fit(seconds: float, language: str) -> int:
    """How many units can be spoken in ``seconds`` without haste; at least 1."""
    return max(1, floor(seconds * units_per_second(language) + 1e-9))


def most_chars(units: int, language: str, quoted: Iterable[str] = ()) -> int:
    """Most characters of a line of so many units that may quote texts, such as a product's long name."""
    each = _SIGN_CHARS if _base(language) in _UNSPACED else _WORD_CHARS
    return units * each + sum(max(0, len(text) - each * count_units(text)) for text in quoted)


def line_window(role: Role, seconds: float) -> tuple[float, float]:
    """(seconds from a scene's start to its line's start, seconds that the line may last).

    Text is on the screen 0.3 s before its voice; the hook starts to speak at once.
    """
    lead = _LEAD[role]
    return lead, max(0.0, round(seconds - lead - _REST, 6))


def too_long(text: str, windows: Sequence[float], language: str) -> int:
    """How many units must go before a text fits windows (seconds), sped up to the limit; 0: it fits."""
    parts = _split(text, windows, language)
    return sum(
        max(0, count_units(part) - _capacity(window, language))
        for part, window in zip(parts, windows, strict=True)
    )


def split_script(text: str, scenes: Sequence[tuple[str, float]], language: str) -> dict[str, str]:
    """A person's script as one line for each scene (name, window in seconds), in order; "" where all is said.

    Cuts fall at ends of sentences, then of clauses, before joining words, and between words only
    where a scene would overflow else. Nothing is lost or changed but white space.
    """
    parts = _split(text, [window for _, window in scenes], language)
    return {name: part for (name, _), part in zip(scenes, parts, strict=True)}


@dataclass(frozen=True)
class _Script:
    """A script as pieces between which it may be cut. ``spaces[i]``: white space stands before piece i."""

    pieces: tuple[str, ...]
    spaces: tuple[bool, ...]
    ends_paragraph: frozenset[int]
    joins: frozenset[str]

    def __len__(self) -> int:
        return len(self.pieces)

    @cached_property
    def sums(self) -> list[int]:
        """Units before each place."""
        sums = [0]
        for piece in self.pieces:
            sums.append(sums[-1] + count_units(piece))
        return sums

    @cached_property
    def break_costs(self) -> list[float]:
        """What a cut at each place costs."""
        return [self._break_cost(place) for place in range(len(self) + 1)]

    def _break_cost(self, place: int) -> float:
        if place in {0, len(self)} or place in self.ends_paragraph:
            return _SENTENCE_END
        before, after = self.pieces[place - 1], self.pieces[place]
        if _SENTENCE.search(before) and not _ABBREVIATION.match(before):
            return _SENTENCE_END
        if _CLAUSE.search(before):
            return _CLAUSE_END
        if self.spaces[place]:
            return _JOIN if after.casefold() in self.joins else _WORD_END
        return _unspaced_cost(before, after)

    def text(self, start: int, end: int) -> str:
        """The pieces from ``start`` to ``end``, joined as they were."""
        joined = "".join((" " if self.spaces[at] else "") + self.pieces[at] for at in range(start, end))
        return joined.strip()


def _read(text: str, language: str) -> _Script:
    pieces: list[str] = []
    spaces: list[bool] = []
    paragraphs: set[int] = set()
    last = 0
    for found in _PIECE.finditer(text):
        piece, gap = found.group(), text[last : found.start()]
        last = found.end()
        if pieces and "\n" in gap:
            paragraphs.add(len(pieces))
        if pieces and not gap and (_sticks(piece) or _OPENS.search(pieces[-1])):
            pieces[-1] += piece
            continue
        pieces.append(piece)
        spaces.append(bool(gap))
    joins = frozenset(_JOINS.get(_base(language), "").split())
    return _Script(tuple(pieces), tuple(spaces), frozenset(paragraphs), joins)


def _unspaced_cost(before: str, after: str) -> float:
    """Cost of a cut where no space is: Japanese phrases end where kana turns into another script."""
    if _HIRAGANA.match(before) and not _HIRAGANA.match(after):
        return _JOIN
    return _INSIDE if _KATAKANA.match(before) and _KATAKANA.match(after) else _WORD_END


def _sticks(piece: str) -> bool:
    """The piece can't begin a line: punctuation, a small kana, a vowel sign."""
    return bool(_STICKS.match(piece)) or unicodedata.category(piece[0]) in {"Mn", "Mc", "Lm"}


def _split(text: str, windows: Sequence[float], language: str) -> tuple[str, ...]:
    return _split_once(text, tuple(windows), _base(language))


@lru_cache(maxsize=4096)
def _split_once(text: str, windows: tuple[float, ...], language: str) -> tuple[str, ...]:
    """One line for each window. Cuts between mere words are tried only when nothing else fits."""
    if not windows:
        return ()
    script = _read(text, language)
    limits = [_capacity(window, language) for window in windows]
    cuts: list[int] = []
    for dearest in (_JOIN, inf):
        places = [at for at, cost in enumerate(script.break_costs) if cost <= dearest]
        costs = _Costs(script, windows, language, places)
        cuts = _best_cuts(costs)
        if all(costs.units(*ends) <= limit for ends, limit in zip(pairwise(cuts), limits, strict=True)):
            break
    return tuple(script.text(*ends) for ends in pairwise(cuts))


def _best_cuts(costs: _Costs) -> list[int]:
    """Places of all cuts, ends included, that cost least: a dynamic program over scenes × places."""
    best: dict[int, float] = {0: 0.0}
    came_from: list[dict[int, int]] = []
    for scene in range(len(costs.windows)):
        reached: dict[int, float] = {}
        origin: dict[int, int] = {}
        for end in costs.places(scene):
            choices = (
                (cost + costs.of(scene, start, end), start) for start, cost in best.items() if start <= end
            )
            reached[end], origin[end] = min(choices, default=(inf, 0))
        best = reached
        came_from.append(origin)
    cuts = [len(costs.script)]
    for origin in reversed(came_from):
        cuts.append(origin[cuts[-1]])
    return cuts[::-1]


class _Costs:
    """What it costs to give a stretch of the script to a scene, cut at some of the ``allowed`` places."""

    def __init__(
        self, script: _Script, windows: Sequence[float], language: str, allowed: Sequence[int]
    ) -> None:
        self.script, self.windows, self.allowed = script, windows, allowed
        self.rate = units_per_second(language)
        self.limits = [_capacity(window, language) for window in windows]
        whole = sum(windows) or 1.0
        self.fill = min(1.0, script.sums[-1] / self.rate / whole)
        self.even = [sum(windows[: scene + 1]) / whole for scene in range(len(windows))]

    def places(self, scene: int) -> Sequence[int]:
        """Where the cut after ``scene`` may lie."""
        if scene == len(self.windows) - 1:
            return (len(self.script),)
        target = bisect_left(self.allowed, round(self.even[scene] * len(self.script)))
        return self.allowed[max(0, target - _REACH) : target + _REACH + 1]

    def units(self, start: int, end: int) -> int:
        """Units of the pieces from ``start`` to ``end``."""
        return self.script.sums[end] - self.script.sums[start]

    def of(self, scene: int, start: int, end: int) -> float:
        """Cost of the pieces from ``start`` to ``end`` in ``scene``."""
        if start == end:
            silent = _SILENT_HOOK if scene == 0 else _SILENT_CTA if scene == len(self.windows) - 1 else 0.0
            return silent + _UNEVEN * self.fill**2
        units, window = self.units(start, end), self.windows[scene]
        filled = min(10.0, units / self.rate / window) if window else 10.0
        overflow = max(0, units - self.limits[scene]) * _OVERFLOW
        hurry = max(0.0, filled - 1) * _HURRY
        uneven = _UNEVEN * (filled - self.fill) ** 2
        return overflow + hurry + uneven + self.script.break_costs[end]


def _capacity(window: float, language: str) -> int:
    return floor(window * units_per_second(language) * SPEED_UP + 1e-9)


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].casefold()

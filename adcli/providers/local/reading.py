"""A text's words as they are seen and as they are said, with the campaign's own pronunciations.

A pronunciation is a respelling, or IPA between slashes. Sounds stand in the spoken form between two
private-use signs, which no text of a user can hold (``speech_text`` drops them), for engines that take them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from adcli.media.speech import Word
from adcli.providers.local.english import english
from adcli.providers.local.foreign import foreign
from adcli.providers.local.speech_text import base, clean, is_address, is_heard, weight

SOUNDS = re.compile("\ue000(.*?)\ue001")
"""Sounds in IPA within a spoken form."""

_MARKS = re.compile("[\ue000\ue001]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's displayed (whitespace-separated) words, and what is said for each of them.

    ``together`` are runs of words (first, behind the last) that are said as one, by their first one.
    """

    shown: tuple[str, ...]
    spoken: tuple[str, ...]
    together: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str, language: str, pronunciations: Mapping[str, str]) -> Reading:
        """``pronunciations`` maps written words and phrases, in any case, to how they are spoken."""
        shown = tuple(text.split())
        plain = spoken_words(text, language)
        spoken, together = list(plain), []
        for first, end, pieces in _groups(shown, pronunciations):
            said = _joined(pieces, language)
            if end - first == 1 and is_address(shown[first]):
                said = _within(plain[first], pronunciations)
            each = said.split() if not SOUNDS.search(said) else []
            if len(each) == end - first:
                spoken[first:end] = each
                continue
            spoken[first:end] = [said, *[""] * (end - first - 1)]
            if end - first > 1:
                together.append((first, end))
        return cls(shown, tuple(spoken), tuple(together))

    @property
    def is_heard(self) -> bool:
        """At least one word is said aloud."""
        return any(is_heard(said) for said in self.spoken)

    def timed(self, words: Sequence[Word]) -> tuple[Word, ...]:
        """The words with the time of what is said as one shared by its words, by their letters."""
        result = list(words)
        for first, end in self.together:
            at, loads = words[first].start, [weight(word) for word in self.shown[first:end]]
            scale = (words[first].end - at) / max(sum(loads), 1e-9)
            for index, load in zip(range(first, end), loads, strict=True):
                result[index] = replace(words[index], start=at, end=at + load * scale)
                at += load * scale
        return tuple(result)


def spoken_words(text: str, language: str) -> list[str]:
    """For each displayed (whitespace-separated) word what is said.

    Empty, or a mere dash or dots, for a word that is only seen.
    """
    short = base(language)
    return english(text.split()) if short == "en" else foreign(text.split(), short)


def is_ipa(said: str) -> bool:
    """The pronunciation gives sounds, not letters."""
    return len(said.strip()) > 2 and said.strip()[0] == said.strip()[-1] == "/"


def needed(text: str, pronunciations: Mapping[str, str]) -> dict[str, str]:
    """Those of the pronunciations that a text's words and phrases need."""
    found = {_folded(key) for key in _pattern(tuple(pronunciations)).findall(_plain(" ".join(text.split())))}
    return {word: said for word, said in pronunciations.items() if _folded(word) in found}


def _groups(
    shown: Sequence[str], pronunciations: Mapping[str, str]
) -> Iterator[tuple[int, int, list[tuple[str, str | None]]]]:
    """Runs of displayed words that hold pronunciations: first, behind the last, and their pieces.

    A piece is the written text and, where one is known, how it is spoken.
    """
    if not pronunciations:
        return
    known = {_folded(word): said for word, said in pronunciations.items()}
    text = " ".join(map(_plain, shown))
    starts = [0]
    for word in shown:
        starts.append(starts[-1] + len(_plain(word)) + 1)
    found = _pattern(tuple(pronunciations)).finditer(text)
    matches = [match for match in found if _folded(match[0]) in known]
    while matches:
        first = _at(starts, matches[0].start())
        end, pieces, place = first + 1, list[tuple[str, str | None]](), starts[first]
        while matches and matches[0].start() < starts[end]:
            match = matches.pop(0)
            pieces += [(text[place : match.start()], None), (match[0], known[_folded(match[0])])]
            place, end = match.end(), _at(starts, match.end() - 1) + 1
        yield first, end, [*pieces, (text[place : starts[end] - 1], None)]


def _at(starts: Sequence[int], place: int) -> int:
    return next(index for index in range(len(starts) - 1) if place < starts[index + 1])


@lru_cache(256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words and phrases in any case, the longest first; it matches nothing where there are none."""
    longest = sorted({_folded(word) for word in words}, key=len, reverse=True)
    choice = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest)
    return re.compile(rf"(?<!\w)(?:{choice})(?!\w)" if longest else r"(?!)", re.IGNORECASE)


def _folded(text: str) -> str:
    return " ".join(_plain(text).lower().split())


def _plain(text: str) -> str:
    """Accents in one form, apostrophes in one shape."""
    return unicodedata.normalize("NFC", text).translate({0x2019: "'", 0x2018: "'", 0x02BC: "'"})


def _joined(pieces: Sequence[tuple[str, str | None]], language: str) -> str:
    said = "".join(
        _around(text, language) if own is None else _respelled(own) for text, own in pieces if text or own
    )
    return re.sub(r"\s+", " ", said).strip()


def _around(text: str, language: str) -> str:
    """What stands at a pronounced word: marks and endings stay at it, more letters are words of their own."""
    text = clean(text)
    if not re.search(r"\w|[#@&+/-]", text) or re.fullmatch(r"'\w{1,2}\W*", text):
        return text
    if text in ("#", "@"):
        return f"{spoken_words(text + 'x', language)[0].removesuffix('x')}"
    words = " ".join(spoken_words(re.sub(r"[-/_|#@]", " ", text), language))
    return f" {words} " if is_heard(words) else " "


def _respelled(own: str) -> str:
    own = _MARKS.sub("", own.strip())
    return f"\ue000{own[1:-1]}\ue001" if is_ipa(own) else own


def _within(said: str, pronunciations: Mapping[str, str]) -> str:
    """An address as it is said, with the pronunciations of its words."""
    known = {_folded(word): own for word, own in pronunciations.items()}
    return _pattern(tuple(pronunciations)).sub(
        lambda match: _respelled(known.get(_folded(match[0]), match[0])), said
    )

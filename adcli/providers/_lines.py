"""What is sent of a line so that it sounds right, and when each of its written words is heard: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from adcli.providers._word_times import Span, spread
from adcli.providers.local.speech_text import parts

_LEAD = 0.05
"""Seconds before the first word of a line whose times nobody knows."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Characters of a sound, one code point each, and the seconds at which each is heard."""

    characters: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, characters: Sequence[str], starts: Sequence[float], ends: Sequence[float]) -> Heard | None:
        """From a service's lists; None when they don't fit together or hold nothing."""
        if not characters or not len(characters) == len(starts) == len(ends):
            return None
        spans = tuple(
            (float(start), float(end))
            for text, start, end in zip(characters, starts, ends, strict=True)
            for _ in text
        )
        return cls("".join(characters), spans)

    @classmethod
    def of_tokens(cls, tokens: Sequence[tuple[str, float, float]]) -> Heard | None:
        """From words with their times: a word's time is shared evenly by its characters."""
        spans: list[Span] = []
        for text, start, end in tokens:
            each = (end - start) / len(text) if text else 0.0
            spans += [(start + each * at, start + each * (at + 1)) for at in range(len(text))]
        characters = "".join(text for text, _, _ in tokens)
        return cls(characters, tuple(spans)) if characters.strip() else None


@dataclass(frozen=True, slots=True)
class Line:
    """A text's words as written, the text that is sent, and where in it each word stands."""

    words: tuple[str, ...]
    sent: str
    places: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, pronunciations: Mapping[str, str] | None = None) -> Line:
        """``pronunciations`` maps whole written words, in any case, to how they are spoken."""
        own = {word.casefold(): said for word, said in (pronunciations or {}).items()}
        words: list[str] = []
        places: list[tuple[int, int]] = []
        sent = ""
        for piece in re.findall(r"\s+|\S+", text):
            if piece.isspace():
                sent += piece
                continue
            said = _said(piece, own)
            words.append(piece)
            places.append((len(sent), len(sent) + len(said)))
            sent += said
        return cls(tuple(words), sent, tuple(places))

    @property
    def said(self) -> list[str]:
        """What is said in each written word's place."""
        return [self.sent[slice(*place)] for place in self.places]

    def timed(self, heard: Heard | None, seconds: float) -> list[tuple[str, float, float]]:
        """Each written word with its start and end, in order and inside the sound of ``seconds``.

        A word that nobody timed gets its share of the room between its neighbours.
        """
        known = self._known(heard) if heard else [None] * len(self.words)
        times = list(self._filled(known, seconds))
        found: list[tuple[str, float, float]] = []
        before = 0.0
        for word, (start, end) in zip(self.words, times, strict=True):
            begins = min(max(start, before), seconds)
            before = min(max(end, begins), seconds)
            found.append((word, begins, before))
        return found

    def _known(self, heard: Heard) -> list[Span | None]:
        at = _places(self.sent, heard.characters)
        return [self._span(place, at, heard) for place in self.places]

    def _span(self, place: tuple[int, int], at: Mapping[int, int], heard: Heard) -> Span | None:
        """From the first to the last letter or digit: signs at a word's end last as long as the pause.

        None for a word of which less than half was heard.
        """
        sounding = [index for index in range(*place) if self.sent[index].isalnum()] or list(range(*place))
        inside = [index for index in sounding if index in at]
        if len(inside) * 2 < len(sounding) or not inside:
            return None
        spans = [heard.spans[at[index]] for index in inside]
        return min(start for start, _ in spans), max(end for _, end in spans)

    def _filled(self, known: Sequence[Span | None], seconds: float) -> Iterator[Span]:
        index, before = 0, 0.0 if any(known) else min(_LEAD, seconds)
        while index < len(known):
            span = known[index]
            if span is not None:
                yield span
                before, index = max(before, span[1]), index + 1
                continue
            end = next((at for at in range(index, len(known)) if known[at] is not None), len(known))
            limit = known[end] if end < len(known) else None
            until = limit[0] if limit else seconds
            yield from spread(self.said[index:end], (before, max(before, until)))
            index = end


def growth(pronunciations: Mapping[str, str]) -> float:
    """How many times longer pronunciations can make a text, at most."""
    return max([1.0, *(len(said) / max(1, len(word)) for word, said in pronunciations.items())])


def _said(word: str, own: Mapping[str, str]) -> str:
    before, core, after = parts(word)
    said = own.get(core.casefold())
    return word if said is None or not core else f"{before}{said}{after}"


def _places(sent: str, heard: str) -> Mapping[int, int]:
    """For each character of the sent text its place among those heard, as far as they correspond.

    Services may leave out tags and extra spaces, or write numbers out.
    """
    if sent == heard:
        return {index: index for index in range(len(sent))}
    matcher = SequenceMatcher(None, sent.casefold(), heard.casefold(), autojunk=False)
    if len(sent.casefold()) != len(sent) or len(heard.casefold()) != len(heard):
        matcher = SequenceMatcher(None, sent, heard, autojunk=False)
    return {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }

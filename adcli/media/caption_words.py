"""Words of captions: their times, the parts of words without spaces, and where a reader may be stopped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adcli.media import emoji
from adcli.media.pieces import pieces

_PIECE = 6  # characters of a part of a word without spaces
_SENTENCE_ENDS = ".?!…:;。？！؟।۔"
_CLAUSE_ENDS = ",–—、，：،؛"
_SPACED = "?!:;…»"  # marks that French sets apart
_CLOSING = "\"'’”»›)]"
_STOPS = re.compile("(?<=[。！？、，；：…])(?![。！？、，；：…」』）】》])")  # parts end where clauses do
_MARKS = "¿¡\"'“”«»„()"
_SHORT = 3  # letters of what is mostly an article, a preposition or a conjunction
_LEADING_WORDS = (
    "a an the and but that than then this these those which when while where because with without from into "
    "your our their my his her its of for to in on at by as or if so is are was you we they i it's "
    "der die das den dem des ein eine einen einem einer und oder aber dass weil wenn mit ohne für von vom "
    "zum zur bei nach aus auf unser unsere dein deine mein meine ihr ihre ist sind wir ich sie "
    "le la les un une des du de et ou mais que qui quand pour avec sans dans sur par votre notre vos nos mon "
    "el los las unos unas y o pero porque cuando con sin para por su sus tu mi como del al "
    "il lo gli una e ma che quando per con senza nel nella della dello dei delle sul tuo tua mio "
    "os uma mas porque sem seu sua meu minha em no na do da dos das "
    "het een en maar dat omdat met zonder voor van uit jouw onze och att som för med utan från "
    "что чтобы когда если для без или и но а в на с к по из от до это эта этот наш ваш мой "
    "się że żeby dla bez lub albo ale gdy nasz twój jest i w z na do od "
    "ve ama için ile bu bir çok ki "
    "και αλλά που όταν για με χωρίς από στο στη στην το τη την τα των του της ο η οι ένα μια "
    "من في على إلى عن مع أن لا ما هذا هذه את של על עם אל לא גם כי או הזה"
)
_LEADING = frozenset(_LEADING_WORDS.split())
"""Articles, conjunctions, prepositions and the like of languages that have them before their word."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as displayed; ``start`` and ``end`` in seconds from the segment's start.

    ``joined`` is a later part of a word of a script without spaces.
    """

    text: str
    start: float
    end: float
    joined: bool = False


def shown_words(words: Sequence[Word]) -> list[Word]:
    """The words as captions set them: marks with the word before them, words without spaces in parts."""
    return [part for word in _with_marks(words) for part in _parts(word)]


def _with_marks(words: Sequence[Word]) -> list[Word]:
    """Marks that stand by themselves, as before French question marks, belong to the word before."""
    found: list[Word] = []
    for word in words:
        marks = word.text.strip()
        if found and marks and not marks.strip(_SPACED):
            before = found[-1]
            found[-1] = Word(f"{before.text} {marks}", before.start, word.end, before.joined)
        else:
            found.append(word)
    return found


def _parts(word: Word) -> Iterator[Word]:
    """A word on one line; of a script without spaces in short parts, each with its share of the time."""
    text = " ".join(word.text.split())
    parts = [part for stretch in _STOPS.split(text) for part in pieces(stretch, _PIECE)]
    each = (word.end - word.start) / max(1, sum(map(len, parts)))
    start = word.start
    for number, part in enumerate(parts):
        end = start + each * len(part)
        yield Word(part, start, word.end if number == len(parts) - 1 else end, joined=number > 0)
        start = end


def ends_sentence(text: str) -> bool:
    """Whether a sentence, or what is as good as one, ends with this word."""
    return text.rstrip(_CLOSING)[-1:] in tuple(_SENTENCE_ENDS)


def break_cost(before: Word, after: Word) -> float:
    """How much a break between two words disturbs: 0 after a sentence, about 0.6 within a clause.

    Subtitlers break after punctuation and before conjunctions and prepositions, and keep an article with its
    noun (Netflix, Timed Text Style Guide, General Requirements, "Line Treatment"). Without a grammar of every
    language: the commonest of those words are known, any other short one leads to what follows it as well,
    but in Indic scripts, where it belongs to what it follows; a number belongs to what it counts.
    """
    if ends_sentence(before.text):
        return 0.0
    if _is_emoji(after.text):
        return 1.3  # it says how the words before it are meant
    if before.text.rstrip(_CLOSING)[-1:] in tuple(_CLAUSE_ENDS) or _is_emoji(before.text):
        return 0.15
    if after.joined:
        return 0.9 if after.text[0] > "\u2fff" else 1.6  # a kanji phrase, or a Thai syllable
    if before.text[-1:].isdecimal():
        return 1.1
    if _is_indic(after.text):
        return 1.1 if len(_bare(after.text)) <= _SHORT else 0.6
    return max(_pull(before.text), 0.35 if _bare(after.text) in _LEADING else 0.6)


def _is_emoji(text: str) -> bool:
    return bool(text) and bool(emoji.at(text, 0))


def _pull(text: str) -> float:
    """How strongly a word asks for the one after it."""
    count = _letters(text)
    if _bare(text) in _LEADING or 0 < count < _SHORT:
        return 1.1
    return 0.8 if count == _SHORT else 0.0


def _bare(text: str) -> str:
    return text.strip(_MARKS).casefold()


def _letters(text: str) -> int:
    """Letters of a word, without marks, signs and numbers."""
    return sum(unicodedata.category(mark)[0] == "L" for mark in text)


def _is_indic(text: str) -> bool:
    return any("\u0900" <= mark <= "\u0dff" for mark in text)


def readable_speed(text: str) -> float:
    """Characters a second, spaces included, that adults read at most.

    Netflix's style guides ("Reading Speed Limit", adult programmes) give 20 for English, 17 to 20 for other
    alphabets, 12 for Korean, 9 for Chinese and 4 for Japanese. That last one is for translations: of speech
    that is heard as well, which needs 6 to 7, twice as many are taken.
    """
    names = [unicodedata.name(mark, "") for mark in text if mark > "\u10ff"]
    for start, speed in (("HIRAGANA", 8.0), ("KATAKANA", 8.0), ("CJK", 9.0), ("HANGUL", 12.0)):
        if any(name.startswith(start) for name in names):
            return speed
    return 20.0

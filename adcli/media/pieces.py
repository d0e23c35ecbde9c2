"""Words of a line: where scripts without spaces may break, the order in which words are seen, capitals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from adcli.media import bidi, emoji
from adcli.media.scripts import clusters

_THAI_FIRST, _THAI_LATER = "เแโใไ", "ะาำๅๆฯ"  # vowels written before and after their consonant
_THAI_SECOND = "รลว"  # consonants that follow another one within a syllable
_NOT_FIRST = (
    "、。，．・：；？！…‥ー〜～々ゝゞ）〕］｝〉》」』】’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
    "%％,.!?:;)]}»"
)
_NOT_LAST = "（〔［｛〈《「『【‘“([{«¥￥$＄"
_UNSPACED = frozenset({"han", "hiragana", "katakana", "thai"})


def pieces(text: str, most: int = 1) -> tuple[str, ...]:
    """A word cut where a line may break within it: in Chinese and Japanese, Thai, Lao, Khmer and Burmese.

    Japanese breaks where kana give way to the next word, Chinese between any two characters, Thai before
    a syllable; punctuation stays with its word. Pieces of up to ``most`` characters stay together. Words
    of scripts with spaces come back whole.
    """
    made: list[str] = []
    for piece in _smallest(text):
        if made and len(made[-1]) + len(piece) <= most:
            made[-1] += piece
        else:
            made.append(piece)
    return tuple(made)


def _smallest(text: str) -> Iterator[str]:
    piece: list[str] = []
    japanese = any(_kind(mark) == "hiragana" for mark in text)
    for cluster in clusters(text):
        if piece and _may_break(piece, cluster, japanese=japanese):
            yield "".join(piece)
            piece = []
        piece.append(cluster)
    if piece:
        yield "".join(piece)


def _may_break(piece: Sequence[str], after: str, *, japanese: bool) -> bool:
    before = piece[-1]
    if after[0] in _NOT_FIRST or before[0] in _NOT_LAST:
        return False
    left, right = _kind(before), _kind(after)
    match left, right:
        case "thai", "thai":
            return _starts_syllable(piece, after)
        case "han", "han":
            return not japanese
        case "emoji", _:
            return True
        case "digit", _:
            return False
        case "other", _:
            return right in _UNSPACED and before[0] in _NOT_FIRST
        case _:
            return right not in {left, "hiragana"} and left in _UNSPACED


def _kind(cluster: str) -> str:
    if emoji.at(cluster, 0):
        return "emoji"
    if cluster[0].isdecimal():
        return "digit"
    name = unicodedata.name(cluster[0], "")
    for start, kind in _KINDS:
        if name.startswith(start):
            return kind
    return "other"


_KINDS = (
    ("CJK", "han"),
    ("IDEOGRAPHIC", "han"),
    ("HIRAGANA", "hiragana"),
    ("KATAKANA", "katakana"),
    ("HALFWIDTH KATAKANA", "katakana"),
    ("THAI", "thai"),
    ("LAO", "thai"),
    ("KHMER", "thai"),
    ("MYANMAR", "thai"),
)


def _starts_syllable(piece: Sequence[str], after: str) -> bool:
    """A vowel that is written first opens a syllable, and so, mostly, does a consonant with a vowel on it.

    Without a dictionary this finds syllables rather than words, and joins some.
    """
    before = piece[-1][0]
    if before in _THAI_FIRST or after[0] in _THAI_LATER:
        return False
    if after[0] in _THAI_FIRST or before in "ะำ":
        return True
    bare = len(piece[-1]) == 1 and before not in _THAI_LATER
    return (
        (len(piece) > 1 or len(piece[-1]) > 2) and len(after) > 1 and not (bare and after[0] in _THAI_SECOND)
    )


def visual_order(words: Sequence[str], leftward: bool | None = None) -> list[int]:
    """Which word stands where, from left to right: ``[2, 1, 0]`` for three Hebrew words.

    Two Latin words within a Hebrew line keep their own order. ``leftward`` is the direction of the text that
    the words are part of; by default that of their first letter.
    """
    line = " ".join(words)
    depths, starts, at = bidi.levels(line, leftward), [], 0
    if not any(depths):
        return list(range(len(words)))
    for word in words:
        starts.append(at)
        at += len(word) + 1
    place = {index: n for n, index in enumerate(bidi.visual(depths))}
    middles = [_middle(place, start, len(word)) for start, word in zip(starts, words, strict=True)]
    return sorted(range(len(words)), key=lambda n: middles[n])


def _middle(place: dict[int, int], start: int, length: int) -> float:
    seen = [place[n] for n in range(start, start + length)]
    return sum(seen) / len(seen) if seen else float(place.get(start, 0))


def capitals(text: str) -> str:
    """Upper case as it is set: Greek without accents, Georgian as it is (its capitals are for headings)."""
    upper = "".join(mark if "\u10d0" <= mark <= "\u10ff" else mark.upper() for mark in text)
    return "".join(map(_without_accent, upper)) if any("\u0370" <= c <= "\u03ff" for c in upper) else upper


def _without_accent(mark: str) -> str:
    if not ("\u0370" <= mark <= "\u03ff" or "\u1f00" <= mark <= "\u1fff"):
        return mark
    bare = "".join(c for c in unicodedata.normalize("NFD", mark) if c not in "\u0301\u0300\u0342\u0313\u0314")
    return unicodedata.normalize("NFC", bare)

"""IPA as people write it, in the alphabet of Kokoro's English voices.

The alphabet is misaki's (EN_PHONES.md): diphthongs and affricates are one sign, stress stands before its
vowel.
"""

from __future__ import annotations

import re
import unicodedata

_ONE_SIGN = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "tʃ": "ʧ", "dʒ": "ʤ", "ɛɪ": "A", "ɑɪ": "I", "oɪ": "Y",
    "ɝ": "ɜɹ", "ɚ": "əɹ", "r": "ɹ", "ʁ": "ɹ", "g": "ɡ", "ɫ": "l", "ɬ": "l", "x": "k", "ç": "k", "χ": "k",
    "c": "k", "y": "u", "ø": "ɜ", "œ": "ɜ", "ɲ": "nj", "ʎ": "lj", "ɱ": "m", "β": "v", "ʋ": "v", "ɣ": "ɡ",
    "ʔ": "t", "ɵ": "ə", "ɘ": "ə", "ɤ": "ʌ", "ɯ": "u", "ʉ": "u", "ɨ": "ɪ", "ɶ": "æ",
}  # fmt: skip
_AMERICAN = {
    "oʊ": "O", "əʊ": "O", "ɛə": "ɛɹ", "eə": "ɛɹ", "ɪə": "ɪɹ", "ʊə": "ʊɹ",
    "e": "A", "o": "O", "a": "ɑ", "ɒ": "ɑ", "ɐ": "ə", "ː": "", "ɾ": "T",
}  # fmt: skip
_BRITISH = {"oʊ": "Q", "əʊ": "Q", "eə": "ɛː", "ɛə": "ɛː", "e": "ɛ", "o": "ɔː", "æ": "a", "ɐ": "ə", "ɾ": "t"}
_VOWELS = "AIOQWYaiuæɑɒɐəɛɜɪʊʌɔᵊᵻ"
_STRESS = "ˈˌ"


def of_ipa(ipa: str, *, british: bool) -> str:
    """Kokoro's phonemes for IPA; signs that it has none for are left out."""
    text = "".join(sign for sign in unicodedata.normalize("NFD", ipa) if not unicodedata.combining(sign))
    text = re.sub(r"[.‿|()\[\]/]", "", text.replace("'", "ˈ").replace(",", "ˌ").replace(":", "ː"))
    for table in (_ONE_SIGN, _BRITISH if british else _AMERICAN):
        longest = sorted(table, key=len, reverse=True)
        text = re.sub("|".join(map(re.escape, longest)), lambda match: table[match[0]], text)  # noqa: B023
    words = [_stressed(word) for word in text.split()]
    return " ".join(word for word in words if word)


def _stressed(word: str) -> str:
    """Stress moves from its syllable's start to the vowel; a word without any gets it on its first vowel."""
    if not re.search(f"[{_STRESS}]", word):
        return re.sub(f"([{_VOWELS}])", r"ˈ\1", word, count=1)
    return re.sub(f"([{_STRESS}])([^{_VOWELS}{_STRESS}]*)(?=[{_VOWELS}])", r"\2\1", word)

"""Words of a text as readers aloud take them: their edges, addresses in them, signs that nobody says."""

from __future__ import annotations

import re
import unicodedata

from adcli.providers.local.spellings import PLAIN_SIGNS, SIGNS

_DOMAIN = (
    "com net org io co shop store app ai dev me tv info biz xyz gg link page site online "
    "us uk de fr es it eu ca au at ch be nl pl pt br mx se dk fi nz ie example fit club studio pro life style"
).replace(" ", "|")
ADDRESS = re.compile(
    rf"(?:https?://)?(?:www\.)?((?:[\w-]+@)?(?:[a-z0-9-]+\.)+(?:{_DOMAIN})(?:/[\w\-./?=&%#~+]*)?)",
    re.IGNORECASE,
)
"""An address of the web or of mail; its group leaves out what nobody says."""

_SAID_SIGNS = frozenset("&+=@%")
_EDGES = re.compile(r"^([\"“”'‘’(\[{¿¡«…—–-]*)(.*?)([\"“”'‘’)\]}»,.;:!?…—–-]*)$", re.DOTALL)


def base(language: str) -> str:
    """The language of a tag such as pt-BR, without its country."""
    return language.casefold().split("-")[0]


def written(text: str) -> set[str]:
    """The words of a text as a list of pronunciations would name them: without punctuation, lower case."""
    return {parts(word)[1].casefold() for word in text.split()}


def parts(word: str) -> tuple[str, str, str]:
    """A displayed word's opening signs, the word itself, its closing signs."""
    match = _EDGES.match(word)
    assert match is not None  # the pattern fits every text
    return match[1], match[2], match[3]


def is_address(word: str) -> bool:
    """A displayed word is an address of the web or of mail."""
    return ADDRESS.fullmatch(parts(word)[1]) is not None


def is_heard(spoken: str) -> bool:
    """A spoken form that has letters or digits, not just a pause."""
    return any(sign.isalnum() for sign in spoken) or spoken in _SAID_SIGNS


def latin_share(text: str) -> float:
    """Part of the text's letters that are Latin, 0..1; 1 for a text without letters."""
    letters = [sign for sign in text if sign.isalpha()]
    latin = sum("LATIN" in unicodedata.name(sign, "") or sign in "ªº" for sign in letters)
    return latin / len(letters) if letters else 1.0


def weight(spoken: str) -> float:
    """Rough length of a spoken word in letters: digits and capitals are read out, so they count more."""
    return sum(3.5 if sign.isdigit() else 1.0 for sign in spoken if sign.isalnum()) + (1.2 if spoken else 0.0)


def pause(spoken: str) -> float:
    """Rough length of the pause after a spoken word, in letters."""
    last = spoken.rstrip("\"”’')]»")[-1:]
    return 4.5 if last in ".!?…" and last else 2.2 if last and last in ",;:—" else 0.0


def breath(marks: str) -> str:
    """What is left of a word without letters: a dash or dots that stand alone make the reader pause."""
    return "…" if "…" in marks or "..." in marks else "—" if re.search(r"[—–-]", marks) else ""


def said_address(address: str, language: str) -> str:
    """An address with its signs in words, in a language that has a table of them."""
    signs = SIGNS[language]
    address = re.sub(r"[?=%#~+].*$", "", address)
    read = "".join(f" {signs[sign]} " if sign in signs else sign for sign in address)
    return " ".join(read.split())


def clean(word: str) -> str:
    """Without emoji, invisible signs and marks such as ™; typographic signs made plain."""
    word = unicodedata.normalize("NFC", word).translate(PLAIN_SIGNS)
    return "".join(
        sign
        for sign in word
        if unicodedata.category(sign) not in ("So", "Sk", "Cf", "Co", "Cs", "Cn", "Cc", "Me") or sign == "°"
    )

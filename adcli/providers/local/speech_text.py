"""How displayed words are read aloud: addresses, prices, symbols, emoji, accents and capitals spelled out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from adcli.providers.local.spellings import CURRENCY, PER, PLAIN_SIGNS, SCALE, SIGNS, UNITS, WORDS

_DOMAIN = (
    "com net org io co shop store app ai dev me tv info biz xyz gg link page site online "
    "us uk de fr es it eu ca au"
).replace(" ", "|")
_ADDRESS = re.compile(
    rf"(?:https?://)?(?:www\.)?((?:[\w-]+@)?(?:[a-z0-9-]+\.)+(?:{_DOMAIN})(?:/[\w\-./?=&%#~+]*)?)",
    re.IGNORECASE,
)
_SAID_SIGNS = frozenset("&+=@%")
_EDGES = re.compile(r"^([\"“”'‘’(\[{¿¡«…—–-]*)(.*?)([\"“”'‘’)\]}»,.;:!?…—–-]*)$", re.DOTALL)
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_PRICE = re.compile(
    rf"(?:(?P<sign>[$€£¥])(?P<amount>{_NUMBER})(?P<scale>k|m|bn|b)?|(?P<amount2>{_NUMBER})(?P<sign2>[$€£¥]))"
    r"(?:/(?P<per>[a-z]+))?",
    re.IGNORECASE,
)
_MEASURE = re.compile(rf"(?P<n>{_NUMBER})-?(?P<unit>[a-z°]+)", re.IGNORECASE)
_RANGE = re.compile(rf"(?P<a>[$€£]?{_NUMBER})[-–](?P<b>[$€£]?{_NUMBER})(?P<rest>%?)")
_RATIO = re.compile(r"(?P<a>\d+)/(?P<b>\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's displayed (whitespace-separated) words, and what is said for each of them."""

    shown: tuple[str, ...]
    spoken: tuple[str, ...]

    @classmethod
    def of(cls, text: str, language: str, pronunciations: Mapping[str, str]) -> Reading:
        """``pronunciations`` maps written words, in any case, to how they are spoken."""
        shown = tuple(text.split())
        own = {word.casefold(): said for word, said in pronunciations.items()}
        spoken = [
            before + own[core.casefold()] + after if core.casefold() in own else said
            for said, (before, core, after) in zip(
                spoken_words(text, language), map(parts, shown), strict=True
            )
        ]
        return cls(shown, tuple(spoken))

    @property
    def is_heard(self) -> bool:
        """At least one word is said aloud."""
        return any(is_heard(said) for said in self.spoken)


def written(text: str) -> set[str]:
    """The words of a text as a list of pronunciations would name them: without punctuation, lower case."""
    return {parts(word)[1].casefold() for word in text.split()}


def parts(word: str) -> tuple[str, str, str]:
    """A displayed word's opening signs, the word itself, its closing signs."""
    match = _EDGES.match(word)
    assert match is not None  # the pattern fits every text
    return match[1], match[2], match[3]


def spoken_words(text: str, language: str) -> list[str]:
    """For each displayed (whitespace-separated) word what is said.

    Empty, or a mere dash or dots, for a word that is only seen.
    """
    words = text.split()
    short = language.casefold().split("-")[0]
    if short != "en":
        return [_foreign(word, short) for word in words]
    shouted = _is_shouted(words)
    return [_english(word, shouted) for word in words]


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


def _english(word: str, shouted: bool) -> str:
    word = _clean(word)
    before, core, after = parts(word)
    if after.startswith(".") and re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", core):
        core, after = core + ".", after[1:]  # "a.m.", "U.S."
    said = _english_core(core, shouted)
    return f"{before}{said}{after}" if said else _breath(before + after)


def _breath(marks: str) -> str:
    """What is left of a word without letters: a dash or dots that stand alone make the reader pause."""
    return "…" if "…" in marks or "..." in marks else "—" if re.search(r"[—–-]", marks) else ""


def _english_core(core: str, shouted: bool) -> str:
    if not re.search(r"[^\W_]|[&+=@½¼¾]", core):
        return ""
    known = WORDS.get(core.casefold())
    if known:
        return known
    for pattern, reader in _READERS:
        match = pattern.fullmatch(core)
        said = reader(match) if match else None
        if said:
            return said
    if core[0] in "#@" and len(core) > 1:
        return ("number " if core[1:].isdigit() else "hashtag " if core[0] == "#" else "at ") + _camel(
            core[1:]
        )
    core = _ascii(core)
    if re.fullmatch(r"[A-Z]{1,3}&[A-Z]{1,3}", core):
        return " ".join("and" if sign == "&" else sign for sign in core)
    core = re.sub(r"(?<=[A-Za-z])&(?=[A-Za-z])", " and ", core)
    core = re.sub(r"(?<=[A-Za-z])[/_|](?=[A-Za-z])", " ", core)
    return core.lower() if shouted and len(core) > 3 else core


def _address(match: re.Match[str]) -> str:
    return _signs(_ascii(match[1]).rstrip("/"), SIGNS["en"])


def _price(match: re.Match[str]) -> str | None:
    sign, amount = match["sign"] or match["sign2"], match["amount"] or match["amount2"]
    per = match["per"]
    if per and per.casefold() not in PER:
        return None
    tail = f" {PER[per.casefold()]}" if per else ""
    if match["scale"]:
        return f"{amount} {SCALE[match['scale'].casefold()]} {CURRENCY[sign][1]}{tail}"
    if sign == "¥":
        return f"{amount} yen{tail}"
    return f"{sign}{amount}{tail}"


def _measure(match: re.Match[str]) -> str | None:
    unit = UNITS.get(match["unit"].casefold())
    if unit is None:
        return None
    one = match["n"] == "1" and unit.endswith("s") and unit != "times"
    return f"{match['n']} {unit.removesuffix('s') if one else unit}"


def _range(match: re.Match[str]) -> str:
    return f"{match['a']} to {match['b']}{match['rest']}"


def _ratio(match: re.Match[str]) -> str:
    a, b = int(match["a"]), int(match["b"])
    return f"{a} out of {b}" if a <= b else f"{a} {b}"


_READERS = (
    (_ADDRESS, _address),
    (_PRICE, _price),
    (_MEASURE, _measure),
    (_RANGE, _range),
    (_RATIO, _ratio),
)


def _foreign(word: str, language: str) -> str:
    word = _clean(word)
    before, core, after = parts(word)
    signs = SIGNS.get(language, SIGNS["en"])
    address = _ADDRESS.fullmatch(core)
    if address:
        core = _signs(address[1].rstrip("/"), signs)
    elif core in signs and core not in "./-":
        core = signs[core]
    if not re.search(r"[^\W_]", core):
        return _breath(word)
    core = core.lstrip("#@").replace("_", " ")
    return f"{before}{core.lower() if core.isupper() and len(core) > 4 else core}{after}"


def _signs(address: str, signs: dict[str, str]) -> str:
    address = re.sub(r"[?=%#~+].*$", "", address)
    read = "".join(f" {signs[sign]} " if sign in signs else sign for sign in address)
    return " ".join(read.split())


def _camel(tag: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", _ascii(tag))


def _clean(word: str) -> str:
    """Without emoji, invisible signs and marks such as ™; typographic signs made plain."""
    word = re.sub(r"(?<=\d)[★⭐]", "-star", unicodedata.normalize("NFC", word)).translate(PLAIN_SIGNS)
    return "".join(
        sign
        for sign in word
        if unicodedata.category(sign) not in ("So", "Sk", "Cf", "Co", "Cs", "Cn", "Cc", "Me") or sign == "°"
    )


def _ascii(text: str) -> str:
    """Letters without accents: the English reader knows "cafe", not the accented spelling."""
    if text.isascii():
        return text
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    if plain.isascii():
        return plain
    from anyascii import anyascii

    return "".join(anyascii(sign) if unicodedata.category(sign).startswith("L") else sign for sign in plain)


def _is_shouted(words: list[str]) -> bool:
    """Most longer words are in capitals: then capitals are style, not abbreviations."""
    longer = [letters for word in words if len(letters := re.sub(r"\W", "", word)) > 3 and letters.isalpha()]
    return len(longer) > 1 and sum(word.isupper() for word in longer) * 2 > len(longer)

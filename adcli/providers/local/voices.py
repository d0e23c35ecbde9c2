"""Which shipped voice speaks for a character: by the voice's name, else by what is known of the person."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from adcli.providers.local.first_names import MEN, WOMEN, word_set


class Sex(StrEnum):
    """How a voice sounds; speakers of unknown sex get either."""

    WOMAN = "woman"
    MAN = "man"


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of the Kokoro model that adcli ships; ``british`` by accent."""

    name: str
    sex: Sex
    british: bool = False


KOKORO = (
    Voice("af_heart", Sex.WOMAN),
    Voice("af_bella", Sex.WOMAN),
    Voice("af_sarah", Sex.WOMAN),
    Voice("af_kore", Sex.WOMAN),
    Voice("am_michael", Sex.MAN),
    Voice("am_fenrir", Sex.MAN),
    Voice("am_puck", Sex.MAN),
    Voice("am_onyx", Sex.MAN),
    Voice("bf_emma", Sex.WOMAN, british=True),
    Voice("bm_george", Sex.MAN, british=True),
)
"""Shipped voices; the first of a kind is the best of it."""

PICO_PITCH = {"high": 1.14, "mid": 1.0, "low": 0.8, "deep": 0.68}
"""Pico has one voice per language, a woman's; its pitch makes characters differ."""

_PICO_FOR = {Sex.WOMAN: ("mid", "high"), Sex.MAN: ("low", "deep")}
_BRITISH = {"gb", "ie", "au", "nz", "za", "in"}

# Names of widely used ElevenLabs voices, by their published sex, age and accent.
_NAMED = {
    "af_heart": "rachel sarah jessica emily grace hope arabella",
    "af_bella": "bella aria elli mimi gigi freya cassidy",
    "af_sarah": "domi laura serena glinda monika hayley",
    "af_kore": "matilda river nicole janet ivanna",
    "am_michael": "adam antoni chris michael paul drew ethan mark finn",
    "am_fenrir": "sam callum roger patrick harry clyde jessie thomas",
    "am_puck": "josh liam will eric ryan giovanni austin",
    "am_onyx": "arnold brian bill james victor david",
    "bf_emma": "charlotte alice lily dorothy amelia victoria",
    "bm_george": "george daniel charlie dave joseph jeremy fin archer",
}
_BY_NAME = {name: voice for voice, names in _NAMED.items() for name in names.split()}

_WOMAN_WORDS = word_set(
    "woman women female girl lady mother mom mum mama grandmother grandma wife daughter sister actress "
    "she her "
    "businesswoman housewife aunt queen frau mädchen mutter weiblich schwester oma mujer chica señora "
    "madre femenina hermana abuela femme fille dame mère féminine sœur donna ragazza signora femminile "
    "sorella nonna mulher menina mãe feminina moça kobieta dziewczyna vrouw meisje kvinna kvinde kadın žena "
    "женщина девушка мама жінка дівчина"
)
_MAN_WORDS = word_set(
    "man men male guy boy gentleman father dad daddy papa grandfather grandpa husband son brother actor he "
    "him his bearded businessman uncle king mann vater männlich bruder opa hombre chico señor "
    "padre masculino hermano abuelo homme garçon monsieur père masculin frère uomo ragazzo "
    "signore maschile fratello nonno homem menino pai rapaz mężczyzna chłopak jongen adam erkek muž "
    "мужчина парень папа чоловік хлопець"
)
_BRITISH_WORDS = word_set("british english londoner london scottish irish welsh australian uk")


def kokoro_voice(asked: str | None, character: Mapping[str, Any], language: str) -> str:
    """Name of the shipped Kokoro voice for an asked-for voice name and a character."""
    named = _named(asked)
    if named:
        return named
    sex = sex_of(asked, character)
    british = _region(language) in _BRITISH or bool(_words(character.get("prompt")) & _BRITISH_WORDS)
    pool = [voice.name for voice in KOKORO if (sex is None or voice.sex is sex) and voice.british is british]
    return pool[_seat(character) % len(pool)]


def pico_voice(asked: str | None, character: Mapping[str, Any], locale: str) -> str:
    """Name of a Pico voice such as ``de-DE/low``: a locale and a pitch."""
    named = _named(asked)
    sex = next((voice.sex for voice in KOKORO if voice.name == named), None) or sex_of(asked, character)
    pitches = _PICO_FOR[sex] if sex else ("mid", "low")
    return f"{locale}/{pitches[_seat(character) % len(pitches)]}"


def sex_of(asked: str | None, character: Mapping[str, Any]) -> Sex | None:
    """What the voice's name, the prompt's words, then the person's name tell; None when nothing does."""
    return (
        _sex_of_name(asked) or _sex_of_prompt(character.get("prompt")) or _sex_of_name(character.get("name"))
    )


def _named(asked: str | None) -> str | None:
    name = _plain(asked or "").strip()
    if name in {voice.name for voice in KOKORO}:
        return name
    first = re.split(r"[^a-z0-9]+", name)[0]  # "Rachel - calm, young"
    return _BY_NAME.get(first)


def _sex_of_prompt(prompt: Any) -> Sex | None:
    for word in re.findall(r"\w+", str(prompt or "").casefold()):
        if word in _WOMAN_WORDS:
            return Sex.WOMAN
        if word in _MAN_WORDS:
            return Sex.MAN
    return None


def _sex_of_name(name: Any) -> Sex | None:
    first = (re.findall(r"[a-z]+", _plain(str(name or ""))) or [""])[0]
    if first in MEN:
        return Sex.MAN
    if first in WOMEN or (len(first) > 3 and first.endswith("a")):
        return Sex.WOMAN
    return None


def _words(text: Any) -> set[str]:
    return set(re.findall(r"\w+", str(text or "").casefold()))


def _plain(text: str) -> str:
    """Lower-case ASCII, so that names match in any script."""
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(unicodedata.normalize("NFKC", text))
    return text.casefold()


def _region(language: str) -> str:
    parts = language.casefold().split("-")
    return parts[-1] if len(parts) > 1 else ""


def _seat(character: Mapping[str, Any]) -> int:
    """A stable number of the character: ids that count up get voices in turn."""
    owner = str(character.get("id") or character.get("name") or "")
    if owner.isdigit():
        return int(owner) - 1
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4])

"""Which shipped voice speaks for a character: by the voice's name, else by what is known of the person.

Characters of one campaign are cast in their order: each gets the best voice of its kind that no earlier one
has. So nobody's voice depends on those who come after, and one more character changes no finished line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from adcli.graph.brief import Cast
from adcli.providers.local.first_names import MEN, WOMEN, word_set


class Sex(StrEnum):
    """How a voice sounds; speakers of unknown sex get either."""

    WOMAN = "woman"
    MAN = "man"


class Tone(StrEnum):
    """How old a voice sounds; most sound like anything between."""

    YOUNG = "young"
    MATURE = "mature"


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of the Kokoro model that adcli ships; ``british`` by accent."""

    name: str
    sex: Sex
    tone: Tone | None = None
    british: bool = False


KOKORO = (
    Voice("af_heart", Sex.WOMAN),
    Voice("am_michael", Sex.MAN),
    Voice("af_bella", Sex.WOMAN, Tone.YOUNG),
    Voice("am_fenrir", Sex.MAN, Tone.YOUNG),
    Voice("af_sarah", Sex.WOMAN),
    Voice("am_puck", Sex.MAN),
    Voice("af_kore", Sex.WOMAN, Tone.MATURE),
    Voice("am_onyx", Sex.MAN, Tone.MATURE),
    Voice("bf_emma", Sex.WOMAN, british=True),
    Voice("bm_george", Sex.MAN, british=True),
    Voice("bf_isabella", Sex.WOMAN, Tone.YOUNG, british=True),
    Voice("bm_daniel", Sex.MAN, Tone.YOUNG, british=True),
)
"""Shipped voices; the first of a kind is the best of it. Tones are by pitch: over one sentence the median of
af_kore is 153 Hz where other women's is 176 to 197, that of am_onyx 83 Hz where other men's is 112 to 140."""

PICO_PITCH = {"high": 1.14, "mid": 1.0, "low": 0.8, "deep": 0.68}
"""Pico has one voice per language, a woman's; its pitch makes characters differ."""

_KINDS = {
    "pico": (("mid", "high"), ("low", "deep")),
    "espeak": (("f2", "f4", "f5"), ("m3", "m7", "m1")),
}
"""Women's and men's: pitches of Pico's one voice per language, eSpeak's own variants; the best first."""
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
    "bf_emma": "charlotte alice dorothy victoria",
    "bf_isabella": "lily amelia",
    "bm_george": "george charlie dave joseph jeremy archer",
    "bm_daniel": "daniel fin",
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


_YOUNG_WORDS = word_set(
    "young younger teen teens teenage teenager student schoolgirl schoolboy lively energetic cheerful bubbly "
    "playful junge junger studentin jugendliche joven jeune étudiante étudiant giovane studentessa молодая "
    "молодой"
)
_MATURE_WORDS = word_set(
    "elderly senior mature aged retired grandmother grandfather grandma grandpa granny wise oma opa ältere "
    "älterer abuela abuelo mamie papy nonna nonno бабушка дедушка пожилой пожилая"
)
_YOUNG_UNTIL, _MATURE_FROM = 25, 55
"""Years of a person, as its prompt says them."""


def kokoro_voice(asked: str | None, character: Mapping[str, Any], language: str) -> str:
    """Name of the shipped Kokoro voice for one who speaks alone, and the voice's name that was asked for."""
    return _kokoro_choices(asked, character.get("name"), character.get("prompt"), language)[0]


@lru_cache(64)
def kokoro_voices(cast: Cast, language: str) -> tuple[str, ...]:
    """Name of the shipped Kokoro voice of each of a campaign's characters."""
    return _seated(_kokoro_choices(who.voice, who.name, who.prompt, language) for who in cast.people)


def other_voice(engine: str, asked: str | None, character: Mapping[str, Any], locale: str) -> str:
    """Name of a voice of Pico or eSpeak, such as ``de-DE/low``, for one who speaks alone."""
    return f"{locale}/{_other_choices(engine, asked, character.get('name'), character.get('prompt'))[0]}"


@lru_cache(64)
def other_voices(engine: str, cast: Cast, locale: str) -> tuple[str, ...]:
    """Name of the voice of Pico or eSpeak, a locale and a kind, of each of a campaign's characters."""
    kinds = _seated(_other_choices(engine, who.voice, who.name, who.prompt) for who in cast.people)
    return tuple(f"{locale}/{kind}" for kind in kinds)


def _seated(choices: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """For each character, of the voices that suit it, best first, the one that the fewest before it have."""
    held: Counter[str] = Counter()
    voices = []
    for suited in choices:
        voices.append(min(suited, key=held.__getitem__))
        held[voices[-1]] += 1
    return tuple(voices)


@lru_cache(4096)
def _kokoro_choices(asked: str | None, name: str | None, prompt: str | None, language: str) -> Sequence[str]:
    """Voices that suit, best first: the one asked for, else those of the person's sex, its accent first."""
    named = _named(asked)
    if named:
        return [named]
    sex, tone = _sex_of(asked, name, prompt), _tone_of(prompt)
    british = _region(language) in _BRITISH or bool(_words(prompt) & _BRITISH_WORDS)
    suited = [voice for voice in KOKORO if sex is None or voice.sex is sex]
    return [
        voice.name for voice in sorted(suited, key=lambda v: (v.british is not british, _apart(tone, v.tone)))
    ]


def _apart(wanted: Tone | None, tone: Tone | None) -> int:
    """How far a voice is from how old a person should sound; 0 when nobody said."""
    return 0 if wanted is None or wanted is tone else 1 if tone is None else 2


@lru_cache(4096)
def _other_choices(engine: str, asked: str | None, name: str | None, prompt: str | None) -> Sequence[str]:
    named = _named(asked)
    sex = next((voice.sex for voice in KOKORO if voice.name == named), None) or _sex_of(asked, name, prompt)
    women, men = _KINDS[engine]
    if sex is None:
        return [kind for pair in zip(women, men, strict=True) for kind in pair]
    return women if sex is Sex.WOMAN else men


def sex_of(asked: str | None, character: Mapping[str, Any]) -> Sex | None:
    """What the voice's name, the prompt's words, then the person's name tell; None when nothing does."""
    return _sex_of(asked, character.get("name"), character.get("prompt"))


def _sex_of(asked: str | None, name: str | None, prompt: str | None) -> Sex | None:
    return _sex_of_name(asked) or _sex_of_prompt(prompt) or _sex_of_name(name)


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


def _tone_of(prompt: Any) -> Tone | None:
    age = re.search(r"\b[1-9]\d\b(?!\s*%)", str(prompt or ""))
    words, years = _words(prompt), int(age[0]) if age else None
    if words & _MATURE_WORDS or (years and years >= _MATURE_FROM):
        return Tone.MATURE
    return Tone.YOUNG if words & _YOUNG_WORDS or (years and years <= _YOUNG_UNTIL) else None


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

"""Which ElevenLabs voice speaks: one that the account knows by a name, or a default one by character."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from adcli.providers.local.first_names import word_set
from adcli.providers.local.voices import Sex, sex_of

_AMERICAN = {
    Sex.WOMAN: ("Jessica", "Sarah", "Laura", "Matilda"),
    Sex.MAN: ("Chris", "Brian", "Eric", "Will", "Liam", "Roger"),
}
_BRITISH = {Sex.WOMAN: ("Alice", "Lily"), Sex.MAN: ("George", "Daniel")}
"""Default voices, which every account has (premade, in the list of 2026-09); the first suits ads best."""
_BRITISH_WORDS = word_set("british english londoner london scottish irish welsh uk")
_ID = re.compile(r"[A-Za-z0-9]{20}")
_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of an account. Names often carry a tail: ``Roger - Laid-Back, Casual, Resonant``."""

    id: str
    name: str

    @property
    def short(self) -> str:
        """The name without its tail."""
        return re.split(r"\s+[-–—]\s+", self.name.strip())[0]


def default_voice(character: Mapping[str, Any]) -> str:
    """Name of the default voice for a character; the same one gets the same voice each time."""
    sex = sex_of(None, character)
    words = set(re.findall(r"\w+", str(character.get("prompt") or "").casefold()))
    table = _BRITISH if words & _BRITISH_WORDS else _AMERICAN
    names = table[sex] if sex else (table[Sex.WOMAN][0], table[Sex.MAN][0])
    return names[_seat(character) % len(names)]


def is_id(written: str) -> bool:
    """It looks like a voice's id."""
    return _ID.fullmatch(written) is not None


def matching(voices: Iterable[Voice], written: str) -> tuple[Voice, ...]:
    """Voices that ``written`` means: the one of that id, else those of that name, else of that short name."""
    known, wanted = list(voices), _plain(written)
    for found in (
        [voice for voice in known if voice.id == written],
        [voice for voice in known if _plain(voice.name) == wanted],
        [voice for voice in known if _plain(voice.short) == wanted],
    ):
        if found:
            return tuple({voice.id: voice for voice in found}.values())
    return ()


def nearest(voices: Sequence[Voice], written: str) -> tuple[str, ...]:
    """Names much like the one written, nearest first."""
    names = {_plain(voice.short): voice.short for voice in voices}
    return tuple(names[near] for near in get_close_matches(_plain(written), names, 3, _NEAR))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _seat(character: Mapping[str, Any]) -> int:
    owner = str(character.get("id") or character.get("name") or "")
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4])

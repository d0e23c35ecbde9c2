"""OpenAI's built-in voices: which models have which, and which one speaks for a character."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from adcli.providers.local.voices import Sex, sex_of

OLDER = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")
NEWER = (*OLDER, "ballad", "cedar", "marin", "verse")
"""Of the SDK's list (openai 3.52); tts-1 and tts-1-hd have the older ones only."""

_FOR = {
    Sex.WOMAN: ("marin", "nova", "coral", "shimmer", "sage"),
    Sex.MAN: ("cedar", "onyx", "ash", "echo", "verse"),
}
"""The first suits ads best."""


def voices(model: str) -> tuple[str, ...] | None:
    """The built-in voices of a model; None for one that adcli doesn't know."""
    if model.startswith("gpt-4o-mini-tts"):
        return NEWER
    return OLDER if model in ("tts-1", "tts-1-hd") else None


def default_voice(model: str, character: Mapping[str, Any]) -> str:
    """The voice for a character; the same one gets the same voice each time."""
    known, sex = voices(model) or NEWER, sex_of(None, character)
    named = _FOR[sex] if sex else _FOR[Sex.WOMAN][:2] + _FOR[Sex.MAN][:2]
    names = [name for name in named if name in known]
    return names[_seat(character) % len(names)]


def nearest(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Names much like the one written, nearest first."""
    return tuple(get_close_matches(name.casefold(), known, 3, 0.5))


def _seat(character: Mapping[str, Any]) -> int:
    owner = str(character.get("id") or character.get("name") or "")
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4])

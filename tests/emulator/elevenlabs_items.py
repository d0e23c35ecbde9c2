"""What the emulated ElevenLabs has made, and how its history shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.emulator.elevenlabs_account import voice_names
from tests.emulator.jobs import Life
from tests.emulator.media import Spoken


@dataclass(kw_only=True)
class Item(Life):
    """Something that was made and paid for; only speech is in the history."""

    model: str
    voice: str = ""
    text: str = ""
    credits: int = 0
    before: int = 0
    speech: Spoken | None = None

    @property
    def request_id(self) -> str:
        """The request that made it."""
        return f"req_{self.id[:12]}"


def listed(item: Item) -> dict[str, Any]:
    """An item as the history shows it."""
    settings = {name: value for name, value in (item.given.get("voice_settings") or {}).items() if value}
    return {
        "history_item_id": item.id,
        "request_id": item.request_id,
        "voice_id": item.voice,
        "voice_name": voice_names()[item.voice],
        "voice_category": "premade",
        "model_id": item.model,
        "text": item.text,
        "date_unix": int(item.created),
        "character_count_change_from": item.before,
        "character_count_change_to": item.before + item.credits,
        "content_type": "audio/mpeg",
        "state": "created",
        "settings": settings,
        "source": "TTS",
        "output_format": item.given.get("output_format"),
    }


def row(word: Mapping[str, Any]) -> dict[str, Any]:
    """A word of a forced alignment."""
    return {name: word[name] for name in ("text", "start", "end")}


def planned(given: Mapping[str, Any]) -> int:
    """Milliseconds of a composition plan."""
    plan = given["composition_plan"]
    return sum(int(part["duration_ms"]) for part in plan.get("sections") or plan.get("chunks") or ())


def summed(given: Mapping[str, Any]) -> dict[str, Any]:
    """A form's fields with the file as its digest."""
    file = hashlib.sha256(given["file"]).hexdigest()
    return {**{name: value for name, value in given.items() if name != "file"}, "file": file}

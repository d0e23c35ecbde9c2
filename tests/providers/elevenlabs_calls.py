"""Calls to the emulated ElevenLabs through adcli's own client: one of every kind that costs money."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from adcli.providers import elevenlabs
from adcli.providers._base import Accepted, Call
from adcli.providers._elevenlabs_client import ElevenLabsClient
from adcli.providers._elevenlabs_service import PATIENCE
from adcli.registry import Request
from adcli.work import Artifact, File
from tests.emulator.media import spoken
from tests.emulator.server import Emulator

T = TypeVar("T")

V2 = "eleven_multilingual_v2"
TEXT = "Stop scrolling. The IP68 lamp is here!"
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "voice": {"text": TEXT, "voice": "Rachel", "language": "en", "character": {}, "seed": 42},
    "music": {"prompt": "calm piano", "mood": "warm", "seconds": 3.0, "seed": 42},
    "transcribe": {"audio": {"$input": 0}, "language": "en", "text": TEXT},
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of paid call, and where it arrives."""

    stage: str
    model: str
    route: str


SPEECH = Kind("voice", V2, "elevenlabs.speech")
SONG = Kind("music", "music_v1", "elevenlabs.music")
SOUND = Kind("music", "eleven_text_to_sound_v2", "elevenlabs.sound")
ALIGNED = Kind("transcribe", "forced_alignment", "elevenlabs.align")
HEARD = Kind("transcribe", "scribe_v2", "elevenlabs.transcribe")
KINDS = (SPEECH, SONG, SOUND, ALIGNED, HEARD)


def call(kind: Kind, folder: Path, extra: Mapping[str, Any] | None = None, **fields: Any) -> Call:
    """A call of that kind; a transcript's sound is what the emulator says of the same text."""
    request = Request(kind.stage, kind.model, {**FIELDS[kind.stage], **fields}, extra or {})
    sound = folder / "line.mp3"
    made = spoken(TEXT)
    sound.write_bytes(made.sound)
    heard = Artifact(sound, "0" * 64, "audio/mpeg", {"seconds": made.seconds})
    return Call(kind.stage, kind.model, elevenlabs.body(request), (heard,), {}, ref="ref-1")


def using(
    emulator: Emulator, do: Callable[[ElevenLabsClient], Awaitable[T]], patience: httpx.Timeout = PATIENCE
) -> T:
    """What ``do`` gives with a client of its own, which is closed afterwards."""

    async def used() -> T:
        client = ElevenLabsClient(elevenlabs.SPEC, emulator.environment(), patience)
        try:
            return await do(client)
        finally:
            await client.close()

    return asyncio.run(used())


def bought(emulator: Emulator, wanted: Call, folder: Path, patience: httpx.Timeout = PATIENCE) -> Accepted:
    """One call as the engine makes it: verified, prepared, sent."""

    async def buy(client: ElevenLabsClient) -> Accepted:
        await client.verify(wanted.stage, wanted.model, wanted.body)
        await client.prepare(wanted)
        return await client.submit(wanted, folder / "out")

    return using(emulator, buy, patience)


def words(outputs: Mapping[str, File | str] | None) -> list[dict[str, Any]]:
    """The words of a call's outputs."""
    assert outputs is not None
    found: list[dict[str, Any]] = json.loads(str(outputs["words"]))
    return found


def file(outputs: Mapping[str, File | str] | None, name: str = "audio") -> File:
    """A file of a call's outputs."""
    assert outputs is not None
    found = outputs[name]
    assert isinstance(found, File)
    return found

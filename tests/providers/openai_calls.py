"""Calls to OpenAI for tests: real files, a client of its own for each piece of work."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from adcli.errors import AdcliError
from adcli.providers import openai
from adcli.providers._base import Call
from adcli.providers._openai_client import OpenAiClient
from adcli.registry import Request
from adcli.work import Artifact
from tests.emulator.media import spoken

T = TypeVar("T")
LINE = "Stop scrolling. My skin was dull, and I had tried everything!"
VOICE: dict[str, Any] = {
    "text": LINE,
    "voice": "Nova",
    "language": "en-GB",
    "seconds": 4.0,
    "character": {"id": "maria", "name": "Maria", "prompt": "woman, 30"},
    "settings": {},
    "pronunciations": {},
    "seed": 42,
}


def using(work: Callable[[OpenAiClient], Awaitable[T]], read: float | None = None, **environ: str) -> T:
    """Does something with a new client in this environment, as a new process would."""

    async def run() -> T:
        given = {**os.environ, **environ}
        client = openai.client(given) if read is None else OpenAiClient(openai.SPEC, given, read=read)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def trouble(
    work: Callable[[OpenAiClient], Awaitable[object]], read: float | None = None, **environ: str
) -> AdcliError:
    """The error that something ends with."""
    try:
        done = using(work, read, **environ)
    except AdcliError as error:
        return error
    raise AssertionError(f"it worked: {done!r}")


def voice(model: str = "tts-1", extra: Any = None, **fields: Any) -> Call:
    """A line to be spoken."""
    body = openai.body(Request("voice", model, {**VOICE, **fields}, extra or {}))
    return Call("voice", model, body, (), {}, "recipe-1")


def transcript(
    folder: Path, model: str = "whisper-1", said: str = LINE, extra: Any = None, **fields: Any
) -> Call:
    """A sound whose words are asked for."""
    sound = spoken(said, "mp3")
    path = folder / "said.mp3"
    path.write_bytes(sound.sound)
    file = Artifact(path, hashlib.sha256(sound.sound).hexdigest(), "audio/mpeg", {"duration": sound.seconds})
    given = {"audio": {"$input": 0}, "language": "en", "text": None, "seconds": sound.seconds, **fields}
    body = openai.body(Request("transcribe", model, given, extra or {}))
    return Call("transcribe", model, body, (file,), {}, "recipe-2")

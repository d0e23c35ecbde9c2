"""Calls to Google for tests: real files, a client of its own for each piece of work."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from adcli.errors import AdcliError
from adcli.providers import google
from adcli.providers._base import Call
from adcli.providers._google_client import GoogleClient
from adcli.registry import Request
from adcli.work import Artifact
from tests.emulator.media import spoken
from tests.emulator.pictures import draw

T = TypeVar("T")
FLASH, PRO, HEARS = "gemini-2.5-flash-image", "gemini-3-pro-image-preview", "gemini-2.5-flash"
PICTURE: dict[str, Any] = {
    "prompt": "a bottle at dawn",
    "seed": 42,
    "visual": "product",
    "products": [],
    "product_name": "Glow Serum",
    "aspect": "9:16",
    "width": 1152,
    "height": 2048,
}


def using(work: Callable[[GoogleClient], Awaitable[T]], read: float | None = None, **environ: str) -> T:
    """Does something with a new client in this environment, as a new process would."""

    async def run() -> T:
        given = {**os.environ, **environ}
        client = google.client(given) if read is None else GoogleClient(google.SPEC, given, read=read)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def trouble(
    work: Callable[[GoogleClient], Awaitable[object]], read: float | None = None, **environ: str
) -> AdcliError:
    """The error that something ends with."""
    try:
        done = using(work, read, **environ)
    except AdcliError as error:
        return error
    raise AssertionError(f"it worked: {done!r}")


def artifact(folder: Path, name: str, data: bytes, media_type: str, **meta: float) -> Artifact:
    """A file as the engine hands it to a client."""
    path = folder / name
    path.write_bytes(data)
    return Artifact(path, hashlib.sha256(data).hexdigest(), media_type, meta)


def picture(
    folder: Path, model: str = FLASH, extra: Any = None, *, shown: bool = True, **fields: Any
) -> Call:
    """A picture of a person with a product, shown to the model or not."""
    person = artifact(folder, "person.png", draw("Maria", 90, 160, "png"), "image/png")
    bottle = artifact(folder, "bottle.jpg", draw("bottle", 100, 100, "jpg"), "image/jpeg")
    given = {"person": {"$input": 0}, "products": [{"$asset": "bottle"}]} if shown else {}
    body = google.body(Request("image", model, {**PICTURE, **given, **fields}, extra or {}))
    return Call("image", model, body, (person,), {"bottle": bottle}, "recipe-1")


def transcript(folder: Path, model: str = HEARS, extra: Any = None, **fields: Any) -> Call:
    """A sound whose words are asked for."""
    sound = spoken("one two three four five six", "mp3")
    file = artifact(folder, "said.mp3", sound.sound, "audio/mpeg", duration=sound.seconds)
    given = {"audio": {"$input": 0}, "language": "en", "text": None, "seconds": sound.seconds, **fields}
    body = google.body(Request("transcribe", model, given, extra or {}))
    return Call("transcribe", model, body, (file,), {}, "recipe-2")

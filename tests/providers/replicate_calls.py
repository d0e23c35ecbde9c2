"""Calls to Replicate for tests: real files, a client of its own for each piece of work."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from adcli.errors import AdcliError
from adcli.providers import replicate
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._replicate_client import ReplicateClient
from adcli.registry import Request
from adcli.work import Artifact, File
from tests.emulator.media import clip, spoken
from tests.emulator.pictures import draw

T = TypeVar("T")

FLUX, KONTEXT = "black-forest-labs/flux-1.1-pro", "black-forest-labs/flux-kontext-pro"
KLING, LIPS = "kwaivgi/kling-v2.5-turbo-pro", "kwaivgi/kling-lip-sync"
CUT, WHISPER = "851-labs/background-remover", "vaibhavs10/incredibly-fast-whisper"
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "image": {
        "prompt": "a bottle at dawn",
        "seed": 42,
        "aspect": "9:16",
        "products": [{"$asset": "picture"}],
        "person": {"$asset": "picture"},
    },
    "portrait": {"prompt": "woman, 30, freckles", "seed": 42},
    "animate": {
        "image": {"$asset": "picture"},
        "motion": "she lifts the bottle",
        "seconds": 4.5,
        "seed": 42,
        "aspect": "9:16",
    },
    "lipsync": {"clip": {"$asset": "clip"}, "audio": {"$asset": "audio"}, "seconds": 3.0},
    "music": {"prompt": "", "mood": "confident, playful", "seconds": 15, "seed": 42},
    "transcribe": {"audio": {"$asset": "audio"}, "language": "en", "text": None, "seconds": 3.0},
    "matte": {"image": {"$asset": "picture"}},
}
"""What the graph tells each stage."""


def using(work: Callable[[ReplicateClient], Awaitable[T]], **environ: str) -> T:
    """Does something with a new client in this environment, as a new process would."""

    async def run() -> T:
        client: ReplicateClient = replicate.client({**os.environ, **environ})
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def trouble(work: Callable[[ReplicateClient], Awaitable[object]], **environ: str) -> AdcliError:
    """The error that something ends with."""
    try:
        done = using(work, **environ)
    except AdcliError as error:
        return error
    raise AssertionError(f"it worked: {done!r}")


def files(folder: Path, variant: str = "one", seconds: float = 3.0) -> Mapping[str, Artifact]:
    """A picture, a clip and a spoken line; another ``variant`` has other content."""
    folder.mkdir(parents=True, exist_ok=True)
    said = f"stop scrolling {variant} " * 3
    made = {
        "picture": (draw(variant, 90, 160, "png"), "png", "image/png"),
        "clip": (clip(variant, seconds, 90, 160), "mp4", "video/mp4"),
        "audio": (spoken(said, "wav").sound, "wav", "audio/wav"),
    }
    return {name: _file(folder / f"{variant}.{end}", data, kind) for name, (data, end, kind) in made.items()}


def _file(path: Path, data: bytes, media_type: str) -> Artifact:
    path.write_bytes(data)
    return Artifact(path, hashlib.sha256(data).hexdigest(), media_type)


def asked(stage: str, model: str, fields: Mapping[str, Any] | None = None, **extra: Any) -> Request:
    """What the graph asks for; ``fields`` go over the usual ones."""
    return Request(stage, model, {**FIELDS[stage], **(fields or {})}, extra)


def call(folder: Path, stage: str = "image", model: str = FLUX, variant: str = "one", **fields: Any) -> Call:
    """One paid call as the engine makes it."""
    body = replicate.body(asked(stage, model, fields))
    return Call(stage, model, body, (), files(folder, variant), "recipe-1")


def handle(given: Call, accepted: Accepted) -> JobHandle:
    """What the engine keeps of an accepted call."""
    return JobHandle(given.model, "", accepted.job, given.stage, given.body)


async def ended(client: ReplicateClient, job: JobHandle) -> Finished:
    """Polls until the job is done."""
    for _ in range(20):
        if finished := await client.poll(job):
            return finished
    raise AssertionError("it still runs")


async def bought(
    client: ReplicateClient, given: Call, folder: Path
) -> tuple[Finished, Mapping[str, File | str]]:
    """The whole way of a call: prepared, sent, ended, collected."""
    await client.prepare(given)
    job = handle(given, await client.submit(given, folder))
    return await ended(client, job), await client.collect(job, folder)

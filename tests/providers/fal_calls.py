"""Calls to fal for tests: real files, a client of its own for each piece of work."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from adcli.errors import AdcliError
from adcli.providers import fal
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._fal_client import FalClient
from adcli.registry import Request
from adcli.work import Artifact, File
from tests.emulator.media import clip, music
from tests.emulator.pictures import draw

T = TypeVar("T")

KLING = "fal-ai/kling-video/v2.5-turbo/pro/image-to-video"
SYNC = "fal-ai/sync-lipsync/v2"


def using(work: Callable[[FalClient], Awaitable[T]], **environ: str) -> T:
    """Does something with a new client in this environment, as a new process would."""

    async def run() -> T:
        client: FalClient = fal.client({**os.environ, **environ})
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def trouble(work: Callable[[FalClient], Awaitable[object]], **environ: str) -> AdcliError:
    """The error that something ends with."""
    try:
        done = using(work, **environ)
    except AdcliError as error:
        return error
    raise AssertionError(f"it worked: {done!r}")


def artifact(folder: Path, name: str, data: bytes, media_type: str) -> Artifact:
    """A file as the engine hands it to a client."""
    path = folder / name
    path.write_bytes(data)
    return Artifact(path, hashlib.sha256(data).hexdigest(), media_type)


def animation(
    folder: Path, motion: str = "she lifts the bottle", picture: str = "a woman", **extra: Any
) -> Call:
    """A clip of 5 s from a picture."""
    image = artifact(folder, f"{picture}.png", draw(picture, 90, 160, "png"), "image/png")
    fields: Mapping[str, Any] = {
        "image": {"$input": 0},
        "motion": motion,
        "seconds": 3.2,
        "seed": 42,
        "aspect": "9:16",
    }
    body = fal.body(Request("animate", KLING, fields, extra))
    return Call("animate", KLING, body, (image,), {}, "recipe-1")


def lipsync(folder: Path, seconds: float = 3.0, line: str = "first") -> Call:
    """A clip and a spoken line of one length."""
    video = artifact(folder, f"{line}.mp4", clip(line, seconds, 90, 160), "video/mp4")
    audio = artifact(folder, f"{line}.mp3", music(line, seconds), "audio/mpeg")
    fields = {"clip": {"$input": 0}, "audio": {"$asset": "voice"}, "seconds": seconds}
    body = fal.body(Request("lipsync", SYNC, fields, {}))
    return Call("lipsync", SYNC, body, (video,), {"voice": audio}, "recipe-2")


def handle(call: Call, accepted: Accepted) -> JobHandle:
    """What the engine keeps of an accepted call."""
    return JobHandle(call.model, "", accepted.job, call.stage)


async def ended(client: FalClient, job: JobHandle) -> Finished:
    """Polls until the job is done."""
    for _ in range(20):
        if finished := await client.poll(job):
            return finished
    raise AssertionError("it still runs")


async def bought(client: FalClient, call: Call, folder: Path) -> tuple[Finished, Mapping[str, File | str]]:
    """The whole way of a call: prepared, sent, ended, collected."""
    await client.prepare(call)
    job = handle(call, await client.submit(call, folder))
    return await ended(client, job), await client.collect(job, folder)

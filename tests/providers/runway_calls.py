"""Calls to Runway for tests: real files, a client of its own for each piece of work."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from adcli.errors import AdcliError
from adcli.providers import runway
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._runway_client import RunwayClient
from adcli.registry import Request
from adcli.work import Artifact, File
from tests.emulator.pictures import draw

T = TypeVar("T")
PICTURE: dict[str, Any] = {
    "prompt": "a bottle at dawn",
    "seed": 42,
    "visual": "product",
    "products": [],
    "product_name": "Glow",
    "aspect": "9:16",
    "width": 1152,
    "height": 2048,
}


def using(work: Callable[[RunwayClient], Awaitable[T]], read: float | None = None, **environ: str) -> T:
    """Does something with a new client in this environment, as a new process would."""

    async def run() -> T:
        given = {**os.environ, **environ}
        client = runway.client(given) if read is None else RunwayClient(runway.SPEC, given, read=read)
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def trouble(
    work: Callable[[RunwayClient], Awaitable[object]], read: float | None = None, **environ: str
) -> AdcliError:
    """The error that something ends with."""
    try:
        done = using(work, read, **environ)
    except AdcliError as error:
        return error
    raise AssertionError(f"it worked: {done!r}")


def artifact(folder: Path, name: str, data: bytes, media_type: str = "image/png") -> Artifact:
    """A file as the engine hands it to a client."""
    path = folder / name
    path.write_bytes(data)
    return Artifact(path, hashlib.sha256(data).hexdigest(), media_type)


def animation(folder: Path, model: str = "gen4_turbo", seconds: float = 3.2, **extra: Any) -> Call:
    """A clip from a picture."""
    image = artifact(folder, "still.png", draw("a woman", 90, 160, "png"))
    fields = {
        "image": {"$input": 0},
        "motion": "she lifts the bottle",
        "seconds": seconds,
        "seed": 42,
        "aspect": "9:16",
    }
    body = runway.body(Request("animate", model, fields, extra))
    return Call("animate", model, body, (image,), {}, "recipe-1")


def picture(folder: Path, model: str = "gen4_image", *, shown: bool = True, **fields: Any) -> Call:
    """A picture of a person with a product, shown to the model or not."""
    person = artifact(folder, "person.png", draw("Maria", 90, 160, "png"))
    bottle = artifact(folder, "bottle.png", draw("bottle", 100, 100, "png"))
    given = {"person": {"$input": 0}, "products": [{"$asset": "bottle"}]} if shown else {}
    body = runway.body(Request("image", model, {**PICTURE, **given, **fields}, {}))
    return Call("image", model, body, (person,), {"bottle": bottle}, "recipe-2")


def handle_of(client: RunwayClient, call: Call, accepted: Accepted) -> JobHandle:
    return JobHandle(call.model, client.endpoint(call), accepted.job, call.stage)


async def bought(client: RunwayClient, call: Call, folder: Path) -> tuple[Accepted, Finished, File]:
    """A call from its POST to its file."""
    accepted = await client.submit(call, folder)
    handle = handle_of(client, call, accepted)
    finished = None
    while finished is None:
        finished = await client.poll(handle)
    (found,) = (await client.collect(handle, folder)).values()
    assert isinstance(found, File)
    return accepted, finished, found

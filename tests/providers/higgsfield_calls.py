"""Calls to Higgsfield for tests, each by a client of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from adcli.errors import AdcliError
from adcli.providers import higgsfield
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._higgsfield_client import HiggsfieldClient
from adcli.registry import Request

T = TypeVar("T")
SOUL = "higgsfield-ai/soul/standard"


def using(work: Callable[[HiggsfieldClient], Awaitable[T]], **environ: str) -> T:
    """Does something with a new client in this environment, as a new process would."""

    async def run() -> T:
        client: HiggsfieldClient = higgsfield.client({**os.environ, **environ})
        try:
            return await work(client)
        finally:
            await client.close()

    return asyncio.run(run())


def trouble(work: Callable[[HiggsfieldClient], Awaitable[object]], **environ: str) -> AdcliError:
    """The error that something ends with."""
    try:
        done = using(work, **environ)
    except AdcliError as error:
        return error
    raise AssertionError(f"it worked: {done!r}")


def portrait(prompt: str = "woman, 30, freckles", ref: str = "0123456789ab-1", **extra: Any) -> Call:
    """A portrait at 1080p."""
    body = higgsfield.body(Request("portrait", SOUL, {"prompt": prompt, "seed": 42}, extra))
    return Call("portrait", SOUL, body, (), {}, ref)


def handle(accepted: Accepted) -> JobHandle:
    """What the engine keeps of an accepted call."""
    return JobHandle(SOUL, "", accepted.job, "portrait")


def sent(call: Call, folder: Path) -> Accepted:
    """One submit by a process of its own."""
    return using(lambda client: client.submit(call, folder))


async def ended(client: HiggsfieldClient, job: JobHandle) -> Finished:
    """Polls until the job is done."""
    for _ in range(20):
        if finished := await client.poll(job):
            return finished
    raise AssertionError("it still runs")

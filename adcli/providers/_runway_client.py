"""Runway as a ``PaidClient``: its own SDK sends every request, once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from runwayml import AsyncRunwayML

from adcli.errors import OutcomeUnknown, Rejected, ResultExpired
from adcli.providers import _runway_fields
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._download import Downloads, Kind
from adcli.providers._http import Answer, base_url, key
from adcli.providers._runway_errors import KEY, NAME, classify, classify_task, credits_of, failed
from adcli.providers._runway_files import Pictures
from adcli.providers._sdk import CONNECT, Sdk, answer_of
from adcli.registry import ProviderSpec
from adcli.work import File

DEFAULT_BASE = "https://api.dev.runwayml.com"
USD_PER_CREDIT = 0.01
READ = 60.0
_ROUTES = {"animate": "/v1/image_to_video", "image": "/v1/text_to_image", "portrait": "/v1/text_to_image"}
_OUTPUTS = {
    "animate": ("clip", Kind.VIDEO),
    "image": ("image", Kind.IMAGE),
    "portrait": ("image", Kind.IMAGE),
}
_WAITING = frozenset({"PENDING", "THROTTLED", "RUNNING"})
_ENDED_BADLY = frozenset({"FAILED", "CANCELLED"})
_JOB = re.compile(r"[\w-]{1,128}", re.ASCII)


class RunwayClient:
    """The key goes to the service's own host only, never to those of files."""

    def __init__(self, spec: ProviderSpec, environ: Mapping[str, str], read: float = READ) -> None:
        secret = key(NAME, environ, KEY)
        self.spec = spec
        self._base = base_url(NAME, environ, "RUNWAYML_BASE_URL", DEFAULT_BASE)
        timeout = httpx.Timeout(60.0, connect=CONNECT, read=read)
        self._http = httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)
        self._runway = AsyncRunwayML(
            api_key=secret, base_url=self._base, max_retries=0, timeout=timeout, http_client=self._http
        )
        self._create, self._tasks = Sdk(NAME, secret, classify), Sdk(NAME, secret, classify_task)
        self._pictures = Pictures(self._start_upload, self._base)
        self._downloads = Downloads(NAME, self._base, environ)
        self._used: dict[str, set[str]] = {}

    def endpoint(self, call: Call) -> str:
        """The service's address: a task is only ever asked for at the one it was sent to."""
        del call
        return self._base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Model, fields and values by the SDK's own list; it needs no request."""
        await asyncio.to_thread(_runway_fields.check, stage, model, body)
        _runway_fields.check_prompt(model, body.get("promptText"))
        self._used.setdefault(stage, set()).add(model)

    async def prepare(self, call: Call) -> None:
        """The prompt as it was written by now, and uploads of large pictures."""
        _runway_fields.check_prompt(call.model, call.body.get("promptText"))
        await self._with_pictures(call.body, call)

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Creates one task."""
        del folder
        body = await self._with_pictures(call.body, call)
        answer = await self._create.ask(lambda: self._post(_ROUTES[call.stage], body))
        job = answer.fields.get("id")
        if not isinstance(job, str) or not _JOB.fullmatch(job):
            raise OutcomeUnknown(NAME, "the answer to a create names no task")
        return Accepted(job)

    async def poll(self, handle: JobHandle) -> Finished | None:
        """The state of a task. One that waits for others of this account is THROTTLED, not refused."""
        task = await self._task(handle)
        status = task.get("status")
        if status in _WAITING:
            return None
        if status in _ENDED_BADLY:
            raise failed(task)
        if status != "SUCCEEDED":
            raise OutcomeUnknown(NAME, f"task {handle.job} is in a state that is not known: {status!r:.40}")
        spent = credits_of(task)
        return Finished({} if spent is None else {"usd": round(spent * USD_PER_CREDIT, 6)})

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Downloads what a task has made: each look at the task gives fresh addresses."""
        output = (await self._task(handle)).get("output")
        first = output[0] if isinstance(output, list) and output else None
        if not isinstance(first, str):
            raise ResultExpired(NAME, f"the output of {handle.job} is gone")
        name, kind = _OUTPUTS[handle.stage]
        return {name: await self._downloads.fetch(first, folder, name, kind)}

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """None: the service has no list of tasks."""
        del call, since, claimed
        return ()

    async def cancel(self, handle: JobHandle) -> None:
        """Stops a task that hasn't ended: one that has would be deleted, with what it made."""
        status = (await self._task(handle)).get("status")
        if status not in _WAITING:
            raise Rejected(NAME, f"task {handle.job} has ended ({status}): it can't be stopped any more")
        path = f"/v1/tasks/{_named(handle)}"
        await self._tasks.ask(lambda: self._runway.delete(path, cast_to=httpx.Response))

    async def check(self) -> str:
        """Credits left."""
        found = (await self._organization()).get("creditBalance")
        if not isinstance(found, int | float):
            raise OutcomeUnknown(NAME, "the account could not be read")
        return f"{found:g} credits left (${found * USD_PER_CREDIT:.2f})"

    async def at_once(self, stage: str) -> int | None:
        """The least that the account's tier allows for the models of this run; above it tasks only wait."""
        tier = (await self._organization()).get("tier")
        limits = tier.get("models") if isinstance(tier, Mapping) else None
        if not isinstance(limits, Mapping):
            return None
        of_models = [limits.get(model) for model in self._used.get(stage, ())]
        most = [one.get("maxConcurrentGenerations") for one in of_models if isinstance(one, Mapping)]
        return min((each for each in most if isinstance(each, int) and each > 0), default=None)

    async def close(self) -> None:
        """Closes connections."""
        await self._runway.close()
        await self._pictures.close()
        await self._downloads.close()

    async def _organization(self) -> Mapping[str, Any]:
        return (await self._create.ask(lambda: self._get("/v1/organization"))).fields

    async def _task(self, handle: JobHandle) -> Mapping[str, Any]:
        found = (await self._tasks.ask(lambda: self._get(f"/v1/tasks/{_named(handle)}"))).fields
        if not found:
            raise OutcomeUnknown(NAME, "an answer could not be read")
        return found

    async def _start_upload(self, name: str) -> Mapping[str, Any]:
        wanted = {"filename": name, "type": "ephemeral"}
        return (await self._create.ask_first(lambda: self._post("/v1/uploads", wanted))).fields

    async def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        return answer_of(await self._runway.post(path, cast_to=httpx.Response, body=body))

    async def _get(self, path: str) -> Answer:
        return answer_of(await self._runway.get(path, cast_to=httpx.Response))

    async def _with_pictures(self, value: Any, call: Call) -> Any:
        """The body with an address in the place of each file."""
        if isinstance(value, Mapping) and value.keys() & {"$input", "$asset"}:
            return await self._pictures.address(call.file(value))
        if isinstance(value, Mapping):
            return {name: await self._with_pictures(item, call) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [await self._with_pictures(item, call) for item in value]
        return value


def _named(handle: JobHandle) -> str:
    """A task's id as part of an address."""
    if not _JOB.fullmatch(handle.job):
        raise ResultExpired(NAME, f"{handle.job!r:.60} is no id of a task")
    return handle.job

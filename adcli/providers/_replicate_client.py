"""Replicate's HTTP API as a ``PaidClient``: one POST a submit, everything else is free."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from adcli.errors import AdcliError, NotSent, OutcomeUnknown, Rejected, ResultExpired
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._download import Downloads, Kind
from adcli.providers._http import TIMEOUT, Answer, Classify, Http, base_url, key, trouble
from adcli.providers._replicate_files import Files, is_file
from adcli.providers._replicate_models import LONGEST_RUN, listed
from adcli.providers._replicate_schema import Models, check
from adcli.providers._replicate_search import Search
from adcli.providers._replicate_transcript import transcript
from adcli.providers._replicate_wire import (
    NAME,
    address,
    classified,
    document,
    expires,
    is_done,
    output,
    usage,
)
from adcli.providers._replicate_words import WRITTEN, sent
from adcli.registry import ProviderSpec
from adcli.work import File

DEFAULT_BASE = "https://api.replicate.com"
_RESULTS: Mapping[str, tuple[str, Kind]] = {
    "image": ("image", Kind.IMAGE),
    "portrait": ("image", Kind.IMAGE),
    "matte": ("image", Kind.ALPHA),
    "animate": ("clip", Kind.VIDEO),
    "lipsync": ("clip", Kind.VIDEO),
    "music": ("audio", Kind.AUDIO),
}
"""Stage → its output and what it has to be; ``transcribe`` gives texts."""


class ReplicateClient:
    """The token is sent to the service's own host only."""

    def __init__(
        self, spec: ProviderSpec, environ: Mapping[str, str], timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        self.spec = spec
        self._token = token = key(NAME, environ, "REPLICATE_API_TOKEN")
        self._base = base_url(NAME, environ, "REPLICATE_BASE_URL", DEFAULT_BASE)
        headers = {"Authorization": f"Bearer {token}"}
        self._http = Http(NAME, self._base, headers, self._classified, timeout)
        self._models, self._files = Models(self._http), Files(self._http)
        self._downloads = Downloads(NAME, self._base, environ)

    def _classified(self, answer: Answer) -> AdcliError:
        return classified(answer, self._token)

    def endpoint(self, call: Call) -> str:
        """The service's address: a job is only ever asked for at the one it was sent to."""
        del call
        return self._base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Holds a body against the model's live schema."""
        check(await self._models.known(model), stage, model, sent(body))

    async def prepare(self, call: Call) -> None:
        """Finds the version to call, and uploads the files."""
        self._check_sizes(call)
        try:
            await self._version(call)
            await self._with_files(sent(call.body), call)
        except ResultExpired as error:
            raise OutcomeUnknown(NAME, error.message) from error

    async def at_once(self, stage: str) -> int | None:
        """None: Replicate publishes no cap."""
        del stage
        return None

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Creates one prediction, which the service stops by itself after a time."""
        del folder
        path, body = await self._request(call)
        try:
            answer = await self._http.request("POST", path, json=body, headers=_deadline(call))
        except ResultExpired as error:
            raise Rejected(NAME, f"{call.model} can't be called: {error.message}") from error
        found = document(answer)
        if not re.fullmatch(r"[\w-]+", str(found.get("id", ""))):
            raise OutcomeUnknown(NAME, "the answer to a create names no job")
        return Accepted(str(found["id"]), expires(found))

    async def _request(self, call: Call) -> tuple[str, dict[str, Any]]:
        """Path and body; what ``prepare`` has found out already isn't asked again."""
        try:
            version, given = await self._version(call), await self._with_files(sent(call.body), call)
        except (OutcomeUnknown, ResultExpired) as error:
            raise NotSent(NAME, f"nothing was sent: {error.message}") from error
        if version is None:
            return f"/v1/models/{call.model}/predictions", {"input": given}
        return "/v1/predictions", {"version": version, "input": given}

    async def _version(self, call: Call) -> str | None:
        """What to call a model by; None for an official one, which goes by its name."""
        name, _, version = call.model.partition(":")
        entry = listed(call.stage, name)
        if version or (entry and entry.official):
            return version or None
        return (await self._models.known(call.model)).version

    async def _with_files(self, value: Any, call: Call) -> Any:
        """A body with the addresses of its files."""
        if is_file(value):
            return await self._files.address(call.file(value))
        if isinstance(value, Mapping):
            return {name: await self._with_files(item, call) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [await self._with_files(item, call) for item in value]
        return value

    def _check_sizes(self, call: Call) -> None:
        entry = listed(call.stage, call.model)
        for name, most in (entry.largest if entry else {}).items():
            value = call.body.get(name)
            if not isinstance(value, Mapping) or not is_file(value):
                continue
            size = call.file(value).path.stat().st_size
            if size > most:
                message = f"{call.model}: {name} has {size / 1e6:.1f} MB; expected up to {most / 1e6:.0f} MB"
                raise Rejected(NAME, message, hint="make the scene shorter")

    async def poll(self, handle: JobHandle) -> Finished | None:
        """The prediction's state."""
        found = await self._get(handle)
        if not is_done(found, _minutes(handle.stage, handle.model)):
            return None
        return Finished(usage(found), expires(found))

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Downloads what a prediction made; a transcript is its output itself."""
        found = output(await self._get(handle), handle.job)
        if handle.stage == "transcribe":
            return transcript(found, handle.body.get(WRITTEN))
        name, kind = _RESULTS[handle.stage]
        return {name: await self._downloads.fetch(address(found, handle.job), folder, name, kind)}

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Predictions of this model with these inputs and files, newest first."""
        return await Search(self._http, self._files, call, since, claimed).found()

    async def cancel(self, handle: JobHandle) -> None:
        """Stops a prediction; Rejected when it has ended already."""
        found = document(await self._http.request("POST", f"{_path(handle)}/cancel"))
        if found.get("status") in ("succeeded", "failed", "aborted"):
            raise Rejected(NAME, f"job {handle.job} has ended already: {found['status']}")

    async def check(self) -> str:
        """The account's name, through the SDK over a transport that neither retries nor garbles errors."""
        from replicate.client import Client

        transport = _Classifying(self._classified)
        sdk = Client(api_token=self._token, base_url=self._base, transport=transport, trust_env=False)
        try:
            account = await sdk.accounts.async_current()
        except httpx.TransportError as error:
            raise trouble(NAME, error) from None
        except ValueError as error:
            raise OutcomeUnknown(NAME, "the account could not be read") from error
        finally:
            await transport.aclose()
        return str(account.username)

    async def close(self) -> None:
        """Closes connections."""
        await self._http.close()
        await self._downloads.close()

    async def _get(self, handle: JobHandle) -> Mapping[str, Any]:
        return document(await self._http.request("GET", _path(handle)))


def _path(handle: JobHandle) -> str:
    return f"/v1/predictions/{quote(handle.job, safe='')}"


def _minutes(stage: str, model: str) -> int:
    entry = listed(stage, model)
    return entry.minutes if entry else LONGEST_RUN


def _deadline(call: Call) -> dict[str, str]:
    """A job that nobody fetches any more must not run, and cost, for ever."""
    return {"Cancel-After": f"{_minutes(call.stage, call.model)}m"}


class _Classifying(httpx.AsyncHTTPTransport):
    """Raises what an error answer means, before the SDK sends again or loses the reason."""

    def __init__(self, classify: Classify) -> None:
        super().__init__()
        self._classify = classify

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        response = await super().handle_async_request(request)
        if response.is_success:
            return response
        content = await response.aread()
        await response.aclose()
        raise self._classify(Answer(response.status_code, dict(response.headers), content))

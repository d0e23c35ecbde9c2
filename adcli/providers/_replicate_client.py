"""Replicate's HTTP API; says of every failure what it means for the money."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from adcli.errors import (
    AdcliError,
    CredentialError,
    JobFailed,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    ResultExpired,
)
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.registry import ProviderSpec
from adcli.work import Artifact, File

DEFAULT_BASE = "https://api.replicate.com"
KEPT = timedelta(hours=1)
"""Replicate deletes inputs and outputs of API predictions after an hour (docs: data retention)."""
INLINE = 256 * 1024
"""Bytes up to which the API reference recommends data URIs."""
LARGEST = 64 << 20
SENDING = timedelta(minutes=5)
"""From the start of the search: a call sent 2 min later has surely arrived, or timed out, by then."""
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_MAGIC = {
    b"\x89PNG": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
    b"RIFF": ("webp", "image/webp"),
}
_ENDED_BADLY = {"failed", "canceled", "aborted"}


class ReplicateClient:
    """A ``PaidClient``. The token is sent to the service's own host only."""

    def __init__(self, spec: ProviderSpec, environ: Mapping[str, str]) -> None:
        token = environ.get("REPLICATE_API_TOKEN")
        if not token:
            raise CredentialError(
                "replicate", "REPLICATE_API_TOKEN is not set", hint="export it, or use --draft"
            )
        self.spec = spec
        self._token = token
        self._base = checked_base(environ.get("REPLICATE_BASE_URL") or DEFAULT_BASE)
        self._http = httpx.AsyncClient(
            base_url=self._base,
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )
        self._downloads = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)

    def endpoint(self, call: Call) -> str:
        """The service's address: a job is only ever asked for at the one it was sent to."""
        del call
        return self._base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Nothing yet."""

    async def prepare(self, call: Call) -> None:
        """Nothing yet."""

    async def at_once(self, stage: str) -> int | None:
        """None: Replicate publishes no cap."""
        del stage
        return None

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Creates one prediction."""
        del folder
        name, _, version = call.model.partition(":")
        body: dict[str, Any] = {"input": {k: await self._value(v, call) for k, v in call.body.items()}}
        path = f"/v1/models/{name}/predictions"
        if version:
            path, body = "/v1/predictions", body | {"version": version}
        response = await self._request("POST", path, json=body, paid=True)
        try:
            found = _object(response)
            return Accepted(str(found["id"]), _expires(found))
        except (ValueError, KeyError, TypeError) as error:
            raise OutcomeUnknown("replicate", "the answer to a create could not be read") from error

    async def poll(self, handle: JobHandle) -> Finished | None:
        """The prediction's state."""
        found = await self._get(handle)
        status = found.get("status")
        if status in _ENDED_BADLY:
            message = str(found.get("error") or status)
            permanent = "E1" not in message[:2] and not re.search(r"\bE1\d{3}\b", message)
            hint = "change the prompt: it was flagged" if "(E005)" in message else None
            raise JobFailed("replicate", message, permanent=permanent, hint=hint)
        return Finished(expires=_expires(found)) if status == "succeeded" else None

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Downloads the picture of a prediction."""
        found = await self._get(handle)
        output = found.get("output")
        url = output[0] if isinstance(output, list) and output else output
        if not isinstance(url, str) or found.get("data_removed"):
            raise ResultExpired("replicate", f"the output of {handle.job} is gone")
        data = await self._download(url)
        kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
        if kind is None:
            raise OutcomeUnknown("replicate", f"the output of {handle.job} is not a picture")
        path = folder / f"image.{kind[0]}"
        await asyncio.to_thread(path.write_bytes, data)
        return {"image": File(path, kind[1])}

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Predictions of this model and input, newest first, created since then and not yet claimed.

        One whose input is deleted by now may be it too, if it was created when the call was sent.
        """
        found: list[Accepted] = []
        page: str | None = "/v1/predictions"
        while page:
            answer = _object(await self._request("GET", page))
            for row in answer.get("results", []):
                created = datetime.fromisoformat(row["created_at"])
                if created < since:
                    return tuple(found)
                forgotten = _is_forgotten(row, call) and created < since + SENDING
                if row["id"] not in claimed and (forgotten or _is_same(row, call)):
                    found.append(Accepted(row["id"], _expires(row)))
            page = self._next(answer.get("next"))
        return tuple(found)

    def _next(self, url: str | None) -> str | None:
        if not url:
            return None
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    async def cancel(self, handle: JobHandle) -> None:
        """Stops a prediction."""
        await self._request("POST", f"/v1/predictions/{handle.job}/cancel")

    async def check(self) -> str:
        """The account's name, through the SDK."""
        from replicate.client import Client
        from replicate.exceptions import ReplicateError

        sdk = Client(api_token=self._token, base_url=self._base)
        try:
            account = await sdk.accounts.async_current()
        except httpx.TransportError as error:
            raise NotSent("replicate", f"{self._base} can't be reached: {type(error).__name__}") from None
        except ReplicateError as error:
            if error.status not in (401, 403):
                raise OutcomeUnknown("replicate", f"the service answered {error.status}") from None
            raise CredentialError("replicate", f"REPLICATE_API_TOKEN was refused: {error.detail}") from None
        finally:
            await sdk._async_client.aclose()  # the SDK has no way to close it
        return str(account.username)

    async def close(self) -> None:
        """Closes connections."""
        await self._http.aclose()
        await self._downloads.aclose()

    async def _get(self, handle: JobHandle) -> dict[str, Any]:
        return _object(await self._request("GET", f"/v1/predictions/{handle.job}"))

    async def _request(
        self, method: str, path: str, *, json: Any = None, paid: bool = False
    ) -> httpx.Response:
        try:
            response = await self._http.request(method, path, json=json)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSent("replicate", f"{self._base} can't be reached: {type(error).__name__}") from error
        except httpx.RequestError as error:
            raise OutcomeUnknown("replicate", f"no answer: {type(error).__name__}") from error
        if response.is_success:
            return response
        raise classified(response, paid=paid)

    async def _value(self, value: Any, call: Call) -> Any:
        if isinstance(value, Mapping) and value.keys() & {"$input", "$asset"}:
            found = call.assets[value["$asset"]] if "$asset" in value else call.inputs[value["$input"]]
            assert found is not None
            return await self._sent(found)
        if isinstance(value, list):
            return [await self._value(item, call) for item in value]
        return value

    async def _sent(self, found: Artifact) -> str:
        """A file as the API takes it: inline when small, else uploaded (uploads are free)."""
        data = await asyncio.to_thread(found.path.read_bytes)
        if len(data) <= INLINE:
            return f"data:{found.media_type};base64,{base64.b64encode(data).decode()}"
        files = {"content": (found.sha256[:16], data, found.media_type)}
        try:
            response = await self._http.post("/v1/files", files=files)
        except httpx.TransportError as error:
            raise NotSent("replicate", f"a file could not be uploaded: {type(error).__name__}") from error
        if not response.is_success:
            raise NotSent("replicate", f"a file could not be uploaded: {response.status_code}")
        return str(response.json()["urls"]["get"])

    async def _download(self, url: str) -> bytes:
        parts, own = urlsplit(url), urlsplit(self._base)
        if parts.scheme != "https" and parts.netloc != own.netloc:
            raise ResultExpired("replicate", "the output's address is neither https nor the service's own")
        data = bytearray()
        try:
            async with self._downloads.stream("GET", url) as response:
                if response.status_code in (404, 410):
                    raise ResultExpired("replicate", "the output's file is gone")
                if not response.is_success:
                    raise OutcomeUnknown("replicate", f"download answered {response.status_code}")
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > LARGEST:
                        raise OutcomeUnknown("replicate", f"the output is larger than {LARGEST >> 20} MB")
        except httpx.RequestError as error:
            raise OutcomeUnknown("replicate", f"the download broke off: {type(error).__name__}") from error
        return bytes(data)


def checked_base(url: str) -> str:
    """A base URL without its final slash; plain http only towards this machine."""
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    ):
        return parts.geturl()
    raise CredentialError("replicate", "REPLICATE_BASE_URL must be https, or http on a loopback address")


def classified(response: httpx.Response, *, paid: bool) -> AdcliError:
    """What an error answer says; the body's text is kept, headers never are."""
    status, found = response.status_code, _body(response)
    detail = str(found.get("detail") or found.get("title") or f"HTTP {status}")
    match status:
        case 401 | 403:
            return CredentialError("replicate", f"REPLICATE_API_TOKEN was refused: {detail}")
        case 402:
            return CredentialError("replicate", detail, hint="add credit to the account, then run again")
        case 429:
            return RateLimited("replicate", detail, retry_after=_retry_after(response, found, detail))
        case _ if status >= 500:
            return OutcomeUnknown("replicate", f"the service answered {status}")
        case 404 if not paid:
            return ResultExpired("replicate", detail)
        case _:
            return Rejected("replicate", detail)


def _body(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _retry_after(response: httpx.Response, found: Mapping[str, Any], detail: str) -> float | None:
    written = found.get("retry_after") or response.headers.get("retry-after")
    match = re.search(r"resets in ~?(\d+)s", detail)
    try:
        return float(written) if written is not None else float(match.group(1)) if match else None
    except ValueError:
        return None


def _expires(prediction: Mapping[str, Any]) -> str | None:
    ended = prediction.get("completed_at")
    if not ended:
        return None
    return (datetime.fromisoformat(ended).astimezone(UTC) + KEPT).isoformat()


def _is_forgotten(row: Mapping[str, Any], call: Call) -> bool:
    """A job of that model whose input the service has deleted: it can't be told from others."""
    name, _, version = call.model.partition(":")
    same = row.get("model") == name or bool(version and row.get("version") == version)
    return same and (bool(row.get("data_removed")) or not row.get("input"))


def _object(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; a proxy's page in its place says nothing about the job."""
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise OutcomeUnknown("replicate", "an answer could not be read")
    return found


def _is_same(row: Mapping[str, Any], call: Call) -> bool:
    """Same model, and the same plain inputs: files may come back under another address."""
    name, _, version = call.model.partition(":")
    if row.get("model") != name and (not version or row.get("version") != version):
        return False
    sent, listed = call.body, row.get("input") or {}
    plain = {key: value for key, value in sent.items() if isinstance(value, str | int | float | bool)}
    return all(listed.get(key) == value for key, value in plain.items())

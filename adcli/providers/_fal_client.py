"""fal's queue, history, price list and storage; says of every failure what it means for the money."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adcli.errors import (
    AdcliError,
    CredentialError,
    OutcomeUnknown,
    Rejected,
    ResultExpired,
)
from adcli.providers._base import Accepted, Call, Finished, JobHandle, Usage
from adcli.providers._download import Downloads, Kind
from adcli.providers._fal_answers import Classifier, kinds_of
from adcli.providers._fal_history import History
from adcli.providers._fal_schema import check_body
from adcli.providers._fal_storage import TOKEN, Storage
from adcli.providers._http import Answer, Http, base_url, key
from adcli.providers._quote import sentences
from adcli.registry import ProviderSpec
from adcli.work import File

KEPT, KEPT_LARGE = timedelta(hours=1), timedelta(minutes=6)
"""How long a result can be asked for (docs: queue, result); the shorter where its JSON has 10 KB or more."""
LARGE = 10 * 1024
_MODEL = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[\w.-]+(/[\w.-]+)+", re.ASCII)
_JOB = re.compile(r"[\w-]{1,128}", re.ASCII)
_NAMESPACES = ("workflows", "comfy")
_NOBODYS = "/fal-ai/flux/requests/00000000-0000-0000-0000-000000000000"
"""A request that nobody has made: asking for it shows whether the queue answers."""
_OUTPUTS = {
    "animate": ("clip", Kind.VIDEO, ("video", "videos")),
    "lipsync": ("clip", Kind.VIDEO, ("video", "videos")),
}
"""By stage: what it makes, and where results hold it."""


class FalClient:
    """A ``PaidClient``. The key goes to the three hosts of fal's API only, never to those of files."""

    def __init__(self, spec: ProviderSpec, environ: Mapping[str, str]) -> None:
        secret = key("fal", environ, "FAL_KEY")
        headers = {"Authorization": f"Key {secret}"}
        queue = base_url("fal", environ, "FAL_QUEUE_BASE_URL", "https://queue.fal.run")
        api = base_url("fal", environ, "FAL_API_BASE_URL", "https://api.fal.ai")
        rest = base_url("fal", environ, "FAL_REST_BASE_URL", "https://rest.fal.ai")
        self.spec, self._said = spec, Classifier(secret)
        self._queue = Http("fal", queue, headers, self._said.refusal)
        self._jobs = Http("fal", queue, headers, self._said.of_job)
        self._results = Http("fal", queue, headers, self._said.of_result)
        self._api = Http("fal", api, headers, self._said.refusal)
        self._rest = Http("fal", rest, headers, self._said.refusal)
        self._storage = Storage(self._rest, self._said.refusal)
        self._history = History(self._api)
        self._downloads = Downloads("fal", queue, environ)
        self._schemas: dict[str, Mapping[str, Any] | None] = {}
        self._prices: dict[str, float | None] = {}

    def endpoint(self, call: Call) -> str:
        """The queue's address: a job is only ever asked for at the one it was sent to."""
        del call
        return self._queue.base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Checks model and fields against the schema that fal publishes."""
        del stage
        _check_model(model)
        if model not in self._schemas:
            self._schemas[model] = await self._schema(model)
        check_body(model, body, self._schemas[model])

    async def _schema(self, model: str) -> Mapping[str, Any] | None:
        query = {"endpoint_id": model, "expand": "openapi-3.0"}
        unknown = Rejected("fal", f"there is no model {model!r}", hint="see fal.ai/models for their ids")
        try:
            answer = await self._api.request("GET", "/v1/models", params=query)
        except Rejected:
            raise unknown from None
        models = answer.fields.get("models")
        if not isinstance(models, list):
            raise OutcomeUnknown("fal", "the list of models could not be read")
        known = (item for item in models if isinstance(item, Mapping))
        found = next((item for item in known if item.get("endpoint_id") == model), None)
        if found is None:
            raise unknown
        schema = found.get("openapi")
        return schema if isinstance(schema, Mapping) else None

    async def prepare(self, call: Call) -> None:
        """Uploads the files of a call."""
        await self._with_files(call)

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Puts one request into the queue."""
        del folder
        _check_model(call.model)
        body = await self._with_files(call)
        answer = await self._queue.request("POST", f"/{call.model}", json=body)
        job = answer.fields.get("request_id")
        if not isinstance(job, str) or not _JOB.fullmatch(job):
            raise OutcomeUnknown("fal", "the answer to a submit names no request")
        return Accepted(job)

    async def poll(self, handle: JobHandle) -> Finished | None:
        """The state of a request. fal has no word for "failed": only the result tells."""
        try:
            status = (await self._jobs.request("GET", f"{_path(handle)}/status")).fields
        except ResultExpired:
            return await self._from_history(handle)
        match status.get("status"):
            case "IN_QUEUE" | "IN_PROGRESS":
                return None
            case "COMPLETED":
                return await self._completed(handle, status)
            case other:
                raise OutcomeUnknown(
                    "fal", f"request {handle.job} is in a state that is not known: {other!r:.40}"
                )

    async def _completed(self, handle: JobHandle, status: Mapping[str, Any]) -> Finished | None:
        error, kinds = status.get("error"), kinds_of({}, status.get("error_type"))
        code = 500 if _is_fals_own(kinds) else 422
        try:
            answer = await self._result(handle)
        except OutcomeUnknown:
            if not error:
                raise
            raise self._said.failed(kinds, error, code) from None
        except ResultExpired:
            return await self._from_history(handle)
        if answer is None:
            return None
        if error:
            raise self._said.failed(kinds, error, code)
        kept = KEPT_LARGE if len(answer.content) >= LARGE else KEPT
        return Finished(await self._usage(handle, answer), (datetime.now(UTC) + kept).isoformat())

    async def _result(self, handle: JobHandle) -> Answer | None:
        """The answer that holds the result; None while fal says that the request is still on its way."""
        answer = await self._results.request("GET", _path(handle))
        return None if answer.status == 202 else answer

    async def _from_history(self, handle: JobHandle) -> Finished:
        """What the history of requests keeps after the queue has forgotten a request."""
        row = await self._remembered(handle)
        code = row.get("status_code")
        output = row.get("json_output")
        if isinstance(code, int) and code >= 400:
            body = output if isinstance(output, Mapping) else {}
            raise self._said.failed(kinds_of(body), sentences(body) or f"HTTP {code}", code)
        _address(handle, output)
        return Finished()

    async def _remembered(self, handle: JobHandle) -> Mapping[str, Any]:
        gone = ResultExpired("fal", f"the result of {handle.job} is gone")
        try:
            row = await self._history.request(handle.model, handle.job)
        except (CredentialError, Rejected):
            raise gone from None
        if row is None:
            raise gone
        return row

    async def _usage(self, handle: JobHandle, answer: Answer) -> Usage:
        """USD: the units that the result says were billed, at today's price of the model."""
        written = answer.headers.get("x-fal-billable-units", "")
        if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", written):
            return {}
        if handle.model not in self._prices:
            self._prices[handle.model] = await self._unit_price(handle.model)
        price = self._prices[handle.model]
        return {} if price is None else {"usd": round(float(written) * price, 6)}

    async def _unit_price(self, model: str) -> float | None:
        """USD per billed unit; None where the price list doesn't say: a job isn't held up for that."""
        try:
            answer = await self._api.request("GET", "/v1/models/pricing", params={"endpoint_id": model})
        except AdcliError:
            return None
        listed = answer.fields.get("prices")
        rows = [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []
        own = (row for row in rows if row.get("endpoint_id") == model and row.get("currency") == "USD")
        return next((_usd(row.get("unit_price")) for row in own), None)

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Downloads what a request has made."""
        name, kind, _ = _OUTPUTS[handle.stage]
        try:
            answer = await self._result(handle)
            if answer is None:
                raise OutcomeUnknown("fal", f"request {handle.job} is still on its way")
            url = _address(handle, answer.fields)
        except ResultExpired:
            url = _address(handle, (await self._remembered(handle)).get("json_output"))
        return {name: await self._downloads.fetch(url, folder, name, kind)}

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Requests to this model with this input, sent since then; one is listed once it has ended."""
        try:
            return await self._history.find(call, since, claimed)
        except CredentialError as error:
            hint = "give it a key that may list requests, or look at fal.ai/dashboard and: adcli jobs resolve"
            raise CredentialError("fal", f"a lost call can't be looked up: {error}", hint=hint) from None

    async def cancel(self, handle: JobHandle) -> None:
        """Asks fal to drop a request, or to tell its runner to stop."""
        answer = await self._jobs.request("PUT", f"{_path(handle)}/cancel")
        if answer.fields.get("status") in ("ALREADY_COMPLETED", "NOT_FOUND"):
            raise Rejected("fal", f"request {handle.job} can't be cancelled: it has ended")

    async def check(self) -> str:
        """What is left on the account, where the key may see it; a free look proves the key."""
        with contextlib.suppress(ResultExpired, Rejected):
            await self._jobs.request("GET", f"{_NOBODYS}/status")
        try:
            await self._history.look()
        except CredentialError as error:
            await self._rest.request("POST", TOKEN, json={})
            return f"which may not list requests, so a lost call can't be looked up: {error}"
        try:
            answer = await self._api.request("GET", "/v1/account/billing", params={"expand": "credits"})
        except (CredentialError, Rejected):
            return "fal"
        credit = answer.fields.get("credits")
        left = credit.get("current_balance") if isinstance(credit, Mapping) else None
        return f"${left:.2f} left" if isinstance(left, int | float) else "fal"

    async def at_once(self, stage: str) -> int | None:
        """None: what is above an account's concurrency waits in fal's queue and is never refused."""
        del stage
        return None

    async def close(self) -> None:
        """Closes connections."""
        for http in (
            self._queue,
            self._jobs,
            self._results,
            self._api,
            self._rest,
            self._storage,
            self._downloads,
        ):
            await http.close()

    async def _with_files(self, call: Call) -> dict[str, Any]:
        return {name: await self._sent(value, call) for name, value in call.body.items()}

    async def _sent(self, value: Any, call: Call) -> Any:
        if isinstance(value, Mapping) and value.keys() & {"$input", "$asset"}:
            return await self._storage.address(call.file(value))
        if isinstance(value, list | tuple):
            return [await self._sent(item, call) for item in value]
        return value


def _check_model(model: str) -> None:
    if not _MODEL.fullmatch(model):
        raise Rejected("fal", f"{model!r} is no model id; expected one such as fal-ai/sync-lipsync/v2")


def _path(handle: JobHandle) -> str:
    """Of a request: below its model's owner and app alone, however long the model's id is."""
    _check_model(handle.model)
    parts = handle.model.split("/")
    app = parts[: 3 if parts[0] in _NAMESPACES else 2]
    if not _JOB.fullmatch(handle.job):
        raise ResultExpired("fal", f"{handle.job!r} is no request id of fal's")
    return f"/{'/'.join(app)}/requests/{handle.job}"


def _address(handle: JobHandle, output: Any) -> str:
    """The address of the file that a stage wants from a result."""
    name, _, places = _OUTPUTS[handle.stage]
    for place in places:
        found = output.get(place) if isinstance(output, Mapping) else None
        first = found[0] if isinstance(found, list) and found else found
        url = first.get("url") if isinstance(first, Mapping) else first
        if isinstance(url, str) and url:
            return url
    raise ResultExpired("fal", f"the result of {handle.job} holds no {name}")


def _usd(value: object) -> float | None:
    """A price; None for what can't be one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10_000:
        return None
    return float(value)


def _is_fals_own(kinds: tuple[str, ...]) -> bool:
    """Failures of fal's machines rather than of the input (docs: request errors)."""
    return any(kind.startswith(("runner_", "startup_", "request_timeout", "internal_")) for kind in kinds)

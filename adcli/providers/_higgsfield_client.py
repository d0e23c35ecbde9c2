"""Higgsfield's HTTP API; says of every failure what it means for the money.

A submit carries the attempt's name as its idempotency key: the same key with the same body gives
the request that there is, and no second charge (docs.higgsfield.ai: idempotent requests).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adcli.errors import (
    AdcliError,
    CredentialError,
    Held,
    JobFailed,
    NotSent,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
    ResultExpired,
)
from adcli.keys import canonical
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._download import Downloads, Kind
from adcli.providers._http import Answer, Http, base_url, key, retry_after
from adcli.providers._quote import quote, sentences
from adcli.registry import ProviderSpec
from adcli.work import File

AT_ONCE = 4
"""Requests that may wait or run at one time where the account has no other limit (docs: rate limits)."""
_MODEL = re.compile(r"(?!.*(?:^|/)\.{1,2}(?:/|$))[\w.-]+(/[\w.-]+)+", re.ASCII)
_JOB = re.compile(r"[\w-]{1,128}", re.ASCII)
_LOOK = "higgsfield-ai/soul/standard"
"""The model whose price is asked for to prove the credential."""


class HiggsfieldClient:
    """A ``PaidClient``. The key is sent to the service's own host only."""

    def __init__(self, spec: ProviderSpec, environ: Mapping[str, str]) -> None:
        base = base_url("higgsfield", environ, "HIGGSFIELD_BASE_URL", "https://api.higgsfield.ai")
        secret, names = _credential(environ)
        headers = {"Authorization": f"Key {secret}", "Content-Type": "application/json"}
        said = Classifier(secret, names)
        self.spec = spec
        self._http = Http("higgsfield", base, headers, said.refusal)
        self._jobs = Http("higgsfield", base, headers, said.of_job)
        self._said = said
        self._downloads = Downloads("higgsfield", base, environ)
        self._estimates: dict[bytes, float] = {}

    def endpoint(self, call: Call) -> str:
        """The service's address: a job is only ever asked for at the one it was sent to."""
        del call
        return self._http.base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Asks for the price of such a call: the service checks model and fields for that, too."""
        del stage
        await self._estimate(model, {name: _plain(value) for name, value in body.items()})

    async def prepare(self, call: Call) -> None:
        """Asks what the call will cost: nothing else at this service tells. No answer doesn't stop it."""
        sent = canonical(dict(call.body))
        if sent not in self._estimates:
            try:
                usd = await self._estimate(call.model, call.body)
            except (OutcomeUnknown, RateLimited, NotSent):
                return
            if usd is None:
                return
            self._estimates[sent] = usd
        if call.max_usd is not None and self._estimates[sent] > call.max_usd:
            now = f"{call.model} costs ${self._estimates[sent]:g} now"
            told = f"{now}, and the plan counts on ${call.max_usd:g}"
            raise Rejected("higgsfield", told, hint="give today's price under prices: and plan again")

    async def _estimate(self, model: str, body: Mapping[str, Any]) -> float | None:
        """USD that the account would pay for a call; None when the answer doesn't say."""
        _check_model(model)
        answer = await self._http.request("POST", f"/estimate/{model}", content=canonical(dict(body)))
        try:
            usd = float(str(answer.fields.get("usd")))
        except ValueError:
            return None
        return usd if 0 <= usd < 10_000 else None

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Asks for one generation under the attempt's own key, in a form that is always the same bytes."""
        del folder
        _check_model(call.model)
        sent = canonical(dict(call.body))
        headers = {"Idempotency-Key": call.ref}
        answer = await self._http.request("POST", f"/{call.model}", content=sent, headers=headers)
        job = answer.fields.get("request_id")
        if not isinstance(job, str) or not _JOB.fullmatch(job):
            raise OutcomeUnknown("higgsfield", "the answer to a submit names no request")
        usage = {"usd": self._estimates[sent]} if sent in self._estimates else {}
        return Accepted(job, _expiry(answer.fields), usage=usage)

    async def poll(self, handle: JobHandle) -> Finished | None:
        """The state of a request."""
        found = await self._status(handle)
        match found.get("status"):
            case "queued" | "in_progress":
                return None
            case "completed":
                return Finished(expires=_expiry(found))
            case "failed" | "nsfw" | "canceled" as ended:
                raise self._said.failed(ended, found.get("error") or found.get("detail"))
            case other:
                told = f"request {handle.job} is in a state that is not known: {str(other)[:40]!r}"
                raise OutcomeUnknown("higgsfield", told)

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Downloads the picture of a request, the first where there are four."""
        images = (await self._status(handle)).get("images")
        first = images[0] if isinstance(images, list) and images else None
        url = first.get("url") if isinstance(first, Mapping) else None
        if not isinstance(url, str):
            raise ResultExpired("higgsfield", f"the result of {handle.job} holds no picture")
        return {"image": await self._downloads.fetch(url, folder, "image", Kind.IMAGE)}

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Never asked: there is no list, and a lost call is sent again with its key."""
        del call, since, claimed
        raise Rejected("higgsfield", "its requests can't be listed")

    async def cancel(self, handle: JobHandle) -> None:
        """Cancels a request that still waits; Rejected once it has started."""
        await self._jobs.request("POST", f"{_path(handle)}/cancel")

    async def check(self) -> str:
        """What a picture costs: asking for it is free and proves the credential."""
        body = {"prompt": "a glass of water", "resolution": "1080p", "batch_size": 1}
        usd = await self._estimate(_LOOK, body)
        return "higgsfield" if usd is None else f"whose price of a Soul picture is ${usd:g}"

    async def at_once(self, stage: str) -> int | None:
        """The documented limit: an account's own is only shown on its dashboard."""
        del stage
        return AT_ONCE

    async def close(self) -> None:
        """Closes connections."""
        for http in (self._http, self._jobs, self._downloads):
            await http.close()

    async def _status(self, handle: JobHandle) -> Mapping[str, Any]:
        return (await self._jobs.request("GET", f"{_path(handle)}/status")).fields


@dataclass(frozen=True, slots=True)
class Classifier:
    """What error answers mean (docs: errors, rate limits). ``secret`` is kept out of every word."""

    secret: str = field(repr=False)
    names: str

    def refusal(self, answer: Answer) -> AdcliError:
        """Of a submit, or of a free request."""
        said = self._said(answer.fields) or f"HTTP {answer.status}"
        match answer.status:
            case status if answer.is_unclear or status in (408, 409):
                return OutcomeUnknown("higgsfield", f"the service answered {status}")
            case 400 | 429 if answer.status == 429 or "concurrent" in said.lower():
                hint = "limits: {higgsfield: {concurrency: …}} keeps below it"
                return RateLimited("higgsfield", said, retry_after=retry_after(answer), hint=hint)
            case 401:
                return CredentialError("higgsfield", f"{self.names} was refused: {said}")
            case 402 | 403:
                return OutOfCredit(
                    "higgsfield", said, hint="add credits at console.higgsfield.ai, then run again"
                )
            case 404:
                return Rejected(
                    "higgsfield", f"there is no such model: {said}", hint="see docs.higgsfield.ai/docs/models"
                )
            case 422 if "idempoten" in said.lower():
                return _other_body(said)
            case 423:
                return Rejected(
                    "higgsfield", f"the model is blocked for this account: {said}", hint="use another model"
                )
            case _:
                return Rejected("higgsfield", said)

    def of_job(self, answer: Answer) -> AdcliError:
        """Of a question about a request."""
        if answer.status == 404:
            return ResultExpired(
                "higgsfield", f"the service no longer knows the request: {self._said(answer.fields)}"
            )
        return self.refusal(answer)

    def failed(self, ended: str, said: object) -> JobFailed:
        """A request that ended without a picture: never charged, or refunded (docs: billing)."""
        words = quote(said or ended, (self.secret,))
        match ended:
            case "nsfw":
                hint = "change the prompt: it, or the picture, was flagged"
                return JobFailed("higgsfield", f"moderation: {words}", billed=False, hint=hint)
            case "canceled":
                hint = "it was cancelled; --retry-failed sends it again"
                return JobFailed("higgsfield", words, billed=False, hint=hint)
            case _:
                return JobFailed("higgsfield", words, permanent=False, billed=False)

    def _said(self, body: Mapping[str, Any]) -> str:
        return quote(sentences(body), (self.secret,))


def _other_body(said: str) -> Held:
    """The key stands for another call that was accepted once: only a person can say what became of it."""
    return Held(
        f"higgsfield has taken a call of that name with another body: {said}",
        hint="look at console.higgsfield.ai, then: adcli jobs resolve",
    )


def _credential(environ: Mapping[str, str]) -> tuple[str, str]:
    """``id:secret`` and the names of the variables that hold it."""
    if environ.get("HF_KEY") or not (environ.get("HF_API_KEY") and environ.get("HF_API_SECRET")):
        found = key("higgsfield", environ, "HF_KEY")
        if not re.fullmatch(r"[^:]+:[^:]+", found):
            raise CredentialError("higgsfield", "HF_KEY is not of the form id:secret")
        return found, "HF_KEY"
    parts = (key("higgsfield", environ, name) for name in ("HF_API_KEY", "HF_API_SECRET"))
    return ":".join(parts), "HF_API_KEY with HF_API_SECRET"


def _check_model(model: str) -> None:
    if not _MODEL.fullmatch(model):
        told = f"{model!r} is no model id; expected one such as {_LOOK}"
        raise Rejected("higgsfield", told)


def _path(handle: JobHandle) -> str:
    if not _JOB.fullmatch(handle.job):
        raise ResultExpired("higgsfield", f"{handle.job!r} is no request id of higgsfield's")
    return f"/requests/{handle.job}"


def _plain(value: Any) -> Any:
    """A value as it may be sent before texts are known."""
    return "a placeholder" if isinstance(value, Mapping) else value


def _expiry(found: Mapping[str, Any]) -> str | None:
    """When outputs go, if the answer says so."""
    try:
        moment = datetime.fromisoformat(str(found.get("expires_at")))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return None

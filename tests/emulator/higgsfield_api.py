"""Higgsfield's HTTP API: generations under idempotency keys, estimates, requests, pictures."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator.faults import Fault
from tests.emulator.jobs import Life, Status, job_id, written
from tests.emulator.pictures import draw
from tests.emulator.service import Service
from tests.emulator.world import CANARY, World

KEY = f"{CANARY}-hf-id:{CANARY}-hf-secret"
_AT_ONCE = 4
_FILES_LIVE = 168
"""Results are kept for that many times as long as Replicate's: 7 days against an hour."""
_MODELS = {
    "higgsfield-ai/soul/standard": {"style_strength"},
    "higgsfield-ai/soul/v2/standard": set[str](),
}
_BLOCKED = frozenset({"higgsfield-ai/soul/cinema"})
_RATIOS = {
    "9:16": (9, 16),
    "16:9": (16, 9),
    "4:3": (4, 3),
    "3:4": (3, 4),
    "1:1": (1, 1),
    "2:3": (2, 3),
    "3:2": (3, 2),
}
_USD = {"720p": 0.094, "1080p": 0.188}
_FIELDS = frozenset(
    {"prompt", "aspect_ratio", "resolution", "batch_size", "enhance_prompt", "style_id", "seed"}
)


@dataclass(kw_only=True)
class Job(Life):
    """One request."""

    model: str

    @property
    def state(self) -> str:
        """In the service's words."""
        if self.status is Status.FAILED:
            return "nsfw" if "flagged" in (self.error or "") else "failed"
        words = {Status.STARTING: "queued", Status.PROCESSING: "in_progress", Status.SUCCEEDED: "completed"}
        return words.get(self.status, "canceled")

    def file(self, name: str) -> bytes:
        """One of its pictures."""
        wide, high = _RATIOS[self.given.get("aspect_ratio", "4:3")]
        short = 1152 if self.given.get("resolution", "720p") == "1080p" else 864
        scale = short / min(wide, high)
        seed = f"{self.given['prompt']}\n{self.model}\n{name}\n{json.dumps(dict(self.given), sort_keys=True)}"
        return draw(seed, round(wide * scale), round(high * scale), "png")


class HiggsfieldApi(Service):
    """All routes over requests held in memory."""

    name = "higgsfield"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.jobs: dict[str, Job] = {}
        self.keys: dict[str, tuple[str, str]] = {}

    def routes(self) -> list[Route]:
        """Paths and methods, each under the name that faults and counts use."""
        table = [
            ("status", "GET", "/requests/{job}/status", self.status),
            ("cancel", "POST", "/requests/{job}/cancel", self.cancel),
            ("estimate", "POST", "/estimate/{model:path}", self.estimate),
            ("submit", "POST", "/{model:path}", self.submit),
        ]
        made = [
            Route(path, self.routed(name, handler), methods=[method]) for name, method, path, handler in table
        ]
        download = self.routed("download", self.download, public=True)
        return [Route("/files/{job}/{name}", download, methods=["GET"]), *made]

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Its base URL and a key."""
        return {"HIGGSFIELD_BASE_URL": url, "HF_KEY": KEY}

    def refused(self, request: Request) -> Response | None:
        """401 without the key."""
        if request.headers.get("authorization") == f"Key {KEY}":
            return None
        return JSONResponse({"detail": "Invalid credentials"}, 401)

    def failure(self, fault: Fault) -> Response:
        """400, 401, 403, 422, 423 and others in the service's words."""
        match fault.status:
            case 400 | 429:
                return _too_many(_AT_ONCE, fault.status)
            case 401:
                return JSONResponse({"detail": f"Invalid credentials: {KEY}"}, 401)
            case 402 | 403:
                return JSONResponse({"detail": "Not enough credits"}, fault.status)
            case 422:
                return _invalid("prompt", "Field required", "missing")
            case 423:
                return JSONResponse({"detail": "Model is blocked"}, 423)
            case status:
                return JSONResponse({"detail": f"HTTP {status}"}, status)

    async def submit(self, request: Request) -> Response:
        """A generation, or the one that its key already stands for."""
        given = _object(await request.body())
        key = request.headers.get("idempotency-key")
        if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
            return JSONResponse({"detail": "Idempotency-Key must be 1-255 visible ASCII characters"}, 400)
        model = request.path_params["model"]
        fingerprint = hashlib.sha256(json.dumps([model, given], sort_keys=True).encode()).hexdigest()
        if key in self.keys:
            before, known = self.keys[key]
            if before != fingerprint:
                told = "Idempotency-Key was already used with different request parameters"
                return JSONResponse({"detail": told}, 422)
            return JSONResponse(self._accepted(request, self.jobs[known]))
        if refusal := self._refusal(model, given):
            return refusal
        assert given is not None
        job = self._make(request, model, given)
        if key is not None:
            self.keys[key] = (fingerprint, job.id)
        return JSONResponse(self._accepted(request, job))

    def _refusal(self, model: str, given: Mapping[str, Any] | None) -> Response | None:
        """Why nothing is accepted: such a request doesn't consume its key."""
        if wrong := _wrong(model, given):
            return wrong
        limit = self.world.settings.at_once or _AT_ONCE
        if sum(not job.status.is_end for job in self.jobs.values()) >= limit:
            return _too_many(limit, 400)
        return None

    def _make(self, request: Request, model: str, given: Mapping[str, Any]) -> Job:
        created = self.world.now()
        identity = str(uuid.UUID(job_id(len(self.jobs) + 1, given)[:26].ljust(32, "0")))
        job = Job(id=identity, model=model, given=given, created=created, faults=request.state.faults)
        at = written(created) or ""
        self.world.ledger.charge(at=at, service="higgsfield", model=model, job=job.id, given=given)
        self.jobs[job.id] = job
        return job

    def _accepted(self, request: Request, job: Job) -> dict[str, Any]:
        own = f"{_host(request)}/requests/{job.id}"
        return {
            "status": job.state,
            "request_id": job.id,
            "status_url": f"{own}/status",
            "cancel_url": f"{own}/cancel",
        }

    async def estimate(self, request: Request) -> Response:
        """What a generation would cost; it checks the input as a generation does."""
        given = _object(await request.body())
        if wrong := _wrong(request.path_params["model"], given):
            return wrong
        assert given is not None
        usd = _USD[given.get("resolution", "720p")] * given.get("batch_size", 1)
        return JSONResponse({"credits": f"{usd / 0.0627:.3f}", "usd": f"{usd:.3f}"})

    async def status(self, request: Request) -> Response:
        """One request; each look counts as a poll."""
        job = self.jobs.get(request.path_params["job"])
        if job is None:
            return JSONResponse({"detail": "Request not found"}, 404)
        job.polls += 1
        job.advance(self.world.now(), self.world.settings.pace)
        found = self._accepted(request, job)
        if job.status is Status.SUCCEEDED:
            files = [
                f"{_host(request)}/files/{job.id}/{n}.png" for n in range(job.given.get("batch_size", 1))
            ]
            found["images"] = [{"url": url} for url in files]
            lives = self.world.settings.retention * _FILES_LIVE
            found["expires_at"] = written((job.completed or 0) + lives)
        return JSONResponse(found | ({"error": job.error} if job.error else {}))

    async def cancel(self, request: Request) -> Response:
        """Stops a request that has not started: 202 without a body, else 400."""
        job = self.jobs.get(request.path_params["job"])
        if job is None:
            return JSONResponse({"detail": "Request not found"}, 404)
        if job.status is not Status.STARTING:
            return JSONResponse({"detail": "Request has already started and can't be canceled"}, 400)
        job.end(Status.CANCELED, self.world.now())
        return Response(status_code=202)

    async def download(self, request: Request) -> Response:
        """A picture; open to everybody who knows its address."""
        self.world.tokens_sent_to_files += "authorization" in request.headers
        job, name = self.jobs.get(request.path_params["job"]), request.path_params["name"]
        lives = self.world.settings.retention * _FILES_LIVE
        if job is None or job.status is not Status.SUCCEEDED or job.is_removed(self.world.now(), lives):
            return Response("Not Found", 404, media_type="text/plain")
        return Response(await asyncio.to_thread(job.file, name), media_type="image/png")


def _wrong(model: str, given: Mapping[str, Any] | None) -> Response | None:
    if model in _BLOCKED:
        return JSONResponse({"detail": "Model is blocked"}, 423)
    if model not in _MODELS:
        return JSONResponse({"detail": "Model not found"}, 404)
    if given is None:
        return _invalid("body", "Input should be a valid dictionary", "dict_type")
    allowed: Mapping[str, Any] = {
        "aspect_ratio": _RATIOS,
        "resolution": _USD,
        "batch_size": (1, 4),
        "enhance_prompt": (True, False),
        "seed": range(1, 1_000_001),
    }
    if not isinstance(given.get("prompt"), str):
        return _invalid("prompt", "Field required", "missing")
    for name, value in given.items():
        if name not in _FIELDS | _MODELS[model]:
            return _invalid(name, "Extra inputs are not permitted", "extra_forbidden")
        if name in allowed and value not in allowed[name]:
            return _invalid(name, f"Input should be one of {list(allowed[name])[:7]}", "literal_error")
    return None


def _too_many(limit: int, status: int) -> Response:
    return JSONResponse(
        {"detail": f"Maximum number of concurrent requests ({limit}) has been reached"}, status
    )


def _invalid(name: str, message: str, kind: str) -> Response:
    return JSONResponse({"detail": [{"loc": ["body", name], "msg": message, "type": kind}]}, 422)


def _host(request: Request) -> str:
    return f"http://{request.headers['host']}/higgsfield"


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

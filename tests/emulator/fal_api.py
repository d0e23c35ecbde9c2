"""fal's HTTP APIs: the queue, the platform API, and the storage of files."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator.fal_jobs import Job, seconds_of
from tests.emulator.fal_models import MODELS
from tests.emulator.faults import Fault
from tests.emulator.jobs import Status, job_id, written
from tests.emulator.service import Service
from tests.emulator.world import CANARY, World

KEY = f"{CANARY}-fal-id:{CANARY}-fal-secret"
_LOCKED = "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
_TOKEN_LIVES = 600.0
_DAY = 86400.0


class FalApi(Service):
    """All routes over requests and files held in memory."""

    name = "fal"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.jobs: dict[str, Job] = {}
        self.uploads: dict[str, tuple[str, bytes]] = {}
        self.tokens: dict[str, float] = {}

    def routes(self) -> list[Route]:
        """Paths and methods, each under the name that faults and counts use."""
        own = "/queue/{app:path}/requests/{job}"
        table = [
            ("status", "GET", f"{own}/status", self.status),
            ("cancel", "PUT", f"{own}/cancel", self.cancel),
            ("result", "GET", own, self.result),
            ("submit", "POST", "/queue/{model:path}", self.submit),
            ("list", "GET", "/api/v1/models/requests/by-endpoint", self.listed),
            ("models", "GET", "/api/v1/models", self.models),
            ("pricing", "GET", "/api/v1/models/pricing", self.pricing),
            ("billing", "GET", "/api/v1/account/billing", self.billing),
            ("token", "POST", "/rest/storage/auth/token", self.token),
        ]
        made = [
            Route(path, self.routed(name, handler), methods=[method]) for name, method, path, handler in table
        ]
        upload = self.routed("upload", self.upload, public=True)
        download = self.routed("download", self.download, public=True)
        return [
            *made,
            Route("/cdn/files/upload", upload, methods=["POST"]),
            Route("/cdn/files/{folder}/{name}", download, methods=["GET"]),
        ]

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Its three base URLs and a key."""
        return {
            "FAL_KEY": KEY,
            "FAL_QUEUE_BASE_URL": f"{url}/queue",
            "FAL_API_BASE_URL": f"{url}/api",
            "FAL_REST_BASE_URL": f"{url}/rest",
        }

    def refused(self, request: Request) -> Response | None:
        """401 without the key, in words that repeat what was sent, as real ones do."""
        given = request.headers.get("authorization", "")
        if given == f"Key {KEY}":
            return None
        return JSONResponse({"detail": f"Authorization token={given.removeprefix('Key ')} is invalid"}, 401)

    def failure(self, fault: Fault) -> Response:
        """401, 403, 422, 429 and others in the service's words."""
        match fault.status:
            case 401:
                return JSONResponse({"detail": f"Authorization token={KEY} is invalid"}, 401)
            case 402 | 403:
                return JSONResponse({"detail": _LOCKED}, fault.status)
            case 422:
                item = {"loc": ["body", "prompt"], "msg": "Field required", "type": "missing", "input": {}}
                return JSONResponse({"detail": [item]}, 422)
            case 429:
                return JSONResponse({"detail": "Too many requests: concurrent_requests_limit"}, 429)
            case status:
                return JSONResponse({"detail": f"HTTP {status}"}, status)

    async def submit(self, request: Request) -> Response:
        """Into the queue: the input is only looked at by the runner."""
        model = MODELS.get(request.path_params["model"])
        if model is None:
            name = request.path_params["model"].partition("/")[2]
            return JSONResponse({"detail": f"Application '{name}' not found"}, 404)
        given = _object(await request.body())
        if given is None:
            return JSONResponse({"detail": "Invalid JSON"}, 400)
        created = self.world.now()
        identity = str(uuid.UUID(hashlib.md5(job_id(len(self.jobs) + 1, given).encode()).hexdigest()))
        job = Job(
            id=identity,
            model=model,
            given=given,
            created=created,
            faults=request.state.faults,
            lengths=await asyncio.to_thread(self._lengths, given),
        )
        at = written(created) or ""
        self.world.ledger.charge(at=at, service="fal", model=model.id, job=job.id, given=given)
        self.jobs[job.id] = job
        own = self._own(request, job)
        found = {"status": "IN_QUEUE", "request_id": job.id, "queue_position": 0, "response_url": own}
        answer = found | {
            "status_url": f"{own}/status",
            "cancel_url": f"{own}/cancel",
            "logs": None,
            "metrics": {},
        }
        return JSONResponse(answer, headers={"x-fal-request-id": job.id})

    def _lengths(self, given: Mapping[str, Any]) -> dict[str, float]:
        """Seconds of the uploaded files that an input names."""
        names = {key: value.rpartition("/")[2] for key, value in given.items() if isinstance(value, str)}
        files = {key: self.uploads[name][1] for key, name in names.items() if name in self.uploads}
        found = {key: seconds_of(data) for key, data in files.items()}
        return {key: seconds for key, seconds in found.items() if seconds}

    async def status(self, request: Request) -> Response:
        """202 while it waits or runs, 200 once it has ended, however it ended."""
        job = self._found(request)
        if job is None:
            return _missing()
        self._look_at(job)
        if not job.is_in_queue_store(self.world.now(), self.world.settings.retention):
            return _missing()
        return JSONResponse(job.state(self._own(request, job)), 200 if job.status.is_end else 202)

    async def result(self, request: Request) -> Response:
        """The model's own status code and body."""
        job = self._found(request)
        if job is None or not job.is_in_queue_store(self.world.now(), self.world.settings.retention):
            return _missing()
        if not job.status.is_end:
            return JSONResponse({"detail": "Request is still in progress"}, 400)
        trouble = job.trouble
        headers = {"x-fal-request-id": job.id}
        if trouble:
            headers |= {"x-fal-error-type": trouble.kind, "x-fal-retryable": str(trouble.retryable).lower()}
        else:
            headers["x-fal-billable-units"] = f"{job.units:.6f}".rstrip("0").rstrip(".")
        return JSONResponse(job.result(_files(request)), trouble.status if trouble else 200, headers)

    async def cancel(self, request: Request) -> Response:
        """Stops what has not ended."""
        job = self._found(request)
        if job is None:
            return JSONResponse({"status": "NOT_FOUND"}, 404)
        if job.status.is_end:
            return JSONResponse({"status": "ALREADY_COMPLETED"}, 400)
        job.end(Status.CANCELED, self.world.now())
        return JSONResponse({"status": "CANCELLATION_REQUESTED"}, 202)

    async def listed(self, request: Request) -> Response:
        """Requests that have ended, last first; looking at the list is a poll of all that still run."""
        query, now, retention = request.query_params, self.world.now(), self.world.settings.retention
        for job in self.jobs.values():
            self._look_at(job)
        wanted = query.getlist("endpoint_id")
        start = _moment(query.get("start"), now - (90 * _DAY if "request_id" in query else _DAY))
        found = [
            job
            for job in self.jobs.values()
            if job.completed is not None
            and job.model.id in wanted
            and query.get("request_id", job.id) == job.id
            and job.completed >= start
            and job.is_listed(now)
        ]
        found.sort(key=lambda job: job.completed or 0, reverse=True)
        size, page = int(query.get("limit", 50)), _page(query.get("cursor"))
        shown = found[(page - 1) * size : page * size]
        more = len(found) > page * size
        payloads = "payloads" in query.getlist("expand")
        items = [job.row(_files(request), now, retention, payloads=payloads) for job in shown]
        cursor = base64.b64encode(str(page + 1).encode()).decode() if more else None
        return JSONResponse({"items": items, "next_cursor": cursor, "has_more": more})

    async def models(self, request: Request) -> Response:
        """Endpoints by id, with their schemas."""
        wanted = request.query_params.getlist("endpoint_id")
        if any(name not in MODELS for name in wanted):
            return JSONResponse({"error": {"type": "not_found", "message": "Endpoint not found"}}, 404)
        full = "openapi-3.0" in request.query_params.getlist("expand")
        found = [
            {"endpoint_id": model.id, "metadata": {"status": "active", "category": model.makes}}
            | ({"openapi": model.openapi()} if full else {})
            for model in MODELS.values()
            if not wanted or model.id in wanted
        ]
        return JSONResponse({"models": found, "next_cursor": None, "has_more": False})

    async def pricing(self, request: Request) -> Response:
        """Price of a unit of each endpoint."""
        found = [
            {
                "endpoint_id": name,
                "unit_price": MODELS[name].unit_price,
                "unit": MODELS[name].unit,
                "currency": "USD",
            }
            for name in request.query_params.getlist("endpoint_id")
            if name in MODELS
        ]
        return JSONResponse({"prices": found, "next_cursor": None, "has_more": False}, 200 if found else 404)

    async def billing(self, request: Request) -> Response:
        """What is left."""
        del request
        return JSONResponse({"username": "emulator", "credits": {"current_balance": 24.5, "currency": "USD"}})

    async def token(self, request: Request) -> Response:
        """A token for the host that takes files."""
        made = f"{CANARY}-upload-{len(self.tokens)}"
        self.tokens[made] = self.world.now() + _TOKEN_LIVES
        answer = {"token": made, "token_type": "Bearer", "base_url": f"{_host(request)}/cdn"}
        return JSONResponse(answer | {"expires_at": written(self.tokens[made])})

    async def upload(self, request: Request) -> Response:
        """A file, kept under its own name with something before it."""
        given = request.headers.get("authorization", "")
        self.world.tokens_sent_to_files += KEY in given
        if self.tokens.get(given.removeprefix("Bearer "), 0) < self.world.now():
            return JSONResponse({"detail": "Unauthorized"}, 401)
        data = await request.body()
        name = f"{len(self.uploads):04d}_{request.headers.get('x-fal-file-name', 'file')}"
        self.uploads[name] = (request.headers.get("content-type", ""), data)
        return JSONResponse({"access_url": f"{_files(request)}/uploads/{name}"})

    async def download(self, request: Request) -> Response:
        """A result or an uploaded file; open to everybody who knows its address."""
        self.world.tokens_sent_to_files += "authorization" in request.headers
        folder, name = request.path_params["folder"], request.path_params["name"]
        if folder == "uploads" and name in self.uploads:
            media_type, data = self.uploads[name]
            return Response(data, media_type=media_type)
        job = self.jobs.get(folder)
        if job is None or job.status is not Status.SUCCEEDED or job.trouble:
            return Response("Not Found", 404, media_type="text/plain")
        if not job.is_kept(self.world.now(), self.world.settings.retention):
            return Response("Not Found", 404, media_type="text/plain")
        return Response(await asyncio.to_thread(job.file), media_type="video/mp4")

    def _found(self, request: Request) -> Job | None:
        """The request of a path, which has owner and app only: a longer one leads nowhere."""
        job = self.jobs.get(request.path_params["job"])
        return job if job and job.model.app == request.path_params["app"] else None

    def _look_at(self, job: Job) -> None:
        job.polls += 1
        job.advance(self.world.now(), self.world.settings.pace)

    def _own(self, request: Request, job: Job) -> str:
        return f"{_host(request)}/queue/{job.model.app}/requests/{job.id}"


def _host(request: Request) -> str:
    return f"http://{request.headers['host']}/fal"


def _files(request: Request) -> str:
    return f"{_host(request)}/cdn/files"


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _missing() -> Response:
    return JSONResponse({"detail": "Request not found"}, 404)


def _moment(written_as: str | None, usual: float) -> float:
    return datetime.fromisoformat(written_as).timestamp() if written_as else usual


def _page(cursor: str | None) -> int:
    return int(base64.b64decode(cursor)) if cursor else 1

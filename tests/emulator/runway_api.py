"""Runway's HTTP API: tasks, uploads, the organization."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator.elevenlabs_sound import form
from tests.emulator.faults import Fault
from tests.emulator.jobs import Status, job_id, written
from tests.emulator.runway_tasks import MODELS, VERSION, Task, picture_problem, pictures_of, settled
from tests.emulator.service import Service
from tests.emulator.world import CANARY, World

KEY = f"key_{CANARY}_runway"
AT_ONCE, DAILY = 5, 200
BALANCE = 5000
_MEDIA = {"mp4": "video/mp4", "png": "image/png"}
_NO_CREDITS = "You do not have enough credits to run this task."
_DAILY = "You have reached your daily limit for this model."


class RunwayApi(Service):
    """All routes over tasks and uploads held in memory."""

    name = "runway"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.jobs: dict[str, Task] = {}
        self.uploads: dict[str, bytes] = {}
        self.deleted: set[str] = set()

    def routes(self) -> list[Route]:
        """Paths and methods, each under the name that faults and counts use."""
        table = [
            ("create", "POST", "/v1/image_to_video", self.create),
            ("create", "POST", "/v1/text_to_image", self.create),
            ("task", "GET", "/v1/tasks/{job}", self.task),
            ("cancel", "DELETE", "/v1/tasks/{job}", self.cancel),
            ("organization", "GET", "/v1/organization", self.organization),
            ("upload", "POST", "/v1/uploads", self.start_upload),
        ]
        made = [
            Route(path, self.routed(name, handler), methods=[method]) for name, method, path, handler in table
        ]
        store = self.routed("store", self.store, public=True)
        download = self.routed("download", self.download, public=True)
        return [
            *made,
            Route("/bucket", store, methods=["POST"]),
            Route("/files/{job}/{issued}/{name}", download, methods=["GET"]),
        ]

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Its base URL and a key."""
        return {"RUNWAYML_BASE_URL": url, "RUNWAYML_API_SECRET": KEY}

    def refused(self, request: Request) -> Response | None:
        """401 without the key; 400 without the version of the API."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": "The API key you provided is not valid."}, 401)
        if request.headers.get("x-runway-version") != VERSION:
            return JSONResponse({"error": "The X-Runway-Version header is not valid."}, 400)
        return None

    def failure(self, fault: Fault) -> Response:
        """401, 402, 422, 429 and others in the service's words; 402 and 422 are 400 there."""
        match fault.status:
            case 401:
                return JSONResponse({"error": "The API key you provided is not valid."}, 401)
            case 402:
                return JSONResponse({"error": _NO_CREDITS}, 400)
            case 422:
                return _invalid("promptText", "Required")
            case 429:
                return JSONResponse({"error": _DAILY}, 429)
            case status:
                return JSONResponse({"error": f"HTTP {status}"}, status)

    async def create(self, request: Request) -> Response:
        """A task, once model, fields and pictures are good."""
        given = _object(await request.body())
        model = MODELS.get(str(given.get("model"))) if given is not None else None
        is_clip = request.url.path.endswith("image_to_video")
        if given is None or model is None or (model.makes == "clip") is not is_clip:
            return _invalid("model", "Invalid discriminator value")
        if problem := model.problem(given):
            return _invalid(*problem)
        for uri in pictures_of(given):
            if wrong := picture_problem(uri, self.uploads):
                return _invalid("promptImage" if is_clip else "referenceImages", wrong)
        plain = settled(given, self.uploads)
        name = hashlib.md5(job_id(len(self.jobs) + 1, plain).encode()).hexdigest()
        task = Task(
            id=str(uuid.UUID(name)),
            model=model,
            name=str(given["model"]),
            given=plain,
            created=self.world.now(),
            faults=request.state.faults,
        )
        told = {**plain, "prompt": given.get("promptText", "")}
        at = written(task.created) or ""
        self.world.ledger.charge(at=at, service=self.name, model=task.name, job=task.id, given=told)
        self.jobs[task.id] = task
        return JSONResponse({"id": task.id, "estimatedCost": {"credits": model.cost(plain)}})

    async def task(self, request: Request) -> Response:
        """A task's state: it waits while the account has as many running as it may."""
        task = self.jobs.get(request.path_params["job"])
        if task is None or task.id in self.deleted:
            return _missing()
        self._advance(task)
        return JSONResponse(task.document(f"{_base(request)}/files", self.world.now()))

    def _advance(self, task: Task) -> None:
        running = [other for other in self.jobs.values() if other.status is Status.PROCESSING]
        same = [other for other in running if other.name == task.name and other is not task]
        task.throttled = task.status is Status.STARTING and len(same) >= self._at_once
        if not task.throttled:
            task.polls += 1
            task.advance(self.world.now(), self.world.settings.pace)

    @property
    def _at_once(self) -> int:
        asked = self.world.settings.at_once
        return AT_ONCE if asked is None else asked

    async def cancel(self, request: Request) -> Response:
        """Stops a task, or deletes one that has ended, with what it made: then nobody knows it any more."""
        task = self.jobs.get(request.path_params["job"])
        if task is None or task.id in self.deleted:
            return _missing()
        task.end(Status.CANCELED, self.world.now())
        self.deleted.add(task.id)
        return Response(status_code=204)

    async def organization(self, request: Request) -> Response:
        """Credits, and how many tasks of each model may run."""
        del request
        limits = {"maxConcurrentGenerations": self._at_once, "maxDailyGenerations": DAILY}
        made = {name: sum(task.name == name for task in self.jobs.values()) for name in MODELS}
        spent = sum(task.model.cost(task.given) for task in self.jobs.values())
        return JSONResponse(
            {
                "creditBalance": BALANCE - spent,
                "tier": {"maxMonthlyCreditSpend": 10_000, "models": dict.fromkeys(MODELS, limits)},
                "usage": {"models": {name: {"dailyGenerations": count} for name, count in made.items()}},
            }
        )

    async def start_upload(self, request: Request) -> Response:
        """Where a file goes, and what it will be called."""
        given = _object(await request.body()) or {}
        if not given.get("filename") or given.get("type") != "ephemeral":
            return _invalid("filename", "Required")
        token = f"{len(self.uploads)}-{given['filename']}"
        return JSONResponse(
            {
                "uploadUrl": f"{_base(request)}/bucket",
                "fields": {"key": token, "policy": "signed"},
                "runwayUri": f"runway://{token}",
            }
        )

    async def store(self, request: Request) -> Response:
        """The bucket: it takes a form with the fields that were given, the file last."""
        self.world.tokens_sent_to_files += "authorization" in request.headers
        found = form(request.headers.get("content-type", ""), await request.body())
        if found.get("policy") != "signed" or not isinstance(found.get("file"), bytes):
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        self.uploads[f"runway://{found['key']}"] = found["file"]
        return Response(status_code=204)

    async def download(self, request: Request) -> Response:
        """An output file; open to everybody who knows its address, for a day."""
        self.world.tokens_sent_to_files += "authorization" in request.headers
        task, issued = self.jobs.get(request.path_params["job"]), float(request.path_params["issued"])
        gone = task is None or task.id in self.deleted
        if gone or not task.is_fetchable(self.world.now(), issued, self.world.settings.retention):  # type: ignore[union-attr]
            return Response(
                "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", 403
            )
        assert task is not None
        return Response(await asyncio.to_thread(task.file), media_type=_MEDIA[task.suffix])


def _base(request: Request) -> str:
    return f"http://{request.headers['host']}{request.scope.get('root_path', '')}"


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _invalid(field: str, message: str) -> Response:
    issue = {"code": "custom", "path": [field], "message": message}
    return JSONResponse(
        {"error": "Validation of body failed", "issues": [issue], "docUrl": "https://docs.dev.runwayml.com/"},
        400,
    )


def _missing() -> Response:
    return JSONResponse({"error": "Task not found"}, 404)

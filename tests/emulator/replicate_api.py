"""Replicate's HTTP API: predictions, models, files, account."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import time
from email.message import Message
from email.parser import HeaderParser
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator.faults import TRANSIENT, Fault
from tests.emulator.jobs import Status, job_id, written
from tests.emulator.replicate_jobs import Job, cancel_after
from tests.emulator.replicate_models import MODELS, by_version
from tests.emulator.replicate_output import MEDIA_TYPES, Work
from tests.emulator.replicate_schema import Model
from tests.emulator.service import Service, problem
from tests.emulator.world import Settings, World

_LARGEST_FILE = 100 << 20
_FILE_LIVES = 24 * 3600
_VERSION = "The specified version does not exist (or perhaps you don't have permission to use it?)"
_PAGE = 100
THROTTLED = "Request was throttled. Your rate limit for creating predictions"
LOW_BALANCE = (
    f"{THROTTLED} is reduced to 6 requests per minute with a burst of 1 requests while you have less than"
    " $5.0 in credit. Your rate limit"
)
"""The ``error`` of a 429 that an account with little money gets."""


class ReplicateApi(Service):
    """All routes of the service over jobs and files held in memory."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.jobs: dict[str, Job] = {}
        self.uploads: dict[str, tuple[dict[str, Any], bytes]] = {}

    def routes(self) -> list[Route]:
        """Paths and methods, each under the name that faults and counts use."""
        one, version = "/v1/models/{owner}/{name}", "/versions/{version}"
        table = [
            ("create", "POST", one + "/predictions", self.create_by_model),
            ("create", "POST", "/v1/predictions", self.create_by_version),
            ("list", "GET", "/v1/predictions", self.listed),
            ("get", "GET", "/v1/predictions/{job}", self.get),
            ("cancel", "POST", "/v1/predictions/{job}/cancel", self.cancel),
            ("account", "GET", "/v1/account", self.account),
            ("model", "GET", one, self.model),
            ("version", "GET", one + version, self.version),
            ("upload", "POST", "/v1/files", self.upload),
            ("uploads", "GET", "/v1/files", self.uploaded),
            ("upload-get", "GET", "/v1/files/{file}", self.upload_of),
            ("upload-delete", "DELETE", "/v1/files/{file}", self.forget),
        ]
        made = [
            Route(path, self.routed(name, handler), methods=[method]) for name, method, path, handler in table
        ]
        download = self.routed("download", self.download, public=True)
        return [*made, Route("/files/{job}/{file}", download, methods=["GET"])]

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Its base URL and a token."""
        return {"REPLICATE_BASE_URL": url, "REPLICATE_API_TOKEN": Settings().token}

    def refused(self, request: Request) -> Response | None:
        """401 without the token."""
        if request.headers.get("authorization") == f"Bearer {self.world.settings.token}":
            return None
        return problem(401, "You did not pass a valid authentication token", title="Unauthenticated")

    def failure(self, fault: Fault) -> Response:
        """402, 422, 429 and others in the service's words."""
        match fault.status:
            case 402:
                text = "You have insufficient credit to run this model. Go to the billing page to add credit."
                return problem(402, text, title="Insufficient credit")
            case 401:
                return problem(401, "You did not pass a valid authentication token", title="Unauthenticated")
            case 422:
                return _invalid([{"type": "required", "field": "input", "description": "prompt is required"}])
            case 429:
                after = fault.retry_after if fault.retry_after is not None else 10.0
                text = THROTTLED if fault.error == TRANSIENT else fault.error
                return problem(429, f"{text} resets in ~{after:g}s.", retry_after=after)
            case _:
                return problem(fault.status, "The requested resource could not be found.")

    async def create_by_model(self, request: Request) -> Response:
        """An official model by its name."""
        model = MODELS.get(_model_name(request))
        if model is None or not model.official:
            return _missing()
        return await self._create(request, model, "hidden", await _json(request))

    async def create_by_version(self, request: Request) -> Response:
        """Any model by ``version``."""
        body = await _json(request)
        model = by_version(str(body.get("version", ""))) if isinstance(body, dict) else None
        if model is None:
            return problem(422, _VERSION, title="Invalid version or not permitted")
        return await self._create(request, model, model.version, body)

    async def _create(self, request: Request, model: Model, version: str, body: Any) -> Response:
        given = body.get("input") if isinstance(body, dict) else None
        if problems := model.problems(given):
            return _invalid(problems)
        assert isinstance(given, dict)
        work = Work(model, given, self._bytes)
        created, lives = self.world.now(), cancel_after(request.headers.get("cancel-after"))
        deadline = None if lives is None else created + lives
        job = Job(
            id=job_id(len(self.jobs) + 1, given),
            model=model,
            version=version,
            work=work,
            given=given,
            created=created,
            deadline=deadline,
            faults=request.state.faults,
        )
        at = written(created) or ""
        self.world.ledger.charge(
            at=at, service="replicate", model=model.name, job=job.id, given=work.told(given)
        )
        self.jobs[job.id] = job
        wait = _seconds_to_wait(request.headers.get("prefer"))
        if wait is not None:
            await self._hold(job, wait)
        status = 202 if wait is not None and not job.status.is_end else 201
        return JSONResponse(self._document(request, job), status)

    async def _hold(self, job: Job, wait: float) -> None:
        until = time.monotonic() + wait
        while not job.status.is_end and time.monotonic() < until:
            await asyncio.sleep(0.02)
            job.polls += 1
            job.advance(self.world.now(), self.world.settings.pace)

    async def get(self, request: Request) -> Response:
        """One prediction; each GET counts as a poll."""
        job = self.jobs.get(request.path_params["job"])
        if job is None:
            return _missing()
        job.polls += 1
        job.advance(self.world.now(), self.world.settings.pace)
        return JSONResponse(self._document(request, job))

    async def listed(self, request: Request) -> Response:
        """A page of a hundred, newest first; ``next`` and ``previous`` are whole addresses."""
        shown = [job for job in reversed(self.jobs.values()) if job.is_listed(self.world.now())]
        for job in shown:
            job.advance(self.world.now(), self.world.settings.pace)
        start = _cursor(request.query_params.get("cursor"))
        own = f"{_base(request)}/v1/predictions?cursor="
        page = {
            "previous": f"{own}{_as_cursor(start - _PAGE)}" if start >= _PAGE else None,
            "next": f"{own}{_as_cursor(start + _PAGE)}" if start + _PAGE < len(shown) else None,
            "results": [self._document(request, job) for job in shown[start : start + _PAGE]],
        }
        return JSONResponse(page)

    async def cancel(self, request: Request) -> Response:
        """Stops a prediction that has not ended."""
        job = self.jobs.get(request.path_params["job"])
        if job is None:
            return _missing()
        job.end(Status.CANCELED, self.world.now())
        return JSONResponse(self._document(request, job))

    async def account(self, request: Request) -> Response:
        """Whose token it is."""
        del request
        found = {"type": "user", "username": "emulator", "name": "Emulator", "github_url": None}
        return JSONResponse(found)

    async def model(self, request: Request) -> Response:
        """A model with the schema of its latest version."""
        model = MODELS.get(_model_name(request))
        if model is None:
            return _missing()
        owner, _, name = model.name.partition("/")
        known = {
            "url": f"https://replicate.com/{model.name}",
            "owner": owner,
            "name": name,
            "description": name,
        }
        unknown = dict.fromkeys(
            ("github_url", "paper_url", "license_url", "cover_image_url", "default_example")
        )
        version = _version(model)
        return JSONResponse(
            {
                **{**known, **unknown, "visibility": "public", "run_count": 1000},
                **{"is_official": model.official, "latest_version": version},
            }
        )

    async def version(self, request: Request) -> Response:
        """One version of a model."""
        model = MODELS.get(_model_name(request))
        if model is None or request.path_params["version"] != model.version:
            return _missing()
        return JSONResponse(_version(model))

    async def upload(self, request: Request) -> Response:
        """A file as multipart field ``content``."""
        found = _multipart(request.headers.get("content-type", ""), await request.body())
        if found is None:
            return problem(400, "Missing content")
        name, media_type, data = found
        if len(data) > _LARGEST_FILE:
            return problem(413, "The file is too large")
        identity = hashlib.sha256(f"{len(self.uploads)} {name}".encode()).hexdigest()[:26]
        sums = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        document = {
            **{"id": identity, "name": name, "content_type": media_type, "size": len(data)},
            **{"etag": sums["md5"], "checksums": sums, "metadata": {}},
            **{
                "created_at": written(self.world.now()),
                "expires_at": written(self.world.now() + _FILE_LIVES),
            },
            "urls": {"get": f"{_base(request)}/v1/files/{identity}"},
        }
        self.uploads[identity] = (document, data)
        return JSONResponse(document, 201)

    async def uploaded(self, request: Request) -> Response:
        """All files, newest first."""
        del request
        found = [document for document, _ in reversed(self.uploads.values())]
        return JSONResponse({"previous": None, "next": None, "results": found})

    async def upload_of(self, request: Request) -> Response:
        """One file's description."""
        found = self.uploads.get(request.path_params["file"])
        return JSONResponse(found[0]) if found else _missing()

    async def forget(self, request: Request) -> Response:
        """Removes a file."""
        return (
            Response(status_code=204) if self.uploads.pop(request.path_params["file"], None) else _missing()
        )

    async def download(self, request: Request) -> Response:
        """An output file; open to everybody who knows its address, as at replicate.delivery."""
        self.world.tokens_sent_to_files += "authorization" in request.headers
        job, name = self.jobs.get(request.path_params["job"]), request.path_params["file"]
        if job is None or job.is_removed(self.world.now(), self.world.settings.retention):
            return Response("Not Found", 404, media_type="text/plain")
        data = await asyncio.to_thread(job.file, name)
        if data is None:
            return Response("Not Found", 404, media_type="text/plain")
        return Response(data, media_type=MEDIA_TYPES[name.rpartition(".")[2]])

    def _bytes(self, address: str) -> bytes | None:
        """What a model reads at an address: an uploaded file, or what a data URI holds."""
        if address.startswith("data:"):
            return base64.b64decode(address.partition(",")[2])
        found = self.uploads.get(address.rpartition("/v1/files/")[2])
        return found[1] if found else None

    def _document(self, request: Request, job: Job) -> dict[str, Any]:
        return job.document(_base(request), self.world.now(), self.world.settings.retention)


def _base(request: Request) -> str:
    return f"http://{request.headers['host']}"


def _model_name(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['name']}"


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        return None


def _missing() -> Response:
    return problem(404, "The requested resource could not be found.")


def _invalid(problems: list[dict[str, str]]) -> Response:
    detail = "".join(f"- {item['field']}: {item['description']}\n" for item in problems)
    return problem(422, detail, title="Input validation failed", invalid_fields=problems)


def _version(model: Model) -> dict[str, Any]:
    made = {"id": model.version, "created_at": "2026-10-01T00:00:00.000Z", "cog_version": "0.16.0"}
    return {**made, "openapi_schema": model.openapi()}


def _seconds_to_wait(prefer: str | None) -> float | None:
    """Of a header ``Prefer: wait`` or ``wait=n``: 60, or n within 1 to 60."""
    if prefer is None or not prefer.startswith("wait"):
        return None
    seconds = prefer.partition("=")[2]
    return min(60.0, max(1.0, float(seconds))) if seconds else 60.0


def _cursor(given: str | None) -> int:
    return int(base64.urlsafe_b64decode(given)) if given else 0


def _as_cursor(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode()


def _multipart(content_type: str, body: bytes) -> tuple[str, str, bytes] | None:
    """File name, media type and bytes of the field ``content``."""
    whole = Message()
    whole["Content-Type"] = content_type
    boundary = whole.get_boundary()
    for part in body.split(f"--{boundary}".encode()) if boundary else ():
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        fields = HeaderParser().parsestr(head.decode(errors="replace"))
        if fields.get_param("name", header="content-disposition") == "content":
            return fields.get_filename() or "file", fields.get_content_type(), data.removesuffix(b"\r\n")
    return None

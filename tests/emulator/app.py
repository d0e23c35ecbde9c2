"""The ASGI application: the services and ``/_control``, by which tests order faults and read counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from tests.emulator.elevenlabs_api import ElevenLabsApi
from tests.emulator.fal_api import FalApi
from tests.emulator.faults import Fault
from tests.emulator.google_api import GoogleApi
from tests.emulator.higgsfield_api import HiggsfieldApi
from tests.emulator.jobs import Pace
from tests.emulator.openai_api import OpenAiApi
from tests.emulator.replicate_api import ReplicateApi
from tests.emulator.runway_api import RunwayApi
from tests.emulator.service import Abortable, Service
from tests.emulator.world import Settings, World

SERVICES: Mapping[str, type[Service]] = {
    "": ReplicateApi,
    "/elevenlabs": ElevenLabsApi,
    "/fal": FalApi,
    "/higgsfield": HiggsfieldApi,
    "/openai": OpenAiApi,
    "/runway": RunwayApi,
    "/google": GoogleApi,
}
"""Path below the server's address → the service that answers there."""


def make_app(ledger: Path) -> ASGIApp:
    """All services over one ledger file."""
    world = World(ledger)
    services = {path: service(world) for path, service in SERVICES.items()}
    control = Control(world, tuple(services.values()))
    below = [Mount(path, routes=service.routes()) for path, service in services.items() if path]
    first = [route for path, service in services.items() if not path for route in service.routes()]
    own = Route("/_control", control.answer, methods=["GET", "POST"])
    return Abortable(Starlette(routes=[own, *below, *first]))


def environment(url: str) -> dict[str, str]:
    """What a process needs to use every service of the emulator at ``url``."""
    found = {"ADCLI_ALLOW_HOSTS": url.removeprefix("http://")}
    for path, service in SERVICES.items():
        found |= service.environment(f"{url}{path}")
    return found


class Control:
    """``/_control``. POST ``{reset?, settings?, faults?}`` changes things; both methods give the counts."""

    def __init__(self, world: World, services: tuple[Service, ...]) -> None:
        self.world = world
        self.services = services

    async def answer(self, request: Request) -> Response:
        """Applies a POST; 400 names what was not understood, and then nothing is changed."""
        if request.method == "POST":
            try:
                self._apply(await request.json())
            except (ValueError, TypeError, KeyError) as error:
                return JSONResponse({"detail": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse(self._counts())

    def _apply(self, order: Mapping[str, Any]) -> None:
        unknown = order.keys() - {"reset", "settings", "faults"}
        if unknown:
            raise ValueError(f"unknown orders {sorted(unknown)}")
        faults = [Fault.from_json(item) for item in order.get("faults", ())]
        before = Settings() if order.get("reset") else self.world.settings
        settings = _changed(before, order.get("settings", {}))
        if order.get("reset"):
            self.world.faults.clear()
            for service in self.services:
                service.calls.clear()
        self.world.settings = settings
        for fault in faults:
            self.world.faults.order(fault)

    def _counts(self) -> dict[str, Any]:
        calls = {route: number for service in self.services for route, number in service.calls.items()}
        jobs = {job.id: job.status.value for service in self.services for job in service.jobs.values()}
        return {"calls": calls, "jobs": jobs, "tokens_sent_to_files": self.world.tokens_sent_to_files}


def _changed(before: Settings, given: Mapping[str, Any]) -> Settings:
    if "pace" not in given:
        return replace(before, **given)
    first, second = next(iter(given["pace"].values()))
    match list(given["pace"]):
        case ["polls"]:
            pace = Pace(polls=(int(first), int(second)))
        case ["seconds"]:
            pace = Pace(seconds=(float(first), float(second)))
        case names:
            raise ValueError(f"a pace is polls or seconds, not {names}")
    return replace(before, **{**given, "pace": pace})

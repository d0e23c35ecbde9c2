"""The ASGI application: the services and ``/_control``, by which tests order faults and read counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.emulator.faults import Fault, Faults
from tests.emulator.ledger import Ledger
from tests.emulator.replicate_api import ReplicateApi, Settings
from tests.emulator.replicate_jobs import Pace
from tests.emulator.service import Abortable


def make_app(ledger: Path) -> ASGIApp:
    """All services over one ledger file."""
    faults = Faults()
    replicate = ReplicateApi(faults, Ledger(ledger))
    control = Control(faults, replicate)
    routes = [*replicate.routes(), Route("/_control", control.answer, methods=["GET", "POST"])]
    return Abortable(Starlette(routes=routes))


class Control:
    """``/_control``. POST ``{reset?, settings?, faults?}`` changes things; both methods give the counts."""

    def __init__(self, faults: Faults, replicate: ReplicateApi) -> None:
        self.faults = faults
        self.replicate = replicate

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
        before = Settings() if order.get("reset") else self.replicate.settings
        settings = _changed(before, order.get("settings", {}))
        if order.get("reset"):
            self.faults.clear()
            self.replicate.calls.clear()
        self.replicate.settings = settings
        for fault in faults:
            self.faults.order(fault)

    def _counts(self) -> dict[str, Any]:
        jobs = {job.id: job.status.value for job in self.replicate.jobs.values()}
        sent = self.replicate.tokens_sent_to_files
        return {"calls": dict(self.replicate.calls), "jobs": jobs, "tokens_sent_to_files": sent}


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

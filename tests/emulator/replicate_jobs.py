"""Predictions: how one lives, what of it can be read, and when its files are removed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tests.emulator.faults import Fault, Kind
from tests.emulator.pictures import draw
from tests.emulator.replicate_models import Model

_UNITS = {"s": 1, "m": 60, "h": 3600}


class Status(StrEnum):
    """Replicate's words; the last four are ends. ``aborted``: its deadline came before it started."""

    STARTING = "starting"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    ABORTED = "aborted"

    @property
    def is_end(self) -> bool:
        """Nothing changes any more."""
        return self not in (Status.STARTING, Status.PROCESSING)


@dataclass(frozen=True, slots=True)
class Pace:
    """When a job starts and ends: after so many GETs of it, or so many seconds where these are given."""

    polls: tuple[int, int] = (1, 2)
    seconds: tuple[float, float] | None = None

    def reached(self, phase: int, polls: int, age: float) -> bool:
        """Phase 0: it runs; phase 1: it ends."""
        if self.seconds is not None:
            return age >= self.seconds[phase]
        return polls >= self.polls[phase]


@dataclass(slots=True)
class Job:
    """One prediction. Times are seconds since 1970 by the service's clock."""

    id: str
    model: Model
    version: str
    given: Mapping[str, Any]
    created: float
    deadline: float | None = None
    faults: tuple[Fault, ...] = ()
    status: Status = Status.STARTING
    polls: int = 0
    started: float | None = None
    completed: float | None = None
    error: str | None = None
    logs: str = field(default="")

    def ordered(self, kind: Kind) -> Fault | None:
        """The fault of that kind which was ordered for this job."""
        return next((fault for fault in self.faults if fault.kind is kind), None)

    def advance(self, now: float, pace: Pace) -> None:
        """Goes on to where the job stands at ``now``."""
        if not self.status.is_end and self.deadline is not None and now >= self.deadline:
            self.end(Status.CANCELED if self.started is not None else Status.ABORTED, self.deadline)
        if self.status.is_end or self.ordered(Kind.STUCK):
            return
        if self.status is Status.STARTING and pace.reached(0, self.polls, now - self.created):
            self.status, self.started = Status.PROCESSING, now
        if self.status is Status.PROCESSING and pace.reached(1, self.polls, now - self.created):
            self._finish(now)

    def _finish(self, now: float) -> None:
        if fault := self.ordered(Kind.FAIL):
            self.error = fault.error
            self.end(Status.FAILED, now)
        else:
            self.end(Status.CANCELED if self.ordered(Kind.CANCEL) else Status.SUCCEEDED, now)

    def end(self, status: Status, now: float) -> None:
        """Ends the job, if it has not ended yet."""
        if not self.status.is_end:
            self.status, self.completed = status, now

    def is_removed(self, now: float, retention: float) -> bool:
        """Its input, output and files are gone: ``retention`` seconds after its end."""
        if self.completed is None:
            return False
        return self.ordered(Kind.EXPIRE) is not None or now >= self.completed + retention

    def is_listed(self, now: float) -> bool:
        """Lists know of it."""
        fault = self.ordered(Kind.HIDE)
        return fault is None or now >= self.created + fault.seconds

    def files(self) -> list[str]:
        """Names of its output files, once it has succeeded."""
        if self.status is not Status.SUCCEEDED:
            return []
        wanted = self.model.filled(self.given)
        count = int(wanted.get("num_outputs", 1)) if self.model.many else 1
        return [f"out-{n}.{_suffix(wanted)}" for n in range(count)]

    def file(self, name: str) -> bytes | None:
        """Content of one of its files; None for any other name."""
        if name not in self.files():
            return None
        wanted = self.model.filled(self.given)
        width, height = _size(self.model, wanted)
        seed = f"{wanted.get('prompt', '')}\n{self.model.name}\n{name}\n{json.dumps(wanted, sort_keys=True)}"
        return draw(seed, width, height, name.rpartition(".")[2])

    def document(self, base: str, now: float, retention: float) -> dict[str, Any]:
        """The prediction as the API gives it."""
        removed = self.is_removed(now, retention)
        urls = [f"{base}/files/{self.id}/{name}" for name in self.files()]
        output = None if removed or not urls else urls if self.model.many else urls[0]
        made: dict[str, Any] = {
            "id": self.id,
            "model": self.model.name,
            "version": self.version,
            "status": self.status.value,
            "source": "api",
            "input": {} if removed else dict(self.given),
            "output": output,
            "error": self.error,
            "logs": None if removed else self.logs,
            "data_removed": removed,
            "created_at": written(self.created),
            "started_at": written(self.started),
            "completed_at": written(self.completed),
            "deadline": written(self.deadline),
            "urls": self._urls(base),
        }
        return made | ({"metrics": self._metrics()} if self.completed is not None else {})

    def _urls(self, base: str) -> dict[str, str]:
        own = f"{base}/v1/predictions/{self.id}"
        return {"get": own, "cancel": f"{own}/cancel", "web": f"https://replicate.com/p/{self.id}"}

    def _metrics(self) -> dict[str, Any]:
        assert self.completed is not None
        ran = self.completed - (self.started if self.started is not None else self.completed)
        made: dict[str, Any] = {"predict_time": ran, "total_time": self.completed - self.created}
        return made | ({"image_count": len(self.files())} if self.files() else {})


def job_id(n: int, given: Mapping[str, Any]) -> str:
    """26 letters and digits for the n-th job."""
    return hashlib.sha256(f"{n} {json.dumps(given, sort_keys=True)}".encode()).hexdigest()[:26]


def cancel_after(header: str | None) -> float | None:
    """Seconds of a ``Cancel-After`` header such as ``1m``; None where there is none."""
    found = re.fullmatch(r"(\d+)([smh])", header or "")
    return int(found[1]) * _UNITS[found[2]] if found else None


def _suffix(wanted: Mapping[str, Any]) -> str:
    return str(wanted.get("output_format", wanted.get("format", "jpg")))


def _size(model: Model, wanted: Mapping[str, Any]) -> tuple[int, int]:
    custom = "custom" in (wanted.get("aspect_ratio"), wanted.get("size"))
    if custom and "width" in wanted and "height" in wanted:
        return int(wanted["width"]), int(wanted["height"])
    return model.sizes.get(str(wanted.get("aspect_ratio")), (1024, 1024))


def written(moment: float | None) -> str | None:
    """A moment, in seconds since 1970, as the API writes it."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

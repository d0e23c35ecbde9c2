"""How an asynchronous job of any emulated service lives: queued, running, ended, removed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tests.emulator.faults import Fault, Kind


class Status(StrEnum):
    """The last four are ends. ``aborted``: its deadline came before it started."""

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


@dataclass(kw_only=True)
class Life:
    """One job. Times are seconds since 1970 by the service's clock."""

    id: str
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


def job_id(n: int, given: Mapping[str, Any]) -> str:
    """26 letters and digits for the n-th job."""
    return hashlib.sha256(f"{n} {json.dumps(given, sort_keys=True)}".encode()).hexdigest()[:26]


def written(moment: float | None) -> str | None:
    """A moment, in seconds since 1970, as these APIs write it."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

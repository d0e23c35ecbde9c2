"""What happens during a run, as typed events: the engine emits them, only ``ui`` shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins; ``todo`` tasks are not reused or shared."""

    run: str
    campaign: str
    tasks: int
    todo: int
    ads: int
    max_usd: float


@dataclass(frozen=True, slots=True)
class TaskStarted:
    """Work on a task begins."""

    task: str
    stage: str
    provider: str


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """A task has its final status (the contract's task statuses)."""

    task: str
    stage: str
    status: str
    seconds: float
    usd: float
    error: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AttemptChanged:
    """A paid attempt entered a state."""

    task: str
    provider: str
    attempt: int
    state: str
    usd: float


@dataclass(frozen=True, slots=True)
class AdEnded:
    """All that an ad needs is over."""

    ad: str
    status: str
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """Something a person should know; ``level`` is info or warning."""

    message: str
    level: str = "info"
    task: str | None = None


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over."""

    run: str
    status: str
    exit_code: int
    seconds: float
    usd: float


Event: TypeAlias = RunStarted | TaskStarted | TaskEnded | AttemptChanged | AdEnded | Noted | RunEnded
Emit: TypeAlias = Callable[[Event], None]


def event_json(event: Event, at: str) -> dict[str, Any]:
    """An event as one JSON object, with its name and time first."""
    return {"event": _NAMES[type(event)], "at": at, **asdict(event)}


_NAMES = {
    RunStarted: "run_started",
    TaskStarted: "task_started",
    TaskEnded: "task_ended",
    AttemptChanged: "attempt_changed",
    AdEnded: "ad_ended",
    Noted: "noted",
    RunEnded: "run_ended",
}

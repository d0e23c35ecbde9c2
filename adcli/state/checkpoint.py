"""Checkpoint of one key: its key document, every attempt, its outputs and its cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from adcli.keys import Json


class AttemptState(StrEnum):
    """Life of one POST to a service; the last six are ends."""

    INTENT = "intent"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    UNKNOWN = "unknown"
    STORED = "stored"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    FAILED = "failed"
    ABSENT = "absent"
    ABANDONED = "abandoned"


OPEN_STATES = frozenset(
    {AttemptState.INTENT, AttemptState.ACCEPTED, AttemptState.FINISHED, AttemptState.UNKNOWN}
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST. ``at`` maps each state it passed to the time it did (RFC 3339 UTC); ``usd*`` in dollars."""

    n: int
    campaign: str
    provider: str
    model: str
    endpoint: str
    state: AttemptState
    ref: str
    body_sha256: str
    usd_max: float
    job: str | None = None
    usd: float | None = None
    expires: str | None = None
    error: Mapping[str, Json] | None = None
    at: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Money may be running: the reservation stands at ``usd_max``."""
        return self.state in OPEN_STATES

    def enter(self, state: AttemptState, at: str, **changes: Any) -> Attempt:
        """The attempt after it entered ``state``."""
        return replace(self, state=state, at={**self.at, state.value: at}, **changes)


@dataclass(frozen=True, slots=True)
class Output:
    """One named result. ``text`` holds it when it is text; else a blob of that sha256 does."""

    sha256: str
    bytes: int
    media_type: str
    text: str | None = None
    meta: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Truth about one key; ``outputs`` is null until the work is done."""

    key: str
    recipe: str
    task: str
    campaign: str
    document: Mapping[str, Json]
    attempts: tuple[Attempt, ...] = ()
    outputs: Mapping[str, Output] | None = None
    seconds: float | None = None
    made_at: str | None = None
    error: Mapping[str, Json] | None = None
    notes: tuple[str, ...] = ()
    targets: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)

    @property
    def is_finished(self) -> bool:
        """All outputs are stored."""
        return self.outputs is not None

    @property
    def last_attempt(self) -> Attempt | None:
        """The newest attempt, if any was made."""
        return self.attempts[-1] if self.attempts else None

    def with_attempt(self, attempt: Attempt) -> Checkpoint:
        """The checkpoint with ``attempt`` appended, or put in place of the one of its number."""
        others = tuple(old for old in self.attempts if old.n != attempt.n)
        return replace(self, attempts=(*others, attempt))

"""What to do about a key's earlier attempts: one pure function, tested as a table of every state."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from adcli.registry import ProviderSpec
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint


class Decision(StrEnum):
    """The contract's decisions."""

    REUSE = "reuse"
    SHARE = "share"
    RUN = "run"
    MAYBE = "maybe"
    ATTACH = "attach"
    COLLECT = "collect"
    FIND = "find"
    HOLD = "hold"
    BLOCKED = "blocked"
    WAIT = "wait"


def resume(
    checkpoint: Checkpoint | None, spec: ProviderSpec, now: datetime, *, retry_failed: bool = False
) -> Decision:
    """The decision for a paid key that is not finished, from its last attempt alone.

    Earlier attempts are over: a new one is only made after the last was known to be.
    """
    attempt = checkpoint.last_attempt if checkpoint else None
    if attempt is None:
        return Decision.RUN
    match attempt.state:
        case AttemptState.INTENT | AttemptState.UNKNOWN:
            return Decision.FIND if spec.lookup or spec.idempotent else Decision.HOLD
        case AttemptState.ACCEPTED:
            return Decision.HOLD if is_expired(attempt, now) else Decision.ATTACH
        case AttemptState.FINISHED | AttemptState.STORED:
            return Decision.HOLD if is_expired(attempt, now) else Decision.COLLECT
        case AttemptState.NOT_SENT | AttemptState.ABSENT | AttemptState.ABANDONED:
            return Decision.RUN
        case AttemptState.REFUSED | AttemptState.FAILED:
            return Decision.BLOCKED if _is_final(attempt) and not retry_failed else Decision.RUN
    assert_never(attempt.state)


def is_expired(attempt: Attempt, now: datetime) -> bool:
    """The service has deleted the result by now."""
    return attempt.expires is not None and datetime.fromisoformat(attempt.expires) <= now


def _is_final(attempt: Attempt) -> bool:
    return bool(attempt.error and attempt.error.get("permanent"))

"""What to do about a key's earlier attempts: one pure function, tested as a table of every state."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from adcli.registry import Ability
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint

HOLD_ABOVE = 0.05
"""USD up to which an attempt that can't be looked up is sent once more instead of being held."""


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
    checkpoint: Checkpoint | None,
    can: Ability,
    now: datetime,
    *,
    retry_failed: bool = False,
    hold_above: float = HOLD_ABOVE,
) -> Decision:
    """The decision for a paid key that is not finished, from its last attempt.

    Earlier attempts are over: a new one is only made after the last was known to be, or, for a
    cheap one that nobody can look up, after it was booked as paid.
    """
    attempt = checkpoint.last_attempt if checkpoint else None
    if checkpoint is None or attempt is None:
        return Decision.RUN
    match attempt.state:
        case AttemptState.INTENT | AttemptState.UNKNOWN:
            return Decision.FIND if can.find or can.idempotent else _blind(checkpoint, hold_above)
        case AttemptState.ACCEPTED:
            if is_expired(attempt, now):
                return Decision.HOLD
            if can.poll:
                return Decision.ATTACH
            return Decision.COLLECT if can.find else _blind(checkpoint, hold_above)
        case AttemptState.FINISHED:
            if is_expired(attempt, now):
                return Decision.HOLD
            return Decision.COLLECT if can.poll or can.find else _blind(checkpoint, hold_above)
        case AttemptState.STORED:
            gone = is_expired(attempt, now) or not (can.poll or can.find)
            return Decision.HOLD if gone else Decision.COLLECT
        case AttemptState.NOT_SENT | AttemptState.ABSENT | AttemptState.ABANDONED:
            return Decision.RUN
        case AttemptState.REFUSED | AttemptState.FAILED:
            return Decision.BLOCKED if _is_final(attempt) and not retry_failed else Decision.RUN
    assert_never(attempt.state)


def is_expired(attempt: Attempt, now: datetime) -> bool:
    """The service has deleted the result by now."""
    return attempt.expires is not None and datetime.fromisoformat(attempt.expires) <= now


def _blind(checkpoint: Checkpoint, hold_above: float) -> Decision:
    """Nobody can say what became of it: a cheap one is sent once more, and both are booked."""
    lost = [attempt for attempt in checkpoint.attempts if attempt.is_open]
    cheap = lost[-1].usd_max <= hold_above
    return Decision.RUN if cheap and len(lost) == 1 else Decision.HOLD


def _is_final(attempt: Attempt) -> bool:
    return bool(attempt.error and attempt.error.get("permanent"))

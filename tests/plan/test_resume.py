"""What is done about earlier attempts: every state, written out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adcli.keys import Json
from adcli.plan.resume import Decision, resume
from adcli.registry import ProviderSpec
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEARCHABLE = ProviderSpec("a", {}, lookup=True)
IDEMPOTENT = ProviderSpec("b", {}, idempotent=True)
BLIND = ProviderSpec("c", {})
GONE, KEPT = (NOW - timedelta(hours=1)).isoformat(), (NOW + timedelta(hours=1)).isoformat()
S, D = AttemptState, Decision


def checkpoint(
    state: AttemptState, *, expires: str | None = None, permanent: bool | None = None
) -> Checkpoint:
    error: dict[str, Json] | None = None
    if permanent is not None:
        error = {"code": "x", "message": "x", "permanent": permanent}
    attempt = Attempt(1, "c", "a", "m", "e", state, "r", "0", 0.04, expires=expires, error=error)
    return Checkpoint("k", "r", "t", "c", {}, (attempt,))


@pytest.mark.parametrize(
    ("state", "expires", "searchable", "idempotent", "blind"),
    [
        (S.INTENT, None, D.FIND, D.FIND, D.HOLD),
        (S.UNKNOWN, None, D.FIND, D.FIND, D.HOLD),
        (S.ACCEPTED, None, D.ATTACH, D.ATTACH, D.ATTACH),
        (S.ACCEPTED, KEPT, D.ATTACH, D.ATTACH, D.ATTACH),
        (S.ACCEPTED, GONE, D.HOLD, D.HOLD, D.HOLD),
        (S.FINISHED, None, D.COLLECT, D.COLLECT, D.COLLECT),
        (S.FINISHED, KEPT, D.COLLECT, D.COLLECT, D.COLLECT),
        (S.FINISHED, GONE, D.HOLD, D.HOLD, D.HOLD),
        (S.STORED, KEPT, D.COLLECT, D.COLLECT, D.COLLECT),
        (S.STORED, GONE, D.HOLD, D.HOLD, D.HOLD),
        (S.NOT_SENT, None, D.RUN, D.RUN, D.RUN),
        (S.ABSENT, None, D.RUN, D.RUN, D.RUN),
        (S.ABANDONED, None, D.RUN, D.RUN, D.RUN),
        (S.REFUSED, None, D.RUN, D.RUN, D.RUN),
        (S.FAILED, None, D.RUN, D.RUN, D.RUN),
    ],
)
def test_the_last_attempt_decides(
    state: AttemptState, expires: str | None, searchable: Decision, idempotent: Decision, blind: Decision
) -> None:
    found = checkpoint(state, expires=expires)
    for spec, expected in ((SEARCHABLE, searchable), (IDEMPOTENT, idempotent), (BLIND, blind)):
        assert resume(found, spec, NOW) is expected, (state, spec.name)


@pytest.mark.parametrize("state", [S.REFUSED, S.FAILED])
def test_what_failed_for_good_is_blocked_until_a_person_asks_again(state: AttemptState) -> None:
    found = checkpoint(state, permanent=True)
    assert resume(found, SEARCHABLE, NOW) is D.BLOCKED
    assert resume(found, SEARCHABLE, NOW, retry_failed=True) is D.RUN
    assert resume(checkpoint(state, permanent=False), SEARCHABLE, NOW) is D.RUN


def test_without_an_attempt_it_runs() -> None:
    assert resume(None, SEARCHABLE, NOW) is D.RUN
    assert resume(Checkpoint("k", "r", "t", "c", {}), BLIND, NOW) is D.RUN


def test_every_state_has_a_row() -> None:
    for state in AttemptState:
        assert isinstance(resume(checkpoint(state), BLIND, NOW), Decision)

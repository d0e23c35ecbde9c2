"""What is done about earlier attempts: every state × ability × expiry, written out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adcli.keys import Json
from adcli.plan.resume import HOLD_ABOVE, Decision, resume
from adcli.registry import Ability
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GONE, KEPT = (NOW - timedelta(hours=1)).isoformat(), (NOW + timedelta(hours=1)).isoformat()
S, D = AttemptState, Decision
DEAR, CHEAP = 0.35, 0.01

COLUMNS = {
    "poll find idem": Ability(poll=True, find=True, idempotent=True),
    "poll find     ": Ability(poll=True, find=True),
    "poll      idem": Ability(poll=True, idempotent=True),
    "poll          ": Ability(poll=True),
    "     find idem": Ability(poll=False, find=True, idempotent=True),
    "     find     ": Ability(poll=False, find=True),
    "          idem": Ability(poll=False, idempotent=True),
    "              ": Ability(poll=False),
}
"""What a service can say; the table below has one column for each, in this order."""

TABLE = """
state      expiry   p,f,i    p,f      p,i      p        f,i      f        i        none
intent     -        find     find     find     hold     find     find     find     hold
intent     kept     find     find     find     hold     find     find     find     hold
intent     gone     find     find     find     hold     find     find     find     hold
unknown    -        find     find     find     hold     find     find     find     hold
unknown    kept     find     find     find     hold     find     find     find     hold
unknown    gone     find     find     find     hold     find     find     find     hold
accepted   -        attach   attach   attach   attach   collect  collect  hold     hold
accepted   kept     attach   attach   attach   attach   collect  collect  hold     hold
accepted   gone     hold     hold     hold     hold     hold     hold     hold     hold
finished   -        collect  collect  collect  collect  collect  collect  hold     hold
finished   kept     collect  collect  collect  collect  collect  collect  hold     hold
finished   gone     hold     hold     hold     hold     hold     hold     hold     hold
stored     -        collect  collect  collect  collect  collect  collect  hold     hold
stored     kept     collect  collect  collect  collect  collect  collect  hold     hold
stored     gone     hold     hold     hold     hold     hold     hold     hold     hold
not_sent   -        run      run      run      run      run      run      run      run
not_sent   kept     run      run      run      run      run      run      run      run
not_sent   gone     run      run      run      run      run      run      run      run
absent     -        run      run      run      run      run      run      run      run
absent     kept     run      run      run      run      run      run      run      run
absent     gone     run      run      run      run      run      run      run      run
abandoned  -        run      run      run      run      run      run      run      run
abandoned  kept     run      run      run      run      run      run      run      run
abandoned  gone     run      run      run      run      run      run      run      run
refused    -        run      run      run      run      run      run      run      run
refused    kept     run      run      run      run      run      run      run      run
refused    gone     run      run      run      run      run      run      run      run
failed     -        run      run      run      run      run      run      run      run
failed     kept     run      run      run      run      run      run      run      run
failed     gone     run      run      run      run      run      run      run      run
"""
EXPIRIES = {"-": None, "kept": KEPT, "gone": GONE}
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]


def checkpoint(
    state: AttemptState, *, expires: str | None = None, permanent: bool | None = None, usd: float = DEAR
) -> Checkpoint:
    error: dict[str, Json] | None = None
    if permanent is not None:
        error = {"code": "x", "message": "x", "permanent": permanent}
    attempt = Attempt(1, "c", "a", "m", "e", state, "r", "0", usd, expires=expires, error=error)
    return Checkpoint("k", "r", "t", "c", {}, (attempt,))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}, {row[1]}")
def test_the_last_attempt_decides(row: list[str]) -> None:
    state, expiry, *decisions = row
    found = checkpoint(S(state), expires=EXPIRIES[expiry])
    told = [resume(found, can, NOW).value for can in COLUMNS.values()]
    assert told == decisions


def test_every_state_and_expiry_has_a_row() -> None:
    assert {(row[0], row[1]) for row in ROWS} == {(s.value, e) for s in AttemptState for e in EXPIRIES}
    assert all(len(row) == 2 + len(COLUMNS) for row in ROWS)


@pytest.mark.parametrize("state", [S.REFUSED, S.FAILED])
def test_what_failed_for_good_is_blocked_until_a_person_asks_again(state: AttemptState) -> None:
    found = checkpoint(state, permanent=True)
    for can in COLUMNS.values():
        assert resume(found, can, NOW) is D.BLOCKED
        assert resume(found, can, NOW, retry_failed=True) is D.RUN
        assert resume(checkpoint(state, permanent=False), can, NOW) is D.RUN


def test_without_an_attempt_it_runs() -> None:
    for can in COLUMNS.values():
        assert resume(None, can, NOW) is D.RUN
        assert resume(Checkpoint("k", "r", "t", "c", {}), can, NOW) is D.RUN


BLIND = Ability(poll=False)


@pytest.mark.parametrize("state", [S.INTENT, S.UNKNOWN, S.ACCEPTED, S.FINISHED])
def test_a_cheap_call_that_nobody_can_look_up_is_sent_once_more_and_no_oftener(state: AttemptState) -> None:
    once = checkpoint(state, usd=CHEAP)
    assert resume(once, BLIND, NOW) is D.RUN
    assert once.last_attempt is not None
    twice = once.with_attempt(replace(once.last_attempt, n=2))
    assert resume(twice, BLIND, NOW) is D.HOLD


@pytest.mark.parametrize(
    ("usd", "line", "expected"), [(0.05, HOLD_ABOVE, D.RUN), (0.051, HOLD_ABOVE, D.HOLD)]
)
def test_the_line_between_cheap_and_dear_can_be_moved(usd: float, line: float, expected: Decision) -> None:
    assert resume(checkpoint(S.UNKNOWN, usd=usd), BLIND, NOW, hold_above=line) is expected
    assert resume(checkpoint(S.UNKNOWN, usd=usd), BLIND, NOW, hold_above=0.0) is D.HOLD
    assert resume(checkpoint(S.UNKNOWN, usd=usd), BLIND, NOW, hold_above=1.0) is D.RUN


def test_a_stored_result_that_is_gone_is_never_bought_again_however_cheap() -> None:
    assert resume(checkpoint(S.STORED, usd=CHEAP), BLIND, NOW) is D.HOLD

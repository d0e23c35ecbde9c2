"""300 kills of runs that buy, each with a service in trouble: nothing is paid twice, and nothing is lost."""

from __future__ import annotations

import math

import pytest

from tests.crash.faults import TROUBLES, troubles_of
from tests.crash.harness import Harness, kills
from tests.crash.trades import TRADES

pytestmark = pytest.mark.crash
KILLS, SEED = 300, 20261121
CELLS = [(name, trouble.name) for name, trade in TRADES.items() for trouble in troubles_of(trade)]
EACH = math.ceil(KILLS / len(CELLS))


@pytest.mark.parametrize(("service", "trouble"), CELLS)
def test_what_was_killed_is_finished_and_paid_once(service: str, trouble: str, harness: Harness) -> None:
    trials = kills(harness, TRADES[service], TROUBLES[trouble], EACH, SEED)
    assert [str(trial) for trial in trials if trial.wrong] == []
    assert sum(trial.twice for trial in trials) == 0

"""Runs that start at the same moment: one works, the others refuse, and the lock goes with its holder."""

from __future__ import annotations

import pytest

from tests.crash import oracle
from tests.crash.harness import Harness
from tests.crash.oracle import Evidence
from tests.crash.taps import Stop
from tests.crash.trades import TRADES
from tests.emulator.faults import Fault, Kind

pytestmark = pytest.mark.crash
TRADE = TRADES["replicate"]


@pytest.mark.parametrize("count", [2, 3, 5, 8])
@pytest.mark.parametrize("turn", range(3))
def test_of_runs_that_start_together_one_buys(turn: int, count: int, harness: Harness) -> None:
    file, emulator = harness.begin(TRADE)
    emulator.order(Fault(TRADE.create, Kind.DELAY, seconds=0.5))
    ended = harness.run_all(file, TRADE, emulator, count)
    assert sorted(found.code for found in ended) == [0] + [11] * (count - 1)
    assert all("is using" in str(found.message) for found in ended if found.code == 11)
    evidence = Evidence(TRADE, file, tuple(emulator.charges()))
    assert len(evidence.charges) == len(TRADE.bought)
    assert oracle.unsound(evidence) == []


def test_the_lock_of_a_killed_run_is_free_at_once(harness: Harness) -> None:
    file, emulator = harness.begin(TRADE)
    for nth in (1, 3, 5):
        assert harness.run(file, TRADE, emulator, stop=Stop("rename checkpoints", nth)).killed
    assert harness.run(file, TRADE, emulator).code == 0
    assert len(emulator.charges()) == len(TRADE.bought)

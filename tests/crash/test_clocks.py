"""Clocks that jump by minutes or by years: what was sent is still found, and nothing is paid twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.faults import TROUBLES
from tests.crash.harness import Harness
from tests.crash.orders import Ended
from tests.crash.taps import Stop
from tests.crash.test_disk import SINGLES
from tests.emulator.server import Emulator

pytestmark = pytest.mark.crash
DAY = 86_400.0
JUMPS = {"10 min on": 600.0, "10 min back": -600.0, "400 days on": 400 * DAY, "400 days back": -400 * DAY}
SENT = Stop("answer POST", 1)
ACCEPTED = Stop("rename checkpoints", 4, after=True)

MISSES = pytest.mark.xfail(strict=True, reason="a look-up begins 2 min before the intent by our own clock")


@pytest.mark.parametrize("service", SINGLES)
@pytest.mark.parametrize("jump", JUMPS)
def test_a_run_with_a_wrong_clock_is_a_run(jump: str, service: str, harness: Harness) -> None:
    trial = harness.trial(SINGLES[service], TROUBLES["none"], clock=JUMPS[jump])
    assert (trial.wrong, trial.runs) == ([], 1)


@pytest.mark.parametrize("stop", [SENT, ACCEPTED], ids=["sent", "accepted"])
@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("service", ["replicate", "elevenlabs"])
def test_a_clock_that_jumps_after_a_kill_pays_nothing_twice(
    service: str, jump: str, stop: Stop, harness: Harness
) -> None:
    trial = harness.trial(SINGLES[service], TROUBLES["none"], stop, clock=JUMPS[jump])
    assert (trial.kills, trial.wrong) == (1, [])


@pytest.mark.parametrize(
    ("stop", "jump"),
    [(stop, jump) for stop in (SENT, ACCEPTED) for jump in JUMPS],
)
@pytest.mark.parametrize("service", ["replicate", "elevenlabs"])
def test_a_call_sent_by_a_wrong_clock_is_found_by_the_right_one(
    service: str, jump: str, stop: Stop, harness: Harness
) -> None:
    trade = SINGLES[service]

    def strike(file: Path, emulator: Emulator, patience: float) -> Ended:
        return harness.run(file, trade, emulator, stop=stop, clock=JUMPS[jump], patience=patience)

    trial = harness.trial(trade, TROUBLES["none"], strike=strike)
    assert (trial.kills, trial.wrong) == (1, [])


@pytest.mark.parametrize(
    "jump", [pytest.param(jump, marks=[MISSES] if JUMPS[jump] < 0 else []) for jump in JUMPS]
)
@pytest.mark.parametrize("service", ["replicate", "elevenlabs"])
def test_a_service_whose_clock_differs_is_searched_in_its_own_time(
    service: str, jump: str, harness: Harness
) -> None:
    trial = harness.trial(SINGLES[service], TROUBLES["accepted, then dropped"], skew=JUMPS[jump])
    assert trial.wrong == []

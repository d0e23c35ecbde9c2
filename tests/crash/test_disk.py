"""Each call to the disk fails in turn: the run stops cleanly, the next goes on, nothing is paid twice."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.faults import TROUBLES
from tests.crash.harness import Harness, Trial, stops_of
from tests.crash.orders import Ended
from tests.crash.taps import Stop
from tests.crash.trades import TRADES, Trade
from tests.emulator.server import Emulator

pytestmark = pytest.mark.crash
STOPPED, DONE = 13, 0
HARMLESS = frozenset({"write runs", "unlink work", "unlink open", "unlink state"})
"""Calls that may fail without ending a run: its diary, and what is swept away."""


def single(trade: Trade) -> Trade:
    """The same with one ad."""
    people = trade.campaign["characters"][:1]
    campaign = {**trade.campaign, "characters": people}
    return replace(
        trade,
        name=f"{trade.name}, one ad",
        campaign=campaign,
        bought=trade.bought[:1],
        total=trade.total / 2,
    )


SINGLES = {name: single(TRADES[name]) for name in ("replicate", "elevenlabs", "openai")}


def broken(harness: Harness, trade: Trade, stop: Stop) -> tuple[Trial, Ended]:
    """A run in which a call fails, and what came of it in the end."""
    ends: list[Ended] = []

    def strike(file: Path, emulator: Emulator, patience: float) -> Ended:
        ends.append(harness.run(file, trade, emulator, stop=stop, patience=patience))
        return ends[0]

    return harness.trial(trade, TROUBLES["none"], strike=strike), ends[0]


def moments(harness: Harness, trade: Trade, call: str) -> list[Stop]:
    """Every time that an undisturbed run makes that call; of its diary's lines the first few."""
    found = [stop for stop in stops_of(harness.reference(trade).seen) if not stop.after]
    named = [stop for stop in found if stop.name.startswith(f"{call} ")]
    return [stop for stop in named if stop.name != "write runs" or stop.nth < 6]


def complaints(trial: Trial, ended: Ended, stop: Stop) -> list[str]:
    """What is wrong with how a run ended in which a call failed."""
    allowed = (STOPPED, DONE) if stop.name in HARMLESS else (STOPPED,)
    wrong = list(trial.wrong)
    if ended.code not in allowed:
        wrong.append(f"ended with {ended.code}: {ended.message}")
    if ended.result and ended.code == STOPPED and ended.result["status"] != "disk":
        wrong.append(f"status {ended.result['status']}")
    return [f"{stop}: {told}" for told in wrong]


@pytest.mark.parametrize(
    ("call", "number"),
    [
        ("fsync", errno.EIO),
        ("write", errno.ENOSPC),
        ("rename", errno.EIO),
        ("create", errno.EROFS),
    ],
)
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize(("service", "part"), [("replicate", 1), ("elevenlabs", 4), ("openai", 4)])
def test_a_call_that_fails_stops_the_run_and_costs_nothing(
    service: str, part: int, lasting: bool, call: str, number: int, harness: Harness
) -> None:
    trade, wrong = SINGLES[service], list[str]()
    stops = moments(harness, trade, call)
    assert len(stops) > 10
    for stop in stops[:: part * (3 if lasting else 1)]:
        failing = replace(stop, errno=number, lasting=lasting)
        wrong += complaints(*broken(harness, trade, failing), failing)
    assert wrong == []


def test_a_failing_call_says_what_could_not_be_written_and_what_to_do(harness: Harness) -> None:
    trade = SINGLES["replicate"]
    stop = Stop("fsync checkpoints", 3, errno=errno.EIO)
    trial, ended = broken(harness, trade, stop)
    assert trial.wrong == []
    (told,) = [note for note in ended.notes if os.strerror(errno.EIO) in note]
    assert "checkpoints" in told
    assert "nothing already made is lost" in told

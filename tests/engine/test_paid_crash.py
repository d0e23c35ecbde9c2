"""kill -9 in the middle of buying: whatever was sent is found again, and nothing is paid twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.state.store import Store
from tests.cli.driving import adcli, write
from tests.emulator.faults import Fault, Kind
from tests.emulator.ledger import paid_twice
from tests.emulator.server import Emulator
from tests.engine.buying import IMAGE, STILLS, Buyer

pytestmark = pytest.mark.crash


def state_of(folder: Path) -> str:
    """State of the picture's last attempt, as a reader without the lock sees it."""
    for checkpoint in Store(folder / ".adcli").checkpoints():
        if checkpoint.task == IMAGE and checkpoint.last_attempt:
            return checkpoint.last_attempt.state.value
    return "none"


def kill_when(reached: Callable[[], bool], folder: Path, emulator: Emulator) -> None:
    """Starts a run and kills it at the moment when ``reached`` says so."""
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | emulator.environment()
    command = [sys.executable, "-m", "adcli.cli.main", "run", "--yes", "-q"]
    process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while not reached():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < until, "the moment never came"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "ads"
    made.mkdir()
    write(made, **STILLS)
    return made


def finishes(folder: Path, emulator: Emulator) -> None:
    """The next run completes the ad, with one charge for the one picture."""
    done = adcli("run", "--yes", "--json", cwd=folder, env=emulator.environment())
    assert done.code == 0, done.err
    assert (folder / "out/stills/maria_1x1.png").read_bytes().startswith(b"\x89PNG")
    assert Store(folder / ".adcli").open_keys() == ()
    assert (len(emulator.charges()), paid_twice(emulator.charges())) == (1, {})


def settle_soon(folder: Path, emulator: Emulator) -> None:
    """A whole run with real makers that believes within a second that a call never arrived."""
    with opened(
        folder / "campaign.yaml", Settings(yes=True), emulator.environment(), {}, lambda _: False
    ) as session:
        assert session.run(lambda _: None, patience=0.02)["exit_code"] == 0


def test_killed_while_the_answer_is_on_its_way(folder: Path, emulator_process: Emulator) -> None:
    emulator = emulator_process
    emulator.order(Fault("create", Kind.DELAY, seconds=20, accepted=True))
    kill_when(lambda: bool(emulator.charges()), folder, emulator)
    assert state_of(folder) == "intent"
    emulator.reset()
    finishes(folder, emulator)
    assert emulator.calls("create") == 0


def test_killed_while_the_job_runs(folder: Path, emulator_process: Emulator) -> None:
    emulator = emulator_process
    emulator.change(pace={"seconds": [0.1, 60]})
    kill_when(lambda: emulator.calls("get") > 0, folder, emulator)
    assert state_of(folder) == "accepted"
    emulator.change(pace={"polls": [1, 2]})
    finishes(folder, emulator)
    assert emulator.calls("create") == 1


def test_killed_between_finished_and_stored(folder: Path, emulator_process: Emulator) -> None:
    emulator = emulator_process
    emulator.order(Fault("download", Kind.HANG))
    kill_when(lambda: emulator.calls("download") > 0, folder, emulator)
    assert state_of(folder) == "finished"
    emulator.reset()
    finishes(folder, emulator)
    assert emulator.calls("create") == 0


def test_killed_before_the_request_arrived(tmp_path: Path, emulator_process: Emulator) -> None:
    emulator = emulator_process
    buyer = Buyer(tmp_path / "ads", emulator)
    emulator.order(Fault("create", Kind.HANG))
    kill_when(lambda: emulator.calls("create") > 0, buyer.studio.folder, emulator)
    assert state_of(buyer.studio.folder) == "intent"
    assert emulator.charges() == []
    emulator.reset()
    assert buyer.run() == 0
    states = [cp.attempts for cp in buyer.store.checkpoints() if cp.task == IMAGE]
    assert sorted(attempt.state.value for attempts in states for attempt in attempts) == ["absent", "stored"]
    assert (len(emulator.charges()), buyer.store.open_keys()) == (1, ())


@pytest.mark.parametrize("state", ["intent", "finished"])
def test_killed_at_a_seen_state_over_and_over(state: str, folder: Path, emulator_process: Emulator) -> None:
    emulator = emulator_process
    emulator.change(pace={"seconds": [0.2, 0.6]})
    emulator.order(
        Fault("create", Kind.DELAY, seconds=0.3, accepted=True), Fault("download", Kind.DELAY, seconds=0.3)
    )
    order = ["none", "intent", "accepted", "finished", "stored"]
    for _ in range(2):
        if state_of(folder) != "stored":
            kill_when(lambda: order.index(state_of(folder)) >= order.index(state), folder, emulator)
    emulator.reset()
    settle_soon(folder, emulator)
    finishes(folder, emulator)

"""Kills at the n-th mutating system call, by a tracer that knows nothing of Python."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.crash.faults import TROUBLES
from tests.crash.harness import Harness
from tests.crash.orders import Ended, Order
from tests.crash.trades import TRADES
from tests.emulator.server import Emulator

pytestmark = pytest.mark.crash
ROOT = Path(__file__).parents[2]
CALLS = {"fsync": 40, "rename": 24, "sendto": 8}
"""How many of each the main thread of an undisturbed run makes, at least."""
SEED = 20261121


@pytest.fixture(scope="module")
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        pytest.skip("strace is not installed")
    if subprocess.run([found, "-o", os.devnull, "true"], capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")
    return found


def struck(strace: str, call: str, nth: int, order: Order, folder: Path) -> bool:
    """Runs a campaign that is killed at its ``nth`` such call; False when it made fewer."""
    told = folder / "order.json"
    told.write_text(json.dumps(asdict(order)))
    tracer = [strace, "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}"]
    tracer += ["-e", f"inject={call}:signal=KILL:when={nth}"]
    command = [*tracer, sys.executable, "-B", "-m", "tests.crash.alone", str(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)


def places(count: int) -> list[tuple[str, int]]:
    """So many of each call, one in each equal stretch of a run."""
    chance = random.Random(SEED)
    return [
        (call, int((number + chance.random()) * most / count) + 1)
        for call, most in CALLS.items()
        for number in range(count)
    ]


@pytest.mark.parametrize(("call", "nth"), places(2))
@pytest.mark.parametrize("trouble", ["none", "accepted, then dropped"])
def test_killed_at_a_system_call(call: str, nth: int, trouble: str, strace: str, harness: Harness) -> None:
    trade = TRADES["replicate"]

    def strike(file: Path, emulator: Emulator, patience: float) -> Ended:
        order = Order(str(file), emulator.environment(), patience)
        return Ended(killed=struck(strace, call, nth, order, file.parent))

    trial = harness.trial(trade, TROUBLES[trouble], strike=strike)
    assert (trial.kills, trial.wrong) == (1, [])

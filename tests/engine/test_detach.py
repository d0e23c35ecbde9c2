"""Ctrl-C while a call is on its way: its answer is waited for and written down, and the job goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from adcli.state.store import Store
from tests.cli.driving import adcli, write
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.engine.buying import IMAGE, STILLS


def test_a_job_id_that_is_on_its_way_is_kept(tmp_path: Path, emulator_process: Emulator) -> None:
    emulator = emulator_process
    write(tmp_path, **STILLS)
    emulator.order(Fault("create", Kind.DELAY, seconds=1.0, accepted=True))
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | emulator.environment()
    command = [sys.executable, "-m", "adcli.cli.main", "run", "--yes", "-q"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdin=subprocess.DEVNULL) as process:
        until = time.monotonic() + 30
        while not emulator.charges():
            assert time.monotonic() < until
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    (image,) = [found for found in Store(tmp_path / ".adcli").checkpoints() if found.task == IMAGE]
    assert image.last_attempt is not None
    assert (image.last_attempt.state, image.last_attempt.job) == ("accepted", emulator.charges()[0].job)
    emulator.reset()
    done = adcli("run", "--yes", "--json", cwd=tmp_path, env=emulator.environment())
    assert done.code == 0, done.err
    assert (len(emulator.charges()), emulator.calls("list"), emulator.calls("create")) == (1, 0, 0)

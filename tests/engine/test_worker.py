"""A worker and what it has started end with the driver, however that ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORKER = """
import subprocess, sys
from adcli.engine.worker import die_with_parent
die_with_parent()
subprocess.run([sys.executable, "-c", "import time; print('encoding', flush=True); time.sleep(60)"])
"""
DRIVER = f"""
import subprocess, sys
worker = subprocess.Popen([sys.executable, "-c", {WORKER!r}], start_new_session=True)
print(worker.pid, flush=True)
worker.wait()
"""


def alive(group: int) -> list[str]:
    """Processes of a group that still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group, *_ = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            found.append(entry.parent.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels don't tell")
def test_a_killed_driver_leaves_no_process_behind() -> None:
    driver = subprocess.Popen([sys.executable, "-c", DRIVER], stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    group = int(driver.stdout.readline())
    assert driver.stdout.readline() == "encoding\n"
    assert len(alive(group)) == 2
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    until = time.monotonic() + 20
    while alive(group) and time.monotonic() < until:
        time.sleep(0.02)
    assert alive(group) == []
    driver.stdout.close()

"""What a whole free draft takes, cold: ``python -m benchmarks.draft [--quality preview] [--quality final]``.

Runs ``adcli run`` on a copy of the demo (or ``--campaign FILE``) with an empty state, as its own process,
and looks at its processes twenty times a second: seconds until the first and the last video, CPU of all of
them, and the most memory that they held together (proportional, so that what workers share counts once).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

DEMO = Path(__file__).parents[1] / "campaigns" / "demo.yaml"
LOOK = 0.05


def family(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def resident(pid: int) -> int:
    """Proportional set size in kB (proc(5), smaps_rollup); 0 for a process that is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def measure(campaign: Path, quality: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "campaign"
        folder.mkdir()
        shutil.copytree(campaign.parent / "assets", folder / "assets")
        shutil.copy(campaign, folder / "campaign.yaml")
        command = [sys.executable, "-m", "adcli.cli.main", "run", "--quality", quality]
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        began, first, most, ticks = time.monotonic(), 0.0, 0, 0
        process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            if not first and any(folder.rglob("out/**/*.mp4")):
                first = time.monotonic() - began
            if ticks % 4 == 0:
                most = max(most, sum(resident(pid) for pid in family(process.pid)))
            ticks += 1
            time.sleep(LOOK)
        wall = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        videos = len(list(folder.rglob("out/**/*.mp4")))
    cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    figures = f"{first:9.1f} {wall:9.1f} {cpu:9.1f} {most / 1024:9.0f}"
    print(f"{quality:8} {videos:6} {figures}   exit {process.returncode}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.draft", description=__doc__)
    parser.add_argument("--campaign", type=Path, default=DEMO)
    parser.add_argument("--quality", action="append", choices=("preview", "final", "max"))
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    print(f"{'quality':8} {'videos':>6} {'first s':>9} {'all s':>9} {'CPU s':>9} {'MB':>9}")
    for quality in given.quality or ("preview", "final"):
        measure(given.campaign, quality)


if __name__ == "__main__":
    main()

"""Runs a command and tells what all its processes used together: CPU, wall clock, memory."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Used:
    """CPU seconds (user and system) of a whole process tree, seconds by the clock, and megabytes at most:
    of all its processes together, and of its largest one.
    """

    cpu: float
    wall: float
    mb: float
    largest_mb: float


def used(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> Used:
    """Runs a command to its end; raises CalledProcessError when it fails.

    This process becomes a sub-reaper, so that what a browser leaves behind, which its own parent never
    waits for, is counted, too. Nothing else may run as a child meanwhile.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    before, started = _children(), time.monotonic()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, env=dict(env) if env else None, stdout=subprocess.DEVNULL
    )
    watch = _Watch(process.pid)
    watch.start()
    code = process.wait()
    wall = time.monotonic() - started
    watch.stop()
    _reap()
    if code:
        raise subprocess.CalledProcessError(code, [str(part) for part in command])
    return Used(_children() - before, wall, watch.most / 1e6, watch.largest / 1e6)


def _children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _reap() -> None:
    """Waits for whatever the command left behind."""
    for _ in range(200):
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            time.sleep(_LOOK_EVERY)


class _Watch(threading.Thread):
    """Looks at the memory of a process and all its descendants while they run; in bytes."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root, self._over = root, threading.Event()
        self.most = self.largest = 0

    def run(self) -> None:
        """Looks until it is stopped."""
        while not self._over.wait(_LOOK_EVERY):
            sizes = [_resident(pid) for pid in _family(self._root)]
            self.most = max(self.most, sum(sizes))
            self.largest = max([self.largest, *sizes])

    def stop(self) -> None:
        """Ends it."""
        self._over.set()
        self.join()


def _family(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0

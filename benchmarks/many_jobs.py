"""Many at once, and many in a row: ``python -m benchmarks.many_jobs [--jobs 1000] [--tasks 10000]``.

First so many paid jobs in flight from one process, against the emulator in a process of its own: CPU and
memory of adcli, and how often it asks. Then so many instant tasks with full durability (stand-in
makers at the executor's seam): tasks a second and where the time goes. Seconds of timers add up over
threads.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import os
import pstats
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from benchmarks.makespan import IMAGE, SMALL, Watch, most_at_once
from benchmarks.quick_emulator import running
from tests.engine.buying import STILLS, OwnWords
from tests.engine.studio import Studio

TASKS_OF_AN_AD = 4
"""Script, picture, still, publishing."""


@dataclass(frozen=True)
class Cost:
    """What something took of this process."""

    wall: float
    cpu: float
    system: float

    @classmethod
    def now(cls) -> Cost:
        """Since the process began."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        return cls(time.monotonic(), used.ru_utime + used.ru_stime, used.ru_stime)

    def since(self, earlier: Cost) -> Cost:
        """The difference."""
        return Cost(self.wall - earlier.wall, self.cpu - earlier.cpu, self.system - earlier.system)


def memory(name: str) -> int:
    """MB: ``VmRSS`` now, or ``VmHWM``, the most so far."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith(name))


def people(count: int) -> list[dict[str, str]]:
    return [{"name": f"Person {n}", "prompt": f"woman, no. {n}"} for n in range(count)]


def in_flight(count: int, seconds: float) -> bool:
    """So many jobs at once, each of so many seconds; True when something was wrong."""
    limits = {"replicate": {"concurrency": count, "per_minute": 60_000}}
    document = STILLS | {
        "characters": people(count),
        "limits": limits,
        "providers": {"image": f"replicate:{IMAGE}"},
        "models": {"image": SMALL},
    }
    with tempfile.TemporaryDirectory() as name, running(Path(name) / "ledger.jsonl") as emulator:
        emulator.change(pace={"seconds": [seconds / 4, seconds]})
        studio, watch = Studio(Path(name) / "work", document), Watch()
        first = memory("VmRSS")
        with opened(studio.file, Settings(yes=True), emulator.environment(), {}, lambda _: False) as session:
            planned, before = memory("VmRSS"), Cost.now()
            result = session.run(watch, lambda _: OwnWords(), 1.0)
            cost = Cost.now().since(before)
        held = watch.spans("image", "accepted", "stored")
        calls = emulator.counts()["calls"]
        charges = len(emulator.charges())
    print(f"{count} jobs of {seconds:g} s: {most_at_once(held)} in flight at once, {charges} charges")
    each = 1000 * cost.cpu / count
    print(f"  {cost.wall:.1f} s; CPU {cost.cpu:.1f} s ({cost.system:.1f} of it system), {each:.1f} ms a job")
    print(f"  memory: {first} MB before, {planned} with the plan, {memory('VmHWM')} at most")
    asked = ", ".join(f"{name} {number}" for name, number in sorted(calls.items()))
    print(f"  requests: {asked}; {calls.get('get', 0) / cost.wall * 60:.0f} looks a minute")
    for failure in watch.failed[:3]:
        print(f"  failed: {failure}")
    return bool(result["exit_code"]) or charges != count


class Timers:
    """Seconds and calls of functions, over all threads."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()

    def wrap(self, owner: Any, name: str, label: str) -> None:
        """Times a function from now on, wherever it is called by that name."""
        whole: Callable[..., Any] = vars(owner)[name]

        def timed(*given: Any, **named: Any) -> Any:
            began = time.perf_counter()
            try:
                return whole(*given, **named)
            finally:
                took = time.perf_counter() - began
                with self._lock:
                    self.seconds[label] += took  # type: ignore[assignment]
                    self.calls[label] += 1

        setattr(owner, name, timed)


def in_a_row(tasks: int, *, profile: bool) -> bool:
    """So many instant tasks; True when something was wrong."""
    timers, profiler = Timers(), cProfile.Profile()
    with tempfile.TemporaryDirectory() as name:
        studio = Studio(Path(name), STILLS | {"characters": people(tasks // TASKS_OF_AN_AD), "providers": {}})
        began = Cost.now()
        with opened(studio.file, Settings(), {}, {}, lambda _: False) as session:
            planned = Cost.now()
            for owner, function, label in (
                (os, "fsync", "fsync"),
                (os, "replace", "rename"),
                (hashlib, "file_digest", "hashing files"),
                (os, "mkdir", "mkdir"),
            ):
                timers.wrap(owner, function, label)
            if profile:
                profiler.enable()
            result = session.run(lambda _: None, lambda _: OwnWords())
            profiler.disable()
            done = Cost.now()
        again = Cost.now()
        with opened(studio.file, Settings(), {}, {}, lambda _: False) as session:
            session.run(lambda _: None, lambda _: OwnWords())
        over = Cost.now().since(again)
    count = len(result["tasks"])
    plan, work = planned.since(began), done.since(planned)
    print(f"{count} instant tasks, each durable: {work.wall:.1f} s, {count / work.wall:.0f} tasks a second")
    print(f"  CPU {work.cpu:.1f} s ({work.system:.1f} of it system), {memory('VmHWM')} MB at most")
    print(f"  planning before it {plan.wall:.1f} s; the next run, with nothing to do, {over.wall:.1f} s")
    for label, seconds in timers.seconds.most_common():
        per = 1e6 * seconds / max(1, timers.calls[label])
        print(f"  {label:16}{seconds:8.1f} s in {timers.calls[label]:7} calls, {per:7.0f} µs each")
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    return bool(result["exit_code"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_jobs", description=__doc__)
    parser.add_argument("--jobs", type=int, default=1000, help="in flight; 0: leave that out")
    parser.add_argument("--seconds", type=float, default=60.0, help="of a job")
    parser.add_argument("--tasks", type=int, default=10_000, help="in a row; 0: leave that out")
    parser.add_argument("--profile", action="store_true", help="where the main thread is; slows it down")
    given = parser.parse_args()
    wrong = bool(given.jobs) and in_flight(given.jobs, given.seconds)
    wrong |= bool(given.tasks) and in_a_row(given.tasks, profile=given.profile)
    sys.exit(wrong)


if __name__ == "__main__":
    main()

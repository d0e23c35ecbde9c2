"""How near a run of paid calls comes to what its lanes allow: ``python -m benchmarks.makespan [--ads 100]``.

The emulator runs in a process of its own, with latencies scaled down; local work is done by stand-in makers
at the executor's seam, so that nothing but waiting for services is measured. Two bounds are printed: the
work of the fullest lane, and that with what has to come before its first and after its last call.
From the ledger and the events: calls in flight never above a lane, starts never above the rate.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

from adcli.engine.events import AttemptChanged, Event, TaskEnded
from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from benchmarks.quick_emulator import running
from tests.emulator.server import Emulator
from tests.engine.buying import OwnWords
from tests.engine.studio import Studio

WINDOW = 60.0
REAL = 60.0
"""Seconds that a job really takes: what the scale is measured by."""
IMAGE, CLIP = "black-forest-labs/flux-1.1-pro", "kwaivgi/kling-v2.5-turbo-pro"
SMALL = {"aspect_ratio": "custom", "width": 288, "height": 512, "output_format": "jpg"}
"""Drawing large pictures would take the emulator longer than they take to arrive."""


@dataclass
class Watch:
    """When each attempt entered each state, by this process's clock."""

    at: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    failed: list[str] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Takes note of one event."""
        if isinstance(event, AttemptChanged):
            self.at[event.task].setdefault(event.state, time.monotonic())
        if isinstance(event, TaskEnded) and event.status == "failed":
            self.failed.append(f"{event.task}: {event.error and event.error['message']}")

    def spans(self, stage: str, first: str, last: str) -> list[tuple[float, float]]:
        """From one state to another, of every call of a stage."""
        found = [at for task, at in self.at.items() if task.partition("@")[0].endswith(f"/{stage}")]
        return [(at[first], at[last]) for at in found if first in at and last in at]


def campaign(ads: int, lanes: dict[str, int], per_minute: int) -> dict[str, Any]:
    people = [{"name": f"Person {n}", "prompt": f"woman, no. {n}"} for n in range(ads)]
    limits: dict[str, Any] = {f"replicate:{stage}": {"concurrency": size} for stage, size in lanes.items()}
    return {
        "name": "makespan",
        "template": "problem-solution",
        "aspect_ratios": ["9:16"],
        "duration": 5,
        "product": {"name": "Glow Serum", "benefits": ["calm skin"]},
        "characters": people,
        "providers": {"image": f"replicate:{IMAGE}", "animate": f"replicate:{CLIP}"},
        "models": {"image": SMALL},
        "limits": {**limits, "replicate": {"per_minute": per_minute}},
        "budget": {"hold_above": 5},
    }


def most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """The most of them that overlap."""
    steps = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


def most_in_window(times: list[float]) -> int:
    """The most of them within any window of the rate."""
    times, first, most = sorted(times), 0, 0
    for last, moment in enumerate(times):
        while times[first] <= moment - WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


@dataclass(frozen=True)
class Bound:
    """Seconds that no schedule beats. ``plain``: the fullest lane, the longest chain, the rate."""

    plain: float
    whole: float


def bound(calls: dict[str, int], lanes: dict[str, int], job: float, per_minute: int) -> Bound:
    chain = job * len(calls)
    full = {stage: ceil(count / lanes[stage]) * job for stage, count in calls.items()}
    rate = WINDOW * ((sum(calls.values()) - 1) // per_minute) + job
    around = job * (
        len(calls) - 1
    )  # each clip comes after a picture: one lane begins late, the other ends early
    return Bound(
        max(chain, rate, *full.values()), max(chain, rate, *(work + around for work in full.values()))
    )


def run(folder: Path, emulator: Emulator, document: dict[str, Any], scale: float) -> tuple[Watch, float, int]:
    """One whole run; gives what was watched, its seconds and its exit code."""
    studio, watch = Studio(folder, document), Watch()
    with opened(studio.file, Settings(yes=True), emulator.environment(), {}, lambda _: False) as session:
        began = time.monotonic()
        result = session.run(watch, lambda _: OwnWords(), scale)
    return watch, time.monotonic() - began, int(result["exit_code"])


def mean(spans: list[tuple[float, float]]) -> float:
    return sum(end - start for start, end in spans) / max(1, len(spans))


def report(watch: Watch, emulator: Emulator, lanes: dict[str, int], job: float, per_minute: int) -> bool:
    """Prints what the lanes did; True when one was overrun."""
    overrun = False
    columns = ("calls", "lane", "most", "send", "job", "noticed", "stored")
    print(f"{'':10}" + "".join(f"{column:>9}" for column in columns) + "   (mean seconds)")
    for stage, size in lanes.items():
        held = watch.spans(stage, "intent", "stored")
        sent, ran = watch.spans(stage, "intent", "accepted"), watch.spans(stage, "accepted", "finished")
        late, kept = mean(ran) - job, mean(watch.spans(stage, "finished", "stored"))
        most = most_at_once(held)
        overrun |= most > size
        print(f"{stage:10}{len(held):9}{size:9}{most:9}{mean(sent):9.3f}{job:9.2f}{late:+9.3f}{kept:9.3f}")
    charges = emulator.charges()
    arrived = [datetime.fromisoformat(charge.at).timestamp() for charge in charges]
    most = most_in_window(arrived)
    overrun |= most > per_minute
    served = most_at_once([(moment, moment + job) for moment in arrived])
    overrun |= served > sum(lanes.values())
    at_once = f"at most {served} jobs at once (lanes: {sum(lanes.values())})"
    print(f"at the service: {len(charges)} charges, {at_once},")
    print(f"  at most {most} starts in any {WINDOW:g} s (allowed: {per_minute})")
    return overrun


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.makespan", description=__doc__)
    parser.add_argument("--ads", type=int, default=100)
    parser.add_argument("--job", type=float, default=30.0, help="seconds of a job, for 60 real ones")
    parser.add_argument("--image", type=int, default=20, help="lane")
    parser.add_argument("--animate", type=int, default=20, help="lane")
    parser.add_argument("--per-minute", type=int, default=300)
    given = parser.parse_args()
    lanes = {"image": given.image, "animate": given.animate}
    with tempfile.TemporaryDirectory() as name, running(Path(name) / "ledger.jsonl") as emulator:
        emulator.change(pace={"seconds": [given.job / 4, given.job]})
        document = campaign(given.ads, lanes, given.per_minute)
        before = resource.getrusage(resource.RUSAGE_SELF)
        watch, seconds, code = run(Path(name) / "work", emulator, document, given.job / REAL)
        after = resource.getrusage(resource.RUSAGE_SELF)
        calls = {stage: len(watch.spans(stage, "intent", "stored")) for stage in lanes}
        least = bound(calls, lanes, given.job, given.per_minute)
        overrun = report(watch, emulator, lanes, given.job, given.per_minute)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{given.ads} ads: {seconds:.1f} s (exit {code}); adcli's CPU {cpu:.1f} s, {after.ru_maxrss >> 10} MB"
    )
    print(f"the fullest lane alone {least.plain:.1f} s: {seconds / least.plain:.3f}")
    print(f"with what comes before and after {least.whole:.1f} s: {seconds / least.whole:.3f}")
    with suppress(IndexError):
        print(f"failed: {watch.failed[0]}")
    sys.exit(bool(code or overrun or watch.failed))


if __name__ == "__main__":
    main()

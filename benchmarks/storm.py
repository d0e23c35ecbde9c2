"""A 429 storm and an hour's outage in virtual time: ``python -m benchmarks.storm [--ads 300] [--seed 1]``.

The real engine runs whole campaigns on an event loop whose clock jumps to the next timer, so that hours pass
in seconds. This is the one place where a stand-in for a client is right: sockets know no virtual
time. It counts every charge; no call may be charged twice, and a run may take at most 10% longer
than an undisturbed one plus the time for which the service was of no use.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from asyncio_throttle import throttler

import adcli.engine.orphans
import adcli.engine.paid
import adcli.state.runs
from adcli.errors import NotSent, OutcomeUnknown, RateLimited
from adcli.keys import canonical, digest
from adcli.providers import replicate
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.work import File
from benchmarks.virtual_time import BEGAN, POLICY, install
from tests.engine.buying import MODEL, STILLS, OwnWords
from tests.engine.studio import Studio

LATENCY, JOB = 0.3, 45.0
"""Seconds: of one request, and of a job from its acceptance to its end."""
LANE, PER_MINUTE = 8, 120
HOUR, STORM = 3600.0, 600.0
RATE = 6
"""Starts a minute of an account that is held back."""


@dataclass
class Weather:
    """What the service is like. ``refuses`` gives the seconds that it asks to wait for, or None."""

    down: tuple[float, float] = (-1.0, -1.0)
    refuses: Callable[[Cloud, float], float | None] = lambda _cloud, _now: None
    tells: bool = True
    per_minute: int | None = None
    """Said with every refusal, as Replicate does to an account with little credit."""

    def is_down(self, now: float) -> bool:
        """Whether nothing gets through."""
        return self.down[0] <= now < self.down[1]


@dataclass
class Cloud:
    """A ``PaidClient`` and the service behind it. ``charges`` counts what it was paid for."""

    weather: Weather
    chance: random.Random
    spec: Any = replicate.SPEC
    jobs: dict[str, tuple[float, Mapping[str, Any]]] = field(default_factory=dict)
    charges: Counter[str] = field(default_factory=Counter)
    accepted: list[float] = field(default_factory=list)
    refusals: int = 0
    requests: int = 0

    def endpoint(self, call: Call) -> str:
        """A word for it."""
        del call
        return "virtual"

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """One POST: charged when it is accepted, whatever becomes of the answer."""
        del folder
        await self._reach()
        now = POLICY.now()
        wait = self.weather.refuses(self, now)
        if wait is not None:
            self.refusals += 1
            told = wait if self.weather.tells else None
            raise RateLimited("replicate", "throttled", retry_after=told, per_minute=self.weather.per_minute)
        job = f"job-{len(self.jobs) + 1}"
        self.jobs[job] = (now, dict(call.body))
        self.charges[digest(canonical(call.body))] += 1
        self.accepted.append(now)
        await self._answer("the answer was lost")
        return Accepted(job)

    async def poll(self, handle: JobHandle) -> Finished | None:
        """One look at a job."""
        await self._reach()
        await self._answer("no answer")
        return Finished({"images": 1}) if POLICY.now() >= self.jobs[handle.job][0] + JOB else None

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """One download."""
        await self._reach()
        await self._answer("the download broke off")
        path = folder / "image.png"
        path.write_bytes(handle.job.encode())
        return {"image": File(path, "image/png", {"width": 1, "height": 1})}

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """One look at the list."""
        await self._reach()
        await self._answer("no answer")
        earliest = (since - BEGAN).total_seconds()
        fitting = (job for job, (at, body) in self.jobs.items() if at >= earliest and body == call.body)
        return tuple(Accepted(job) for job in fitting if job not in claimed)

    async def check(self) -> str:
        """One free request."""
        await self._reach()
        await self._answer("no answer")
        return "virtual"

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """All is known."""

    async def prepare(self, call: Call) -> None:
        """Nothing to do."""

    async def cancel(self, handle: JobHandle) -> None:
        """Nothing to stop."""

    async def at_once(self, stage: str) -> int | None:
        """No limit is told."""
        del stage
        return None

    async def close(self) -> None:
        """Nothing is open."""

    async def _reach(self) -> None:
        """The way there: in an outage half of the requests never leave."""
        self.requests += 1
        await asyncio.sleep(LATENCY / 2)
        if self.weather.is_down(POLICY.now()):
            if self.chance.random() < 0.5:
                raise NotSent("replicate", "the service can't be reached")
            await asyncio.sleep(self.chance.choice((0.0, 10.0)))
            raise OutcomeUnknown("replicate", "the service answered 503")

    async def _answer(self, trouble: str) -> None:
        """The way back: what was accepted as the outage began is never heard of."""
        await asyncio.sleep(LATENCY / 2)
        if self.weather.is_down(POLICY.now()):
            raise OutcomeUnknown("replicate", trouble)


@dataclass(frozen=True)
class Outcome:
    """What one run came to."""

    seconds: float
    exit_code: int
    cloud: Cloud

    @property
    def extra(self) -> int:
        """Charges beyond one a call."""
        return sum(count - 1 for count in self.cloud.charges.values())


def run(folder: Path, ads: int, seed: int, weather: Weather) -> Outcome:
    """One campaign of so many pictures, from nothing."""
    random.seed(seed)
    cloud = Cloud(weather, random.Random(seed))
    people = [{"name": f"Person {n}", "prompt": f"woman, no. {n}"} for n in range(ads)]
    limits = {"replicate": {"concurrency": LANE, "per_minute": PER_MINUTE}}
    providers = {"image": f"replicate:{MODEL}"}
    studio = Studio(folder, STILLS | {"characters": people, "limits": limits, "providers": providers})
    vars(replicate)["client"] = lambda _environ: cloud
    POLICY.restart()
    studio.run(OwnWords(), {"REPLICATE_API_TOKEN": "virtual"}, patience=1.0, yes=True)
    return Outcome(POLICY.now(), studio.result["exit_code"], cloud)


def overload(start: float) -> Callable[[Cloud, float], float | None]:
    """Every create is refused for a while."""
    return lambda _cloud, now: 30.0 if start <= now < start + STORM else None


def stricter(rate: int) -> Callable[[Cloud, float], float | None]:
    """The service allows fewer starts a minute than the campaign says."""

    def refuses(cloud: Cloud, now: float) -> float | None:
        recent = [at for at in cloud.accepted[-rate:] if at > now - 60.0]
        return recent[0] + 60.0 - now if len(recent) == rate else None

    return refuses


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--ads", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    install([adcli.engine.paid, adcli.engine.orphans, adcli.state.runs], [throttler])
    told = f"{LANE} at once, {PER_MINUTE} starts a minute, jobs of {JOB:g} s (seed {given.seed})"
    print(f"{given.ads} calls, {told}")
    columns = ("took s", "ideal s", "ratio", "charges", "extra", "429s", "requests", "real s")
    print(f"{'':40}" + "".join(f"{column:>9}" for column in columns))
    undisturbed, bad = 0.0, 0
    for make in SCENES:
        scene = make(given.ads, undisturbed / 3)
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            outcome = run(Path(folder), given.ads, given.seed, scene.weather)
            real = time.perf_counter() - began
        undisturbed = undisturbed or outcome.seconds
        ideal = max(undisturbed + scene.useless, scene.least)
        cloud, ratio, charges = outcome.cloud, outcome.seconds / ideal, outcome.cloud.charges.total()
        late = scene.judged and ratio > 1.1
        wrong = late or outcome.extra > 0 or outcome.exit_code != 0 or charges != given.ads
        bad += wrong
        print(
            f"{scene.name:40}{outcome.seconds:9.0f}{ideal:9.0f}{ratio:9.3f}{charges:9}{outcome.extra:9}"
            f"{cloud.refusals:9}{cloud.requests:9}{real:9.1f}{'  WRONG' if wrong else ''}"
        )
    sys.exit(bool(bad))


@dataclass(frozen=True)
class Scene:
    """One run: the weather, the seconds in which it lets nothing be done, and the least that it lets take."""

    name: str
    weather: Weather
    useless: float = 0.0
    least: float = 0.0
    judged: bool = True
    """Its time counts. A rate that nobody tells can only be felt for: there the charges count alone."""


def _least(ads: int) -> float:
    return (ads - 1) // RATE * 60.0 + JOB


SCENES: tuple[Callable[[int, float], Scene], ...] = (
    lambda _ads, _at: Scene("undisturbed", Weather()),
    lambda _ads, at: Scene("an hour's outage", Weather(down=(at, at + HOUR)), HOUR),
    lambda _ads, at: Scene("10 min of 429 with retry-after", Weather(refuses=overload(at)), STORM),
    lambda _ads, at: Scene("10 min of 429 without a word", Weather(refuses=overload(at), tells=False), STORM),
    lambda ads, _at: Scene(
        f"{RATE} starts a minute, said", Weather(refuses=stricter(RATE), per_minute=RATE), 0.0, _least(ads)
    ),
    lambda ads, _at: Scene(
        "the same, with retry-after alone", Weather(refuses=stricter(RATE)), 0.0, _least(ads), judged=False
    ),
    lambda ads, _at: Scene(
        "the same without a word",
        Weather(refuses=stricter(RATE), tells=False),
        0.0,
        _least(ads),
        judged=False,
    ),
)
"""Made for so many calls; trouble begins after a third of an undisturbed run."""


if __name__ == "__main__":
    main()

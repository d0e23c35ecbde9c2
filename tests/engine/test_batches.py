"""Jobs of one group are made together when they wait together, and none is lost when that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from adcli.engine.batches import Batches, Outcome
from adcli.engine.lane import Lane
from adcli.errors import TaskFailed
from adcli.work import Job, Made

Hands = Callable[[Sequence[Job]], Awaitable[list[Outcome]]]


def job(task: str, group: str | None = "maria/hook/scene") -> Job:
    return Job(task, "scene", "local", None, {}, (), {}, Path(), group)


class Bench:
    """Makes anything at once, and remembers what was made together."""

    def __init__(self, size: int = 1, takes: float = 0.01) -> None:
        self.takes = takes
        self.made: list[list[str]] = []
        self.started: list[str] = []
        self.batches = Batches(Lane(size), self.work)

    async def work(self, jobs: Sequence[Job]) -> list[Outcome]:
        self.made.append([one.task for one in jobs])
        await asyncio.sleep(self.takes)
        return [Made({"segment": one.task}) for one in jobs]

    async def make(self, one: Job) -> Made:
        return await self.batches.make(one, 0, lambda: self.started.append(one.task))


def test_what_waits_together_is_made_together() -> None:
    async def run() -> Bench:
        bench = Bench()
        made = await asyncio.gather(*(bench.make(job(name)) for name in "abcd"))
        assert [one.outputs["segment"] for one in made] == list("abcd")
        return bench

    bench = asyncio.run(run())
    assert bench.made == [list("abcd")]
    assert bench.started == list("abcd")


def test_no_more_than_four_share_a_process() -> None:
    async def run() -> Bench:
        bench = Bench()
        await asyncio.gather(*(bench.make(job(str(n))) for n in range(6)))
        return bench

    assert [len(batch) for batch in asyncio.run(run()).made] == [4, 2]


def test_places_that_would_stay_empty_get_their_share() -> None:
    async def run() -> Bench:
        bench = Bench(size=2, takes=0.5)
        await asyncio.gather(*(bench.make(job(name)) for name in "abcd"))
        return bench

    assert sorted(asyncio.run(run()).made) == [["a", "b"], ["c", "d"]]


def test_other_groups_and_jobs_without_one_stay_apart() -> None:
    async def run() -> Bench:
        bench = Bench()
        jobs = [job("a"), job("b", "maria/cta/scene"), job("c", None), job("d")]
        await asyncio.gather(*map(bench.make, jobs))
        return bench

    assert sorted(asyncio.run(run()).made) == [["a", "d"], ["b"], ["c"]]


def test_each_job_has_its_own_error() -> None:
    class Picky(Bench):
        async def work(self, jobs: Sequence[Job]) -> list[Outcome]:
            return [TaskFailed("no") if one.task == "b" else Made({}) for one in jobs]

    async def run() -> list[Made | BaseException]:
        bench = Picky()
        return await asyncio.gather(*(bench.make(job(name)) for name in "abc"), return_exceptions=True)

    assert [isinstance(one, TaskFailed) for one in asyncio.run(run())] == [False, True, False]


def test_when_the_worker_dies_the_others_go_on_without_the_first() -> None:
    class Fragile(Bench):
        async def work(self, jobs: Sequence[Job]) -> list[Outcome]:
            made = await super().work(jobs)
            if len(jobs) == 3:
                raise TaskFailed("the process that made this died")
            return made

    async def run() -> tuple[Bench, list[Made | BaseException]]:
        bench = Fragile()
        found = await asyncio.gather(*(bench.make(job(name)) for name in "abc"), return_exceptions=True)
        return bench, found

    bench, found = asyncio.run(run())
    assert [isinstance(one, TaskFailed) for one in found] == [True, False, False]
    assert bench.made == [list("abc"), list("bc")]


@pytest.mark.parametrize("gone", "ab")
def test_whoever_stops_waiting_takes_nobody_along(gone: str) -> None:
    async def run() -> Bench:
        bench = Bench()
        waiting = {name: asyncio.ensure_future(bench.make(job(name))) for name in "abc"}
        await asyncio.sleep(0)
        waiting.pop(gone).cancel()
        await asyncio.gather(*waiting.values())
        return bench

    assert asyncio.run(run()).made == [[name for name in "abc" if name != gone]]

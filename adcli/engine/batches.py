"""Jobs of one group, such as a scene's ratios, are made together when they wait at the same time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from adcli.engine.lane import Lane
from adcli.errors import AdcliError
from adcli.work import Job, Made

Outcome = Made | AdcliError
Work = Callable[[Sequence[Job]], Awaitable[list[Outcome]]]
"""Makes jobs of one group; raises for none of them, but when the worker itself fails."""

GATHERING = 0.1
"""Seconds that a job waits for others of its group: they become ready in the same moment."""
MOST = 4
"""Jobs of one batch: one process of four ratios was seen to need 840 MB."""


@dataclass(slots=True)
class _Ticket:
    """A job that waits. ``outcome`` is what came of it; None: its batch went without it."""

    job: Job
    started: Callable[[], None]
    outcome: asyncio.Future[Outcome | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def settle(self, outcome: Outcome | None) -> None:
        """Wakes who waits for it."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class Batches:
    """The first job of a group holds its place in the lane; the others come along."""

    def __init__(self, lane: Lane, work: Work) -> None:
        self._lane, self._work = lane, work
        self._open: dict[str, list[_Ticket]] = {}

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        """What came of a job; raises its error."""
        if job.group is None:
            async with self._lane.slot(priority):
                started()
                (outcome,) = await self._work([job])
            return _made(outcome)
        while True:
            ticket = _Ticket(job, started)
            if job.group not in self._open:
                return _made(await self._lead(job.group, ticket, priority))
            self._open[job.group].append(ticket)
            found = await ticket.outcome
            if found is not None:
                return _made(found)

    async def _lead(self, group: str, ticket: _Ticket, priority: int) -> Outcome:
        batch = self._open[group] = [ticket]
        since = time.monotonic()
        try:
            async with self._lane.slot(priority):
                if (wait := since + GATHERING - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                taken = self._taken(self._open.pop(group))
                for one in taken:
                    one.started()
                outcomes = await self._work([one.job for one in taken])
            for one, outcome in zip(taken, outcomes, strict=True):
                one.settle(outcome)
            return outcomes[0]
        finally:
            if self._open.get(group) is batch:
                del self._open[group]
            for one in batch:
                one.settle(None)

    def _taken(self, batch: list[_Ticket]) -> list[_Ticket]:
        """As many as come along: places that would stay empty get their share, as a batch of their own."""
        waiting = [one for one in batch if not one.outcome.done()]
        each = -(-len(waiting) // (1 + self._lane.free))
        taken = waiting[: min(MOST, each)]
        for one in waiting[len(taken) :]:
            one.settle(None)
        return taken


def _made(outcome: Outcome) -> Made:
    if isinstance(outcome, AdcliError):
        raise outcome
    return outcome

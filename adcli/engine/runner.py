"""Runs a plan: every task once its inputs exist, depth first by ad, each result saved before it is used."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adcli.engine.budget import booked
from adcli.engine.events import AdEnded, TaskEnded
from adcli.engine.workshop import Stale, Workshop
from adcli.errors import AdcliError, CredentialError, Held, StorageError, TaskFailed
from adcli.graph.task import Ad, Task
from adcli.plan.build import Plan
from adcli.plan.resume import Decision
from adcli.registry import Catalogue
from adcli.state.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Ended:
    """How one task ended: a status of the contract, and what it cost in time and money."""

    status: str
    seconds: float = 0.0
    usd: float = 0.0
    attempts: int = 0
    error: Mapping[str, Any] | None = None
    exit_code: int = 0

    @property
    def good(self) -> bool:
        """Its result can be used."""
        return self.status in ("done", "reused", "shared")


@dataclass(slots=True)
class Runner:
    """One run's workings. ``ended`` fills up with every task's end."""

    shop: Workshop
    fail_fast: bool = False
    ended: dict[str, Ended] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _users: dict[str, list[str]] = field(default_factory=dict)

    async def run(self, selected: frozenset[str]) -> None:
        """Brings every selected task to its end; raises StorageError when nothing more can be saved."""
        rows = self.shop.plan.rows
        for name, row in rows.items():
            if name not in selected:
                self.ended[name] = Ended("skipped")
            elif row.verdict.decision is Decision.REUSE:
                self.ended[name] = Ended("reused")
            if row.verdict.same_as and name in selected:
                self._users.setdefault(row.verdict.same_as, [row.verdict.same_as]).append(name)
        waiting = [name for name in rows if name not in self.ended]
        try:
            async with asyncio.TaskGroup() as group:
                for priority, name in enumerate(waiting):
                    self._tasks[name] = group.create_task(self._bring(name, priority))
                for ad in self.shop.plan.graph.ads:
                    group.create_task(self._watch(ad))
        except* AdcliError as errors:
            raise errors.exceptions[0] from None
        finally:
            for name in rows:
                self.ended.setdefault(name, Ended("cancelled"))

    async def _watch(self, ad: Ad) -> None:
        """Tells when all that an ad needs is over."""
        pending = [self._tasks[goal] for goal in ad.goals if goal in self._tasks]
        if pending:
            await asyncio.wait(pending)
            ends = {goal: self.ended.get(goal, Ended("cancelled")) for goal in ad.goals}
            good = tuple(goal for goal, end in ends.items() if end.good)
            worked_on = [goal for goal in ad.goals if goal in self._tasks]
            status = "completed" if set(worked_on) <= set(good) else "failed"
            self.shop.emit(AdEnded(ad.id, status, good))

    async def _bring(self, name: str, priority: int) -> None:
        row = self.shop.plan.rows[name]
        task = row.task
        needs = {item.task for item in task.inputs}
        if row.verdict.same_as:
            needs = {row.verdict.same_as}
        pending = [self._tasks[need] for need in needs if need in self._tasks]
        if pending:
            await asyncio.wait(pending)
        broken = [need for need in needs if not self._is_good(need)]
        if not broken and not row.verdict.same_as:
            broken = await self._held_back(name)
        if broken:
            first = self.ended.get(broken[0], Ended("skipped"))
            status = "held" if first.status == "held" else "skipped"
            end = Ended(status)
        elif row.verdict.same_as:
            end = Ended("shared")
        else:
            end = await self._end(task, priority)
        self._finish(task, end)

    async def _held_back(self, name: str) -> list[str]:
        """What failed of the tasks that come first; one ready ad of those that share it is enough."""
        groups = [self.shop.plan.rows[user].task.after for user in self._users.get(name, (name,))]
        while not any(all(self._is_good(first) for first in group) for group in groups):
            waiting = {self._tasks[first] for group in groups for first in group if first in self._tasks}
            unfinished = {task for task in waiting if not task.done()}
            if not unfinished:
                return [first for first in groups[0] if not self._is_good(first)]
            await asyncio.wait(unfinished, return_when=asyncio.FIRST_COMPLETED)
        return []

    def _is_good(self, name: str) -> bool:
        return self.ended.get(name, Ended("skipped")).good

    def _finish(self, task: Task, end: Ended) -> None:
        self.ended[task.id] = end
        self.shop.emit(TaskEnded(task.id, task.stage, end.status, end.seconds, end.usd, end.error))
        if end.status == "failed" and self.fail_fast:
            for other in self._tasks.values():
                if other is not asyncio.current_task():
                    other.cancel()

    async def _end(self, task: Task, priority: int) -> Ended:
        while True:
            try:
                return await self._try(task, priority)
            except Stale:
                continue

    async def _try(self, task: Task, priority: int) -> Ended:
        before, started = 0, time.monotonic()
        try:
            key = self.shop.decider.key(task)
            if key is None:
                raise TaskFailed(f"an input of {task.id} has no such output")
            checkpoint = self.shop.store.checkpoint(key)
            before = len(checkpoint.attempts) if checkpoint else 0
            if checkpoint and checkpoint.is_finished and self._usable(task, checkpoint):
                self.shop.store.remember(task.recipe, key)
                self.shop.decider.settle(task, checkpoint)
                return Ended("reused")
            joined = self.shop.has_begun(key)
            checkpoint = await self.shop.make(task, key, priority)
        except StorageError:
            raise
        except OSError as error:
            raise StorageError.of(error, str(error.filename or self.shop.store.root)) from error
        except AdcliError as error:
            return self._error(task, error, time.monotonic() - started, before)
        if joined:
            return Ended("shared")
        usd = float(sum(booked(a) for a in checkpoint.attempts[before:]))
        return Ended("done", checkpoint.seconds or 0.0, usd, len(checkpoint.attempts) - before)

    def _error(self, task: Task, error: AdcliError, seconds: float, before: int) -> Ended:
        status = "held" if isinstance(error, Held) else "failed"
        key = self.shop.decider.key(task)
        known = self.shop.store.checkpoint(key) if key else None
        attempts = known.attempts[before:] if known else ()
        usd = float(sum(booked(a) for a in attempts))
        return Ended(status, seconds, usd, len(attempts), error.as_json(), error.exit_code)

    def _usable(self, task: Task, checkpoint: Checkpoint) -> bool:
        if task.stage == "publish" and self.shop.delivery.missing(task, checkpoint):
            return False
        return all(self.shop.store.has(output) for output in (checkpoint.outputs or {}).values())


def credentials_missing(
    plan: Plan, catalogue: Catalogue, environ: Mapping[str, str]
) -> CredentialError | None:
    """The first provider that this plan has to call and whose key is not in the environment."""
    calls = (Decision.RUN, Decision.MAYBE, Decision.ATTACH, Decision.COLLECT, Decision.FIND)
    for name in plan.ids(*calls):
        spec = catalogue.provider(plan.rows[name].task.provider).SPEC
        absent = spec.missing(environ)
        if absent:
            return CredentialError(
                spec.name,
                f"{name} needs {spec.name}, and {' and '.join(absent)} is not set",
                hint=f"export {absent[0]}=…  or use --draft, which needs no key",
            )
    return None

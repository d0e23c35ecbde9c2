"""A whole run: lock, plan, consent already given, work, results; whatever happens, what was made is kept."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adcli.engine.events import AdEnded, Emit, Event, Noted, RunEnded, RunStarted, event_json
from adcli.engine.fetching import Fetching
from adcli.engine.orphans import collect_orphans
from adcli.engine.pool import Executor, Pool, default_size
from adcli.engine.prepare import Prepared
from adcli.engine.purchasing import purchasing_of
from adcli.engine.results import document, exit_code
from adcli.engine.runner import Runner
from adcli.engine.workshop import Workshop
from adcli.errors import AdcliError, StorageError
from adcli.plan.resume import Decision
from adcli.providers._download import allowed_hosts
from adcli.state.files import storage_errors
from adcli.state.runs import new_run_id, start_run, timestamp, write_result
from adcli.units import usd_number

LAST_WORDS = 2.0
"""Seconds that a stopped run still gives the target to take ``results.json``."""
RESULT_EVERY = 1.0
"""Seconds between rewrites of the result while ads finish."""


@dataclass(slots=True)
class Journal:
    """Writes a run's events to its ``events.jsonl`` and passes them on."""

    path: Path
    show: Emit
    file: Any = None

    def __call__(self, event: Event) -> None:
        """Records one event; a full disk never hides the event from the person."""
        line = json.dumps(event_json(event, timestamp()), ensure_ascii=False)
        with contextlib.suppress(OSError):
            if self.file is None:
                self.file = self.path.open("a", encoding="utf-8")
            self.file.write(line + "\n")
            self.file.flush()
        self.show(event)

    def close(self) -> None:
        """Closes the file."""
        if self.file is not None:
            with contextlib.suppress(OSError):
                self.file.close()


@dataclass(slots=True)
class Execution:
    """One run of a prepared plan, from its first event to its result."""

    prepared: Prepared
    show: Emit
    environ: Mapping[str, str]
    flags: Mapping[str, Any]
    make_pool: Callable[[int], Executor] = Pool
    patience: float = 1.0
    run: str = field(default_factory=lambda: new_run_id(datetime.now(UTC)))
    _written: float = 0.0
    _stopped: int = 0

    def execute(self) -> dict[str, Any]:
        """Runs to the end and gives the result document. The caller holds the state's lock."""
        store = self.prepared.store
        folder = start_run(store.root, self.run, self.prepared.plan.graph.campaign, self.flags)
        if self.prepared.settings.retake:
            store.save_takes(self.prepared.takes)
        journal = Journal(folder / "events.jsonl", self.show)
        try:
            return asyncio.run(self._run(folder, journal))
        finally:
            journal.close()

    async def _run(self, folder: Path, journal: Journal) -> dict[str, Any]:
        started = time.monotonic()
        plan = self.prepared.plan
        todo = len(plan.rows) - len(plan.ids(Decision.REUSE, Decision.SHARE))
        journal(
            RunStarted(
                self.run,
                plan.graph.campaign,
                len(plan.rows),
                todo,
                len(plan.graph.ads),
                usd_number(plan.max_usd),
            )
        )
        for host in allowed_hosts(self.environ):
            journal(
                Noted(
                    f"ADCLI_ALLOW_HOSTS: results may come from {host}, also at a private address", "warning"
                )
            )
        runner = self._runner(journal, folder)
        try:
            with self._signals():
                self._stopped = await self._work(runner, journal)
        finally:
            await runner.shop.pool.stop()
            await runner.shop.purchasing.clients.close()
            await runner.shop.fetching.close()
        code = exit_code(runner.ended, self._stopped)
        result = document(self.run, runner, code)
        await self._save(folder, runner, result, journal)
        spent = result["cost"]["spent_usd"]
        journal(RunEnded(self.run, result["status"], code, time.monotonic() - started, spent))
        return result

    def _runner(self, journal: Journal, folder: Path) -> Runner:
        made, settings = self.prepared, self.prepared.settings
        shop = Workshop(
            plan=made.plan,
            decider=made.decider,
            memory=made.memory,
            store=made.store,
            catalogue=made.catalogue,
            pool=self.make_pool(settings.jobs or default_size()),
            delivery=made.delivery,
            emit=journal,
            purchasing=purchasing_of(made, self.environ, journal, self.patience),
            fetching=Fetching(self.environ, made.catalogue.stage("fetch").at_once, self.patience),
        )
        runner = Runner(shop, settings.fail_fast)

        def emit(event: Event) -> None:
            journal(event)
            if isinstance(event, AdEnded) and time.monotonic() - self._written >= RESULT_EVERY:
                self._written = time.monotonic()
                self._write_now(folder, runner)

        runner.shop.emit = runner.shop.purchasing.emit = emit
        return runner

    def _write_now(self, folder: Path, runner: Runner) -> None:
        write_result(folder, document(self.run, runner, 0, "running"))

    async def _work(self, runner: Runner, journal: Journal) -> int:
        """Does the work; gives the exit code of what stopped it early, else 0."""
        work = asyncio.current_task()
        assert work is not None
        try:
            async with asyncio.timeout(self.prepared.settings.timeout):
                await collect_orphans(runner.shop.purchasing, self.prepared)
                runner.shop.decider.go_live()
                await runner.run(self.prepared.selected)
                await collect_orphans(runner.shop.purchasing, self.prepared)
        except TimeoutError:
            return 124
        except asyncio.CancelledError:
            if not self._stopped:
                raise
            work.uncancel()
            return self._stopped
        except AdcliError as error:
            journal(Noted(f"{error}; {error.hint}" if error.hint else str(error), "warning"))
            return error.exit_code
        return 0

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """The first Ctrl-C or SIGTERM stops cleanly; a second one ends the process at once."""
        loop, work = asyncio.get_running_loop(), asyncio.current_task()
        assert work is not None

        def stop(number: int) -> None:
            if self._stopped:
                os._exit(128 + number)
            self._stopped = 128 + number
            work.cancel()

        handled = (signal.SIGINT, signal.SIGTERM)
        for number in handled:
            loop.add_signal_handler(number, stop, number)
        try:
            yield
        finally:
            for number in handled:
                loop.remove_signal_handler(number)

    async def _save(self, folder: Path, runner: Runner, result: dict[str, Any], journal: Journal) -> None:
        """Writes what this run leaves: result, the history that ``why`` reads, results beside the videos."""
        store = self.prepared.store
        try:
            write_result(folder, result)
            store.save_history(self.prepared.plan.graph.campaign, self._history(runner))
            if any(ad["outputs"] for ad in result["ads"]) and self._changed(runner):
                data = (json.dumps(result, ensure_ascii=False) + "\n").encode()
                with storage_errors("results.json"), contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LAST_WORDS if self._stopped else None):
                        await runner.shop.delivery.put_results(data)
        except AdcliError as error:
            journal(Noted(str(error), "warning"))
            if not result["exit_code"] or isinstance(error, StorageError):
                result |= {
                    "exit_code": error.exit_code,
                    "status": "disk" if error.exit_code == 13 else "failed",
                }

    def _changed(self, runner: Runner) -> bool:
        return any(end.status not in ("reused", "shared") for end in runner.ended.values())

    def _history(self, runner: Runner) -> dict[str, str]:
        """Last key of each task: today's, else the one it had before."""
        plan, before = self.prepared.plan, self.prepared.store.history(self.prepared.plan.graph.campaign)
        keys = {}
        for name, row in plan.rows.items():
            end = runner.ended.get(name)
            worked = end is not None and end.good and row.verdict.decision is not Decision.REUSE
            settled = runner.shop.decider.settled(row.task) if worked else None
            key = settled.key if settled else row.verdict.key or before.get(name)
            if key:
                keys[name] = key
        return keys

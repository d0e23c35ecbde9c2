"""The CPU executor: a few long-lived worker processes, handed out by priority."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from adcli.engine.batches import Batches
from adcli.engine.lane import Lane
from adcli.engine.worker import job_document, read_made
from adcli.errors import AdcliError, StorageError, TaskFailed, ToolMissing
from adcli.work import Job, Made

_LINE_LIMIT = 16 << 20
TASK_TIMEOUT = 900.0
"""Seconds after which a local task is given up: ten times the slowest scene seen on two cores."""


class Worker:
    """One child process; it is started when first needed and again after it died."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def make(self, jobs: Sequence[Job], timeout_seconds: float) -> list[Made | AdcliError]:
        """Has jobs of one group made; gives what came of each: its error is the maker's, as one of adcli's.

        Raises TaskFailed when the worker dies or takes too long.
        """
        line = json.dumps([job_document(job) for job in jobs], ensure_ascii=False).encode() + b"\n"
        try:
            async with asyncio.timeout(timeout_seconds):
                reply = await self._ask(line)
        except TimeoutError:
            await self.stop()
            raise TaskFailed(f"gave up after {timeout_seconds:g} s", hint="run again") from None
        except BaseException:
            await self.stop()
            raise
        if not reply:
            raise TaskFailed(await self._epitaph(), hint="run again; with less memory use --jobs 1")
        return [_read(one) for one in json.loads(reply)]

    async def _ask(self, line: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # a campaign's folder may hold modules called like others: none is imported by its name
                "-m",
                "adcli.engine.worker",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
                limit=_LINE_LIMIT,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write(line)
            await self._process.stdin.drain()
        return await self._process.stdout.readline()

    async def _epitaph(self) -> str:
        code = await self._process.wait() if self._process else 0
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return f"the process that made this died ({name})"

    async def stop(self) -> None:
        """Kills the worker and all that it started."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


_ERRORS: dict[int, type[AdcliError]] = {12: ToolMissing, 13: StorageError}


class Failure(TaskFailed):
    """A maker's error that came from another process, with its own code."""

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(document["message"], hint=document.get("hint"))
        self.code = document["code"]  # type: ignore[misc]


def _read(reply: dict[str, Any]) -> Made | AdcliError:
    if "made" in reply:
        return read_made(reply["made"])
    document = reply["error"]
    if "traceback" in reply:
        sys.stderr.write(reply["traceback"])
    kind = _ERRORS.get(reply["exit_code"])
    return kind(document["message"], hint=document.get("hint")) if kind else Failure(document)


class Executor(Protocol):
    """Where local work is done: the seam that tests and other machines stand in for."""

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        """Has one job made; a lower priority number goes first. Calls ``started`` when its turn comes."""
        ...

    async def stop(self) -> None:
        """Ends all work at once."""
        ...


class Pool:
    """As many workers as there is CPU work to do at once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._lane = Lane(size)
        self._idle = [Worker() for _ in range(size)]
        self._all = tuple(self._idle)
        self._batches = Batches(self._lane, self._work)

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        """Has a job made by the next free worker, together with others of its group that wait as well."""
        return await self._batches.make(job, priority, started)

    async def _work(self, jobs: Sequence[Job]) -> list[Made | AdcliError]:
        worker = self._idle.pop()
        try:
            return await worker.make(jobs, TASK_TIMEOUT * len(jobs))
        finally:
            self._idle.append(worker)

    async def stop(self) -> None:
        """Ends every worker."""
        await asyncio.gather(*(worker.stop() for worker in self._all))


def default_size() -> int:
    """One worker a core that this process may use, at most one per 900 MB of free memory.

    900 MB is the most that one segment's encoder was seen to need.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return cores
    return max(1, min(cores, free // (900 << 20)))

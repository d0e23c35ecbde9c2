"""The CPU executor: a few long-lived worker processes, and a lane that hands them out by priority."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from adcli.engine.worker import job_document, read_made
from adcli.errors import AdcliError, StorageError, TaskFailed, ToolMissing
from adcli.work import Job, Made

_LINE_LIMIT = 16 << 20
TASK_TIMEOUT = 900.0
"""Seconds after which a local task is given up: ten times the slowest scene seen on two cores."""


class Lane:
    """So many at once; of those that wait, the one that comes first in the plan goes first."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._busy = 0
        self._order = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @contextlib.asynccontextmanager
    async def slot(self, priority: int) -> AsyncIterator[None]:
        """Holds one of the lane's places."""
        await self._enter(priority)
        try:
            yield
        finally:
            self._leave()

    def resize(self, size: int) -> None:
        """Changes how many may be at work; those at work above a smaller size go on."""
        self.size = size
        self._wake()

    async def _enter(self, priority: int) -> None:
        if self._busy < self.size:
            self._busy += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._waiting, (priority, self._order, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        self._busy -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting and self._busy < self.size:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                self._busy += 1
                turn.set_result(None)


class Worker:
    """One child process; it is started when first needed and again after it died."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def make(self, job: Job, timeout_seconds: float) -> Made:
        """Has one job made; raises what the maker raised, as one of adcli's errors."""
        line = json.dumps(job_document(job), ensure_ascii=False).encode() + b"\n"
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
        return _read(json.loads(reply))

    async def _ask(self, line: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
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


def _read(reply: dict[str, Any]) -> Made:
    if "made" in reply:
        return read_made(reply["made"])
    document = reply["error"]
    if "traceback" in reply:
        sys.stderr.write(reply["traceback"])
    kind = _ERRORS.get(reply["exit_code"])
    raise kind(document["message"], hint=document.get("hint")) if kind else Failure(document)


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

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        """Has a job made by the next free worker."""
        async with self._lane.slot(priority):
            started()
            worker = self._idle.pop()
            try:
                return await worker.make(job, TASK_TIMEOUT)
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

"""How many may be at work at once, and whose turn is next."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator


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

    @property
    def free(self) -> int:
        """Places that nobody holds or waits for."""
        return max(0, self.size - self._busy - sum(not turn.done() for _, _, turn in self._waiting))

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

"""A clock that jumps: an event loop on which hours pass in the time that the work of them takes.

Loops made by ``POLICY`` share one clock; ``install`` makes modules read it that read the date or a
monotonic clock.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from types import ModuleType
from typing import Any

BEGAN = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""What the date is when the clock stands at 0."""


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing: the clock goes on by as long as it would have waited."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        if not found and timeout is None:
            raise RuntimeError("everybody waits, and no timer is set")
        if not found and timeout:
            self.loop.now += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time stands still while there is anything to do; what goes to a thread is done at once."""

    now = 0.0

    def __init__(self) -> None:
        selector = _Jumping()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Seconds of the virtual clock."""
        return self.now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        """Does it here and now."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done


class VirtualPolicy(asyncio.DefaultEventLoopPolicy):
    """All loops go on from where the clock of the last one stood."""

    def __init__(self) -> None:
        super().__init__()
        self.latest: VirtualLoop | None = None

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """A loop for ``asyncio.run``."""
        made = VirtualLoop()
        made.now = self.latest.now if self.latest else 0.0
        self.latest = made
        return made

    def restart(self) -> None:
        """The clock stands at 0 again."""
        self.latest = None

    def now(self) -> float:
        """Seconds since the run began."""
        return self.latest.now if self.latest else 0.0


POLICY = VirtualPolicy()


class VirtualDate(datetime):
    """The date that goes with the virtual clock."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> VirtualDate:
        """The virtual moment."""
        moment = BEGAN + timedelta(seconds=POLICY.now())
        return cls.fromtimestamp(moment.timestamp(), tz)


class VirtualTime:
    """What the throttle reads."""

    @staticmethod
    def monotonic() -> float:
        """Seconds since the run began."""
        return POLICY.now()


def install(dates: Iterable[ModuleType], clocks: Iterable[ModuleType]) -> None:
    """From now on ``asyncio.run`` takes virtual loops, and these modules see the virtual time."""
    asyncio.set_event_loop_policy(POLICY)
    for module in dates:
        vars(module)["datetime"] = VirtualDate
    for module in clocks:
        vars(module)["time"] = VirtualTime

"""Blocking work beside the event loop, in threads that never keep the program from ending."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def detached(work: Callable[[], T]) -> T:
    """Result of ``work``, done in a daemon thread; raises what it raises.

    Unlike ``asyncio.to_thread``, cancelling leaves the thread to itself: a store that does not answer
    would else hold up Ctrl-C until its timeouts end. Only for work that may break off at any point.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if future.done() else settle())

    def body() -> None:
        try:
            result = work()
        except BaseException as error:
            caught = error
            tell(lambda: future.set_exception(caught))
        else:
            tell(lambda: future.set_result(result))

    threading.Thread(target=body, daemon=True, name="adcli-detached").start()
    return await future

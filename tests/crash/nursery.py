"""A warmed process that forks one child for every run, so that a run to be killed costs no interpreter start.

``python -m tests.crash.nursery`` reads orders, one JSON document a line, and answers each with one line.
Children run a campaign in-process with the real engine, real state and real clients of services; only
work done on this machine is replaced, at the executor's seam. An emulator of the services, forked from
the same process, outlives them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import select
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from tests.crash.clock import shift
from tests.crash.orders import Ended, Order
from tests.crash.taps import Tap, put_in

LONGEST = 60.0
"""Seconds after which a child is taken to hang: a run takes a tenth of one."""


def serve() -> None:
    """Carries out orders until its input ends."""
    warm_up()
    children: list[int] = []
    for line in sys.stdin:
        order = json.loads(line)
        match order:
            case {"do": "emulate", "ledger": ledger}:
                child, port = fork_emulator(Path(ledger))
                children.append(child)
                answer: Any = port
            case {"do": "run", "orders": orders}:
                answer = [asdict(ended) for ended in run_all([Order.from_json(found) for found in orders])]
            case _:
                raise ValueError(line)
        print(json.dumps(answer), flush=True)  # noqa: T201
    for child in children:
        os.kill(child, signal.SIGKILL)


def warm_up() -> None:
    """Imports all that a run may need, so that no child has to; leaves no thread behind."""
    for package in ("adcli.engine", "adcli.providers", "adcli.stages"):
        found = importlib.import_module(package)
        for info in pkgutil.iter_modules(found.__path__):
            with contextlib.suppress(ImportError):
                importlib.import_module(f"{package}.{info.name}")
    for name in ("tests.emulator.app", "tests.engine.buying", "uvicorn.protocols.http.h11_impl", "PIL.Image"):
        importlib.import_module(name)
    use_small_certificates()
    gc.collect()
    gc.freeze()


def use_small_certificates() -> None:
    """Nothing here speaks TLS, and reading 140 root certificates is half the time of a small run."""
    import certifi

    first = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----\n")
    path = Path(tempfile.gettempdir()) / f"adcli-one-certificate-{os.getuid()}.pem"
    path.write_text("".join(first[:2]))
    certifi.where = lambda: str(path)


def fork_emulator(ledger: Path) -> tuple[int, int]:
    """An emulator as a child of its own; gives its process id and port."""
    from tests.crash.worlds import make_server
    from tests.emulator.server import listening

    with listening() as held:
        child = os.fork()
        if not child:
            quiet()
            make_server(ledger).run([held])
            os._exit(0)
        return child, held.getsockname()[1]


def quiet() -> None:
    """A child leaves the orders and the answers of its parent alone."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)


def run_all(orders: list[Order]) -> list[Ended]:
    """Starts all at once; gives how each ended."""
    started = [(order, *fork_run(order)) for order in orders]
    return [watch(order, child, out) for order, child, out in started]


def fork_run(order: Order) -> tuple[int, int]:
    """A child that runs one campaign; gives its process id and where it says how that ended."""
    out, told = os.pipe()
    child = os.fork()
    if child:
        os.close(told)
        return child, out
    os.close(out)
    quiet()
    with os.fdopen(told, "w", encoding="utf-8") as pipe:
        signal.signal(signal.SIGUSR1, lambda *_: confess(pipe))
        try:
            ended = run(order)
        except BaseException:
            ended = Ended(trace=traceback.format_exc())
        pipe.write(json.dumps(asdict(ended)))
    os._exit(0)


def confess(pipe: TextIO) -> None:
    """A child that hangs says where."""
    import asyncio

    out = io.StringIO()
    for task in asyncio.all_tasks(asyncio.get_event_loop()):
        task.print_stack(file=out)
    pipe.write(json.dumps(asdict(Ended(trace=f"hung:\n{out.getvalue()}"))))
    pipe.flush()
    os._exit(0)


def run(order: Order) -> Ended:
    """One run in this process, with everything that was ordered to happen to it."""
    import logging

    from adcli.engine.prepare import Settings
    from adcli.engine.session import opened
    from adcli.errors import AdcliError
    from tests.crash.trades import makers

    logging.disable(logging.CRITICAL)
    settings = Settings(**{"yes": True, **order.settings})
    file, notes = Path(order.file), list[str]()
    tap = Tap(file.parent, order.stop)
    if order.clock:
        shift(order.clock)
    if order.timeout:
        give_up_after(order.timeout)
    if order.stop is None or order.stop.seconds is None:
        put_in(tap)
    code, result, message = 0, None, None
    try:
        with opened(file, settings, order.environ, {}, lambda _: False) as session:
            result = session.run(noting(notes), lambda _: makers(order.makers), order.patience)
            code = int(result["exit_code"])
    except AdcliError as error:
        code, message = error.exit_code, f"{error}; {error.hint}"
    return Ended(code=code, result=result, message=message, notes=notes, seen=tap.seen)


def give_up_after(seconds: float) -> None:
    """Every HTTP client of this process, whoever made it, waits so long at most."""
    for library in map(importlib.import_module, ("httpx", "httpx2")):
        _hurry(library, seconds)


def _hurry(library: Any, seconds: float) -> None:
    real = library.AsyncHTTPTransport.handle_async_request

    async def hurried(self: Any, request: Any) -> Any:
        request.extensions["timeout"] = library.Timeout(seconds).as_dict()
        return await real(self, request)

    library.AsyncHTTPTransport.handle_async_request = hurried


def noting(notes: list[str]) -> Callable[[Any], None]:
    """Keeps the sentences that a person would see."""

    def show(event: Any) -> None:
        if hasattr(event, "message"):
            notes.append(event.message)

    return show


def watch(order: Order, child: int, out: int) -> Ended:
    """Waits for a child, kills it where that was ordered by time, and reads how it ended."""
    instant = order.stop.seconds if order.stop else None
    if not select.select([out], [], [], LONGEST if instant is None else instant)[0]:
        if instant is None:
            os.kill(child, signal.SIGUSR1)
            select.select([out], [], [], 1.0)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(out, encoding="utf-8") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if told:
        return Ended.from_json(json.loads(told))
    ordered = order.stop is not None and order.stop.errno is None and os.WIFSIGNALED(status)
    return Ended(killed=True, trace=None if ordered else f"ended with {status} and without a word")


if __name__ == "__main__":
    serve()

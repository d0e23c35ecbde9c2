"""Starts the emulator, in a thread or as a process of its own, and talks to its ``/_control``."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from tests.emulator.app import environment, make_app
from tests.emulator.faults import Fault
from tests.emulator.ledger import Charge, read

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator."""

    url: str
    ledger: Path

    def environment(self) -> dict[str, str]:
        """What a process needs to use all its services."""
        return environment(self.url)

    def order(self, *faults: Fault) -> None:
        """Makes things go wrong from now on."""
        self._control(faults=[asdict(fault) for fault in faults])

    def change(self, **settings: Any) -> None:
        """Changes settings: ``pace={"polls": [a, b]}`` or ``{"seconds": [a, b]}``, retention, skew, token."""
        self._control(settings=settings)

    def reset(self) -> None:
        """No faults, first settings, counts at zero; jobs and ledger stay."""
        self._control(reset=True)

    def calls(self, route: str) -> int:
        """Requests that arrived there, also refused ones."""
        return int(self.counts()["calls"].get(route, 0))

    def counts(self) -> dict[str, Any]:
        """``{calls: {route: n}, jobs: {id: status}, tokens_sent_to_files: n}``."""
        return self._control()

    def charges(self) -> list[Charge]:
        """Everything that was paid for, oldest first."""
        return read(self.ledger)

    def _control(self, **order: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/_control", json=order, trust_env=False, verify=False)
        if answer.is_error:
            raise ValueError(answer.text)
        found: dict[str, Any] = answer.json()
        return found


def make_server(ledger: Path) -> uvicorn.Server:
    """A server that is not running yet; a hanging request does not keep it from stopping."""
    config = uvicorn.Config(
        make_app(ledger),
        http="h11",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def listening(port: int = 0) -> socket.socket:
    """A socket on loopback that clients can connect to before the server runs."""
    held = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio sets TCP_NODELAY only where it reads this
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    held.listen(128)
    return held


@contextlib.contextmanager
def in_thread(ledger: Path) -> Iterator[Emulator]:
    """An emulator in this process, until the block ends; its thread ends by itself a moment later."""
    server, held = make_server(ledger), listening()
    port = held.getsockname()[1]

    def serve() -> None:
        with held:
            server.run([held])

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield Emulator(f"http://127.0.0.1:{port}", ledger)
    finally:
        server.should_exit = server.force_exit = True


@contextlib.contextmanager
def in_process(ledger: Path) -> Iterator[Emulator]:
    """An emulator in a process of its own, which outlives a client that is killed."""
    command = [sys.executable, "-m", "tests.emulator", "--port", "0", "--ledger", str(ledger)]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            if not port:
                raise RuntimeError("the emulator did not start")
            yield Emulator(f"http://127.0.0.1:{port}", ledger)
        finally:
            process.kill()

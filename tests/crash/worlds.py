"""An emulator whose whole world can be replaced: every trial begins with services that know nothing."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import httpx
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from tests.emulator.app import make_app
from tests.emulator.server import Emulator

FRESH = "/_fresh"


class Renewable:
    """Passes requests on to the newest world. What reached an older one is still answered there."""

    def __init__(self, ledger: Path) -> None:
        self._app = make_app(ledger)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == FRESH:
            (ledger,) = parse_qs(scope["query_string"].decode())["ledger"]
            self._app = make_app(Path(ledger))
            await PlainTextResponse("")(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def make_server(ledger: Path) -> uvicorn.Server:
    """A server of such an emulator, not running yet."""
    config = uvicorn.Config(
        Renewable(ledger),
        http="h11",
        ws="none",
        lifespan="off",
        log_level="critical",
        access_log=False,
    )
    return uvicorn.Server(config)


def fresh(emulator: Emulator, ledger: Path) -> Emulator:
    """The same server with a new world and an empty ledger."""
    where = f"{emulator.url}{FRESH}"
    httpx.post(where, params={"ledger": str(ledger)}, trust_env=False, verify=False).raise_for_status()
    return Emulator(emulator.url, ledger)

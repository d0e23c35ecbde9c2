"""What all emulated services share: counting calls, and things going wrong to order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.emulator.faults import ABOUT_THE_JOB, Fault, Kind
from tests.emulator.jobs import Life
from tests.emulator.world import World

Handler = Callable[[Request], Awaitable[Response]]

_HTML = "<html><head><title>{0} Server Error</title></head><body><center><h1>{0}</h1></center></body></html>"
_ABORT = "emulator.abort"


class Abortable:
    """Lets a handler cut the connection, which ASGI itself has no word for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on, with the way to cut in the scope."""
        cycle = getattr(receive, "__self__", None)  # uvicorn's RequestResponseCycle
        transport = getattr(cycle, "transport", None)
        await self.app({**scope, _ABORT: transport.abort if transport else None}, receive, send)


class Silence(Response):
    """No answer at all: the connection is cut at once, or stays until the client leaves."""

    def __init__(self, *, cut: bool) -> None:
        super().__init__()
        self.cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends nothing."""
        if self.cut:
            scope[_ABORT]()
        while (await receive())["type"] != "http.disconnect":
            pass


class Broken(Response):
    """The first half of another answer, then the connection is cut."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self.whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends headers that promise all, and half of the body."""
        body = bytes(self.whole.body)
        await send({"type": "http.response.start", "status": 200, "headers": self.whole.raw_headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await asyncio.sleep(0.05)
        scope[_ABORT]()
        while (await receive())["type"] != "http.disconnect":
            pass


class Service:
    """Wraps the handlers of one service. ``calls`` counts what arrived by route, also what was refused.

    Faults and counts know its routes as ``name.route``; Replicate's, the first, as ``route`` alone.
    """

    name = ""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: Counter[str] = Counter()
        self.jobs: Mapping[str, Life] = {}

    def routes(self) -> list[Route]:
        """Paths and methods, below the service's base URL, each under the name that faults and counts use."""
        raise NotImplementedError

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Variables that point adcli to this service of the emulator at ``url``, with a key that it takes."""
        raise NotImplementedError

    def refused(self, request: Request) -> Response | None:
        """The answer to a request without the right key; None when it may pass."""
        raise NotImplementedError

    def failure(self, fault: Fault) -> Response:
        """The service's usual answer with that status."""
        raise NotImplementedError

    def routed(self, route: str, handler: Handler, *, public: bool = False) -> Handler:
        """The handler as it is reached: key first, then what was ordered to go wrong, then the work."""

        route = f"{self.name}.{route}" if self.name else route

        async def reached(request: Request) -> Response:
            self.calls[route] += 1
            if not public and (refusal := self.refused(request)):
                return refusal
            body = await request.body()
            due = self.world.faults.due(route, f"{request.url.path} {body.decode(errors='replace')}")
            request.state.faults = tuple(fault for fault in due if fault.kind in ABOUT_THE_JOB)
            going_wrong = [fault for fault in due if fault.kind not in ABOUT_THE_JOB]
            for fault in going_wrong:
                if (
                    not fault.accepted
                    and fault.kind is not Kind.TRUNCATE
                    and (bad := await self._misbehave(fault))
                ):
                    return bad
            answer = await handler(request)
            for fault in going_wrong:
                if fault.kind is Kind.TRUNCATE:
                    return Broken(answer)
                if fault.accepted and (bad := await self._misbehave(fault)):
                    return bad
            return answer

        return reached

    async def _misbehave(self, fault: Fault) -> Response | None:
        match fault.kind:
            case Kind.DROP | Kind.HANG:
                return Silence(cut=fault.kind is Kind.DROP)
            case Kind.DELAY:
                await asyncio.sleep(fault.seconds)
                return None
            case _:
                return self._failed(fault)

    def _failed(self, fault: Fault) -> Response:
        if fault.body is not None:
            answer = Response(fault.body, fault.status, media_type="text/html")
        elif fault.status >= 500:
            answer = Response(_HTML.format(fault.status), fault.status, media_type="text/html")
        else:
            answer = self.failure(fault)
        if fault.retry_after is not None and fault.retry_after_header:
            answer.headers["Retry-After"] = f"{fault.retry_after:g}"
        return answer


def problem(status: int, detail: str, *, title: str | None = None, **more: Any) -> JSONResponse:
    """An error as Replicate writes it."""
    named: Mapping[str, Any] = {"title": title} if title else {}
    return JSONResponse({**named, "detail": detail, "status": status, **more}, status)

"""Paid services reached through their own SDKs: every request is sent once, and only our errors come out.

The SDKs' own errors print requests and answers; what goes on from here is what ``classify`` made of
the answer, without the key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from adcli.errors import AdcliError, NotSent, OutcomeUnknown, Rejected, ResultExpired
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._http import Answer, Classify, trouble
from adcli.registry import ProviderSpec
from adcli.work import File

T = TypeVar("T")
CONNECT, READ = 10.0, 300.0
"""Seconds: speech and pictures come when they are done, and that may take minutes."""
_LEFT_OUT = "…"


class Response(Protocol):
    """What httpx and httpx2 have in common."""

    @property
    def status_code(self) -> int:
        """The number."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """By name, in any case."""
        ...

    @property
    def content(self) -> bytes:
        """The body, which has been read."""
        ...


def answer_of(response: Response) -> Answer:
    """An SDK's response as ours."""
    headers = {str(name).lower(): str(value) for name, value in dict(response.headers).items()}
    return Answer(response.status_code, headers, response.content)


class Sdk:
    """Makes requests through an SDK. ``classify`` says what an error answer means."""

    def __init__(self, provider: str, secret: str, classify: Classify) -> None:
        self.provider, self._secret, self._classify = provider, secret, classify

    async def ask(self, send: Callable[[], Awaitable[T]]) -> T:
        """One request; raises what is known about the money."""
        try:
            return await send()
        except (AdcliError, asyncio.CancelledError):
            raise
        except Exception as error:  # each SDK has errors of its own, and some of its libraries' come through
            raise self._explained(error) from None

    async def ask_first(self, send: Callable[[], Awaitable[T]]) -> T:
        """A free request that has to come before the paid one: its trouble is no trouble with the money."""
        try:
            return await self.ask(send)
        except OutcomeUnknown as error:
            raise NotSent(self.provider, error.message) from None

    def _explained(self, error: Exception) -> AdcliError:
        response: Any = getattr(error, "response", None)
        if response is not None and getattr(response, "status_code", 200) >= 300:
            return without(self._secret, self._classify(answer_of(response)))
        return without(self._secret, trouble(self.provider, error))


def without(secret: str, error: AdcliError) -> AdcliError:
    """The error with the key left out of its words, should a service repeat it."""
    error.message = error.message.replace(secret, _LEFT_OUT)
    error.hint = error.hint.replace(secret, _LEFT_OUT) if error.hint else error.hint
    error.args = (error.message,)
    return error


class AnswersAtOnce:
    """The part of a ``PaidClient`` for a service whose answer is the result, and is kept nowhere."""

    spec: ProviderSpec

    async def poll(self, handle: JobHandle) -> Finished | None:
        """Finished: the service answers when it is done."""
        del handle
        return Finished()

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Never possible."""
        del folder
        raise ResultExpired(self.spec.name, f"{self.spec.name} gives the result of {handle.job} only once")

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """None: there is no list of calls."""
        del call, since, claimed
        return ()

    async def cancel(self, handle: JobHandle) -> None:
        """Never possible: when a job is known, it is done."""
        raise Rejected(self.spec.name, f"{handle.job} is done: nothing can be stopped")

    async def at_once(self, stage: str) -> int | None:
        """None: what is limited is calls a minute, not calls at once."""
        del stage
        return None

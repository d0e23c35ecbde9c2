"""Plain HTTP to a paid service: one request a call, and what its failure means for the money.

Nothing here retries or follows a redirect, so that a POST is sent once and a key reaches its own
service only. The same rules classify what the services' SDKs raise.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from json import loads
from typing import Any
from urllib.parse import urlsplit

import httpx

from adcli.errors import AdcliError, CredentialError, NotSent, OutcomeUnknown

LONGEST_PAUSE = 900.0
"""Seconds that a service's ``retry_after`` is obeyed for at most."""
TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_BEFORE_SENDING = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"})
_AFTER_SENDING = frozenset(
    {"ReadTimeout", "WriteTimeout", "ReadError", "WriteError", "CloseError", "RemoteProtocolError"}
)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_unclear(self) -> bool:
        """A server's trouble or a redirect: it doesn't say whether the request was carried out."""
        return self.status >= 500 or 300 <= self.status < 400

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is something else, such as a proxy's page."""
        try:
            return loads(self.content)
        except (ValueError, RecursionError):
            return None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty when it is something else."""
        found = self.json
        return found if isinstance(found, Mapping) else {}


Classify = Callable[[Answer], AdcliError]

AT_ONCE = 64
"""Requests on their way to one service. The rest wait here: httpcore's pool looks at each of its connections
for each request that waits there, which took a third of the time of 200 jobs in flight.
"""


class Http:
    """One service's connections. ``classify`` says what an error answer means."""

    def __init__(
        self,
        provider: str,
        base: str,
        headers: Mapping[str, str],
        classify: Classify,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self.provider, self.base, self._classify = provider, base, classify
        self._client = httpx.AsyncClient(
            base_url=base,
            headers=dict(headers),
            timeout=timeout,
            follow_redirects=False,
            trust_env=False,
            verify=_trust(),
            limits=httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
        )
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def request(self, method: str, path: str, **given: Any) -> Answer:
        """One request to a path below the base, or to an address of the service's own host.

        Raises NotSent or OutcomeUnknown for trouble on the way, else what ``classify`` makes of an error.
        """
        if "://" in path and urlsplit(path).netloc != urlsplit(self.base).netloc:
            raise OutcomeUnknown(self.provider, "the service named an address that is not its own")
        try:
            async with self._slots:
                response = await self._client.request(method, path, **given)
        except httpx.RequestError as error:
            raise trouble(self.provider, error) from error
        answer = Answer(response.status_code, dict(response.headers), response.content)
        if response.is_success:
            return answer
        raise self._classify(answer)

    async def close(self) -> None:
        """Closes connections."""
        await self._client.aclose()


@cache
def _trust() -> ssl.SSLContext:
    """Certificates are read once: that takes longer than a request."""
    return httpx.create_ssl_context(trust_env=False)


def trouble(provider: str, error: BaseException) -> NotSent | OutcomeUnknown:
    """What a transport error of httpx, or of an SDK over it, says: whether the request can have arrived."""
    names = [type(found).__name__ for found in _causes(error)]
    name = next((name for name in names if name in _BEFORE_SENDING), None)
    if name:
        return NotSent(provider, f"the service can't be reached: {name}")
    told = next((name for name in names if name in _AFTER_SENDING), names[0])
    return OutcomeUnknown(provider, f"no answer: {told}")


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def key(provider: str, environ: Mapping[str, str], name: str) -> str:
    """A service's key from the environment; CredentialError when it is missing or can't be one."""
    value = environ.get(name, "")
    if not value:
        raise CredentialError(provider, f"{name} is not set", hint="export it, or use --draft")
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        raise CredentialError(provider, f"{name} holds spaces, line ends or signs that no key has")
    return value


def base_url(provider: str, environ: Mapping[str, str], name: str, default: str) -> str:
    """A base URL without its final slash; plain http only towards this machine."""
    written = environ.get(name) or default
    parts = urlsplit(written.rstrip("/"))
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return parts.geturl()
    raise CredentialError(provider, f"{name} must be https, or http on a loopback address")


def retry_after(answer: Answer) -> float | None:
    """Seconds that the service asks to wait: from header (seconds or date), body or its words; clamped."""
    written = answer.headers.get("retry-after") or answer.fields.get("retry_after")
    if written is None:
        told = re.search(r"resets in ~?(\d+(?:\.\d+)?) ?s", answer.content[:4096].decode(errors="replace"))
        written = told.group(1) if told else None
    seconds = _seconds(str(written)) if written is not None else None
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_PAUSE)


def _seconds(written: str) -> float | None:
    try:
        found = float(written)
        return found if found == found else None  # noqa: PLR0124  # "nan" is a float, too
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()

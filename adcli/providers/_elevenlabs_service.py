"""ElevenLabs' SDK, made to send every request once and to raise adcli's errors."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import httpx
from elevenlabs.client import AsyncElevenLabs
from elevenlabs.core.api_error import ApiError

from adcli.errors import AdcliError, OutcomeUnknown
from adcli.providers import _http
from adcli.providers._elevenlabs_errors import KEY, NAME, classify
from adcli.providers._http import Answer
from adcli.providers._sdk import without

T = TypeVar("T")

DEFAULT_BASE = "https://api.elevenlabs.io"
PATIENCE = httpx.Timeout(60.0, connect=10.0, read=300.0)
"""For what is bought: a song of three minutes comes when it is done, after minutes."""
ONCE: Any = {"max_retries": 0}
"""Request options: the SDK sends a call up to three times by default, and pays for each."""
_LARGEST = 256 << 20


@dataclass(frozen=True, slots=True)
class Told:
    """What an answer holds, and its headers in lower case."""

    data: Any
    headers: Mapping[str, str]


class ElevenLabsService:
    """The SDK over connections of ours, which follow no redirect and take no proxy from the environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._key = _http.key(NAME, environ, KEY)
        self.base = _http.base_url(NAME, environ, "ELEVENLABS_BASE_URL", DEFAULT_BASE)
        self._http = httpx.AsyncClient(timeout=_http.TIMEOUT, follow_redirects=False, trust_env=False)
        # The SDK hands its timeout on to httpx as it is; a mere number would be that of connecting, too.
        timeout = cast(float, _http.TIMEOUT)
        self.sdk = AsyncElevenLabs(
            base_url=self.base, api_key=self._key, timeout=timeout, httpx_client=self._http
        )

    async def ask(self, request: Callable[[], Awaitable[Any]]) -> Told:
        """One request that is answered with JSON; raises what is known about the money."""

        async def asked() -> Told:
            response = await request()
            return Told(response.data, _lower(response.headers))

        return await self._explained(asked)

    async def read(self, request: Callable[[], AbstractAsyncContextManager[Any]]) -> Told:
        """One request that is answered with bytes."""

        async def read() -> Told:
            async with request() as response:
                return Told(await _joined(response.data), _lower(response.headers))

        return await self._explained(read)

    async def close(self) -> None:
        """Closes connections."""
        await self._http.aclose()

    async def _explained(self, send: Callable[[], Awaitable[T]]) -> T:
        """Errors of the SDK print headers and bodies: only ours, without the key, go on from here."""
        try:
            return await send()
        except AdcliError:
            raise
        except ApiError as error:
            raise without(self._key, classify(answer_of(error))) from None
        except httpx.RequestError as error:
            raise without(self._key, _http.trouble(NAME, error)) from None
        except Exception as error:  # the SDK reads answers with more than one parser
            raise OutcomeUnknown(NAME, f"an answer could not be read: {type(error).__name__}") from None


@contextmanager
def legible() -> Iterator[None]:
    """Around the reading of an answer: the SDK passes on whatever a body holds, of any shape."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise OutcomeUnknown(NAME, f"an answer could not be read: {type(error).__name__}") from error


def answer_of(error: ApiError) -> Answer:
    """The answer that the SDK made an error of."""
    content = error.body if isinstance(error.body, str) else json.dumps(error.body, default=str)
    return Answer(error.status_code or 500, _lower(error.headers or {}), content.encode())


def _lower(headers: Mapping[str, str]) -> Mapping[str, str]:
    return {str(name).lower(): str(value) for name, value in dict(headers).items()}


async def _joined(chunks: AsyncIterator[bytes]) -> bytes:
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > _LARGEST:
            raise OutcomeUnknown(NAME, f"the answer is larger than {_LARGEST >> 20} MB")
    return bytes(data)

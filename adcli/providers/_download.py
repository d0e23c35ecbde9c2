"""The one way by which results come from a service: checked addresses, caps, and nothing unexamined.

Requests carry no key and no cookie; redirects are followed by hand and checked as the first address
is. A file is complete, of the kind that was asked for, and opened once before it gets its name.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import os
import re
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO
from urllib.parse import unquote_to_bytes, urlsplit

import httpcore
import httpx

from adcli.errors import OutcomeUnknown, ResultExpired, StorageError
from adcli.providers._addresses import (
    AddressRefused,
    CheckedNetwork,
    NotPublic,
    Place,
    Resolve,
    allowed_hosts,
    place_of,
    resolve,
)
from adcli.providers._media import Kind, examine
from adcli.spec.pictures import Unfit
from adcli.work import File

__all__ = ["AddressRefused", "Downloads", "Kind", "Limit", "NeverDownloaded", "allowed_hosts"]

REDIRECTS = 3
_BLOCK = 1 << 20
_EXPIRED = re.compile(r"expired|no longer (available|exists)|time frame", re.IGNORECASE)
"""Storage services refuse an outdated signature with 403, as they do a wrong one."""
_TIMEOUT = {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 60.0}
_HEADERS = [("Accept-Encoding", "identity"), ("Accept", "*/*"), ("User-Agent", "adcli")]
AT_ONCE = 16
"""Downloads of one provider; others wait for their turn outside their time cap, and outside the pool, whose
queue costs time by its length squared."""
_ERROR_BODY = 4096
_BUSY = (408, 425, 429)
"""Refusals that a later try may not meet."""
_NOWHERE = "it is no plain https address"
_BROKEN = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)


class NeverDownloaded(OutcomeUnknown):
    """What came can't be taken, and trying again gives the same; ``status`` is 0 where a file came."""

    status = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """How large a file of a kind may be, and how long its download may take in all."""

    bytes: int
    seconds: float


LIMITS: Mapping[Kind, Limit] = MappingProxyType(
    {
        Kind.IMAGE: Limit(64 << 20, 120.0),
        Kind.ALPHA: Limit(64 << 20, 120.0),
        Kind.AUDIO: Limit(256 << 20, 300.0),
        Kind.VIDEO: Limit(2 << 30, 900.0),
    }
)


class Downloads:
    """Fetches the results of one provider, whose own base URL says which allowed host it may name.

    Raises ResultExpired when a file is gone, AddressRefused for an address that is not public, and
    OutcomeUnknown for all else: the file is still there, so that trying again costs nothing.
    """

    def __init__(
        self,
        provider: str,
        own_base: str,
        environ: Mapping[str, str],
        *,
        resolve: Resolve = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        limits: Mapping[Kind, Limit] = LIMITS,
    ) -> None:
        self.provider, self._limits = provider, limits
        self._own_host = (urlsplit(own_base).hostname or "").lower()
        self._allowed = allowed_hosts(environ)
        self._resolve, self._tls = resolve, tls
        self._network = network or httpcore.AnyIOBackend()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._pools: dict[bool, httpcore.AsyncConnectionPool] = {}

    async def fetch(self, url: str, folder: Path, name: str, kind: Kind) -> File:
        """Downloads into ``folder/name.<ext>``; a ``data:`` URL is decoded."""
        if url[:5].lower() == "data:":
            return await self.keep(self._decoded(url, kind), folder, name, kind)
        async with self._in_turn(self._limits[kind]) as most:
            with _part(folder, name) as (path, file):
                await self._download(url, file, most)
                return await self._examined(path, file, folder / name, kind)

    async def save(self, url: str, folder: Path, name: str, limit: Limit) -> Path:
        """Downloads into ``folder/name`` what is there: what it holds is for the caller to judge."""
        async with self._in_turn(limit) as most:
            with _part(folder, name) as (path, file):
                await self._download(url, file, most)
                file.flush()
                return path.replace(folder / name)

    @asynccontextmanager
    async def _in_turn(self, limit: Limit) -> AsyncIterator[int]:
        """Waits for a turn, then holds it for as long as the limit allows; gives the limit's bytes.

        Who waits holds no file open: a thousand jobs may end at once.
        """
        try:
            async with self._turns, asyncio.timeout(limit.seconds):
                yield limit.bytes
        except TimeoutError:
            raise self._trouble(f"the download took longer than {limit.seconds:g} s") from None

    async def keep(self, data: bytes, folder: Path, name: str, kind: Kind) -> File:
        """The same checks for bytes that came in an answer."""
        if len(data) > self._limits[kind].bytes:
            raise self._too_large(self._limits[kind].bytes)
        with _part(folder, name) as (path, file):
            await asyncio.to_thread(file.write, data)
            return await self._examined(path, file, folder / name, kind)

    async def close(self) -> None:
        """Closes connections."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()

    async def _download(self, written: str, file: BinaryIO, most: int) -> None:
        """Follows redirects to the file; an allowed host counts as long as only such ones sent us."""
        url, may_be_private = _joined(None, written), True
        for _ in range(REDIRECTS + 1):
            place, private = self._admitted(url, may_be_private=may_be_private)
            may_be_private = private
            target = httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=url.raw_path)
            try:
                pool = self._pool(private=private)
                async with pool.stream(
                    "GET", target, headers=_HEADERS, extensions={"timeout": _TIMEOUT}
                ) as got:
                    location = _location(got)
                    if location is None:
                        return await self._save(got, file, most)
            except NotPublic:
                raise AddressRefused(f"{place} is not a public address", place) from None
            except _BROKEN as error:
                raise self._trouble(f"the download from {place} broke off: {type(error).__name__}") from None
            url = _joined(url, location)
        raise self._trouble(f"the download was redirected more than {REDIRECTS} times")

    def _admitted(self, url: httpx.URL, *, may_be_private: bool) -> tuple[Place, bool]:
        """Where a URL leads, and whether that may be a private address; AddressRefused for others."""
        place = place_of(url)
        if place is None:
            raise AddressRefused(_NOWHERE)
        private = may_be_private and place.host == self._own_host and place.is_in(self._allowed)
        if place.scheme != "https" and not private:
            raise AddressRefused(f"{place} is not https", place)
        return place, private

    def _pool(self, *, private: bool) -> httpcore.AsyncConnectionPool:
        """Connections to allowed hosts are kept apart, so that none is used for a public address again."""
        if private not in self._pools:
            self._tls = self._tls or httpx.create_ssl_context(trust_env=False)
            network = CheckedNetwork(self._network, self._resolve, private=private)
            self._pools[private] = httpcore.AsyncConnectionPool(
                ssl_context=self._tls, max_connections=AT_ONCE, network_backend=network
            )
        return self._pools[private]

    async def _save(self, response: httpcore.Response, file: BinaryIO, most: int) -> None:
        if response.status != 200:
            raise await self._failure(response)
        if _header(response, b"content-encoding").lower() not in ("", "identity"):
            raise self._trouble("the download came compressed, which was not asked for")
        length = _header(response, b"content-length")
        if length.isdecimal() and int(length) > most:
            raise self._too_large(most)
        waiting, size = bytearray(), 0
        async for chunk in response.aiter_stream():
            waiting += chunk
            size += len(chunk)
            if size > most:
                raise self._too_large(most)
            if len(waiting) >= _BLOCK:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
        await asyncio.to_thread(file.write, bytes(waiting))

    async def _failure(self, response: httpcore.Response) -> OutcomeUnknown | ResultExpired:
        body = bytearray()
        if response.status == 403:
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) >= _ERROR_BODY:
                    break
        if response.status in (404, 410) or _EXPIRED.search(body.decode("utf-8", "replace")):
            return ResultExpired(self.provider, "the service no longer has the result's file")
        message = f"the download answered {response.status}"
        if response.status in range(400, 500) and response.status not in _BUSY:
            never = NeverDownloaded(self.provider, message)
            never.status = response.status
            return never
        return self._trouble(message)

    async def _examined(self, path: Path, file: BinaryIO, target: Path, kind: Kind) -> File:
        """Proves what was written, and gives it its name."""
        file.flush()
        try:
            found = await asyncio.to_thread(examine, path, kind)
        except Unfit as error:
            raise self._trouble(f"the result can't be used: {error.message}") from None
        whole = target.with_name(f"{target.name}.{found.extension}")
        path.replace(whole)
        return File(whole, found.media_type, found.meta)

    def _decoded(self, url: str, kind: Kind) -> bytes:
        head, _, data = url.partition(",")
        if len(data) > 3 * self._limits[kind].bytes:
            raise self._too_large(self._limits[kind].bytes)
        raw = unquote_to_bytes(data)
        if not head.lower().endswith(";base64"):
            return raw
        try:
            return base64.b64decode(raw, validate=True)
        except binascii.Error:
            raise self._trouble("the result is a data: address that can't be decoded") from None

    def _too_large(self, most: int) -> OutcomeUnknown:
        return NeverDownloaded(self.provider, f"the result is larger than {most >> 20} MB")

    def _trouble(self, message: str) -> OutcomeUnknown:
        return OutcomeUnknown(self.provider, message)


def _joined(url: httpx.URL | None, written: str) -> httpx.URL:
    """An address, also one that is written relative to the last; AddressRefused when it is none."""
    try:
        return url.join(written) if url is not None else httpx.URL(written)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise AddressRefused(_NOWHERE) from None


@contextmanager
def _part(folder: Path, name: str) -> Iterator[tuple[Path, BinaryIO]]:
    """A file of the user's own (0600) that is gone afterwards, unless it got another name."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name}-", suffix=".part", dir=folder)
        path = Path(temporary)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield path, file
        finally:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError.of(error, str(folder)) from error


def _location(response: httpcore.Response) -> str | None:
    """Where a redirect leads; None for any other answer."""
    return _header(response, b"location") if response.status in (301, 302, 303, 307, 308) else None


def _header(response: httpcore.Response, name: bytes) -> str:
    found = next((value for key, value in response.headers if key.lower() == name), b"")
    return found.decode("latin-1").strip()

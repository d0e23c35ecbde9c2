"""Pictures as Runway takes them: inside the request when small, else uploaded, which is free."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from adcli.errors import NotSent, Rejected
from adcli.providers._http import trouble
from adcli.providers._runway_errors import NAME
from adcli.work import Artifact

INLINE = 3 << 20
"""Bytes: the service takes data URIs up to 5 MB, and base64 adds a third."""
LARGEST = 16 << 20
LIVES = 3600.0
"""Seconds after which a file is uploaded anew; the service keeps it for longer, but doesn't say how long."""
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}

Start = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Asks the service where a file of that name goes."""


class Pictures:
    """Addresses of the pictures of one client; each is uploaded once."""

    def __init__(self, start: Start, own_base: str) -> None:
        self._start, self._own = start, urlsplit(own_base)
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(120.0, connect=10.0), follow_redirects=False, trust_env=False
        )
        self._known: dict[str, tuple[str, float]] = {}

    async def address(self, file: Artifact) -> str:
        """Where the service finds a picture; trouble is NotSent: nothing paid was sent."""
        known = self._known.get(file.sha256)
        if known and known[1] > time.monotonic():
            return known[0]
        if file.media_type not in _SUFFIXES:
            found = f"a file of type {file.media_type} can't be sent as a picture"
            raise Rejected(NAME, found, hint="give a PNG, JPEG or WebP")
        data = await asyncio.to_thread(file.path.read_bytes)
        if len(data) <= INLINE:
            return f"data:{file.media_type};base64,{base64.b64encode(data).decode()}"
        if len(data) > LARGEST:
            found = f"a picture of {len(data) >> 20} MB can't be sent; expected at most {LARGEST >> 20} MB"
            raise Rejected(NAME, found, hint="give it as JPEG, or smaller")
        uri = await self._upload(file, data)
        self._known[file.sha256] = (uri, time.monotonic() + LIVES)
        return uri

    async def close(self) -> None:
        """Closes connections."""
        await self._http.aclose()

    async def _upload(self, file: Artifact, data: bytes) -> str:
        name = f"{file.sha256[:16]}.{_SUFFIXES[file.media_type]}"
        place = await self._start(name)
        url, uri, fields = place.get("uploadUrl"), place.get("runwayUri"), place.get("fields")
        if not isinstance(url, str) or not isinstance(uri, str) or not isinstance(fields, Mapping):
            raise NotSent(NAME, "the answer to an upload could not be read")
        if not self._is_safe(url):
            raise NotSent(NAME, "the service named a place for files that is not safe")
        given = {str(field): str(value) for field, value in fields.items()}
        try:
            answer = await self._http.post(url, data=given, files={"file": (name, data, file.media_type)})
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise NotSent(NAME, f"a picture could not be uploaded: {trouble(NAME, error).message}") from None
        if not answer.is_success:
            raise NotSent(NAME, f"a picture could not be uploaded: the storage answered {answer.status_code}")
        return uri

    def _is_safe(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        return parts.scheme == "https" or (parts.scheme, parts.netloc) == (self._own.scheme, self._own.netloc)

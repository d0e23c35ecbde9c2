"""Uploads to fal's file storage: free, and done before a call is sent.

The key goes to fal's own API only, which gives a short-lived token for the host that takes files.
A file is called by its sha256, so that a lost call can be told from others by the files it names.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from adcli.errors import NotSent, OutcomeUnknown, Rejected
from adcli.providers._http import TIMEOUT, Classify, Http
from adcli.work import Artifact

TOKEN = "/storage/auth/token?storage_type=fal-cdn-v3"  # noqa: S105  # a path
LARGEST = 100 << 20
"""Bytes that go in one piece; fal's own SDK sends larger files in parts."""
TOKEN_LIVES = 300.0
"""Seconds that a token is used for; fal says when it ends, in its own clock."""
FILE_LIVES = 3600.0
"""Seconds after which a file is uploaded anew; fal keeps files for days."""
_HOSTS = ("fal.media", "fal.ai", "fal.run")
_NAME = re.compile(r"adcli-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class _Token:
    """Where files go, with what, until when (monotonic seconds)."""

    base: str
    authorization: str
    until: float


class Storage:
    """Uploaded files of one client, each kept for a while under its sha256."""

    def __init__(self, rest: Http, classify: Classify) -> None:
        self._rest, self._classify = rest, classify
        self._token: _Token | None = None
        self._hosts: dict[str, Http] = {}
        self._files: dict[str, tuple[str, float]] = {}
        self._asking = asyncio.Lock()

    async def address(self, file: Artifact) -> str:
        """The public address of a file, uploaded if need be; trouble is NotSent: nothing paid was sent."""
        known = self._files.get(file.sha256)
        if known and known[1] > time.monotonic():
            return known[0]
        data = await asyncio.to_thread(file.path.read_bytes)
        if len(data) > LARGEST:
            size = f"{len(data) >> 20} MB"
            raise Rejected("fal", f"a file of {size} can't be sent; expected at most {LARGEST >> 20} MB")
        try:
            url = await self._upload(file, data)
        except OutcomeUnknown as error:
            raise NotSent("fal", f"a file could not be uploaded: {error}") from error
        self._files[file.sha256] = (url, time.monotonic() + FILE_LIVES)
        return url

    async def _upload(self, file: Artifact, data: bytes) -> str:
        token = await self._fresh_token()
        name = f"adcli-{file.sha256[:32]}{_suffix(file.media_type)}"
        headers = {
            "Authorization": token.authorization,
            "Content-Type": file.media_type,
            "X-Fal-File-Name": name,
        }
        answer = await self._host(token.base).request("POST", "/files/upload", content=data, headers=headers)
        url = answer.fields.get("access_url")
        if not isinstance(url, str) or not url.startswith(("https://", f"{token.base}/")):
            raise OutcomeUnknown("fal", "the answer to an upload names no file")
        return url

    async def _fresh_token(self) -> _Token:
        async with self._asking:
            if self._token is None or self._token.until <= time.monotonic():
                self._token = self._read((await self._rest.request("POST", TOKEN, json={})).fields)
            return self._token

    def _read(self, found: Mapping[str, Any]) -> _Token:
        base, token = found.get("base_url"), found.get("token")
        if not isinstance(base, str) or not isinstance(token, str) or not token.isascii():
            raise OutcomeUnknown("fal", "an answer of the file storage could not be read")
        if not _is_fals(base, self._rest.base):
            raise OutcomeUnknown("fal", "the service named a place for files that is not its own")
        kind = str(found.get("token_type") or "Bearer")
        return _Token(base.rstrip("/"), f"{kind} {token}", time.monotonic() + TOKEN_LIVES)

    def _host(self, base: str) -> Http:
        if base not in self._hosts:
            timeout = httpx.Timeout(120.0, connect=TIMEOUT.connect)
            self._hosts[base] = Http("fal", base, {}, self._classify, timeout)
        return self._hosts[base]

    async def close(self) -> None:
        """Closes connections."""
        for host in self._hosts.values():
            await host.close()


def _is_fals(base: str, own: str) -> bool:
    """A host of fal's by https, or the one that the user has named for its API."""
    try:
        parts, named = urlsplit(base), urlsplit(own)
        host, same = parts.hostname or "", parts.port == named.port and parts.hostname == named.hostname
    except ValueError:
        return False
    known = any(host == name or host.endswith(f".{name}") for name in _HOSTS)
    whole = parts.username is None and not parts.query
    return whole and ((parts.scheme == "https" and known) or (parts.scheme == named.scheme and same))


def _suffix(media_type: str) -> str:
    return {
        "image/png": ".png",
        "image/jpeg": ".jpg",
        "image/webp": ".webp",
        "video/mp4": ".mp4",
        "audio/wav": ".wav",
        "audio/mpeg": ".mp3",
        "audio/mp4": ".m4a",
    }.get(media_type, "")


def is_other_file(url: object, file: Artifact) -> bool | None:
    """True: the address is of another file of ours; False: of this one; None: it doesn't tell."""
    found = _NAME.search(url) if isinstance(url, str) else None
    return None if found is None else found.group(1) != file.sha256[:32]

"""Files that models read: uploaded to Replicate's Files API, which is free, once each.

None is sent inside a body: an uploaded file keeps its checksum at the service, which tells a lost
call from another one with the same words.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from mimetypes import guess_extension
from typing import Any

from adcli.errors import NotSent, OutcomeUnknown, Rejected, ResultExpired
from adcli.providers._http import Http
from adcli.providers._replicate_wire import NAME, document, moment
from adcli.work import Artifact

LARGEST = 100 * 10**6
"""Bytes that the Files API takes."""
_LEFT = timedelta(hours=2)
"""A file that is kept for less than this is uploaded again: a job may wait before it reads it."""


class Files:
    """The files of one run at the service."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._kept: dict[str, tuple[str, datetime | None]] = {}
        self._sums: dict[str, str | None] = {}
        self._uploading: dict[str, asyncio.Lock] = {}

    async def address(self, found: Artifact) -> str:
        """Where the service finds the file. NotSent when it can't be uploaded now: nothing was paid for."""
        async with self._uploading.setdefault(found.sha256, asyncio.Lock()):
            kept = self._kept.get(found.sha256)
            if kept is None or (kept[1] is not None and kept[1] - datetime.now(UTC) < _LEFT):
                kept = self._kept[found.sha256] = await self._uploaded(found)
            return kept[0]

    async def _uploaded(self, found: Artifact) -> tuple[str, datetime | None]:
        size = found.path.stat().st_size
        if size > LARGEST:
            mb = size / 1e6
            raise Rejected(
                NAME, f"a file has {mb:.0f} MB; Replicate takes up to 100 MB", hint="make it smaller"
            )
        data = await asyncio.to_thread(found.path.read_bytes)
        name = f"{found.sha256[:16]}{_suffix(found.media_type)}"
        try:
            answer = await self._http.request(
                "POST", "/v1/files", files={"content": (name, data, found.media_type)}
            )
            written = document(answer)
            return str(written["urls"]["get"]), moment(written.get("expires_at"))
        except (OutcomeUnknown, ResultExpired, KeyError, TypeError) as error:
            raise NotSent(NAME, f"a file could not be uploaded: {error}") from error

    async def is_same(self, shown: object, found: Artifact) -> bool | None:
        """Whether an input that a list shows is this file; None when that can't be told any more."""
        if not isinstance(shown, str):
            return False
        if shown == self._kept.get(found.sha256, ("", None))[0]:
            return True
        if shown.startswith("data:"):
            return _digest_of_data(shown) == found.sha256
        uploaded = re.search(r"/v1/files/([\w-]+)", shown)
        known = await self._sum(uploaded.group(1)) if uploaded else None
        return None if known is None else known == found.sha256

    async def _sum(self, file: str) -> str | None:
        if file not in self._sums:
            try:
                written = document(await self._http.request("GET", f"/v1/files/{file}"))
            except ResultExpired:
                written = {}
            sums = written.get("checksums")
            known = sums.get("sha256") if isinstance(sums, Mapping) else None
            self._sums[file] = known if isinstance(known, str) else None
        return self._sums[file]


def _suffix(media_type: str) -> str:
    """Some models look at the name."""
    return {"audio/wav": ".wav", "audio/mp4": ".m4a"}.get(media_type) or guess_extension(media_type) or ""


def _digest_of_data(uri: str) -> str | None:
    head, _, data = uri.partition(",")
    try:
        return hashlib.sha256(b64decode(data) if head.endswith(";base64") else data.encode()).hexdigest()
    except (NoBase64, ValueError):
        return None


def is_file(value: Any) -> bool:
    """A place in a body where a file goes."""
    return isinstance(value, Mapping) and bool(value.keys() & {"$input", "$asset"})

"""Fetches material that a campaign names on the web or in S3: sixteen at once, tried again, and proved."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from adcli.engine.detached import detached
from adcli.engine.lane import Lane
from adcli.errors import OutcomeUnknown, Problem, ResultExpired, TaskFailed
from adcli.graph.task import RemoteFile
from adcli.keys import Json
from adcli.providers._addresses import ALLOW_HOSTS, Allowed
from adcli.providers._download import AddressRefused, Downloads, Limit, NeverDownloaded
from adcli.publish.s3_source import read_object
from adcli.spec.addresses import is_in_s3
from adcli.spec.assets import MOST_MEDIA_BYTES, Asset, Use, read_asset
from adcli.spec.pictures import AUDIO, MOST_PICTURE_BYTES, VIDEO, Unfit
from adcli.work import File

TRIES = 6
"""Times that a file is asked for: as often as any free request."""
LAST_PAUSE = 30.0
"""Seconds between two tries, at most."""
_SECONDS, _MEDIA_SECONDS = 120.0, 900.0


class NotFetched(TaskFailed):
    """Material that can't be had or can't be used; ``problem`` is the field of the campaign to correct."""

    code = "not-fetched"

    def __init__(self, message: str, problem: Problem, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.problem = problem

    def as_json(self) -> dict[str, object]:
        """As the base, with the place in the campaign that names the material."""
        found = self.problem
        place = {"file": found.file, "line": found.line, "column": found.column, "field": found.field}
        return super().as_json() | {name: value for name, value in place.items() if value is not None}


class Fetching:
    """What all fetches of a run share. ``patience`` scales the pauses between tries."""

    def __init__(self, environ: Mapping[str, str], at_once: int, patience: float = 1.0) -> None:
        self._environ, self._patience = environ, patience
        self._lane = Lane(at_once)
        self._hosts: dict[str, Downloads] = {}

    async def fetch(
        self,
        remote: RemoteFile,
        params: Mapping[str, Any],
        workdir: Path,
        priority: int,
        started: Callable[[], None],
    ) -> File:
        """The file at an address, fit for its uses; ``started`` tells when. Raises NotFetched."""
        uses = tuple(Use[name.upper()] for name in params["uses"])
        order = _Order(str(params["address"]), remote, uses, workdir)
        async with self._lane.slot(priority):
            started()
            path = await self._tried(order)
            return await asyncio.to_thread(order.proved, path)

    async def close(self) -> None:
        """Closes connections."""
        for downloads in self._hosts.values():
            await downloads.close()

    async def _tried(self, order: _Order) -> Path:
        for left in reversed(range(TRIES)):
            try:
                return await self._got(order)
            except (NeverDownloaded, ResultExpired, AddressRefused) as error:
                raise order.refused(error) from error
            except OutcomeUnknown as error:
                if not left:
                    raise order.wrong(error.message, "run again: what is already made is kept") from error
                most = min(LAST_PAUSE, 0.5 * 2 ** (TRIES - 1 - left))
                await asyncio.sleep(self._patience * random.uniform(0, most))  # noqa: S311
        raise AssertionError

    async def _got(self, order: _Order) -> Path:
        url, limit = order.remote.url, order.limit
        if is_in_s3(url):
            return await _from_s3(url, order.workdir / "file", limit.bytes)
        place = url.partition("?")[0].partition("#")[0]
        host = "/".join(place.split("/")[:3])
        if host not in self._hosts:
            self._hosts[host] = Downloads("material", host, self._environ)
        return await self._hosts[host].save(url, order.workdir, "file", limit)


async def _from_s3(address: str, path: Path, most: int) -> Path:
    """Reads an object in a thread that a stopped run doesn't wait for."""
    stopped = threading.Event()
    try:
        await detached(lambda: read_object(address, path, most, stopped))
    finally:
        stopped.set()
    return path


class _Order:
    """One address with what it is wanted for, and what went wrong with it in words."""

    def __init__(self, address: str, remote: RemoteFile, uses: Sequence[Use], workdir: Path) -> None:
        self.address, self.remote, self.uses, self.workdir = address, remote, uses, workdir

    @property
    def limit(self) -> Limit:
        """How large it may be, and how long it may take."""
        kinds = set().union(*(use.value for use in self.uses))
        if kinds & (AUDIO.keys() | VIDEO.keys()):
            return Limit(MOST_MEDIA_BYTES, _MEDIA_SECONDS)
        return Limit(MOST_PICTURE_BYTES + (1 << 20), _SECONDS)

    def proved(self, path: Path) -> File:
        """The downloaded file, fit for all its uses."""
        try:
            found, *_ = [read_asset(path, use) for use in self.uses]
        except Unfit as error:
            raise self.wrong(error.message, f"correct {self.field}, or what lies at that address") from None
        return File(path, found.media_type, _meta(found))

    @property
    def field(self) -> str:
        """The field of the campaign that names the address."""
        return self.remote.problem.field or "the campaign"

    def wrong(self, message: str, hint: str) -> NotFetched:
        """The error for what keeps it from being used."""
        return NotFetched(f"{self.field}: {self.address}: {message}", self.remote.problem, hint)

    def refused(self, error: NeverDownloaded | ResultExpired | AddressRefused) -> NotFetched:
        """The error for what no further try would change."""
        correct = f"correct {self.field}"
        match error:
            case AddressRefused():
                return self.wrong(f"was refused: {error.reason}", self._allowing(error))
            case ResultExpired():
                expected = self.uses[0].expected
                hint = f"{correct}; a signed address may have run out: sign it anew"
                return self.wrong(f"found no file there; expected {expected}", hint)
            case _ if error.status in (401, 403):
                hint = f"{correct}: it must be readable without a key; a signed one may have run out"
                return self.wrong(f"may not be read (the server answered {error.status})", hint)
            case _ if error.status:
                return self.wrong(f"the server answered {error.status}", correct)
            case _:
                most = f"expected at most {self.limit.bytes / 1e6:.0f} MB"
                return self.wrong(f"found a larger file; {most}", correct)

    def _allowing(self, error: AddressRefused) -> str:
        """How a private address may be allowed; one that a public address leads to can't be."""
        place = error.place
        if place is None or not self.remote.url.lower().startswith(f"{place.scheme}://{place.host}"):
            return f"correct {self.field}: it must not lead to a private address"
        return f"a private address is allowed with {ALLOW_HOSTS}={Allowed(place.host, place.port)}"


def _meta(found: Asset) -> dict[str, Json]:
    known = {"width": found.width, "height": found.height, "duration": found.seconds}
    return {name: value for name, value in known.items() if value is not None}

"""What a paid provider's client does for the engine: one POST per submit, and nothing decided about money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from adcli.registry import ProviderSpec
from adcli.work import Artifact, File


@dataclass(frozen=True, slots=True)
class Call:
    """One paid call: the request body with all texts filled in, and the files it refers to.

    ``ref`` names the attempt: for services that take a name or an idempotency key of ours.
    """

    stage: str
    model: str
    body: Mapping[str, Any]
    inputs: tuple[Artifact | None, ...]
    assets: Mapping[str, Artifact]
    ref: str = ""


@dataclass(frozen=True, slots=True)
class JobHandle:
    """What is needed to ask for a job again: it never goes to another model or endpoint."""

    model: str
    endpoint: str
    job: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took the job. ``expires`` is when it forgets the result (RFC 3339), if it does."""

    job: str
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The job is done; ``usd`` is what the service says it cost, if it says so."""

    usd: float | None = None
    expires: str | None = None


class PaidClient(Protocol):
    """Made by the engine only. Methods raise the ProviderError that says what is known about the money."""

    spec: ProviderSpec

    def endpoint(self, call: Call) -> str:
        """Where the call is sent: kept with the attempt, so that its job is asked for there."""
        ...

    async def submit(self, call: Call) -> Accepted:
        """Sends exactly one POST."""
        ...

    async def poll(self, handle: JobHandle) -> Finished | None:
        """None while it runs; raises JobFailed when the service says it failed."""
        ...

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File]:
        """Fetches the results into ``folder``; raises ResultExpired when they are gone."""
        ...

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Jobs created since then with this model and input, without those already claimed."""
        ...

    async def cancel(self, handle: JobHandle) -> None:
        """Asks the service to stop a job."""
        ...

    async def check(self) -> str:
        """Proves the credential without spending; gives the account's name."""
        ...

    async def close(self) -> None:
        """Releases connections."""
        ...

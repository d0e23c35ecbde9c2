"""What a paid provider's client does for the engine: one POST per submit, and nothing decided about money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from adcli.registry import ProviderSpec
from adcli.work import Artifact, File

Usage: TypeAlias = Mapping[str, float]
"""What a service billed: ``images``, ``seconds``, ``characters``, ``gpu_seconds``, ``runs``,
``read_tokens`` and ``written_tokens``, or ``usd`` itself."""


@dataclass(frozen=True, slots=True)
class Call:
    """One paid call: the request body with all texts filled in, and the files it refers to.

    ``ref`` names the attempt: for services that take a name or an idempotency key of ours.
    ``max_usd`` is what the plan counts on at most: a service that tells its price is held to it.
    """

    stage: str
    model: str
    body: Mapping[str, Any]
    inputs: tuple[Artifact | None, ...]
    assets: Mapping[str, Artifact]
    ref: str = ""
    max_usd: float | None = None

    def file(self, value: Mapping[str, Any]) -> Artifact:
        """The artifact that ``{"$input": i}`` or ``{"$asset": sha}`` stands for."""
        if "$asset" in value:
            return self.assets[str(value["$asset"])]
        found = self.inputs[int(value["$input"])]
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class JobHandle:
    """What is needed to ask for a job again: it never goes to another model or endpoint.

    ``body`` is what was asked for, as far as it is still known; its files are only references.
    """

    model: str
    endpoint: str
    job: str
    stage: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The service took the job. ``expires`` is when it forgets the result (RFC 3339), if it does.

    ``outputs`` are the results themselves where the answer to the POST already holds them.
    """

    job: str
    expires: str | None = None
    outputs: Mapping[str, File | str] | None = None
    usage: Usage = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """The job is done; ``usage`` is what the service says it billed, if it says so."""

    usage: Usage = field(default_factory=dict)
    expires: str | None = None


class PaidClient(Protocol):
    """Made by the engine only. Methods raise the ProviderError that says what is known about the money."""

    spec: ProviderSpec

    def endpoint(self, call: Call) -> str:
        """Where the call is sent: kept with the attempt, so that its job is asked for there."""
        ...

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Asks the service's free lists whether it knows the model, the fields and the voice of a call.

        Done for every kind of call before anything of a run is sent; texts are placeholders and
        files references. Raises Rejected (exit 3) with the model's real fields or the closest voices.
        """
        ...

    async def prepare(self, call: Call) -> None:
        """All else that is free and can fail before the POST, such as uploads.

        It may keep what it learnt for the ``submit`` of the same call.
        """
        ...

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Sends exactly one POST; results that come with its answer are written below ``folder``."""
        ...

    async def poll(self, handle: JobHandle) -> Finished | None:
        """None while it runs; raises JobFailed when the service says it failed."""
        ...

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Fetches the results into ``folder``; raises ResultExpired when they are gone."""
        ...

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Jobs created since then with this model and input, without those already claimed."""
        ...

    async def cancel(self, handle: JobHandle) -> None:
        """Asks the service to stop a job; Rejected when it can't be stopped any more."""
        ...

    async def check(self) -> str:
        """Proves the credential without spending; gives the account's name or what it has left."""
        ...

    async def at_once(self, stage: str) -> int | None:
        """How many calls of a stage the account may have at once, where the service says so; free."""
        ...

    async def close(self) -> None:
        """Releases connections."""
        ...

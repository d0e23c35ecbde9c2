"""Limits towards a service: how many start per minute, how many run at once, and pauses it asks for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from asyncio_throttle.throttler import Throttler

from adcli.engine.pool import Lane
from adcli.registry import StageSpec
from adcli.spec.campaign import Limit

PER_MINUTE = 300
"""Half of the create rate that the strictest documented service allows (Replicate: 600 a minute)."""
JOB_TIMEOUT = 1800.0
"""Seconds after which waiting for a job ends; it stays attached. Replicate ends predictions after 30 min."""
LONGEST_PAUSE = 900.0
"""Seconds that a service's ``retry_after`` is obeyed for at most."""


class Account:
    """One provider with one credential."""

    def __init__(self, per_minute: int = PER_MINUTE, job_timeout: float = JOB_TIMEOUT) -> None:
        self.job_timeout = job_timeout
        self._starts = Throttler(rate_limit=per_minute, period=60.0)
        self._paused_until = 0.0

    async def may_start(self) -> None:
        """Waits until one more request may be started."""
        while (wait := self._paused_until - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        async with self._starts:
            pass

    def pause(self, seconds: float) -> None:
        """Starts nothing for a while, because the service asked for it."""
        until = time.monotonic() + min(max(seconds, 0.0), LONGEST_PAUSE)
        self._paused_until = max(self._paused_until, until)


class Accounts:
    """All accounts and lanes of a run, made when first needed."""

    def __init__(self, limits: Mapping[str, Limit], stages: Mapping[str, StageSpec]) -> None:
        self._limits = limits
        self._stages = stages
        self._accounts: dict[str, Account] = {}
        self._lanes: dict[str, Lane] = {}

    def account(self, provider: str) -> Account:
        """The account of a provider."""
        if provider not in self._accounts:
            limit = self._limits.get(provider)
            self._accounts[provider] = Account(
                (limit and limit.per_minute) or PER_MINUTE, (limit and limit.timeout) or JOB_TIMEOUT
            )
        return self._accounts[provider]

    def lane(self, provider: str, stage: str) -> Lane:
        """The lane of one stage at one provider."""
        name = f"{provider}:{stage}"
        if name not in self._lanes:
            written = [self._limits[at].concurrency for at in (name, provider) if at in self._limits]
            given = next((size for size in written if size), None)
            self._lanes[name] = Lane(given or self._stages[stage].at_once)
        return self._lanes[name]

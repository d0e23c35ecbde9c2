"""Limits towards a service: starts per minute, calls at once, pauses, and outages waited out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from asyncio_throttle.throttler import Throttler

from adcli.engine.lane import Lane
from adcli.errors import AdcliError, NotSent, OutcomeUnknown, RateLimited, TaskFailed
from adcli.providers._base import PaidClient
from adcli.registry import StageSpec
from adcli.spec.campaign import Limit

PER_MINUTE = 300
"""Half of the create rate that the strictest documented service allows (Replicate: 600 a minute)."""
JOB_TIMEOUT = 1800.0
"""Seconds after which waiting for a job ends; it stays attached. Replicate ends predictions after 30 min."""
LONGEST_PAUSE = 900.0
"""Seconds that a service's ``retry_after`` is obeyed for at most."""
FIRST_PAUSE, LAST_PAUSE = 1.0, 30.0
"""Seconds between sends to a service that says "too many" without saying until when; doubled each time."""
LAST_PROBE = 30.0
"""Seconds between looks at a service that is down, at most."""
LONGEST_OUTAGE = 7200.0
"""Seconds that a service is waited for which has answered in this run; one that never did, a minute."""
UNREACHED = 60.0
FIRST_POLL, LAST_POLL = 0.5, 10.0
"""Seconds between looks at one job: at least, and at most."""
POLL_SHARE = 0.05
"""Of a job's time so far, what may pass before the next look: its end is noticed half of that late."""
POLLS_PER_SECOND = 25
"""Looks at all jobs of an account: half of what the strictest documented service allows (Replicate: 3,000 a
minute)."""
ASKING = 15.0
"""Seconds given to the question how much an account allows."""

MOST_READS = 6
"""Times that a free request is made to a service that is up."""

Probe = Callable[[], Awaitable[object]]
T = TypeVar("T")


class Account:
    """One provider with one credential. ``patience`` scales its own waits, not those a service asks for."""

    def __init__(
        self,
        provider: str,
        per_minute: int = PER_MINUTE,
        job_timeout: float = JOB_TIMEOUT,
        patience: float = 1.0,
    ) -> None:
        self.provider = provider
        self.job_timeout = job_timeout
        self._patience = patience
        self._starts = Throttler(rate_limit=per_minute, period=60.0)
        self._slowed_to = per_minute
        self._paused_until = 0.0
        self._limited = 0
        self._watched = 0
        self._closed: AdcliError | None = None
        self._down_since: float | None = None
        self._has_answered = False
        self._probing = asyncio.Lock()

    async def may_start(self, probe: Probe) -> None:
        """Waits until one more request may be started; ``probe`` is a free one that shows if it is up.

        Raises what closed the account, or TaskFailed when an outage lasts too long.
        """
        while True:
            if self._closed:
                raise self._closed
            if self._down_since is not None:
                await self._wait_for(probe)
            elif (wait := self._paused_until - _now()) > 0:
                await asyncio.sleep(wait)
            else:
                async with self._starts:
                    pass
                if self._paused_until <= _now() and self._down_since is None and not self._closed:
                    return

    async def read(self, ask: Callable[[], Awaitable[T]], probe: Probe, *, proof: bool = True) -> T:
        """A free request, repeated with full jitter while the service has trouble, through an outage, too.

        ``proof``: its success shows that the service is up. Raises TaskFailed when the service is up and the
        request still gets no good answer.
        """
        for tries in range(MOST_READS):
            try:
                found = await ask()
            except (NotSent, OutcomeUnknown) as error:
                if tries == MOST_READS - 1:
                    raise TaskFailed(f"{error}; its job stays attached", hint="run again later") from error
                self.trouble()
                await self._wait_for(probe)
                await asyncio.sleep(self._jitter(tries))
            except RateLimited as error:
                if tries == MOST_READS - 1:
                    raise TaskFailed(f"{error}; its job stays attached", hint="run again later") from error
                await asyncio.sleep(error.retry_after or self._jitter(tries))
            else:
                if proof:
                    self.answered()
                return found
        raise AssertionError

    def _jitter(self, tries: int) -> float:
        return self._patience * random.uniform(0, min(LAST_PROBE, 0.5 * 2**tries))  # noqa: S311

    async def _wait_for(self, probe: Probe) -> None:
        """Looks, one task for all, until the service answers again."""
        async with self._probing:
            tries = 0
            while self._down_since is not None:
                try:
                    await probe()
                except (NotSent, OutcomeUnknown) as error:
                    await asyncio.sleep(self._until_next_look(tries, error))
                    tries += 1
                except RateLimited:
                    self.answered()
                else:
                    self.answered()

    def _until_next_look(self, tries: int, error: AdcliError) -> float:
        """Seconds to wait after so many tries in vain; TaskFailed when it has been down for too long."""
        self.trouble()
        assert self._down_since is not None
        most = LONGEST_OUTAGE if self._has_answered else UNREACHED
        if _now() - self._down_since >= most * self._patience:
            raise TaskFailed(
                f"{self.provider} has been out of reach for {most / 60:g} min: {error}",
                hint="run again when it is back: nothing is lost, and nothing is bought twice",
            ) from error
        return max(0.01, self._jitter(tries))

    async def until_next_poll(self, waited: float) -> float:
        """Sleeps before the next look at a job that has been waited for so long; gives the seconds slept."""
        share = POLL_SHARE * waited / self._patience if self._patience else 0.0
        self._watched += 1
        try:
            pause = max(min(LAST_POLL, max(FIRST_POLL, share)), self._watched / POLLS_PER_SECOND)
            wait = self._patience * pause * random.uniform(0.8, 1.2)  # noqa: S311
            await asyncio.sleep(wait)
        finally:
            self._watched -= 1
        return wait

    def trouble(self) -> None:
        """No answer came: nothing is sent before a free look has shown that the service is up."""
        if self._down_since is None:
            self._down_since = _now()

    def answered(self) -> None:
        """The service is up."""
        self._has_answered, self._down_since = True, None

    def accepted(self) -> None:
        """It took a call: pauses start small again."""
        self.answered()
        self._limited = 0

    def limited(self, error: RateLimited) -> bool:
        """Starts nothing for a while, because the service asked for it; True when it slows down for good."""
        self.answered()
        self._limited += 1
        wait = error.retry_after
        if wait is None:
            wait = self._patience * min(LAST_PAUSE, FIRST_PAUSE * 2 ** min(self._limited - 1, 10))
        self._paused_until = max(self._paused_until, _now() + min(max(wait, 0.0), LONGEST_PAUSE))
        if error.per_minute is None or error.per_minute >= self._slowed_to:
            return False
        self._slowed_to = error.per_minute
        self._starts = Throttler(rate_limit=1, period=60.0 / error.per_minute)
        return True

    def close(self, error: AdcliError) -> None:
        """Its key or its credit was refused: nothing more is sent to it in this run."""
        self._closed = error


@dataclass(slots=True)
class Sized:
    """A lane with the size that it may grow back to, and the calls taken since it last changed."""

    lane: Lane
    full: int
    taken: int = 0
    _asked: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: bool = False

    def shrink(self) -> None:
        """Half as many at once: the service could not take more."""
        self.lane.resize(max(1, self.lane.size // 2))
        self.taken = 0

    def grow(self) -> None:
        """One more at once, after as many calls were taken as the lane is wide."""
        self.taken += 1
        if self.lane.size < self.full and self.taken >= self.lane.size:
            self.lane.resize(self.lane.size + 1)
            self.taken = 0

    async def ask(self, client: PaidClient, stage: str) -> None:
        """Takes the size that the account allows, once; what can't be known stays as it is."""
        async with self._asked:
            if self.known:
                return
            self.known = True
            try:
                async with asyncio.timeout(ASKING):
                    size = await client.at_once(stage)
            except (AdcliError, TimeoutError):
                return
            if size:
                self.full = size
                self.lane.resize(size)


class Accounts:
    """All accounts and lanes of a run, made when first needed."""

    def __init__(
        self, limits: Mapping[str, Limit], stages: Mapping[str, StageSpec], patience: float = 1.0
    ) -> None:
        self._limits = limits
        self._stages = stages
        self._patience = patience
        self._accounts: dict[str, Account] = {}
        self._lanes: dict[str, Sized] = {}

    def account(self, provider: str) -> Account:
        """The account of a provider."""
        if provider not in self._accounts:
            limit = self._limits.get(provider)
            self._accounts[provider] = Account(
                provider,
                (limit and limit.per_minute) or PER_MINUTE,
                (limit and limit.timeout) or JOB_TIMEOUT,
                self._patience,
            )
        return self._accounts[provider]

    def lane(self, provider: str, stage: str) -> Sized:
        """The lane of one stage at one provider: as wide as the campaign says, else as the stage's usual."""
        name = f"{provider}:{stage}"
        if name not in self._lanes:
            written = [self._limits[at].concurrency for at in (name, provider) if at in self._limits]
            given = next((size for size in written if size), None)
            size = given or self._stages[stage].at_once
            self._lanes[name] = Sized(Lane(size), size, known=given is not None)
        return self._lanes[name]


def _now() -> float:
    return asyncio.get_running_loop().time()

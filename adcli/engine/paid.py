"""Paid calls, for every provider: each POST is on disk before it is sent, and none is sent twice unseen.

What to do next is always ``plan.resume`` of the checkpoint; this module does that one step,
writes down what came of it, and asks again, until the results are stored or nobody but a
person can go on.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, assert_never

from adcli.engine.accounts import Accounts
from adcli.engine.events import AttemptChanged, Emit
from adcli.errors import (
    AdcliError,
    CredentialError,
    Held,
    JobFailed,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    ResultExpired,
    TaskFailed,
)
from adcli.graph.task import Task
from adcli.keys import canonical, digest
from adcli.plan.resume import HOLD_ABOVE, Decision, resume
from adcli.providers._base import Accepted, Call, Finished, JobHandle, PaidClient
from adcli.registry import Ability
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint, Output
from adcli.state.runs import timestamp
from adcli.state.store import Store

T = TypeVar("T")

MOST_SENDS = 6
"""Sends of one task within a run that may end in "not sent" or "not now"."""
LOOK_BACK = timedelta(seconds=120)
"""A lost job is looked for from this long before its intent, for clocks that differ."""
SETTLE = 60.0
"""Seconds after the intent before "not listed" is believed to mean "never arrived"."""
EXPIRED = "its result has expired at the service"
FIRST_POLL, LAST_POLL = 0.5, 10.0


@dataclass(slots=True)
class Purchase:
    """One task being bought. Each change of the checkpoint is durable before the next step.

    ``patience`` scales every wait for the service: polls, pauses after trouble, the settle time.
    """

    task: Task
    call: Call
    checkpoint: Checkpoint
    client: PaidClient
    store: Store
    accounts: Accounts
    emit: Emit
    max_usd: float
    retry_failed: bool
    claimed: Callable[[], frozenset[str]]
    workdir: Path
    patience: float = 1.0
    hold_above: float = HOLD_ABOVE
    collect_only: bool = False
    """Sends nothing and waits for nothing: takes what the service has by now, and leaves the rest open."""

    @property
    def can(self) -> Ability:
        """What the service can say about a lost call of this stage."""
        return self.client.spec.ability(self.task.stage)

    async def finish(self, priority: int, started: Callable[[], None]) -> Checkpoint:
        """Goes from wherever the attempts stand to stored results; gives the finished checkpoint.

        Raises Held, CredentialError, TaskFailed or a ProviderError; what was recorded stays.
        """
        async with self.accounts.lane(self.task.provider, self.task.stage).slot(priority):
            started()
            sends = 0
            while not self.checkpoint.is_finished:
                step = resume(
                    self.checkpoint,
                    self.can,
                    datetime.now(UTC),
                    retry_failed=self.retry_failed,
                    hold_above=self.hold_above,
                )
                if self.collect_only and step in (Decision.RUN, Decision.BLOCKED):
                    break
                if step is Decision.RUN:
                    sends += 1
                    if sends > MOST_SENDS:
                        raise TaskFailed(self._last_message(), hint="run again later")
                await self._step(step, sends)
            return self.checkpoint

    async def _step(self, step: Decision, sends: int) -> None:
        if step in (Decision.ATTACH, Decision.COLLECT, Decision.FIND):
            self._check_endpoint()
        match step:
            case Decision.RUN:
                await self._send(sends)
            case Decision.ATTACH:
                await self._wait()
            case Decision.COLLECT:
                await self._collect()
            case Decision.FIND:
                await self._find()
            case Decision.HOLD:
                attempt = self._last()
                gone = attempt.state not in (AttemptState.INTENT, AttemptState.UNKNOWN)
                raise self._held(EXPIRED if gone else "its outcome is unknown, and it can't be looked up")
            case Decision.BLOCKED:
                raise TaskFailed(self._last_message(), hint="change the task, or --retry-failed")
            case Decision.REUSE | Decision.SHARE | Decision.MAYBE | Decision.WAIT:
                raise AssertionError(step)
            case _:
                assert_never(step)

    async def _send(self, sends: int) -> None:
        if sends > 1:
            await asyncio.sleep(self.patience * random.uniform(0, min(30.0, 0.5 * 2**sends)))  # noqa: S311
        await self.accounts.account(self.task.provider).may_start()
        self.store.mark_open(self.checkpoint.key)
        attempt = self._intent()
        self._record(attempt)
        try:
            accepted = await self.client.submit(replace(self.call, ref=attempt.ref), self.workdir)
        except AdcliError as error:
            self._refused(attempt, error)
            return
        self._enter(attempt, AttemptState.ACCEPTED, job=accepted.job, expires=accepted.expires)

    def _intent(self) -> Attempt:
        n = len(self.checkpoint.attempts) + 1
        blank = Attempt(
            n=n,
            campaign=self.checkpoint.campaign,
            provider=self.task.provider,
            model=self.call.model,
            endpoint=self.client.endpoint(self.call),
            state=AttemptState.INTENT,
            ref=f"{self.task.recipe[:12]}-{n}",
            body_sha256=digest(canonical(self.call.body)),
            usd_max=self.max_usd,
        )
        return blank.enter(AttemptState.INTENT, timestamp())

    def _refused(self, attempt: Attempt, error: AdcliError) -> None:
        """Writes down what an error says about the money; raises it when sending again can't help."""
        match error:
            case NotSent():
                self._enter(attempt, AttemptState.NOT_SENT, usd=0.0, error=error.as_json())
            case RateLimited():
                self.accounts.account(self.task.provider).pause(error.retry_after or 1.0)
                self._enter(attempt, AttemptState.REFUSED, usd=0.0, error=error.as_json())
            case OutcomeUnknown():
                self._enter(attempt, AttemptState.UNKNOWN, error=error.as_json())
            case Rejected():
                final = {**error.as_json(), "permanent": True}
                self._over(attempt, AttemptState.REFUSED, usd=0.0, error=final)
                raise error
            case CredentialError():
                self._over(attempt, AttemptState.REFUSED, usd=0.0, error=error.as_json())
                raise error
            case _:
                raise error

    async def _wait(self) -> None:
        attempt, handle = self._attempt_and_handle()
        pause, limit = FIRST_POLL, self.accounts.account(self.task.provider).job_timeout
        try:
            async with asyncio.timeout(limit):
                while (finished := await self._poll(attempt, handle)) is None:
                    if self.collect_only:
                        raise self._still_open("still runs")
                    await asyncio.sleep(self.patience * pause * random.uniform(0.8, 1.2))  # noqa: S311
                    pause = min(LAST_POLL, pause * 1.5)
        except TimeoutError:
            message = f"job {handle.job} still runs at {self.task.provider} after {limit:g} s"
            raise TaskFailed(message, hint="run again to go on waiting: it stays attached") from None
        changes = {"usd": None, "expires": finished.expires or attempt.expires}
        self._enter(attempt, AttemptState.FINISHED, **changes)

    async def _poll(self, attempt: Attempt, handle: JobHandle) -> Finished | None:
        try:
            return await self._read(lambda: self.client.poll(handle))
        except JobFailed as error:
            final = {**error.as_json(), "permanent": error.permanent}
            self._over(attempt, AttemptState.FAILED, usd=attempt.usd_max, error=final)
            raise
        except ResultExpired as error:
            self._enter(attempt, AttemptState.FINISHED, expires=timestamp(), error=error.as_json())
            raise self._held(EXPIRED) from error

    async def _collect(self) -> None:
        attempt, handle = self._attempt_and_handle()
        self.workdir.mkdir(parents=True, exist_ok=True)
        try:
            files = await self._read(lambda: self.client.collect(handle, self.workdir))
        except ResultExpired as error:
            self._enter(attempt, attempt.state, expires=timestamp(), error=error.as_json())
            raise self._held(EXPIRED) from error
        outputs: dict[str, Output] = {name: self.store.keep(file) for name, file in files.items()}
        spent = attempt.usd if attempt.usd is not None else attempt.usd_max
        stored = attempt.enter(AttemptState.STORED, timestamp(), usd=spent)
        finished = replace(self.checkpoint, outputs=outputs, made_at=timestamp(), error=None)
        self._save(finished.with_attempt(stored))
        self.store.clear_open(self.checkpoint.key)
        self._tell(stored)

    async def _find(self) -> None:
        attempt = self._last()
        intent = datetime.fromisoformat(attempt.at[AttemptState.INTENT.value])
        found = await self._lost(intent)
        if any(job.job in self.claimed() for job in found):
            return  # another task's look-up has taken it meanwhile
        if len(found) > 1:
            raise self._held(f"{len(found)} jobs at the service could be it")
        if found:
            job = found[0]
            self._enter(attempt, AttemptState.ACCEPTED, job=job.job, expires=job.expires)
        else:
            self._over(attempt, AttemptState.ABSENT, usd=0.0)

    async def _lost(self, intent: datetime) -> tuple[Accepted, ...]:
        """Jobs that may be the lost one; "none" is only believed after the settle time and a second look."""
        since, settled = intent - LOOK_BACK, intent + timedelta(seconds=SETTLE * self.patience)
        call = replace(self.call, ref=self._last().ref)
        while True:
            now = datetime.now(UTC)
            found = await self._read(lambda: self.client.find(call, since, self.claimed()))
            if found or now >= settled:
                return found
            if self.collect_only:
                raise self._still_open("may be on its way")
            await asyncio.sleep(min(5.0, max(0.05, (settled - now).total_seconds())))

    async def _read(self, ask: Callable[[], Awaitable[T]]) -> T:
        """A free request, repeated with full jitter while the service has trouble."""
        for attempt in range(6):
            try:
                return await ask()
            except (NotSent, OutcomeUnknown, RateLimited) as error:
                if attempt == 5:
                    raise TaskFailed(f"{error}; its job stays attached", hint="run again later") from error
                wait = error.retry_after if isinstance(error, RateLimited) else None
                await asyncio.sleep(wait or self.patience * random.uniform(0, min(30.0, 0.5 * 2**attempt)))  # noqa: S311
        raise AssertionError

    def _attempt_and_handle(self) -> tuple[Attempt, JobHandle]:
        attempt = self._last()
        assert attempt.job is not None
        return attempt, JobHandle(attempt.model, attempt.endpoint, attempt.job, self.task.stage)

    def _last(self) -> Attempt:
        attempt = self.checkpoint.last_attempt
        assert attempt is not None
        return attempt

    def _last_message(self) -> str:
        error = self._last().error or {}
        return str(error.get("message") or "it failed earlier")

    def _held(self, reason: str) -> Held:
        attempt = self._last()
        job = f" (job {attempt.job})" if attempt.job else ""
        self.store.mark_open(self.checkpoint.key)
        return Held(
            f"a paid call to {attempt.provider}{job} may have cost up to ${attempt.usd_max:g}: {reason}",
            hint=f"look at {attempt.provider}'s own list, then: adcli jobs resolve {self.task.id}",
        )

    def _still_open(self, what: str) -> TaskFailed:
        attempt = self._last()
        return TaskFailed(f"a paid call to {attempt.provider} {what}", hint="the next run looks again")

    def _check_endpoint(self) -> None:
        """A job is asked for where it was sent, and nowhere else: elsewhere it would look absent."""
        attempt, here = self._last(), self.client.endpoint(self.call)
        if attempt.endpoint != here:
            raise Held(
                f"a paid call was sent to {attempt.endpoint}, and {attempt.provider} now is at {here}",
                hint=f"set {self.client.spec.base_url} to {attempt.endpoint}, and run again",
            )

    def _enter(self, attempt: Attempt, state: AttemptState, **changes: Any) -> None:
        self._record(attempt.enter(state, timestamp(), **changes))

    def _over(self, attempt: Attempt, state: AttemptState, **changes: Any) -> None:
        self._enter(attempt, state, **changes)
        self.store.clear_open(self.checkpoint.key)

    def _record(self, attempt: Attempt) -> None:
        self._save(self.checkpoint.with_attempt(attempt))
        self._tell(attempt)

    def _save(self, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self.store.save(checkpoint)

    def _tell(self, attempt: Attempt) -> None:
        usd = attempt.usd if attempt.usd is not None else attempt.usd_max
        self.emit(AttemptChanged(self.task.id, attempt.provider, attempt.n, attempt.state.value, usd))

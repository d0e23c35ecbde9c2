"""Paid calls, for every provider: each POST is on disk before it is sent, and none is sent twice unseen.

What to do next is always ``plan.resume`` of the checkpoint; this module does that one step,
writes down what came of it, and asks again, until the results are stored or nobody but a
person can go on.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never

from adcli.engine.accounts import Account
from adcli.engine.events import AttemptChanged, Noted
from adcli.engine.purchasing import Purchasing, search_window, to_its_end
from adcli.errors import (
    AdcliError,
    CredentialError,
    Held,
    JobFailed,
    NotSent,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
    ResultExpired,
    TaskFailed,
)
from adcli.graph.task import Task
from adcli.keys import canonical, digest
from adcli.plan.resume import Decision, resume
from adcli.providers._base import Accepted, Call, Finished, JobHandle, PaidClient, Usage
from adcli.registry import Ability
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint
from adcli.state.runs import timestamp
from adcli.work import File

MOST_SENDS = 6
"""Sends of one task within a run that may end without an answer."""
LAST_ANSWER = 3.0
"""Seconds that a stopped run still gives a call on its way to be answered: its job id is worth them."""
EXPIRED = "its result has expired at the service"


@dataclass(slots=True)
class Purchase:
    """One task being bought. Each change of the checkpoint is durable before the next step."""

    task: Task
    call: Call
    checkpoint: Checkpoint
    max_usd: float
    workdir: Path
    shared: Purchasing
    collect_only: bool = False
    """Sends nothing and waits for nothing: takes what the service has by now, and leaves the rest open."""
    _client: PaidClient = field(init=False)
    _account: Account = field(init=False)
    _tried_again: bool = False
    _in_vain: int = 0

    def __post_init__(self) -> None:
        self._client = self.shared.clients.get(self.task.provider)
        self._account = self.shared.accounts.account(self.task.provider)

    @property
    def can(self) -> Ability:
        """What the service can say about a lost call of this stage."""
        return self._client.spec.ability(self.task.stage)

    async def finish(self, priority: int, started: Callable[[], None]) -> Checkpoint:
        """Goes from wherever the attempts stand to stored results; gives the finished checkpoint.

        Raises Held, BudgetExceeded, CredentialError, TaskFailed or a ProviderError; what was recorded stays.
        """
        lane = self.shared.accounts.lane(self.task.provider, self.task.stage)
        if not self.collect_only:
            await lane.ask(self._client, self.task.stage)
        async with lane.lane.slot(priority):
            started()
            while not self.checkpoint.is_finished:
                step = self._next()
                if self.collect_only and step in (Decision.RUN, Decision.BLOCKED):
                    break
                await self._step(step)
            return self.checkpoint

    def _next(self) -> Decision:
        return resume(
            self.checkpoint,
            self.can,
            datetime.now(UTC),
            retry_failed=self.shared.retry_failed,
            hold_above=self.shared.hold_above,
        )

    async def _step(self, step: Decision) -> None:
        if step in (Decision.ATTACH, Decision.COLLECT, Decision.FIND):
            self._check_endpoint()
        match step:
            case Decision.RUN:
                await self._send()
            case Decision.ATTACH:
                await self._wait()
            case Decision.COLLECT:
                await self._collect()
            case Decision.FIND:
                await (self._find() if self.can.find else self._send_again())
            case Decision.HOLD:
                await self._last_look()
            case Decision.BLOCKED:
                raise TaskFailed(self._last_message(), hint="change the task, or --retry-failed")
            case Decision.REUSE | Decision.SHARE | Decision.MAYBE | Decision.WAIT:
                raise AssertionError(step)
            case _:
                assert_never(step)

    async def _last_look(self) -> None:
        """A result that should be gone by our clock may still be there: clocks jump, and services keep more.

        Raises Held unless it is.
        """
        attempt = self._last()
        if attempt.state in (AttemptState.INTENT, AttemptState.UNKNOWN):
            raise self._held("its outcome is unknown, and it can't be looked up")
        if attempt.job is None or not (self.can.poll or self.can.find):
            raise self._held(EXPIRED)
        self._check_endpoint()
        if attempt.state is AttemptState.ACCEPTED and self.can.poll:
            await self._wait()
        else:
            await self._collect()

    async def _send(self) -> None:
        await self._make_ready()
        self.shared.budget.check(self.checkpoint, self.max_usd)
        body = digest(canonical(self.call.body))
        attempt = self._intent(f"{self.task.recipe[:12]}-{body[:12]}-{len(self.checkpoint.attempts) + 1}")
        self.shared.store.mark_open(self.checkpoint.key)
        self._record(attempt)
        await to_its_end(self._submit(attempt))

    async def _send_again(self) -> None:
        """The lost call once more with its own key: the service answers with the job it already has, if any.

        The reservation moves from the lost attempt to the new one, in one write.
        """
        if self.collect_only:
            raise self._still_open("may be on its way")
        lost = self._last()
        await self._make_ready()
        attempt = self._intent(lost.ref)
        over = lost.enter(AttemptState.ABSENT, timestamp(), usd=0.0)
        self._save(self.checkpoint.with_attempt(over).with_attempt(attempt))
        self._tell(over)
        self._tell(attempt)
        await to_its_end(self._submit(attempt))

    async def _make_ready(self) -> None:
        """Everything free that has to come before a POST."""
        if self._in_vain >= MOST_SENDS:
            raise TaskFailed(self._last_message(), hint="run again later")
        if self._in_vain:
            wait = min(30.0, 0.5 * 2**self._in_vain)
            await asyncio.sleep(self.shared.patience * random.uniform(0, wait))  # noqa: S311
        self.workdir.mkdir(parents=True, exist_ok=True)
        # there may be nothing to ask for: that it succeeds says nothing of the service
        await self._account.read(lambda: self._client.prepare(self.call), self._client.check, proof=False)
        await self._account.may_start(self._client.check)

    def _intent(self, ref: str) -> Attempt:
        blank = Attempt(
            n=len(self.checkpoint.attempts) + 1,
            campaign=self.checkpoint.campaign,
            provider=self.task.provider,
            model=self.call.model,
            endpoint=self._client.endpoint(self.call),
            state=AttemptState.INTENT,
            ref=ref,
            body_sha256=digest(canonical(self.call.body)),
            usd_max=self.max_usd,
        )
        return blank.enter(AttemptState.INTENT, timestamp())

    async def _submit(self, attempt: Attempt) -> None:
        try:
            accepted = await self._client.submit(replace(self.call, ref=attempt.ref), self.workdir)
        except AdcliError as error:
            self._refused(attempt, error)
            return
        self._account.accepted()
        self.shared.accounts.lane(self.task.provider, self.task.stage).grow()
        changes = {"job": accepted.job, "expires": accepted.expires, "usd": self._bill(accepted.usage)}
        if accepted.outputs is None:
            self._enter(attempt, AttemptState.ACCEPTED, **changes)
        else:  # the results are here, and nowhere else may be: they go to disk first
            taken = attempt.enter(AttemptState.ACCEPTED, timestamp(), **changes)
            self._store(taken, accepted.outputs, accepted.usage)

    def _refused(self, attempt: Attempt, error: AdcliError) -> None:
        """Writes down what an error says about the money; raises it when sending again can't help."""
        match error:
            case NotSent():
                self._in_vain += 1
                self._account.trouble()
                self._enter(attempt, AttemptState.NOT_SENT, usd=0.0, error=error.as_json())
            case RateLimited():
                self._enter(attempt, AttemptState.REFUSED, usd=0.0, error=error.as_json())
                self._slow_down(error)
            case OutcomeUnknown():
                self._in_vain += 1
                self._account.trouble()
                self._enter(attempt, AttemptState.UNKNOWN, error=error.as_json())
            case Held():
                self._enter(attempt, AttemptState.UNKNOWN, error=error.as_json())
                raise self._held(error.message) from error
            case JobFailed():
                self._failed(attempt, error)
            case Rejected():
                final = {**error.as_json(), "permanent": True}
                self._over(attempt, AttemptState.REFUSED, usd=0.0, error=final)
                raise error
            case CredentialError() | OutOfCredit():
                self._account.close(error)
                self._over(attempt, AttemptState.REFUSED, usd=0.0, error=error.as_json())
                raise error
            case _:
                raise error

    def _slow_down(self, error: RateLimited) -> None:
        self.shared.accounts.lane(self.task.provider, self.task.stage).shrink()
        if self._account.limited(error):
            told = f"{self.task.provider} takes {error.per_minute} calls a minute from this account for now"
            self.shared.emit(Noted(f"{told}: {error.hint}" if error.hint else told, "warning"))

    def _failed(self, attempt: Attempt, error: JobFailed) -> None:
        """The service failed the job: once more in this run where that may help, else raised."""
        final = {**error.as_json(), "permanent": error.permanent}
        usd = attempt.usd_max if error.billed else 0.0
        self._over(attempt, AttemptState.FAILED, usd=usd, error=final)
        if error.permanent or self._tried_again or self.collect_only:
            raise error
        self._tried_again = True
        self.shared.emit(Noted(f"{self.task.id}: {error}; it is tried once more", "warning", self.task.id))

    async def _wait(self) -> None:
        attempt, handle = self._attempt_and_handle()
        waited = 0.0
        try:
            while (finished := await self._poll(attempt, handle)) is None:
                if self.collect_only:
                    raise self._still_open("still runs")
                if waited >= self._account.job_timeout:
                    message = f"job {handle.job} still runs at {self.task.provider} after {waited:.0f} s"
                    raise TaskFailed(message, hint="run again to go on waiting: it stays attached")
                waited += await self._account.until_next_poll(waited)
        except JobFailed as error:
            self._failed(attempt, error)
        else:
            billed = self._bill(finished.usage)
            usd = attempt.usd if billed is None else billed
            changes = {"usd": usd, "expires": finished.expires or attempt.expires}
            self._enter(attempt, AttemptState.FINISHED, **changes)

    async def _poll(self, attempt: Attempt, handle: JobHandle) -> Finished | None:
        try:
            return await self._account.read(lambda: self._client.poll(handle), self._client.check)
        except ResultExpired as error:
            self._enter(attempt, AttemptState.FINISHED, expires=timestamp(), error=error.as_json())
            raise self._held(EXPIRED) from error

    async def _collect(self) -> None:
        attempt, handle = self._attempt_and_handle()
        self.workdir.mkdir(parents=True, exist_ok=True)
        try:
            files = await self._account.read(
                lambda: self._client.collect(handle, self.workdir), self._client.check
            )
        except ResultExpired as error:
            self._enter(attempt, attempt.state, expires=timestamp(), error=error.as_json())
            raise self._held(EXPIRED) from error
        self._store(attempt, files, {})

    def _store(self, attempt: Attempt, made: Mapping[str, File | str], usage: Usage) -> None:
        """Keeps the results; with them on disk the attempt is over."""
        outputs = {name: self.shared.store.keep(file) for name, file in made.items()}
        usd = self._bill(usage) if attempt.usd is None else attempt.usd
        stored = attempt.enter(AttemptState.STORED, timestamp(), usd=attempt.usd_max if usd is None else usd)
        finished = replace(self.checkpoint, outputs=outputs, made_at=timestamp(), error=None)
        self._save(finished.with_attempt(stored))
        self.shared.store.clear_open(self.checkpoint.key)
        self._tell(stored)

    def _bill(self, usage: Usage) -> float | None:
        return self.shared.bill(self.task, self.call, self.max_usd, usage)

    async def _find(self) -> None:
        attempt = self._last()
        found = await self._lost(datetime.fromisoformat(attempt.at[AttemptState.INTENT.value]))
        if any(job.job in self.shared.claimed for job in found):
            return  # another task's look-up has taken it meanwhile
        if len(found) > 1:
            raise self._held(f"{len(found)} jobs at the service could be it")
        if found:
            job = found[0]
            changes = {"job": job.job, "expires": job.expires, "usd": self._bill(job.usage)}
            self._enter(attempt, AttemptState.ACCEPTED, **changes)
        else:
            self._over(attempt, AttemptState.ABSENT, usd=0.0)

    async def _lost(self, intent: datetime) -> tuple[Accepted, ...]:
        """Jobs that may be the lost one; "none" is only believed after the settle time and a second look."""
        since, settled = search_window(intent, self.can.settle * self.shared.patience)
        call = replace(self.call, ref=self._last().ref)
        while True:
            now = datetime.now(UTC)
            claimed = frozenset(self.shared.claimed)
            try:
                found = await self._account.read(
                    lambda: self._client.find(call, since, claimed),  # noqa: B023  # asked at once
                    self._client.check,
                )
            except Held as error:
                raise self._held(error.message) from error
            if found or now >= settled:
                return found
            if self.collect_only:
                raise self._still_open("may be on its way")
            await asyncio.sleep(min(5.0, max(0.05, (settled - now).total_seconds())))

    def _attempt_and_handle(self) -> tuple[Attempt, JobHandle]:
        attempt = self._last()
        assert attempt.job is not None
        handle = JobHandle(attempt.model, attempt.endpoint, attempt.job, self.task.stage, self.call.body)
        return attempt, handle

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
        self.shared.store.mark_open(self.checkpoint.key)
        return Held(
            f"a paid call to {attempt.provider}{job} may have cost up to ${attempt.usd_max:g}: {reason}",
            hint=f"look at {attempt.provider}'s own list, then: adcli jobs resolve {self.task.id}",
        )

    def _still_open(self, what: str) -> TaskFailed:
        attempt = self._last()
        return TaskFailed(f"a paid call to {attempt.provider} {what}", hint="the next run looks again")

    def _check_endpoint(self) -> None:
        """A job is asked for where it was sent, and nowhere else: elsewhere it would look absent."""
        attempt, here = self._last(), self._client.endpoint(self.call)
        if attempt.endpoint != here:
            raise Held(
                f"a paid call was sent to {attempt.endpoint}, and {attempt.provider} now is at {here}",
                hint=f"set {self._client.spec.base_url} to {attempt.endpoint}, and run again",
            )

    def _enter(self, attempt: Attempt, state: AttemptState, **changes: Any) -> None:
        self._record(attempt.enter(state, timestamp(), **changes))

    def _over(self, attempt: Attempt, state: AttemptState, **changes: Any) -> None:
        self._enter(attempt, state, **changes)
        self.shared.store.clear_open(self.checkpoint.key)

    def _record(self, attempt: Attempt) -> None:
        self._save(self.checkpoint.with_attempt(attempt))
        self._tell(attempt)

    def _save(self, checkpoint: Checkpoint) -> None:
        """Reserves what a new attempt may cost, then writes: what is on disk is always counted."""
        for attempt in checkpoint.attempts:
            self.shared.budget.book(checkpoint, attempt)
            if attempt.job:
                self.shared.claimed.add(attempt.job)
        self.checkpoint = checkpoint
        self.shared.store.save(checkpoint)

    def _tell(self, attempt: Attempt) -> None:
        usd = attempt.usd if attempt.usd is not None else attempt.usd_max
        self.shared.emit(AttemptChanged(self.task.id, attempt.provider, attempt.n, attempt.state.value, usd))

"""Open and held paid jobs by hand: collect them, cancel them, or say what became of a lost one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from adcli.engine.orphans import collect
from adcli.engine.prepare import Prepared, Settings, plan_of, state_folder
from adcli.engine.purchasing import Purchasing, purchasing_of
from adcli.errors import AdcliError, CredentialError, JobFailed, Rejected, TaskFailed, UsageError
from adcli.plan.resume import Decision
from adcli.providers._base import JobHandle
from adcli.spec.load import load_campaign
from adcli.state.checkpoint import AttemptState, Checkpoint
from adcli.state.lock import locked
from adcli.state.runs import timestamp
from adcli.state.store import Store


class Answer(StrEnum):
    """What a person found in the service's own list."""

    ADOPT = "adopt"
    ABSENT = "absent"
    ABANDON = "abandon"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The answer for one task; ``job`` is the service's id with ``adopt``."""

    task: str
    answer: Answer
    job: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one job: ``collected``, ``cancelled``, or why it is still ``open``."""

    task: str
    outcome: str
    message: str = ""

    def as_json(self) -> dict[str, str]:
        """As a JSON object."""
        return {"task": self.task, "outcome": self.outcome, "message": self.message}


def collect_jobs(
    campaign_file: Path, state: Path | None, environ: Mapping[str, str], tasks: Sequence[str] = ()
) -> list[Report]:
    """Takes what services have by now of all open jobs, or of those of ``tasks``; sends nothing.

    Raises UsageError for a task without an open job, StateLocked while a run is going on.
    """
    return _on_each(campaign_file, state, environ, tasks, _collected)


def cancel_jobs(
    campaign_file: Path, state: Path | None, environ: Mapping[str, str], tasks: Sequence[str] = ()
) -> list[Report]:
    """Asks services to stop all open jobs, or those of ``tasks``; raises as ``collect_jobs``."""
    return _on_each(campaign_file, state, environ, tasks, _cancelled)


def _on_each(
    campaign_file: Path,
    state: Path | None,
    environ: Mapping[str, str],
    tasks: Sequence[str],
    act: Callable[[Purchasing, Checkpoint], Awaitable[Report]],
) -> list[Report]:
    loaded, root = load_campaign(campaign_file), state_folder(campaign_file, state)
    with locked(root):
        made = plan_of(loaded, root, Settings())
        found = [made.store.checkpoint(key) for key in made.store.open_keys()]
        chosen = [cp for cp in found if cp and cp.last_attempt and (not tasks or cp.task in tasks)]
        for name in set(tasks) - {checkpoint.task for checkpoint in chosen}:
            raise UsageError(f"{name} has no open job", hint="adcli jobs list shows them")
        return asyncio.run(_all(made, environ, chosen, act))


async def _all(
    made: Prepared,
    environ: Mapping[str, str],
    checkpoints: Sequence[Checkpoint],
    act: Callable[[Purchasing, Checkpoint], Awaitable[Report]],
) -> list[Report]:
    shared = purchasing_of(made, environ, lambda _: None)
    reports = []
    try:
        for checkpoint in checkpoints:
            try:
                reports.append(await act(shared, checkpoint))
            except CredentialError:
                raise
            except AdcliError as error:
                told = f"{error}; {error.hint}" if error.hint else str(error)
                reports.append(Report(checkpoint.task, "open", told))
    finally:
        await shared.clients.close()
    return reports


async def _collected(shared: Purchasing, checkpoint: Checkpoint) -> Report:
    after = await collect(shared, checkpoint)
    if after.is_finished:
        return Report(checkpoint.task, "collected")
    attempt = after.last_attempt
    assert attempt is not None
    if attempt.is_open:
        return Report(checkpoint.task, "open", "it can't be looked up from here: adcli run, or jobs resolve")
    return Report(checkpoint.task, attempt.state.value)


async def _cancelled(shared: Purchasing, checkpoint: Checkpoint) -> Report:
    attempt = checkpoint.last_attempt
    assert attempt is not None
    if attempt.state is not AttemptState.ACCEPTED or attempt.job is None:
        told = f"it is {attempt.state.value}: collect it, run again or resolve it"
        return Report(checkpoint.task, "open", told)
    stage = str(checkpoint.document["stage"])
    client = shared.clients.get(attempt.provider)
    refusal = "it was finished before it could be stopped"
    try:
        await client.cancel(JobHandle(attempt.model, attempt.endpoint, attempt.job, stage))
    except Rejected as error:
        refusal = error.message
    try:
        after = await collect(shared, checkpoint)
    except JobFailed:
        return Report(checkpoint.task, "cancelled")
    except TaskFailed:
        return Report(checkpoint.task, "open", f"it goes on: {refusal}")
    return Report(checkpoint.task, "collected" if after.is_finished else "open", refusal)


def resolve(campaign_file: Path, state: Path | None, resolution: Resolution) -> str:
    """Writes the answer into the state; gives a sentence on what the next run does.

    Raises UsageError when the task is not held, StateLocked while a run is going on.
    """
    loaded, root = load_campaign(campaign_file), state_folder(campaign_file, state)
    with locked(root):
        made = plan_of(loaded, root, Settings())
        key = _held_key(made, resolution.task)
        checkpoint = made.store.checkpoint(key)
        if checkpoint is None:
            return _without_checkpoint(made, key, resolution)
        return _answered(made.store, checkpoint, resolution)


def _held_key(made: Prepared, task: str) -> str:
    """Key of a held task of today's campaign, or of a job that it no longer contains."""
    row = made.plan.rows.get(task)
    if row is not None and row.verdict.decision is Decision.HOLD and row.verdict.key:
        return row.verdict.key
    for key in made.store.open_keys():
        checkpoint = made.store.checkpoint(key)
        if checkpoint is not None and checkpoint.task == task and row is None:
            return key
    raise UsageError(f"{task} is not held", hint="adcli jobs list shows open and held jobs")


def _without_checkpoint(made: Prepared, key: str, resolution: Resolution) -> str:
    """For a paid task whose checkpoint is damaged or gone: a person allows that it is bought again."""
    store = made.store
    if resolution.answer is Answer.ADOPT:
        message = "its checkpoint is damaged or gone, so that no job can be put into it"
        raise UsageError(message, hint="--absent or --abandon lets the next run send it anew")
    if key in store.damaged:
        store.set_aside(key)
    if row := made.plan.rows.get(resolution.task):
        store.forget(row.task.recipe)
    store.clear_open(key)
    return f"the checkpoint of {resolution.task} counts no longer; the next run sends it anew"


def _answered(store: Store, checkpoint: Checkpoint, resolution: Resolution) -> str:
    attempt = checkpoint.last_attempt
    assert attempt is not None
    match resolution.answer:
        case Answer.ADOPT:
            entered = attempt.enter(AttemptState.ACCEPTED, timestamp(), job=resolution.job, expires=None)
            told = f"job {resolution.job} is taken as {resolution.task}; the next run collects it"
        case Answer.ABSENT:
            entered = attempt.enter(AttemptState.ABSENT, timestamp(), usd=0.0)
            told = f"{resolution.task} never arrived; the next run sends it anew"
        case Answer.ABANDON:
            entered = attempt.enter(AttemptState.ABANDONED, timestamp(), usd=attempt.usd_max)
            told = f"{resolution.task} is given up at ${attempt.usd_max:g}; the next run sends it anew"
    store.save(replace(checkpoint, outputs=None).with_attempt(entered))
    if resolution.answer is Answer.ADOPT:
        store.mark_open(checkpoint.key)
    else:
        store.clear_open(checkpoint.key)
    return told

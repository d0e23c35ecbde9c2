"""A person's word about a held paid job: it is that one, it never arrived, or it is given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from adcli.engine.prepare import Prepared, Settings, plan_of, state_folder
from adcli.errors import UsageError
from adcli.plan.resume import Decision
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


def resolve(campaign_file: Path, state: Path | None, resolution: Resolution) -> str:
    """Writes the answer into the state; gives a sentence on what the next run does.

    Raises UsageError when the task is not held, StateLocked while a run is going on.
    """
    loaded, root = load_campaign(campaign_file), state_folder(campaign_file, state)
    with locked(root):
        made = plan_of(loaded, root, Settings())
        key = _held_key(made, resolution.task)
        if key in made.store.damaged:
            return _set_aside(made.store, key, resolution)
        checkpoint = made.store.checkpoint(key)
        assert checkpoint is not None
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


def _set_aside(store: Store, key: str, resolution: Resolution) -> str:
    if resolution.answer is Answer.ADOPT:
        message = "its checkpoint is damaged, so that no job can be put into it"
        raise UsageError(message, hint="--absent or --abandon sets the checkpoint aside")
    store.set_aside(key)
    store.clear_open(key)
    return f"the damaged checkpoint of {resolution.task} is set aside; the next run sends it anew"


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

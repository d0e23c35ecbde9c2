"""Collects open paid jobs that no task attends to: before a run, after it, and by ``jobs collect``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from adcli.engine.events import Noted
from adcli.engine.paid import Purchase
from adcli.engine.params import filled
from adcli.engine.prepare import Prepared
from adcli.engine.purchasing import Purchasing
from adcli.errors import AdcliError
from adcli.graph.task import Task
from adcli.keys import canonical, digest
from adcli.plan.resume import Decision, resume
from adcli.providers._base import Call
from adcli.state.checkpoint import Checkpoint
from adcli.state.store import Store

_LOOKED_UP = (Decision.ATTACH, Decision.COLLECT, Decision.FIND)


async def collect_orphans(shared: Purchasing, made: Prepared) -> None:
    """Collects what can be collected by now of jobs that no task of this plan attends to; waits for none."""
    planned = {row.verdict.key for row in made.plan.rows.values()}
    for key in shared.store.open_keys():
        checkpoint = shared.store.checkpoint(key)
        if key in shared.store.damaged:
            continue
        if checkpoint is None or _is_over(checkpoint):
            shared.store.clear_open(key)
        elif key not in planned:
            try:
                await collect(shared, checkpoint)
            except AdcliError as error:
                shared.emit(Noted(f"{checkpoint.task}: {error}", "warning", checkpoint.task))


def _is_over(checkpoint: Checkpoint) -> bool:
    """No money is running: a run was killed before it could take the marker away."""
    attempt = checkpoint.last_attempt
    return attempt is None or checkpoint.is_finished or not (attempt.is_open or attempt.state == "stored")


async def collect(shared: Purchasing, checkpoint: Checkpoint) -> Checkpoint:
    """Takes what a service has by now of one open job; gives the checkpoint as it stands then.

    Raises what a purchase raises: Held, TaskFailed while it still runs, JobFailed.
    """
    attempt = checkpoint.last_attempt
    assert attempt is not None
    stage = str(checkpoint.document["stage"])
    purchase = Purchase(
        task=Task(
            id=checkpoint.task,
            stage=stage,
            provider=attempt.provider,
            model=attempt.model,
            version=0,
            params={},
            inputs=(),
            recipe=checkpoint.recipe,
        ),
        call=Call(stage, attempt.model, _body(shared.store, checkpoint), (), {}),
        checkpoint=checkpoint,
        max_usd=attempt.usd_max,
        workdir=shared.store.root / "work" / checkpoint.key[:24],
        shared=shared,
        collect_only=True,
    )
    step = resume(checkpoint, purchase.can, datetime.now(UTC), hold_above=shared.hold_above)
    unlike = step is Decision.FIND and digest(canonical(purchase.call.body)) != attempt.body_sha256
    if step not in _LOOKED_UP or unlike:
        return checkpoint
    return await purchase.finish(0, lambda: None)


def _body(store: Store, checkpoint: Checkpoint) -> dict[str, Any]:
    """The request's body, as far as the state still holds the texts that went into it."""
    inputs = checkpoint.document["inputs"]
    assert isinstance(inputs, list)
    wanted = [str(pair[1]) for pair in inputs if isinstance(pair, list)]
    texts = _texts(store.checkpoints(), set(wanted))
    body = filled(checkpoint.document["params"], [texts.get(sha256) for sha256 in wanted])
    return dict(body)


def _texts(checkpoints: Iterable[Checkpoint], wanted: set[str]) -> dict[str, str]:
    outputs = (output for found in checkpoints for output in (found.outputs or {}).values())
    return {o.sha256: o.text for o in outputs if o.text is not None and o.sha256 in wanted}

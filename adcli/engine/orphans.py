"""Collects open paid jobs that today's campaign no longer holds: before a run, and once more after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from adcli.engine.events import Noted
from adcli.engine.paid import Purchase
from adcli.engine.params import filled
from adcli.engine.workshop import Workshop
from adcli.errors import AdcliError
from adcli.graph.task import Task
from adcli.keys import canonical, digest
from adcli.plan.resume import Decision, resume
from adcli.providers._base import Call
from adcli.state.checkpoint import Checkpoint

_LOOKED_UP = (Decision.ATTACH, Decision.COLLECT, Decision.FIND)


async def collect_orphans(shop: Workshop) -> None:
    """Collects what can be collected by now of jobs that no task of this plan attends to; waits for none."""
    planned = {row.verdict.key for row in shop.plan.rows.values()}
    for key in shop.store.open_keys():
        checkpoint = shop.store.checkpoint(key)
        if key in shop.store.damaged:
            continue
        if checkpoint is None or _is_over(checkpoint):
            shop.store.clear_open(key)
        elif key not in planned:
            await _collect(shop, checkpoint)


def _is_over(checkpoint: Checkpoint) -> bool:
    """No money is running: a run was killed before it could take the marker away."""
    attempt = checkpoint.last_attempt
    return attempt is None or checkpoint.is_finished or not (attempt.is_open or attempt.state == "stored")


async def _collect(shop: Workshop, checkpoint: Checkpoint) -> None:
    attempt = checkpoint.last_attempt
    assert attempt is not None
    can = shop.catalogue.provider(attempt.provider).SPEC.ability(str(checkpoint.document["stage"]))
    step, body = resume(checkpoint, can, datetime.now(UTC)), _body(shop, checkpoint)
    if step is Decision.FIND and digest(canonical(body)) != attempt.body_sha256:
        return
    if step not in _LOOKED_UP:
        return
    stage = str(checkpoint.document["stage"])
    task = Task(
        id=checkpoint.task,
        stage=stage,
        provider=attempt.provider,
        model=attempt.model,
        version=0,
        params={},
        inputs=(),
        recipe=checkpoint.recipe,
    )
    try:
        purchase = Purchase(
            task=task,
            call=Call(stage, attempt.model, body, (), {}),
            checkpoint=checkpoint,
            client=shop.clients.get(attempt.provider),
            store=shop.store,
            accounts=shop.accounts,
            emit=shop.emit,
            max_usd=attempt.usd_max,
            retry_failed=False,
            claimed=shop.claimed,
            workdir=shop.store.root / "work" / checkpoint.key[:24],
            patience=shop.patience,
            collect_only=True,
        )
        await purchase.finish(0, lambda: None)
    except AdcliError as error:
        shop.emit(Noted(f"{checkpoint.task}: {error}", "warning", checkpoint.task))


def _body(shop: Workshop, checkpoint: Checkpoint) -> dict[str, Any]:
    """The request's body, as far as the state still holds the texts that went into it."""
    inputs = checkpoint.document["inputs"]
    assert isinstance(inputs, list)
    wanted = [str(pair[1]) for pair in inputs if isinstance(pair, list)]
    texts = _texts(shop.store.checkpoints(), set(wanted))
    body = filled(checkpoint.document["params"], [texts.get(sha256) for sha256 in wanted])
    return dict(body)


def _texts(checkpoints: Iterable[Checkpoint], wanted: set[str]) -> dict[str, str]:
    outputs = (output for found in checkpoints for output in (found.outputs or {}).values())
    return {o.sha256: o.text for o in outputs if o.text is not None and o.sha256 in wanted}

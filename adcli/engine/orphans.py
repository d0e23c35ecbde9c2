"""Collects, at the start of a run, open paid jobs that today's campaign no longer holds."""

from __future__ import annotations

from datetime import UTC, datetime

from adcli.engine.events import Noted
from adcli.engine.paid import Purchase
from adcli.engine.workshop import Workshop
from adcli.errors import AdcliError
from adcli.graph.task import Task
from adcli.plan.resume import Decision, resume
from adcli.providers._base import Call
from adcli.state.checkpoint import Checkpoint


async def collect_orphans(shop: Workshop) -> None:
    """Collects what can be collected of jobs that no task of this plan will attach to."""
    planned = {row.verdict.key for row in shop.plan.rows.values()}
    for key in shop.store.open_keys():
        checkpoint = shop.store.checkpoint(key)
        if checkpoint is None or checkpoint.last_attempt is None or checkpoint.is_finished:
            if key not in shop.store.damaged:
                shop.store.clear_open(key)
        elif key not in planned:
            await _collect(shop, checkpoint)


async def _collect(shop: Workshop, checkpoint: Checkpoint) -> None:
    attempt = checkpoint.last_attempt
    assert attempt is not None
    spec = shop.catalogue.provider(attempt.provider).SPEC
    if resume(checkpoint, spec, datetime.now(UTC)) not in (Decision.ATTACH, Decision.COLLECT):
        return
    stage = str(checkpoint.document["stage"])
    call = Call(stage, attempt.model, {}, (), {}, attempt.ref)
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
            call=call,
            checkpoint=checkpoint,
            client=shop.clients.get(attempt.provider),
            store=shop.store,
            accounts=shop.accounts,
            emit=shop.emit,
            max_usd=attempt.usd_max,
            retry_failed=False,
            claimed=frozenset,
            workdir=shop.store.root / "work" / checkpoint.key[:24],
            patience=shop.patience,
        )
        await purchase.finish(0, lambda: None)
    except AdcliError as error:
        shop.emit(Noted(f"{checkpoint.task}: {error}", "warning", checkpoint.task))

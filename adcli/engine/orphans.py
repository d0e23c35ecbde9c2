"""Collects, at the start of a run, open paid jobs that today's campaign no longer holds."""

from __future__ import annotations

from datetime import UTC, datetime

from adcli.engine.events import Noted
from adcli.engine.paid import Purchase
from adcli.engine.runner import Runner
from adcli.errors import AdcliError
from adcli.graph.task import Task
from adcli.plan.resume import Decision, resume
from adcli.providers._base import Call
from adcli.state.checkpoint import Checkpoint


async def collect_orphans(runner: Runner) -> None:
    """Collects what can be collected of jobs that no task of this plan will attach to."""
    planned = {row.verdict.key for row in runner.plan.rows.values()}
    for key in runner.store.open_keys():
        checkpoint = runner.store.checkpoint(key)
        if checkpoint is None or checkpoint.last_attempt is None or checkpoint.is_finished:
            if key not in runner.store.damaged:
                runner.store.clear_open(key)
        elif key not in planned:
            await _collect(runner, checkpoint)


async def _collect(runner: Runner, checkpoint: Checkpoint) -> None:
    attempt = checkpoint.last_attempt
    assert attempt is not None
    spec = runner.catalogue.provider(attempt.provider).SPEC
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
            client=runner.clients.get(attempt.provider),
            store=runner.store,
            accounts=runner.accounts,
            emit=runner.emit,
            max_usd=attempt.usd_max,
            retry_failed=False,
            claimed=frozenset,
            workdir=runner.store.root / "work" / checkpoint.key[:24],
        )
        await purchase.finish(0, lambda: None)
    except AdcliError as error:
        runner.emit(Noted(f"{checkpoint.task}: {error}", "warning", checkpoint.task))

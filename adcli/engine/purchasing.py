"""What all purchases of a run share: clients, accounts, the budget, prices, and the jobs already claimed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from adcli.engine.accounts import Accounts
from adcli.engine.budget import Budget
from adcli.engine.clients import Clients
from adcli.engine.events import Emit, Noted
from adcli.engine.prepare import Prepared, budget_of
from adcli.graph.task import Task
from adcli.plan.resume import HOLD_ABOVE, Decision
from adcli.providers._base import Call, Usage
from adcli.providers._pricing import billed
from adcli.spec.campaign import Limit
from adcli.spec.prices import Price
from adcli.state.store import Store
from adcli.units import usd_number

LOOK_BACK = timedelta(seconds=120)
"""A lost job is looked for from this long before its intent, for clocks that differ."""
WRONG_CLOCK = timedelta(days=1)
"""An intent in the future was written by a clock that was ahead: then a whole day is searched."""
LAST_ANSWER = 3.0
"""Seconds that a stopped run still gives a call on its way to be answered: its job id is worth them."""


@dataclass(slots=True)
class Purchasing:
    """``claimed`` are the jobs that some attempt of this state holds.

    ``patience`` scales every wait for a service: polls, pauses after trouble, the settle time.
    """

    store: Store
    clients: Clients
    accounts: Accounts
    budget: Budget
    prices: Mapping[str, Price]
    emit: Emit
    claimed: set[str]
    retry_failed: bool = False
    patience: float = 1.0
    hold_above: float = HOLD_ABOVE

    def bill(self, task: Task, call: Call, ceiling: float, usage: Usage) -> float | None:
        """What the service says that a call cost; None when it doesn't say. Above the ceiling it is told."""
        price = self.prices.get(f"{task.provider}:{call.model}")
        found = billed(price, call.body, usage) if price else None
        if found is None:
            return None
        usd = usd_number(found)
        if usd > ceiling + 1e-6:
            told = f"{task.id} was billed ${usd:g} by {task.provider}, above its ceiling ${ceiling:g}"
            self.emit(Noted(f"{told}: correct its price under prices:", "warning", task.id))
        return usd


def purchasing_of(
    made: Prepared, environ: Mapping[str, str], emit: Emit, patience: float = 1.0
) -> Purchasing:
    """For one run or command over a prepared plan; its clients are to be closed by the caller."""
    limits = dict(made.loaded.campaign.limits)
    for name, size in (made.settings.limits or {}).items():
        limits[name] = limits.get(name, Limit()).model_copy(update={"concurrency": size})
    checkpoints = tuple(made.store.checkpoints()) if _may_buy(made) else ()
    return Purchasing(
        store=made.store,
        clients=Clients(made.catalogue, environ),
        accounts=Accounts(limits, made.catalogue.stages, patience),
        budget=budget_of(made, checkpoints),
        prices=made.prices,
        emit=emit,
        claimed={a.job for found in checkpoints for a in found.attempts if a.job},
        retry_failed=made.settings.retry_failed,
        patience=patience,
        hold_above=made.loaded.campaign.budget.hold_above,
    )


def _may_buy(made: Prepared) -> bool:
    """Something paid is open or still to be had: else nothing of the past has to be read."""
    settled = (Decision.REUSE, Decision.SHARE)
    rows = (row for row in made.plan.rows.values() if row.verdict.decision not in settled)
    paid = any(made.catalogue.provider(row.task.provider).SPEC.paid for row in rows)
    return paid or bool(made.store.open_keys())


def search_window(intent: datetime, settle: float) -> tuple[datetime, datetime]:
    """Since when a lost call is looked for at a service, and until when "not listed" isn't believed."""
    now = datetime.now(UTC)
    since = intent if intent <= now else now - WRONG_CLOCK
    return since - LOOK_BACK, min(intent, now) + timedelta(seconds=settle)


async def to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Lets a call on its way be answered and written down, also when the run is stopped meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        done, _ = await asyncio.wait({task}, timeout=LAST_ANSWER)
        if not done:
            task.cancel()
        elif not task.cancelled():
            task.exception()
        raise

"""The plan: every task with its decision, reasons and price ceiling, and what they come to."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from adcli.errors import InvalidInput, Problem
from adcli.graph.task import Graph, Task
from adcli.plan.decide import Verdict
from adcli.plan.resume import Decision
from adcli.registry import Catalogue, PriceRange, Sale
from adcli.spec.prices import Price
from adcli.units import ZERO_USD, Usd, usd_number

FREE = PriceRange(ZERO_USD, ZERO_USD)
WORK = frozenset(Decision) - {Decision.REUSE, Decision.SHARE, Decision.BLOCKED}


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One row of the plan. ``worth`` is the ceiling of the work itself, whatever is decided about it."""

    task: Task
    verdict: Verdict
    price: PriceRange
    worth: Usd


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, and what that may cost at most."""

    graph: Graph
    rows: Mapping[str, PlannedTask]

    @property
    def min_usd(self) -> Usd:
        """The least that the run will spend."""
        return Usd(sum((row.price.min_usd for row in self.rows.values()), ZERO_USD))

    @property
    def max_usd(self) -> Usd:
        """The ceiling of what the run may spend."""
        return Usd(sum((row.price.max_usd for row in self.rows.values()), ZERO_USD))

    @property
    def saved_usd(self) -> Usd:
        """The ceiling of what is reused or shared instead of bought."""
        spared = (Decision.REUSE, Decision.SHARE)
        worth = (row.worth for row in self.rows.values() if row.verdict.decision in spared)
        return Usd(sum(worth, ZERO_USD))

    @property
    def totals(self) -> dict[str, int]:
        """Number of tasks, and how many of each decision; these add up."""
        counts = Counter(row.verdict.decision for row in self.rows.values())
        return {"tasks": len(self.rows)} | {decision.value: counts[decision] for decision in Decision}

    @property
    def has_work(self) -> bool:
        """Something is left to do."""
        return any(row.verdict.decision in WORK for row in self.rows.values())

    def work_by_stage(self, selected: frozenset[str]) -> dict[str, int]:
        """How many of the selected tasks of each stage are not simply reused, in the order of the graph."""
        rows = (row for name, row in self.rows.items() if name in selected)
        return dict(Counter(row.task.stage for row in rows if row.verdict.decision is not Decision.REUSE))

    def ids(self, *decisions: Decision) -> list[str]:
        """Ids of all tasks with one of these decisions."""
        return [name for name, row in self.rows.items() if row.verdict.decision in decisions]


def build(
    graph: Graph, verdicts: Mapping[str, Verdict], catalogue: Catalogue, prices: Mapping[str, Price]
) -> Plan:
    """Prices every task; raises InvalidInput (exit 3) with the graph's problems and models without price."""
    rows, missing = {}, set()
    for name, verdict in verdicts.items():
        task = graph.tasks[name]
        full = FREE
        if catalogue.provider(task.provider).SPEC.paid:
            entry = prices.get(f"{task.provider}:{task.model}")
            if entry is None:
                missing.add(f"{task.provider}:{task.model}")
                continue
            sale = Sale(task.stage, task.model or "", task.params, task.max_chars, task.seconds)
            full = catalogue.provider(task.provider).price(sale, entry)
        rows[name] = PlannedTask(task, verdict, _due(verdict.decision, full), full.max_usd)
    problems = [*graph.problems, *(_no_price(model) for model in sorted(missing))]
    if problems:
        raise InvalidInput(problems, hint=_PRICE_HINT if missing else None)
    return Plan(graph, rows)


def old_prices(plan: Plan, prices: Mapping[str, Price], today: date) -> tuple[str, ...]:
    """A warning for each model that the plan may pay for and whose price was read long before ``today``."""
    models = {f"{row.task.provider}:{row.task.model}" for row in plan.rows.values() if row.price.max_usd}
    dated = ((model, str(prices[model]["as_of"])) for model in sorted(models) if "as_of" in prices[model])
    return tuple(
        f"the price of {model} was read in {as_of}; look it up and give today's under prices:"
        for model, as_of in dated
        if (today - _last_day(as_of)).days > OLD
    )


OLD = 90
"""Days after which a price is worth another look."""


def _last_day(as_of: str) -> date:
    """The day, or the last one of the month, on which a price was read; the first day ever for a slip."""
    year, month, *day = map(int, as_of.split("-"))
    try:
        return date(year, month, *(day or [monthrange(year, month)[1]]))
    except ValueError:
        return date.min


_PRICE_HINT = "give one in the campaign, such as  prices: {MODEL: {unit: image, usd: 0.04}}"


def _no_price(model: str) -> Problem:
    return Problem(
        "prices", f"{model} has no price; expected an entry under prices:", field=f"prices.{model}"
    )


def _due(decision: Decision, full: PriceRange) -> PriceRange:
    """What a decision may still cost: an attempt that is running was reserved when it was sent."""
    match decision:
        case Decision.RUN | Decision.WAIT:
            return full
        case Decision.MAYBE | Decision.FIND:
            return PriceRange(ZERO_USD, full.max_usd)
        case _:
            return FREE


def as_json(plan: Plan) -> dict[str, Any]:
    """The contract's ``plan --json`` document."""
    cost = {
        "min_usd": usd_number(plan.min_usd),
        "max_usd": usd_number(plan.max_usd),
        "saved_usd": usd_number(plan.saved_usd),
    }
    tasks = [_task_json(row) for row in plan.rows.values()]
    head = {"format": 1, "campaign": plan.graph.campaign, "totals": plan.totals, "cost": cost}
    return head | {"tasks": tasks, "notes": list(plan.graph.notes)}


def _task_json(row: PlannedTask) -> dict[str, Any]:
    task, verdict = row.task, row.verdict
    return {
        "id": task.id,
        "stage": task.stage,
        "ad": task.ad,
        "scene": task.scene,
        "variant": task.variant,
        "provider": task.provider,
        "model": task.model,
        "decision": verdict.decision.value,
        "same_as": verdict.same_as,
        "gate": None,
        "reasons": list(verdict.reasons),
        "min_usd": usd_number(row.price.min_usd),
        "max_usd": usd_number(row.price.max_usd),
        "inputs": list(dict.fromkeys(item.task for item in task.inputs)),
        "recipe": task.recipe,
        "key": verdict.key,
    }

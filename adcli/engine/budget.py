"""The campaign's money: what every attempt has cost or may cost, and whether one more may be sent.

All of it is read from the attempts in the state, so that it survives crashes; within a run each
attempt is reserved at its ceiling before it is written down, and settled when its price is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from adcli.errors import BudgetExceeded
from adcli.plan.build import Plan, PlannedTask
from adcli.plan.resume import Decision
from adcli.spec.money import Budget as Limits
from adcli.state.checkpoint import Attempt, Checkpoint
from adcli.units import ZERO_USD, Usd, usd

HINT = "raise it, or make a --draft; adcli plan shows where the money goes"


def booked(attempt: Attempt) -> Usd:
    """What an attempt counts for: its price, or its ceiling until that is known."""
    return usd(attempt.usd_max if attempt.usd is None else attempt.usd)


@dataclass(slots=True)
class Budget:
    """``per_video`` and ``total`` of the campaign, and ``--max-cost`` of this run.

    ``sharers`` maps the recipe of planned work to the ads that share its price.
    """

    campaign: str
    limits: Limits
    max_cost: float | None
    sharers: Mapping[str, frozenset[str]]
    ads: frozenset[str]
    _booked: dict[tuple[str, int], Usd] = field(default_factory=dict)
    _total: Usd = ZERO_USD
    _run: Usd = ZERO_USD
    _of_ad: dict[str, Usd] = field(default_factory=lambda: defaultdict(lambda: ZERO_USD))
    _old: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(
        cls, plan: Plan, limits: Limits, max_cost: float | None, checkpoints: Iterable[Checkpoint]
    ) -> Budget:
        """The budget as earlier runs have left it."""
        graph = plan.graph
        made = cls(graph.campaign, limits, max_cost, sharers(plan), frozenset(ad.id for ad in graph.ads))
        for checkpoint in checkpoints:
            for attempt in checkpoint.attempts:
                made.book(checkpoint, attempt)
        made._old, made._run = frozenset(made._booked), ZERO_USD
        return made

    def book(self, checkpoint: Checkpoint, attempt: Attempt) -> None:
        """Counts an attempt as it stands now."""
        if attempt.campaign != self.campaign:
            return
        name = (checkpoint.key, attempt.n)
        now = booked(attempt)
        change = Usd(now - self._booked.get(name, ZERO_USD))
        self._booked[name] = now
        self._total = Usd(self._total + change)
        if name not in self._old:
            self._run = Usd(self._run + change)
        for ad, share in self._shares(checkpoint, change).items():
            self._of_ad[ad] = Usd(self._of_ad[ad] + share)

    def check(self, checkpoint: Checkpoint, ceiling: float) -> None:
        """Raises BudgetExceeded when one more attempt of that ceiling would break a limit."""
        more = usd(ceiling)
        if self.max_cost is not None and self._run + more > usd(self.max_cost):
            told = (
                f"${self._run:.2f} of this run and ${more:.2f} more are above --max-cost ${self.max_cost:.2f}"
            )
            raise BudgetExceeded(told, hint=HINT)
        if self.limits.total is not None and self._total + more > usd(self.limits.total):
            told = f"${self._total:.2f} spent and ${more:.2f} more"
            raise BudgetExceeded(f"{told} are above budget.total ${self.limits.total:.2f}", hint=HINT)
        if self.limits.per_video is not None:
            for ad, share in self._shares(checkpoint, more).items():
                if self._of_ad[ad] + share > usd(self.limits.per_video):
                    raise BudgetExceeded(self._too_dear(ad, Usd(self._of_ad[ad] + share)), hint=HINT)

    def plan_breaks(self, plan: Plan, checkpoints: Mapping[str, Checkpoint]) -> str | None:
        """Which limit the ceiling of a plan breaks, in words; None when it keeps all.

        ``checkpoints`` are those of the plan's keys: a lost attempt that may have to be sent again
        is reserved already, and counts once.
        """
        more, of_ad, due_ads = ZERO_USD, dict(self._of_ad), set[str]()
        for row in plan.rows.values():
            due = self._due(row, checkpoints)
            more = Usd(more + due)
            users = self.sharers.get(row.task.recipe, frozenset())
            for ad in users if due else ():
                of_ad[ad] = Usd(of_ad.get(ad, ZERO_USD) + due / len(users))
                due_ads.add(ad)
        if not more:
            return None
        if self.max_cost is not None and more > usd(self.max_cost):
            return f"this run may cost ${more:.2f}, above --max-cost ${self.max_cost:.2f}"
        if self.limits.total is not None and self._total + more > usd(self.limits.total):
            told = f"${self._total:.2f} spent and ${more:.2f} to come"
            return f"{told} are above budget.total ${self.limits.total:.2f}"
        dearest = max(((ad, of_ad[ad]) for ad in due_ads), key=lambda item: item[1], default=("", ZERO_USD))
        if self.limits.per_video is not None and dearest[1] > usd(self.limits.per_video):
            return self._too_dear(*dearest)
        return None

    def _too_dear(self, ad: str, usd_: Usd) -> str:
        return f"{ad} may cost ${usd_:.2f}, above budget.per_video ${self.limits.per_video:.2f}"

    def _due(self, row: PlannedTask, checkpoints: Mapping[str, Checkpoint]) -> Usd:
        due, key = row.price.max_usd, row.verdict.key
        found = checkpoints.get(key) if key and row.verdict.decision is Decision.FIND else None
        if found is None or found.last_attempt is None:
            return due
        return max(ZERO_USD, Usd(due - booked(found.last_attempt)))

    def _shares(self, checkpoint: Checkpoint, amount: Usd) -> dict[str, Usd]:
        """What of an amount each ad bears; work that today's plan doesn't hold is borne by its owner."""
        users = self.sharers.get(checkpoint.recipe)
        if users is None:
            owner = checkpoint.task.partition("/")[0]
            users = frozenset({owner} & self.ads)
        return {ad: Usd(amount / len(users)) for ad in users}


def spent_so_far(checkpoints: Iterable[Checkpoint], campaign: str) -> Usd:
    """Dollars of every attempt ever made for a campaign, open and held ones at their ceiling."""
    attempts = (attempt for found in checkpoints for attempt in found.attempts)
    return Usd(sum((booked(a) for a in attempts if a.campaign == campaign), ZERO_USD))


def sharers(plan: Plan) -> dict[str, frozenset[str]]:
    """The ads that need each recipe of paid work."""
    users: dict[str, set[str]] = {}
    for ad in plan.graph.ads:
        waiting, seen = list(ad.goals), set(ad.goals)
        while waiting:
            row = plan.rows[waiting.pop()]
            if row.worth:
                users.setdefault(row.task.recipe, set()).add(ad.id)
            for item in row.task.inputs:
                if item.task not in seen:
                    seen.add(item.task)
                    waiting.append(item.task)
    return {recipe: frozenset(ads) for recipe, ads in users.items()}

"""Buying against a model: whatever order runs, deaths, troubles and people's answers come in, money adds up.

Every run is a real one in a child process that may be killed; the model only knows what was charged,
what a service failed by itself, and what a person sent anew.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adcli.engine.budget import spent_so_far
from adcli.engine.inspect import status_document
from adcli.engine.jobs import Answer, Resolution, resolve
from adcli.state.checkpoint import Checkpoint
from tests.crash import oracle
from tests.crash.harness import NEAR_THE_MONEY, Harness, edit
from tests.crash.oracle import Evidence
from tests.crash.orders import Ended
from tests.crash.taps import Stop
from tests.crash.trades import TRADES, Trade
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind

pytestmark = pytest.mark.crash
EXAMPLES, STEPS = 20, 24
EPSILON = 1e-9
LOST = (
    {"kind": Kind.DROP},
    {"kind": Kind.DROP, "accepted": True},
    {"kind": Kind.STATUS, "status": 500, "accepted": True},
    {"kind": Kind.STATUS, "status": 503},
    {"kind": Kind.TRUNCATE},
)
REFUSED = ({"kind": Kind.STATUS, "status": 429, "retry_after": 0.01, "retry_after_header": True},)
FAILED = ({"kind": Kind.FAIL, "error": TRANSIENT}, {"kind": Kind.FAIL, "error": MODERATED})
LATE = ({"kind": Kind.HIDE, "seconds": 0.05}, {"kind": Kind.EXPIRE})
MOMENTS = st.builds(
    Stop, st.sampled_from(sorted(NEAR_THE_MONEY)), st.integers(1, 8), st.booleans(), st.none()
)


class Buying(RuleBasedStateMachine):
    """One campaign of two ads at one service."""

    harness: Harness
    trade: Trade

    def __init__(self) -> None:
        super().__init__()
        self.people = list(self.trade.campaign["characters"])
        self.each = self.trade.total / len(self.trade.bought)
        self.budget = round(self.each * 2, 6)
        self.limits = {"total": self.budget, "hold_above": 0}
        self.file, self.emulator = self.harness.begin(self.trade, budget=self.limits)
        self.deliberate: Counter[str] = Counter()
        self.last: Ended | None = None

    # What happens

    @rule()
    def run(self) -> None:
        self._run()

    @rule(stop=MOMENTS)
    def die(self, stop: Stop) -> None:
        self._run(stop=stop)

    @rule()
    def retry(self) -> None:
        self._run(settings={"retry_failed": True})

    @rule(fault=st.sampled_from(LOST + REFUSED), nth=st.integers(1, 2))
    def lose(self, fault: dict[str, Any], nth: int) -> None:
        self.emulator.order(Fault(self.trade.create, nth=(nth,), **fault))

    @precondition(lambda self: self.trade.get is not None)
    @rule(fault=st.sampled_from(FAILED + LATE), nth=st.integers(1, 2))
    def spoil(self, fault: dict[str, Any], nth: int) -> None:
        self.emulator.order(Fault(self.trade.create, nth=(nth,), **fault))

    @precondition(lambda self: self.trade.get is not None)
    @rule(kind=st.sampled_from([Kind.DROP, Kind.TRUNCATE]))
    def trouble_afterwards(self, kind: Kind) -> None:
        self.emulator.order(Fault(self.trade.get or "", kind, nth=(1,)))
        self.emulator.order(Fault(self.trade.download or "", kind, nth=(1,)))

    @rule()
    def heal(self) -> None:
        self.emulator.reset()
        if self.trade.pace:
            self.emulator.change(pace=self.trade.pace)

    @rule(hours=st.sampled_from([0.5, 2.0]))
    def an_hour_passes_at_the_service(self, hours: float) -> None:
        self.emulator.change(skew=hours * 3600)

    @rule(calls=st.integers(1, 5))
    def set_budget(self, calls: int) -> None:
        self.budget = round(self.each * calls, 6)
        edit(self.file, budget={**self.limits, "total": self.budget})

    @rule(count=st.integers(1, 2))
    def change_people(self, count: int) -> None:
        edit(self.file, characters=self.people[:count])

    @rule()
    def answer(self) -> None:
        """A person looks at the service's own list, and says what became of what is held."""
        if self.last is None or self.last.code != 7:
            return
        known = {row["task"]: row for row in status_document(self.file, None)["jobs"]}
        assert self.last.result is not None
        for task in self.last.result["tasks"]:
            if task["status"] == "held" and task["error"]:
                assert task["id"] in known, "held, and not listed"
                self._answer(task["id"])
        self.last = None

    def _answer(self, task: str) -> None:
        attempt, lost = oracle.last_attempt(self.evidence, task), self.evidence.lost(task)
        if attempt and attempt.job is None and lost is None:
            resolve(self.file, None, Resolution(task, Answer.ABSENT))
        elif attempt and attempt.job is None and lost and self.trade.get:
            resolve(self.file, None, Resolution(task, Answer.ADOPT, lost.job))
        else:
            self.deliberate[task] += 1
            resolve(self.file, None, Resolution(task, Answer.ABANDON))

    def _run(self, **given: Any) -> None:
        before = self._spent()
        self.last = self.harness.run(self.file, self.trade, self.emulator, **given)
        assert self.last.trace is None, self.last.trace
        assert self.last.killed or self.last.code in (0, 5, 6, 7), self.last
        assert self._spent() <= max(before, self.budget) + EPSILON
        if self.last.code == 0 and not self.last.killed:
            self._look_at_what_was_made()

    def _look_at_what_was_made(self) -> None:
        made = oracle.files_of(self.file.parent)
        wanted = self.harness.reference(self.trade).files
        assert {name: made[name] for name in wanted if name in made} == {
            name: digest for name, digest in wanted.items() if name in made
        }
        assert any(name in made for name in wanted)

    # What is always true

    @invariant()
    def no_task_is_charged_twice(self) -> None:
        bought = self.evidence.bought()
        for task in self.trade.bought:
            name = task.partition("/")[0]
            charges = [charge for charge in self.emulator.charges() if name in charge.prompt.lower()]
            allowed = 1 + self.deliberate[task] + failures(bought.get(task))
            assert len(charges) <= allowed, (task, charges)

    @invariant()
    def the_state_counts_all_that_was_charged(self) -> None:
        assert self._spent() >= oracle.charged_usd(self.evidence) - EPSILON

    @invariant()
    def every_charge_is_known_or_looked_for(self) -> None:
        bought = self.evidence.bought()
        jobs = {attempt.job for found in bought.values() for attempt in found.attempts}
        for charge in self.emulator.charges():
            if charge.job not in jobs:
                (task,) = [t for t in self.trade.bought if t.partition("/")[0] in charge.prompt.lower()]
                states = {attempt.state.value for attempt in bought[task].attempts}
                assert states & {"intent", "unknown", "abandoned"}, (charge, states)

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.trade, self.file, tuple(self.emulator.charges()))

    def _spent(self) -> float:
        return float(spent_so_far(self.evidence.store.checkpoints(), str(self.trade.campaign["name"])))


def failures(found: Checkpoint | None) -> int:
    """Attempts that the service took and failed by itself."""
    return sum(attempt.state == "failed" for attempt in found.attempts) if found else 0


@pytest.mark.parametrize("service", ["replicate", "higgsfield", "runway", "openai"])
def test_money_adds_up_whatever_happens(service: str, harness: Harness) -> None:
    machine = type("Machine", (Buying,), {"harness": harness, "trade": TRADES[service]})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

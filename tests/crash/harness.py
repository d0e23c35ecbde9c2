"""Kills a run of a tiny campaign that buys, runs it until done, and asks the oracle.

The kill is at a moment of the process's own calls to the operating system, or at a random instant; the
emulated service has its own troubles meanwhile. Used by the tests and by ``python -m benchmarks.kills``.
"""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adcli.engine.inspect import status_document
from adcli.engine.jobs import Answer, Resolution, resolve
from tests.crash import oracle
from tests.crash.faults import Trouble
from tests.crash.oracle import Evidence
from tests.crash.orders import Ended, Nursery, Order, nursery
from tests.crash.taps import Stop
from tests.crash.trades import Trade
from tests.crash.worlds import fresh
from tests.emulator.server import Emulator
from tests.engine.studio import Studio

MOST_RUNS = 8
"""Runs after a kill within which a campaign has to be done."""
INSTANT = 0.12
"""Seconds that an undisturbed run takes, about: random instants lie within."""
AFTERWARDS = ("rename", "send", "answer")
"""Calls of which the moment after is of interest as well as the moment before."""
NEAR_THE_MONEY = frozenset(
    {
        *("send POST", "send body", "answer POST"),
        *("rename open", "unlink open", "rename checkpoints", "rename blobs"),
    }
)
"""Moments at which an attempt enters a state, or a call is on its way."""


Strike = Callable[[Path, Emulator, float], Ended]
"""Does one run of a campaign's file with that patience, and kills it if it can."""


@dataclass(slots=True)
class Trial:
    """One campaign that was killed and then run until done; ``wrong`` says what is not as it should be."""

    trade: Trade
    trouble: Trouble
    stops: tuple[Stop, ...]
    detour: bool = False
    kills: int = 0
    runs: int = 0
    charges: int = 0
    held: int = 0
    deliberate: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        stops = ", ".join([*map(str, self.stops), *(["a detour"] if self.detour else [])])
        verdict = "; ".join(self.wrong) or "as it should be"
        return f"{self.trade.name}, {self.trouble.name}, {stops}: {verdict}"

    @property
    def twice(self) -> int:
        """Charges that nobody asked for."""
        return max(0, self.charges - len(self.trade.bought) - self.deliberate - self.trouble.fails)


@dataclass(frozen=True, slots=True)
class Reference:
    """An undisturbed run: the moments it passed, and what it came to."""

    seen: tuple[str, ...]
    files: Mapping[str, str]
    results: Mapping[str, Mapping[str, str]]


class Harness:
    """A nursery with an emulator, and a folder for the campaigns."""

    def __init__(self, nursery: Nursery, scratch: Path) -> None:
        self._nursery = nursery
        self._scratch = scratch
        self._emulator = nursery.emulator(scratch / "ledger")
        self._number = 0
        self._references: dict[str, Reference] = {}

    def begin(self, trade: Trade, **changes: Any) -> tuple[Path, Emulator]:
        """A campaign of its own in a world of its own."""
        self._number += 1
        folder = self._scratch / f"trial-{self._number}"
        studio = Studio(folder, {**trade.campaign, **changes})
        emulator = fresh(self._emulator, folder / "ledger")
        if trade.pace:
            emulator.change(pace=trade.pace)
        return studio.file, emulator

    def run(self, file: Path, trade: Trade, emulator: Emulator, **given: Any) -> Ended:
        """One run of it in a child; lost calls settle within 0.2 s unless ``patience`` says otherwise."""
        order = Order(str(file), emulator.environment(), 0.2 / trade.settle, makers=trade.makers)
        return self._nursery.run(replace(order, **given))

    def run_all(self, file: Path, trade: Trade, emulator: Emulator, count: int) -> list[Ended]:
        """So many runs of it at once."""
        order = Order(str(file), emulator.environment(), 0.2 / trade.settle, makers=trade.makers)
        return self._nursery.run_all([order] * count)

    def reference(self, trade: Trade) -> Reference:
        """Of an undisturbed run, made once."""
        if trade.name not in self._references:
            file, emulator = self.begin(trade, budget=budget_of(trade, 0))
            ended = self.run(file, trade, emulator)
            assert ended.code == 0, (ended.code, ended.message, ended.result)
            evidence = Evidence(trade, file, tuple(emulator.charges()))
            assert len(evidence.charges) == len(trade.bought), evidence.charges
            files, results = oracle.files_of(file.parent), oracle.results_of(evidence.store)
            self._references[trade.name] = Reference(tuple(ended.seen), files, results)
            shutil.rmtree(file.parent)
        return self._references[trade.name]

    def trial(
        self,
        trade: Trade,
        trouble: Trouble,
        *stops: Stop,
        detour: bool = False,
        strike: Strike | None = None,
        clock: float = 0.0,
        skew: float = 0.0,
    ) -> Trial:
        """Runs once for each stop, and then until done; a detour is a run without the last character.

        ``strike`` does a run that is killed in another way. Afterwards the machine's clock is wrong by
        ``clock`` seconds; the service's differs from the true time by ``skew``.
        """
        reference = self.reference(trade)
        trial = Trial(trade, trouble, stops, detour)
        file, emulator = self.begin(trade, budget=budget_of(trade, trouble.fails))
        emulator.order(*trouble.order(trade))
        emulator.change(skew=skew)
        for stop in stops:
            self._struck(trial, file, emulator, lambda *at, stop=stop: self._stopped(trade, stop, *at))
        if strike:
            self._struck(trial, file, emulator, strike)
        if detour:
            self._detour(trial, file, emulator)
        self._finish(trial, file, emulator, clock)
        evidence = Evidence(trade, file, tuple(emulator.charges()))
        trial.charges = len(evidence.charges)
        trial.wrong += oracle.paid_too_often(evidence, trial.deliberate, trouble.fails)
        trial.wrong += oracle.left_open(evidence)
        trial.wrong += oracle.unsound(evidence)
        if trade.same_again or not trial.deliberate:
            trial.wrong += oracle.unlike(evidence, reference.files, reference.results)
        trial.wrong += oracle.miscounted(evidence)
        if not trial.wrong:
            shutil.rmtree(file.parent)
        return trial

    def _stopped(self, trade: Trade, stop: Stop, file: Path, emulator: Emulator, patience: float) -> Ended:
        return self.run(file, trade, emulator, stop=stop, patience=patience)

    def _struck(self, trial: Trial, file: Path, emulator: Emulator, strike: Strike) -> None:
        ended = strike(file, emulator, trial.trouble.patience(trial.trade))
        trial.kills += ended.killed
        trial.wrong += [ended.trace] if ended.trace else []
        self._look(trial, file, emulator)

    def _look(self, trial: Trial, file: Path, emulator: Emulator) -> None:
        allowed = budget_of(trial.trade, trial.trouble.fails + trial.deliberate)["total"]
        trial.wrong += oracle.overspent(Evidence(trial.trade, file, tuple(emulator.charges())), allowed)

    def _detour(self, trial: Trial, file: Path, emulator: Emulator) -> None:
        """What was sent for a task that the campaign no longer holds is looked after as well."""
        people = trial.trade.campaign["characters"]
        edit(file, characters=people[:-1] or people)
        self.run(file, trial.trade, emulator, patience=trial.trouble.patience(trial.trade))
        self._look(trial, file, emulator)
        edit(file, characters=people)

    def _finish(self, trial: Trial, file: Path, emulator: Emulator, clock: float) -> None:
        patience = trial.trouble.patience(trial.trade)
        for _ in range(MOST_RUNS):
            trial.runs += 1
            ended = self.run(file, trial.trade, emulator, patience=patience, clock=clock)
            self._look(trial, file, emulator)
            if ended.code == 0 and ended.trace is None:
                return
            if ended.code == 7:
                self._answer(trial, ended, file, emulator)
            elif ended.code != 5 or ended.result is None:
                told = ended.trace or ended.message or errors(ended)
                trial.wrong.append(f"a run ended with {ended.code}: {told}")
                return
        trial.wrong.append(f"not done after {MOST_RUNS} runs: {errors(ended)}")

    def _answer(self, trial: Trial, ended: Ended, file: Path, emulator: Emulator) -> None:
        """What a person does who looks at the service's own list: says of each held job what became of it."""
        assert ended.result
        time.sleep(trial.trouble.settle)
        listed = {row["task"] for row in status_document(file, None)["jobs"]}
        held = [task["id"] for task in ended.result["tasks"] if task["status"] == "held" and task["error"]]
        if not set(held) <= listed:
            trial.wrong.append(f"held, and not among the open jobs: {sorted(set(held) - listed)}")
        for task in held:
            trial.held += 1
            evidence = Evidence(trial.trade, file, tuple(emulator.charges()))
            attempt, lost = oracle.last_attempt(evidence, task), evidence.lost(task)
            if attempt and attempt.job is None and lost is None:
                resolve(file, None, Resolution(task, Answer.ABSENT))
            elif attempt and attempt.job is None and lost and trial.trade.get:
                resolve(file, None, Resolution(task, Answer.ADOPT, lost.job))
            else:
                trial.deliberate += 1
                resolve(file, None, Resolution(task, Answer.ABANDON))
                edit(file, budget=budget_of(trial.trade, trial.trouble.fails + trial.deliberate))


def errors(ended: Ended) -> list[Any]:
    """What a run says went wrong."""
    tasks = ended.result["tasks"] if ended.result else []
    return [(task["id"], task["status"], task["error"]) for task in tasks if task["error"]]


def edit(file: Path, **changes: Any) -> None:
    """Changes fields of a campaign file."""
    import yaml

    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text()) | changes, sort_keys=False))


def budget_of(trade: Trade, more: int) -> dict[str, float]:
    """Everything once, and once more for each call beyond; what can't be looked up is always held."""
    return {"total": round(trade.total * (1 + more), 6), "hold_above": 0}


def stops_of(seen: Sequence[str]) -> list[Stop]:
    """Every moment of a run: before each call, and after those that others can see."""
    counts: Counter[str] = Counter()
    found = []
    for name in seen:
        counts[name] += 1
        found.append(Stop(name, counts[name]))
        if name.partition(" ")[0] in AFTERWARDS:
            found.append(Stop(name, counts[name], after=True))
    return found


def drawn(seen: Sequence[str], chance: random.Random) -> Iterator[Stop]:
    """Moments of a run in random order: of five, three near the money, one anywhere, one a random instant."""
    names = stops_of(seen)
    near = endless([stop for stop in names if stop.name in NEAR_THE_MONEY], chance)
    anywhere = endless(names, chance)
    while True:
        yield next(near)
        yield next(near)
        yield next(anywhere)
        yield next(near)
        yield Stop(seconds=chance.uniform(0, INSTANT))


def endless(stops: list[Stop], chance: random.Random) -> Iterator[Stop]:
    """Each once, before any comes again."""
    while True:
        yield from chance.sample(stops, len(stops))


@contextlib.contextmanager
def harness() -> Iterator[Harness]:
    """A harness until the block ends, in memory where that is a folder: a kill is no power cut."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as scratch, nursery() as found:
        yield Harness(found, Path(scratch))


def kills(harness: Harness, trade: Trade, trouble: Trouble, count: int, seed: int) -> list[Trial]:
    """So many trials in which at least one kill came in time."""
    chance = random.Random(f"{seed} {trade.name} {trouble.name}")
    stops, found = drawn(harness.reference(trade).seen, chance), list[Trial]()
    while sum(trial.kills for trial in found) < count:
        many, detour = 2 if chance.random() < 0.2 else 1, chance.random() < 0.15
        found.append(harness.trial(trade, trouble, *(next(stops) for _ in range(many)), detour=detour))
        assert len(found) < 5 * count + 20, "kills hardly ever come in time"
    return found


def as_line(trial: Trial) -> str:
    """A trial that went wrong, as JSON to start it again from."""
    return json.dumps({"trade": trial.trade.name, "trouble": trial.trouble.name, "wrong": trial.wrong})

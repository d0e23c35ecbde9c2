"""What must hold once a campaign that was killed has been run until done, by state, ledger and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from adcli.engine.budget import spent_so_far
from adcli.engine.inspect import status_document
from adcli.state.checkpoint import Attempt, Checkpoint
from adcli.state.files import sha256_of
from adcli.state.store import Store
from adcli.units import usd_number
from tests.crash.trades import Trade
from tests.emulator.ledger import Charge


@dataclass(frozen=True, slots=True)
class Evidence:
    """A campaign's folder and what was really charged for it."""

    trade: Trade
    file: Path
    charges: tuple[Charge, ...]

    @property
    def store(self) -> Store:
        return Store(self.file.parent / ".adcli")

    def bought(self) -> dict[str, Checkpoint]:
        """Checkpoints of the paid tasks, by task."""
        return {found.task: found for found in self.store.checkpoints() if found.attempts}

    def lost(self, task: str) -> Charge | None:
        """The charge of a task's lost call: one whose job no attempt of the state knows."""
        bought = self.bought()
        known = {a.job for found in bought.values() for a in found.attempts}
        attempt = bought[task].last_attempt if task in bought else None
        if attempt is None:
            return None
        found = [c for c in self.charges if c.job not in known and c.model == attempt.model]
        others = {name.partition("/")[0] for name in self.trade.bought} - {task.partition("/")[0]}
        own = (charge for charge in found if not any(name in charge.prompt.lower() for name in others))
        return next(own, None)


def files_of(folder: Path) -> dict[str, str]:
    """sha256 of every published file; what a killed copy left is hidden, and swept a minute later."""
    out = folder / "out"
    found = (path for path in out.rglob("[!.]*") if path.is_file() and path.name != "results.json")
    return {str(path.relative_to(out)): sha256_of(path) for path in sorted(found)}


def results_of(store: Store) -> dict[str, dict[str, str]]:
    """What every finished key came to; receipts of publishing name the folder, so that they differ."""
    return {
        found.key: {name: output.sha256 for name, output in (found.outputs or {}).items()}
        for found in store.checkpoints()
        if found.outputs is not None and found.document["stage"] != "publish"
    }


def overspent(evidence: Evidence, budget: float) -> list[str]:
    """Money at any moment: nothing is charged that the state doesn't count, and its limit holds."""
    spent = usd_number(spent_so_far(evidence.store.checkpoints(), str(evidence.trade.campaign["name"])))
    charged = charged_usd(evidence)
    wrong = []
    if spent > budget + 1e-9:
        wrong.append(f"${spent:g} spent of a budget of ${budget:g}")
    if spent < charged - 1e-9:
        wrong.append(f"the state counts ${spent:g}, and ${charged:g} were charged")
    return wrong


def charged_usd(evidence: Evidence) -> float:
    """What the service has charged; jobs that it failed itself cost nothing where it refunds them."""
    failed = {
        attempt.job
        for found in evidence.bought().values()
        for attempt in found.attempts
        if attempt.state == "failed" and attempt.usd == 0
    }
    charges = (charge for charge in evidence.charges if charge.job not in failed)
    return sum(evidence.trade.usd[charge.model] for charge in charges)


def unsound(evidence: Evidence) -> list[str]:
    """Files that should not be there, or are not what they should be."""
    store, wrong = evidence.store, []
    for path in store.root.rglob("*"):
        if path.name.startswith(".tmp-") or path.suffix == ".damaged":
            wrong.append(f"left behind: {path.relative_to(store.root)}")
    for path in (store.root / "blobs").glob("*/*"):
        if sha256_of(path) != path.name:
            wrong.append(f"blob {path.name[:12]} holds something else")
    work = store.root / "work"
    wrong += [f"left behind: work/{path.name}" for path in (work.iterdir() if work.exists() else ())]
    known = [found for found in store.checkpoints() if found.document["stage"] != "publish"]
    if store.damaged:
        wrong.append(f"damaged: {sorted(store.damaged)}")
    for found in known:
        gone = [name for name, output in (found.outputs or {}).items() if not store.has(output)]
        wrong += [f"{name} of {found.task} has no blob" for name in gone]
    return wrong


def unlike(
    evidence: Evidence, files: Mapping[str, str], results: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """What differs from an undisturbed run."""
    wrong, folder = [], evidence.file.parent
    if files_of(folder) != files:
        wrong.append("published files differ from an undisturbed run's")
    found = results_of(evidence.store)
    if found != results:
        differing = [key[:12] for key in found.keys() | results.keys() if found.get(key) != results.get(key)]
        wrong.append(f"checkpoints differ from an undisturbed run's: {differing}")
    return wrong


def paid_too_often(evidence: Evidence, deliberate: int, fails: int) -> list[str]:
    """Charges beyond one a task, but for what a person sent anew and what the service failed by itself."""
    allowed = len(evidence.trade.bought) + deliberate + fails
    wrong = []
    if len(evidence.charges) > allowed:
        wrong.append(f"{len(evidence.charges)} charges for {allowed} calls")
    for task, found in evidence.bought().items():
        stored = [attempt for attempt in found.attempts if attempt.state == "stored"]
        if len(stored) != 1:
            wrong.append(f"{task} was stored {len(stored)} times")
    return wrong


def miscounted(evidence: Evidence) -> list[str]:
    """At the end nothing is reserved any more: what was spent is what was charged.

    Where a service says a call's price only before it, one whose answer was lost counts at its ceiling.
    """
    spent, charged = status_document(evidence.file, None)["spent_usd"], charged_usd(evidence)
    more = evidence.trade.total - evidence.trade.true_total
    if not charged - 1e-9 <= spent <= charged + more + 1e-9:
        return [f"the state counts ${spent:g}, and ${charged:g} were charged"]
    return []


def left_open(evidence: Evidence) -> list[str]:
    """Jobs that are still open, and charges that nobody knows of."""
    wrong = [f"still open: {key[:12]}" for key in evidence.store.open_keys()]
    wrong += [
        f"{task}: attempt {attempt.n} is still {attempt.state}"
        for task, found in evidence.bought().items()
        for attempt in found.attempts
        if attempt.is_open
    ]
    return wrong


def last_attempt(evidence: Evidence, task: str) -> Attempt | None:
    """The newest attempt of a paid task."""
    found = evidence.bought().get(task)
    return found.last_attempt if found else None

"""Kills runs that buy and counts charges: ``python -m benchmarks.kills [--kills 2000] [--seed 1]``.

Each trial kills a run of a small campaign at a moment of its calls to the operating system, or at a
random instant, while an emulated service has one of its troubles; then it runs until done and asks the
oracle (``tests/crash``). Prints a Markdown table: kills → charges that nobody asked for.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.crash.faults import TROUBLES, troubles_of
from tests.crash.harness import Harness, harness, kills
from tests.crash.trades import TRADES


@dataclass(frozen=True, slots=True)
class Cell:
    """What came of the kills of one service in one trouble."""

    service: str
    trouble: str
    kills: int
    twice: int
    held: int
    wrong: tuple[str, ...]


def share(named: list[tuple[str, str]], count: int, seed: int) -> list[Cell]:
    """Kills so many runs for each service and trouble."""
    with harness() as found:
        return [cell(found, service, trouble, count, seed) for service, trouble in named]


def cell(harness: Harness, service: str, trouble: str, count: int, seed: int) -> Cell:
    """Kills so many runs."""
    trials = kills(harness, TRADES[service], TROUBLES[trouble], count, seed)
    return Cell(
        service,
        trouble,
        sum(trial.kills for trial in trials),
        sum(trial.twice for trial in trials),
        sum(trial.held for trial in trials),
        tuple(str(trial) for trial in trials if trial.wrong),
    )


def cells(kills: int, seed: int, jobs: int, services: list[str]) -> list[Cell]:
    """All services in all troubles, so many kills together."""
    named = [(name, trouble.name) for name in services for trouble in troubles_of(TRADES[name])]
    each = math.ceil(kills / len(named))
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(share, named[job::jobs], each, seed) for job in range(jobs)]
        found = {(cell.service, cell.trouble): cell for done in waiting for cell in done.result()}
    return [found[name] for name in named]


def table(found: list[Cell]) -> str:
    """Markdown: services against troubles."""
    services = list(dict.fromkeys(cell.service for cell in found))
    known = {(cell.service, cell.trouble): cell for cell in found}
    lines = [f"| kills → double charges | {' | '.join(services)} | all |", "|---" * (len(services) + 2) + "|"]
    for trouble in TROUBLES:
        row = [known.get((service, trouble)) for service in services]
        lines.append(f"| {trouble} | {' | '.join(map(_shown, row))} | {_sum(row)} |")
    columns = [[cell for cell in found if cell.service == service] for service in services]
    lines.append(f"| **all** | {' | '.join(map(_sum, columns))} | **{_sum(found)}** |")
    return "\n".join(lines)


def _shown(cell: Cell | None) -> str:
    return f"{cell.kills} → {cell.twice}" if cell else "–"


def _sum(row: list[Cell] | list[Cell | None]) -> str:
    found = [cell for cell in row if cell]
    return f"{sum(cell.kills for cell in found)} → {sum(cell.twice for cell in found)}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--service", choices=list(TRADES), action="append")
    given = parser.parse_args()
    started = time.monotonic()
    found = cells(given.kills, given.seed, given.jobs, given.service or list(TRADES))
    print(table(found))
    wrong = [told for cell in found for told in cell.wrong]
    for told in wrong:
        print(told)
    count, held = sum(cell.kills for cell in found), sum(cell.held for cell in found)
    minutes = (time.monotonic() - started) / 60
    print(
        f"\n{count} kills in {minutes:.1f} min (seed {given.seed}): {held} calls held for a person, "
        f"{sum(cell.twice for cell in found)} charged twice, {len(wrong)} trials wrong"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

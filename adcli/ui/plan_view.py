"""The plan for people: what will be made, grouped when it is long, and what it may cost at most."""

from __future__ import annotations

from collections import Counter, defaultdict

from adcli.plan.build import Plan, PlannedTask
from adcli.plan.resume import Decision
from adcli.ui.console import counted, print_line

LONGEST_LIST = 60
MOST_NOTES = 8
_QUIET = (Decision.REUSE, Decision.SHARE)


def show_plan(plan: Plan) -> None:
    """Prints the plan: every task that is not simply reused, or counts by stage when there are many."""
    ads = len(plan.graph.ads)
    ratios = ", ".join(ratio.value for ratio in plan.graph.ratios)
    print_line(f"{plan.graph.campaign}: {counted(ads, 'ad')} × {ratios} = {counted(_files(plan), 'file')}")
    rows = [row for row in plan.rows.values() if row.verdict.decision not in _QUIET]
    print_line()
    if not rows:
        print_line("Nothing to do: everything is made and in place.")
    elif len(rows) <= LONGEST_LIST:
        _list(rows)
    else:
        _group(plan)
    for note in plan.graph.notes[:MOST_NOTES]:
        print_line(f"  note    {note}")
    more = len(plan.graph.notes) - MOST_NOTES
    if more > 0:
        print_line(f"  note    … and {more} more")
    print_line()
    print_line(_summary(plan))
    print_line(_cost(plan))


def _list(rows: list[PlannedTask]) -> None:
    width = max(len(row.task.id) for row in rows)
    for row in rows:
        price = f"  ≤ ${float(row.price.max_usd):.4g}" if row.price.max_usd else ""
        who = row.task.provider if row.task.model is None else f"{row.task.provider}:{row.task.model}"
        reasons = ", ".join(row.verdict.reasons)
        print_line(
            f"  {row.verdict.decision.value:7} {row.task.id:{width}}  {who}{price}  {reasons}".rstrip()
        )


def _group(plan: Plan) -> None:
    stages: dict[tuple[str, str], list[PlannedTask]] = defaultdict(list)
    for row in plan.rows.values():
        who = row.task.provider if row.task.model is None else f"{row.task.provider}:{row.task.model}"
        stages[row.task.stage, who].append(row)
    width = max(len(stage) for stage, _ in stages)
    for (stage, who), rows in stages.items():
        counts = Counter(row.verdict.decision.value for row in rows)
        told = ", ".join(f"{number} {name}" for name, number in counts.items())
        price = sum(row.price.max_usd for row in rows)
        print_line(f"  {stage:{width}}  {told}  {who}" + (f"  ≤ ${price:.2f}" if price else ""))
    codes = Counter(reason.split(":")[0] for row in plan.rows.values() for reason in row.verdict.reasons)
    if codes:
        print_line("  because: " + ", ".join(f"{code} ({number})" for code, number in codes.most_common()))


def _summary(plan: Plan) -> str:
    told = [f"{number} {name}" for name, number in plan.totals.items() if name != "tasks" and number]
    return f"{counted(len(plan.rows), 'task')}: {', '.join(told)}"


def _cost(plan: Plan) -> str:
    saved = f"; ${plan.saved_usd:.2f} saved by reuse" if plan.saved_usd else ""
    if not plan.max_usd:
        return f"Cost: $0{saved}"
    if plan.min_usd == plan.max_usd:
        return f"Cost: ${plan.max_usd:.2f}{saved}"
    return f"Cost: ${plan.min_usd:.2f} to ${plan.max_usd:.2f} at most{saved}"


def _files(plan: Plan) -> int:
    """Files that will stand at the target, apart from posters and results."""
    published = [plan.rows[goal].task.params for ad in plan.graph.ads for goal in ad.goals]
    return sum(("name" in params) + len(params.get("kept", ())) for params in published)

"""Selectors: which tasks ``-s`` and ``-x`` mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from adcli.errors import UsageError
from adcli.graph.task import Graph, Task


def select(
    graph: Graph, chosen: Iterable[str], left_out: Iterable[str], status: Mapping[str, str]
) -> frozenset[str]:
    """Ids that are to run: the chosen targets (all when none are named) without what is left out.

    ``x+`` adds what depends on x; ``-x`` also leaves out all that needs it. ``status`` maps ids to
    their last run's status. Raises UsageError for a selector that matches nothing.
    """
    chosen, left_out = tuple(chosen), tuple(left_out)
    everything = frozenset(graph.tasks)
    targets = frozenset().union(*(_targets(graph, one, status) for one in chosen)) if chosen else everything
    refused = _downstream(graph, frozenset().union(*(matching(graph, one, status) for one in left_out)))
    return _with_originals(graph, _upstream(graph, targets - refused)) - refused


def _targets(graph: Graph, selector: str, status: Mapping[str, str]) -> frozenset[str]:
    name = selector.removeprefix("+")
    found = matching(graph, name.removesuffix("+"), status)
    return _downstream(graph, found) if name.endswith("+") else found


def matching(graph: Graph, selector: str, status: Mapping[str, str]) -> frozenset[str]:
    """Ids that one selector names: an id, a glob, or ``stage: ad: variant: status:`` with a glob."""
    kind, colon, pattern = selector.partition(":")
    look = _FIELDS.get(kind) if colon else None
    if colon and look is None and kind != "status":
        raise UsageError(
            f"unknown selector {selector!r}", hint="use stage:, ad:, variant:, status:, or an id"
        )
    if kind == "status":
        found = {name for name in graph.tasks if fnmatchcase(status.get(name, ""), pattern)}
    elif look is not None:
        found = {name for name, task in graph.tasks.items() if fnmatchcase(look(task) or "", pattern)}
    else:
        found = {name for name in graph.tasks if fnmatchcase(name, selector)}
    if not found:
        raise UsageError(f"{selector!r} matches no task", hint="adcli plan lists them all")
    return frozenset(found)


_FIELDS: dict[str, Callable[[Task], str | None]] = {
    "stage": lambda task: task.stage,
    "ad": lambda task: task.ad,
    "variant": lambda task: task.variant,
}


def _upstream(graph: Graph, targets: Iterable[str]) -> frozenset[str]:
    wanted = set(targets)
    for name in reversed(graph.tasks):
        if name in wanted:
            task = graph.tasks[name]
            wanted.update(item.task for item in task.inputs)
            wanted.update(task.after)
    return frozenset(wanted)


def _with_originals(graph: Graph, wanted: frozenset[str]) -> frozenset[str]:
    """Also the tasks that do the work of those that share it: the first of each recipe."""
    first: dict[str, str] = {}
    for name, task in graph.tasks.items():
        first.setdefault(task.recipe, name)
    while True:
        more = _upstream(graph, wanted | {first[graph.tasks[name].recipe] for name in wanted})
        if more == wanted:
            return wanted
        wanted = more


def _downstream(graph: Graph, roots: Iterable[str]) -> frozenset[str]:
    reached = set(roots)
    for name, task in graph.tasks.items():
        if any(item.task in reached for item in task.inputs):
            reached.add(name)
    return frozenset(reached)

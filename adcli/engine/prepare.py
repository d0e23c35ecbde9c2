"""From a campaign file to a plan: load, expand, look up, decide, price. Takes no lock and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adcli.engine.budget import Budget
from adcli.engine.delivery import Delivery
from adcli.engine.glyphs import check_glyphs
from adcli.engine.memory import StateMemory
from adcli.errors import InvalidInput, UsageError
from adcli.graph.brief import Options
from adcli.graph.effects import own_code
from adcli.graph.expand import expand
from adcli.graph.select import matching, select
from adcli.graph.task import Graph, Task
from adcli.media.subject import finder
from adcli.plan.build import Plan, as_json, build, old_prices
from adcli.plan.decide import Decider, Verdict
from adcli.plan.resume import Decision
from adcli.publish.target import parse_target
from adcli.registry import Catalogue, catalogue
from adcli.spec.load import Loaded, load_campaign
from adcli.spec.prices import Price, load_prices
from adcli.state.checkpoint import Checkpoint
from adcli.state.runs import read_runs
from adcli.state.store import Store
from adcli.units import Quality


@dataclass(frozen=True, slots=True)
class Settings:
    """What a command line, the environment and the campaign together say about how to run."""

    state: Path | None = None
    draft: bool = False
    draft_to: str | None = None
    quality: Quality = Quality.FINAL
    storyboard: bool = False
    own_shape: bool = False
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    retake: tuple[str, ...] = ()
    retry_failed: bool = False
    overwrite: bool = False
    allow_code: bool = False
    verify: bool = False
    limits: Mapping[str, int] | None = None
    fail_fast: bool = False
    no_spend: bool = False
    max_cost: float | None = None
    yes: bool = False
    timeout: float | None = None
    jobs: int | None = None
    only_failed: bool = False
    plan_file: Path | None = None


@dataclass(slots=True)
class Prepared:
    """Everything that a plan was made from, and the plan."""

    loaded: Loaded
    catalogue: Catalogue
    store: Store
    delivery: Delivery
    memory: StateMemory
    decider: Decider
    plan: Plan
    selected: frozenset[str]
    settings: Settings
    takes: Mapping[str, int]
    prices: Mapping[str, Price]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that a person should read before the run."""
        old = old_prices(self.plan, self.prices, datetime.now(UTC).date())
        return (*self.loaded.warnings, *self.plan.graph.warnings, *old)


def state_folder(campaign_file: Path, given: Path | None) -> Path:
    """``--state``, else ``.adcli`` beside the campaign; absolute: programs run in folders of their own."""
    return given.absolute() if given is not None else campaign_file.resolve().parent / ".adcli"


def prepare(campaign_file: Path, settings: Settings) -> Prepared:
    """A plan for a campaign as it is now. Raises InvalidInput and UsageError."""
    made = plan_of(load_campaign(campaign_file), state_folder(campaign_file, settings.state), settings)
    check_glyphs(made.loaded, made.plan.graph)
    return made


def plan_of(loaded: Loaded, state: Path, settings: Settings) -> Prepared:
    """As ``prepare``, for a campaign already loaded."""
    store, stages = Store(state), catalogue()
    delivery = make_delivery(loaded, settings)
    memory = StateMemory(store, loaded.campaign.name, delivery)
    takes = store.takes()
    options = Options(
        settings.quality,
        takes,
        storyboard=settings.storyboard,
        own_shape=settings.own_shape,
        finder=finder(),
    )
    if settings.draft:
        options = replace(options, local=_not_yet_bought(loaded, stages, options, memory))
    graph = expand(loaded, stages, options)
    retaken: frozenset[str] = frozenset()
    if settings.retake:
        takes = _retaken(graph, stages, settings.retake, takes)
        graph = expand(loaded, stages, replace(options, takes=takes))
        retaken = frozenset(graph.tasks[name].recipe for name in graph.tasks if graph.base(name) in takes)
    selected = _selected(graph, store, settings)
    decider = Decider(
        graph,
        stages,
        memory,
        datetime.now(UTC),
        settings.retry_failed,
        retaken,
        _goals(graph, selected, settings),
        loaded.campaign.budget.hold_above,
    )
    prices = load_prices(loaded.campaign.prices)
    plan = build(graph, decider.verdicts(), stages, prices)
    return Prepared(loaded, stages, store, delivery, memory, decider, plan, selected, settings, takes, prices)


def make_delivery(loaded: Loaded, settings: Settings) -> Delivery:
    """Where files go: the campaign's target, or for a draft a folder (never S3 unless asked)."""
    written = loaded.campaign.output.to
    if settings.draft:
        written = settings.draft_to or ("out" if written.startswith("s3://") else written)
    target = parse_target(written, loaded.base)
    return Delivery(loaded.campaign, target, settings.draft, settings.overwrite, settings.verify)


def _selected(graph: Graph, store: Store, settings: Settings) -> frozenset[str]:
    status = last_statuses(store, graph.campaign)
    chosen = list(settings.select)
    if settings.only_failed:
        names = [name for name in graph.tasks if status.get(name) in ("failed", "skipped", "held")]
        return select(graph, names, settings.exclude, status) if names else frozenset()
    return select(graph, chosen, settings.exclude, status)


def _goals(graph: Graph, selected: frozenset[str], settings: Settings) -> frozenset[str] | None:
    """Tasks whose results are wanted: all ads' goals, or the ends of what was selected."""
    if not (settings.select or settings.exclude or settings.only_failed):
        return None
    needed = {item.task for name in selected for item in graph.tasks[name].inputs}
    return frozenset(name for name in selected if name not in needed)


def last_statuses(store: Store, campaign: str) -> dict[str, str]:
    """Status of each task in the campaign's last run that left a result."""
    for run in reversed(read_runs(store.root, campaign)):
        if run["result"]:
            return {task["id"]: task["status"] for task in run["result"]["tasks"]}
    return {}


def _not_yet_bought(
    loaded: Loaded, stages: Catalogue, options: Options, memory: StateMemory
) -> Callable[[str], bool]:
    """For a draft: tasks of paid providers whose result does not exist yet are made locally.

    What is made locally gives what reads it another recipe, whose paid result doesn't exist
    either: so this goes on until every paid task that is left is there.
    """
    paid = {name for name, module in stages.providers.items() if module.SPEC.paid}
    bought: frozenset[str] | None = None
    while True:
        local = (lambda _: False) if bought is None else _none_of(bought)
        graph = expand(loaded, stages, replace(options, local=local))
        decider = Decider(graph, stages, memory, datetime.now(UTC))
        left = [task for task in graph.tasks.values() if task.provider in paid]
        found = frozenset(task.id for task in left if _is_there(decider, memory, task))
        if len(found) == len(left):
            return _none_of(found)
        bought = found


def _none_of(names: frozenset[str]) -> Callable[[str], bool]:
    return lambda name: name not in names


def _is_there(decider: Decider, memory: StateMemory, task: Task) -> bool:
    found = decider.settled(task)
    return bool(found and found.outputs and all(memory.has(output) for output in found.outputs.values()))


def _retaken(
    graph: Graph, stages: Catalogue, selectors: tuple[str, ...], takes: Mapping[str, int]
) -> dict[str, int]:
    """Takes with the next number for every generative task that the selectors name."""
    found = dict(takes)
    for selector in selectors:
        names = [n for n in matching(graph, selector, {}) if stages.stage(graph.tasks[n].stage).generative]
        if not names:
            raise UsageError(
                f"{selector!r} names no generative task", hint="retake takes script, image, voice, …"
            )
        for base in {graph.base(name) for name in names}:
            found[base] = takes.get(base, 1) + 1
    return found


def is_spending(plan: Plan) -> bool:
    """The plan may cost money."""
    return plan.max_usd > 0 or bool(plan.ids(Decision.FIND))


def check_code(loaded: Loaded, *, allowed: bool) -> None:
    """Raises InvalidInput where effects are a campaign's own code, which nobody has allowed to run."""
    found = [] if allowed else own_code(loaded)
    if found:
        raise InvalidInput(found, hint="--allow-code runs it with all your rights: read it first")


def check_campaign(campaign_file: Path, *, allow_code: bool = False) -> tuple[Loaded, Graph]:
    """All that ``validate`` checks: the file, its assets, its template, scripts and prices."""
    loaded, stages = load_campaign(campaign_file), catalogue()
    check_code(loaded, allowed=allow_code)
    make_delivery(loaded, Settings())
    graph = expand(loaded, stages)
    check_glyphs(loaded, graph)
    fresh = {name: Verdict(Decision.RUN) for name in graph.tasks}
    build(graph, fresh, stages, load_prices(loaded.campaign.prices))
    return loaded, graph


def plan_document(made: Prepared) -> dict[str, Any]:
    """``plan --json``: the plan with every key that is known."""
    verdicts = {name: row.verdict for name, row in made.plan.rows.items()}
    keyed = made.decider.with_keys(verdicts)
    rows = {name: replace(row, verdict=keyed[name]) for name, row in made.plan.rows.items()}
    return as_json(Plan(made.plan.graph, rows))


def over_budget(made: Prepared) -> str | None:
    """Which limit the plan's ceiling breaks, in words; None when it keeps all. A draft has no limits."""
    if made.settings.draft or not made.plan.max_usd:
        return None
    checkpoints = {found.key: found for found in made.store.checkpoints()}
    return budget_of(made, checkpoints.values()).plan_breaks(made.plan, checkpoints)


def budget_of(made: Prepared, checkpoints: Iterable[Checkpoint]) -> Budget:
    """The campaign's money as earlier runs have left it, with this run's limits."""
    nothing = made.settings.no_spend or made.settings.draft
    most = 0.0 if nothing else made.settings.max_cost
    return Budget.of(made.plan, made.loaded.campaign.budget, most, checkpoints)

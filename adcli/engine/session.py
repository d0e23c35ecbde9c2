"""Opens a state, plans, asks all questions that must be answered before a run, and runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adcli.engine.events import Emit
from adcli.engine.execute import Execution
from adcli.engine.glyphs import check_glyphs
from adcli.engine.pool import Executor, Pool
from adcli.engine.preflight import verify
from adcli.engine.prepare import (
    Prepared,
    Settings,
    check_code,
    is_spending,
    over_budget,
    plan_document,
    plan_of,
    state_folder,
)
from adcli.engine.runner import credentials_missing
from adcli.errors import BudgetExceeded, UsageError
from adcli.providers._download import allowed_hosts
from adcli.spec.load import Loaded, load_campaign
from adcli.state.files import storage_errors
from adcli.state.lock import locked
from adcli.state.store import Store

Ask = Callable[[Prepared], bool]


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan under the state's lock, allowed to run."""

    prepared: Prepared
    environ: Mapping[str, str]
    flags: Mapping[str, Any]

    def run(
        self, show: Emit, make_pool: Callable[[int], Executor] = Pool, patience: float = 1.0
    ) -> dict[str, Any]:
        """Runs it and gives the result document. ``patience`` scales every wait for a paid service."""
        return Execution(self.prepared, show, self.environ, self.flags, make_pool, patience).execute()


@contextmanager
def opened(
    file: Path, settings: Settings, environ: Mapping[str, str], flags: Mapping[str, Any], ask: Ask
) -> Iterator[Opened]:
    """Takes the lock, plans, checks key, budget, consent and what services know, before anything is sent."""
    loaded, root = load_campaign(file), state_folder(file, settings.state)
    with opened_loaded(loaded, root, settings, environ, flags, ask) as session:
        yield session


@contextmanager
def opened_loaded(
    loaded: Loaded,
    root: Path,
    settings: Settings,
    environ: Mapping[str, str],
    flags: Mapping[str, Any],
    ask: Ask,
) -> Iterator[Opened]:
    """As ``opened``, for a campaign that is loaded already, with its state in ``root``."""
    with locked(root):
        with storage_errors(str(root)):
            Store(root).prepare()
        made = plan_of(loaded, root, settings)
        check_glyphs(loaded, made.plan.graph)
        _check(made, environ, ask)
        yield Opened(made, environ, flags)


def _check(made: Prepared, environ: Mapping[str, str], ask: Ask) -> None:
    check_code(made.loaded, allowed=made.settings.allow_code)
    allowed_hosts(environ)
    missing = credentials_missing(made.plan, made.catalogue, environ)
    if missing:
        raise missing
    if made.settings.no_spend and is_spending(made.plan):
        message = f"this run may cost ${made.plan.max_usd:.2f}, and --no-spend was given"
        raise BudgetExceeded(message, hint="adcli plan shows where it goes")
    too_much = over_budget(made)
    if too_much:
        raise BudgetExceeded(too_much, hint="adcli plan shows where it goes; or make a --draft")
    _check_consent(made, ask)
    verify(made, environ)


def _check_consent(made: Prepared, ask: Ask) -> None:
    settings = made.settings
    if settings.plan_file:
        _check_plan(made, settings.plan_file)
    if not is_spending(made.plan):
        return
    if settings.yes or settings.max_cost is not None or settings.plan_file:
        return
    if not ask(made):
        message = f"this run may cost up to ${made.plan.max_usd:.2f}, and nobody agreed"
        raise UsageError(message, hint="give --yes, --max-cost USD or --plan FILE; or make a --draft")


def _check_plan(made: Prepared, saved: Path) -> None:
    try:
        before = json.loads(saved.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{saved} is no saved plan: {error}", hint="adcli plan --out FILE writes one"
        ) from None
    if before != json.loads(json.dumps(plan_document(made))):
        raise UsageError(
            f"{saved} no longer holds: campaign, assets, prices or state have changed", hint="plan again"
        )

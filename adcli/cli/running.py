"""Commands that work on a campaign: run and resume; and status, which watches."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adcli.cli import options as o
from adcli.cli.outcome import finish
from adcli.errors import UsageError
from adcli.units import Quality

if TYPE_CHECKING:
    from adcli.engine.events import Emit
    from adcli.engine.prepare import Prepared, Settings


def run(
    file: o.CampaignFile = o.DEFAULT_FILE,
    state: o.State = None,
    draft: o.Draft = False,
    draft_to: o.DraftTo = None,
    quality: o.QualityFlag = Quality.FINAL,
    storyboard: o.Storyboard = False,
    select: o.Select = None,
    exclude: o.Exclude = None,
    retake: o.Retake = None,
    retry_failed: o.RetryFailed = False,
    max_cost: o.MaxCost = None,
    no_spend: o.NoSpend = False,
    yes: o.Yes = False,
    plan_file: Annotated[
        Path | None, typer.Option("--plan", metavar="FILE", help="Run exactly this saved plan.")
    ] = None,
    limit: o.Limits = None,
    jobs: o.Jobs = None,
    fail_fast: o.FailFast = False,
    timeout: o.Timeout = None,
    overwrite: o.Overwrite = False,
    verify: o.Verify = False,
    allow_code: o.AllowCode = False,
    events: o.Events = None,
    junit: o.Junit = None,
    summary: o.Summary = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Makes what is missing and publishes it. Always goes on where the last run ended."""
    flags = {
        "draft": draft,
        "draft_to": draft_to,
        "quality": quality.value,
        "storyboard": storyboard,
        "select": select or [],
        "exclude": exclude or [],
        "retry_failed": retry_failed,
        "no_spend": no_spend,
        "limits": limit or [],
        "jobs": jobs,
        "fail_fast": fail_fast,
        "timeout": timeout,
        "overwrite": overwrite,
        "verify": verify,
        "allow_code": allow_code,
    }
    extra = {"retake": retake or [], "max_cost": max_cost, "yes": yes, "plan_file": plan_file}
    finish(
        lambda: _run(
            file,
            _settings(state, flags | extra),
            flags,
            Shown(events, junit, summary, json, quiet, verbose),
        ),
        json=json,
        verbose=verbose,
    )


def resume(
    file: o.CampaignFile = o.DEFAULT_FILE,
    state: o.State = None,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Only what failed.")] = False,
    retry_failed: o.RetryFailed = False,
    max_cost: o.MaxCost = None,
    yes: o.Yes = False,
    allow_code: o.AllowCode = False,
    events: o.Events = None,
    junit: o.Junit = None,
    summary: o.Summary = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Goes on with the last unfinished run, with its flags and the campaign as it is now."""

    def body() -> int:
        from adcli.engine.inspect import unfinished_run
        from adcli.ui.console import print_json, say

        flags = unfinished_run(file, state)
        if flags is None:
            say("nothing is unfinished")
            if json:
                print_json({"format": 1, "exit_code": 0, "error": None})
            return 0
        extra = {"max_cost": max_cost, "yes": yes, "only_failed": only_failed}
        given = {"retry_failed": retry_failed, "allow_code": allow_code}
        merged = flags | extra | {name: True for name, flag in given.items() if flag}
        shown = Shown(events, junit, summary, json, quiet, verbose)
        return _run(file, _settings(state, merged), flags, shown)

    finish(body, json=json, verbose=verbose)


def status(file: o.CampaignFile = o.DEFAULT_FILE, state: o.State = None, json: o.Json = False) -> None:
    """Shows tasks, open paid jobs and spend. Takes no lock."""

    def body() -> None:
        from adcli.engine.inspect import status_document
        from adcli.ui.console import print_json
        from adcli.ui.status_view import show_status

        document = status_document(file, state)
        if json:
            print_json(document)
        else:
            show_status(document)

    finish(body, json=json)


def _settings(state: Path | None, flags: dict[str, Any]) -> Settings:
    from adcli.engine.prepare import Settings

    known = {name: value for name, value in flags.items() if name in Settings.__dataclass_fields__}
    for name in ("select", "exclude", "retake"):
        known[name] = tuple(flags.get(name) or ())
    known["limits"] = _limits(flags.get("limits") or [])
    known["quality"] = Quality(flags["quality"])
    return Settings(state=state, **known)


def _limits(written: list[str]) -> dict[str, int]:
    found = {}
    for text in written:
        name, _, number = text.partition("=")
        if not name or not number.isdigit() or int(number) < 1:
            raise UsageError(f"--limit {text!r} can't be read", hint="write --limit replicate=2")
        found[name] = int(number)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a run is shown, and which files are written about it."""

    events: Path | None
    junit: Path | None
    summary: Path | None
    json: bool
    quiet: bool
    verbose: bool


def _run(file: Path, settings: Settings, flags: dict[str, Any], shown: Shown) -> int:
    from adcli.engine.session import opened
    from adcli.ui.console import print_json, say
    from adcli.ui.jsonl import EventFile
    from adcli.ui.result_view import show_result

    with opened(file, settings, os.environ, flags, ask_for_money) as session:
        for warning in session.prepared.warnings:
            say(f"warning: {warning}")
        view = view_of(session.prepared, shown.quiet, shown.verbose)
        show: Emit = EventFile(shown.events, view) if shown.events else view
        try:
            result = session.run(show)
        finally:
            view.close()
        if shown.json:
            print_json(result)
        else:
            show_result(result, session.prepared.delivery.place())
        _write_reports(result, shown)
        code: int = result["exit_code"]
        return code


def _write_reports(result: dict[str, Any], shown: Shown) -> None:
    from adcli.ui.reports import junit, summary, write_report

    if shown.junit:
        write_report(shown.junit, junit(result))
    if shown.summary:
        write_report(shown.summary, summary(result))


def view_of(made: Prepared, quiet: bool, verbose: bool) -> Any:
    """Who shows a run: live in a terminal, line by line elsewhere."""
    from adcli.ui.console import is_terminal
    from adcli.ui.live import LiveView
    from adcli.ui.plain import PlainView

    if not is_terminal() or quiet or verbose:
        return PlainView(quiet=quiet, verbose=verbose)
    return LiveView(made.plan.work_by_stage(made.selected))


def ask_for_money(made: Prepared) -> bool:
    """Shows the plan and asks a person, where there is one, to agree to its price."""
    from adcli.ui.console import can_ask
    from adcli.ui.plan_view import show_plan

    if not can_ask():
        return False
    show_plan(made.plan)
    return typer.confirm(f"Spend up to ${made.plan.max_usd:.2f}?", default=False, err=True)


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    commands: tuple[Callable[..., None], ...] = (run, resume, status)
    for command in commands:
        app.command()(command)

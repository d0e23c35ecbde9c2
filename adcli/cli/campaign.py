"""Commands that look at a campaign and change nothing: validate, plan, why, urls."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from adcli.cli import options as o
from adcli.cli.outcome import finish
from adcli.units import Quality


def validate(
    file: o.CampaignFile = o.DEFAULT_FILE, allow_code: o.AllowCode = False, json: o.Json = False
) -> None:
    """Checks schema, template, assets, fonts and script lengths, without network."""

    def body() -> None:
        from adcli.engine.glyphs import undrawable
        from adcli.engine.prepare import check_campaign
        from adcli.ui.console import counted, print_json, say

        loaded, graph = check_campaign(file, allow_code=allow_code)
        for warning in (*loaded.warnings, *graph.warnings, *undrawable(graph)):
            say(f"warning: {warning}")
        if json:
            counts = {"ads": len(graph.ads), "tasks": len(graph.tasks)}
            print_json({"format": 1, "exit_code": 0, "campaign": graph.campaign} | counts | {"error": None})
        say(f"{file} is valid: {counted(len(graph.ads), 'ad')}, {counted(len(graph.tasks), 'task')}")

    finish(body, json=json)


def plan(
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
    verify: o.Verify = False,
    allow_code: o.AllowCode = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Save it for run --plan.")] = None,
    detailed: Annotated[
        bool, typer.Option("--detailed-exitcode", help="0 nothing to do, 10 work to do.")
    ] = False,
    json: o.Json = False,
) -> None:
    """Shows every task with its decision, reasons and price ceiling. Spends nothing."""

    def body() -> int:
        from adcli.engine.prepare import Settings, check_code, plan_document, prepare
        from adcli.ui.console import print_json, say
        from adcli.ui.plan_view import show_plan

        settings = Settings(
            state=state,
            draft=draft,
            draft_to=draft_to,
            quality=quality,
            storyboard=storyboard,
            select=tuple(select or ()),
            exclude=tuple(exclude or ()),
            retake=tuple(retake or ()),
            retry_failed=retry_failed,
            verify=verify,
        )
        made = prepare(file, settings)
        check_code(made.loaded, allowed=allow_code)
        for warning in made.warnings:
            say(f"warning: {warning}")
        document = plan_document(made) if json or out else None
        if json:
            print_json(document)
        else:
            show_plan(made.plan)
        if out:
            out.write_text(jsonlib.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
        return _detailed(made) if detailed else 0

    finish(body, json=json)


def _detailed(made: object) -> int:
    from adcli.engine.prepare import Prepared, over_budget
    from adcli.plan.resume import Decision

    assert isinstance(made, Prepared)
    if made.plan.ids(Decision.HOLD):
        return 7
    if over_budget(made):
        return 6
    if made.plan.ids(Decision.WAIT):
        return 8
    return 10 if made.plan.has_work else 0


def why(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task id, as plan prints it.")],
    file: o.CampaignFile = o.DEFAULT_FILE,
    state: o.State = None,
    draft: o.Draft = False,
    quality: o.QualityFlag = Quality.FINAL,
    json: o.Json = False,
) -> None:
    """Tells which field of a task's key changed, back to the first changed ancestor."""

    def body() -> None:
        from adcli.engine.prepare import Settings, prepare
        from adcli.errors import UsageError
        from adcli.plan.why import why as explain
        from adcli.ui.console import print_json
        from adcli.ui.why_view import show_why

        made = prepare(file, Settings(state=state, draft=draft, quality=quality))
        if task not in made.plan.rows:
            raise UsageError(f"there is no task {task!r}", hint="adcli plan lists them all")
        verdicts = {name: row.verdict for name, row in made.plan.rows.items()}
        steps = explain(verdicts, task)
        if json:
            rows = [{"task": s.task, "decision": s.decision, "reasons": list(s.reasons)} for s in steps]
            print_json({"format": 1, "task": task, "steps": rows})
        else:
            show_why(steps)

    finish(body, json=json)


def urls(
    file: o.CampaignFile = o.DEFAULT_FILE,
    select: Annotated[
        list[str] | None, typer.Option("--select", "-s", metavar="SEL", help="Only these.")
    ] = None,
    expires: Annotated[str, typer.Option("--expires", help="How long they live: 30m, 1h, 7d.")] = "1h",
    state: o.State = None,
    draft: o.Draft = False,
    draft_to: o.DraftTo = None,
    json: o.Json = False,
) -> None:
    """Prints the addresses of published files: presigned URLs for S3, file: URLs for a folder."""

    def body() -> None:
        from adcli.engine.links import links
        from adcli.engine.prepare import Settings, prepare
        from adcli.ui.console import print_json, print_line

        settings = Settings(state=state, draft=draft, draft_to=draft_to, select=tuple(select or ()))
        found = links(prepare(file, settings), expires)
        if json:
            print_json({"format": 1, "urls": found})
        for row in [] if json else found:
            print_line(str(row["url"]))

    finish(body, json=json)


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    for command in (validate, plan, why, urls):
        app.command()(command)

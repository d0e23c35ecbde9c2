"""Commands about paid jobs: list, collect, cancel, and answer for the held ones."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from adcli.cli import options as o
from adcli.cli.outcome import finish
from adcli.errors import UsageError

if TYPE_CHECKING:
    from adcli.engine.jobs import Report

jobs = typer.Typer(help="Open and held jobs at services.", no_args_is_help=True, rich_markup_mode=None)


@jobs.command("list")
def list_(file: o.CampaignFile = o.DEFAULT_FILE, state: o.State = None, json: o.Json = False) -> None:
    """Lists jobs that may be running or wait for a person, with age and expiry."""

    def body() -> None:
        from adcli.engine.inspect import status_document
        from adcli.ui.console import print_json, print_line
        from adcli.ui.status_view import job_line

        found = status_document(file, state)["jobs"]
        if json:
            print_json({"format": 1, "jobs": found})
        for job in [] if json else found:
            print_line(job_line(job))

    finish(body, json=json)


Tasks = Annotated[
    list[str] | None, typer.Option("--task", "-s", metavar="TASK", help="Only this task's job.")
]


@jobs.command()
def collect(
    file: o.CampaignFile = o.DEFAULT_FILE, task: Tasks = None, state: o.State = None, json: o.Json = False
) -> None:
    """Takes what the services have by now of open jobs. Sends nothing, spends nothing, waits for nothing."""

    def body() -> int:
        from adcli.engine.jobs import collect_jobs

        return _told(collect_jobs(file, state, os.environ, task or ()), json)

    finish(body, json=json)


@jobs.command()
def cancel(
    file: o.CampaignFile = o.DEFAULT_FILE,
    task: Tasks = None,
    all_: Annotated[bool, typer.Option("--all", help="Every open job.")] = False,
    state: o.State = None,
    json: o.Json = False,
) -> None:
    """Asks the services to stop open jobs. What they charge for a stopped job is theirs to say."""

    def body() -> int:
        from adcli.engine.jobs import cancel_jobs

        if bool(task) == all_:
            raise UsageError("say which jobs: --task TASK, or --all")
        return _told(cancel_jobs(file, state, os.environ, task or ()), json)

    finish(body, json=json)


def _told(reports: list[Report], json: bool) -> int:
    """Prints what came of each job; 7 when one still waits."""
    from adcli.ui.console import print_json, print_line

    if json:
        print_json({"format": 1, "jobs": [report.as_json() for report in reports]})
    for report in [] if json else reports:
        print_line(f"{report.outcome:9} {report.task}  {report.message}".rstrip())
    return 7 if any(report.outcome == "open" for report in reports) else 0


@jobs.command()
def resolve(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A held task's id.")],
    file: o.CampaignFile = o.DEFAULT_FILE,
    adopt: Annotated[str | None, typer.Option("--adopt", metavar="JOB", help="It is this job.")] = None,
    absent: Annotated[bool, typer.Option("--absent", help="It never arrived: send it anew.")] = False,
    abandon: Annotated[bool, typer.Option("--abandon", help="Give its money up: send it anew.")] = False,
    state: o.State = None,
) -> None:
    """Says what became of a held job, after a look at the service's own list."""

    def body() -> None:
        from adcli.engine.jobs import Answer, Resolution
        from adcli.engine.jobs import resolve as answer
        from adcli.ui.console import say

        given = [
            a for a, on in ((Answer.ADOPT, adopt), (Answer.ABSENT, absent), (Answer.ABANDON, abandon)) if on
        ]
        if len(given) != 1:
            raise UsageError("say one of --adopt JOB, --absent and --abandon")
        say(answer(file, state, Resolution(task, given[0], adopt)))

    finish(body)


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.add_typer(jobs, name="jobs")

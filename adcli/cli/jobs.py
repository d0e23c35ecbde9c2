"""Commands about paid jobs: list them, and answer for the held ones."""

from __future__ import annotations

from typing import Annotated

import typer

from adcli.cli import options as o
from adcli.cli.outcome import finish
from adcli.errors import UsageError

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

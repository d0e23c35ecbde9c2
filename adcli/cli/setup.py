"""Commands that need no campaign yet: init, schema, list, doctor."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adcli.cli.options import DEFAULT_FILE, CampaignFile, Json, State
from adcli.cli.outcome import finish


class Listing(StrEnum):
    """What can be listed."""

    TEMPLATES = "templates"
    PROVIDERS = "providers"
    STAGES = "stages"
    OPS = "ops"
    RUNS = "runs"


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to put it.")] = Path(),
    template: Annotated[
        str, typer.Option("--template", help="An archetype or pipeline.")
    ] = "problem-solution",
) -> None:
    """Scaffolds a campaign with its assets, ready to run."""

    def body() -> None:
        from adcli.spec.scaffold import write_scaffold
        from adcli.ui.console import print_line, say

        for path in write_scaffold(folder, template):
            print_line(str(path))
        place = "" if folder == Path() else f"cd {folder} && "
        say(f"Next: {place}adcli run")

    finish(body)


def schema() -> None:
    """Prints the JSON Schema of campaign files, for editors."""

    def body() -> None:
        from adcli.spec.schema import campaign_schema
        from adcli.ui.console import print_json

        print_json(campaign_schema())

    finish(body)


def list_(
    what: Annotated[Listing, typer.Argument(help="What to list.")],
    file: CampaignFile = DEFAULT_FILE,
    state: State = None,
    json: Json = False,
) -> None:
    """Lists templates, providers, stages, operations or runs."""

    def body() -> None:
        from adcli.cli import listings
        from adcli.ui.console import print_json, print_line

        rows = listings.rows(what.value, file, state)
        if json:
            print_json({"format": 1, what.value: rows})
            return
        for row in rows:
            print_line(listings.line(row))

    finish(body, json=json)


def doctor(
    file: CampaignFile = DEFAULT_FILE,
    state: State = None,
    json: Json = False,
) -> None:
    """Checks ffmpeg, voices, fonts, the state folder, credentials and the target, without spending."""

    def body() -> int:
        from adcli.engine.doctor import examine
        from adcli.ui.console import print_json, print_line

        found = examine(file if file.exists() else None, state)
        if json:
            print_json({"format": 1, "checks": [check.as_json() for check in found]})
        else:
            for check in found:
                print_line(f"{check.status:4}  {check.name:12} {check.message}")
        return next((check.exit_code for check in found if check.exit_code), 0)

    finish(body, json=json)


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command()(init)
    app.command()(schema)
    app.command("list")(list_)
    app.command()(doctor)

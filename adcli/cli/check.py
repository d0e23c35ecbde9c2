"""The command that judges finished videos for a platform, whoever made them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adcli.cli import options as o
from adcli.cli.outcome import finish
from adcli.spec.platforms import Platform

PASSED, UNREADABLE, FAILED = 0, 3, 5
"""Exit codes: what can't be read weighs more than what fails."""


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Finished videos.")],
    platform: Annotated[
        Platform, typer.Option("--platform", help="Where they are to run.")
    ] = Platform.UNIVERSAL,
    json: o.Json = False,
    verbose: o.Verbose = False,
) -> None:
    """Judges any video for a platform: format, size, length, black or frozen pictures, sound.

    Exit code 0: fit to deliver, maybe with warnings. 5: something fails. 3: a file can't be read as video.
    With --json one document for each file, one a line.
    """

    def body() -> int:
        codes = [_check(file, platform, json) for file in files]
        return next((code for code in (UNREADABLE, FAILED) if code in codes), PASSED)

    finish(body, json=json, verbose=verbose)


def _check(file: Path, platform: Platform, json: bool) -> int:
    from adcli.errors import TaskFailed
    from adcli.media.checks import judge
    from adcli.media.facts import read_facts
    from adcli.media.findings import Status
    from adcli.ui.check_view import print_report, print_unreadable

    try:
        facts = read_facts(file)
        report = judge(file, platform, facts=facts)
    except TaskFailed as error:
        print_unreadable(str(file), platform, error, json=json)
        return UNREADABLE
    print_report(str(file), facts, report, json=json)
    return FAILED if report.verdict is Status.FAIL else PASSED


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(check)

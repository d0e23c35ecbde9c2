"""The command line: finds the commands, turns errors into text and exit codes."""

from __future__ import annotations

import gc
import os
import sys

import typer

from adcli import __version__
from adcli.cli import campaign, check, jobs, op, reporting, running, setup

app = typer.Typer(
    name="adcli",
    help="One YAML file becomes a finished ad-video campaign, in every aspect ratio.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"adcli {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    del version


for group in (setup, campaign, running, reporting, check, op, jobs):
    group.register(app)


def main() -> None:
    """Entry point of the ``adcli`` program."""
    # A large plan is a million small objects that live until the end: scanning them again and again for
    # cycles was 40% of planning 1,000 characters.
    gc.set_threshold(5_000_000, 50, 100)
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()

"""The command that applies one operation to one file: no campaign is needed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from adcli.cli import options as o
from adcli.cli.outcome import finish
from adcli.spec.platforms import Platform
from adcli.units import AspectRatio, Quality

if TYPE_CHECKING:
    from adcli.engine.one_file import Asked
    from adcli.engine.prepare import Settings


class OpCommand(TyperCommand):
    """Lists the operations below its help; they are looked up only then."""

    # Typer brings click's classes under a private name, and in older versions under click's own.
    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """One line an operation."""
        from adcli.registry import catalogue

        super().format_epilog(ctx, formatter)
        with formatter.section("Operations (adcli list ops tells their settings)"):
            formatter.write_dl([(name, spec.summary) for name, spec in sorted(catalogue().ops.items())])


def op(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An operation, such as crop.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="The video.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="The result [FILE-NAME.mp4 beside it].")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting of the operation.")
    ] = None,
    ratio: Annotated[
        AspectRatio | None, typer.Option("--ratio", help="Fit the video to this shape first.")
    ] = None,
    quality: o.QualityFlag = Quality.FINAL,
    platform: Annotated[
        Platform, typer.Option("--platform", help="Whose app may cover what of the frame.")
    ] = Platform.UNIVERSAL,
    language: Annotated[str, typer.Option("--language", help="Of what is spoken.")] = "en",
    provider: Annotated[
        list[str] | None,
        typer.Option("--provider", metavar="STAGE=NAME:MODEL", help="Who does what can be bought."),
    ] = None,
    state: o.State = None,
    max_cost: o.MaxCost = None,
    yes: o.Yes = False,
    overwrite: o.Overwrite = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
    verbose: o.Verbose = False,
) -> None:
    """Applies one operation to one video. The result keeps the video's own shape, unless --ratio is given."""

    def body() -> int:
        from adcli.engine.one_file import Asked
        from adcli.engine.prepare import Settings

        asked = Asked(
            name,
            file,
            tuple(settings or ()),
            tuple(provider or ()),
            ratio,
            platform.value,
            language,
            out,
            overwrite,
        )
        chosen = Settings(state=state, quality=quality, max_cost=max_cost, yes=yes)
        return _run(asked, chosen, json=json, quiet=quiet, verbose=verbose)

    finish(body, json=json, verbose=verbose)


def _run(asked: Asked, settings: Settings, *, json: bool, quiet: bool, verbose: bool) -> int:
    from adcli.cli.running import ask_for_money, view_of
    from adcli.engine.one_file import deliver, opened, operation
    from adcli.ui.console import print_json, print_line, say

    operation(asked.op)
    asked.target  # noqa: B018  # a name that is taken is told before any work
    with opened(asked, settings, os.environ, ask_for_money) as session:
        for warning in session.prepared.warnings:
            say(f"warning: {warning}")
        view = view_of(session.prepared, quiet, verbose)
        try:
            result = session.run(view)
        finally:
            view.close()
        code: int = result["exit_code"]
        if code:
            return _failed(result, json)
        made = deliver(asked, result)
    if json:
        cost: dict[str, Any] = result["cost"]
        print_json({"format": 1, "op": asked.op, "exit_code": 0, "output": made, "cost": cost, "error": None})
    else:
        print_line(made["path"])
    return 0


def _failed(result: dict[str, Any], json: bool) -> int:
    from adcli.ui.console import print_json, say

    (ad,) = result["ads"]
    error = ad["error"] or {"code": result["status"], "message": f"it is {result['status']}", "hint": None}
    say(f"error: {error['message']}", style="bold red")
    if error.get("hint"):
        say(f"hint: {error['hint']}")
    code: int = result["exit_code"]
    if json:
        print_json({"format": 1, "exit_code": code, "error": error})
    return code


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command(cls=OpCommand)(op)

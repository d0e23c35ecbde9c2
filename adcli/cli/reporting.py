"""The command that shows what was made."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from adcli.cli import options as o
from adcli.cli.outcome import finish
from adcli.units import Quality


class Picture(StrEnum):
    """Kinds of file that a contact sheet is written as."""

    PNG = "png"
    JPG = "jpg"


def report(
    file: o.CampaignFile = o.DEFAULT_FILE,
    select: o.Select = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the sheets go.")] = Path("report"),
    height: Annotated[
        int, typer.Option("--height", metavar="PIXELS", min=120, max=1080, help="Of each frame.")
    ] = 480,
    kind: Annotated[Picture, typer.Option("--format", help="Kind of picture.")] = Picture.PNG,
    state: o.State = None,
    draft: o.Draft = False,
    quality: o.QualityFlag = Quality.FINAL,
    json: o.Json = False,
) -> None:
    """Draws a contact sheet of every finished video: its scenes with times and lines."""

    def body() -> None:
        from adcli.engine.prepare import Settings, prepare
        from adcli.engine.sheets import sheets
        from adcli.errors import UsageError
        from adcli.media.contact_sheet import draw_sheet
        from adcli.ui.console import print_json, print_line

        settings = Settings(state=state, draft=draft, quality=quality, select=tuple(select or ()))
        made = prepare(file, settings)
        rows: list[dict[str, str]] = []
        for sheet in sheets(made):
            path = out / f"{sheet.name}.{kind.value}"
            path.parent.mkdir(parents=True, exist_ok=True)
            draw_sheet(sheet.video, sheet.heading, sheet.cells, height).save(path, quality=86, optimize=True)
            rows.append({"ad": sheet.ad, "variant": sheet.variant, "path": str(path)})
        if not rows:
            raise UsageError(
                "there is no finished video to show",
                hint="adcli run makes them; --quality and --draft as in the run",
            )
        if json:
            print_json({"format": 1, "sheets": rows})
        for row in [] if json else rows:
            print_line(row["path"])

    finish(body, json=json)


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command()(report)

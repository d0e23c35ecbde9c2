"""The verdict on a finished video: a table in a terminal, plain lines elsewhere, or a JSON document."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from adcli.errors import AdcliError
from adcli.media.facts import Facts
from adcli.media.findings import Finding, Report, Status
from adcli.spec.platforms import Platform, platform_book
from adcli.ui.console import clean, counted, print_json, print_line
from adcli.ui.failure import show_error

_STYLES: Mapping[Status, str] = {Status.FAIL: "bold red", Status.WARN: "yellow", Status.PASS: "green"}
_WORST_FIRST = (Status.FAIL, Status.WARN, Status.PASS)


def print_report(file: str, facts: Facts, report: Report, *, json: bool) -> None:
    """Everything found out about one file, on stdout."""
    if json:
        print_json(_document(file, report))
    elif sys.stdout.isatty():
        Console(no_color="NO_COLOR" in os.environ, highlight=False).print(_table(file, facts, report))
    else:
        for line in _lines(file, report):
            print_line(line)


def print_unreadable(file: str, platform: Platform, error: AdcliError, *, json: bool) -> None:
    """A file that is no whole video: a message on stderr; with ``json`` also a document on stdout."""
    show_error(error)
    if json:
        head = {"format": 1, "file": file, "platform": platform.value}
        print_json(head | {"checks": [], "verdict": "unreadable", "error": error.as_json()})


def _document(file: str, report: Report) -> dict[str, Any]:
    checks = [
        finding.as_json() | ({"source": finding.source} if finding.source else {})
        for finding in report.findings
    ]
    return {
        "format": 1,
        "file": file,
        "platform": report.platform.value,
        "checks": checks,
        "verdict": report.verdict.value,
    }


def _lines(file: str, report: Report) -> Iterator[str]:
    """One line a finding, the worst first, for pipes and logs."""
    for finding in _sorted(report):
        yield f"{file}: {finding.status.value}: {finding.sentence()}"
    yield f"{file}: {report.verdict.value} for {report.platform.value}"


def _sorted(report: Report) -> list[Finding]:
    return [finding for status in _WORST_FIRST for finding in report.of(status)]


def _table(file: str, facts: Facts, report: Report) -> RenderableType:
    """A heading with the verdict, then a row a check; what is wanted is said where it isn't met."""
    row = platform_book().platforms[report.platform]
    head = Text.assemble(
        (clean(file), "bold"),
        "\n",
        (f"{facts.width}×{facts.height}, {facts.seconds:.2f} s, {facts.size / 1e6:.1f} MB", "dim"),
        "\n",
        (_verdict(report), _STYLES[report.verdict]),
        (f" for {row.title}", ""),
    )
    rows = Table.grid(padding=(0, 2))
    rows.add_column(width=4)
    rows.add_column(no_wrap=True)
    rows.add_column(ratio=1)
    above: Status | None = None
    for finding in _sorted(report):
        if above not in (None, finding.status):
            rows.add_row()
        above, style = finding.status, _STYLES[finding.status]
        told = Text(clean(finding.found), style="dim" if finding.status is Status.PASS else "")
        if finding.status is not Status.PASS:
            told.append(f"\nexpected: {clean(finding.expected)}", style="dim")
        rows.add_row(Text(finding.status.value, style=style), finding.check, told)
    limits = Text(f"Limits: {clean(row.limits_source)} ({row.as_of})", style="dim")
    return Padding(Group(head, "", rows, "", limits), (1, 1, 1, 1))


def _verdict(report: Report) -> str:
    failed, warned = len(report.of(Status.FAIL)), len(report.of(Status.WARN))
    if failed:
        more = f", {counted(warned, 'warning')}" if warned else ""
        return f"Not fit: {counted(failed, 'check')} failed{more}"
    return f"Fit, with {counted(warned, 'warning')}" if warned else "Fit"

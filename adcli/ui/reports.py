"""A run's result for CI: JUnit XML with a test case an ad, and a Markdown summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from adcli.errors import StorageError
from adcli.ui.console import clean

_BAD = ("failed", "held", "waiting")


def junit(result: dict[str, Any]) -> str:
    """One test case for each ad: its error is a failure, what was not made is skipped."""
    ads = result["ads"]
    suite = ET.Element(
        "testsuite",
        name=result["campaign"],
        tests=str(len(ads)),
        failures=str(sum(ad["status"] in _BAD for ad in ads)),
        skipped=str(sum(ad["status"] == "skipped" for ad in ads)),
        time=f"{sum(ad['processing_time'] for ad in ads):.3f}",
    )
    for ad in ads:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=result["campaign"],
            name=ad["id"],
            time=f"{ad['processing_time']:.3f}",
        )
        if ad["status"] in _BAD:
            error = ad["error"] or {"code": ad["status"], "message": ad["status"], "hint": None}
            failure = ET.SubElement(case, "failure", type=error["code"], message=clean(error["message"]))
            failure.text = clean(error["hint"] or "")
        elif ad["status"] == "skipped":
            ET.SubElement(case, "skipped")
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def summary(result: dict[str, Any]) -> str:
    """A table of all ads with their files and errors, as Markdown."""
    totals, cost = result["totals"], result["cost"]
    reused = totals["reused"] + totals["shared"]
    lines = [
        f"## {result['campaign']}: {result['status']}",
        "",
        f"{totals['done']} made, {reused} reused, {totals['failed']} failed; ${cost['spent_usd']:.2f} spent.",
        "",
        "| ad | status | files | |",
        "|---|---|---|---|",
    ]
    for ad in result["ads"]:
        files = "<br>".join(_cell(output["path"]) for output in ad["outputs"])
        lines.append(
            f"| {ad['id']} | {ad['status']} | {files} | {_cell((ad['error'] or {}).get('message', ''))} |"
        )
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text that can't break out of its cell or become markup."""
    plain = clean(text).replace("\n", " ")
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def write_report(path: Path, text: str) -> None:
    """Writes a report; raises StorageError when it can't."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError.of(error, str(path)) from error

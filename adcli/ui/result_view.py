"""The end of a run for people: what was made, where it lies, what went wrong and what to do."""

from __future__ import annotations

from typing import Any

from adcli.publish.target import place_of
from adcli.ui.console import print_line, say


def show_result(result: dict[str, Any], target: str) -> None:
    """Prints one line per file on stdout, and a summary on stderr."""
    for ad in result["ads"]:
        for output in ad["outputs"]:
            print_line(place_of(output["uri"]))
    totals = result["totals"]
    reused = totals["reused"] + totals["shared"]
    place = f"; files are in {target}" if any(ad["outputs"] for ad in result["ads"]) else ""
    say(f"{totals['done']} made, {reused} reused, {totals['failed']} failed{place}")
    for ad in result["ads"]:
        if ad["error"]:
            say(f"{ad['id']} {ad['status']}: {ad['error']['message']}", style="red")
            if ad["error"].get("hint"):
                say(f"  hint: {ad['error']['hint']}")

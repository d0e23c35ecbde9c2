"""An explanation for people: a task, and where its change comes from."""

from __future__ import annotations

from adcli.plan.why import Because
from adcli.ui.console import print_line

_WORDS = {
    "new": "never made before",
    "missing": "its result is gone",
    "damaged": "its checkpoint or result is damaged",
    "version": "adcli makes it differently now",
    "retake": "a new take was asked for",
    "expired": "its result has expired at the service",
    "open-job": "a paid job is open",
}


def show_why(steps: tuple[Because, ...]) -> None:
    """Prints the task first and its causes below it on stdout."""
    for step in steps:
        told = "; ".join(_word(reason) for reason in step.reasons) or "nothing changed"
        print_line(f"{step.task}  [{step.decision}]  {told}")


def _word(reason: str) -> str:
    kind, _, rest = reason.partition(":")
    match kind:
        case "changed":
            return f"{rest} changed"
        case "input":
            return f"its input {rest} changes"
        case _:
            return _WORDS.get(reason, reason)

"""Errors as text and as JSON: the one place that words them for people."""

from __future__ import annotations

from typing import Any

from adcli.errors import AdcliError, InvalidInput
from adcli.ui.console import print_json, say

MOST_PROBLEMS = 20


def show_error(error: AdcliError) -> None:
    """The error on stderr: one line a problem, and a hint."""
    if isinstance(error, InvalidInput):
        for problem in error.problems[:MOST_PROBLEMS]:
            say(str(problem))
        more = len(error.problems) - MOST_PROBLEMS
        if more > 0:
            say(f"… and {more} more")
    else:
        say(f"error: {error.message}", style="bold red")
    if error.hint:
        say(f"hint: {error.hint}")


def error_document(error: AdcliError) -> dict[str, Any]:
    """The contract's document for an error before the run starts."""
    return {"format": 1, "exit_code": error.exit_code, "error": error.as_json()}


def print_error_json(error: AdcliError) -> None:
    """That document on stdout."""
    print_json(error_document(error))

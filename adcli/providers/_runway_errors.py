"""What Runway's error answers and failed tasks mean for the money."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adcli.errors import (
    AdcliError,
    CredentialError,
    JobFailed,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
    ResultExpired,
)
from adcli.providers._http import LONGEST_PAUSE, Answer, retry_after

NAME, KEY = "runway", "RUNWAYML_API_SECRET"
_LONGEST = 500
_CREDIT = re.compile(r"(not enough|not have enough|insufficient|out of) credits?", re.IGNORECASE)
_FLAGGED = re.compile(r"moderat|safety|content policy", re.IGNORECASE)
_HINTS = {
    "SAFETY.INPUT.TEXT": "change the prompt: it was flagged",
    "SAFETY.INPUT.IMAGE": "change the picture: it was flagged",
    "SAFETY.INPUT": "change the prompt or the picture: it was flagged",
    "SAFETY.OUTPUT": "change the prompt or the picture: what was made of it was flagged",
    "SAFETY": "change the prompt or the picture: it was flagged",
    "ASSET": "give another picture: this one can't be used",
    "INPUT": "change the prompt or the picture: they can't be used",
}
"""By the start of a failure's code."""


def message_of(answer: Answer) -> str:
    """What the body says, with what it finds wrong, in one line."""
    found = answer.fields
    said = found.get("error") or found.get("message")
    issues = found.get("issues")
    wrong = [_issue(item) for item in issues if isinstance(item, Mapping)] if isinstance(issues, list) else []
    whole = "; ".join([str(said)] * bool(said) + wrong)
    return " ".join(whole.split())[:_LONGEST] or f"the service answered {answer.status}"


def classify(answer: Answer) -> AdcliError:
    """What an answer to a create, or to a free question, says."""
    if answer.is_unclear or answer.status == 408:
        return OutcomeUnknown(NAME, f"the service answered {answer.status}")
    message = message_of(answer)
    if answer.status == 402 or _CREDIT.search(message):
        return OutOfCredit(NAME, message, hint="buy credits at dev.runwayml.com, then run again")
    if answer.status == 429:
        return _limited(answer, message)
    if answer.status in (401, 403):
        return CredentialError(
            NAME, f"{KEY} was refused: {message}", hint="check the key at dev.runwayml.com"
        )
    flagged = _FLAGGED.search(message)
    return Rejected(
        NAME, message, hint="change the prompt or the picture: it was flagged" if flagged else None
    )


def classify_task(answer: Answer) -> AdcliError:
    """The same of an answer about one task: one that isn't there was deleted."""
    if answer.status == 404:
        return ResultExpired(NAME, "the service no longer has the task")
    return classify(answer)


def failed(task: Mapping[str, Any]) -> JobFailed:
    """A task that has failed, or was stopped. One whose credits came back cost nothing."""
    code = str(task.get("failureCode") or "")
    said = " ".join(str(task.get("failure") or "").split())[:_LONGEST]
    billed = credits_of(task) != 0
    if task.get("status") == "CANCELLED":
        message, again = "the task was cancelled at the service", "run it again with --retry-failed"
        return JobFailed(NAME, message, billed=billed, hint=again)
    hint = next((text for start, text in _HINTS.items() if code.startswith(start)), None)
    message = f"{said or 'the task failed'} ({code})" if code else said or "the task failed"
    return JobFailed(NAME, message, permanent=not code.startswith("INTERNAL"), billed=billed, hint=hint)


def credits_of(task: Mapping[str, Any]) -> float | None:
    """Credits that a task has cost in the end; None while that isn't said."""
    cost = task.get("cost")
    found = cost.get("credits") if isinstance(cost, Mapping) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def _limited(answer: Answer, message: str) -> RateLimited:
    """The only 429 that is documented: no more calls of a model today. Tasks above a limit just wait."""
    daily = "the account's tasks for today are used up: a higher tier allows more"
    wait = retry_after(answer)
    return RateLimited(NAME, message, retry_after=LONGEST_PAUSE if wait is None else wait, hint=daily)


def _issue(found: Mapping[str, Any]) -> str:
    path = found.get("path")
    place = ".".join(map(str, path)) if isinstance(path, list) else ""
    said = str(found.get("message") or "is not valid")
    return f"{place}: {said}" if place else said

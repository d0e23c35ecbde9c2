"""What Google's error answers, and answers without a result, mean: by their own status and reasons first.

A wrong key is a 400 there, and an empty quota has the same number as too many requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from adcli.errors import (
    AdcliError,
    CredentialError,
    JobFailed,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
)
from adcli.providers._http import LONGEST_PAUSE, Answer, retry_after

NAME, KEY = "google", "GEMINI_API_KEY"
_LONGEST = 500
_KEY = frozenset(
    {
        "API_KEY_INVALID",
        "API_KEY_SERVICE_BLOCKED",
        "API_KEY_HTTP_REFERRER_BLOCKED",
        "API_KEY_IP_ADDRESS_BLOCKED",
        "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        "CONSUMER_INVALID",
        "CONSUMER_SUSPENDED",
        "SERVICE_DISABLED",
    }
)
_UNCLEAR = frozenset({"UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN", "ABORTED"})
_BILLING = re.compile(r"billing|free tier is not available|prepay|spend(ing)? cap", re.IGNORECASE)
_NOTHING = re.compile(r"\blimit: 0\b")
_FLAGGED = frozenset(
    {
        "SAFETY",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "RECITATION",
        "IMAGE_RECITATION",
        "JAILBREAK",
        "MODEL_ARMOR",
        "LANGUAGE",
    }
)
"""Reasons for an answer without a result that a second try doesn't change."""


def classify(answer: Answer) -> AdcliError:
    """The error that says what is known about the money."""
    status = str(_error(answer).get("status") or "")
    if answer.is_unclear or answer.status in (408, 499) or status in _UNCLEAR:
        return OutcomeUnknown(NAME, f"the service answered {answer.status}")
    message, reasons = message_of(answer), {str(item.get("reason")) for item in _details(answer)}
    if reasons & _KEY or answer.status in (401, 403) or status == "UNAUTHENTICATED":
        hint = "check the key at aistudio.google.com/api-keys"
        return CredentialError(NAME, f"{KEY} was refused: {message}", hint=hint)
    if answer.status == 429 or status == "RESOURCE_EXHAUSTED":
        return _exhausted(answer, message)
    if answer.status == 402 or (status == "FAILED_PRECONDITION" and _BILLING.search(message)):
        return _unpaid(message)
    return Rejected(NAME, message, hint=_hint(answer))


def message_of(answer: Answer) -> str:
    """What the body says, in one line."""
    said = str(_error(answer).get("message") or "")
    return " ".join(said.split())[:_LONGEST] or f"the service answered {answer.status}"


def without_result(document: Mapping[str, Any]) -> JobFailed:
    """Why an answer holds no result: it was given, so it is booked as paid for."""
    feedback = document.get("promptFeedback")
    blocked = str(feedback.get("blockReason") or "") if isinstance(feedback, Mapping) else ""
    candidate = first_candidate(document)
    reason = blocked or str(candidate.get("finishReason") or "")
    told = candidate.get("finishMessage") or " ".join(_texts(candidate))
    said = " ".join(str(told).split())[:_LONGEST]
    message = f"the answer holds no result ({reason or 'no reason given'})" + (f": {said}" if said else "")
    if reason in _FLAGGED:
        return JobFailed(NAME, message, hint="change the prompt or the pictures: they were flagged")
    return JobFailed(NAME, message, permanent=bool(blocked), hint=None if not said else "change the prompt")


def first_candidate(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer itself; empty where there is none."""
    found = document.get("candidates")
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, Mapping) else {}


def parts_of(candidate: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What an answer consists of, without what the model only thought."""
    content = candidate.get("content")
    parts = content.get("parts") if isinstance(content, Mapping) else None
    found = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
    return [part for part in found if not part.get("thought")]


def _texts(candidate: Mapping[str, Any]) -> Iterator[str]:
    for part in parts_of(candidate):
        if isinstance(part.get("text"), str):
            yield part["text"]


def _exhausted(answer: Answer, message: str) -> AdcliError:
    violations = [
        item for detail in _details(answer) for item in _list(detail.get("violations")) if "quotaId" in item
    ]
    if _NOTHING.search(message) or any(str(item.get("quotaValue")) == "0" for item in violations):
        return _unpaid(message)
    if _BILLING.search(message) and not violations:
        return _unpaid(message)
    quotas = " ".join(str(item["quotaId"]) for item in violations)
    daily = "the calls of this key for today are used up" if "PerDay" in quotas else None
    per_minute = [
        int(str(item["quotaValue"]))
        for item in violations
        if "RequestsPerMinute" in str(item["quotaId"]) and str(item.get("quotaValue")).isdecimal()
    ]
    wait = _wait(answer)
    return RateLimited(
        NAME,
        message,
        retry_after=LONGEST_PAUSE if wait is None and daily else wait,
        per_minute=min(per_minute, default=None),
        hint=daily,
    )


def _unpaid(message: str) -> OutOfCredit:
    return OutOfCredit(NAME, message, hint="set up billing at aistudio.google.com, then run again")


def _wait(answer: Answer) -> float | None:
    for detail in _details(answer):
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay") or ""))
        if found:
            return min(float(found[1]), LONGEST_PAUSE)
    return retry_after(answer)


def _hint(answer: Answer) -> str | None:
    fields = [
        str(item["field"])
        for detail in _details(answer)
        for item in _list(detail.get("fieldViolations"))
        if item.get("field")
    ]
    return f"correct {', '.join(fields)}" if fields else None


def _error(answer: Answer) -> Mapping[str, Any]:
    found = answer.json
    if isinstance(found, list) and len(found) == 1:  # streams, and some gateways, wrap it
        found = found[0]
    error = found.get("error") if isinstance(found, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _details(answer: Answer) -> list[Mapping[str, Any]]:
    return _list(_error(answer).get("details"))


def _list(found: Any) -> list[Mapping[str, Any]]:
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []

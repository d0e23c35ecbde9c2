"""What ElevenLabs' error answers mean: told by the code in their body first, by the HTTP number last.

The same number says quite different things there: a 401 can be a wrong key or an empty account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from adcli.errors import (
    AdcliError,
    CredentialError,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
)
from adcli.providers._http import Answer, retry_after

NAME = "elevenlabs"
KEY = "ELEVENLABS_API_KEY"

_CREDIT = frozenset(
    {"quota_exceeded", "insufficient_credits", "payment_issue", "payment_required", "insufficient_funds"}
)
_PLAN = frozenset(
    {"paid_plan_required", "subscription_required", "feature_unavailable", "model_access_denied"}
)
_KEY = frozenset(
    {"invalid_api_key", "unauthorized", "needs_authorization", "authentication_error", "missing_api_key"}
)
_FULL = frozenset({"concurrent_limit_exceeded", "too_many_concurrent_requests"})
_BUSY = frozenset({"rate_limit_exceeded", "system_busy", "rate_limited"})
_FLAGGED = frozenset({"content_against_policy", "content_moderated", "moderation_failed", "bad_prompt"})
_HINTS = {
    "voice_not_found": "check the character's voice: its name or id is not in this account",
    "max_character_limit_exceeded": "shorten the text, or give the voice a model that takes longer ones",
    "text_too_long": "shorten the text, or give the voice a model that takes longer ones",
    "invalid_ttd_stability": "set stability to 0, 0.5 or 1",
}
_LONGEST = 500
_SLOT_FREE = 1.0
"""Seconds until a slot is likely to be free where the account has too many calls running."""
_CALMER = 5.0


class MissingPermission(CredentialError):
    """The key works, but may not do this."""


class NotThere(Rejected):
    """What was asked for doesn't exist, or no longer."""


def code_of(answer: Answer) -> str:
    """The body's own code, by any of the names that it has had; empty when there is none."""
    detail = answer.fields.get("detail")
    if not isinstance(detail, Mapping):
        return ""
    return str(detail.get("code") or detail.get("status") or detail.get("type") or "")


def message_of(answer: Answer) -> str:
    """What the body says, in one line."""
    detail = answer.fields.get("detail")
    if isinstance(detail, Mapping):
        said = str(detail.get("message") or code_of(answer))
    elif isinstance(detail, list):
        said = "; ".join(_complaint(item) for item in detail)
    else:
        said = detail if isinstance(detail, str) else ""
    return " ".join(said.split())[:_LONGEST] or f"the service answered {answer.status}"


def classify(answer: Answer) -> AdcliError:
    """The error that says what is known about the money."""
    if answer.is_unclear or answer.status == 408:
        return OutcomeUnknown(NAME, f"the service answered {answer.status}")
    if answer.status < 400:
        return OutcomeUnknown(NAME, "the answer could not be read")
    code, message = code_of(answer), message_of(answer)
    if code in _CREDIT or (answer.status == 402 and code not in _PLAN):
        return OutOfCredit(NAME, _credit(message), hint="buy credits at elevenlabs.io, then run again")
    if code in _FULL:
        return RateLimited(NAME, message, retry_after=_wait(answer, _SLOT_FREE), hint=_lane(answer))
    if code in _BUSY or answer.status == 429:
        return RateLimited(NAME, message, retry_after=_wait(answer, _CALMER))
    if code == "missing_permissions":
        return MissingPermission(
            NAME, f"{KEY} may not do this: {message}", hint="give the key that permission at elevenlabs.io"
        )
    if code in _PLAN:
        hint = "choose one of the default voices, or upgrade the plan and run with --retry-failed"
        return Rejected(NAME, message, hint=hint)
    if code in _KEY or (answer.status in (401, 403) and code not in _FLAGGED):
        return CredentialError(NAME, f"{KEY} was refused: {message}", hint="check the key at elevenlabs.io")
    missing = answer.status == 404 or code.endswith("_not_found")
    return (NotThere if missing else Rejected)(NAME, message, hint=_hint(answer, code))


def _credit(message: str) -> str:
    told = re.search(r"have (\d+) credits? remaining.*?(\d+) credits? (?:is|are) required", message)
    if told is None:
        return message
    return f"the account has {told[1]} credits left, and this call needs {told[2]}"


def _wait(answer: Answer, usual: float) -> float:
    asked = retry_after(answer)
    return usual if asked is None else asked


def _lane(answer: Answer) -> str | None:
    most = answer.headers.get("maximum-concurrent-requests", "")
    return f"this account may have {most} calls running: limits.elevenlabs.concurrency" if most else None


def _hint(answer: Answer, code: str) -> str | None:
    detail = answer.fields.get("detail")
    given = detail.get("data") if isinstance(detail, Mapping) else None
    suggested = given.get("prompt_suggestion") if isinstance(given, Mapping) else None
    if suggested:
        return f"change the prompt: it was flagged; the service suggests: {str(suggested)[:_LONGEST]}"
    if code in _FLAGGED:
        return "change the text: it was flagged"
    return _HINTS.get(code)


def _complaint(item: Any) -> str:
    if not isinstance(item, Mapping):
        return str(item)
    place = item.get("loc")
    parts = place if isinstance(place, Sequence) and not isinstance(place, str) else []
    field = ".".join(str(part) for part in parts if part != "body")
    said = str(item.get("msg") or "is not valid")
    return f"{field}: {said}" if field else said

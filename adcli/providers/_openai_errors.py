"""What OpenAI's error answers mean: told by the code in their body first, by the HTTP number last.

A 429 can be too many requests as well as an empty account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adcli.errors import (
    AdcliError,
    CredentialError,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
)
from adcli.providers._http import LONGEST_PAUSE, Answer, retry_after

NAME, KEY = "openai", "OPENAI_API_KEY"
_CREDIT = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_limit_exceeded"}
)
_KEY = frozenset(
    {
        "invalid_api_key",
        "account_deactivated",
        "access_terminated",
        "mismatched_organization",
        "invalid_organization",
    }
)
_BUSY = frozenset({"rate_limit_exceeded", "tokens", "requests", "rate_limit_error"})
_FLAGGED = frozenset(
    {"content_policy_violation", "moderation_blocked", "content_filter", "image_generation_user_error"}
)
_NO_SUCH_MODEL = "model_not_found"
_TOP_UP = "add credit at platform.openai.com/settings/organization/billing, then run again"
_LONGEST = 500
_LOCKED = 1.0
"""Seconds after which a call that met a lock is sent again."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def error_of(answer: Answer) -> Mapping[str, Any]:
    """The ``error`` object of a body; empty when there is none."""
    found = answer.fields.get("error")
    return found if isinstance(found, Mapping) else {}


def message_of(answer: Answer) -> str:
    """What the body says, in one line."""
    said = error_of(answer).get("message")
    return " ".join(str(said or "").split())[:_LONGEST] or f"the service answered {answer.status}"


def codes_of(answer: Answer) -> frozenset[str]:
    """Code and type of an error: services behind the same API fill in one or the other."""
    error = error_of(answer)
    return frozenset(str(error[name]) for name in ("code", "type") if error.get(name))


def classify(answer: Answer) -> AdcliError:
    """The error that says what is known about the money."""
    if answer.is_unclear or answer.status == 408:
        return OutcomeUnknown(NAME, f"the service answered {answer.status}")
    codes, message = codes_of(answer), message_of(answer)
    if codes & _CREDIT or answer.status == 402:
        return OutOfCredit(NAME, message, hint=_TOP_UP)
    if codes & _FLAGGED:
        return Rejected(NAME, message, hint="change the text: it was flagged")
    if _NO_SUCH_MODEL in codes:
        return Rejected(NAME, message, hint="correct the model, or give the key's project access to it")
    if codes & _BUSY or answer.status == 429:
        wait = _wait(answer, message)
        return RateLimited(
            NAME, message, retry_after=wait, per_minute=_per_minute(message), hint=_daily(message)
        )
    if answer.status == 409:
        return RateLimited(NAME, message, retry_after=_LOCKED)
    if codes & _KEY or answer.status in (401, 403):
        return CredentialError(NAME, f"{KEY} was refused: {message}", hint=_permission(message))
    return Rejected(NAME, message, hint=_hint(answer))


def _hint(answer: Answer) -> str | None:
    field = error_of(answer).get("param")
    return f"correct {field}" if isinstance(field, str) and field else None


def _permission(message: str) -> str:
    lacks = "permission" in message.lower() or "scope" in message.lower()
    return "give the key that permission" if lacks else "check the key at platform.openai.com/api-keys"


def _wait(answer: Answer, message: str) -> float | None:
    exact = answer.headers.get("retry-after-ms", "")
    if re.fullmatch(r"\d+(\.\d+)?", exact):
        return min(float(exact) / 1000, LONGEST_PAUSE)
    asked = retry_after(answer)
    told = re.search(r"try again in ((?:\d+(?:\.\d+)?(?:ms|[smhd]))+)", message)
    if asked is not None or told is None:
        return asked
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|[smhd])", told[1])
    return min(sum(float(number) * _UNITS[unit] for number, unit in parts), LONGEST_PAUSE)


def _per_minute(message: str) -> int | None:
    """The rate of an account, such as "on requests per min (RPM): Limit 3, Used 3, Requested 1"."""
    found = re.search(r"requests per min[^:]*: ?Limit:? ?(\d+)", message, re.IGNORECASE)
    return int(found[1]) or None if found else None


def _daily(message: str) -> str | None:
    return (
        "the account's calls for today are used up" if re.search(r"per day", message, re.IGNORECASE) else None
    )

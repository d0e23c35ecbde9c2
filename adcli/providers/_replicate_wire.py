"""What Replicate's answers say: errors and the money, a prediction's end, its bill and its output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
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
from adcli.providers._base import Usage
from adcli.providers._http import Answer, retry_after
from adcli.providers._quote import quote

NAME = "replicate"
KEPT = timedelta(hours=1)
"""Replicate deletes inputs and outputs of API predictions after an hour (docs: data retention)."""
_FRAMES = 0.1
"""Seconds by which a clip is longer than what is sold: Kling's 5 s have 121 frames of 1/24 s."""
_ENDED_BADLY = frozenset({"failed", "canceled", "aborted"})
_TOP_UP = "add credit at replicate.com/account/billing; it counts some minutes later"
_SLOW = "add credit: under about $5, or with no way to pay, Replicate allows {} calls a minute"


def classified(answer: Answer, token: str) -> AdcliError:
    """What an error answer means. Its own words go first: a proxy may have changed the number."""
    found = answer.fields
    title, said = str(found.get("title") or ""), quote(_detail(answer), [token])
    if answer.status == 402 or title == "Insufficient credit":
        return OutOfCredit(NAME, said, hint=_TOP_UP)
    if answer.status in (401, 403) or title == "Unauthenticated":
        hint = "check the token at replicate.com/account/api-tokens"
        return CredentialError(NAME, f"REPLICATE_API_TOKEN was refused: {said}", hint=hint)
    if answer.status == 429 or said.startswith("Request was throttled"):
        return _throttled(answer, said)
    if answer.is_unclear or answer.status == 408:
        return OutcomeUnknown(NAME, f"the service answered {answer.status}")
    if answer.status in (404, 410):
        return ResultExpired(NAME, said)
    return Rejected(NAME, said, hint=_refusal_hint(title, answer.status))


def _throttled(answer: Answer, said: str) -> RateLimited:
    """An account with little money is slowed down, and told so in words only."""
    slowed = re.search(r"reduced to (\d+) requests? per minute", said)
    per_minute = int(slowed.group(1)) if slowed else None
    hint = _SLOW.format(per_minute) if per_minute else None
    return RateLimited(NAME, said, retry_after=retry_after(answer), per_minute=per_minute, hint=hint)


def _refusal_hint(title: str, status: int) -> str | None:
    if "version" in title.lower():
        return "name a version that the model has: owner/name:version"
    if status == 422:
        return "change what the message names: the prompt, or an input under models"
    return None


def _detail(answer: Answer) -> str:
    found = answer.json
    if isinstance(found, list) and found:
        found = found[0] if isinstance(found[0], Mapping) else {"detail": found[0]}
    if isinstance(found, Mapping):
        return str(found.get("detail") or found.get("title") or f"HTTP {answer.status}")
    return f"HTTP {answer.status}"


def document(answer: Answer) -> Mapping[str, Any]:
    """The JSON object of an answer; a proxy's page in its place says nothing about the job."""
    if not answer.fields:
        raise OutcomeUnknown(NAME, "an answer could not be read")
    return answer.fields


def moment(written: object) -> datetime | None:
    """A time as the API writes it; None for anything else."""
    try:
        found = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def expires(prediction: Mapping[str, Any]) -> str | None:
    """When the service forgets a prediction that has ended (RFC 3339)."""
    ended = moment(prediction.get("completed_at"))
    return (ended.astimezone(UTC) + KEPT).isoformat() if ended else None


def is_done(prediction: Mapping[str, Any], minutes: int) -> bool:
    """True when it succeeded, False while it runs; raises JobFailed when it ended badly."""
    status = prediction.get("status")
    if status in _ENDED_BADLY:
        raise failure(str(status), prediction.get("error"), minutes)
    return status == "succeeded"


def failure(status: str, error: object, minutes: int) -> JobFailed:
    """Why a prediction ended badly, whether trying again helps, and whether it was billed."""
    if status == "aborted":
        message = f"it did not start within {minutes} min, and was called off"
        return JobFailed(NAME, message, permanent=False, billed=False)
    if status == "canceled":
        hint = f"somebody stopped it, or it ran for {minutes} min; --retry-failed sends it again"
        return JobFailed(NAME, "it was cancelled at the service", hint=hint)
    said = quote(error or "it failed without a word", ())
    if "(E005)" in said:
        return JobFailed(NAME, said, hint="change the prompt or the picture: it was flagged")
    passing = re.search(r"\bE\d{4}\b|please retry|try again later", said) is not None
    return JobFailed(NAME, said, permanent=not passing)


def usage(prediction: Mapping[str, Any]) -> Usage:
    """What the service counted: one run, and pictures, seconds of the clip or sound, seconds of work."""
    metrics = prediction.get("metrics")
    counted = metrics if isinstance(metrics, Mapping) else {}
    found = {"runs": 1.0}
    for name, keys in _COUNTED.items():
        values = [counted[key] for key in keys if isinstance(counted.get(key), int | float)]
        if values:
            found[name] = float(values[0])
    if "seconds" in found:
        found["seconds"] = _sold(found["seconds"])
    return found


_COUNTED = {
    "images": ("image_count", "image_output_count"),
    "seconds": ("video_output_duration_seconds", "audio_output_duration_seconds"),
    "gpu_seconds": ("predict_time",),
}


def _sold(seconds: float) -> float:
    """Whole seconds are sold, and a clip of them is some frames longer."""
    over = seconds % 1
    return seconds - over if 0 < over < _FRAMES else seconds


def output(prediction: Mapping[str, Any], job: str) -> Any:
    """What a finished prediction gave; raises ResultExpired when the service has deleted it."""
    found = prediction.get("output")
    if prediction.get("data_removed") or found is None or found in ([], {}, ""):
        raise ResultExpired(NAME, f"the output of {job} is gone")
    return found


def address(found: Any, job: str) -> str:
    """The first address in an output: itself, in a list or in an object."""
    for value in _values(found):
        if isinstance(value, str) and re.match(r"https?://|data:", value):
            return value
    raise ResultExpired(NAME, f"the output of {job} holds no file")


def _values(found: Any) -> Iterator[Any]:
    if isinstance(found, Mapping):
        for value in found.values():
            yield from _values(value)
    elif isinstance(found, list):
        for value in found:
            yield from _values(value)
    else:
        yield found

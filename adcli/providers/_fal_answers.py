"""What fal's answers mean for the money (fal.ai/docs: model errors, request errors, queue)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from adcli.providers._http import Answer, retry_after
from adcli.providers._quote import quote, sentences

_TOP_UP = "add credit at fal.ai/dashboard/billing, then run again"
_HINTS = {
    "content_policy_violation": "change the prompt or the picture: it was flagged",
    "no_media_generated": "change the prompt: the model made nothing of it",
    "face_detection_error": "use a clip that shows one face clearly",
    "image_too_small": "use a larger picture",
    "image_too_large": "use a smaller picture",
    "video_duration_too_long": "use a shorter clip",
    "audio_duration_too_long": "use a shorter line",
    "client_cancelled": "it was cancelled; --retry-failed sends it again",
}
_AT_WORK = frozenset(
    {"content_policy_violation", "no_media_generated", "face_detection_error", "client_cancelled"}
)
"""Kinds of a 4xx that a model may only find once it works: "may still be charged" (FAQ)."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """Turns error answers into what they say about the money. ``secret`` is kept out of every word."""

    secret: str = field(repr=False)

    def refusal(self, answer: Answer) -> AdcliError:
        """Of a submit, or of a free request."""
        said = self._said(answer)
        match answer.status:
            case status if answer.is_unclear or status in (408, 409):
                return OutcomeUnknown("fal", f"the service answered {status}")
            case 402 | 403 if _is_about_money(answer):
                return OutOfCredit("fal", said, hint=_TOP_UP)
            case 401 | 403:
                return CredentialError("fal", f"FAL_KEY was refused: {said}")
            case 429:
                return RateLimited("fal", said, retry_after=retry_after(answer))
            case 404:
                return Rejected("fal", f"there is no such model: {said}", hint="see fal.ai/models")
            case _:
                return Rejected("fal", said, hint=_hint(_kinds(answer)))

    def of_job(self, answer: Answer) -> AdcliError:
        """Of a question about a job: one that fal no longer knows has no result any more."""
        if answer.status == 404:
            return ResultExpired("fal", f"the service no longer knows the job: {self._said(answer)}")
        return self.refusal(answer)

    def of_result(self, answer: Answer) -> AdcliError:
        """Of the result of a completed job: a model's own error code is the job's failure.

        A 5xx that doesn't name its kind may be the gateway's: then only the job's state can tell.
        """
        own = isinstance(answer.json, dict) and (bool(_kinds(answer)) or not answer.is_unclear)
        if answer.status in (401, 403, 404, 429) or 300 <= answer.status < 400 or not own:
            return self.of_job(answer)
        if "in progress" in sentences(answer.fields):
            return OutcomeUnknown("fal", "the request is still in progress")
        again = answer.headers.get("x-fal-retryable")
        return self.failed(_kinds(answer), self._said(answer), answer.status, again=again)

    def failed(
        self, kinds: tuple[str, ...], said: object, status: int, *, again: str | None = None
    ) -> JobFailed:
        """A failed job. 5xx is never billed, nor is what is found wrong before a model works."""
        permanent = status < 500 if again is None else again.lower() not in ("true", "1", "yes")
        known = bool(kinds) and not _AT_WORK.intersection(kinds)
        words = quote(said, (self.secret,))
        return JobFailed(
            "fal", words, permanent=permanent, billed=status < 500 and not known, hint=_hint(kinds)
        )

    def _said(self, answer: Answer) -> str:
        return quote(sentences(answer.fields) or f"HTTP {answer.status}", (self.secret,))


def _kinds(answer: Answer) -> tuple[str, ...]:
    """Machine-readable names of what went wrong, from all the places where fal writes them."""
    return kinds_of(answer.fields, answer.headers.get("x-fal-error-type"))


def kinds_of(body: Mapping[str, Any], told: object = None) -> tuple[str, ...]:
    """As above, from a body and what a header or a status said."""
    detail = body.get("detail")
    items = detail if isinstance(detail, list) else []
    listed = [item.get("type") for item in items if isinstance(item, Mapping)]
    found = [*listed, body.get("error_type"), told]
    return tuple(dict.fromkeys(kind for kind in found if isinstance(kind, str) and kind))


def _hint(kinds: tuple[str, ...]) -> str | None:
    return next((_HINTS[kind] for kind in kinds if kind in _HINTS), None)


def _is_about_money(answer: Answer) -> bool:
    said = sentences(answer.fields).lower()
    return answer.status == 402 or "balance" in said or "locked" in said

"""Everything that can go wrong, as one tree; each class carries its exit code and a hint.

AdcliError                    1   a bug of ours unless a subclass says otherwise
├─ UsageError                 2   flags, selectors, a stale plan, no consent
├─ InvalidInput               3   campaign, template, price or asset (many ``Problem``s)
├─ CredentialError            4   a key is missing or was refused
├─ TaskFailed                 5   one task could not be made
│  ├─ TextTooLong                 a line does not fit its scene
│  ├─ NotFetched                  material that the campaign names can't be had (engine/fetching.py)
│  ├─ CheckFailed                 a platform or a viewer would refuse the video (media/findings.py)
│  ├─ TooLarge                    it can't be had within output.max_mb (media/fit_size.py)
│  └─ PublishConflict             the target holds somebody else's object
├─ BudgetExceeded             6   budget, --max-cost or --no-spend
├─ Held                       7   a paid attempt waits for a person
├─ StateLocked               11   another run holds the state
├─ ToolMissing               12   ffmpeg, a store capability
├─ StorageError              13   disk full, state or output not writable
└─ ProviderError                  what is known about the money after a call
   ├─ NotSent                     never reached the service: free to resend
   ├─ RateLimited                 refused for now; nothing was charged
   ├─ OutOfCredit             4   refused until the account is topped up; nothing was charged
   ├─ Rejected                    refused for good; nothing was charged
   ├─ OutcomeUnknown              sent, no answer: never resent blindly
   ├─ JobFailed                   accepted, then failed at the service
   └─ ResultExpired               finished, but the service no longer has the result
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a user's file; ``line`` and ``column`` count from 1."""

    file: str
    message: str
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class AdcliError(Exception):
    """Root of all errors that adcli raises on purpose."""

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def as_json(self) -> dict[str, object]:
        """The contract's error document: code, message, hint and what else is known."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class UsageError(AdcliError):
    """The command line asks for something that can't be meant."""

    exit_code = 2
    code = "usage"


class InvalidInput(AdcliError):
    """One or more problems in the files a user wrote."""

    exit_code = 3
    code = "invalid"

    def __init__(self, problems: list[Problem] | tuple[Problem, ...], *, hint: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems), hint=hint)

    def as_json(self) -> dict[str, object]:
        """As the base, with the place of the first problem."""
        first = self.problems[0]
        place = {"file": first.file, "line": first.line, "column": first.column, "field": first.field}
        known = {name: value for name, value in place.items() if value is not None}
        return super().as_json() | known


class CredentialError(AdcliError):
    """A provider's key is missing from the environment, or the service refused it."""

    exit_code = 4
    code = "credentials"

    def __init__(self, provider: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.provider = provider

    def as_json(self) -> dict[str, object]:
        """As the base, with the provider."""
        return super().as_json() | {"provider": self.provider}


class TaskFailed(AdcliError):
    """One task could not be made; others go on."""

    exit_code = 5
    code = "failed"


class TextTooLong(TaskFailed):
    """A spoken line does not fit its scene even when sped up."""

    code = "text-too-long"

    def __init__(self, words: int, cut: int, seconds: float) -> None:
        super().__init__(
            f"the line has {words} words and does not fit its {seconds:g} s",
            hint=f"cut {cut} word{'s' if cut != 1 else ''}, or give the scene more seconds",
        )
        self.words, self.cut, self.seconds = words, cut, seconds


class PublishConflict(TaskFailed):
    """The target already holds an object that this campaign did not write."""

    code = "publish-conflict"


class BudgetExceeded(AdcliError):
    """The price ceiling lies above what the user allows."""

    exit_code = 6
    code = "budget"


class Held(AdcliError):
    """A paid attempt has an unknown outcome and waits for a person."""

    exit_code = 7
    code = "held"


class StateLocked(AdcliError):
    """Another run holds this state."""

    exit_code = 11
    code = "locked"


class ToolMissing(AdcliError):
    """A needed program or store capability is missing or broken."""

    exit_code = 12
    code = "tool-missing"


class StorageError(AdcliError):
    """The state or the output can't be written."""

    exit_code = 13
    code = "storage"

    @classmethod
    def of(cls, error: OSError, what: str) -> StorageError:
        """Words for an ``OSError`` met while writing ``what``."""
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full" if full else (error.strerror or str(error))
        hint = "free some space and run again" if full else "check its permissions and run again"
        return cls(f"{what} can't be written: {reason}", hint=f"{hint}; nothing already made is lost")


class ProviderError(AdcliError):
    """Base of what a call to a service can come to."""

    exit_code = 5
    code = "provider"

    def __init__(self, provider: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.provider = provider

    def as_json(self) -> dict[str, object]:
        """As the base, with the provider."""
        return super().as_json() | {"provider": self.provider}


class NotSent(ProviderError):
    """The request never reached the service (DNS, connect, TLS)."""

    code = "not-sent"


class RateLimited(ProviderError):
    """The service refused for now; ``retry_after`` is in seconds.

    ``per_minute`` is the rate that the account is held to from now on, where the service says so.
    """

    code = "rate-limited"

    def __init__(
        self,
        provider: str,
        message: str,
        *,
        retry_after: float | None = None,
        per_minute: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(provider, message, hint=hint)
        self.retry_after = retry_after
        self.per_minute = per_minute


class Rejected(ProviderError):
    """The service refused this request for good; it charged nothing."""

    code = "rejected"


class OutcomeUnknown(ProviderError):
    """Sent, but no usable answer came back."""

    code = "outcome-unknown"


class OutOfCredit(ProviderError):
    """The account has no money left; more calls are useless until it is topped up."""

    exit_code = 4
    code = "out-of-credit"


class JobFailed(ProviderError):
    """The service accepted the job and failed it; ``permanent`` when trying again is useless.

    ``billed`` is false where the service says that it charges nothing for this failure.
    """

    code = "job-failed"

    def __init__(
        self,
        provider: str,
        message: str,
        *,
        permanent: bool = True,
        billed: bool = True,
        hint: str | None = None,
    ) -> None:
        super().__init__(provider, message, hint=hint)
        self.permanent = permanent
        self.billed = billed


class ResultExpired(ProviderError):
    """The job finished, but its result is no longer at the service."""

    code = "expired"

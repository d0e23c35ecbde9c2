"""What a check of a finished video says: findings, the report of them all, and the error of a failed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from adcli.errors import TaskFailed
from adcli.keys import Json
from adcli.spec.platforms import Platform


class Status(StrEnum):
    """How a check came out: ``fail`` is refused by the platform or seen by any viewer, ``warn`` is advice."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what the video has and what it should have, in words; ``source`` says who demands it."""

    check: str
    status: Status
    found: str
    expected: str
    source: str | None = None

    def as_json(self) -> dict[str, Json]:
        """Everything but the source."""
        return {
            "check": self.check,
            "status": self.status.value,
            "found": self.found,
            "expected": self.expected,
        }

    def sentence(self) -> str:
        """One line for people."""
        return f"{self.check}: {self.found}; expected: {self.expected}"


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about one video, judged for one platform."""

    platform: Platform
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Status:
        """The worst of all findings."""
        return worst(finding.status for finding in self.findings)

    def of(self, status: Status) -> tuple[Finding, ...]:
        """The findings that came out so."""
        return tuple(finding for finding in self.findings if finding.status is status)

    def as_json(self) -> list[dict[str, Json]]:
        """Every finding, in order."""
        return [finding.as_json() for finding in self.findings]

    def notes(self) -> tuple[str, ...]:
        """A sentence for each warning."""
        return tuple(finding.sentence() for finding in self.of(Status.WARN))

    def faults(self) -> tuple[str, ...]:
        """A sentence for each failure, of a video that is delivered whatever it is like."""
        return tuple(finding.sentence() for finding in self.of(Status.FAIL))

    def approved(self) -> Report:
        """The report itself; raises CheckFailed when a check has failed."""
        if self.verdict is Status.FAIL:
            raise CheckFailed(self.of(Status.FAIL))
        return self


class CheckFailed(TaskFailed):
    """A finished video can't be delivered as it is."""

    code = "check-failed"

    def __init__(self, failed: tuple[Finding, ...]) -> None:
        hints = dict.fromkeys(_CURES.get(finding.check, _LOOK) for finding in failed)
        super().__init__(
            "the video fails its checks: " + "; ".join(finding.sentence() for finding in failed),
            hint="; ".join(hints),
        )
        self.failed = failed


_LOOK = "adcli check tells all about a video"
_CURES: Mapping[str, str] = {
    "black": "look at that scene's clip: give another one, or make it again with --retake",
    "text": "shorten that text, or take another place or a smaller size for it",
    "silence": "listen to the voice: make it again with --retake, or give another script",
    "file-size": "set output.max_mb",
    "duration": "change duration in the campaign, or its platform",
}


def gravest(findings: Iterable[Finding]) -> Finding:
    """The one that came out worst, the first of equals."""
    return max(findings, key=lambda finding: list(Status).index(finding.status))


def worst(statuses: Iterable[Status]) -> Status:
    """Fail before warn before pass."""
    return max(statuses, key=list(Status).index, default=Status.PASS)

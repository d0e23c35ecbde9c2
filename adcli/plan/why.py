"""Why a task is to be made again: its changed fields, back to the first changed ancestor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adcli.plan.decide import Verdict

_INPUT = "input:"


@dataclass(frozen=True, slots=True)
class Because:
    """One step of the explanation: a task and the reasons of its own."""

    task: str
    decision: str
    reasons: tuple[str, ...]


def why(verdicts: Mapping[str, Verdict], task: str) -> tuple[Because, ...]:
    """The task and, nearest first, the ancestors that its change comes from."""
    steps: list[Because] = []
    waiting, seen = [task], {task}
    while waiting:
        name = waiting.pop(0)
        verdict = verdicts[name]
        if verdict.same_as is not None and verdict.same_as not in seen:
            seen.add(verdict.same_as)
            waiting.append(verdict.same_as)
        steps.append(Because(name, verdict.decision.value, verdict.reasons))
        for reason in verdict.reasons:
            cause = reason.removeprefix(_INPUT)
            if reason.startswith(_INPUT) and cause not in seen and cause in verdicts:
                seen.add(cause)
                waiting.append(cause)
    return tuple(steps)

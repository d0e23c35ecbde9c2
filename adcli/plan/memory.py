"""What planning asks of the state: a small read-only seam, so that deciding stays pure."""

from __future__ import annotations

from typing import Protocol

from adcli.graph.task import Task
from adcli.state.checkpoint import Checkpoint, Output


class Memory(Protocol):
    """Answers about earlier work; reading twice gives the same answer within one plan."""

    def key_of(self, recipe: str) -> str | None:
        """Key of the last result of a recipe."""
        ...

    def checkpoint(self, key: str) -> Checkpoint | None:
        """What is known of a key; None also when its file is damaged."""
        ...

    def is_damaged(self, key: str) -> bool:
        """The key's checkpoint was found broken."""
        ...

    def has(self, output: Output) -> bool:
        """The output's bytes are there."""
        ...

    def last_key(self, task: str) -> str | None:
        """Key that a task of this campaign had in its last run."""
        ...

    def is_delivered(self, task: Task, checkpoint: Checkpoint) -> str | None:
        """None when a publish task's file still stands in today's target, else a reason code."""
        ...

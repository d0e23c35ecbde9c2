"""The planner's view of the state: reads each file once, and asks the target about published files."""

from __future__ import annotations

from functools import cached_property

from adcli.engine.delivery import Delivery
from adcli.graph.task import Task
from adcli.state.checkpoint import Checkpoint, Output
from adcli.state.store import Store


class StateMemory:
    """``adcli.plan.memory.Memory`` over a Store."""

    def __init__(self, store: Store, campaign: str, delivery: Delivery) -> None:
        self._store = store
        self._campaign = campaign
        self._delivery = delivery
        self._checkpoints: dict[str, Checkpoint | None] = {}

    @cached_property
    def _history(self) -> dict[str, str]:
        return self._store.history(self._campaign)

    def key_of(self, recipe: str) -> str | None:
        """Key of the last result of a recipe."""
        return self._store.key_of(recipe)

    def checkpoint(self, key: str) -> Checkpoint | None:
        """What is known of a key."""
        if key not in self._checkpoints:
            self._checkpoints[key] = self._store.checkpoint(key)
        return self._checkpoints[key]

    def is_damaged(self, key: str) -> bool:
        """The key's checkpoint was found broken."""
        return key in self._store.damaged

    def has(self, output: Output) -> bool:
        """The output's bytes are there."""
        return self._store.has(output)

    def last_key(self, task: str) -> str | None:
        """Key that a task had in the campaign's last run."""
        return self._history.get(task)

    def is_delivered(self, task: Task, checkpoint: Checkpoint) -> str | None:
        """None when the published file still stands, else a reason code."""
        return self._delivery.missing(task, checkpoint)

    def forget(self, key: str) -> None:
        """The run has changed this key's checkpoint."""
        self._checkpoints.pop(key, None)

"""The planner's view of the state: reads each file once, and asks the target about published files."""

from __future__ import annotations

from functools import cached_property

from adcli.engine.delivery import Delivery
from adcli.graph.task import Task
from adcli.state.checkpoint import Checkpoint, Output
from adcli.state.store import Store


class StateMemory:
    """``adcli.plan.memory.Memory`` over a Store, as it stood when first asked.

    Names are listed once a folder: most questions are about what is not there.
    """

    def __init__(self, store: Store, campaign: str, delivery: Delivery) -> None:
        self._store = store
        self._campaign = campaign
        self._delivery = delivery
        self._checkpoints: dict[str, Checkpoint | None] = {}
        self._recipes: dict[str, frozenset[str]] = {}
        self._keys: dict[str, frozenset[str]] = {}

    @cached_property
    def _history(self) -> dict[str, str]:
        return self._store.history(self._campaign)

    def key_of(self, recipe: str) -> str | None:
        """Key of the last result of a recipe."""
        known = self._recipes.get(recipe[:2])
        if known is None:
            known = self._recipes[recipe[:2]] = self._store.recipes(recipe[:2])
        return self._store.key_of(recipe) if recipe in known else None

    def checkpoint(self, key: str) -> Checkpoint | None:
        """What is known of a key."""
        if key not in self._checkpoints:
            known = self._keys.get(key[:2])
            if known is None:
                known = self._keys[key[:2]] = self._store.keys(key[:2])
            self._checkpoints[key] = self._store.checkpoint(key) if key in known else None
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

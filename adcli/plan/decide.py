"""Decides what each task needs, from the goals backwards: pure, and the same before and during a run.

A task is settled when a finished checkpoint is known for its recipe, or for its key where all
its inputs are settled. What nobody needs is never looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from adcli.graph.build import document_of
from adcli.graph.task import Graph, Task
from adcli.keys import key_of_normalized
from adcli.plan.difference import changed_fields
from adcli.plan.memory import Memory
from adcli.plan.resume import HOLD_ABOVE, Decision, resume
from adcli.registry import Catalogue
from adcli.state.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done about one task, and why."""

    decision: Decision
    reasons: tuple[str, ...] = ()
    key: str | None = None
    same_as: str | None = None


@dataclass(slots=True)
class Decider:
    """Works out verdicts for one graph; holds what it has looked up."""

    graph: Graph
    catalogue: Catalogue
    memory: Memory
    now: datetime
    retry_failed: bool = False
    retaken: frozenset[str] = frozenset()
    selected: frozenset[str] | None = None
    hold_above: float = HOLD_ABOVE
    _settled: dict[str, Checkpoint | None] = field(default_factory=dict)
    _live: bool = False

    def verdicts(self) -> Mapping[str, Verdict]:
        """A verdict for every task, in the graph's order."""
        first = self.originals()
        needed = self._needed(first)
        found: dict[str, Verdict] = {}
        for name, task in self.graph.tasks.items():
            original = first[task.recipe]
            if original != name:
                found[name] = Verdict(Decision.SHARE, (), found[original].key, original)
            elif name not in needed:
                found[name] = Verdict(Decision.REUSE)
            else:
                found[name] = self._verdict(task, needed[name])
        return found

    def originals(self) -> Mapping[str, str]:
        """The first task of each recipe: it does the work of all that share it."""
        first: dict[str, str] = {}
        for name, task in self.graph.tasks.items():
            first.setdefault(task.recipe, name)
        return first

    def with_keys(self, verdicts: Mapping[str, Verdict]) -> Mapping[str, Verdict]:
        """The verdicts with the keys of all tasks that are settled, also of those nobody needs."""
        filled = {}
        for name, verdict in verdicts.items():
            checkpoint = self.settled(self.graph.tasks[name]) if verdict.key is None else None
            key = checkpoint.key if checkpoint else verdict.key
            filled[name] = Verdict(verdict.decision, verdict.reasons, key, verdict.same_as)
        return filled

    def settled(self, task: Task) -> Checkpoint | None:
        """The finished checkpoint that stands for a task, if there is one."""
        if task.recipe in self._settled:
            return self._settled[task.recipe]
        found = self._by_recipe(task) or self._by_key(task)
        if found or not self._live:
            self._settled[task.recipe] = found
        return found

    def settle(self, task: Task, checkpoint: Checkpoint) -> None:
        """The run has finished a task: those that read it now have their keys."""
        self._settled[task.recipe] = checkpoint

    def go_live(self) -> None:
        """From here on "not settled" is no longer remembered: the run changes it."""
        self._live = True
        self._settled = {recipe: found for recipe, found in self._settled.items() if found}

    def _by_recipe(self, task: Task) -> Checkpoint | None:
        key = self.memory.key_of(task.recipe)
        found = self.memory.checkpoint(key) if key else None
        return found if found and found.is_finished else None

    def _by_key(self, task: Task) -> Checkpoint | None:
        key = self.key(task)
        found = self.memory.checkpoint(key) if key else None
        return found if found and found.is_finished else None

    def key(self, task: Task) -> str | None:
        """A task's key, once the content of all its inputs is known."""
        pairs = []
        for item in task.inputs:
            checkpoint = self.settled(self.graph.tasks[item.task])
            if checkpoint is None or checkpoint.outputs is None or item.output not in checkpoint.outputs:
                return None
            pairs.append([item.output, checkpoint.outputs[item.output].sha256])
        return key_of_normalized(document_of(task, self.catalogue, pairs))

    def _needed(self, first: Mapping[str, str]) -> dict[str, frozenset[str]]:
        """Tasks whose result matters, each with the outputs whose bytes are needed."""
        goals = (
            {goal for ad in self.graph.ads for goal in ad.goals} if self.selected is None else self.selected
        )
        tasks = self.graph.tasks
        needed: dict[str, set[str]] = {first[tasks[goal].recipe]: set() for goal in goals}
        for name in reversed(tasks):
            if name in needed and not self._stands(tasks[name], needed[name]):
                for item in tasks[name].inputs:
                    needed.setdefault(first[tasks[item.task].recipe], set()).add(item.output)
                for earlier in tasks[name].after:
                    needed.setdefault(first[tasks[earlier].recipe], set())
        return {name: frozenset(outputs) for name, outputs in needed.items()}

    def _stands(self, task: Task, outputs: frozenset[str] | set[str]) -> bool:
        checkpoint = self.settled(task)
        if checkpoint is None or checkpoint.outputs is None:
            return False
        if task.stage == "publish" and self.memory.is_delivered(task, checkpoint):
            return False
        return all(self.memory.has(checkpoint.outputs[output]) for output in outputs)

    def _verdict(self, task: Task, outputs: frozenset[str]) -> Verdict:
        checkpoint = self.settled(task)
        if checkpoint is not None:
            if self._stands(task, outputs):
                return Verdict(Decision.REUSE, (), checkpoint.key)
            return self._made_again(task, checkpoint)
        key = self.key(task)
        open_work = self._open_work(task, key)
        if open_work is not None:
            return open_work
        earlier = self.memory.last_key(task.id) is not None
        decision = Decision.MAYBE if key is None and earlier else Decision.RUN
        return Verdict(decision, self._reasons(task), key)

    def _made_again(self, task: Task, checkpoint: Checkpoint) -> Verdict:
        """A finished result whose bytes or published file are gone."""
        if task.stage == "publish":
            reason = self.memory.is_delivered(task, checkpoint) or "missing"
            return Verdict(Decision.RUN, (reason,), checkpoint.key)
        spec = self.catalogue.provider(task.provider).SPEC
        if not spec.paid:
            return Verdict(Decision.RUN, ("missing",), checkpoint.key)
        decision = resume(checkpoint, spec.ability(task.stage), self.now, hold_above=self.hold_above)
        return Verdict(decision, ("missing",), checkpoint.key)

    def _open_work(self, task: Task, key: str | None) -> Verdict | None:
        """What an unfinished or damaged checkpoint of a paid task asks for."""
        spec = self.catalogue.provider(task.provider).SPEC
        known = key or self.memory.key_of(task.recipe)
        if known is None:
            return None
        checkpoint = self.memory.checkpoint(known)
        if self.memory.is_damaged(known):
            decision = Decision.HOLD if spec.paid else Decision.RUN
            return Verdict(decision, ("damaged",), known)
        if not spec.paid:
            return None
        if checkpoint is None:
            lost = self.memory.key_of(task.recipe) == known
            return Verdict(Decision.HOLD, ("missing",), known) if lost else None
        decision = resume(
            checkpoint,
            spec.ability(task.stage),
            self.now,
            retry_failed=self.retry_failed,
            hold_above=self.hold_above,
        )
        return None if decision is Decision.RUN else Verdict(decision, ("open-job",), known)

    def _reasons(self, task: Task) -> tuple[str, ...]:
        if task.recipe in self.retaken:
            return ("retake",)
        last = self.memory.last_key(task.id)
        old = self.memory.checkpoint(last) if last else None
        if old is None:
            return ("new",)
        fields = changed_fields(old.document, document_of(task, self.catalogue, []))
        codes = ["version" if field == "version" else f"changed:{field}" for field in fields]
        codes += [f"input:{name}" for name in self._changed_inputs(task, old)]
        return tuple(codes) or ("missing",)

    def _changed_inputs(self, task: Task, old: Checkpoint) -> list[str]:
        before = old.document["inputs"]
        changed = []
        for index, item in enumerate(task.inputs):
            checkpoint = self.settled(self.graph.tasks[item.task])
            output = checkpoint.outputs.get(item.output) if checkpoint and checkpoint.outputs else None
            now = [item.output, output.sha256] if output else None
            then = before[index] if isinstance(before, list) and index < len(before) else None
            if now != then and item.task not in changed:
                changed.append(item.task)
        return changed

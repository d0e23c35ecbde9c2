"""Builds the tasks of a graph: resolves references in params, drops defaults, computes recipes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adcli.errors import Problem
from adcli.graph.task import Input, Phrase, Ref, Task
from adcli.keys import normalized, recipe_of_normalized, work_document
from adcli.registry import Catalogue, Request


@dataclass(frozen=True, slots=True)
class Place:
    """Whom a task belongs to: the owner of its id, and the ad, scene and variant it serves."""

    owner: str
    ad: str | None = None
    scene: str | None = None
    variant: str | None = None

    def id(self, stage: str) -> str:
        """The contract's id: owner, scene, stage and ratio."""
        path = "/".join(part for part in (self.owner, self.scene, stage) if part)
        return f"{path}@{self.variant}" if self.variant else path


@dataclass(slots=True)
class Builder:
    """Collects tasks in topological order: a task can only refer to earlier ones."""

    catalogue: Catalogue
    takes: Mapping[str, int] = field(default_factory=dict)
    pins: Mapping[str, int] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    notes: dict[str | None, None] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    _noted: set[tuple[str, str]] = field(default_factory=set)

    def add(self, place: Place, stage: str, params: Mapping[str, Any]) -> str:
        """A task that this machine makes; gives its id."""
        spec = self.catalogue.stage(stage)
        changed = {name: value for name, value in params.items() if spec.defaults.get(name, _UNSET) != value}
        return self._put(place, stage, "local", None, spec.version, changed)

    def request(self, place: Place, provider: str, request: Request, after: tuple[str, ...] = ()) -> str:
        """A task that a provider makes; gives its id."""
        module = self.catalogue.provider(provider)
        params = module.body(request)
        version = module.SPEC.versions[request.stage]
        if (request.stage, place.owner) not in self._noted:
            self._noted.add((request.stage, place.owner))
            self.notes.setdefault(module.note(request))
        name = place.id(request.stage)
        if name in self.tasks:
            return name
        self._put(place, request.stage, provider, request.model, version, params)
        chars, seconds = request.fields.get("max_chars"), request.fields.get("seconds")
        self.tasks[name] = replace(self.tasks[name], after=after, max_chars=chars, seconds=seconds)
        return name

    def _put(
        self,
        place: Place,
        stage: str,
        provider: str,
        model: str | None,
        version: int,
        params: Mapping[str, Any],
    ) -> str:
        name = place.id(stage)
        if name in self.tasks:
            return name
        inputs: dict[Input, int] = {}
        plain = {name: _resolve(value, inputs) for name, value in params.items()}
        pairs = [[self.tasks[item.task].recipe, item.output] for item in inputs]
        generative = self.catalogue.stage(stage).generative
        document = work_document(
            stage=stage,
            version=version,
            provider=provider if generative else None,
            model=model,
            params=plain,
            take=None,
            inputs=pairs,
        )
        recipe = base = recipe_of_normalized(document)
        take = self._take(name, base) if generative else None
        if take is not None:
            plain = _reseeded(plain, take)
            recipe = recipe_of_normalized(document | {"params": plain, "take": take})
            self.bases[name] = base
        self.tasks[name] = Task(
            id=name,
            stage=stage,
            provider=provider,
            model=model,
            version=version,
            params=plain,
            inputs=tuple(inputs),
            recipe=recipe,
            take=take,
            ad=place.ad,
            scene=place.scene,
            variant=place.variant,
        )
        return name

    def _take(self, name: str, base: str) -> int | None:
        """The take of a task: the campaign's pin, else the state's; the first take is none."""
        take = self.pins.get(name) or self.takes.get(base) or 1
        return take if take > 1 else None


_UNSET = object()
_SEEDS = 2**31


def _reseeded(params: dict[str, Any], take: int) -> dict[str, Any]:
    """A later take of seeded work needs another seed, or it would come out the same."""
    if "seed" not in params:
        return params
    return params | {"seed": (params["seed"] + take - 1) % _SEEDS}


_PLAIN = frozenset({str, int, bool, type(None)})


def _resolve(value: Any, inputs: dict[Input, int]) -> Any:
    if type(value) in _PLAIN:
        return value
    if type(value) is dict:
        return {name: _resolve(item, inputs) for name, item in value.items()}
    if isinstance(value, Ref):
        return {"$input": inputs.setdefault(Input(value.task, value.output), len(inputs))}
    if isinstance(value, Phrase):
        return {"$text": [_resolve(part, inputs) for part in value.parts]}
    if isinstance(value, list | tuple):
        return [_resolve(item, inputs) for item in value]
    return normalized(value)


def document_of(task: Task, catalogue: Catalogue, inputs: list[list[str]]) -> dict[str, Any]:
    """The document of a task's hashes, for ``inputs`` given as recipes or as content."""
    generative = catalogue.stage(task.stage).generative
    return work_document(
        stage=task.stage,
        version=task.version,
        provider=task.provider if generative else None,
        model=task.model,
        params=task.params,
        take=task.take,
        inputs=inputs,
    )

"""The extension seam: finds stages, providers and operations, and freezes what is pure into a Catalogue.

A stage is one module in ``adcli.stages``, a provider one module or package in ``adcli.providers``,
a post-production operation one module in ``adcli.ops``; third parties add theirs with the entry
point groups of the same names.
Graph and plan get the Catalogue as an argument and never import either package.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from adcli.errors import UsageError
from adcli.keys import Json
from adcli.units import Usd
from adcli.work import Job, Made


class Lane(StrEnum):
    """Where a stage's work happens."""

    CPU = "cpu"
    IO = "io"


@dataclass(frozen=True, slots=True)
class StageSpec:
    """What is fixed about a stage. ``outputs`` is empty for ``script``: it has one output per slot.

    ``defaults`` belong to ``version``: a parameter equal to its default is left out of hashes.
    ``at_once`` is how many tasks of the stage run together at one paid provider. ``together``: tasks that
    differ in their ratio alone can be made in one go, by the stage's ``make_all(jobs) -> list[Made]``.
    """

    name: str
    version: int
    outputs: tuple[str, ...]
    lane: Lane
    at_once: int = 1
    generative: bool = False
    defaults: Mapping[str, Json] = field(default_factory=dict)
    together: bool = False


@dataclass(frozen=True, slots=True)
class OpSpec:
    """What is fixed about a post-production operation.

    ``settings`` is the frozen model of what users write under its name; those named in ``files`` are paths,
    with what kind of file each is (``picture``, ``video``, ``shot`` for either, ``sound``, ``subtitles``,
    ``logo``, ``lut``).
    ``stage`` is the generative stage whose result it lays over the video, if any: ``voice``, ``lipsync`` or
    ``transcribe``. ``retimes``: after it, what was said is heard at other times, or the video has another
    length; ``shift`` tells by how many seconds it is heard earlier, where it is all heard earlier by as much.
    ``shapes``: it gives the video another ratio, its setting ``ratio``: where none is written, that
    of the variant, which it gets from nothing else then.
    """

    name: str
    version: int
    summary: str
    settings: type[BaseModel]
    files: Mapping[str, str] = field(default_factory=dict)
    stage: str | None = None
    retimes: bool = False
    shift: Callable[[Any], float] | None = None
    shapes: bool = False


@dataclass(frozen=True, slots=True)
class PriceRange:
    """What one attempt costs at least and at most."""

    min_usd: Usd
    max_usd: Usd


@dataclass(frozen=True, slots=True)
class Request:
    """What the graph asks of a provider for one task, in adcli's own words.

    ``fields`` holds stage-specific values and may hold references to inputs and assets;
    a provider takes what its service understands and leaves the rest.
    """

    stage: str
    model: str | None
    fields: Mapping[str, Any]
    extra: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Ability:
    """What a service can say about a paid call of one stage after its answer was lost.

    ``poll``: a job id can be asked for its state and its result.
    ``find``: its list can be searched for the call; what it finds can be collected.
    ``settle``: seconds after which its list is believed when it doesn't name a call.
    ``idempotent``: the same call with the same key gives the first one's job, and no second charge.
    """

    poll: bool = True
    find: bool = False
    idempotent: bool = False
    settle: float = 60.0


@dataclass(frozen=True, slots=True)
class Seconds:
    """Seconds that a model takes or sells: any from ``least`` to ``most``, or only those ``sold``."""

    least: float
    most: float
    sold: tuple[float, ...] = ()

    def bought(self, needed: float) -> float | None:
        """The shortest length that covers what is needed; None when none does."""
        if needed > self.most + 1e-6:
            return None
        if not self.sold:
            return max(self.least, needed)
        return next(length for length in sorted(self.sold) if length >= needed - 1e-6)


@dataclass(frozen=True, slots=True)
class Sale:
    """What is known of one paid call when it is planned; texts may still be references.

    ``max_chars`` is the most characters that its text may have, ``seconds`` the length of what is asked for.
    """

    stage: str
    model: str
    params: Mapping[str, Any]
    max_chars: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ProviderSpec:
    """What is fixed about a provider. ``versions`` maps each stage it serves to its version number.

    ``credentials`` are the environment variables that hold its key (all are needed), or else all
    of ``or_credentials``. ``abilities`` holds a stage's Ability where it isn't just "can be polled".
    """

    name: str
    versions: Mapping[str, int]
    credentials: tuple[str, ...] = ()
    or_credentials: tuple[str, ...] = ()
    base_url: str | None = None
    paid: bool = True
    abilities: Mapping[str, Ability] = field(default_factory=dict)

    def ability(self, stage: str) -> Ability:
        """What the service can say about lost calls of a stage."""
        return self.abilities.get(stage, Ability())

    def missing(self, environ: Mapping[str, str]) -> tuple[str, ...]:
        """Variables that have to be set before it can be called."""
        if self.or_credentials and all(environ.get(name) for name in self.or_credentials):
            return ()
        return tuple(name for name in self.credentials if not environ.get(name))


@runtime_checkable
class ProviderModule(Protocol):
    """The pure face of a provider's module."""

    SPEC: ProviderSpec

    @staticmethod
    def body(request: Request) -> Mapping[str, Any]:
        """Params of the task: for a paid call its exact request body."""
        ...

    @staticmethod
    def note(request: Request) -> str | None:
        """A sentence for the plan where the provider does something else than was asked for, else None."""
        ...

    @staticmethod
    def client(environ: Mapping[str, str]) -> Any:
        """A ``PaidClient`` with its key from ``environ``; only the engine makes one."""
        ...

    @staticmethod
    def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
        """Cost of one attempt by an entry of the price file."""
        ...

    @staticmethod
    def seconds(stage: str, model: str) -> Seconds | None:
        """Lengths that the model takes (lipsync) or sells (animate, music); None where it has no limits."""
        ...


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All stages, providers and operations, frozen."""

    stages: Mapping[str, StageSpec]
    providers: Mapping[str, ProviderModule]
    ops: Mapping[str, OpSpec] = field(default_factory=dict)

    def stage(self, name: str) -> StageSpec:
        """The stage of that name; it always exists, templates are checked against the list."""
        return self.stages[name]

    def provider(self, name: str) -> ProviderModule:
        """The provider of that name, or UsageError with the ones there are."""
        try:
            return self.providers[name]
        except KeyError:
            known = ", ".join(sorted(self.providers))
            raise UsageError(f"there is no provider {name!r}", hint=f"there are {known}") from None


def modules(package_name: str) -> Iterator[ModuleType]:
    """Every extension module of a package, in order of name, then third-party entry points."""
    package = importlib.import_module(package_name)
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        if not info.name.startswith("_"):
            yield importlib.import_module(f"{package_name}.{info.name}")
    for point in sorted(entry_points(group=package_name), key=lambda found: found.name):
        yield point.load()


@cache
def catalogue() -> Catalogue:
    """The Catalogue of this installation."""
    stages = {module.SPEC.name: module.SPEC for module in modules("adcli.stages")}
    providers: dict[str, Any] = {module.SPEC.name: module for module in modules("adcli.providers")}
    return Catalogue(stages, providers, operations())


@cache
def operations() -> Mapping[str, OpSpec]:
    """Every operation by its name; no provider is looked at."""
    return {module.SPEC.name: module.SPEC for module in modules("adcli.ops")}


def maker(stage: str, provider: str) -> Callable[[Job], Made]:
    """The function that makes a task on this machine: a CPU stage's own, or the local provider's."""
    module = _stage_module(stage)
    if module.SPEC.generative:
        module = importlib.import_module(f"adcli.providers.{provider}.{stage}")
    make: Callable[[Job], Made] = module.make
    return make


def maker_of_all(stage: str) -> Callable[[Sequence[Job]], list[Made]]:
    """The function that makes several tasks of a stage together."""
    make_all: Callable[[Sequence[Job]], list[Made]] = _stage_module(stage).make_all
    return make_all


def _stage_module(stage: str) -> ModuleType:
    """One stage's module alone: a worker needs no more, and the whole catalogue takes it half a second."""
    return importlib.import_module(f"adcli.stages.{stage}")

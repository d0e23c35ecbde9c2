"""The extension seam: finds stages and providers, and freezes what is pure about them into a Catalogue.

A stage is one module in ``adcli.stages``, a provider one module or package in
``adcli.providers``; third parties add theirs with the entry point groups of the same names.
Graph and plan get the Catalogue as an argument and never import either package.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

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
    ``at_once`` is how many tasks of the stage run together at one paid provider.
    """

    name: str
    version: int
    outputs: tuple[str, ...]
    lane: Lane
    at_once: int = 1
    generative: bool = False
    defaults: Mapping[str, Json] = field(default_factory=dict)


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
class ProviderSpec:
    """What is fixed about a provider. ``versions`` maps each stage it serves to its version number.

    ``credentials`` are the environment variables that hold its key (all are needed).
    ``lookup``: its job list can be searched for an attempt whose answer was lost.
    """

    name: str
    versions: Mapping[str, int]
    credentials: tuple[str, ...] = ()
    base_url: str | None = None
    paid: bool = True
    lookup: bool = False
    idempotent: bool = False


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
    def price(stage: str, model: str, params: Mapping[str, Any], price: Mapping[str, Json]) -> PriceRange:
        """Cost of one attempt by an entry of the price file."""
        ...


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All stages and providers, frozen."""

    stages: Mapping[str, StageSpec]
    providers: Mapping[str, ProviderModule]

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
    return Catalogue(stages, providers)


def maker(stage: str, provider: str) -> Callable[[Job], Made]:
    """The function that makes a task on this machine: a CPU stage's own, or the local provider's."""
    owner = (
        f"adcli.providers.{provider}.{stage}"
        if catalogue().stage(stage).generative
        else f"adcli.stages.{stage}"
    )
    make: Callable[[Job], Made] = importlib.import_module(owner).make
    return make

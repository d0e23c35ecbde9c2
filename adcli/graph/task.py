"""Tasks, their inputs and the graph: slim frozen objects, known before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from adcli.errors import Problem
from adcli.units import AspectRatio


class Ref(NamedTuple):
    """A reference to one named output of a task, used inside params while a graph is built."""

    task: str
    output: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text joined from literals and text outputs, used inside params while a graph is built."""

    parts: tuple[str | Ref, ...]


class Input(NamedTuple):
    """One named output of an earlier task."""

    task: str
    output: str


@dataclass(frozen=True, slots=True)
class Task:
    """One stage applied to one owner. ``after`` are order-only edges: in no hash.

    ``max_chars`` and ``seconds`` bound what a provider may charge for it; they are in no hash either.
    """

    id: str
    stage: str
    provider: str
    model: str | None
    version: int
    params: Mapping[str, Any]
    inputs: tuple[Input, ...]
    recipe: str
    take: int | None = None
    after: tuple[str, ...] = ()
    max_chars: int | None = None
    seconds: float | None = None
    ad: str | None = None
    scene: str | None = None
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class Ad:
    """One character × one hook × one language; ``goals`` are its publish tasks.

    ``hook_text`` is a reference while the script stage has yet to write it.
    """

    id: str
    character: str
    hook: int
    hook_text: str | Ref
    language: str
    goals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssetFile:
    """A file the campaign names: where it lies and the sha256 of its content."""

    path: Path
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that a task ``fetch`` gets. ``url`` may hold a signature: it is written down nowhere.

    ``problem`` stands for what is wrong with it once it is known: the place in the campaign that names it.
    """

    url: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Graph:
    """All tasks in topological order by id, the ads they serve and the files they read.

    ``remote`` holds what tasks ``fetch`` get, by the address that stands in their params.
    ``problems`` keep it from being run as it is, but not from being looked at, as a draft does.
    """

    campaign: str
    tasks: dict[str, Task]
    ads: tuple[Ad, ...]
    ratios: tuple[AspectRatio, ...]
    assets: Mapping[str, AssetFile] = field(default_factory=dict)
    remote: Mapping[str, RemoteFile] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def base(self, name: str) -> str:
        """Recipe of a task without its take: what takes are counted by."""
        return self.bases.get(name, self.tasks[name].recipe)

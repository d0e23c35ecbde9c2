"""What a maker of one task gets and gives back: the seam between the engine and stages, providers and media.

A maker is a plain function ``make(job: Job) -> Made``. It reads ``job.params``, writes
files below ``job.workdir`` and touches nothing else.

Inside params three forms point elsewhere (all resolved by the engine, in no maker):

``{"$input": i}``    the i-th input; an input that is text has already become that text
``{"$asset": sha}``  a file that the campaign names
``{"$text": [...]}`` text joined from literals and inputs; has already become text
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adcli.keys import Json


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file on disk with the sha256 of its content; ``meta`` is what its maker knew about it."""

    path: Path
    sha256: str
    media_type: str
    meta: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Job:
    """Everything one maker needs; it can be sent to another process as JSON.

    Jobs of one ``group`` can be made together, by their stage's ``make_all``.
    """

    task: str
    stage: str
    provider: str
    model: str | None
    params: Mapping[str, Any]
    inputs: tuple[Artifact | None, ...]
    assets: Mapping[str, Artifact]
    workdir: Path
    group: str | None = None

    def file(self, value: Mapping[str, Any]) -> Artifact:
        """The artifact that ``{"$input": i}`` or ``{"$asset": sha}`` stands for."""
        if "$asset" in value:
            return self.assets[str(value["$asset"])]
        artifact: Artifact | None = self.inputs[int(value["$input"])]
        if artifact is None:
            raise TypeError(f"input {value['$input']} of {self.task} is text, not a file")
        return artifact


@dataclass(frozen=True, slots=True)
class File:
    """A file that a maker has written below its ``workdir``."""

    path: Path
    media_type: str
    meta: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """Named outputs of a task; a short text (up to 64 KB) is given as ``str`` and kept in the checkpoint.

    ``notes`` are sentences for people, such as the voice engine that was used; ``seconds`` is its share of
    the time, where it was made together with others.
    """

    outputs: Mapping[str, File | str]
    notes: tuple[str, ...] = ()
    seconds: float | None = None

"""Publishing as the engine does it: names by the contract, records in the checkpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from adcli.engine.detached import detached
from adcli.graph.task import Task
from adcli.keys import Json
from adcli.publish import folder, s3
from adcli.publish.target import FolderTarget, Published, S3Target, kept_name, relative_name
from adcli.spec.campaign import Campaign
from adcli.state.checkpoint import Checkpoint

T = TypeVar("T")

UPLOADS = 6
"""Files on their way to S3 at once: each may itself be sent in several parts."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where a campaign's files go. ``verify`` looks at S3 objects instead of believing the checkpoint."""

    campaign: Campaign
    target: FolderTarget | S3Target
    draft: bool = False
    overwrite: bool = False
    verify: bool = False
    _sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS), compare=False)

    def name(self, task: Task) -> str:
        """Path of a published file relative to the target; of several that are kept, the first one's."""
        if "name" not in task.params:
            return self.kept_names(task)[0]
        stem, _, suffix = str(task.params["name"]).rpartition(".")
        ad, _, ratio = stem.rpartition("_") if task.variant else (stem, "", None)
        output = self.campaign.output
        return relative_name(
            self.campaign.name, output.user_id, output.project_id, ad, ratio, suffix, draft=self.draft
        )

    def poster_name(self, task: Task) -> str | None:
        """Path of the picture that is published along with a video."""
        return f"{self.name(task).rpartition('.')[0]}.jpg" if "poster" in task.params else None

    def names(self, task: Task) -> tuple[str, ...]:
        """Paths of all files of a publish task, in the order of its inputs."""
        poster = self.poster_name(task)
        main = (self.name(task),) if "name" in task.params else ()
        return (*main, *((poster,) if poster else ()), *self.kept_names(task))

    def kept_names(self, task: Task) -> tuple[str, ...]:
        """Paths of those files of a publish task that are kept besides what was asked for."""
        output, rows = self.campaign.output, task.params.get("kept", ())
        where = (self.campaign.name, output.user_id, output.project_id)
        return tuple(kept_name(*where, str(row["name"]), draft=self.draft) for row in rows)

    def results_name(self) -> str:
        """Path of the results that stand beside the videos."""
        output = self.campaign.output
        return relative_name(
            self.campaign.name, output.user_id, output.project_id, "results", None, "json", draft=self.draft
        )

    def place(self) -> str:
        """The target in words for people."""
        if isinstance(self.target, S3Target):
            return self.target.uri(self.results_name()).rpartition("/")[0]
        return str(self.target.path(self.results_name()).parent)

    def uri(self, task: Task) -> str:
        """Where a published file lies."""
        return self.target.uri(self.name(task))

    def missing(self, task: Task, checkpoint: Checkpoint) -> str | None:
        """None while the published files stand, else why they have to be published (a reason code)."""
        records = {name: checkpoint.targets.get(self.target.uri(name)) for name in self.names(task)}
        if None in records.values():
            return "changed:output.to" if checkpoint.targets else "new"
        stand = all(self._stands(name, record) for name, record in records.items() if record is not None)
        return None if stand else "missing"

    def _stands(self, name: str, record: Mapping[str, Json]) -> bool:
        if isinstance(self.target, S3Target):
            return not self.verify or s3.is_current(self.target, name, record)
        return folder.is_current(self.target, name, record)

    async def publish(
        self, name: str, source: Path, sha256: str, known: Mapping[str, Any] | None
    ) -> Published:
        """Publishes one file under a path relative to the target; raises what ``adcli.publish`` raises."""
        if isinstance(self.target, S3Target):
            return await self._send(
                partial(
                    s3.publish,
                    source,
                    self.target,
                    name,
                    sha256,
                    overwrite=self.overwrite,
                    known=known,
                )
            )
        return await asyncio.to_thread(
            folder.publish,
            source,
            self.target,
            name,
            sha256,
            overwrite=self.overwrite,
            known=known,
        )

    async def _send(self, upload: Callable[[], T]) -> T:
        """Objects appear whole or not at all, so that an upload may break off with the program."""
        async with self._sending:
            return await detached(upload)

    async def put_results(self, data: bytes) -> None:
        """Writes ``results.json`` beside the videos."""
        name = self.results_name()
        if isinstance(self.target, S3Target):
            await self._send(partial(s3.put_json, self.target, name, data))
        else:
            await asyncio.to_thread(folder.put_json, self.target, name, data)

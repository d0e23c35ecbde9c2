"""A campaign in a temporary folder, run by the real engine with makers that write tiny deterministic files.

The makers stand at the executor's seam: everything else (loading, expanding, deciding, saving,
publishing) is the product's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from adcli.engine.events import Event, TaskStarted
from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.errors import AdcliError
from adcli.keys import canonical, digest
from adcli.work import File, Job, Made

CAMPAIGN: dict[str, Any] = {
    "name": "glow",
    "template": "problem-solution",
    "aspect_ratios": ["9:16", "1:1"],
    "duration": 10,
    "product": {"name": "Glow Serum", "images": ["bottle.png"], "benefits": ["calm skin", "morning glow"]},
    "characters": [{"name": "Maria", "prompt": "woman, 30"}],
}


class TinyMakers:
    """An executor whose results depend on stage, params and input content alone, as real makers' do.

    ``refuse`` gives the error that a task is to fail with, if any.
    """

    def __init__(self, refuse: Callable[[str], AdcliError | None] = lambda _: None) -> None:
        self.made: list[str] = []
        self._refuse = refuse

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        started()
        error = self._refuse(job.task)
        if error:
            raise error
        self.made.append(job.task)
        return Made({name: self._value(job, name) for name in outputs_of(job)})

    def _value(self, job: Job, name: str) -> File | str:
        if job.stage == "script":
            return f"{name} for {job.params['product'].get('name', '')}"
        if name == "words":
            return json.dumps(
                [{"text": word, "start": 0.1, "end": 0.2} for word in job.params["text"].split()]
            )
        if job.stage == "lipsync":
            return self._file(job, name, [job.file(job.params["clip"]).sha256])
        inputs = [artifact.sha256 for artifact in job.inputs if artifact]
        return self._file(job, name, [job.stage, dict(job.params), inputs])

    def _file(self, job: Job, name: str, content: Any) -> File:
        path = job.workdir / name
        path.write_bytes(digest(canonical(content)).encode())
        return File(path, "application/octet-stream", {"width": 1, "height": 1, "duration": 1.0})

    async def stop(self) -> None:
        """Nothing runs."""


def outputs_of(job: Job) -> tuple[str, ...]:
    from adcli.registry import catalogue

    if job.stage == "image":
        return ("image", "layers")
    if job.stage != "script":
        return catalogue().stage(job.stage).outputs
    hooks = [f"hook-{n}" for n in range(2, job.params["hooks"] + 1)]
    slots = [(scene["name"], slot) for scene in job.params["scenes"] for slot in scene["slots"]]
    again = [(hook, slot) for hook in hooks for name, slot in slots if name == "hook"]
    return tuple(f"{name}.{slot}" for name, slot in slots + again)


class Studio:
    """One campaign file with its state; ``run`` gives the tasks that were made again."""

    def __init__(self, folder: Path, campaign: Mapping[str, Any] = CAMPAIGN) -> None:
        self.folder = folder
        self.file = folder / "campaign.yaml"
        self.campaign: dict[str, Any] = json.loads(json.dumps(campaign))
        self.result: dict[str, Any] = {}
        self.events: list[Event] = []
        folder.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), "red").save(folder / "bottle.png")
        self.save()

    def save(self) -> None:
        self.file.write_text(yaml.safe_dump(self.campaign, sort_keys=False, allow_unicode=True))

    def edit(self, **changes: Any) -> Studio:
        self.campaign |= changes
        self.save()
        return self

    def run(
        self,
        makers: TinyMakers | None = None,
        environ: Mapping[str, str] | None = None,
        ask: bool = False,
        patience: float = 0.02,
        **settings: Any,
    ) -> set[str]:
        """Ids of the tasks that were worked on: made, bought or published."""
        pool = makers or TinyMakers()
        self.events = []
        with opened(self.file, Settings(**settings), environ or {}, {}, lambda _: ask) as session:
            self.result = session.run(self.events.append, lambda _: pool, patience)
        return {event.task for event in self.events if isinstance(event, TaskStarted)}

    def statuses(self) -> dict[str, str]:
        return {task["id"]: task["status"] for task in self.result["tasks"]}

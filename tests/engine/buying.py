"""A small campaign whose pictures are bought from the emulator, and what its state says about the money."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from adcli.state.checkpoint import Attempt, Checkpoint
from adcli.state.store import Store
from adcli.work import File, Job
from tests.cli.driving import adcli
from tests.emulator.server import Emulator
from tests.engine.studio import Studio, TinyMakers

MODEL = "black-forest-labs/flux-schnell"
STILLS: dict[str, Any] = {
    "name": "stills",
    "template": "image",
    "aspect_ratios": ["1:1"],
    "duration": 5,
    "product": {"name": "Glow Serum", "benefits": ["calm skin"]},
    "characters": [{"name": "Maria", "prompt": "woman, 30"}],
    "providers": {"image": f"replicate:{MODEL}"},
}
TWO = [{"name": "Maria", "prompt": "woman, 30"}, {"name": "Tom", "prompt": "man, 40"}]
IMAGE = "maria/hook/image"


class OwnWords(TinyMakers):
    """Makers whose scripts differ by character, so that each needs a picture of its own."""

    def _value(self, job: Job, name: str) -> File | str:
        if job.stage == "script":
            return f"{name} with {job.params['character']['name']}"
        return TinyMakers._value(self, job, name)


class Buyer:
    """A studio whose pictures come from the emulator; ``run`` gives the exit code."""

    def __init__(self, folder: Path, emulator: Emulator, **changes: Any) -> None:
        self.emulator = emulator
        self.studio = Studio(folder, STILLS | changes)
        self.store = Store(folder / ".adcli")

    def run(
        self,
        environ: Mapping[str, str] | None = None,
        yes: bool = True,
        makers: TinyMakers | None = None,
        **settings: Any,
    ) -> int:
        given = self.emulator.environment() if environ is None else environ
        self.studio.run(makers or OwnWords(), given, yes=yes, **settings)
        code: int = self.studio.result["exit_code"]
        return code

    def task(self, name: str = IMAGE) -> dict[str, Any]:
        (found,) = [task for task in self.studio.result["tasks"] if task["id"] == name]
        return dict(found)

    def checkpoint(self, task: str = IMAGE) -> Checkpoint:
        (found,) = [found for found in self.store.checkpoints() if found.task == task]
        return found

    def attempts(self, task: str = IMAGE) -> tuple[Attempt, ...]:
        return self.checkpoint(task).attempts

    def states(self, task: str = IMAGE) -> list[str]:
        return [attempt.state.value for attempt in self.attempts(task)]

    def path(self, task: str = IMAGE) -> Path:
        key = self.checkpoint(task).key
        return self.store.root / "checkpoints" / key[:2] / f"{key}.json"

    def blob(self, task: str = IMAGE) -> Path:
        outputs = self.checkpoint(task).outputs
        assert outputs
        return self.store.blob_path(outputs["image"].sha256)

    def posts(self) -> int:
        return self.emulator.calls("create")


def plan(buyer: Buyer, folder: Path, *flags: str) -> dict[str, Any]:
    document = adcli("plan", "--json", *flags, cwd=folder, env=buyer.emulator.environment()).json
    (image,) = [task for task in document["tasks"] if task["id"] == IMAGE]
    return dict(image)


def finish_all_jobs(buyer: Buyer) -> None:
    env = buyer.emulator.environment()
    headers = {"Authorization": f"Bearer {env['REPLICATE_API_TOKEN']}"}
    for job in buyer.emulator.counts()["jobs"]:
        for _ in range(3):
            httpx.get(f"{buyer.emulator.url}/v1/predictions/{job}", headers=headers, trust_env=False)

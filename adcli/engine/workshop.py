"""Makes one task: gathers its inputs, has the work done or bought or published, and saves the result."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from adcli.engine.delivery import Delivery
from adcli.engine.events import Emit, Noted, TaskStarted
from adcli.engine.fetching import Fetching
from adcli.engine.memory import StateMemory
from adcli.engine.paid import Purchase
from adcli.engine.params import filled
from adcli.engine.pool import Executor, Failure
from adcli.engine.purchasing import Purchasing
from adcli.errors import Held, JobFailed, Rejected, TaskFailed
from adcli.graph.build import document_of
from adcli.graph.task import Task
from adcli.keys import Json
from adcli.plan.build import Plan
from adcli.plan.decide import Decider
from adcli.providers._base import Call
from adcli.registry import Catalogue
from adcli.state.checkpoint import Checkpoint, Output
from adcli.state.files import sha256_of, storage_errors
from adcli.state.runs import timestamp
from adcli.state.store import Store
from adcli.units import usd_number
from adcli.work import Artifact, Job

SEGMENTS_DIFFER = "segments-differ"
"""Code of stage ``assemble``'s error when an ffmpeg upgrade has changed the encoder's parameter sets."""


class Stale(Exception):
    """A task's inputs have changed while it was being made: its key has to be worked out again."""


@dataclass(slots=True)
class Clock:
    """Times one task from the moment at which it is worked on: waiting for a turn doesn't count."""

    told: Callable[[], None]
    _since: float | None = None

    def start(self) -> None:
        """The task's turn has come."""
        self._since = time.monotonic()
        self.told()

    def seconds(self) -> float:
        """Seconds of work so far."""
        return 0.0 if self._since is None else round(time.monotonic() - self._since, 3)


@dataclass(slots=True)
class Workshop:
    """What making needs: the plan, the state, the executor, the services and the target."""

    plan: Plan
    decider: Decider
    memory: StateMemory
    store: Store
    catalogue: Catalogue
    pool: Executor
    delivery: Delivery
    emit: Emit
    purchasing: Purchasing
    fetching: Fetching
    _running: dict[str, asyncio.Task[Checkpoint]] = field(default_factory=dict)
    _remaking: dict[str, asyncio.Task[Checkpoint]] = field(default_factory=dict)

    def has_begun(self, key: str) -> bool:
        """Another task of this run is, or was, making that key."""
        return key in self._running

    async def make(self, task: Task, key: str, priority: int) -> Checkpoint:
        """Tasks whose keys turn out equal share one piece of work."""
        if task.stage == "publish":
            return await self._work(task, key, priority)
        if key not in self._running:
            self._running[key] = asyncio.ensure_future(self._work(task, key, priority))
        try:
            checkpoint = await self._running[key]
        except asyncio.CancelledError:
            self._running[key].cancel()
            raise
        if checkpoint.recipe != task.recipe:
            self.store.remember(task.recipe, key)
        self.decider.settle(task, checkpoint)
        return checkpoint

    async def _work(self, task: Task, key: str, priority: int) -> Checkpoint:
        checkpoint = self._blank(task, key)
        clock = Clock(lambda: self.emit(TaskStarted(task.id, task.stage, task.provider)))
        workdir = self.store.root / "work" / key[:24]
        try:
            if task.stage == "publish":
                made = await self._publish(task, checkpoint, clock)
            elif task.stage == "fetch":
                made = await self._fetch(task, checkpoint, workdir, priority, clock)
            elif self.catalogue.provider(task.provider).SPEC.paid:
                made = await self._buy(task, checkpoint, workdir, priority, clock)
            else:
                made = await self._local(task, checkpoint, workdir, priority, clock)
        finally:
            shutil.rmtree(workdir, ignore_errors=True)
        seconds = clock.seconds() if made.seconds is None else made.seconds
        finished = replace(made, seconds=seconds, made_at=timestamp())
        self.store.save(finished)
        self.memory.forget(key)
        self.decider.settle(task, finished)
        return finished

    def _blank(self, task: Task, key: str) -> Checkpoint:
        if key in self.store.damaged or self.store.checkpoint(key) is None:
            if key in self.store.damaged or self.store.key_of(task.recipe) == key:
                self._heal(task, key)
            pairs = [[item.output, self._output(item.task, item.output).sha256] for item in task.inputs]
            document = document_of(task, self.catalogue, pairs)
            return Checkpoint(key, task.recipe, task.id, self.plan.graph.campaign, document)
        found = self.store.checkpoint(key)
        assert found is not None
        outputs = found.outputs if task.stage == "publish" else None
        return replace(found, recipe=task.recipe, outputs=outputs, seconds=None)

    def _heal(self, task: Task, key: str) -> None:
        """A damaged checkpoint of free work is set aside; a paid one stays, for a person to look at."""
        damaged = key in self.store.damaged
        if self.catalogue.provider(task.provider).SPEC.paid:
            state = "damaged" if damaged else "gone"
            raise Held(
                f"the checkpoint of {task.id} is {state}, and it held a paid result",
                hint=f"put it back, or allow that it is bought again: adcli jobs resolve {task.id} --absent",
            )
        if not damaged:
            return
        self.store.set_aside(key)
        self.emit(Noted(f"the checkpoint of {task.id} was damaged and is set aside", "warning", task.id))

    def _output(self, name: str, output: str) -> Output:
        checkpoint = self.decider.settled(self.plan.graph.tasks[name])
        if checkpoint is None or checkpoint.outputs is None or output not in checkpoint.outputs:
            raise TaskFailed(f"{name} gave no {output}")
        return checkpoint.outputs[output]

    async def _sound(self, name: str, output: str, priority: int) -> Output:
        """An output whose bytes are what they should be; free work is done again when they are not."""
        found = self._output(name, output)
        if self.store.is_sound(found):
            return found
        self.emit(Noted(f"{output} of {name} is damaged or gone: it is made again", "warning", name))
        with storage_errors(str(self.store.blob_path(found.sha256))):
            self.store.blob_path(found.sha256).unlink(missing_ok=True)
        await self._again(name, priority)
        return self._output(name, output)

    async def _again(self, name: str, priority: int) -> None:
        """Makes a finished task again, at most once a run; what is paid is collected again, never bought."""
        task = self.plan.graph.tasks[name]
        checkpoint = self.decider.settled(task)
        assert checkpoint is not None
        key = checkpoint.key
        if key not in self._remaking:
            self.store.save(replace(checkpoint, outputs=None))
            self.memory.forget(key)
            self._running.pop(key, None)
            self._remaking[key] = asyncio.ensure_future(self.make(task, key, priority))
        await self._remaking[key]

    async def _inputs(
        self, task: Task, priority: int
    ) -> tuple[tuple[Artifact | None, ...], list[str | None]]:
        outputs = [await self._sound(item.task, item.output, priority) for item in task.inputs]
        artifacts = tuple(None if o.text is not None else self.store.artifact(o) for o in outputs)
        return artifacts, [o.text for o in outputs]

    async def _local(
        self, task: Task, checkpoint: Checkpoint, workdir: Path, priority: int, clock: Clock
    ) -> Checkpoint:
        inputs, texts = await self._inputs(task, priority)
        self._check_fresh(task, checkpoint)
        spec = self.catalogue.stage(task.stage)
        params = {**spec.defaults, **filled(task.params, texts)}
        with storage_errors(str(workdir)):
            workdir.mkdir(parents=True, exist_ok=True)
        assets = self._assets(task.params)
        group = task.id.partition("@")[0] if spec.together else None
        job = Job(task.id, task.stage, task.provider, task.model, params, inputs, assets, workdir, group)
        try:
            made = await self.pool.make(job, priority, clock.start)
        except Failure as error:
            if error.code != SEGMENTS_DIFFER:
                raise
            await self._other_encoder(task, checkpoint, priority)
            raise
        for note in made.notes:
            self.emit(Noted(note, task=task.id))
        outputs = {
            name: await asyncio.to_thread(self.store.keep, value) for name, value in made.outputs.items()
        }
        return replace(checkpoint, outputs=outputs, notes=made.notes, error=None, seconds=made.seconds)

    async def _fetch(
        self, task: Task, checkpoint: Checkpoint, workdir: Path, priority: int, clock: Clock
    ) -> Checkpoint:
        remote = self.plan.graph.remote[str(task.params["address"])]
        found = await self.fetching.fetch(remote, task.params, workdir, priority, clock.start)
        kept = await asyncio.to_thread(self.store.keep, found)
        return replace(checkpoint, outputs={"file": kept}, error=None)

    def _check_fresh(self, task: Task, checkpoint: Checkpoint) -> None:
        """An input that had to be made again may have come out differently: then this is other work."""
        if self.decider.key(task) != checkpoint.key:
            raise Stale

    async def _other_encoder(self, task: Task, checkpoint: Checkpoint, priority: int) -> None:
        """Segments of an older encoder can't be joined with today's: all are made again, once."""
        names = dict.fromkeys(item.task for item in task.inputs if item.output == "segment")
        self.emit(Noted("segments were made by another encoder: they are made again", "warning", task.id))
        for name in names:
            await self._again(name, priority)
        self._check_fresh(task, checkpoint)

    def _assets(self, params: Any) -> dict[str, Artifact]:
        """The campaign's files that params refer to, each still what it was when the plan was made."""
        found: dict[str, Artifact] = {}
        for sha256 in _asset_names(params):
            asset = self.plan.graph.assets[sha256]
            with contextlib.suppress(OSError):
                if sha256_of(asset.path) == sha256:
                    found[sha256] = Artifact(asset.path, sha256, asset.media_type)
                    continue
            raise TaskFailed(f"{asset.path} has changed since the plan was made", hint="run again")
        return found

    async def _buy(
        self, task: Task, checkpoint: Checkpoint, workdir: Path, priority: int, clock: Clock
    ) -> Checkpoint:
        inputs, texts = await self._inputs(task, priority)
        body = filled(task.params, texts)
        assets = self._assets(task.params)
        max_usd = usd_number(self.plan.rows[task.id].worth)
        call = Call(task.stage, task.model or "", body, inputs, assets, max_usd=max_usd)
        self._check_length(task, texts)
        purchase = Purchase(task, call, checkpoint, max_usd, workdir, self.purchasing)
        try:
            return await purchase.finish(priority, clock.start)
        except (Rejected, JobFailed) as error:
            error.hint = "; ".join(part for part in (error.hint, _where(task)) if part)
            raise

    def _check_length(self, task: Task, texts: list[str | None]) -> None:
        """A text above its slot's limit would cost more than the plan has said."""
        longest = max((len(text) for text in texts if text), default=0)
        if task.max_chars is not None and longest > task.max_chars:
            raise TaskFailed(
                f"its text has {longest} characters, and the plan counts on {task.max_chars} at most",
                hint="write the line yourself, under scenes: or as the character's script",
            )

    async def _publish(self, task: Task, checkpoint: Checkpoint, clock: Clock) -> Checkpoint:
        clock.start()
        outputs = [await self._sound(item.task, item.output, 0) for item in task.inputs]
        records: dict[str, Mapping[str, Json]] = {}
        for output, name in zip(outputs, self.delivery.names(task), strict=True):
            uri = self.delivery.target.uri(name)
            known = checkpoint.targets.get(uri) or self.store.published(uri)
            source = self.store.blob_path(output.sha256)
            published = await self.delivery.publish(name, source, output.sha256, known)
            records[uri] = {**published.record, "path": published.path, "s3_key": published.s3_key}
            self.store.save_published(uri, records[uri])
        main = outputs[0]
        note = json.dumps({"uri": self.delivery.uri(task), "sha256": main.sha256}, sort_keys=True)
        meta = {**main.meta, "bytes": main.bytes, "sha256": main.sha256}
        receipt = replace(self.store.keep(note), meta=meta)
        return replace(checkpoint, outputs={"object": receipt}, targets={**checkpoint.targets, **records})


def _where(task: Task) -> str | None:
    """The fields of the campaign that decide what a call asks for."""
    match task.stage:
        case "image" | "animate" if task.scene:
            name = "prompt" if task.stage == "image" else "motion"
            return f"in scenes.{task.scene}.{name}, or the prompt of the character ({task.ad})"
        case "voice" if task.scene and task.scene.startswith("voiceover"):
            return f"in the text of {task.scene} under post ({task.ad})"
        case "voice" if task.scene:
            return f"in scenes.{task.scene}.voiceover, or the script ({task.ad})"
        case "portrait":
            return f"in the character's prompt ({task.id.partition('/')[0]})"
        case _:
            return None


def _asset_names(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        if value.keys() == {"$asset"}:
            return {value["$asset"]}
        return set().union(*(_asset_names(item) for item in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(_asset_names(item) for item in value))
    return set()

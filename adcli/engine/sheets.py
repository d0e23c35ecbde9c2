"""Contact sheets of finished videos, from the state: nothing is made or looked up anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adcli.engine.prepare import Prepared
from adcli.graph.task import Task
from adcli.media.contact_sheet import Cell, Heading
from adcli.media.heard import words_heard
from adcli.units import AspectRatio, to_seconds

_SEEN = 0.62
"""Share of a scene after which what comes in has come in, and what goes out still stands."""

_MAKERS = ("assemble", "post")
"""Stages that make a finished video."""

_SAME = 0.02
_PART, _FEWEST, _MOST = 2.5, 3, 12
"""A video without scenes is shown by a frame about every so many seconds; how many at least and at most."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one contact sheet shows: a finished video, its heading and its scenes."""

    ad: str
    variant: str
    video: Path
    heading: Heading
    cells: tuple[Cell, ...]

    @property
    def name(self) -> str:
        """Of its file, without an ending."""
        return f"{self.ad}_{self.variant}"


def sheets(made: Prepared) -> Iterator[Sheet]:
    """One for each selected video whose bytes are at hand, in the plan's order."""
    chosen = {made.plan.rows[name].task.inputs[0].task for name in _published(made)}
    for name in sorted(chosen, key=list(made.plan.rows).index):
        task = made.plan.rows[name].task
        checkpoint = made.decider.settled(task)
        output = (checkpoint.outputs or {}).get("video") if checkpoint else None
        if output is None or not made.store.has(output):
            continue
        seconds = float(output.meta["duration"])  # type: ignore[arg-type]
        cells = tuple(_cells(made, task, seconds))
        video = made.store.blob_path(output.sha256)
        yield Sheet(str(task.ad), str(task.variant), video, _heading(made, task, seconds), cells)


def _published(made: Prepared) -> Iterator[str]:
    for name in made.selected:
        task = made.plan.rows[name].task
        if task.stage == "publish" and made.plan.rows[task.inputs[0].task].task.stage in _MAKERS:
            yield name


def _heading(made: Prepared, task: Task, seconds: float) -> Heading:
    campaign = made.loaded.campaign
    ratio = AspectRatio.from_slug(str(task.variant)).value
    length = f"{round(seconds, 2):g} s"
    language = next(ad.language for ad in made.plan.graph.ads if ad.id == task.ad)
    return Heading(f"{campaign.name} / {task.ad}", (campaign.template, ratio, length, language))


def _cells(made: Prepared, task: Task, seconds: float) -> Iterator[Cell]:
    """The scenes that a video was joined from; parts of one length where it has none, or other times now."""
    joined = _joined(made, task)
    if joined is None or abs(to_seconds(joined.params["frames"]) - seconds) > _SAME:
        yield from _parts(seconds)
        return
    start = 0.0
    scenes = [made.plan.rows[item.task].task for item in joined.inputs if item.output == "segment"]
    for scene in scenes:
        length = to_seconds(scene.params["frames"])
        yield Cell(str(scene.scene), start, start + length * _SEEN, _line(made, scene))
        start += length


def _joined(made: Prepared, task: Task) -> Task | None:
    """The task that joined the video which operations then worked on; None for a given video."""
    while task.stage != "assemble":
        video = task.params["video"]
        if "$input" not in video:
            return None
        task = made.plan.rows[task.inputs[video["$input"]].task].task
        if task.stage not in _MAKERS:
            return None
    return task


def _parts(seconds: float) -> Iterator[Cell]:
    count = max(_FEWEST, min(_MOST, round(seconds / _PART)))
    for number in range(count):
        start = seconds * number / count
        yield Cell(f"{number + 1} of {count}", start, start + seconds / count / 2, "")


def _line(made: Prepared, scene: Task) -> str:
    """What is said in a scene, as its captions have it."""
    words = next((item for item in scene.inputs if item.output == "words"), None)
    checkpoint = made.decider.settled(made.plan.rows[words.task].task) if words else None
    output = (checkpoint.outputs or {}).get("words") if checkpoint else None
    if not output or not output.text:
        return ""
    captions = scene.params["captions"] | {"words": output.text}
    return " ".join(word["text"] for word in words_heard(captions))

"""Compares what rendering an ad costs with the least that encoding its pictures can cost, in one go.

``python -m benchmarks.render_floor [--seconds 15] [--ratios 9:16,1:1] [--quality final] [--runs 1]``

An ad of the demo campaign is made once, uncounted. Then its scene, master and assemble tasks are made again
by the worker that a run uses, one at a time, and the CPU time (user and system) of that process and its
children is counted, Python's own included. The floor is x264 alone: every segment is decoded to raw frames
(uncounted), and those are encoded by one process a segment with the very same arguments. Reading the raw
frames is part of the floor; the last line tells what is left of it without.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.engine.worker import job_document
from adcli.media import encode
from adcli.media.ffmpeg import find_ffmpeg
from adcli.registry import maker
from adcli.units import FPS, AspectRatio, Quality
from adcli.work import Job, Made

STAGES = ("scene", "master", "assemble")
DEMO = Path(__file__).parent.parent / "campaigns" / "demo.yaml"


@dataclass
class Recorder:
    """An executor that makes every task in this process, and keeps the jobs that are to be measured."""

    jobs: list[dict[str, Any]] = field(default_factory=list)

    async def make(self, job: Job, _priority: int, started: Callable[[], None]) -> Made:
        """Makes it at once, whatever its priority."""
        started()
        if job.stage in STAGES:
            self.jobs.append(job_document(job))
        return maker(job.stage, job.provider)(job)

    async def stop(self) -> None:
        """Nothing runs."""


def recorded(folder: Path, seconds: float, ratios: Sequence[str], quality: Quality) -> list[dict[str, Any]]:
    """Makes the demo's first ad; gives the jobs of the stages to be measured."""
    shutil.copytree(DEMO.parent, folder, ignore=shutil.ignore_patterns(".adcli", "out"))
    file = folder / DEMO.name
    campaign = yaml.safe_load(file.read_text())
    campaign |= {"duration": seconds, "aspect_ratios": list(ratios)}
    campaign["characters"] = campaign["characters"][:1]
    file.write_text(yaml.safe_dump(campaign, sort_keys=False))
    recorder = Recorder()
    with opened(file, Settings(quality=quality), {}, {}, lambda _: False) as session:
        result = session.run(lambda _: None, lambda _: recorder)
    assert result["exit_code"] == 0, result["totals"]
    return recorder.jobs


def children() -> float:
    """CPU seconds of all ended children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Worker:
    """The child process that a run has for local tasks. Its start counts towards its first job."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "adcli.engine.worker"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._fresh = True

    def make(self, job: dict[str, Any], workdir: Path) -> tuple[float, list[Path]]:
        """CPU seconds of making a job, the worker's own and its children's, and the files made."""
        workdir.mkdir(parents=True)
        first, self._fresh = self._fresh, False
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        before = 0.0 if first else self._used()
        self._process.stdin.write(json.dumps({**job, "workdir": str(workdir)}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "made" in answer, answer
        return self._used() - before, [Path(made["path"]) for made in answer["made"]["outputs"].values()]

    def stop(self) -> None:
        """Ends it."""
        self._process.communicate()

    def _used(self) -> float:
        """User and system time of the process and its ended children (proc(5): stat, fields 14 to 17)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def ffmpeg(*arguments: str) -> float:
    """CPU seconds of one ffmpeg process."""
    before = children()
    command = [str(find_ffmpeg()), "-v", "error", "-nostdin", "-y", *arguments]
    subprocess.run(command, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return children() - before


def floor(job: dict[str, Any], segment: Path, scratch: Path) -> tuple[float, float]:
    """CPU seconds of encoding a segment's raw frames, and of reading them."""
    params = job["params"]
    quality = Quality(params["quality"])
    size = quality.scale(AspectRatio(params["ratio"]).size)
    raw = scratch / "raw.yuv"
    ffmpeg("-i", str(segment), "-f", "rawvideo", "-pix_fmt", "yuv420p", str(raw))
    source = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{size.width}x{size.height}", "-r", str(FPS)]
    source += ["-i", str(raw)]
    frames = ["-frames:v", str(params["frames"]), "-an"]
    encoding = ffmpeg(*source, *encode.x264(quality), *frames, str(scratch / "floor.mp4"))
    reading = ffmpeg(*source, *frames, "-f", "null", "-")
    raw.unlink()
    return encoding, reading


def measure(jobs: Sequence[dict[str, Any]], scratch: Path) -> dict[str, float]:
    """One round: CPU seconds by stage, of the floor, and of reading the floor's frames."""
    row = dict.fromkeys((*STAGES, "floor", "reading"), 0.0)
    worker = Worker()
    for index, job in enumerate(jobs):
        used, files = worker.make(job, scratch / str(index))
        row[job["stage"]] += used
        if job["stage"] == "scene":
            encoding, reading = floor(job, files[0], scratch)
            row["floor"] += encoding
            row["reading"] += reading
    worker.stop()
    row["sum"] = sum(row[stage] for stage in STAGES)
    row["ratio"] = row["sum"] / row["floor"]
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--ratios", default="9:16,1:1")
    parser.add_argument("--quality", type=Quality, default=Quality.FINAL)
    parser.add_argument("--runs", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs = recorded(folder / "demo", asked.seconds, asked.ratios.split(","), asked.quality)
        rows = []
        for run in range(asked.runs):
            rows.append(measure(jobs, folder / str(run)))
            shutil.rmtree(folder / str(run))
    middle = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
    print(f"{asked.seconds:g} s, {asked.ratios}, {asked.quality}: CPU seconds, median of {asked.runs}")
    for key in (*STAGES, "sum", "floor", "ratio"):
        print(f"{key:10} {middle[key]:8.2f}")
    bare = middle["floor"] - middle["reading"]
    print(f"without reading raw frames: floor {bare:.2f}, ratio {middle['sum'] / bare:.2f}")


if __name__ == "__main__":
    main()

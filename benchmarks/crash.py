"""Kills a 5 s 1:1 preview run at random instants: ``python -m benchmarks.crash [--kills 50] [--seed 1]``.

After each kill the next run must finish, redo no stored task, and give the same frames as a run that
nobody disturbed. Most kills start from a state that already holds voices and pictures, so that
the second half of a run is hit as often as the first.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from adcli.media.ffmpeg import find_ffmpeg
from adcli.state.store import Store

CAMPAIGN = {
    "name": "crash",
    "template": "problem-solution",
    "aspect_ratios": ["1:1"],
    "duration": 5,
    "product": {"name": "Glow Serum", "benefits": ["calm skin"]},
    "characters": [{"name": "Maria", "prompt": "woman, 30"}],
}
LATE = frozenset({"scene", "master", "assemble", "publish"})
COMMAND = [sys.executable, "-m", "adcli.cli.main", "run", "--quality", "preview", "--json", "-q"]


@dataclass(frozen=True, slots=True)
class Reference:
    """An undisturbed run: how long it takes, cold and warm, and what its frames are."""

    warm: Path
    seconds: float
    warm_seconds: float
    frames: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kill: when, how much was stored then, and everything that was wrong afterwards.

    ``killed`` is false when the run was over before its time had come.
    """

    at: float
    stored: int
    tasks: int
    killed: bool
    wrong: tuple[str, ...]


def make_reference(folder: Path) -> Reference:
    """Runs once from nothing and once from voices and pictures; both must give the same frames."""
    cold = campaign(folder / "cold")
    seconds = finish(cold)[0]
    warm = folder / "warm"
    shutil.copytree(cold, warm, symlinks=True)
    forget(warm, LATE)
    again = folder / "again"
    shutil.copytree(warm, again, symlinks=True)
    warm_seconds = finish(again)[0]
    frames = frames_of(cold)
    if frames_of(again) != frames:
        raise SystemExit("an undisturbed run is not the same twice")
    return Reference(warm, seconds, warm_seconds, frames)


def campaign(folder: Path) -> Path:
    """A folder with the campaign and no state."""
    folder.mkdir(parents=True)
    (folder / "campaign.yaml").write_text(yaml.safe_dump(CAMPAIGN, sort_keys=False))
    return folder


def forget(folder: Path, stages: frozenset[str]) -> None:
    """Takes the results of some stages out of a state, as if these had never been made."""
    store = Store(folder / ".adcli")
    for found in list(store.checkpoints()):
        if found.document["stage"] in stages:
            (store.root / "checkpoints" / found.key[:2] / f"{found.key}.json").unlink()
            for output in (found.outputs or {}).values():
                store.blob_path(output.sha256).unlink(missing_ok=True)
    for name in ("recipes", "history", "runs", "published"):
        shutil.rmtree(store.root / name, ignore_errors=True)
    shutil.rmtree(folder / "out")


def finish(folder: Path) -> tuple[float, int]:
    """Runs to the end; gives seconds and exit code."""
    started = time.monotonic()
    done = subprocess.run(COMMAND, cwd=folder, capture_output=True, check=False, timeout=300)
    return time.monotonic() - started, done.returncode


def frames_of(folder: Path) -> str:
    """MD5 of every decoded frame of the finished video."""
    (video,) = (folder / "out").rglob("*.mp4")
    command = [str(find_ffmpeg()), "-v", "error", "-i", str(video), "-map", "0:v", "-f", "framemd5", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def stored(folder: Path) -> dict[str, str]:
    """Finished tasks with the time at which each was made."""
    found = Store(folder / ".adcli").checkpoints()
    return {checkpoint.task: checkpoint.made_at or "" for checkpoint in found if checkpoint.is_finished}


def started_in_last_run(folder: Path) -> set[str]:
    """Tasks that the newest run worked on."""
    journal = (
        max((folder / ".adcli/runs").iterdir(), key=lambda path: path.stat().st_ctime_ns) / "events.jsonl"
    )
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    return {event["task"] for event in events if event["event"] == "task_started"}


def kill_after(seconds: float, folder: Path) -> bool:
    """Starts a run and kills its driver alone after so many seconds; False when it was over by then."""
    process = subprocess.Popen(COMMAND, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode == -signal.SIGKILL


def trial(folder: Path, reference: Reference, at: float) -> Outcome:
    """Kills one run of the campaign in ``folder`` and looks at what the next one makes of it."""
    killed = kill_after(at, folder)
    before = stored(folder) if (folder / ".adcli").exists() else {}
    wrong = []
    _, code = finish(folder)
    if code:
        wrong.append(f"the next run ended with {code}")
    else:
        again = started_in_last_run(folder) & before.keys()
        after = stored(folder)
        again |= {task for task, made in before.items() if after.get(task) != made}
        if again:
            wrong.append(f"made twice: {sorted(again)}")
        if frames_of(folder) != reference.frames:
            wrong.append("other frames")
    if Store(folder / ".adcli").damaged or list((folder / ".adcli").rglob(".tmp-*")):
        wrong.append("left-overs in the state")
    return Outcome(at, len(before), len(stored(folder)), killed, tuple(wrong))


def trials(kills: int, seed: int, folder: Path, reference: Reference) -> list[Outcome]:
    """So many kills in mid-run: one in three starts from nothing, the others from voices and pictures."""
    chance, number = random.Random(seed), 0
    outcomes: list[Outcome] = []
    while sum(outcome.killed for outcome in outcomes) < kills:
        place = folder / f"kill-{number}"
        if number % 3 == 0:
            campaign(place)
            at = chance.uniform(0, reference.seconds)
        else:
            shutil.copytree(reference.warm, place, symlinks=True)
            at = chance.uniform(0.3, reference.warm_seconds)
        outcomes.append(trial(place, reference, at))
        shutil.rmtree(place)
        number += 1
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        reference = make_reference(folder)
        warm = f"{reference.warm_seconds:.1f} s with voices and pictures"
        print(f"undisturbed: {reference.seconds:.1f} s from nothing, {warm}")
        outcomes = trials(given.kills, given.seed, folder, reference)
    for outcome in outcomes:
        verdict = "; ".join(outcome.wrong) or "as if nothing had happened"
        when = f"killed at {outcome.at:5.2f} s" if outcome.killed else "over before its kill"
        print(f"{when}, {outcome.stored:2} of {outcome.tasks} stored: {verdict}")
    reached = {outcome.stored for outcome in outcomes if outcome.killed}
    bad = [outcome for outcome in outcomes if outcome.wrong]
    print(f"{given.kills} kills at {len(reached)} different depths, {len(bad)} wrong (seed {given.seed})")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

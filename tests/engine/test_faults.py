"""Disks, files and processes that fail: the run says what happened, and the next one goes on."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adcli.engine.events import Event, Noted, TaskStarted
from adcli.engine.pool import Pool
from adcli.engine.prepare import Settings
from adcli.engine.session import opened
from adcli.errors import AdcliError, StorageError, TaskFailed
from adcli.state.lock import locked
from adcli.state.store import Store
from adcli.work import Job, Made
from tests.cli.driving import adcli, write
from tests.engine.studio import Studio, TinyMakers
from tests.s3_server import READER_KEY, Bucket

PEOPLE = [{"name": "Maria", "prompt": "woman, 30"}, {"name": "Tom", "prompt": "man, 40"}]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path / "ads")


def stored(studio: Studio) -> set[str]:
    """Tasks with a finished checkpoint whose bytes are there."""
    store = Store(studio.folder / ".adcli")
    return {
        found.task
        for found in store.checkpoints()
        if found.outputs and all(store.has(output) for output in found.outputs.values())
    }


def warnings(studio: Studio) -> list[str]:
    return [e.message for e in studio.events if isinstance(e, Noted) and e.level == "warning"]


def videos(studio: Studio) -> list[bytes]:
    return [path.read_bytes() for path in sorted((studio.folder / "out").rglob("*.mp4"))]


# Another run


def test_a_second_run_beside_the_first_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    with locked(tmp_path / ".adcli"):
        done = adcli("run", "--json", cwd=tmp_path)
        assert done.code == done.json["exit_code"] == 11
        assert f"process {os.getpid()}" in done.err
        assert adcli("status", cwd=tmp_path).code == 0
        assert adcli("plan", cwd=tmp_path).code == 0
        assert adcli("run", "--state", "own", cwd=tmp_path).code == 0


# Damage


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-10]),
        lambda path: path.write_bytes(b"\x00" * path.stat().st_size),
        lambda path: path.write_bytes(path.read_bytes().replace(b"glow", b"glaw")),
    ],
    ids=["missing", "empty", "truncated", "zeros", "altered"],
)
@pytest.mark.parametrize("part", ["checkpoints", "blobs", "recipes"])
def test_damaged_state_of_free_work_is_made_again(
    part: str, damage: Callable[[Path], None], studio: Studio
) -> None:
    studio.run()
    made = videos(studio)
    for path in (studio.folder / ".adcli" / part).rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            damage(path)
    for path in (studio.folder / "out").rglob("*.mp4"):
        path.unlink()
    studio.run()
    assert studio.result["exit_code"] == 0, studio.result
    assert videos(studio) == made


def test_one_damaged_checkpoint_is_set_aside_with_a_warning(studio: Studio) -> None:
    studio.run()
    store = Store(studio.folder / ".adcli")
    (found,) = [found for found in store.checkpoints() if found.task == "maria/master"]
    path = store.root / "checkpoints" / found.key[:2] / f"{found.key}.json"
    path.write_bytes(path.read_bytes()[:100])
    studio.edit(aspect_ratios=["9:16", "1:1", "4:5"])
    assert "maria/master" in studio.run()
    assert studio.result["exit_code"] == 0
    assert any("maria/master" in message for message in warnings(studio))
    assert path.with_suffix(".damaged").exists()


def test_one_altered_blob_is_made_again_with_a_warning(studio: Studio) -> None:
    studio.run()
    store = Store(studio.folder / ".adcli")
    (found,) = [found for found in store.checkpoints() if found.task == "maria/master"]
    assert found.outputs
    blob = store.blob_path(found.outputs["audio"].sha256)
    content = blob.read_bytes()
    blob.chmod(0o644)
    blob.write_bytes(content[::-1])
    studio.edit(aspect_ratios=["9:16", "1:1", "4:5"])
    assert "maria/master" in studio.run()
    assert (studio.result["exit_code"], blob.read_bytes()) == (0, content)
    assert any("maria/master" in message for message in warnings(studio))


def test_a_damaged_list_of_takes_is_named(studio: Studio) -> None:
    studio.run(retake=("maria/hook/image",))
    (studio.folder / ".adcli/takes.json").write_text("{")
    with pytest.raises(StorageError, match=r"takes\.json"):
        studio.run()


@pytest.mark.parametrize(
    "part", ["", "checkpoints", "recipes", "open", "blobs", "runs", "history", "work", "lock"]
)
def test_a_link_in_the_state_folder_is_not_followed(part: str, studio: Studio, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = studio.folder / ".adcli" / part
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere / "lock" if part == "lock" else elsewhere)
    with pytest.raises(StorageError, match="link"):
        studio.run()
    assert list(elsewhere.iterdir()) == []
    link.unlink()
    studio.run()
    assert studio.result["exit_code"] == 0


# Disks


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; as it needs mounts, visibly skipped where these are not allowed."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def remount(disk: Path, mode: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{mode}", disk], check=True)


def fill(disk: Path, free: int) -> Path:
    """Leaves ``free`` bytes of the disk."""
    filler = disk / "filler"
    room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filler.write_bytes(b"x" * max(0, room - free))
    return filler


def code_of(run: Callable[[], object], studio: Studio) -> int:
    """Exit code as the program gives it: from the result, or from the error that ended it."""
    try:
        run()
    except AdcliError as error:
        return error.exit_code
    code: int = studio.result["exit_code"]
    return code


def test_a_state_that_cannot_be_written_loses_nothing(studio: Studio, disk: Path) -> None:
    state = disk / "state"
    studio.run(state=state)
    before = sorted((path, path.stat().st_mtime_ns) for path in state.rglob("*"))
    studio.edit(captions={"active_color": "#00FF00"})
    remount(disk, "ro")
    assert code_of(lambda: studio.run(state=state), studio) == 13
    done = adcli("run", "--state", state, "--json", cwd=studio.folder)
    assert done.code == done.json["exit_code"] == 13
    assert "Read-only" in done.err
    remount(disk, "rw")
    assert sorted((path, path.stat().st_mtime_ns) for path in state.rglob("*")) == before
    studio.run(state=state)
    assert studio.result["exit_code"] == 0


def test_an_output_that_cannot_be_written_keeps_what_was_made(studio: Studio, disk: Path) -> None:
    studio.edit(output={"to": str(disk / "out")})
    remount(disk, "ro")
    assert code_of(studio.run, studio) == 13
    assert studio.result["status"] == "disk"
    kept = stored(studio)
    assert {"maria/assemble@9x16", "maria/assemble@1x1"} & kept, "the one that could not be published"
    remount(disk, "rw")
    assert not studio.run() & kept
    assert studio.result["exit_code"] == 0


@pytest.mark.parametrize("free", [0, 8 << 10, 64 << 10, 100 << 10, 140 << 10, 200 << 10, 300 << 10])
def test_a_full_disk_under_the_state_loses_nothing_stored(free: int, studio: Studio, disk: Path) -> None:
    state = disk / "state"
    filler = fill(disk, free)
    assert code_of(lambda: studio.run(state=state), studio) in (13, 0)
    store = Store(state)
    kept = {found.task for found in store.checkpoints() if found.is_finished}
    assert store.damaged == set()
    filler.unlink()
    made = studio.run(state=state)
    assert studio.result["exit_code"] == 0, studio.result
    assert not made & {task for task in kept if "publish" not in task}
    assert store.damaged == set()


@pytest.mark.parametrize("free", [0, 4 << 10, 8 << 10])
def test_a_full_disk_under_the_output_loses_nothing_made(free: int, studio: Studio, disk: Path) -> None:
    studio.edit(output={"to": str(disk / "out")})
    filler = fill(disk, free)
    assert code_of(studio.run, studio) == 13
    assert not [path for path in disk.rglob("*.mp4") if path.stat().st_size != 64], "no partial file"
    kept = stored(studio)
    filler.unlink()
    assert not studio.run() & kept
    assert studio.result["exit_code"] == 0
    assert len(list(disk.rglob("*.mp4"))) == 2


# Tasks


def refusing(task: str) -> TinyMakers:
    return TinyMakers(lambda name: TaskFailed("it is broken", hint="mend it") if name == task else None)


def test_a_failing_task_fails_its_own_ad_alone(studio: Studio) -> None:
    studio.edit(characters=PEOPLE)
    studio.run(refusing("tom/hook/scene@1x1"))
    assert studio.result["exit_code"] == 5
    assert {ad["id"]: ad["status"] for ad in studio.result["ads"]} == {"maria": "completed", "tom": "failed"}
    status = studio.statuses()
    assert status["tom/hook/scene@1x1"] == "failed"
    assert (status["tom/publish@1x1"], status["tom/publish@9x16"]) == ("skipped", "done")
    (tom,) = [ad for ad in studio.result["ads"] if ad["id"] == "tom"]
    assert (tom["error"]["message"], tom["error"]["hint"]) == ("it is broken", "mend it")
    assert studio.run() == {"tom/hook/scene@1x1", "tom/assemble@1x1", "tom/publish@1x1"}
    assert studio.result["exit_code"] == 0


def test_fail_fast_stops_at_the_first_failure(studio: Studio) -> None:
    studio.edit(characters=PEOPLE)
    studio.run(refusing("maria/script"), fail_fast=True)
    assert studio.result["exit_code"] == 5
    totals = studio.result["totals"]
    assert (totals["failed"], totals["done"] < 10, totals["cancelled"] > 10) == (1, True, True)
    studio.run()
    assert studio.result["exit_code"] == 0


class Slow(TinyMakers):
    """Stops at a task for as long as it is let."""

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        if job.task == "maria/master":
            await asyncio.sleep(60)
        return await super().make(job, priority, started)


def test_a_timeout_keeps_what_was_made(studio: Studio) -> None:
    studio.run(Slow(), timeout=1.5)
    assert (studio.result["exit_code"], studio.result["status"]) == (124, "timeout")
    assert studio.statuses()["maria/master"] == "cancelled"
    kept = stored(studio)
    assert len(kept) > 5
    assert not studio.run() & kept
    assert studio.result["exit_code"] == 0


class Meddler(TinyMakers):
    """Changes the product's photo while the script is written."""

    def __init__(self, photo: Path) -> None:
        super().__init__()
        self.photo = photo

    async def make(self, job: Job, priority: int, started: Callable[[], None]) -> Made:
        if job.stage == "script":
            self.photo.write_bytes(self.photo.read_bytes() + b"more")
        return await super().make(job, priority, started)


def test_an_asset_that_changes_during_the_run_is_not_mixed_in(studio: Studio) -> None:
    studio.run(Meddler(studio.folder / "bottle.png"))
    assert studio.result["exit_code"] == 5
    failed = [task for task in studio.result["tasks"] if task["status"] == "failed"]
    assert failed
    assert all("has changed since the plan was made" in task["error"]["message"] for task in failed)
    studio.run()
    assert studio.result["exit_code"] == 0


def workers() -> list[int]:
    """Ids of this process's own maker processes."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if parent == os.getpid() and b"adcli.engine.worker" in command:
                found.append(int(entry.name))
    return found


def test_a_killed_maker_fails_its_task_and_no_other(tmp_path: Path) -> None:
    file = write(tmp_path, characters=PEOPLE)
    killed: list[int] = []

    def show(event: Event) -> None:
        if isinstance(event, TaskStarted) and event.task == "tom/hook/image" and not killed:
            killed.extend(workers())
            for worker in killed:
                os.kill(worker, signal.SIGKILL)

    results = []
    for _ in range(2):
        with opened(file, Settings(jobs=1), {}, {}, lambda _: False) as session:
            results.append(session.run(show, Pool))
    first, second = results
    assert killed
    assert first["exit_code"] == 5
    (failed,) = [task for task in first["tasks"] if task["status"] == "failed"]
    assert failed["id"] == "tom/hook/image"
    assert "SIGKILL" in failed["error"]["message"]
    assert {ad["id"]: ad["status"] for ad in first["ads"]} == {"maria": "completed", "tom": "failed"}
    assert second["exit_code"] == 0
    assert workers() == []


# S3


def test_a_bucket_that_refuses_is_named_and_the_next_run_only_uploads(tmp_path: Path, bucket: Bucket) -> None:
    write(tmp_path, output={"to": f"s3://{bucket.name}/ads"})
    env = bucket.server.environment()
    wrong = adcli("run", "--json", cwd=tmp_path, env=env | {"AWS_SECRET_ACCESS_KEY": "CANARY-wrong"})
    assert wrong.code == 4, wrong.err
    assert "CANARY" not in wrong.out + wrong.err
    reader = adcli("run", "--json", cwd=tmp_path, env=env | {"AWS_ACCESS_KEY_ID": READER_KEY})
    assert reader.code in (4, 5), reader.err
    assert bucket.keys() == []
    right = adcli("run", "--json", cwd=tmp_path, env=env)
    assert right.code == 0, right.err
    made = [task["id"] for task in right.json["tasks"] if task["status"] == "done"]
    assert made == ["maria/publish@1x1"]
    assert bucket.keys() == ["ads/stills/maria_1x1.png", "ads/stills/results.json"]


def test_a_bucket_that_is_not_there_fails_the_upload(tmp_path: Path, bucket: Bucket) -> None:
    write(tmp_path, output={"to": "s3://no-such-bucket-here/ads"})
    done = adcli("run", "--json", cwd=tmp_path, env=bucket.server.environment())
    assert done.code in (4, 5), done.err
    assert "no-such-bucket-here" in done.err

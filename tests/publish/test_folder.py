"""Publishing into a folder: copies, compares, heals, and follows no link."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adcli.errors import PublishConflict, StorageError, TaskFailed
from adcli.keys import digest
from adcli.publish.folder import check, is_current, publish, put_json
from adcli.publish.target import FolderTarget, Published

NAME = "u1/p1/glow/maria_9x16.mp4"
OLD, NEW, FOREIGN = b"old video" * 1000, b"new video" * 1200, b"somebody else's"


@pytest.fixture
def target(tmp_path: Path) -> FolderTarget:
    return FolderTarget(tmp_path / "out")


@pytest.fixture
def blobs(tmp_path: Path) -> Path:
    """Finished files as the state keeps them: named by their sha256, read-only."""
    folder = tmp_path / "blobs"
    folder.mkdir()
    for content in (OLD, NEW):
        blob = folder / digest(content)
        blob.write_bytes(content)
        blob.chmod(0o444)
    return folder


def put(blobs: Path, target: FolderTarget, content: bytes, **more: object) -> Published:
    return publish(blobs / digest(content), target, NAME, digest(content), **more)  # type: ignore[arg-type]


def leftovers(target: FolderTarget) -> list[str]:
    return [path.name for path in target.root.rglob("*") if path.is_file() and path != target.path(NAME)]


def test_an_absent_file_is_copied_with_all_that_the_checkpoint_needs(
    blobs: Path, target: FolderTarget
) -> None:
    published = put(blobs, target, NEW)
    path = target.path(NAME)
    assert path.read_bytes() == NEW
    assert not published.reused
    assert (published.uri, published.path, published.s3_key) == (path.as_uri(), NAME, None)
    assert published.bytes == len(NEW)
    mtime = path.stat().st_mtime_ns
    assert published.record == {
        "uri": path.as_uri(),
        "sha256": digest(NEW),
        "bytes": len(NEW),
        "mtime_ns": mtime,
    }
    assert leftovers(target) == []


def test_a_copy_shares_nothing_with_the_blob(blobs: Path, target: FolderTarget) -> None:
    put(blobs, target, NEW)
    blob, path = blobs / digest(NEW), target.path(NAME)
    assert blob.stat().st_nlink == path.stat().st_nlink == 1
    path.write_bytes(b"edited in place")
    assert blob.read_bytes() == NEW


def test_the_same_content_is_reused_whoever_wrote_it(blobs: Path, target: FolderTarget) -> None:
    put(blobs, target, NEW)
    before = target.path(NAME).stat()
    again = put(blobs, target, NEW)
    after = target.path(NAME).stat()
    assert again.reused
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_our_older_file_is_replaced(blobs: Path, target: FolderTarget) -> None:
    older = put(blobs, target, OLD)
    newer = put(blobs, target, NEW, known=older.record)
    assert not newer.reused
    assert target.path(NAME).read_bytes() == NEW


def test_a_foreign_file_is_left_alone_and_named_with_a_hint(blobs: Path, target: FolderTarget) -> None:
    target.path(NAME).parent.mkdir(parents=True)
    target.path(NAME).write_bytes(FOREIGN)
    with pytest.raises(PublishConflict, match="maria_9x16") as caught:
        put(blobs, target, NEW)
    assert "--overwrite" in str(caught.value.hint)
    assert target.path(NAME).read_bytes() == FOREIGN
    assert leftovers(target) == []


def test_overwrite_replaces_a_foreign_file(blobs: Path, target: FolderTarget) -> None:
    target.path(NAME).parent.mkdir(parents=True)
    target.path(NAME).write_bytes(FOREIGN)
    assert not put(blobs, target, NEW, overwrite=True).reused
    assert target.path(NAME).read_bytes() == NEW


@pytest.mark.parametrize("damage", ["deleted", "changed", "truncated", "folder gone"])
def test_our_file_is_copied_again_when_it_was_changed_or_deleted(
    damage: str, blobs: Path, target: FolderTarget
) -> None:
    record = put(blobs, target, NEW).record
    assert is_current(target, NAME, record)
    path = target.path(NAME)
    match damage:
        case "deleted":
            path.unlink()
        case "changed":
            path.write_bytes(NEW[::-1])
        case "truncated":
            os.truncate(path, 100)
        case _:
            path.unlink()
            path.parent.rmdir()
    assert not is_current(target, NAME, record)
    assert not put(blobs, target, NEW, known=record).reused
    assert path.read_bytes() == NEW


def test_a_touched_file_of_the_same_content_is_current(blobs: Path, target: FolderTarget) -> None:
    record = put(blobs, target, NEW).record
    os.utime(target.path(NAME), (1, 1))
    assert is_current(target, NAME, record)


def test_a_changed_file_of_the_same_length_is_not_current(blobs: Path, target: FolderTarget) -> None:
    record = put(blobs, target, NEW).record
    target.path(NAME).write_bytes(b"x" * len(NEW))
    assert not is_current(target, NAME, record)


def test_four_thousand_files_are_checked_in_under_half_a_second(blobs: Path, target: FolderTarget) -> None:
    record = put(blobs, target, NEW).record
    started = time.process_time()
    assert all(is_current(target, NAME, record) for _ in range(4000))
    assert time.process_time() - started < 0.5


def test_a_link_in_place_of_a_file_is_foreign_and_its_goal_is_never_written(
    blobs: Path, target: FolderTarget, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(FOREIGN)
    record = put(blobs, target, OLD).record
    target.path(NAME).unlink()
    target.path(NAME).symlink_to(victim)
    assert not is_current(target, NAME, record)
    with pytest.raises(PublishConflict):
        put(blobs, target, NEW, known=record)
    put(blobs, target, NEW, overwrite=True)
    assert victim.read_bytes() == FOREIGN
    assert not target.path(NAME).is_symlink()
    assert target.path(NAME).read_bytes() == NEW


def test_a_link_to_our_own_content_is_not_taken_for_a_copy(blobs: Path, target: FolderTarget) -> None:
    target.path(NAME).parent.mkdir(parents=True)
    target.path(NAME).symlink_to(blobs / digest(NEW))
    with pytest.raises(PublishConflict):
        put(blobs, target, NEW)


@pytest.mark.parametrize("part", ["u1", "u1/p1", "u1/p1/glow"])
def test_nothing_is_written_through_a_linked_subfolder(
    part: str, blobs: Path, target: FolderTarget, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (target.root / part).parent.mkdir(parents=True)
    (target.root / part).symlink_to(elsewhere)
    with pytest.raises(StorageError, match="symbolic link"):
        put(blobs, target, NEW, overwrite=True)
    with pytest.raises(StorageError, match="symbolic link"):
        put_json(target, f"{NAME}.json", b"{}")
    assert list(elsewhere.iterdir()) == []


def test_a_file_where_a_folder_is_needed_is_reported(blobs: Path, target: FolderTarget) -> None:
    target.root.mkdir()
    (target.root / "u1").write_text("a file")
    with pytest.raises(StorageError, match="u1"):
        put(blobs, target, NEW)


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_is_a_conflict_and_never_waited_for(
    kind: str, blobs: Path, target: FolderTarget
) -> None:
    target.path(NAME).parent.mkdir(parents=True)
    if kind == "folder":
        target.path(NAME).mkdir()
    else:
        os.mkfifo(target.path(NAME))
    with pytest.raises(PublishConflict):
        put(blobs, target, NEW)


def test_a_target_that_is_itself_a_link_is_the_users_own_choice(blobs: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    put(blobs, FolderTarget(tmp_path / "out"), NEW)
    assert (tmp_path / "disk" / NAME).read_bytes() == NEW


@pytest.mark.parametrize("name", ["../x.mp4", "/x.mp4", "a//b", "a/../../x", ""])
def test_a_name_that_leads_elsewhere_is_refused(name: str, blobs: Path, target: FolderTarget) -> None:
    with pytest.raises(Exception, match="output"):
        publish(blobs / digest(NEW), target, name, digest(NEW))
    assert not target.root.exists()


def test_a_damaged_blob_never_reaches_the_target(blobs: Path, target: FolderTarget) -> None:
    blob = blobs / digest(NEW)
    blob.chmod(0o644)
    os.truncate(blob, 50)
    with pytest.raises(TaskFailed, match="damaged"):
        put(blobs, target, NEW)
    blob.unlink()
    with pytest.raises(TaskFailed, match="can't be read"):
        put(blobs, target, NEW)
    assert list(target.path(NAME).parent.iterdir()) == []


def test_a_read_only_file_system_is_a_storage_error(blobs: Path) -> None:
    with pytest.raises(StorageError) as caught:
        put(blobs, FolderTarget(Path("/proc/out")), NEW)
    assert caught.value.exit_code == 13


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip(f"a tmpfs can't be mounted here: {mount.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_reported_and_leaves_the_old_file_and_no_rest(
    small_disk: Path, blobs: Path, tmp_path: Path
) -> None:
    target = FolderTarget(small_disk)
    record = put(blobs, target, OLD).record
    big = tmp_path / "big"
    big.write_bytes(os.urandom(100_000))
    sha256 = hashlib.sha256(big.read_bytes()).hexdigest()
    with pytest.raises(StorageError, match="the disk is full") as caught:
        publish(big, target, NAME, sha256, known=record)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC
    assert target.path(NAME).read_bytes() == OLD
    assert leftovers(target) == []
    assert not put(blobs, target, NEW, known=record).reused


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everywhere: for a while be somebody else."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(me)


def test_a_folder_without_the_right_to_write_is_a_storage_error(blobs: Path, tmp_path: Path) -> None:
    root = tmp_path / "locked"
    root.mkdir(mode=0o555)
    with as_nobody(), pytest.raises(StorageError, match="Permission"):
        put(blobs, FolderTarget(root), NEW)


def test_a_read_only_mount_is_a_storage_error(small_disk: Path, blobs: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StorageError, match="Read-only"):
        put(blobs, FolderTarget(small_disk), NEW)
    with pytest.raises(StorageError):
        check(FolderTarget(small_disk))


def test_results_are_replaced_whoever_wrote_them_last(target: FolderTarget) -> None:
    put_json(target, "u1/results.json", b'{"run": 1}')
    put_json(target, "u1/results.json", b'{"run": 2}')
    assert target.path("u1/results.json").read_bytes() == b'{"run": 2}'


def test_results_are_not_written_through_a_link(target: FolderTarget, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(FOREIGN)
    (target.root / "u1").mkdir(parents=True)
    target.path("u1/results.json").symlink_to(victim)
    put_json(target, "u1/results.json", b"{}")
    assert victim.read_bytes() == FOREIGN
    assert target.path("u1/results.json").read_bytes() == b"{}"


def test_what_a_killed_run_left_is_cleared_and_what_a_living_one_writes_is_not(target: FolderTarget) -> None:
    put_json(target, "glow/results.json", b"{}")
    folder = target.path("glow")
    dead, alive = folder / ".adcli-part-dead", folder / ".adcli-part-alive"
    for part in (dead, alive):
        part.write_bytes(b"half a video")
        os.utime(part, (1, 1))
    with alive.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        put_json(target, "glow/results.json", b"{}")
    assert sorted(path.name for path in folder.iterdir()) == [alive.name, "results.json"]


def test_many_threads_publish_into_one_new_folder(blobs: Path, target: FolderTarget) -> None:
    def one(n: int) -> Published:
        return publish(blobs / digest(NEW), target, f"u1/glow/ad-{n}_1x1.mp4", digest(NEW))

    with ThreadPoolExecutor(16) as pool:
        published = list(pool.map(one, range(64)))
    assert len({item.uri for item in published}) == 64
    assert all(target.path(item.path).read_bytes() == NEW for item in published)


def test_doctor_learns_that_a_folder_can_be_written_and_nothing_stays(target: FolderTarget) -> None:
    assert "can be written" in check(target)
    assert list(target.root.iterdir()) == []

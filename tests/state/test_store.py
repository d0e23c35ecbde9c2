"""Checkpoints, blobs, runs and the lock on a real file system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adcli.errors import InvalidInput, StateLocked, StorageError
from adcli.state.checkpoint import Attempt, AttemptState, Checkpoint
from adcli.state.codec import Damaged, decode, encode
from adcli.state.lock import locked
from adcli.state.store import Store
from adcli.work import File

KEY = "ab" * 32


def checkpoint(**changes: object) -> Checkpoint:
    attempt = Attempt(1, "c", "replicate", "m", "e", AttemptState.ACCEPTED, "r", "0" * 64, 0.04, job="j1")
    return Checkpoint(KEY, "cd" * 32, "maria/hook/image", "c", {"stage": "image"}, (attempt,), **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path / "state")
    found.prepare()
    return found


def test_a_checkpoint_comes_back_as_it_was(store: Store) -> None:
    output = store.keep("Stop scrolling.")
    saved = checkpoint(
        outputs={"text": output}, seconds=1.5, notes=("a",), targets={"file:///x": {"bytes": 1}}
    )
    store.save(saved)
    assert store.checkpoint(KEY) == saved
    assert store.key_of(saved.recipe) == KEY


def test_an_unfinished_checkpoint_is_no_result_of_its_recipe(store: Store) -> None:
    store.save(checkpoint())
    assert store.key_of("cd" * 32) is None


def test_damage_at_any_byte_is_seen() -> None:
    data = encode(checkpoint())
    for cut in range(len(data) - 1):
        with pytest.raises(Damaged):
            decode(data[:cut])
    for place in range(0, len(data) - 1, 7):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(Damaged):
            decode(flipped)


def test_a_damaged_checkpoint_reads_as_none_and_is_remembered(store: Store) -> None:
    store.save(checkpoint())
    path = next((store.root / "checkpoints").glob("*/*.json"))
    path.write_bytes(path.read_bytes()[:40])
    assert store.checkpoint(KEY) is None
    assert KEY in store.damaged
    store.set_aside(KEY)
    assert not path.exists()
    assert path.with_suffix(".damaged").exists()


def test_a_blob_is_named_by_its_content_and_its_damage_is_seen(store: Store, tmp_path: Path) -> None:
    made = tmp_path / "a.png"
    made.write_bytes(b"picture")
    output = store.keep(File(made, "image/png", {"width": 3}))
    assert store.blob_path(output.sha256).read_bytes() == b"picture"
    assert not made.exists()
    fresh = Store(store.root)
    assert fresh.is_sound(output)
    store.blob_path(output.sha256).chmod(0o644)
    store.blob_path(output.sha256).write_bytes(b"pictura")
    other = Store(store.root)
    assert other.has(output)
    assert not other.is_sound(output)


def test_leftovers_of_a_killed_writer_are_swept(store: Store) -> None:
    leftover = store.root / "checkpoints" / ".tmp-abc"
    leftover.write_bytes(b"half")
    store.prepare()
    assert not leftover.exists()


def test_a_link_inside_the_state_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "state"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "blobs").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="symbolic link"):
        Store(root).prepare()


def test_a_state_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "format").write_text("2\n")
    with pytest.raises(InvalidInput, match="format"):
        Store(tmp_path)


def test_open_jobs_are_found_and_cleared(store: Store) -> None:
    store.mark_open(KEY)
    assert store.open_keys() == (KEY,)
    store.clear_open(KEY)
    store.clear_open(KEY)
    assert store.open_keys() == ()


def test_a_second_process_is_refused_while_the_first_holds_the_lock(tmp_path: Path) -> None:
    imports = "from adcli.state.lock import locked\nfrom pathlib import Path\n"
    code = f"{imports}with locked(Path({str(tmp_path)!r})): pass"
    with locked(tmp_path):
        held = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        with pytest.raises(StateLocked, match=str(os.getpid())):
            locked(tmp_path).__enter__()
    assert "StateLocked" in held.stderr
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

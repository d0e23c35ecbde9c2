"""Durable files: what is acknowledged here survives a crash and a power cut.

A file is written as a temporary in its own folder, fsynced, renamed, and the folder is
fsynced, so that a reader sees the old content or the new, never a part of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from adcli.errors import StorageError

_CHUNK = 1 << 20
TEMPORARY = ".tmp-"


@contextlib.contextmanager
def storage_errors(what: str) -> Iterator[None]:
    """Turns an ``OSError`` met inside into a StorageError about ``what``."""
    try:
        yield
    except OSError as error:
        raise StorageError.of(error, what) from error


def ensure_folder(path: Path) -> None:
    """Makes a folder and its parents; raises StorageError when a symlink or file stands there."""
    with storage_errors(str(path)):
        path.mkdir(parents=True, exist_ok=True, mode=0o755)
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise StorageError(
                f"{path} is a symbolic link, and adcli does not write through links in its state",
                hint="replace it by a folder",
            )


def sync_folder(path: Path) -> None:
    """Makes renames inside a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replaces ``path`` by ``data``; ``durable=False`` skips both fsyncs (for what can be rebuilt)."""
    ensure_folder(path.parent)
    with storage_errors(str(path)):
        descriptor, name = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        if durable:
            sync_folder(path.parent)


def sha256_of(path: Path) -> str:
    """Lower-case hexadecimal sha256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def adopt(source: Path, target: Path) -> None:
    """Moves a finished file to its durable place, also across file systems."""
    ensure_folder(target.parent)
    with storage_errors(str(target)):
        if source.stat().st_dev != target.parent.stat().st_dev:
            source = _copy_beside(source, target)
        with source.open("rb+") as file:
            os.fsync(file.fileno())
        source.chmod(0o444)
        source.replace(target)
        sync_folder(target.parent)


def _copy_beside(source: Path, target: Path) -> Path:
    descriptor, name = tempfile.mkstemp(prefix=TEMPORARY, dir=target.parent)
    with os.fdopen(descriptor, "wb") as out, source.open("rb") as data:
        while chunk := data.read(_CHUNK):
            out.write(chunk)
    return Path(name)


def sweep_temporaries(folder: Path) -> None:
    """Removes what a killed writer left behind; only under the run's lock."""
    for leftover in folder.rglob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            leftover.unlink()

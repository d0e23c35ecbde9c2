"""Publishing into a folder: copies, never links, and never writes through a symbolic link.

Every step goes through descriptors of folders that were opened without following links, so
that nothing another process plants in the output folder leads a write elsewhere.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from adcli.errors import PublishConflict, StorageError, TaskFailed
from adcli.keys import Json
from adcli.publish.target import FolderTarget, Published, Verdict, checked_parts, judge

_CHUNK = 1 << 20
_PART = ".adcli-part-"
_JUST_MADE = 60
"""Seconds in which a temporary may not be claimed yet by the process that made it."""

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_HINT = "--overwrite replaces it; or give output.to another folder"


def publish(
    source: Path,
    target: FolderTarget,
    name: str,
    sha256: str,
    *,
    overwrite: bool = False,
    known: Mapping[str, Json] | None = None,
) -> Published:
    """Copies ``source``, whose content has that ``sha256``, to ``name`` below the target.

    ``known`` is the record of what this campaign last wrote there: its file is replaced, also when it
    was changed since. Raises PublishConflict for anybody else's file, StorageError when the target
    can't be written, TaskFailed when ``source`` is damaged or gone.
    """
    path = target.path(name)
    with _errors(path), _folder_of(target, name, create=True) as (folder, leaf):
        seen = _look(folder, leaf)
        same = seen is not None and seen.regular and _sha256(folder, leaf) == sha256
        ours = known is not None and seen is not None and seen.regular
        match judge(present=seen is not None, same=same, ours=ours, overwrite=overwrite):
            case Verdict.CONFLICT:
                raise PublishConflict(f"{path} was not written by this campaign", hint=_HINT)
            case Verdict.REUSE:
                status = os.stat(leaf, dir_fd=folder, follow_symlinks=False)
            case Verdict.CREATE | Verdict.REPLACE:
                with _readable(source) as data:
                    status = _replace(folder, leaf, _verified(data, sha256), seen)
    record: dict[str, Json] = {
        "uri": target.uri(name),
        "sha256": sha256,
        "bytes": status.st_size,
        "mtime_ns": status.st_mtime_ns,
    }
    return Published(target.uri(name), name, None, status.st_size, record, reused=same)


def is_current(target: FolderTarget, name: str, record: Mapping[str, Json]) -> bool:
    """The file still is what ``record`` says: by length and time of change, else by its sha256."""
    try:
        with _folder_of(target, name, create=False) as (folder, leaf):
            status = os.stat(leaf, dir_fd=folder, follow_symlinks=False)
            if not stat.S_ISREG(status.st_mode) or status.st_size != record.get("bytes"):
                return False
            return status.st_mtime_ns == record.get("mtime_ns") or _sha256(folder, leaf) == record.get(
                "sha256"
            )
    except (OSError, StorageError):
        return False


def put_json(target: FolderTarget, name: str, data: bytes) -> None:
    """Replaces a file that is always ours, such as ``results.json``; clears what killed runs left there."""
    with _errors(target.path(name)), _folder_of(target, name, create=True) as (folder, leaf):
        _sweep(folder)
        _replace(folder, leaf, [data], _look(folder, leaf))


def check(target: FolderTarget) -> str:
    """A sentence for ``doctor`` after a file was written and removed; raises StorageError."""
    with _errors(target.root), _folder_of(target, f"{_PART}check", create=True) as (folder, leaf):
        _replace(folder, leaf, [b""], _look(folder, leaf))
        os.unlink(leaf, dir_fd=folder)
    return f"{target.root} can be written"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What identifies the file that stood under a name."""

    regular: bool
    inode: int
    size: int
    mtime_ns: int


def _look(folder: int, leaf: str) -> _Seen | None:
    try:
        status = os.stat(leaf, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _Seen(stat.S_ISREG(status.st_mode), status.st_ino, status.st_size, status.st_mtime_ns)


@contextlib.contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError.of(error, str(path)) from error


@contextlib.contextmanager
def _folder_of(target: FolderTarget, name: str, *, create: bool) -> Iterator[tuple[int, str]]:
    """Descriptor of the folder that holds ``name``, and the last part of the name."""
    *folders, leaf = checked_parts(name)
    if create:
        target.root.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as opened:
        descriptor = os.open(target.root, _OPEN_FOLDER)
        opened.callback(os.close, descriptor)
        path = target.root
        for part in folders:
            path /= part
            descriptor = _enter(descriptor, part, path, create=create)
            opened.callback(os.close, descriptor)
        yield descriptor, leaf


def _enter(parent: int, part: str, path: Path, *, create: bool) -> int:
    try:
        return os.open(part, _OPEN_FOLDER | os.O_NOFOLLOW, dir_fd=parent)
    except FileNotFoundError:
        if not create:
            raise
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        raise StorageError(
            f"{path} is a symbolic link or a file where a folder is needed, and adcli writes through no link",
            hint="remove it, or give output.to another folder",
        ) from error
    with contextlib.suppress(FileExistsError):
        os.mkdir(part, 0o755, dir_fd=parent)
        _sync(parent)
    return _enter(parent, part, path, create=False)


def _sync(folder: int) -> None:
    """Makes what was renamed or made in a folder durable, where its file system can (CIFS and FAT can't)."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


@contextlib.contextmanager
def _readable(source: Path) -> Iterator[Iterator[bytes]]:
    """Content of ``source``; a failure to open it is the task's, not the target's."""
    try:
        file = source.open("rb")
    except OSError as error:
        raise TaskFailed(
            f"{source} can't be read: {error.strerror}", hint="run again to make it anew"
        ) from error
    with file:
        yield iter(lambda: file.read(_CHUNK), b"")


def _verified(chunks: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """The chunks; raises TaskFailed after the last one when they are not what ``sha256`` names."""
    seen = hashlib.sha256()
    for chunk in chunks:
        seen.update(chunk)
        yield chunk
    if seen.hexdigest() != sha256:
        raise TaskFailed("the finished file is damaged in the state folder", hint="run again to make it anew")


def _replace(folder: int, leaf: str, chunks: Iterable[bytes], seen: _Seen | None) -> os.stat_result:
    """Puts the chunks in place of ``leaf`` at once and durably, if it still is what was ``seen``."""
    part = f"{_PART}{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(part, flags, 0o644, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as out:
            _claim(out.fileno())
            out.writelines(chunks)
            out.flush()
            os.fsync(out.fileno())
            if _look(folder, leaf) != seen:
                raise PublishConflict(f"{leaf} was changed by another program just now", hint=_HINT)
            os.replace(part, leaf, src_dir_fd=folder, dst_dir_fd=folder)
            status = os.fstat(out.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part, dir_fd=folder)
        raise
    _sync(folder)
    return status


def _claim(descriptor: int) -> bool:
    """Marks a temporary as in use by a living process; True also where files can't be locked."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _sweep(folder: int) -> None:
    """Removes temporaries that no living process holds."""
    for name in os.listdir(folder):
        if name.startswith(_PART):
            with contextlib.suppress(OSError):
                _remove_if_dead(folder, name)


def _remove_if_dead(folder: int, part: str) -> None:
    descriptor = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        age = time.time() - os.fstat(descriptor).st_mtime
        if age > _JUST_MADE and _claim(descriptor):
            os.unlink(part, dir_fd=folder)
    finally:
        os.close(descriptor)


def _sha256(folder: int, leaf: str) -> str:
    descriptor = os.open(leaf, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

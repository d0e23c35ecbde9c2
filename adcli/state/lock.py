"""One run at a time per state: an flock that the kernel drops when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from adcli.errors import StateLocked
from adcli.state.files import ensure_folder, storage_errors


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Holds the state's lock; raises StateLocked at once when another process does."""
    ensure_folder(root)
    path = root / "lock"
    with storage_errors(str(path)):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise StateLocked(
                f"another run (process {holder}) is using {root}",
                hint="wait for it, or give this one its own --state",
            ) from None
        with contextlib.suppress(OSError):  # the note is for people: a full disk is told of by who needs it
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(root: Path) -> int | None:
    """Process id of the run that holds the state, as far as can be told without touching the lock."""
    try:
        number = int((root / "lock").read_text("ascii", errors="replace").strip())
        os.kill(number, 0)
    except (OSError, ValueError):
        return None
    return number

"""Watches what a process does to disk and network, and kills it, or breaks one call, at a named moment.

It stands at the operating system's functions, not at adcli's own: the product knows nothing of it.
A moment is ``NAME`` and a number, such as the third ``fsync checkpoints`` or the first ``send POST``.
"""

from __future__ import annotations

import builtins
import io
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PARTS = ("checkpoints", "recipes", "open", "blobs", "history", "runs", "published", "work")
_WRITING = frozenset("wax+")


@dataclass(frozen=True, slots=True)
class Stop:
    """What happens at the ``nth`` moment of a name (``*``: of any): death, or an error of that number.

    ``after``: once the call has been carried out. ``lasting``: every later one of that name fails, too.
    ``seconds``: death after so many seconds instead, at whatever moment that is.
    """

    name: str = "*"
    nth: int = 1
    after: bool = False
    errno: int | None = None
    lasting: bool = False
    seconds: float | None = None

    def __str__(self) -> str:
        if self.seconds is not None:
            return f"after {self.seconds * 1000:.0f} ms"
        what = os.strerror(self.errno) if self.errno else "killed"
        return f"{what} {'after' if self.after else 'before'} {self.name} #{self.nth}"


class Tap:
    """Counts moments by name from when it is put in; ``seen`` holds them in order."""

    def __init__(self, root: Path, stop: Stop | None = None) -> None:
        self.root = str(root)
        self.seen: list[str] = []
        self._stop = stop
        self._counts: Counter[str] = Counter()
        self._lock = threading.RLock()

    def call(self, name: str, real: Callable[..., Any], *args: Any, **given: Any) -> Any:
        """Carries a call out, unless this is its moment."""
        due = self._is_due(name)
        if due and self._stop and not self._stop.after:
            self._now(self._stop)
        found = real(*args, **given)
        if due and self._stop and self._stop.after:
            self._now(self._stop)
        return found

    def _is_due(self, name: str) -> bool:
        with self._lock:
            self.seen.append(name)
            self._counts[name] += 1
            stop = self._stop
            if stop is None or stop.seconds is not None or stop.name not in ("*", name):
                return False
            count = len(self.seen) if stop.name == "*" else self._counts[name]
            return count == stop.nth or (stop.lasting and count > stop.nth)

    def _now(self, stop: Stop) -> None:
        if stop.errno is None:
            os.kill(os.getpid(), signal.SIGKILL)
            threading.Event().wait()
        raise OSError(stop.errno, os.strerror(stop.errno or 0))

    def part(self, path: Any) -> str:
        """Which part of the state, or what else, a path or descriptor belongs to."""
        try:
            found = (
                str(Path(f"/proc/self/fd/{path}").readlink()) if isinstance(path, int) else os.fspath(path)
            )
        except OSError:
            return "elsewhere"
        if not isinstance(found, str) or not found.startswith(self.root):
            return "elsewhere"
        below = found[len(self.root) :].strip("/").split("/")
        if below[0] == "out":
            return "out"
        return next((part for part in below[1:2] if part in PARTS), "state")


def put_in(tap: Tap) -> None:
    """From now on, and for good, this process's calls go through the tap. Only for a forked child."""
    for name in ("replace", "rename", "link"):
        _tap_os(tap, name, "rename", argument=1)
    for name in ("unlink", "remove", "rmdir"):
        _tap_os(tap, name, "unlink")
    for name in ("fsync", "mkdir"):
        _tap_os(tap, name, name)
    _tap_create(tap)
    _tap_files(tap)
    _tap_sockets(tap)


def _tap_os(tap: Tap, function: str, name: str, argument: int = 0) -> None:
    real = getattr(os, function)

    def tapped(*args: Any, **given: Any) -> Any:
        part = tap.part(given.get("dir_fd") or args[argument])
        return (
            real(*args, **given) if part == "elsewhere" else tap.call(f"{name} {part}", real, *args, **given)
        )

    setattr(os, function, tapped)


def _tap_create(tap: Tap) -> None:
    real = os.open

    def tapped(path: Any, flags: int, *args: Any, **given: Any) -> int:
        part = tap.part(path)
        if not flags & os.O_CREAT or part == "elsewhere":
            return real(path, flags, *args, **given)
        opened: int = tap.call(f"create {part}", real, path, flags, *args, **given)
        return opened

    os.open = tapped


def _tap_files(tap: Tap) -> None:
    """Files opened for writing get a raw layer whose ``write`` is a moment."""
    real = io.open

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            part = tap.part(self.fileno())
            if part == "elsewhere":
                return super().write(data)
            written: int = tap.call(f"write {part}", super().write, data)
            return written

    def tapped(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **given: Any) -> Any:
        if not _WRITING & set(mode) or buffering == 0:
            return real(file, mode, buffering, *args, **given)
        closefd, opener = given.pop("closefd", True), given.pop("opener", None)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        buffered = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *args, **given)

    io.open = builtins.open = tapped


def _tap_sockets(tap: Tap) -> None:
    """``send METHOD`` is a request's head, ``send body`` the rest, ``answer METHOD`` an answer's start."""
    asked: dict[int, str] = {}
    send, recv = socket.socket.send, socket.socket.recv

    def sent(self: socket.socket, data: Any, *flags: int) -> int:
        if self.family != socket.AF_INET:
            return send(self, data, *flags)  # how asyncio wakes itself up
        method = bytes(data[:8]).split(b" ")[0].decode("latin-1")
        known = method in ("GET", "POST", "PUT", "DELETE", "HEAD")
        asked[self.fileno()] = method if known else asked.get(self.fileno(), "body")
        count: int = tap.call(f"send {method if known else 'body'}", send, self, data, *flags)
        return count

    def received(self: socket.socket, size: int, *flags: int) -> bytes:
        method = asked.pop(self.fileno(), None)
        if method is None:
            return recv(self, size, *flags)
        data: bytes = tap.call(f"answer {method}", recv, self, size, *flags)
        return data

    socket.socket.send = sent  # type: ignore[method-assign, assignment]
    socket.socket.recv = received  # type: ignore[method-assign, assignment]

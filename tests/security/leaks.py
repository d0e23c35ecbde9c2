"""Looks for emulated keys in everything that a run has written, plain and in the usual disguises."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.emulator.world import CANARY


def _disguises(word: str) -> frozenset[bytes]:
    """The word as it looks inside anything that was encoded around it."""
    raw = word.encode()
    found = {raw, raw.hex().encode(), raw[::-1], raw.decode().encode("utf-16-le")}
    for before in range(3):  # base64 has three forms of a text, by where in the whole it begins
        written = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        inner = written[(8 * before + 5) // 6 : (before + len(raw)) * 8 // 6]
        found |= {inner.encode(), inner.replace("+", "-").replace("/", "_").encode()}
    return frozenset(found)


NEEDLES = _disguises(CANARY)


def leaks_in(name: str, data: bytes) -> list[str]:
    """Where a key stands in some bytes, with what is around it."""
    found = []
    for needle in NEEDLES:
        at = data.lower().find(needle.lower())
        if at >= 0:
            found.append(f"{name}: …{data[max(0, at - 80) : at + 80]!r}…")
    return found


def leaks_below(folder: Path) -> list[str]:
    """All of a folder's files, hidden ones too, by name and content."""
    found = []
    for path in sorted(folder.rglob("*")):
        found += leaks_in(f"name of {path}", str(path.relative_to(folder)).encode())
        if path.is_file():
            found += leaks_in(str(path), path.read_bytes())
    return found


@contextmanager
def watched_processes(of: int) -> Iterator[set[bytes]]:
    """Collects the command lines of all processes below one, until the block ends."""
    seen: set[bytes] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            seen.update(_command_lines(of))
            time.sleep(0.005)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _command_lines(of: int) -> Iterable[bytes]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    for number in parents:
        at = number
        while at in parents and at != of:
            at = parents[at]
        if at == of:
            try:
                yield Path(f"/proc/{number}/cmdline").read_bytes()
            except OSError:
                continue

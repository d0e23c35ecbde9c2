"""Damaged state: every file cut, altered or deleted; never a wrong result, never a second charge unasked."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash import oracle
from tests.crash.harness import Harness, budget_of, edit
from tests.crash.taps import Stop
from tests.crash.test_disk import SINGLES
from tests.emulator.server import Emulator

pytestmark = pytest.mark.crash
TRADE, SEED = SINGLES["replicate"], 20261121
FINISHED, HELD, REFUSED, DISK = 0, 7, 3, 13
ACCEPTED = Stop("rename checkpoints", 4, after=True)
"""The moment after the job's id has been written down."""
SENT = Stop("answer POST", 1)
"""The moment at which the service has the call, and its answer has not been read."""

Damage = Callable[[bytes, random.Random], bytes | None]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    if not data:
        return b"\x00"
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


DAMAGES: dict[str, Damage] = {
    "deleted": lambda *_: None,
    "emptied": lambda *_: b"",
    "cut": lambda data, chance: data[: chance.randrange(max(1, len(data)))],
    "flipped": _flipped,
    "garbage": lambda data, chance: chance.randbytes(len(data) or 7),
}


SEVERAL = ("cut", "flipped")


@dataclass(frozen=True, slots=True)
class Before:
    """A campaign's folder before the damage, and the world that its calls were made in."""

    folder: Path
    emulator: Emulator

    @property
    def files(self) -> list[str]:
        """All files of the state, by their path below it."""
        root = self.folder / ".adcli"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    def copy(self, number: int) -> Path:
        """The same in a folder of its own; gives the campaign's file."""
        made = self.folder.with_name(f"{self.folder.name}-{number}")
        shutil.copytree(self.folder, made)
        return made / "campaign.yaml"


def started(harness: Harness, stop: Stop | None) -> Before:
    """One run to its end, or to the moment of its death; the next one needs another ratio of the picture."""
    file, emulator = harness.begin(TRADE, budget=budget_of(TRADE, 5))
    ended = harness.run(file, TRADE, emulator, stop=stop)
    assert ended.killed if stop else ended.code == 0
    assert len(emulator.charges()) == 1
    edit(file, aspect_ratios=["1:1", "4:5"])
    return Before(file.parent, emulator)


def damaged(before: Before, part: str, number: int, damage: Damage, chance: random.Random) -> Path:
    """A copy in which one file is damaged; gives the campaign's file."""
    file = before.copy(number)
    path = file.parent / ".adcli" / part
    data = damage(path.read_bytes(), chance)
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    return file


def complaint(harness: Harness, before: Before, file: Path, part: str) -> str | None:
    """What is wrong with a run over damaged state, if anything is."""
    ended = harness.run(file, TRADE, before.emulator)
    charges = len(before.emulator.charges())
    if charges != 1:
        return f"{charges} charges"
    if ended.trace or ended.code not in (FINISHED, HELD, REFUSED, DISK):
        return f"ended with {ended.code}: {ended.trace or ended.message}"
    if ended.code in (REFUSED, DISK) and Path(part).name not in str(ended.message):
        return f"refused in other words: {ended.message}"
    if ended.code == HELD and "checkpoints" not in part:
        return "held for no reason"
    if ended.code == FINISHED:
        wanted = harness.reference(TRADE).files
        found = oracle.files_of(file.parent)
        if {name: found.get(name) for name in wanted} != wanted:
            return "another result"
    return None


MOMENTS = {"finished": None, "sent": SENT, "accepted": ACCEPTED}
UNSEEN = pytest.mark.xfail(strict=True, reason="open/ doesn't tell that a running call's checkpoint is gone")
CASES = [
    pytest.param(moment, name, marks=[UNSEEN] if name == "deleted" and moment else [], id=f"{when}-{name}")
    for when, moment in MOMENTS.items()
    for name in DAMAGES
]


@pytest.mark.parametrize(("moment", "name"), CASES)
def test_no_damage_to_one_file_costs_a_second_call_or_gives_a_wrong_result(
    moment: Stop | None, name: str, harness: Harness
) -> None:
    before, chance, wrong = started(harness, moment), random.Random(SEED), []
    numbers = [number for number in range(len(before.files)) for _ in range(2 if name in SEVERAL else 1)]
    for copy, number in enumerate(numbers):
        part = before.files[number]
        file = damaged(before, part, copy, DAMAGES[name], chance)
        told = complaint(harness, before, file, part)
        if told:
            wrong.append(f"{part}: {told}")
            before = started(harness, moment)
        shutil.rmtree(file.parent)
    assert wrong == []

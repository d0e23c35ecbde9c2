"""What a test asks of the nursery, and what it hears back; and the nursery's other end."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from tests.crash.taps import Stop
from tests.emulator.server import Emulator

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Order:
    """One run of a campaign. ``clock`` moves its clock by so many seconds, ``makers`` names who stands in.

    ``timeout``: seconds after which its HTTP clients give up an answer, instead of their usual ones.
    """

    file: str
    environ: Mapping[str, str]
    patience: float = 0.003
    settings: Mapping[str, Any] = field(default_factory=dict)
    makers: str = "hands"
    stop: Stop | None = None
    clock: float = 0.0
    timeout: float | None = None

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Order:
        stop = document.get("stop")
        return cls(**{**document, "stop": Stop(**stop) if stop else None})


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. ``trace`` is a crash of ours; ``seen`` all moments that were passed."""

    killed: bool = False
    code: int = 1
    result: dict[str, Any] | None = None
    message: str | None = None
    notes: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    trace: str | None = None

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Ended:
        return cls(**{name.name: document[name.name] for name in fields(cls)})

    def status(self, task: str) -> str:
        assert self.result, self
        return next(str(found["status"]) for found in self.result["tasks"] if found["id"] == task)


class Nursery:
    """The nursery's process as seen from a test."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, order: Order) -> Ended:
        """One run to its end, or to its death."""
        (ended,) = self.run_all([order])
        return ended

    def run_all(self, orders: Sequence[Order]) -> list[Ended]:
        """Runs that all start at the same moment."""
        told = self._ask(do="run", orders=[asdict(order) for order in orders])
        return [Ended.from_json(document) for document in told]

    def emulator(self, ledger: Path) -> Emulator:
        """An emulator that lives as long as the nursery."""
        return Emulator(f"http://127.0.0.1:{self._ask(do='emulate', ledger=str(ledger))}", ledger)

    def _ask(self, **order: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise AssertionError("the nursery died")
        return json.loads(answer)


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery until the block ends."""
    command = [sys.executable, "-m", "tests.crash.nursery"]
    with subprocess.Popen(
        command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Nursery(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)

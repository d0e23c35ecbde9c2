"""The charge ledger: one line for every accepted POST, on disk before the answer is sent."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Charge:
    """One accepted POST. ``input_sha256`` is that of the input as sorted JSON; ``at`` is RFC 3339 UTC."""

    n: int
    at: str
    service: str
    model: str
    job: str
    input_sha256: str
    prompt: str


class Ledger:
    """Appends to a file, fsynced line by line: the oracle of what was paid for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count = len(read(path))

    def charge(self, *, at: str, service: str, model: str, job: str, given: Mapping[str, Any]) -> None:
        """Books one accepted POST; durable when this returns."""
        self._count += 1
        prompt = str(given.get("prompt", ""))[:200]
        charge = Charge(self._count, at, service, model, job, input_digest(given), prompt)
        with self.path.open("ab") as file:
            file.write(json.dumps(asdict(charge)).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())


def read(path: Path) -> list[Charge]:
    """All charges of a ledger file, oldest first; none when the file isn't there."""
    if not path.exists():
        return []
    return [Charge(**json.loads(line)) for line in path.read_bytes().splitlines()]


def paid_twice(charges: list[Charge]) -> dict[str, int]:
    """Prompts of the inputs that were accepted more than once for one model, with how often."""
    counted = Counter((charge.model, charge.input_sha256, charge.prompt) for charge in charges)
    return {prompt: count for (_, _, prompt), count in counted.items() if count > 1}


def input_digest(given: Mapping[str, Any]) -> str:
    """sha256 of an input that doesn't depend on the order of its fields."""
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()

"""What all emulated services of one server share: orders, ledger, settings, clock, media folder."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.emulator.faults import Faults
from tests.emulator.jobs import Pace
from tests.emulator.ledger import Ledger

CANARY = "emulator_CANARY"
"""Part of every key that the emulator takes: a test greps all that adcli writes for it."""


@dataclass(slots=True)
class Settings:
    """What a test may change. ``retention`` and ``skew`` (the services' clock minus ours) are in seconds."""

    token: str = f"r8_{CANARY}"
    pace: Pace = field(default_factory=Pace)
    retention: float = 3600.0
    skew: float = 0.0
    at_once: int | None = None
    """How many calls an account may have running where a service refuses more; None: the service's usual."""


class World:
    """Shared by all services of one emulator."""

    def __init__(self, ledger: Path) -> None:
        self.faults = Faults()
        self.ledger = Ledger(ledger)
        self.settings = Settings()
        self.tokens_sent_to_files = 0

    def now(self) -> float:
        """The services' clock."""
        return time.time() + self.settings.skew

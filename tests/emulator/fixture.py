"""Fixtures: an emulator of the paid services for one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.server import Emulator, in_process, in_thread


@pytest.fixture
def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator in a thread; the environment points to it."""
    with in_thread(tmp_path / "ledger.jsonl") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def emulator_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator in a process of its own, for tests that kill its client."""
    with in_process(tmp_path / "ledger.jsonl") as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running

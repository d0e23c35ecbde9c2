"""What several modules start from: a buyer, and an undisturbed run of a real campaign."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.crash import Reference, make_reference
from tests.emulator.server import Emulator
from tests.engine.buying import Buyer


@pytest.fixture
def buyer(tmp_path: Path, emulator: Emulator) -> Buyer:
    return Buyer(tmp_path / "ads", emulator)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Whatever uses it belongs to the xdist group ``crash``, so that it is made once."""
    return make_reference(tmp_path_factory.mktemp("reference"))

"""Fixture: one harness for all tests of a worker, as its nursery takes a second to warm up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash import harness as harnesses
from tests.crash.harness import Harness


@pytest.fixture(scope="session")
def harness() -> Iterator[Harness]:
    """Runs campaigns in forked children, against an emulator that outlives them."""
    with harnesses.harness() as found:
        yield found

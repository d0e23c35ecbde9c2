"""One harness for all tests of a worker: its nursery takes half a second to warm up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash import harness as harnesses
from tests.crash.harness import Harness


@pytest.fixture(scope="session")
def harness() -> Iterator[Harness]:
    with harnesses.harness() as found:
        yield found

"""kill -9 at random instants of a real run: the next run goes on as if nothing had happened."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from benchmarks.crash import Reference, trial

pytestmark = [pytest.mark.crash, pytest.mark.media, pytest.mark.xdist_group("crash")]
SEED = 20261121


def instants(count: int) -> list[float]:
    """Parts of a run's length, one in each of its equal stretches."""
    chance = random.Random(SEED)
    return [(number + chance.random()) / count for number in range(count)]


@pytest.mark.parametrize("part", instants(4), ids=lambda part: f"{part:.2f}")
def test_a_run_that_was_killed_is_finished_by_the_next(
    part: float, reference: Reference, tmp_path: Path
) -> None:
    folder = tmp_path / "ads"
    shutil.copytree(reference.warm, folder, symlinks=True)
    outcome = trial(folder, reference, 0.3 + part * (reference.warm_seconds - 0.3))
    assert outcome.wrong == (), outcome

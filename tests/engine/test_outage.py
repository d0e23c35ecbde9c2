"""One service is down for an hour: others go on, nothing is lost, and nothing is bought twice."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.crash.harness import Harness
from tests.crash.orders import Ended
from tests.crash.trades import SPEAKERS, Trade
from tests.emulator.faults import Fault, Kind
from tests.emulator.ledger import paid_twice
from tests.emulator.server import Emulator
from tests.engine.buying import MODEL
from tests.engine.studio import CAMPAIGN

TRADE = Trade(
    "two services",
    {
        **CAMPAIGN,
        "aspect_ratios": ["9:16"],
        "product": {"name": "Glow Serum", "benefits": ["calm skin"]},
        "characters": SPEAKERS,
        "providers": {"image": f"replicate:{MODEL}", "voice": "elevenlabs:eleven_multilingual_v2"},
    },
    bought=(),
    usd={},
    total=0,
    create="create",
)
ROUTES = ("create", "get", "list", "model", "account", "version", "upload", "download")
"""All that Replicate answers."""
HOUR = 0.001
"""Patience at which the two hours that an outage is waited for take 7 s."""


def goes_down(emulator: Emulator, kind: Kind) -> None:
    """From now on Replicate gives no good answer."""
    emulator.order(*(Fault(route, kind, status=503) for route in ROUTES))


@contextlib.contextmanager
def down_in_mid_run(emulator: Emulator, kind: Kind, seconds: float | None) -> Iterator[None]:
    """Replicate goes down once it has taken two calls, and comes back after so many seconds, if it does."""

    def watch() -> None:
        while emulator.calls("create") < 2:
            time.sleep(0.005)
        goes_down(emulator, kind)
        if seconds is not None:
            time.sleep(seconds)
            emulator.reset()

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield
    watcher.join()


def by_stage(ended: Ended) -> dict[str, set[str]]:
    """How the tasks of each stage ended."""
    assert ended.result, ended
    found: dict[str, set[str]] = {}
    for task in ended.result["tasks"]:
        found.setdefault(task["id"].rpartition("/")[2].partition("@")[0], set()).add(task["status"])
    return found


def charged(emulator: Emulator) -> dict[str, int]:
    charges = emulator.charges()
    assert paid_twice(charges) == {}
    services = [charge.service for charge in charges]
    return {name: services.count(name) for name in sorted(set(services))}


@pytest.fixture(scope="module")
def all_charges(harness: Harness) -> dict[str, int]:
    """Of a run without any outage."""
    file, emulator = harness.begin(TRADE)
    assert harness.run(file, TRADE, emulator).code == 0
    found = charged(emulator)
    assert found.keys() == {"replicate", "elevenlabs"}
    assert min(found.values()) >= 3
    return found


@pytest.mark.parametrize("kind", [Kind.DROP, Kind.STATUS])
def test_the_other_service_goes_on_and_the_next_run_buys_the_rest(
    kind: Kind, all_charges: dict[str, int], harness: Harness
) -> None:
    file, emulator = harness.begin(TRADE)
    goes_down(emulator, kind)
    ended = harness.run(file, TRADE, emulator, patience=HOUR)
    assert ended.code == 5
    stages = by_stage(ended)
    assert stages["voice"] <= {"done", "shared"}
    assert stages["image"] == {"failed"}
    assert charged(emulator) == {"elevenlabs": all_charges["elevenlabs"]}
    assert all("replicate" in str(error) for error in errors(ended))
    emulator.reset()
    assert harness.run(file, TRADE, emulator).code == 0
    assert charged(emulator) == all_charges
    assert emulator.calls("elevenlabs.speech") == 0


@pytest.mark.parametrize("kind", [Kind.DROP, Kind.STATUS])
def test_an_outage_in_mid_run_is_waited_out(
    kind: Kind, all_charges: dict[str, int], harness: Harness
) -> None:
    file, emulator = harness.begin(TRADE)
    with down_in_mid_run(emulator, kind, 1.5):
        ended = harness.run(file, TRADE, emulator, patience=HOUR)
    assert ended.code == 0, errors(ended)
    assert charged(emulator) == all_charges


def test_an_outage_that_outlasts_the_run_leaves_nothing_behind_and_nothing_twice(
    all_charges: dict[str, int], harness: Harness
) -> None:
    file, emulator = harness.begin(TRADE)
    emulator.order(Fault("create", Kind.DROP, nth=(2,), accepted=True))
    with down_in_mid_run(emulator, Kind.STATUS, None):
        ended = harness.run(file, TRADE, emulator, patience=HOUR / 4)
    assert ended.code == 5
    emulator.reset()
    assert harness.run(file, TRADE, emulator).code == 0
    assert charged(emulator) == all_charges


def errors(ended: Ended) -> list[Any]:
    """Errors of the tasks that failed by themselves."""
    assert ended.result, ended
    return [task["error"] for task in ended.result["tasks"] if task["error"]]


def test_a_service_that_never_answers_is_given_up_after_a_minute(harness: Harness) -> None:
    file, emulator = harness.begin(TRADE)
    goes_down(emulator, Kind.DROP)
    ended = harness.run(file, TRADE, emulator, patience=HOUR)
    assert {error["message"].partition(":")[0] for error in errors(ended)} == {
        "replicate has been out of reach for 1 min"
    }

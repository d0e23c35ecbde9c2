"""``jobs collect`` and ``jobs cancel``: open jobs without a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.driving import Done, adcli
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.engine.buying import IMAGE, Buyer, finish_all_jobs


def jobs(buyer: Buyer, *words: str) -> Done:
    return adcli("jobs", *words, cwd=buyer.studio.folder, env=buyer.emulator.environment())


@pytest.fixture
def running(buyer: Buyer) -> Buyer:
    """A job that still runs at the service when the run has given up waiting."""
    buyer.studio.edit(limits={"replicate": {"timeout": 0.01}})
    buyer.emulator.order(Fault("create", Kind.STUCK))
    assert buyer.run() == 5
    buyer.emulator.reset()
    return buyer


@pytest.fixture
def ready(buyer: Buyer) -> Buyer:
    """A job that is done at the service, and whose picture could not be fetched."""
    buyer.emulator.order(Fault("download", Kind.STATUS, status=503))
    assert buyer.run() == 5
    buyer.emulator.reset()
    return buyer


def test_a_finished_job_is_collected_without_a_run_and_the_next_run_uses_it(ready: Buyer) -> None:
    done = jobs(ready, "collect", "--json")
    assert (done.code, done.json["jobs"]) == (0, [{"task": IMAGE, "outcome": "collected", "message": ""}])
    assert ready.store.open_keys() == ()
    assert ready.run() == 0
    assert (ready.task()["status"], ready.posts(), len(ready.emulator.charges())) == ("reused", 0, 1)


def test_a_job_that_still_runs_stays_open_and_says_so(running: Buyer) -> None:
    done = jobs(running, "collect")
    assert done.code == 7
    assert "still runs" in done.out
    assert len(running.store.open_keys()) == 1


def test_a_job_that_the_campaign_no_longer_holds_is_collected_too(ready: Buyer) -> None:
    ready.studio.edit(seed=99)
    assert jobs(ready, "collect").code == 0
    assert ready.checkpoint().is_finished


def test_a_cancelled_job_is_over_and_not_bought_again_by_itself(running: Buyer) -> None:
    done = jobs(running, "cancel", "--task", IMAGE)
    assert (done.code, done.out.split()[0]) == (0, "cancelled")
    assert running.store.open_keys() == ()
    assert list(running.emulator.counts()["jobs"].values()) == ["canceled"]
    assert running.run() == 5
    assert (running.posts(), running.task()["error"]["hint"]) == (0, "change the task, or --retry-failed")
    assert running.run(retry_failed=True) == 0


def test_a_job_that_ended_before_it_could_be_stopped_is_collected(buyer: Buyer, tmp_path: Path) -> None:
    buyer.studio.edit(limits={"replicate": {"timeout": 0.01}})
    buyer.emulator.change(pace={"polls": [4, 5]})
    assert buyer.run() == 5
    finish_all_jobs(buyer)
    finish_all_jobs(buyer)
    done = jobs(buyer, "cancel", "--all")
    assert (done.code, done.out.split()[0]) == (0, "collected")


def test_a_lost_call_can_not_be_cancelled(buyer: Buyer) -> None:
    buyer.emulator.order(
        Fault("create", Kind.DROP, nth=(1,), accepted=True), Fault("list", Kind.STATUS, status=503)
    )
    assert buyer.run() == 5
    done = jobs(buyer, "cancel", "--all")
    assert done.code == 7
    assert "it is unknown" in done.out


def test_what_is_not_open_is_a_wrong_question(ready: Buyer, emulator: Emulator) -> None:
    assert jobs(ready, "collect", "--task", "no/such/task").code == 2
    assert jobs(ready, "cancel").code == 2
    assert jobs(ready, "cancel", "--all", "--task", IMAGE).code == 2
    env = {name: value for name, value in emulator.environment().items() if "TOKEN" not in name}
    assert adcli("jobs", "collect", cwd=ready.studio.folder, env=env).code == 4

"""A person answers for a held job: it is that one, it never arrived, or it is given up."""

from __future__ import annotations

import pytest

from tests.cli.driving import Done, adcli
from tests.emulator.faults import Fault, Kind
from tests.engine.buying import IMAGE, Buyer


def resolve(buyer: Buyer, *answer: str, task: str = IMAGE) -> Done:
    return adcli("jobs", "resolve", task, *answer, cwd=buyer.studio.folder)


@pytest.fixture
def held(buyer: Buyer) -> Buyer:
    """Its only picture was charged, and its result has expired at the service."""
    buyer.emulator.order(Fault("create", Kind.EXPIRE))
    assert buyer.run() == 7
    buyer.emulator.reset()
    return buyer


def test_held_jobs_are_listed(held: Buyer) -> None:
    rows = adcli("jobs", "list", "--json", cwd=held.studio.folder).json["jobs"]
    assert [row["task"] for row in rows] == [IMAGE]
    assert IMAGE in adcli("jobs", "list", cwd=held.studio.folder).out


@pytest.mark.parametrize(("answer", "state"), [("--absent", "absent"), ("--abandon", "abandoned")])
def test_a_job_that_is_given_up_is_sent_anew_once(held: Buyer, answer: str, state: str) -> None:
    assert resolve(held, answer).code == 0
    assert held.states() == [state]
    assert held.store.open_keys() == ()
    assert held.run() == 0
    assert held.states() == [state, "stored"]
    assert held.run() == 0
    assert held.posts() == 1, "since the answer"


def test_an_adopted_job_is_collected_and_not_bought(held: Buyer) -> None:
    other = Buyer(held.studio.folder / "other", held.emulator)
    assert other.run() == 0
    job = other.attempts()[-1].job
    assert job
    posts = held.posts()
    assert resolve(held, "--adopt", job).code == 0
    assert held.states() == ["accepted"]
    assert held.run() == 0
    assert held.posts() == posts
    assert held.blob().read_bytes() == other.blob().read_bytes()


def test_a_damaged_checkpoint_is_set_aside_on_a_persons_word(buyer: Buyer) -> None:
    buyer.run()
    path = buyer.path()
    path.write_bytes(b"{")
    buyer.studio.edit(aspect_ratios=["1:1", "4:5"])
    assert buyer.run() == 7
    assert resolve(buyer, "--adopt", "x").code == 2
    assert resolve(buyer, "--abandon").code == 0
    assert buyer.run() == 0
    assert path.with_suffix(".damaged").exists()


def test_what_is_not_held_can_not_be_resolved(buyer: Buyer) -> None:
    buyer.run()
    assert resolve(buyer, "--absent").code == 2
    assert resolve(buyer, "--absent", task="no/such/task").code == 2
    assert resolve(buyer).code == 2
    assert resolve(buyer, "--absent", "--abandon").code == 2

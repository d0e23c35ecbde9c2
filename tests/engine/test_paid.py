"""Pictures bought from a service: each is paid once, whatever goes wrong on the way."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from adcli.engine.events import AttemptChanged
from adcli.errors import CredentialError, OutcomeUnknown
from tests.cli.driving import adcli, write
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind
from tests.emulator.ledger import paid_twice
from tests.emulator.server import Emulator
from tests.engine.buying import IMAGE, MODEL, STILLS, TWO, Buyer, finish_all_jobs, plan
from tests.engine.studio import TinyMakers


def test_a_plan_shows_price_and_ceiling_and_sends_nothing(tmp_path: Path, emulator: Emulator) -> None:
    write(tmp_path, **STILLS)
    document = adcli("plan", "--json", cwd=tmp_path).json
    assert document["cost"] == {"min_usd": 0.003, "max_usd": 0.003, "saved_usd": 0}
    (image,) = [task for task in document["tasks"] if task["stage"] == "image"]
    assert (image["provider"], image["model"], image["decision"]) == ("replicate", MODEL, "run")
    assert (image["min_usd"], image["max_usd"]) == (0.003, 0.003)
    assert emulator.counts()["calls"] == {}


@pytest.mark.parametrize(
    ("flags", "budget", "code", "words"),
    [
        ([], {}, 2, "--yes"),
        (["--no-spend"], {}, 6, "--no-spend"),
        (["--max-cost", "0.002"], {}, 6, "--max-cost"),
        (["--yes"], {"total": 0.002}, 6, "budget.total"),
        (["--yes"], {"per_video": 0.002}, 6, "budget.per_video"),
    ],
)
def test_without_leave_to_spend_nothing_is_sent(
    flags: list[str], budget: dict[str, float], code: int, words: str, tmp_path: Path, emulator: Emulator
) -> None:
    write(tmp_path, **STILLS, budget=budget)
    done = adcli("run", *flags, "--json", cwd=tmp_path, env=emulator.environment())
    assert done.code == done.json["exit_code"] == code, done.err
    assert words in done.err
    assert emulator.counts()["calls"] == {}


def test_without_a_key_nothing_is_sent_and_its_variable_is_named(tmp_path: Path, emulator: Emulator) -> None:
    write(tmp_path, **STILLS)
    env = {"REPLICATE_BASE_URL": emulator.url}
    done = adcli("run", "--yes", cwd=tmp_path, env=env)
    assert done.code == 4
    assert "REPLICATE_API_TOKEN" in done.err
    assert emulator.counts()["calls"] == {}


def test_every_picture_is_charged_once_and_a_second_run_sends_nothing(buyer: Buyer) -> None:
    buyer.studio.edit(characters=TWO)
    assert buyer.run() == 0
    charges = buyer.emulator.charges()
    assert (len(charges), paid_twice(charges)) == (2, {})
    assert buyer.studio.result["cost"] == {"estimated_usd": 0.006, "spent_usd": 0.006, "saved_usd": 0}
    assert buyer.store.open_keys() == ()
    before = buyer.emulator.counts()["calls"]
    assert buyer.run() == 0
    assert buyer.emulator.counts()["calls"] == before
    assert set(buyer.studio.statuses().values()) == {"reused"}
    assert buyer.studio.result["cost"]["saved_usd"] == 0.006


def test_a_checkpoint_tells_the_whole_life_of_an_attempt(buyer: Buyer) -> None:
    buyer.run()
    (attempt,) = buyer.attempts()
    (charge,) = buyer.emulator.charges()
    assert list(attempt.at) == ["accepted", "finished", "intent", "stored"]
    assert attempt.at["intent"] <= attempt.at["accepted"] <= attempt.at["finished"] <= attempt.at["stored"]
    assert (attempt.n, attempt.campaign, attempt.provider, attempt.model) == (1, "stills", "replicate", MODEL)
    assert (attempt.endpoint, attempt.job, attempt.state) == (buyer.emulator.url, charge.job, "stored")
    assert (attempt.usd, attempt.usd_max, len(attempt.body_sha256)) == (0.003, 0.003, 64)
    told = [event.state for event in buyer.studio.events if isinstance(event, AttemptChanged)]
    assert told == ["intent", "accepted", "finished", "stored"]
    assert "?" not in buyer.path().read_text()
    assert buyer.blob().read_bytes().startswith(b"\x89PNG")


def test_tasks_that_turn_out_equal_are_paid_and_counted_once(buyer: Buyer) -> None:
    buyer.studio.edit(characters=TWO)
    assert buyer.run(makers=TinyMakers()) == 0
    assert len(buyer.emulator.charges()) == 1
    assert buyer.studio.result["cost"]["spent_usd"] == 0.003
    assert sorted(buyer.task(name)["usd"] for name in (IMAGE, "tom/hook/image")) == [0, 0.003]


def test_too_many_requests_are_sent_again_when_the_service_says_so(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.STATUS, nth=(1,), status=429, retry_after=0.2))
    assert buyer.run() == 0
    assert buyer.states() == ["refused", "stored"]
    first, second = buyer.attempts()
    assert [attempt.ref.rpartition("-")[2] for attempt in (first, second)] == ["1", "2"]
    assert (first.usd, first.error and first.error["code"]) == (0, "rate-limited")
    pause = datetime.fromisoformat(second.at["intent"]) - datetime.fromisoformat(first.at["refused"])
    assert pause >= timedelta(seconds=0.19)
    assert (len(buyer.emulator.charges()), buyer.posts(), buyer.task()["attempts"]) == (1, 2, 2)


def test_a_service_that_cannot_be_reached_costs_nothing_and_the_next_run_buys(buyer: Buyer) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{held.getsockname()[1]}"
    assert buyer.run(buyer.emulator.environment() | {"REPLICATE_BASE_URL": nowhere}, patience=0.001) == 5
    assert set(buyer.states()) == {"not_sent"}
    assert buyer.task()["usd"] == 0
    assert buyer.store.open_keys() == ()
    assert buyer.run() == 0
    assert buyer.states()[-1] == "stored"
    assert len(buyer.emulator.charges()) == 1


@pytest.mark.parametrize(("status", "code"), [(401, 4), (402, 4), (422, 5)])
def test_a_refusal_is_not_sent_again_in_the_same_run(status: int, code: int, buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.STATUS, status=status))
    assert buyer.run() == code
    assert (buyer.posts(), buyer.states(), buyer.emulator.charges()) == (1, ["refused"], [])
    assert buyer.task()["error"]["provider"] == "replicate"
    assert buyer.store.open_keys() == ()


def test_a_refused_key_is_used_again_once_it_is_right(buyer: Buyer) -> None:
    with pytest.raises(CredentialError, match="REPLICATE_API_TOKEN was refused"):
        buyer.run(buyer.emulator.environment() | {"REPLICATE_API_TOKEN": "r8_wrong"})
    assert buyer.posts() == 0
    assert buyer.run() == 0
    assert buyer.states() == ["stored"]


def test_a_rejected_input_is_blocked_until_asked_for(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.STATUS, status=422))
    assert buyer.run() == 5
    assert buyer.run() == 5
    assert buyer.posts() == 1
    buyer.emulator.reset()
    assert buyer.run(retry_failed=True) == 0


def test_a_moderated_picture_is_blocked_until_asked_for(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.FAIL, error=MODERATED))
    assert buyer.run() == 5
    assert "flagged" in buyer.task()["error"]["hint"]
    assert buyer.run() == 5
    assert len(buyer.emulator.charges()) == 1
    assert plan(buyer, buyer.studio.folder)["decision"] == "blocked"
    buyer.emulator.reset()
    assert buyer.run(retry_failed=True) == 0
    assert buyer.states() == ["failed", "stored"]
    assert len(buyer.emulator.charges()) == 2


def test_a_passing_failure_of_the_service_is_tried_once_more_in_the_same_run(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.FAIL, nth=(1,), error=TRANSIENT))
    assert buyer.run() == 0
    assert buyer.states() == ["failed", "stored"]


def test_a_failure_that_comes_back_is_left_to_the_next_run(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.FAIL, nth=(1, 2), error=TRANSIENT))
    assert buyer.run() == 5
    assert buyer.store.open_keys() == ()
    assert buyer.run() == 0
    assert buyer.states() == ["failed", "failed", "stored"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("create", Kind.STATUS, nth=(1,), accepted=True, status=500),
        Fault("create", Kind.STATUS, nth=(1,), accepted=True, status=503),
        Fault("create", Kind.STATUS, nth=(1,), accepted=True, status=201, body="<html>ok</html>"),
        Fault("create", Kind.DROP, nth=(1,), accepted=True),
        Fault("create", Kind.TRUNCATE, nth=(1,)),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
def test_a_lost_answer_is_found_and_never_paid_twice(fault: Fault, buyer: Buyer) -> None:
    buyer.emulator.order(fault)
    assert buyer.run() == 0
    assert (buyer.posts(), len(buyer.emulator.charges())) == (1, 1)
    (attempt,) = buyer.attempts()
    assert list(attempt.at) == ["accepted", "finished", "intent", "stored", "unknown"]
    assert attempt.job == buyer.emulator.charges()[0].job


def test_a_lost_answer_of_a_service_whose_list_lags_is_still_found(buyer: Buyer) -> None:
    buyer.emulator.order(
        Fault("create", Kind.HIDE, seconds=0.5), Fault("create", Kind.DROP, nth=(1,), accepted=True)
    )
    assert buyer.run(patience=0.05) == 0
    assert len(buyer.emulator.charges()) == 1


def test_a_request_that_never_arrived_is_sent_again_after_the_settle_time(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.DROP, nth=(1,)))
    assert buyer.run() == 0
    assert buyer.states() == ["absent", "stored"]
    first, _ = buyer.attempts()
    settled = datetime.fromisoformat(first.at["absent"]) - datetime.fromisoformat(first.at["intent"])
    assert settled >= timedelta(seconds=60 * 0.02 - 0.01)
    assert first.usd == 0
    assert len(buyer.emulator.charges()) == 1


def test_two_lost_answers_find_a_job_each(buyer: Buyer) -> None:
    buyer.studio.edit(characters=TWO)
    buyer.emulator.order(Fault("create", Kind.DROP, accepted=True))
    assert buyer.run() == 0
    assert paid_twice(buyer.emulator.charges()) == {}
    jobs = {buyer.attempts(name)[0].job for name in (IMAGE, "tom/hook/image")}
    assert jobs == {charge.job for charge in buyer.emulator.charges()}


def test_a_lost_answer_that_cannot_be_looked_up_for_now_stays_open(buyer: Buyer) -> None:
    buyer.emulator.order(
        Fault("create", Kind.DROP, nth=(1,), accepted=True), Fault("list", Kind.STATUS, status=503)
    )
    assert buyer.run(patience=0.002) == 5
    assert buyer.states() == ["unknown"]
    assert len(buyer.store.open_keys()) == 1
    assert buyer.task()["usd"] == 0.003, "an open attempt is reserved at its ceiling"
    buyer.emulator.reset()
    assert plan(buyer, buyer.studio.folder)["decision"] == "find"
    assert buyer.run() == 0
    assert len(buyer.emulator.charges()) == 1


def test_a_lost_answer_older_than_what_the_service_remembers_is_held(buyer: Buyer) -> None:
    buyer.emulator.order(
        Fault("create", Kind.DROP, nth=(1,), accepted=True),
        Fault("create", Kind.EXPIRE),
        Fault("list", Kind.STATUS, status=503),
    )
    assert buyer.run(patience=0.002) == 5
    buyer.emulator.reset()
    finish_all_jobs(buyer)
    assert buyer.run() == 7
    assert buyer.run() == 7
    assert (buyer.posts(), len(buyer.emulator.charges())) == (0, 1)


def test_the_key_is_written_nowhere(tmp_path: Path, emulator: Emulator) -> None:
    write(tmp_path, **STILLS)
    env = emulator.environment()
    wrong = env | {"REPLICATE_API_TOKEN": "r8_wrong_CANARY"}
    said = ""
    for environ in (wrong, env, env):
        done = adcli("run", "--yes", "--json", "-v", "--events", "events.jsonl", cwd=tmp_path, env=environ)
        said += done.out + done.err
    assert done.code == 0, done.err
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path != emulator.ledger]
    assert len(files) > 10
    assert "CANARY" not in said
    assert not [path for path in files if b"CANARY" in path.read_bytes()]
    assert emulator.counts()["tokens_sent_to_files"] == 0


async def _submit(emulator: Emulator, seconds: float) -> None:
    from adcli.providers._base import Call
    from adcli.providers._replicate_client import ReplicateClient
    from adcli.providers.replicate import SPEC

    client = ReplicateClient(SPEC, emulator.environment(), httpx.Timeout(seconds))
    try:
        await client.submit(Call("image", MODEL, {"prompt": "x"}, (), {}), Path())
    finally:
        await client.close()


def test_an_answer_that_never_comes_is_an_unknown_outcome(emulator: Emulator) -> None:
    import asyncio

    emulator.order(Fault("create", Kind.HANG, accepted=True))
    with pytest.raises(OutcomeUnknown, match="no answer"):
        asyncio.run(_submit(emulator, 0.5))
    assert len(emulator.charges()) == 1


def test_events_tell_the_same_as_the_checkpoint(buyer: Buyer) -> None:
    buyer.run()
    (run,) = (buyer.store.root / "runs").iterdir()
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    states = [event["state"] for event in events if event["event"] == "attempt_changed"]
    assert states == ["intent", "accepted", "finished", "stored"]
    assert datetime.fromisoformat(events[0]["at"]) <= datetime.now(UTC)

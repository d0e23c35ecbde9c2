"""Pictures bought from a service: each is paid once, whatever goes wrong on the way."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adcli.engine.events import AttemptChanged
from adcli.errors import OutcomeUnknown
from tests.cli.driving import adcli, write
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind
from tests.emulator.ledger import paid_twice
from tests.emulator.server import Emulator, in_thread
from tests.engine.buying import IMAGE, MODEL, STILLS, TWO, Buyer
from tests.engine.studio import TinyMakers


@pytest.fixture
def buyer(tmp_path: Path, emulator: Emulator) -> Buyer:
    return Buyer(tmp_path / "ads", emulator)


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
    assert buyer.run(buyer.emulator.environment() | {"REPLICATE_API_TOKEN": "r8_wrong"}) == 4
    assert buyer.run() == 0
    assert buyer.states() == ["refused", "stored"]


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


def plan(buyer: Buyer, folder: Path, *flags: str) -> dict[str, Any]:
    document = adcli("plan", "--json", *flags, cwd=folder, env=buyer.emulator.environment()).json
    (image,) = [task for task in document["tasks"] if task["id"] == IMAGE]
    return dict(image)


def test_a_passing_failure_of_the_service_is_tried_again_by_the_next_run(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.FAIL, nth=(1,), error=TRANSIENT))
    assert buyer.run() == 5
    assert buyer.store.open_keys() == ()
    assert buyer.run() == 0
    assert buyer.states() == ["failed", "stored"]


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


def finish_all_jobs(buyer: Buyer) -> None:
    import httpx

    env = buyer.emulator.environment()
    headers = {"Authorization": f"Bearer {env['REPLICATE_API_TOKEN']}"}
    for job in buyer.emulator.counts()["jobs"]:
        for _ in range(3):
            httpx.get(f"{buyer.emulator.url}/v1/predictions/{job}", headers=headers, trust_env=False)


def test_a_result_that_has_expired_is_held_and_never_bought_again(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.EXPIRE))
    for _ in range(2):
        assert buyer.run() == 7
        assert (buyer.task()["status"], buyer.studio.result["status"]) == ("held", "held")
        assert "expired" in buyer.task()["error"]["message"]
    assert len(buyer.emulator.charges()) == 1
    assert len(buyer.store.open_keys()) == 1
    assert plan(buyer, buyer.studio.folder)["decision"] == "hold"


def test_a_torn_download_is_fetched_again_not_bought_again(buyer: Buyer) -> None:
    buyer.emulator.order(
        Fault("download", Kind.TRUNCATE, nth=(1,)),
        Fault("download", Kind.STATUS, nth=(2,), status=503),
        Fault("download", Kind.STATUS, nth=(3,), status=200, body="<html>busy</html>"),
        Fault("get", Kind.STATUS, nth=(2,), status=200, body="<html>busy</html>"),
    )
    assert buyer.run() == 0
    assert (buyer.posts(), len(buyer.emulator.charges())) == (1, 1)
    assert buyer.emulator.calls("download") >= 4
    assert buyer.blob().read_bytes().endswith(b"IEND\xaeB`\x82")


def test_a_job_that_runs_longer_than_the_limit_stays_attached(buyer: Buyer) -> None:
    buyer.studio.edit(limits={"replicate": {"timeout": 1}})
    buyer.emulator.order(Fault("create", Kind.STUCK))
    assert buyer.run() == 5
    assert "still runs" in buyer.task()["error"]["message"]
    assert buyer.states() == ["accepted"]
    image = plan(buyer, buyer.studio.folder)
    assert (image["decision"], image["reasons"], image["max_usd"]) == ("attach", ["open-job"], 0)
    assert buyer.run() == 5
    assert (buyer.posts(), buyer.states()) == (1, ["accepted"])


def test_trouble_while_a_job_runs_leaves_it_attached(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("get", Kind.STATUS, status=503))
    assert buyer.run(patience=0.001) == 5
    assert buyer.states() == ["accepted"]
    buyer.emulator.reset()
    assert buyer.run() == 0
    assert len(buyer.emulator.charges()) == 1


def test_a_missing_paid_picture_is_collected_again_while_the_service_has_it(buyer: Buyer) -> None:
    buyer.run()
    before = buyer.blob()
    content = before.read_bytes()
    before.unlink()
    buyer.studio.edit(aspect_ratios=["1:1", "4:5"])
    assert plan(buyer, buyer.studio.folder)["decision"] == "collect"
    assert buyer.run(yes=False) == 0
    assert before.read_bytes() == content
    assert len(buyer.emulator.charges()) == 1
    assert buyer.studio.result["cost"]["spent_usd"] == 0


def test_a_damaged_paid_picture_is_collected_again(buyer: Buyer) -> None:
    buyer.run()
    blob = buyer.blob()
    content = blob.read_bytes()
    blob.chmod(0o644)
    blob.write_bytes(b"x" * len(content))
    buyer.studio.edit(aspect_ratios=["1:1", "4:5"])
    assert buyer.run() == 0
    assert blob.read_bytes() == content
    assert len(buyer.emulator.charges()) == 1


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_paid_picture_that_is_gone_everywhere_is_held(damage: Any, buyer: Buyer) -> None:
    buyer.run()
    blob = buyer.blob()
    blob.chmod(0o644)
    damage(blob)
    buyer.emulator.change(skew=3700.0)
    buyer.studio.edit(aspect_ratios=["1:1", "4:5"])
    for _ in range(2):
        assert buyer.run() == 7
        assert len(buyer.emulator.charges()) == 1
    assert len(buyer.store.open_keys()) == 1
    assert plan(buyer, buyer.studio.folder)["decision"] == "hold"
    untouched = buyer.studio.edit(aspect_ratios=["1:1"])
    untouched.run(environ=buyer.emulator.environment())
    assert untouched.result["exit_code"] == 0, "what stands needs no picture"


@pytest.mark.parametrize("data", [b"", b"{", b'{"format":1}\nabc\n', b"\x00" * 512])
def test_a_damaged_paid_checkpoint_is_held(data: bytes, buyer: Buyer) -> None:
    buyer.run()
    path = buyer.path()
    path.write_bytes(data)
    buyer.studio.edit(aspect_ratios=["1:1", "4:5"])
    for _ in range(2):
        assert buyer.run() == 7
    assert (path.read_bytes(), len(buyer.emulator.charges())) == (data, 1)
    assert plan(buyer, buyer.studio.folder)["reasons"] == ["damaged"]


def test_a_job_that_the_campaign_no_longer_holds_is_collected(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("get", Kind.STATUS, status=503))
    assert buyer.run(patience=0.001) == 5
    buyer.emulator.reset()
    buyer.studio.edit(characters=[{"name": "Tom", "prompt": "man, 40"}])
    assert buyer.run() == 0
    assert buyer.store.open_keys() == ()
    assert buyer.states() == ["stored"]
    assert buyer.blob().read_bytes().startswith(b"\x89PNG")
    buyer.studio.edit(characters=STILLS["characters"])
    assert buyer.run() == 0
    assert len(buyer.emulator.charges()) == 2


def test_an_abandoned_job_that_never_ends_holds_up_nothing(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("create", Kind.STUCK, nth=(1,)))
    buyer.studio.edit(limits={"replicate": {"timeout": 1}})
    assert buyer.run() == 5
    buyer.studio.edit(characters=[{"name": "Tom", "prompt": "man, 40"}], limits={})
    assert buyer.run() == 0
    assert buyer.states() == ["accepted"]
    assert len(buyer.store.open_keys()) == 1


@pytest.mark.parametrize("route", ["create", "get"])
def test_a_job_is_never_asked_for_at_another_address(route: str, buyer: Buyer, tmp_path: Path) -> None:
    if route == "create":
        buyer.emulator.order(
            Fault("create", Kind.DROP, accepted=True), Fault("list", Kind.STATUS, status=503)
        )
    else:
        buyer.emulator.order(Fault("get", Kind.STATUS, status=503))
    assert buyer.run(patience=0.001) == 5
    buyer.emulator.reset()
    state = buyer.states()
    with in_thread(tmp_path / "other.jsonl") as other:
        for _ in range(2):
            assert buyer.run(other.environment()) == 7
            assert "REPLICATE_BASE_URL" in buyer.task()["error"]["hint"]
        assert other.counts()["calls"] == {}
    assert buyer.states() == state
    assert buyer.run() == 0
    assert len(buyer.emulator.charges()) == 1


def test_a_lost_answer_that_the_campaign_no_longer_holds_is_found(buyer: Buyer) -> None:
    buyer.emulator.order(
        Fault("create", Kind.DROP, nth=(1,), accepted=True), Fault("list", Kind.STATUS, status=503)
    )
    assert buyer.run(patience=0.001) == 5
    buyer.emulator.reset()
    buyer.studio.edit(characters=[{"name": "Tom", "prompt": "man, 40"}])
    for _ in range(2):
        assert buyer.run() == 0
        job = buyer.attempts()[0].job
        if buyer.states() != ["stored"]:
            finish_all_jobs(buyer)
    assert (buyer.states(), job) == (["stored"], buyer.emulator.charges()[0].job)
    assert buyer.store.open_keys() == ()


def test_a_draft_uses_pictures_that_were_bought_and_buys_none(buyer: Buyer) -> None:
    buyer.run()
    buyer.studio.edit(characters=TWO)
    assert buyer.run({}, yes=False, draft=True) == 0
    status = buyer.studio.statuses()
    assert (status[IMAGE], status["tom/hook/image"]) == ("reused", "done")
    assert len(buyer.emulator.charges()) == 1
    assert (buyer.studio.folder / "out/stills/draft/tom_1x1.png").exists()


def test_open_attempts_count_towards_the_budget(buyer: Buyer) -> None:
    buyer.emulator.order(Fault("get", Kind.STATUS, status=503))
    assert buyer.run(patience=0.001) == 5
    write(buyer.studio.folder, **STILLS | {"characters": TWO, "budget": {"total": 0.005}})
    done = adcli("run", "--yes", cwd=buyer.studio.folder, env=buyer.emulator.environment())
    assert done.code == 6, done.err


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

    client = ReplicateClient(SPEC, emulator.environment())
    client._http.timeout = seconds
    try:
        await client.submit(Call("image", MODEL, {"prompt": "x"}, (), {}))
    finally:
        await client.close()


def test_an_answer_that_never_comes_is_an_unknown_outcome(emulator: Emulator) -> None:
    import asyncio

    emulator.order(Fault("create", Kind.HANG, accepted=True))
    with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
        asyncio.run(_submit(emulator, 0.5))
    assert len(emulator.charges()) == 1


def test_events_tell_the_same_as_the_checkpoint(buyer: Buyer) -> None:
    buyer.run()
    (run,) = (buyer.store.root / "runs").iterdir()
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    states = [event["state"] for event in events if event["event"] == "attempt_changed"]
    assert states == ["intent", "accepted", "finished", "stored"]
    assert datetime.fromisoformat(events[0]["at"]) <= datetime.now(UTC)

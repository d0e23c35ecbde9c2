"""What was bought and then got lost, damaged, expired or out of the campaign is collected or held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.driving import adcli, write
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import in_thread
from tests.engine.buying import IMAGE, STILLS, TWO, Buyer, finish_all_jobs, plan


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


def test_a_paid_checkpoint_that_is_gone_is_held_and_bought_again_only_when_a_person_says_so(
    buyer: Buyer,
) -> None:
    assert buyer.run() == 0
    buyer.path().unlink()
    buyer.studio.edit(aspect_ratios=["9:16"])
    assert plan(buyer, buyer.studio.folder)["decision"] == "hold"
    assert buyer.run() == 7
    assert (buyer.posts(), buyer.task()["status"]) == (1, "held")
    assert adcli("jobs", "resolve", IMAGE, "--absent", cwd=buyer.studio.folder).code == 0
    assert buyer.run() == 0
    assert buyer.posts() == 2


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
        assert other.counts()["calls"].keys() <= {"model"}
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

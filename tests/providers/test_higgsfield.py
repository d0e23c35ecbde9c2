"""Higgsfield's client, over real HTTP: what is sent under which key, what comes back, what goes wrong."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from adcli.errors import (
    AdcliError,
    CredentialError,
    Held,
    JobFailed,
    NotSent,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
    ResultExpired,
)
from adcli.providers._base import Call, Finished, JobHandle
from adcli.providers._higgsfield_client import HiggsfieldClient
from adcli.work import File
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind
from tests.emulator.higgsfield_api import KEY
from tests.emulator.server import Emulator
from tests.providers.higgsfield_calls import SOUL, ended, handle, portrait, sent, trouble, using


def test_a_call_that_costs_more_than_the_plan_counts_on_is_not_sent(emulator: Emulator) -> None:
    dear = replace(portrait(), max_usd=0.1)
    with pytest.raises(Rejected, match=r"costs \$0\.188 now, and the plan counts on \$0\.1"):
        using(lambda client: client.prepare(dear))
    using(lambda client: client.prepare(replace(portrait(), max_usd=0.188)))
    assert emulator.charges() == []


def test_a_portrait_is_bought_with_one_post(emulator: Emulator, tmp_path: Path) -> None:
    async def work(client: HiggsfieldClient) -> tuple[Finished, Mapping[str, File | str]]:
        call = portrait()
        await client.prepare(call)
        accepted = await client.submit(call, tmp_path)
        assert accepted.usage == {"usd": 0.188}
        job = handle(accepted)
        return await ended(client, job), await client.collect(job, tmp_path)

    finished, files = using(work)
    image = files["image"]
    assert isinstance(image, File)
    with Image.open(image.path) as picture:
        assert picture.size == (1152, 2048)
    assert (image.media_type, image.meta["width"], image.meta["height"]) == ("image/png", 1152, 2048)
    assert finished.expires
    week = datetime.fromisoformat(finished.expires) - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < week <= timedelta(days=7)
    assert emulator.calls("higgsfield.submit") == 1
    (charge,) = emulator.charges()
    assert (charge.service, charge.model, charge.prompt) == ("higgsfield", SOUL, "woman, 30, freckles")
    assert emulator.counts()["tokens_sent_to_files"] == 0


def test_a_lost_call_is_sent_again_with_its_key_and_charged_once(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("higgsfield.submit", Kind.DROP, nth=(1,), accepted=True))
    assert isinstance(trouble(lambda client: client.submit(portrait(), tmp_path)), OutcomeUnknown)
    job = sent(portrait(), tmp_path)
    assert sent(portrait(), tmp_path) == job
    using(lambda client: ended(client, handle(job)))
    assert sent(portrait(), tmp_path).job == job.job
    assert [charge.job for charge in emulator.charges()] == [job.job]


def test_the_order_of_fields_does_not_change_what_is_sent(emulator: Emulator, tmp_path: Path) -> None:
    call = portrait()
    turned = Call(call.stage, call.model, dict(reversed(list(call.body.items()))), (), {}, call.ref)
    assert sent(call, tmp_path) == sent(turned, tmp_path)


def test_another_attempt_is_another_job(emulator: Emulator, tmp_path: Path) -> None:
    assert sent(portrait(), tmp_path) != sent(portrait(ref="0123456789ab-2"), tmp_path)
    assert len(emulator.charges()) == 2


def test_a_key_that_stands_for_another_call_waits_for_a_person(emulator: Emulator, tmp_path: Path) -> None:
    sent(portrait(), tmp_path)
    error = trouble(lambda client: client.submit(portrait("man, 50"), tmp_path))
    assert isinstance(error, Held)
    assert error.hint
    assert "jobs resolve" in error.hint
    assert len(emulator.charges()) == 1


def test_a_refused_call_does_not_use_up_its_key(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("higgsfield.submit", Kind.STATUS, nth=(1,), status=403))
    assert isinstance(trouble(lambda client: client.submit(portrait(), tmp_path)), OutOfCredit)
    assert isinstance(trouble(lambda client: client.submit(portrait(batch_size=3), tmp_path)), Rejected)
    sent(portrait(), tmp_path)
    assert len(emulator.charges()) == 1


FAULTS: list[tuple[Fault, type[AdcliError], int]] = [
    (Fault("higgsfield.submit", Kind.DROP), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.DROP, accepted=True), OutcomeUnknown, 1),
    (Fault("higgsfield.submit", Kind.TRUNCATE), OutcomeUnknown, 1),
    (Fault("higgsfield.submit", Kind.STATUS, status=500, accepted=True), OutcomeUnknown, 1),
    (Fault("higgsfield.submit", Kind.STATUS, status=502), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=503), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=408), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=409), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=301, body=""), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=200, body="<html>"), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=200, body='{"request_id": "../x"}'), OutcomeUnknown, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=400), RateLimited, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=429), RateLimited, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=400, body='{"detail": "Bad request"}'), Rejected, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=401), CredentialError, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=402), OutOfCredit, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=403), OutOfCredit, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=404), Rejected, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=422), Rejected, 0),
    (Fault("higgsfield.submit", Kind.STATUS, status=423), Rejected, 0),
]


@pytest.mark.parametrize(
    ("fault", "expected", "charges"),
    FAULTS,
    ids=[f"{fault.kind.value}-{fault.status}{'-accepted' * fault.accepted}" for fault, *_ in FAULTS],
)
def test_one_post_is_sent_whatever_goes_wrong(
    fault: Fault, expected: type[AdcliError], charges: int, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(fault)
    error = trouble(lambda client: client.submit(portrait(), tmp_path))
    assert type(error) is expected
    said = f"{error} {error.hint}"
    assert KEY not in said
    assert not any(part in said for part in KEY.split(":"))
    assert emulator.calls("higgsfield.submit") == 1
    assert len(emulator.charges()) == charges


def test_a_service_that_is_not_there_got_nothing(emulator: Emulator, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
        error = trouble(lambda client: client.submit(portrait(), tmp_path), HIGGSFIELD_BASE_URL=nowhere)
    assert isinstance(error, NotSent)


def test_more_than_the_account_may_have_at_once_is_refused_for_now(
    emulator: Emulator, tmp_path: Path
) -> None:
    for n in range(4):
        sent(portrait(ref=f"0123456789ab-{n}"), tmp_path)
    error = trouble(lambda client: client.submit(portrait(ref="0123456789ab-9"), tmp_path))
    assert isinstance(error, RateLimited)
    assert "concurrent requests (4)" in str(error)
    assert using(lambda client: client.at_once("portrait")) == 4


def _failure(emulator: Emulator, folder: Path) -> JobFailed:
    job = handle(sent(portrait(), folder))
    error = trouble(lambda client: ended(client, job))
    assert isinstance(error, JobFailed)
    return error


def test_a_flagged_portrait_is_free_and_final(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("higgsfield.submit", Kind.FAIL, error=MODERATED))
    error = _failure(emulator, tmp_path)
    assert (error.permanent, error.billed) == (True, False)
    assert error.hint
    assert "flagged" in error.hint


def test_a_failure_is_free_and_may_pass(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("higgsfield.submit", Kind.FAIL, error=TRANSIENT))
    error = _failure(emulator, tmp_path)
    assert (error.permanent, error.billed) == (False, False)
    assert "E1000" in str(error)


def test_a_job_can_be_cancelled_while_it_waits(emulator: Emulator, tmp_path: Path) -> None:
    first, second = handle(sent(portrait(), tmp_path)), handle(sent(portrait(ref="0123456789ab-2"), tmp_path))
    using(lambda client: client.cancel(first))
    error = trouble(lambda client: client.poll(first))
    assert isinstance(error, JobFailed)
    assert (error.permanent, error.billed) == (True, False)
    using(lambda client: client.poll(second))
    assert isinstance(trouble(lambda client: client.cancel(second)), Rejected)
    nobodys = JobHandle(SOUL, "", "00000000-0000-0000-0000-000000000000", "portrait")
    assert isinstance(trouble(lambda client: client.cancel(nobodys)), ResultExpired)


@pytest.mark.parametrize("fault", [Kind.DROP, Kind.STATUS, Kind.TRUNCATE])
def test_trouble_while_asking_leaves_a_job_as_it_was(fault: Kind, emulator: Emulator, tmp_path: Path) -> None:
    job = handle(sent(portrait(), tmp_path))
    emulator.order(Fault("higgsfield.status", fault, nth=(1,), status=503))
    assert isinstance(trouble(lambda client: client.poll(job)), OutcomeUnknown)
    assert using(lambda client: ended(client, job)).usage == {}


@pytest.mark.parametrize("body", ['{"status": "pondering"}', "[]", "<html>"])
def test_states_that_are_not_known_are_asked_for_again(body: str, emulator: Emulator, tmp_path: Path) -> None:
    job = handle(sent(portrait(), tmp_path))
    emulator.order(Fault("higgsfield.status", Kind.STATUS, status=200, body=body))
    assert isinstance(trouble(lambda client: client.poll(job)), OutcomeUnknown)


@pytest.mark.parametrize("images", [None, [], [{}], [7], {"url": "x"}])
def test_a_result_without_a_picture_is_left_for_a_person(
    images: object, emulator: Emulator, tmp_path: Path
) -> None:
    job = handle(sent(portrait(), tmp_path))
    body = json.dumps({"status": "completed", "images": images})
    emulator.order(Fault("higgsfield.status", Kind.STATUS, status=200, body=body))
    assert isinstance(trouble(lambda client: client.collect(job, tmp_path)), ResultExpired)


@pytest.mark.parametrize("why", ["removed", "a week has passed", "unknown"])
def test_a_picture_that_is_gone_has_expired(why: str, emulator: Emulator, tmp_path: Path) -> None:
    if why == "removed":
        emulator.order(Fault("higgsfield.submit", Kind.EXPIRE))
    job = handle(sent(portrait(), tmp_path))
    using(lambda client: ended(client, job))
    emulator.change(skew=7 * 86400.0 + 1 if why == "a week has passed" else 0.0)
    if why == "unknown":
        job = JobHandle(SOUL, "", "no/such", "portrait")
    assert isinstance(trouble(lambda client: client.collect(job, tmp_path)), ResultExpired)


def test_an_estimate_that_fails_does_not_stop_a_call(emulator: Emulator) -> None:
    emulator.order(Fault("higgsfield.estimate", Kind.STATUS, status=503))
    using(lambda client: client.prepare(portrait()))
    assert isinstance(
        trouble(lambda client: client.verify("portrait", SOUL, portrait().body)), OutcomeUnknown
    )


@pytest.mark.parametrize("usd", ["null", '"much"', '"-1"', '"nan"', '"inf"', "[]"])
def test_an_estimate_that_says_nothing_leaves_the_bill_open(
    usd: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("higgsfield.estimate", Kind.STATUS, status=200, body=f'{{"usd": {usd}}}'))

    async def work(client: HiggsfieldClient) -> Finished:
        await client.prepare(portrait())
        return await ended(client, handle(await client.submit(portrait(), tmp_path)))

    assert using(work).usage == {}

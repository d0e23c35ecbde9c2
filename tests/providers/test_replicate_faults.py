"""Whatever goes wrong at Replicate: one POST was sent, and its error says what is known about the money."""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from adcli.errors import (
    AdcliError,
    CredentialError,
    JobFailed,
    NotSent,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
    ResultExpired,
)
from adcli.providers._base import Call, JobHandle
from adcli.providers._http import Answer
from adcli.providers._replicate_client import ReplicateClient
from adcli.providers._replicate_wire import classified, failure, is_done
from adcli.providers.replicate import SPEC
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind
from tests.emulator.replicate_api import LOW_BALANCE
from tests.emulator.server import Emulator
from tests.emulator.world import CANARY
from tests.providers.replicate_calls import CUT, KLING, call, ended, handle, trouble, using


def status(number: int, *, accepted: bool = False, body: str | None = None) -> Fault:
    return Fault("create", Kind.STATUS, status=number, accepted=accepted, body=body)


FAULTS: list[tuple[Fault, type[AdcliError], int]] = [
    (Fault("create", Kind.DROP), OutcomeUnknown, 0),
    (Fault("create", Kind.DROP, accepted=True), OutcomeUnknown, 1),
    (Fault("create", Kind.TRUNCATE), OutcomeUnknown, 1),
    (status(500), OutcomeUnknown, 0),
    (status(500, accepted=True), OutcomeUnknown, 1),
    (status(502, accepted=True), OutcomeUnknown, 1),
    (status(503, accepted=True), OutcomeUnknown, 1),
    (status(504, accepted=True), OutcomeUnknown, 1),
    (status(408), OutcomeUnknown, 0),
    (status(307, body=""), OutcomeUnknown, 0),
    (status(201, body="<html>welcome</html>", accepted=True), OutcomeUnknown, 1),
    (status(201, body="[]", accepted=True), OutcomeUnknown, 1),
    (status(201, body='{"id": "../../account"}', accepted=True), OutcomeUnknown, 1),
    (status(201, body='{"status": "starting"}', accepted=True), OutcomeUnknown, 1),
    (status(429), RateLimited, 0),
    (status(503, body='{"detail": "Request was throttled. Your rate limit resets in ~3s."}'), RateLimited, 0),
    (status(401), CredentialError, 0),
    (status(403, body="<html>no</html>"), CredentialError, 0),
    (status(402), OutOfCredit, 0),
    (status(422), Rejected, 0),
    (status(422, body='["something is wrong"]'), Rejected, 0),
    (status(400, body='[{"detail": "bad"}]'), Rejected, 0),
    (status(413, body="<html>too large</html>"), Rejected, 0),
    (status(404), Rejected, 0),
]


def _name(fault: Fault) -> str:
    said = f"-{(fault.body or 'nothing')[:9]}" * (fault.body is not None)
    return f"{fault.kind.value}-{fault.status}{said}{'-accepted' * fault.accepted}"


@pytest.mark.parametrize("stage", ["image", "animate", "matte"])
@pytest.mark.parametrize(("fault", "expected", "charges"), FAULTS, ids=[_name(fault) for fault, *_ in FAULTS])
def test_one_post_is_sent_whatever_goes_wrong(
    fault: Fault,
    expected: type[AdcliError],
    charges: int,
    stage: str,
    emulator: Emulator,
    tmp_path: Path,
) -> None:
    emulator.order(fault)
    given = call(tmp_path, stage, {"image": "google/nano-banana", "animate": KLING, "matte": CUT}[stage])
    error = trouble(lambda client: client.submit(given, tmp_path))
    assert type(error) is expected
    assert CANARY not in f"{error} {error.hint}"
    assert (emulator.calls("create"), len(emulator.charges())) == (1, charges)


def test_an_answer_that_never_comes_is_an_unknown_outcome(emulator: Emulator, tmp_path: Path) -> None:
    async def sent(given: Call) -> None:
        client = ReplicateClient(SPEC, emulator.environment(), httpx.Timeout(0.5))
        try:
            await client.submit(given, tmp_path)
        finally:
            await client.close()

    emulator.order(Fault("create", Kind.HANG, accepted=True))
    with pytest.raises(OutcomeUnknown):
        asyncio.run(sent(call(tmp_path)))
    assert (emulator.calls("create"), len(emulator.charges())) == (1, 1)


def test_a_service_that_is_not_there_got_nothing(emulator: Emulator, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
        error = trouble(lambda client: client.submit(call(tmp_path), tmp_path), REPLICATE_BASE_URL=nowhere)
    assert type(error) is NotSent


def _later(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


THROTTLED: list[tuple[dict[str, str], object, float | None]] = [
    ({}, {"detail": "Request was throttled.", "status": 429, "retry_after": 7}, 7),
    ({}, {"detail": "Request was throttled. Your rate limit resets in ~12s."}, 12),
    ({"retry-after": "3"}, {"detail": "Request was throttled."}, 3),
    ({"retry-after": "99999"}, {}, 900),
    ({"retry-after": "soon"}, {}, None),
    ({"retry-after": "-5"}, {}, 0),
    ({}, "<html>slow down</html>", None),
    ({}, ["slow down"], None),
]


@pytest.mark.parametrize(("headers", "body", "expected"), THROTTLED)
def test_a_429_says_when_to_come_back(headers: dict[str, str], body: object, expected: float | None) -> None:
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    error = classified(Answer(429, headers, content), "r8_x")
    assert isinstance(error, RateLimited)
    assert error.retry_after == expected
    assert error.per_minute is None


def test_a_429_may_name_a_date() -> None:
    error = classified(Answer(429, {"retry-after": _later(60)}, b"{}"), "r8_x")
    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert 50 < error.retry_after <= 60


def test_an_account_with_little_money_is_told_why_it_is_slow(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("create", Kind.STATUS, status=429, retry_after=9, error=LOW_BALANCE))
    error = trouble(lambda client: client.submit(call(tmp_path), tmp_path))
    assert isinstance(error, RateLimited)
    assert (error.per_minute, error.retry_after) == (6, 9)
    assert "add credit" in str(error.hint)
    assert "less than $5.0 in credit" in error.message


def test_a_service_that_repeats_the_key_does_not_get_it_shown() -> None:
    content = json.dumps({"detail": "token r8_secret\x1b[2J is not valid", "status": 401}).encode()
    error = classified(Answer(401, {}, content), "r8_secret")
    assert "r8_secret" not in f"{error} {error.hint}"
    assert "\x1b" not in str(error)
    assert "REPLICATE_API_TOKEN" in str(error)


@pytest.mark.parametrize("number", [401, 402, 422])
def test_a_refusal_says_what_to_do(number: int, emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(status(number))
    error = trouble(lambda client: client.submit(call(tmp_path), tmp_path))
    assert error.hint


@pytest.mark.parametrize(
    ("fault", "permanent", "billed", "words"),
    [
        (Fault("create", Kind.FAIL, error=MODERATED), True, True, "change the prompt"),
        (Fault("create", Kind.FAIL, error=TRANSIENT), False, True, ""),
        (Fault("create", Kind.FAIL, error="Out of memory (E1001)"), False, True, ""),
        (
            Fault("create", Kind.FAIL, error="Prediction interrupted; please retry (code: PA)"),
            False,
            True,
            "",
        ),
        (Fault("create", Kind.FAIL, error="Invalid image: cannot identify image file"), True, True, ""),
        (Fault("create", Kind.CANCEL), True, True, "stopped"),
    ],
)
def test_a_job_that_failed_says_if_trying_again_helps_and_if_it_was_billed(
    fault: Fault, permanent: bool, billed: bool, words: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(fault)
    given = call(tmp_path)

    async def whole(client: ReplicateClient) -> None:
        await ended(client, handle(given, await client.submit(given, tmp_path)))

    error = trouble(whole)
    assert isinstance(error, JobFailed)
    assert (error.permanent, error.billed) == (permanent, billed)
    assert words in str(error.hint or "")


@pytest.mark.parametrize(("runs", "billed"), [(False, False), (True, True)])
def test_an_orphan_is_stopped_by_the_service_itself(
    runs: bool, billed: bool, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(pace={"seconds": [0 if runs else 9999, 9999]})
    given = call(tmp_path, "animate", KLING)

    async def forgotten(client: ReplicateClient) -> None:
        job = handle(given, await client.submit(given, tmp_path))
        assert await client.poll(job) is None
        emulator.change(skew=30 * 60 - 5.0)
        assert await client.poll(job) is None
        emulator.change(skew=30 * 60 + 1.0)
        await client.poll(job)

    error = trouble(forgotten)
    assert isinstance(error, JobFailed)
    assert (error.permanent, error.billed) == (billed, billed)


def test_a_status_that_nobody_knows_yet_is_no_end() -> None:
    assert is_done({"status": "queued-somewhere"}, 30) is False
    assert is_done({}, 30) is False


@pytest.mark.parametrize(("error", "permanent"), [(None, True), ({"code": "E9243"}, False), (["odd"], True)])
def test_a_failure_in_any_form_can_be_told(error: object, permanent: bool) -> None:
    found = failure("failed", error, 30)
    assert found.message
    assert found.permanent is permanent


@pytest.mark.parametrize("number", [500, 503, 429])
def test_trouble_with_an_upload_means_that_nothing_was_paid_for(
    number: int, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("upload", Kind.STATUS, status=number))
    given = call(tmp_path, "animate", KLING)
    for work in (lambda client: client.prepare(given), lambda client: client.submit(given, tmp_path)):
        error = trouble(work)
        assert type(error) is (RateLimited if number == 429 else NotSent)
    assert (emulator.calls("create"), emulator.charges()) == (0, [])


@pytest.mark.parametrize("what", ["poll", "collect", "cancel"])
@pytest.mark.parametrize(
    ("number", "expected"),
    [(404, ResultExpired), (503, OutcomeUnknown), (401, CredentialError), (429, RateLimited)],
)
def test_free_requests_say_the_same(
    what: str, number: int, expected: type[AdcliError], emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("cancel" if what == "cancel" else "get", Kind.STATUS, status=number))
    job = JobHandle(KLING, emulator.url, "abc", "animate")
    error = trouble(
        lambda client: client.collect(job, tmp_path) if what == "collect" else getattr(client, what)(job)
    )
    assert type(error) is expected


def test_a_job_that_has_ended_can_not_be_cancelled(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path)

    async def cancelled(client: ReplicateClient) -> None:
        first = handle(given, await client.submit(given, tmp_path))
        await client.cancel(first)
        second = handle(given, await client.submit(given, tmp_path))
        await ended(client, second)
        await client.cancel(second)

    error = trouble(cancelled)
    assert isinstance(error, Rejected)
    assert "ended already" in str(error)
    assert "canceled" in emulator.counts()["jobs"].values()


def test_the_credential_is_proved_for_free_through_the_sdk(emulator: Emulator) -> None:
    assert using(lambda client: client.check()) == "emulator"
    assert emulator.counts()["calls"] == {"account": 1}


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("account", Kind.STATUS, status=401), CredentialError),
        (Fault("account", Kind.STATUS, status=429), RateLimited),
        (Fault("account", Kind.STATUS, status=503), OutcomeUnknown),
        (Fault("account", Kind.STATUS, status=500), OutcomeUnknown),
        (Fault("account", Kind.STATUS, status=400, body='["odd"]'), Rejected),
        (Fault("account", Kind.STATUS, status=200, body="<html>hello</html>"), OutcomeUnknown),
        (Fault("account", Kind.STATUS, status=200, body='{"type": "user"}'), OutcomeUnknown),
        (Fault("account", Kind.DROP), OutcomeUnknown),
    ],
)
def test_a_look_at_the_account_is_one_request_and_says_what_is_wrong(
    fault: Fault, expected: type[AdcliError], emulator: Emulator
) -> None:
    emulator.order(fault)
    assert type(trouble(lambda client: client.check())) is expected
    assert emulator.calls("account") == 1

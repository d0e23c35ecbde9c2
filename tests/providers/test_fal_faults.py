"""Whatever goes wrong at fal: one POST was sent, and its error says what is known about the money."""

from __future__ import annotations

import json
import socket
from pathlib import Path

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
)
from adcli.providers._base import Call, JobHandle
from tests.emulator.fal_api import KEY
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind
from tests.emulator.server import Emulator
from tests.providers.fal_calls import animation, ended, handle, lipsync, trouble, using

_LIMIT = '{"detail": "Too many", "type": "concurrent_requests_limit"}'
FAULTS: list[tuple[Fault, type[AdcliError], int]] = [
    (Fault("fal.submit", Kind.DROP), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.DROP, accepted=True), OutcomeUnknown, 1),
    (Fault("fal.submit", Kind.TRUNCATE), OutcomeUnknown, 1),
    (Fault("fal.submit", Kind.STATUS, status=500), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.STATUS, status=500, accepted=True), OutcomeUnknown, 1),
    (Fault("fal.submit", Kind.STATUS, status=502, accepted=True), OutcomeUnknown, 1),
    (Fault("fal.submit", Kind.STATUS, status=503, accepted=True), OutcomeUnknown, 1),
    (Fault("fal.submit", Kind.STATUS, status=504, accepted=True), OutcomeUnknown, 1),
    (Fault("fal.submit", Kind.STATUS, status=408), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.STATUS, status=409), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.STATUS, status=307, body=""), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.STATUS, status=200, body="<html>welcome</html>"), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.STATUS, status=200, body='{"request_id": "../../account"}'), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.STATUS, status=200, body='{"request_id": 7}'), OutcomeUnknown, 0),
    (Fault("fal.submit", Kind.STATUS, status=429), RateLimited, 0),
    (Fault("fal.submit", Kind.STATUS, status=429, body=_LIMIT), RateLimited, 0),
    (Fault("fal.submit", Kind.STATUS, status=401), CredentialError, 0),
    (Fault("fal.submit", Kind.STATUS, status=403, body='{"detail": "Forbidden"}'), CredentialError, 0),
    (Fault("fal.submit", Kind.STATUS, status=403), OutOfCredit, 0),
    (Fault("fal.submit", Kind.STATUS, status=402), OutOfCredit, 0),
    (Fault("fal.submit", Kind.STATUS, status=422), Rejected, 0),
    (Fault("fal.submit", Kind.STATUS, status=400), Rejected, 0),
    (Fault("fal.submit", Kind.STATUS, status=404), Rejected, 0),
]


def _name(fault: Fault) -> str:
    return f"{fault.kind.value}-{fault.status}{'-accepted' * fault.accepted}"


@pytest.mark.parametrize(("fault", "expected", "charges"), FAULTS, ids=[_name(fault) for fault, *_ in FAULTS])
def test_one_post_is_sent_whatever_goes_wrong(
    fault: Fault, expected: type[AdcliError], charges: int, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(fault)
    error = trouble(lambda client: client.submit(animation(tmp_path), tmp_path))
    assert type(error) is expected
    assert KEY not in f"{error} {error.hint}"
    assert emulator.calls("fal.submit") == 1
    assert len(emulator.charges()) == charges


def test_a_service_that_is_not_there_got_nothing(emulator: Emulator, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
        error = trouble(
            lambda client: client.submit(animation(tmp_path), tmp_path), FAL_QUEUE_BASE_URL=nowhere
        )
    assert isinstance(error, NotSent)


@pytest.mark.parametrize("route", ["fal.token", "fal.upload"])
@pytest.mark.parametrize("kind", [Kind.DROP, Kind.STATUS, Kind.TRUNCATE])
def test_trouble_with_an_upload_means_that_nothing_paid_was_sent(
    route: str, kind: Kind, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault(route, kind, status=503))
    assert isinstance(trouble(lambda client: client.submit(lipsync(tmp_path), tmp_path)), NotSent)
    assert emulator.calls("fal.submit") == 0


def test_too_many_requests_say_how_long_to_wait(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("fal.submit", Kind.STATUS, status=429, retry_after=7, retry_after_header=True))
    error = trouble(lambda client: client.submit(animation(tmp_path), tmp_path))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 7


def _failure(emulator: Emulator, call: Call, folder: Path) -> JobFailed:
    job = handle(call, using(lambda client: client.submit(call, folder)))
    error = trouble(lambda client: ended(client, job))
    assert isinstance(error, JobFailed)
    return error


def test_a_moderated_prompt_is_final_and_says_what_to_change(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("fal.submit", Kind.FAIL, error=MODERATED))
    error = _failure(emulator, animation(tmp_path), tmp_path)
    assert (error.permanent, error.billed) == (True, True)
    assert error.hint
    assert "change the prompt" in error.hint


def test_a_failure_of_fals_own_is_free_and_may_pass(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("fal.submit", Kind.FAIL, error=TRANSIENT))
    error = _failure(emulator, animation(tmp_path), tmp_path)
    assert (error.permanent, error.billed) == (False, False)


def test_an_input_that_a_model_refuses_is_free_and_final(emulator: Emulator, tmp_path: Path) -> None:
    error = _failure(emulator, animation(tmp_path, duration="7"), tmp_path)
    assert (error.permanent, error.billed) == (True, False)
    assert "duration" in str(error)
    assert "'5' or '10'" in str(error)


def test_a_job_that_fal_cancels_is_not_bought_again_unasked(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("fal.submit", Kind.CANCEL))
    assert _failure(emulator, animation(tmp_path), tmp_path).permanent


def _queued(folder: Path) -> JobHandle:
    call = animation(folder)
    return handle(call, using(lambda client: client.submit(call, folder)))


@pytest.mark.parametrize("route", ["fal.status", "fal.result"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault("", Kind.DROP),
        Fault("", Kind.TRUNCATE),
        Fault("", Kind.STATUS, status=503),
        Fault("", Kind.STATUS, status=502, body='{"detail": "Bad gateway"}'),
        Fault("", Kind.STATUS, status=302, body=""),
    ],
    ids=_name,
)
def test_trouble_while_asking_leaves_a_job_as_it_was(
    route: str, fault: Fault, emulator: Emulator, tmp_path: Path
) -> None:
    job = _queued(tmp_path)
    emulator.order(Fault(route, fault.kind, nth=(1,), status=fault.status, body=fault.body))
    assert isinstance(trouble(lambda client: ended(client, job)), OutcomeUnknown)
    assert using(lambda client: ended(client, job)).usage == {"usd": 0.35}


def test_a_failed_job_is_told_even_when_its_result_can_not_be_read(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("fal.submit", Kind.FAIL, error=TRANSIENT), Fault("fal.result", Kind.DROP))
    error = _failure(emulator, animation(tmp_path), tmp_path)
    assert (error.permanent, error.billed) == (False, False)


@pytest.mark.parametrize(
    ("kind", "permanent"), [("runner_disconnected", False), ("downstream_service_error", True)]
)
def test_a_state_that_names_an_error_is_a_failure_whatever_the_result_says(
    kind: str, permanent: bool, emulator: Emulator, tmp_path: Path
) -> None:
    job = _queued(tmp_path)
    using(lambda client: ended(client, job))
    body = json.dumps({"status": "COMPLETED", "error": "it broke", "error_type": kind})
    emulator.order(Fault("fal.status", Kind.STATUS, status=200, body=body))
    error = trouble(lambda client: client.poll(job))
    assert isinstance(error, JobFailed)
    assert (error.permanent, str(error)) == (permanent, "it broke")


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("fal.status", '{"status": "PONDERING"}'),
        ("fal.status", "[]"),
        ("fal.result", '{"detail": "Request is still in progress"}'),
    ],
)
def test_states_that_are_not_known_are_asked_for_again(
    route: str, body: str, emulator: Emulator, tmp_path: Path
) -> None:
    job = _queued(tmp_path)
    status = 400 if route == "fal.result" else 200
    emulator.order(Fault(route, Kind.STATUS, nth=(1,), status=status, body=body))
    assert isinstance(trouble(lambda client: ended(client, job)), OutcomeUnknown)
    assert using(lambda client: ended(client, job))


@pytest.mark.parametrize("output", [{}, {"video": None}, {"video": {"url": 7}}, {"videos": []}])
def test_a_result_without_a_clip_is_left_for_a_person(
    output: dict[str, object], emulator: Emulator, tmp_path: Path
) -> None:
    job = _queued(tmp_path)
    using(lambda client: ended(client, job))
    emulator.order(
        Fault("fal.result", Kind.STATUS, status=200, body=json.dumps(output)),
        Fault("fal.list", Kind.STATUS, status=200, body='{"items": [], "has_more": false}'),
    )
    error = trouble(lambda client: client.collect(job, tmp_path))
    assert error.code == "expired"


def test_no_more_is_said_than_a_line(emulator: Emulator, tmp_path: Path) -> None:
    said = "a\u202e\n" * 4000 + f" {KEY}"
    emulator.order(Fault("fal.submit", Kind.STATUS, status=400, body=json.dumps({"detail": said})))
    error = trouble(lambda client: client.submit(animation(tmp_path), tmp_path))
    assert len(str(error)) <= 400
    assert "\n" not in str(error)
    assert "\u202e" not in str(error)

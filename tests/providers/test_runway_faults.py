"""Everything that can go wrong with a paid call to Runway: one POST each time, and the right word for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import AdcliError, CredentialError
from adcli.providers._base import JobHandle
from tests.emulator.faults import Fault, Kind
from tests.emulator.runway_api import KEY
from tests.emulator.server import Emulator
from tests.providers.runway_calls import animation, picture, trouble

FAULTS = [
    ({"kind": Kind.DROP}, "OutcomeUnknown", 0),
    ({"kind": Kind.DROP, "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.HANG}, "OutcomeUnknown", 0),
    ({"kind": Kind.HANG, "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.TRUNCATE}, "OutcomeUnknown", 1),
    ({"kind": Kind.STATUS, "status": 302}, "OutcomeUnknown", 0),
    ({"kind": Kind.STATUS, "status": 500, "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.STATUS, "status": 503}, "OutcomeUnknown", 0),
    ({"kind": Kind.STATUS, "status": 200, "body": "<html>", "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.STATUS, "status": 200, "body": '{"id": "../x"}', "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.STATUS, "status": 429}, "RateLimited", 0),
    ({"kind": Kind.STATUS, "status": 402}, "OutOfCredit", 0),
    ({"kind": Kind.STATUS, "status": 401}, "CredentialError", 0),
    ({"kind": Kind.STATUS, "status": 422}, "Rejected", 0),
    ({"kind": Kind.STATUS, "status": 404}, "Rejected", 0),
]
HANDLE = JobHandle("gen4_turbo", "", "17f20503-6c24-4c16-946b-35dbbce2af2f", "animate")


def named(error: AdcliError) -> str:
    assert KEY not in f"{error!r} {error} {error.hint}"
    return type(error).__name__


@pytest.mark.parametrize(("fault", "name", "charges"), FAULTS)
@pytest.mark.parametrize("stage", ["image", "animate"])
def test_one_post_whatever_happens(
    stage: str, fault: dict[str, object], name: str, charges: int, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("runway.create", **fault))  # type: ignore[arg-type]
    call = animation(tmp_path) if stage == "animate" else picture(tmp_path)
    error = trouble(lambda client: client.submit(call, tmp_path), read=0.4)
    assert named(error) == name
    assert emulator.calls("runway.create") == 1
    assert len(emulator.charges()) == charges


def test_a_service_that_is_not_there_was_not_sent_anything(tmp_path: Path) -> None:
    given = {"RUNWAYML_API_SECRET": "key_1", "RUNWAYML_BASE_URL": "http://127.0.0.1:9"}
    error = trouble(lambda client: client.submit(animation(tmp_path), tmp_path), None, **given)
    assert named(error) == "NotSent"


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ({"kind": Kind.DROP}, "OutcomeUnknown"),
        ({"kind": Kind.HANG}, "OutcomeUnknown"),
        ({"kind": Kind.STATUS, "status": 503}, "OutcomeUnknown"),
        ({"kind": Kind.STATUS, "status": 429}, "RateLimited"),
        ({"kind": Kind.STATUS, "status": 200, "body": "<html>"}, "OutcomeUnknown"),
        ({"kind": Kind.STATUS, "status": 200, "body": '{"status": "DANCING"}'}, "OutcomeUnknown"),
    ],
)
def test_a_look_at_a_task_that_gets_no_good_answer_says_nothing_about_the_task(
    fault: dict[str, object], name: str, emulator: Emulator
) -> None:
    emulator.order(Fault("runway.task", **fault))  # type: ignore[arg-type]
    assert named(trouble(lambda client: client.poll(HANDLE), read=0.4)) == name


def test_an_unknown_task_has_expired(emulator: Emulator) -> None:
    assert named(trouble(lambda client: client.poll(HANDLE))) == "ResultExpired"


def test_a_service_that_repeats_the_key_does_not_bring_it_into_an_error(emulator: Emulator) -> None:
    body = f'{{"error": "bad key {KEY}"}}'
    emulator.order(Fault("runway.organization", Kind.STATUS, status=401, body=body))
    error = trouble(lambda client: client.check())
    assert isinstance(error, CredentialError)
    assert named(error) == "CredentialError"
    assert "bad key" in str(error)

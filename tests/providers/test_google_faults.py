"""Everything that can go wrong with a paid call to Google: one POST each time, and the right word for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import AdcliError
from tests.emulator.faults import Fault, Kind
from tests.emulator.google_api import KEY
from tests.emulator.server import Emulator
from tests.providers.google_calls import picture, transcript, trouble

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
    ({"kind": Kind.STATUS, "status": 429}, "RateLimited", 0),
    ({"kind": Kind.STATUS, "status": 429, "error": "PER_DAY"}, "RateLimited", 0),
    ({"kind": Kind.STATUS, "status": 429, "error": "NO_QUOTA"}, "OutOfCredit", 0),
    ({"kind": Kind.STATUS, "status": 400, "error": "BILLING"}, "OutOfCredit", 0),
    ({"kind": Kind.STATUS, "status": 401}, "CredentialError", 0),
    ({"kind": Kind.STATUS, "status": 403}, "CredentialError", 0),
    ({"kind": Kind.STATUS, "status": 422}, "Rejected", 0),
    ({"kind": Kind.STATUS, "status": 404}, "Rejected", 0),
]


def named(error: AdcliError) -> str:
    assert KEY not in f"{error!r} {error} {error.hint}"
    return type(error).__name__


@pytest.mark.parametrize(("fault", "name", "charges"), FAULTS)
@pytest.mark.parametrize("stage", ["image", "transcribe"])
def test_one_post_whatever_happens(
    stage: str, fault: dict[str, object], name: str, charges: int, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("google.generate", **fault))  # type: ignore[arg-type]
    call = picture(tmp_path) if stage == "image" else transcript(tmp_path)
    error = trouble(lambda client: client.submit(call, tmp_path / "out"), read=0.6)
    assert named(error) == name
    assert emulator.calls("google.generate") == 1
    assert len(emulator.charges()) == charges


def test_the_wait_and_the_rate_that_the_service_asks_for_arrive(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("google.generate", Kind.STATUS, status=429))
    error = trouble(lambda client: client.submit(picture(tmp_path), tmp_path))
    assert (getattr(error, "retry_after"), getattr(error, "per_minute")) == (2.5, 10)  # noqa: B009


@pytest.mark.parametrize("fault", [{"kind": Kind.DROP}, {"kind": Kind.STATUS, "status": 503}])
def test_a_list_of_models_that_does_not_come_says_nothing_about_a_model(
    fault: dict[str, object], emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("google.models", **fault))  # type: ignore[arg-type]
    call = picture(tmp_path)
    error = trouble(lambda client: client.verify(call.stage, call.model, call.body))
    assert named(error) == "OutcomeUnknown"

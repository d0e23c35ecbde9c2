"""Everything that can go wrong with a paid call to OpenAI: one POST each time, and the right word for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from adcli.errors import AdcliError
from tests.emulator.faults import Fault, Kind
from tests.emulator.openai_api import KEY
from tests.emulator.server import Emulator
from tests.providers.openai_calls import transcript, trouble, voice

FAULTS = [
    ({"kind": Kind.DROP}, "OutcomeUnknown", 0),
    ({"kind": Kind.DROP, "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.HANG}, "OutcomeUnknown", 0),
    ({"kind": Kind.HANG, "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.TRUNCATE}, "OutcomeUnknown", 1),
    ({"kind": Kind.STATUS, "status": 302}, "OutcomeUnknown", 0),
    ({"kind": Kind.STATUS, "status": 408}, "OutcomeUnknown", 0),
    ({"kind": Kind.STATUS, "status": 500, "accepted": True}, "OutcomeUnknown", 1),
    ({"kind": Kind.STATUS, "status": 503}, "OutcomeUnknown", 0),
    ({"kind": Kind.STATUS, "status": 429}, "RateLimited", 0),
    ({"kind": Kind.STATUS, "status": 429, "error": "insufficient_quota"}, "OutOfCredit", 0),
    ({"kind": Kind.STATUS, "status": 401}, "CredentialError", 0),
    ({"kind": Kind.STATUS, "status": 400, "error": "content_policy_violation"}, "Rejected", 0),
    ({"kind": Kind.STATUS, "status": 422}, "Rejected", 0),
    ({"kind": Kind.STATUS, "status": 404}, "Rejected", 0),
]


def named(error: AdcliError) -> str:
    assert KEY not in f"{error!r} {error} {error.hint}"
    return type(error).__name__


@pytest.mark.parametrize(("fault", "name", "charges"), FAULTS)
@pytest.mark.parametrize("route", ["speech", "transcriptions"])
def test_one_post_whatever_happens(
    route: str, fault: dict[str, object], name: str, charges: int, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault(f"openai.{route}", **fault))  # type: ignore[arg-type]
    call = voice() if route == "speech" else transcript(tmp_path)
    error = trouble(lambda client: client.submit(call, tmp_path / "out"), read=0.4)
    assert named(error) == name
    assert emulator.calls(f"openai.{route}") == 1
    assert len(emulator.charges()) == charges


@pytest.mark.parametrize("body", ["<html>welcome</html>", "{}", ""])
def test_an_answer_that_holds_no_sound_was_paid_for_all_the_same(
    body: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("openai.speech", Kind.STATUS, status=200, body=body, accepted=True))
    assert named(trouble(lambda client: client.submit(voice(), tmp_path))) == "OutcomeUnknown"
    assert not list(tmp_path.glob("audio*"))


def test_an_answer_that_holds_no_text_was_paid_for_all_the_same(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("openai.transcriptions", Kind.STATUS, status=200, body="[]", accepted=True))
    call = transcript(tmp_path)
    assert named(trouble(lambda client: client.submit(call, tmp_path))) == "OutcomeUnknown"


def test_the_wait_that_the_service_asks_for_arrives(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(
        Fault("openai.speech", Kind.STATUS, status=429, retry_after=2.5, retry_after_header=True, nth=(1,)),
        Fault("openai.speech", Kind.STATUS, status=429, nth=(2,)),
    )
    first = trouble(lambda client: client.submit(voice(), tmp_path))
    second = trouble(lambda client: client.submit(voice(), tmp_path))
    assert (getattr(first, "retry_after"), getattr(second, "retry_after")) == (2.5, 1.2)  # noqa: B009
    assert getattr(second, "per_minute") == 50  # noqa: B009

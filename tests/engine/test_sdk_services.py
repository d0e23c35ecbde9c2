"""Runs that buy from services called through their SDKs: lost answers, flagged prompts, empty accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adcli.errors import AdcliError, InvalidInput, Rejected
from tests.emulator.faults import MODERATED, Fault, Kind
from tests.emulator.server import Emulator
from tests.engine.buying import TWO, Buyer

CHEAP, DEAR = "google:gemini-2.5-flash-image", "google:gemini-3-pro-image-preview"
PRICES = {CHEAP: {"unit": "image", "usd": 0.04}, DEAR: {"unit": "image", "usd": 0.13}}
RUNWAY = "runway:gen4_image"


def buying(folder: Path, emulator: Emulator, model: str, **changes: Any) -> Buyer:
    return Buyer(folder / "ads", emulator, providers={"image": model}, prices=PRICES, **changes)


def charges(emulator: Emulator) -> int:
    return len(emulator.charges())


@pytest.mark.parametrize(("model", "usd"), [(CHEAP, 0.04), (DEAR, 0.13), (RUNWAY, 0.08)])
def test_a_picture_is_bought_once_and_reused(
    model: str, usd: float, emulator: Emulator, tmp_path: Path
) -> None:
    buyer = buying(tmp_path, emulator, model)
    assert buyer.run() == 0
    assert (buyer.task()["usd"], buyer.task()["attempts"]) == (pytest.approx(usd), 1)
    assert buyer.run() == 0
    assert charges(emulator) == 1


@pytest.mark.parametrize(("model", "route"), [(DEAR, "google.generate"), (RUNWAY, "runway.create")])
@pytest.mark.parametrize("accepted", [True, False])
def test_a_dear_call_whose_answer_was_lost_waits_for_a_person(
    model: str, route: str, accepted: bool, emulator: Emulator, tmp_path: Path
) -> None:
    buyer = buying(tmp_path, emulator, model)
    emulator.order(Fault(route, Kind.DROP, nth=(1,), accepted=accepted))
    assert buyer.run() == 7
    assert buyer.run() == 7
    assert emulator.calls(route) == 1
    assert charges(emulator) == int(accepted)
    assert buyer.states() == ["unknown"]


def test_a_cheap_call_whose_answer_was_lost_is_sent_once_more_and_both_are_booked(
    emulator: Emulator, tmp_path: Path
) -> None:
    buyer = buying(tmp_path, emulator, CHEAP)
    emulator.order(Fault("google.generate", Kind.DROP, nth=(1,), accepted=True))
    assert buyer.run() == 0
    assert buyer.states() == ["unknown", "stored"]
    assert sum(a.usd_max if a.usd is None else a.usd for a in buyer.attempts()) == pytest.approx(0.08)
    assert buyer.task()["usd"] == buyer.studio.result["cost"]["spent_usd"] == pytest.approx(0.08)
    assert charges(emulator) == 2
    assert buyer.run() == 0
    assert charges(emulator) == 2


def test_a_flagged_prompt_is_booked_named_and_not_bought_again(emulator: Emulator, tmp_path: Path) -> None:
    buyer = buying(tmp_path, emulator, DEAR, characters=TWO)
    emulator.order(Fault("google.generate", Kind.FAIL, match="Maria", error=MODERATED))
    assert buyer.run() == 5
    failed = buyer.task()
    assert failed["usd"] == pytest.approx(0.13)
    assert "IMAGE_SAFETY" in failed["error"]["message"]
    assert "flagged" in failed["error"]["hint"]
    assert buyer.task("tom/hook/image")["status"] == "done"
    assert buyer.run() == 5
    assert charges(emulator) == 2


def test_an_internal_failure_that_gave_its_credits_back_is_tried_once_more_for_free(
    emulator: Emulator, tmp_path: Path
) -> None:
    buyer = buying(tmp_path, emulator, RUNWAY)
    emulator.order(Fault("runway.create", Kind.FAIL, nth=(1,), error="INTERNAL.BAD_OUTPUT.CODE01"))
    assert buyer.run() == 0
    assert buyer.states() == ["failed", "stored"]
    assert buyer.task()["usd"] == pytest.approx(0.08)


@pytest.mark.parametrize(
    ("model", "fault", "code"),
    [
        (DEAR, Fault("google.generate", Kind.STATUS, status=429, error="NO_QUOTA"), 4),
        (DEAR, Fault("google.generate", Kind.STATUS, status=401), 4),
        (RUNWAY, Fault("runway.create", Kind.STATUS, status=402), 4),
        (DEAR, Fault("google.generate", Kind.STATUS, status=422), 5),
        (RUNWAY, Fault("runway.create", Kind.STATUS, status=422), 5),
    ],
)
def test_a_refusal_costs_nothing(
    model: str, fault: Fault, code: int, emulator: Emulator, tmp_path: Path
) -> None:
    buyer = buying(tmp_path, emulator, model)
    emulator.order(fault)
    assert buyer.run() == code
    assert buyer.task()["usd"] == 0
    assert charges(emulator) == 0


def test_a_daily_or_hourly_limit_is_waited_out(emulator: Emulator, tmp_path: Path) -> None:
    buyer = buying(tmp_path, emulator, DEAR)
    emulator.order(Fault("google.generate", Kind.STATUS, status=429, nth=(1,)))
    assert buyer.run() == 0
    assert buyer.states() == ["refused", "stored"]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("google:gemini-9-image", "google has no model 'gemini-9-image' for image"),
        ("runway:gen9_image", "there is no model 'gen9_image' for image"),
    ],
)
def test_an_unknown_model_is_named_before_anything_is_sent(
    model: str, message: str, emulator: Emulator, tmp_path: Path
) -> None:
    prices = {model: {"unit": "image", "usd": 0.04}}
    buyer = Buyer(tmp_path / "ads", emulator, providers={"image": model}, prices=prices)
    with pytest.raises(AdcliError, match=message) as found:
        buyer.run()
    assert isinstance(found.value, Rejected | InvalidInput)
    assert charges(emulator) == 0


def test_a_task_that_ran_while_adcli_was_away_is_collected(emulator: Emulator, tmp_path: Path) -> None:
    buyer = buying(tmp_path, emulator, RUNWAY)
    emulator.order(Fault("runway.download", Kind.STATUS, status=503, nth=tuple(range(1, 40))))
    assert buyer.run() != 0
    assert buyer.states() == ["finished"]
    emulator.reset()
    assert buyer.run() == 0
    assert charges(emulator) == 1

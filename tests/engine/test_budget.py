"""The budget holds at every call: what attempts cost or may cost is counted from what is on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adcli.errors import BudgetExceeded
from tests.emulator.faults import TRANSIENT, Fault, Kind
from tests.emulator.server import Emulator
from tests.engine.buying import IMAGE, MODEL, TWO, Buyer

PRICE = 0.5
PRICES = {f"replicate:{MODEL}": {"unit": "image", "usd": PRICE}}


def buyer_of(folder: Path, emulator: Emulator, **changes: Any) -> Buyer:
    return Buyer(folder / "ads", emulator, prices=PRICES, **changes)


def spent(buyer: Buyer) -> float:
    from adcli.engine.budget import spent_so_far

    return float(spent_so_far(buyer.store.checkpoints(), "stills"))


@pytest.mark.parametrize(
    "limits", [{"budget": {"total": 0.4}}, {"budget": {"per_video": 0.4}}, {"settings": {"max_cost": 0.4}}]
)
def test_a_plan_above_a_limit_sends_nothing(
    limits: dict[str, Any], tmp_path: Path, emulator: Emulator
) -> None:
    settings = limits.pop("settings", {})
    with pytest.raises(BudgetExceeded):
        buyer_of(tmp_path, emulator, **limits).run(**settings)
    assert emulator.charges() == []


@pytest.mark.parametrize(
    "limits",
    [{"budget": {"total": 0.7}}, {"budget": {"per_video": 0.7}}, {"settings": {"max_cost": 0.7}}],
    ids=["total", "per_video", "max_cost"],
)
def test_a_second_attempt_after_a_billed_failure_is_a_new_reservation(
    limits: dict[str, Any], tmp_path: Path, emulator: Emulator
) -> None:
    settings = limits.pop("settings", {})
    buyer = buyer_of(tmp_path, emulator, **limits)
    emulator.order(Fault("create", Kind.FAIL, nth=(1,), error=TRANSIENT))
    assert buyer.run(**settings) == 6
    assert buyer.studio.result["status"] == "budget"
    task = buyer.task()
    assert (task["status"], task["error"]["code"]) == ("failed", "budget")
    assert (buyer.posts(), buyer.states(), spent(buyer)) == (1, ["failed"], PRICE)


def test_with_room_for_it_the_second_attempt_is_made(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buyer_of(tmp_path, emulator, budget={"total": 1.0, "per_video": 1.0})
    emulator.order(Fault("create", Kind.FAIL, nth=(1,), error=TRANSIENT))
    assert buyer.run() == 0
    assert (buyer.posts(), spent(buyer)) == (2, 1.0)


def test_parallel_ads_reserve_before_they_send(tmp_path: Path, emulator: Emulator) -> None:
    """Both ads fit when planned; the failure of one makes both too dear, and only one more is sent."""
    buyer = buyer_of(tmp_path, emulator, characters=TWO, budget={"total": 1.5})
    emulator.order(Fault("create", Kind.FAIL, nth=(1, 2), error=TRANSIENT))
    assert buyer.run() == 6
    assert (buyer.posts(), spent(buyer)) == (3, 1.5)


def test_money_of_earlier_runs_counts_and_max_cost_forgets_it(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buyer_of(tmp_path, emulator, budget={"total": 0.9})
    emulator.order(Fault("create", Kind.FAIL, nth=(1, 2), error="moderated (E005)"))
    assert buyer.run() == 5
    with pytest.raises(BudgetExceeded, match=r"budget\.total"):
        buyer.run(retry_failed=True)
    buyer.studio.edit(budget={})
    assert buyer.run(retry_failed=True, max_cost=0.5) == 5
    emulator.reset()
    assert buyer.run(retry_failed=True, max_cost=0.5) == 0
    assert spent(buyer) == 1.5


def test_a_lost_attempt_counts_once_when_it_is_looked_up(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buyer_of(tmp_path, emulator, budget={"total": 0.5})
    emulator.order(
        Fault("create", Kind.DROP, nth=(1,), accepted=True), Fault("list", Kind.STATUS, status=503)
    )
    assert buyer.run() == 5
    assert spent(buyer) == PRICE
    emulator.reset()
    assert buyer.run() == 0
    assert (buyer.posts(), spent(buyer), len(emulator.charges())) == (0, PRICE, 1)


def test_a_limit_lowered_below_what_was_spent_leaves_what_is_made(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buyer_of(tmp_path, emulator)
    assert buyer.run() == 0
    buyer.studio.edit(budget={"total": 0.1, "per_video": 0.1})
    assert buyer.run() == 0
    assert buyer.task()["status"] == "reused"


def test_one_ads_limit_does_not_stop_the_other(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buyer_of(tmp_path, emulator, characters=TWO, budget={"per_video": 0.7})
    emulator.order(Fault("create", Kind.FAIL, nth=(1,), error=TRANSIENT))
    assert buyer.run() == 6
    statuses = {buyer.task(name)["status"] for name in (IMAGE, "tom/hook/image")}
    assert statuses == {"failed", "done"}


def test_another_campaigns_money_is_its_own(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buyer_of(tmp_path, emulator, budget={"total": 0.5})
    assert buyer.run() == 0
    buyer.studio.edit(name="others", seed=7)
    assert buyer.run() == 0
    assert spent(buyer) == PRICE
    assert len(emulator.charges()) == 2


def test_no_spend_still_collects_what_is_already_bought(tmp_path: Path, emulator: Emulator) -> None:
    buyer = buyer_of(tmp_path, emulator)
    emulator.order(Fault("download", Kind.STATUS, status=503))
    assert buyer.run() == 5
    emulator.reset()
    assert buyer.run(yes=False, no_spend=True) == 0
    assert (buyer.posts(), len(emulator.charges())) == (0, 1)


def test_a_draft_never_buys_what_reads_something_that_is_gone(tmp_path: Path, emulator: Emulator) -> None:
    """Drawn instead of bought, the picture would ask for another clip: that is made locally, too."""
    clips = "kwaivgi/kling-v2.5-turbo-pro"
    buyer = Buyer(
        tmp_path / "ads",
        emulator,
        template="animate",
        providers={"image": f"replicate:{MODEL}", "animate": f"replicate:{clips}"},
    )
    assert buyer.run() == 0
    assert len(emulator.charges()) == 2
    buyer.blob("maria/hook/image").unlink()
    assert buyer.run(yes=False, draft=True) == 0
    assert len(emulator.charges()) == 2

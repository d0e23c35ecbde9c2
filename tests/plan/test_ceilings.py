"""What ads may cost at most with paid providers, and prices that are past their time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import InvalidInput
from adcli.keys import Json
from adcli.plan.build import old_prices
from adcli.spec.prices import load_prices
from tests.graph.campaigns import plan_of
from tests.templates.shipped import ARCHETYPES


@pytest.mark.parametrize("name", ARCHETYPES)
@pytest.mark.parametrize("seconds", [15, 30])
def test_an_ad_by_paid_services_costs_a_dollar_and_a_half_at_most(
    tmp_path: Path, name: str, seconds: int
) -> None:
    plan = plan_of(tmp_path, template=name, duration=seconds)
    assert 0.5 < plan.max_usd <= 1.50
    bought = {row.task.stage for row in plan.rows.values() if row.worth}
    assert bought >= {"image", "animate", "voice"}


def warnings(tmp_path: Path, today: date, **prices: Any) -> tuple[str, ...]:
    model = "replicate:black-forest-labs/flux-schnell"
    entry: dict[str, Json] = {"unit": "image", "usd": 0.003, **prices}
    plan = plan_of(tmp_path, template="image", providers={"image": model}, prices={model: entry})
    return old_prices(plan, {model: entry}, today)


@pytest.mark.parametrize(
    ("as_of", "last"), [("2026-06", date(2026, 6, 30)), ("2026-06-11", date(2026, 6, 11))]
)
def test_a_price_is_old_after_ninety_days(tmp_path: Path, as_of: str, last: date) -> None:
    assert warnings(tmp_path, last + timedelta(90), as_of=as_of) == ()
    assert warnings(tmp_path, last + timedelta(91), as_of=as_of) == (
        f"the price of replicate:black-forest-labs/flux-schnell was read in {as_of}; "
        "look it up and give today's under prices:",
    )


def test_a_price_without_a_date_or_with_an_impossible_one(tmp_path: Path) -> None:
    assert warnings(tmp_path, date(2026, 11, 21)) == ()
    assert len(warnings(tmp_path, date(2026, 11, 21), as_of="2026-02-30")) == 1


def test_only_prices_that_the_plan_pays_are_looked_at(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, template="image", providers={})
    assert old_prices(plan, load_prices({}), date(2036, 1, 1)) == ()


def test_problems_of_lengths_and_of_prices_are_told_together(tmp_path: Path) -> None:
    providers = {"animate": "replicate:kwaivgi/kling-v2.5-turbo-pro", "image": "replicate:some/model"}
    with pytest.raises(InvalidInput) as caught:
        plan_of(tmp_path, duration=30, scenes={"hook": {"seconds": 12}}, providers=providers)
    assert {problem.field for problem in caught.value.problems} == {
        "scenes.hook.seconds",
        "prices.replicate:some/model",
    }
    assert caught.value.exit_code == 3

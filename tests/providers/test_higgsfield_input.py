"""What is asked of Higgsfield, what it costs, and what is found wrong before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from adcli.errors import CredentialError, Rejected
from adcli.providers import higgsfield
from adcli.providers._higgsfield_client import HiggsfieldClient
from adcli.registry import Request, Sale
from adcli.spec.prices import load_prices
from tests.emulator.higgsfield_api import KEY
from tests.emulator.server import Emulator
from tests.providers.higgsfield_calls import SOUL, portrait, trouble, using


def test_model_and_fields_are_checked_before_texts_are_known(emulator: Emulator) -> None:
    waiting = {**portrait().body, "prompt": {"$text": ["a ", {"$input": 0}]}}
    using(lambda client: client.verify("portrait", SOUL, waiting))
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("higgsfield-ai/soul/nothing", {}, "there is no such model"),
        ("higgsfield-ai/soul/cinema", {}, "blocked"),
        ("soul", {}, "no model id"),
        ("higgsfield-ai/../requests", {}, "no model id"),
        (SOUL, {"strength": 1}, "strength: Extra inputs"),
        (SOUL, {"batch_size": 2}, "batch_size"),
        (SOUL, {"resolution": "4k"}, "resolution"),
    ]
    for model, changes, told in wrong:
        body = {**waiting, **changes}
        error = trouble(lambda client, model=model, body=body: client.verify("portrait", model, body))  # type: ignore[misc]
        assert isinstance(error, Rejected)
        assert told in str(error)
    assert emulator.charges() == []


def test_the_check_proves_the_key_and_spends_nothing(emulator: Emulator) -> None:
    assert "$0.188" in using(lambda client: client.check())
    assert emulator.charges() == []
    wrong = trouble(lambda client: client.check(), HF_KEY="wrong-id:wrong-secret")
    assert isinstance(wrong, CredentialError)
    assert "HF_KEY" in str(wrong)


def test_the_key_may_come_in_two_parts(emulator: Emulator) -> None:
    identity, _, secret = KEY.partition(":")
    using(lambda client: client.check(), HF_KEY="", HF_API_KEY=identity, HF_API_SECRET=secret)
    wrong = trouble(lambda client: client.check(), HF_KEY="", HF_API_KEY="other", HF_API_SECRET="secret")
    assert "HF_API_KEY with HF_API_SECRET was refused" in str(wrong)


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"HF_KEY": ""}, "HF_KEY is not set"),
        ({"HF_KEY": "", "HF_API_KEY": "id"}, "HF_KEY is not set"),
        ({"HF_KEY": "id"}, "id:secret"),
        ({"HF_KEY": ":secret"}, "id:secret"),
        ({"HF_KEY": "a b:c"}, "spaces"),
        ({"HIGGSFIELD_BASE_URL": "http://example.com"}, "HIGGSFIELD_BASE_URL must be https"),
    ],
)
def test_settings_that_can_not_work_are_named(environ: dict[str, str], told: str, emulator: Emulator) -> None:
    error = trouble(lambda client: client.check(), **environ)
    assert isinstance(error, CredentialError)
    assert told in str(error)


@pytest.mark.parametrize("seed", [0, 1, 42, 999_999, 1_000_000, 2**31 - 1])
@pytest.mark.parametrize("take", [1, 2, 500])
def test_seeds_of_all_takes_are_such_as_soul_takes(seed: int, take: int) -> None:
    sent = higgsfield.body(Request("portrait", SOUL, {"prompt": "x", "seed": seed}, {}))["seed"]
    assert 1 <= sent + take - 1 <= 1_000_000
    assert sent == seed or seed in (0, 999_999, 1_000_000, 2**31 - 1)


def test_all_that_decides_a_picture_is_said(emulator: Emulator) -> None:
    style: dict[str, Any] = {
        "style_id": "464ea177-8d40-4940-8d9d-b438bab269c7",
        "style_strength": 0.5,
        "enhance_prompt": True,
    }
    fields = {"prompt": "x", "seed": 7, "aspect": "1:1", "products": [{"$asset": "a"}]}
    assert higgsfield.body(Request("image", SOUL, fields, style)) == {
        "prompt": "x",
        "aspect_ratio": "1:1",
        "resolution": "1080p",
        "batch_size": 1,
        "seed": 7,
        **style,
    }


def test_the_plan_says_that_pictures_stay_here() -> None:
    bare = {"prompt": "x", "seed": 7, "products": []}
    assert higgsfield.note(Request("image", SOUL, bare, {})) is None
    for given in ({"products": [{"$asset": "a"}]}, {"person": {"$input": 0}}, {"image": {"$asset": "a"}}):
        assert "prompt alone" in (higgsfield.note(Request("image", SOUL, {**bare, **given}, {})) or "")


def test_pictures_are_priced_by_the_piece() -> None:
    entry = load_prices({})[f"higgsfield:{SOUL}"]
    for pieces, usd in ((1, "0.21"), (4, "0.84")):
        sale = Sale("portrait", SOUL, {"batch_size": pieces})
        assert higgsfield.price(sale, entry).max_usd == Decimal(usd)
    assert higgsfield.seconds("image", SOUL) is None


def test_jobs_belong_to_the_service_they_were_sent_to(emulator: Emulator) -> None:
    async def work(client: HiggsfieldClient) -> str:
        return client.endpoint(portrait())

    assert using(work) == f"{emulator.url}/higgsfield"


def test_there_is_no_list_to_look_a_call_up_in(emulator: Emulator) -> None:
    error = trouble(lambda client: client.find(portrait(), datetime.now(UTC), frozenset()))
    assert isinstance(error, Rejected)
    assert higgsfield.SPEC.ability("image").idempotent

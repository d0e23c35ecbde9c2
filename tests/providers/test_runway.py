"""What is asked of Runway, what it may cost, and what a plan says about it: no network."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from adcli.errors import AdcliError, Rejected
from adcli.graph.task import Phrase, Ref
from adcli.providers import _runway_fields, runway
from adcli.providers._http import Answer
from adcli.providers._runway_errors import classify, classify_task, failed
from adcli.providers._runway_models import MODELS
from adcli.registry import Request, Sale, catalogue
from adcli.spec.prices import load_prices
from tests.providers.runway_calls import PICTURE

CLIP: dict[str, Any] = {
    "image": {"$input": 0},
    "motion": "she lifts the bottle",
    "seconds": 3.2,
    "seed": 42,
    "aspect": "9:16",
}
REFERENCES: dict[str, Any] = {"person": {"$input": 0}, "products": [{"$asset": "a"}, {"$asset": "b"}]}


def clip(model: str, extra: Any = None, **fields: Any) -> dict[str, Any]:
    return dict(runway.body(Request("animate", model, {**CLIP, **fields}, extra or {})))


def picture(model: str, extra: Any = None, stage: str = "image", **fields: Any) -> dict[str, Any]:
    return dict(runway.body(Request(stage, model, {**PICTURE, **fields}, extra or {})))


def cost(stage: str, params: Any, **known: Any) -> tuple[Decimal, Decimal]:
    price = load_prices({})[f"runway:{params['model']}"]
    found = runway.price(Sale(stage, params["model"], params, **known), price)
    return found.min_usd, found.max_usd


def test_the_registry_knows_that_tasks_can_be_asked_for_but_not_searched() -> None:
    spec = catalogue().provider("runway").SPEC
    assert set(spec.versions) == {"portrait", "image", "animate"}
    for stage in spec.versions:
        assert (spec.ability(stage).poll, spec.ability(stage).find) == (True, False)


def test_a_clip_is_asked_for_in_whole_seconds_and_the_ads_shape() -> None:
    assert clip("gen4_turbo") == {
        "model": "gen4_turbo",
        "promptImage": {"$input": 0},
        "promptText": "she lifts the bottle",
        "duration": 4,
        "ratio": "720:1280",
        "seed": 42,
    }


@pytest.mark.parametrize(
    ("model", "needed", "bought"),
    [
        ("gen4_turbo", 1.8, 2),
        ("gen4.5", 10.0, 10),
        ("gen4_turbo", 12.0, 10),
        ("kling2.5_turbo_pro", 3.2, 5),
        ("kling2.5_turbo_pro", 5.2, 10),
        ("veo3.1", 3.2, 4),
        ("veo3.1_fast", 6.5, 8),
    ],
)
def test_each_model_sells_its_own_lengths(model: str, needed: float, bought: int) -> None:
    assert clip(model, seconds=needed)["duration"] == bought
    sold = runway.seconds("animate", model)
    assert sold is not None
    assert bought in sold.sold


def test_sound_is_off_and_kling_takes_its_pictures_shape() -> None:
    assert clip("veo3.1")["audio"] is False
    assert clip("veo3.1", {"audio": True})["audio"] is True
    kling = clip("kling2.5_turbo_pro")
    assert kling["cfgScale"] == 0.5
    assert "ratio" not in kling
    assert "seed" not in kling


def test_a_picture_shows_person_and_product_by_names_that_the_prompt_calls() -> None:
    made = picture("gen4_image", **REFERENCES)
    assert made["referenceImages"] == [
        {"uri": {"$input": 0}, "tag": "person"},
        {"uri": {"$asset": "a"}, "tag": "product"},
        {"uri": {"$asset": "b"}, "tag": "product_2"},
    ]
    assert made["promptText"] == (
        "The person is @person. The product is @product. "
        "The product is also seen in @product_2. a bottle at dawn"
    )
    assert (made["ratio"], made["seed"]) == ("1080:1920", 42)
    plain = picture("gen4_image")
    assert plain["promptText"] == "a bottle at dawn"
    assert "referenceImages" not in plain


def test_a_prompt_that_is_not_written_yet_gets_the_names_in_front() -> None:
    made = picture("gen4_image", prompt=Phrase((Ref("maria/script", "hook.image_prompt"),)), **REFERENCES)
    first, second = made["promptText"].parts
    assert first.startswith("The person is @person.")
    assert second == Ref("maria/script", "hook.image_prompt")


def test_a_portrait_is_upright_and_may_go_by_a_picture() -> None:
    made = picture("gen4_image", stage="portrait", aspect="3:4")
    assert made["ratio"] == "1080:1440"
    assert (
        runway.body(Request("portrait", "gen4_image", {"prompt": "x", "seed": 1}, {}))["ratio"] == "1080:1440"
    )
    shown = runway.body(
        Request("portrait", "gen4_image_turbo", {"prompt": "x", "seed": 1, "image": {"$input": 0}}, {})
    )
    assert shown["referenceImages"][0]["tag"] == "person"


def test_a_plan_says_what_is_not_sent_and_which_models_are_unknown() -> None:
    many = {"products": [{"$asset": name} for name in "abcde"]}
    assert runway.note(Request("image", "gen4_image", {**PICTURE, **many}, {})) == (
        "gen4_image takes 3 reference pictures: 2 of them are not sent"
    )
    assert runway.note(Request("image", "gen4_image", {**PICTURE, **REFERENCES}, {})) is None
    assert runway.note(Request("animate", "gen4_turbo", CLIP, {})) is None
    assert "models.animate" in (runway.note(Request("animate", "wan3", CLIP, {})) or "")


def test_prices_are_credits_by_the_second_or_the_picture() -> None:
    assert cost("animate", clip("gen4_turbo")) == (Decimal("0.2"), Decimal("0.2"))
    assert cost("animate", clip("gen4.5", seconds=10.0)) == (Decimal("1.2"), Decimal("1.2"))
    assert cost("animate", clip("veo3.1")) == (Decimal("0.8"), Decimal("0.8"))
    assert cost("animate", clip("veo3.1", {"audio": True})) == (Decimal("1.6"), Decimal("1.6"))
    assert cost("animate", clip("veo3.1_fast", seconds=8.0)) == (Decimal("0.8"), Decimal("0.8"))
    assert cost("image", picture("gen4_image")) == (Decimal("0.08"), Decimal("0.08"))
    assert cost("image", picture("gen4_image", {"ratio": "720:1280"})) == (Decimal("0.05"), Decimal("0.05"))
    assert cost("image", picture("gen4_image_turbo")) == (Decimal("0.02"), Decimal("0.02"))


@pytest.mark.parametrize("stage", ["image", "animate"])
def test_the_sdk_knows_every_model_and_takes_what_is_asked_of_it(stage: str) -> None:
    for model in MODELS[stage]:
        made = clip(model) if stage == "animate" else picture(model, **REFERENCES)
        _runway_fields.check(stage, model, made)


@pytest.mark.parametrize(
    ("stage", "model", "extra", "message", "hint"),
    [
        ("animate", "gen4_turb", {}, "there is no model 'gen4_turb' for animate", "gen4_turbo"),
        ("animate", "gen4_image", {}, "there is no model 'gen4_image' for animate", "there are"),
        ("animate", "gen4_turbo", {"negativ": "x"}, "takes no 'negativ'", "it takes contentModeration"),
        ("animate", "veo3.1", {"negativPrompt": "x"}, "takes no", "did you mean negativePrompt?"),
        ("animate", "gen4_turbo", {"ratio": "9:16"}, "takes no ratio of '9:16'", "720:1280"),
        ("animate", "veo3.1", {"duration": 5}, "takes no duration of 5", "4, 6, 8"),
        (
            "animate",
            "gen4.5",
            {"outputFormat": "prores"},
            "outputFormat 'prores' can't be used",
            "models.animate",
        ),
        ("image", "gen4_image_turbo", {}, "makes nothing without a reference picture", "gen4_image"),
        ("image", "gemini_image3_pro", {}, "gemini_image3_pro needs ratio", "models.image"),
        ("image", "gen4_image", {"referenceImages": [{}] * 4}, "takes 3 reference pictures; found 4", None),
    ],
)
def test_what_the_service_would_refuse_is_refused_with_what_it_takes(
    stage: str, model: str, extra: Any, message: str, hint: str | None
) -> None:
    made = clip(model, extra) if stage == "animate" else picture(model, extra)
    with pytest.raises(Rejected) as found:
        _runway_fields.check(stage, model, made)
    assert message in str(found.value)
    assert (hint or "") in (found.value.hint or "")


@pytest.mark.parametrize(
    ("text", "model", "message"),
    [
        ("x" * 1001, "gen4_turbo", "1001 characters, and gen4_turbo takes 1000"),
        ("🌞" * 501, "veo3.1", "1002 characters"),
        ("  ", "gen4_image", "is empty"),
    ],
)
def test_a_prompt_has_to_fit(text: str, model: str, message: str) -> None:
    with pytest.raises(Rejected, match=message):
        _runway_fields.check_prompt(model, text)


@pytest.mark.parametrize(
    ("text", "model"),
    [("x" * 1000, "gen4_turbo"), ("x" * 1001, "kling2.5_turbo_pro"), ({"$text": []}, "gen4_image")],
)
def test_what_fits_or_is_not_written_yet_passes(text: Any, model: str) -> None:
    _runway_fields.check_prompt(model, text)


def answer(status: int, headers: Any = None, **body: Any) -> Answer:
    return Answer(status, headers or {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "error", "name"),
    [
        (400, "Validation of body failed", "Rejected"),
        (400, "You do not have enough credits to run this task.", "OutOfCredit"),
        (402, "Pay", "OutOfCredit"),
        (401, "The API key is not valid", "CredentialError"),
        (403, "No", "CredentialError"),
        (404, "Not found", "Rejected"),
        (413, "Too large", "Rejected"),
        (429, "daily limit", "RateLimited"),
        (302, "", "OutcomeUnknown"),
        (408, "", "OutcomeUnknown"),
        (500, "", "OutcomeUnknown"),
        (502, "", "OutcomeUnknown"),
        (503, "", "OutcomeUnknown"),
        (504, "", "OutcomeUnknown"),
    ],
)
def test_an_answer_says_what_is_known_about_the_money(status: int, error: str, name: str) -> None:
    assert type(classify(answer(status, error=error))).__name__ == name


def test_a_task_that_is_not_there_has_expired() -> None:
    assert type(classify_task(answer(404, error="no"))).__name__ == "ResultExpired"
    assert type(classify_task(answer(503))).__name__ == "OutcomeUnknown"


def test_a_refusal_names_the_field() -> None:
    issues = [{"code": "custom", "path": ["promptImage", 0], "message": "Invalid asset"}]
    found = classify(answer(400, error="Validation of body failed", issues=issues))
    assert str(found) == "Validation of body failed; promptImage.0: Invalid asset"
    flagged = classify(answer(400, error="Your input failed content moderation"))
    assert "flagged" in (flagged.hint or "")


def test_a_daily_limit_waits_as_long_as_is_asked_else_a_quarter_of_an_hour() -> None:
    asked: Any = classify(answer(429, {"retry-after": "30"}, error="daily"))
    unasked: Any = classify(answer(429, error="daily"))
    assert (asked.retry_after, unasked.retry_after) == (30.0, 900.0)
    assert "today" in (asked.hint or "")


@pytest.mark.parametrize(
    ("code", "permanent", "hint"),
    [
        ("SAFETY.INPUT.TEXT", True, "change the prompt: it was flagged"),
        ("SAFETY.INPUT.IMAGE", True, "change the picture"),
        ("SAFETY.OUTPUT.VIDEO", True, "what was made of it was flagged"),
        ("ASSET.INVALID", True, "another picture"),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", True, "change the prompt"),
        ("INTERNAL.BAD_OUTPUT.CODE01", False, None),
        ("INTERNAL", False, None),
        (None, True, None),
    ],
)
def test_a_failures_code_says_whether_trying_again_can_help(
    code: str | None, permanent: bool, hint: str | None
) -> None:
    error = failed(
        {"status": "FAILED", "failure": "It failed.", "failureCode": code, "cost": {"credits": 25}}
    )
    assert (error.permanent, error.billed) == (permanent, True)
    assert (hint or "") in (error.hint or "")
    assert (error.hint is None) is (hint is None)


@pytest.mark.parametrize(("cost_", "billed"), [({"credits": 0}, False), ({"credits": 3}, True), (None, True)])
def test_only_credits_that_are_known_to_have_come_back_are_not_booked(cost_: Any, billed: bool) -> None:
    task = {"status": "FAILED", "failureCode": "INTERNAL", "cost": cost_}
    assert failed(task).billed is billed
    cancelled: AdcliError = failed({**task, "status": "CANCELLED"})
    assert "cancelled at the service" in str(cancelled)
    assert "--retry-failed" in (cancelled.hint or "")

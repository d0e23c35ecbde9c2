"""What is asked of Google, what it may cost, and what its answers mean: no network."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from typing import Any

import pytest

from adcli.errors import JobFailed, OutcomeUnknown, Rejected
from adcli.graph.task import Phrase, Ref
from adcli.providers import google
from adcli.providers._google_answers import check_fields, config_of, document_of, picture_of, timed, tokens_of
from adcli.providers._google_errors import classify, without_result
from adcli.providers._http import Answer
from adcli.registry import Request, Sale, catalogue
from tests.providers.google_calls import FLASH, HEARS, PICTURE, PRO

REFERENCES: dict[str, Any] = {"person": {"$input": 0}, "products": [{"$asset": "a"}]}
SOUND: dict[str, Any] = {"audio": {"$input": 0}, "language": "de-DE", "text": None, "seconds": 3.2}


def asked(stage: str, model: str, extra: Any = None, **fields: Any) -> dict[str, Any]:
    base = SOUND if stage == "transcribe" else PICTURE
    return dict(google.body(Request(stage, model, {**base, **fields}, extra or {})))


def cost(stage: str, params: Any, price: Any, **known: Any) -> tuple[Decimal, Decimal]:
    found = google.price(Sale(stage, "m", params, **known), price)
    return found.min_usd, found.max_usd


def test_the_registry_knows_that_nothing_of_it_can_be_looked_up() -> None:
    spec = catalogue().provider("google").SPEC
    assert set(spec.versions) == {"portrait", "image", "transcribe"}
    for stage in spec.versions:
        assert (spec.ability(stage).poll, spec.ability(stage).find) == (False, False)


def test_a_picture_is_asked_for_in_the_ads_shape_and_in_the_size_of_its_model() -> None:
    assert asked("image", FLASH) == {
        "parts": [{"text": "a bottle at dawn"}],
        "responseModalities": ["IMAGE"],
        "aspectRatio": "9:16",
    }
    assert asked("image", PRO)["imageSize"] == "2K"
    assert asked("image", PRO, {"imageSize": "4K"})["imageSize"] == "4K"
    assert asked("portrait", FLASH, aspect="1:1")["aspectRatio"] == "1:1"
    assert google.body(Request("portrait", FLASH, {"prompt": "x", "seed": 1}, {}))["aspectRatio"] == "3:4"


def test_each_reference_picture_comes_after_what_it_shows() -> None:
    later = Phrase((Ref("maria/script", "hook.image_prompt"),))
    assert asked("image", FLASH, prompt=later, **REFERENCES)["parts"] == [
        {"text": "This is the person:"},
        {"inlineData": {"$input": 0}},
        {"text": "This is the product, Glow Serum:"},
        {"inlineData": {"$asset": "a"}},
        {"text": later},
    ]
    unnamed = asked("image", FLASH, product_name="", products=[{"$asset": "a"}])
    assert unnamed["parts"][0] == {"text": "This is the product:"}


def test_more_pictures_than_are_taken_are_left_out_and_the_plan_says_so() -> None:
    many = {"products": [{"$asset": name} for name in "abcd"]}
    assert sum("inlineData" in part for part in asked("image", FLASH, **many)["parts"]) == 3
    note = google.note(Request("image", FLASH, {**PICTURE, **many}, {}))
    assert note == "google takes 3 reference pictures: 1 of them are not sent"
    assert google.note(Request("image", FLASH, PICTURE, {})) is None


def test_a_transcript_asks_for_every_words_seconds() -> None:
    made = asked("transcribe", HEARS)
    assert made["parts"][0] == {"inlineData": {"$input": 0}}
    assert made["parts"][-1] == {"text": "The language is de-DE."}
    assert made["responseSchema"]["required"] == ["words"]
    known = asked("transcribe", HEARS, text="Hallo Welt.")
    assert known["parts"][-1] == {"text": "Hallo Welt."}
    assert known["text"] == "Hallo Welt."
    assert "estimated" in (google.note(Request("transcribe", HEARS, SOUND, {})) or "")


def test_a_picture_costs_by_the_piece_or_by_tokens_up_to_all_it_may_write() -> None:
    assert cost("image", asked("image", FLASH), {"unit": "image", "usd": 0.04}) == (
        Decimal("0.04"),
        Decimal("0.04"),
    )
    sized = {"unit": "image", "usd": 0.24, "variants": [{"when": {"imageSize": "2K"}, "usd": 0.13}]}
    assert cost("image", asked("image", PRO), sized)[1] == Decimal("0.13")
    assert cost("image", asked("image", PRO, {"imageSize": "4K"}), sized)[1] == Decimal("0.24")
    tokens = {"unit": "mtok", "usd": 1, "usd_out": 10}
    few = asked("image", FLASH, {"maxOutputTokens": 2000}, **REFERENCES)
    texts = sum(len(part["text"]) for part in few["parts"] if "text" in part)
    assert cost("image", few, tokens) == (Decimal(0), Decimal(texts + 2600 + 20_000) / 1_000_000)
    later = asked("image", FLASH, {"maxOutputTokens": 0}, prompt={"$text": []})
    assert cost("image", later, tokens, max_chars=500) == (Decimal(0), Decimal("0.0005"))


def test_a_transcript_costs_whole_seconds_or_tokens_of_its_sound() -> None:
    made = asked("transcribe", HEARS, {"maxOutputTokens": 1000})
    assert cost("transcribe", made, {"unit": "second", "usd": 0.001}, seconds=3.2)[1] == Decimal("0.004")
    assert cost("transcribe", made, {"unit": "second", "usd": 0.001}) == (Decimal(0), Decimal("0.18"))
    texts = sum(len(part["text"]) for part in made["parts"] if "text" in part)
    found = cost("transcribe", made, {"unit": "mtok", "usd": 1, "usd_out": 10}, seconds=3.2)
    assert found == (Decimal(0), Decimal(texts + 4 * 32 + 10_000) / 1_000_000)


def test_settings_of_a_call_become_those_of_the_sdk_which_sends_one_request() -> None:
    made = config_of(asked("image", PRO, {"temperature": 0.4}))
    assert made.image_config is not None
    assert (made.image_config.aspect_ratio, made.image_config.image_size) == ("9:16", "2K")
    assert (made.temperature, made.automatic_continuation) == (0.4, False)
    assert made.automatic_function_calling is not None
    assert made.automatic_function_calling.disable is True


@pytest.mark.parametrize(
    ("extra", "message", "hint"),
    [
        ({"imageSiz": "4K"}, "takes no 'imageSiz'", "did you mean imageSize?"),
        ({"tools": [{"googleSearch": {}}]}, "tools can't be set", "models.image"),
        ({"candidateCount": 4}, "one result is bought at a time", ""),
        ({"responseModalities": ["TEXT"]}, "the answer could not be read", ""),
        ({"imageConfig": {"aspectRatio": "1:1"}}, "give aspectRatio and imageSize", ""),
        ({"temperature": "hot"}, "temperature", ""),
    ],
)
def test_settings_that_can_not_be_had_are_refused_by_name(extra: Any, message: str, hint: str) -> None:
    with pytest.raises(Rejected) as found:
        check_fields("image", PRO, asked("image", PRO, extra))
    assert message in str(found.value)
    assert hint in (found.value.hint or "")


def test_what_adcli_asks_for_itself_passes() -> None:
    for stage, model in (("image", FLASH), ("image", PRO), ("portrait", PRO), ("transcribe", HEARS)):
        check_fields(stage, model, asked(stage, model))
    check_fields("image", FLASH, asked("image", FLASH, {"seed": 7, "safetySettings": []}))


def answer(status: int, kind: str = "", message: str = "no", *details: Any, headers: Any = None) -> Answer:
    error = {"code": status, "message": message, "status": kind, "details": list(details)}
    return Answer(status, headers or {}, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("status", "kind", "reason", "name"),
    [
        (400, "INVALID_ARGUMENT", "", "Rejected"),
        (400, "INVALID_ARGUMENT", "API_KEY_INVALID", "CredentialError"),
        (401, "UNAUTHENTICATED", "", "CredentialError"),
        (403, "PERMISSION_DENIED", "SERVICE_DISABLED", "CredentialError"),
        (404, "NOT_FOUND", "", "Rejected"),
        (429, "RESOURCE_EXHAUSTED", "", "RateLimited"),
        (400, "FAILED_PRECONDITION", "", "Rejected"),
        (408, "", "", "OutcomeUnknown"),
        (499, "CANCELLED", "", "OutcomeUnknown"),
        (409, "ABORTED", "", "OutcomeUnknown"),
        (302, "", "", "OutcomeUnknown"),
        (500, "INTERNAL", "", "OutcomeUnknown"),
        (503, "UNAVAILABLE", "", "OutcomeUnknown"),
        (504, "DEADLINE_EXCEEDED", "", "OutcomeUnknown"),
    ],
)
def test_an_answers_own_words_say_what_it_means_before_its_number(
    status: int, kind: str, reason: str, name: str
) -> None:
    details = [{"reason": reason}] if reason else []
    assert type(classify(answer(status, kind, "no", *details))).__name__ == name


def violation(quota: str, value: str) -> dict[str, Any]:
    return {"@type": "…QuotaFailure", "violations": [{"quotaId": quota, "quotaValue": value}]}


def test_a_quota_says_how_long_to_wait_and_how_fast_to_be() -> None:
    retry = {"@type": "…RetryInfo", "retryDelay": "27.5s"}
    limit = violation("GenerateRequestsPerMinutePerProjectPerModel", "10")
    found: Any = classify(answer(429, "RESOURCE_EXHAUSTED", "slow", limit, retry))
    assert (found.retry_after, found.per_minute, found.hint) == (27.5, 10, None)
    daily: Any = classify(answer(429, "RESOURCE_EXHAUSTED", "x", violation("RequestsPerDay", "250")))
    assert (daily.retry_after, daily.per_minute) == (900.0, None)
    assert "today" in daily.hint
    plain: Any = classify(answer(429, "RESOURCE_EXHAUSTED", "x", headers={"retry-after": "3"}))
    assert plain.retry_after == 3.0
    assert type(classify(Answer(429, {}, b"<html>"))).__name__ == "RateLimited"


@pytest.mark.parametrize(
    "found",
    [
        answer(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric x, limit: 0, model: y"),
        answer(429, "RESOURCE_EXHAUSTED", "x", violation("RequestsPerDay-FreeTier", "0")),
        answer(429, "RESOURCE_EXHAUSTED", "Your project has exceeded its monthly spending cap."),
        answer(
            400, "FAILED_PRECONDITION", "Free tier is not available in your country. Please enable billing."
        ),
    ],
)
def test_a_quota_of_nothing_is_a_matter_of_money(found: Answer) -> None:
    error = classify(found)
    assert type(error).__name__ == "OutOfCredit"
    assert "billing" in (error.hint or "")


def test_refusals_name_key_and_field() -> None:
    assert "GEMINI_API_KEY" in str(
        classify(answer(400, "INVALID_ARGUMENT", "no", {"reason": "API_KEY_INVALID"}))
    )
    wrong = {"fieldViolations": [{"field": "generation_config.seed", "description": "x"}]}
    assert classify(answer(400, "INVALID_ARGUMENT", "no", wrong)).hint == "correct generation_config.seed"
    wrapped = Answer(400, {}, json.dumps([{"error": {"message": "in a list", "status": "X"}}]).encode())
    assert str(classify(wrapped)) == "in a list"


def test_models_that_draw_are_known_by_their_names() -> None:
    from adcli.providers._google_client import draws

    assert draws(FLASH)
    assert draws("nano-banana-pro-preview")
    assert not draws(HEARS)


PNG = base64.b64encode(b"\x89PNG picture").decode()


def reply(*parts: Any, reason: str = "STOP", **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": reason}], **more}


def test_the_last_picture_that_was_not_just_thought_is_the_result() -> None:
    thought = {"inlineData": {"data": base64.b64encode(b"try").decode()}, "thought": True}
    first = {"inlineData": {"data": base64.b64encode(b"first").decode()}}
    final = {"inlineData": {"data": PNG}}
    assert picture_of(reply({"text": "hm"}, first, final, thought)) == b"\x89PNG picture"


@pytest.mark.parametrize(
    ("document", "permanent", "message", "hint"),
    [
        ({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, True, "PROHIBITED_CONTENT", "flagged"),
        ({"promptFeedback": {"blockReason": "OTHER"}}, True, "OTHER", ""),
        (reply(reason="IMAGE_SAFETY"), True, "IMAGE_SAFETY", "flagged"),
        (reply(reason="RECITATION"), True, "RECITATION", "flagged"),
        (reply(reason="IMAGE_OTHER"), False, "IMAGE_OTHER", ""),
        (reply({"text": "I can't."}, reason="NO_IMAGE"), False, "I can't.", "change the prompt"),
        (reply({"text": "Sure!"}), False, "Sure!", "change the prompt"),
        (reply({"inlineData": {"data": "%%%"}}), False, "STOP", ""),
        ({"candidates": []}, False, "no reason given", ""),
        ({"candidates": [{"content": None}]}, False, "no reason given", ""),
    ],
)
def test_an_answer_without_a_picture_was_paid_for_and_says_why(
    document: Any, permanent: bool, message: str, hint: str
) -> None:
    with pytest.raises(JobFailed) as found:
        picture_of(document)
    assert (found.value.permanent, found.value.billed) == (permanent, True)
    assert message in str(found.value)
    assert hint in (found.value.hint or "")
    assert str(without_result(document)) == str(found.value)


@pytest.mark.parametrize("body", [None, "", "<html>", "[]", "{}", '{"error": {}}'])
def test_what_is_no_answer_says_nothing_about_the_money(body: str | None) -> None:
    with pytest.raises(OutcomeUnknown):
        document_of(body)


def rows(*times: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"text": f"w{at}", "start": start, "end": end} for at, (start, end) in enumerate(times)]


def test_times_that_can_be_true_are_believed() -> None:
    assert timed(rows((0.1, 0.4), (0.4, 0.4), (0.5, 2.4)), 2.0) == [
        ("w0", 0.1, 0.4),
        ("w1", 0.4, 0.4),
        ("w2", 0.5, 2.4),
    ]
    assert timed(rows((0, 1), (1, 2)), 2.0) is not None


@pytest.mark.parametrize(
    "found",
    [
        [],
        rows((0.5, 0.9), (0.2, 1.0)),
        rows((0.9, 0.5)),
        rows((-0.1, 0.5)),
        rows((0.1, 9.0)),
        rows((0, 1), (1, 2), (2, 2)),
        rows((0.1, 0.1), (0.2, 0.2), (0.3, 0.5)),
        rows(("soon", 1.0)),
        [{"text": "w"}],
        rows((float("nan"), 1.0)),
    ],
)
def test_times_that_can_not_be_true_are_not_used(found: Any) -> None:
    assert timed(found, 2.0) is None


def test_tokens_that_were_thought_are_written_too() -> None:
    counts = {"promptTokenCount": 10, "candidatesTokenCount": 1290, "thoughtsTokenCount": 100}
    assert tokens_of({"usageMetadata": counts}) == {"read_tokens": 10.0, "written_tokens": 1390.0}
    assert tokens_of({}) == tokens_of({"usageMetadata": "?"}) == {}

"""What is asked of fal for each stage, what that costs, and what is found wrong before it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import AdcliError, OutcomeUnknown, Rejected
from adcli.providers import fal
from adcli.registry import Request, Sale, Seconds
from adcli.spec.prices import load_prices
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.providers.fal_calls import KLING, SYNC, animation, lipsync, trouble, using

STANDARD = KLING.replace("pro", "standard")
PICTURE, CLIP, VOICE = {"$input": 0}, {"$input": 1}, {"$input": 2}


def _animate(model: str, seconds: float, **extra: Any) -> Mapping[str, Any]:
    fields = {"image": PICTURE, "motion": "she nods", "seconds": seconds, "seed": 1, "aspect": "9:16"}
    return fal.body(Request("animate", model, fields, extra))


def _lipsync(endpoint: str, **extra: Any) -> Mapping[str, Any]:
    return fal.body(Request("lipsync", endpoint, {"clip": CLIP, "audio": VOICE, "seconds": 3.0}, extra))


@pytest.mark.parametrize(
    ("needed", "sold"), [(1.8, "5"), (5.0, "5"), (5.03, "10"), (10.0, "10"), (12.0, "10")]
)
def test_kling_is_asked_for_the_length_that_it_sells(needed: float, sold: str) -> None:
    assert _animate(KLING, needed) == {
        "prompt": "she nods",
        "image_url": PICTURE,
        "duration": sold,
        "negative_prompt": "blur, distort, and low quality",
        "cfg_scale": 0.5,
    }


def test_the_users_own_fields_win() -> None:
    body = _animate(
        STANDARD, 3.0, negative_prompt="text, watermark", tail_image_url="https://example.com/x.png"
    )
    assert body["negative_prompt"] == "text, watermark"
    assert body["tail_image_url"] == "https://example.com/x.png"


@pytest.mark.parametrize(
    ("model", "own"),
    [
        ("fal-ai/sync-lipsync", {"model": "lipsync-1.9.0-beta", "sync_mode": "cut_off"}),
        (SYNC, {"model": "lipsync-2", "sync_mode": "cut_off"}),
        ("fal-ai/sync-lipsync/v3", {"sync_mode": "cut_off"}),
        ("fal-ai/latentsync", {}),
    ],
)
def test_lip_sync_is_told_the_model_and_what_to_do_with_a_longer_file(
    model: str, own: dict[str, str]
) -> None:
    assert _lipsync(model) == {"video_url": CLIP, "audio_url": VOICE, **own}


def test_any_other_model_gets_prompt_and_picture() -> None:
    made = _animate("fal-ai/minimax/hailuo-02/standard/image-to-video", 3.0, duration="6")
    assert made == {"prompt": "she nods", "image_url": PICTURE, "duration": "6"}


def test_a_model_may_call_its_inputs_otherwise() -> None:
    made = _animate("fal-ai/kling-video/v3/pro/image-to-video", 3.0, start_image_url="$image", cfg_scale=None)
    assert made == {"prompt": "she nods", "start_image_url": PICTURE}
    both = _lipsync("fal-ai/x", video="$clip", voice="$audio", text="$5 off")
    assert both == {"video": CLIP, "voice": VOICE, "text": "$5 off"}


def test_the_plan_says_what_an_unknown_model_gets() -> None:
    for known in (KLING, STANDARD):
        assert fal.note(Request("animate", known, {}, {})) is None
    for known in ("fal-ai/sync-lipsync", SYNC, "fal-ai/kling-video/lipsync/audio-to-video"):
        assert fal.note(Request("lipsync", known, {}, {})) is None
    assert "prompt and image_url" in (fal.note(Request("animate", "fal-ai/x", {}, {})) or "")
    assert "video_url and audio_url" in (fal.note(Request("lipsync", "fal-ai/x", {}, {})) or "")


@pytest.mark.parametrize(
    ("stage", "model", "expected"),
    [
        ("animate", KLING, Seconds(5, 10, sold=(5, 10))),
        ("animate", STANDARD, Seconds(5, 10, sold=(5, 10))),
        ("animate", "fal-ai/other/image-to-video", None),
        ("lipsync", SYNC, None),
        ("lipsync", "fal-ai/kling-video/lipsync/audio-to-video", Seconds(2, 10)),
    ],
)
def test_the_lengths_that_models_take(stage: str, model: str, expected: Seconds | None) -> None:
    assert fal.seconds(stage, model) == expected


@pytest.mark.parametrize(
    ("stage", "model", "body", "seconds", "usd"),
    [
        ("animate", KLING, _animate(KLING, 3.0), 3.0, "0.35"),
        ("animate", KLING, _animate(KLING, 7.0), 7.0, "0.70"),
        ("animate", STANDARD, _animate(STANDARD, 3.0), 3.0, "0.21"),
        ("animate", STANDARD, _animate(STANDARD, 7.0), 7.0, "0.42"),
        ("lipsync", SYNC, _lipsync(SYNC), 6.0, "0.30"),
        ("lipsync", SYNC, _lipsync(SYNC), 2.4, "0.15"),
        ("lipsync", SYNC, _lipsync(SYNC, model="lipsync-2-pro"), 6.0, "0.501"),
        ("lipsync", SYNC, {"model": "lipsync-9"}, 6.0, "0.501"),
        ("lipsync", "fal-ai/sync-lipsync", _lipsync("fal-ai/sync-lipsync"), 60.0, "0.70002"),
        ("lipsync", "fal-ai/sync-lipsync/v3", _lipsync("fal-ai/sync-lipsync/v3"), 60.0, "8.00004"),
    ],
)
def test_the_shipped_prices(
    stage: str, model: str, body: Mapping[str, Any], seconds: float, usd: str
) -> None:
    entry = load_prices({})[f"fal:{model}"]
    found = fal.price(Sale(stage, model, body, seconds=seconds), entry)
    assert (found.min_usd, found.max_usd) == (Decimal(usd), Decimal(usd))


@pytest.mark.parametrize(("duration", "usd"), [("6", "0.60"), (6, "0.60"), ("8s", "0.80"), ("auto", "0.40")])
def test_other_models_cost_what_they_are_asked_for(duration: object, usd: str) -> None:
    sale = Sale("animate", "fal-ai/x", {"duration": duration}, seconds=3.2)
    assert fal.price(sale, {"unit": "second", "usd": 0.10}).max_usd == Decimal(usd)


def test_a_model_may_be_priced_by_the_run() -> None:
    assert fal.price(
        Sale("lipsync", "fal-ai/x", {}, seconds=9.0), {"unit": "run", "usd": 0.2}
    ).max_usd == Decimal("0.2")


def _verified(stage: str, model: str, body: Mapping[str, Any]) -> AdcliError | None:
    async def work(client: Any) -> AdcliError | None:
        try:
            await client.verify(stage, model, body)
        except AdcliError as error:
            return error
        return None

    return using(work)


def test_real_calls_pass_before_texts_and_files_are_known(emulator: Emulator, tmp_path: Path) -> None:
    for call in (animation(tmp_path), lipsync(tmp_path)):
        assert _verified(call.stage, call.model, call.body) is None
        waiting = (
            {**call.body, "prompt": {"$text": ["she ", {"$input": 3}]}}
            if call.stage == "animate"
            else call.body
        )
        assert _verified(call.stage, call.model, waiting) is None
    assert emulator.charges() == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"negativ_prompt": "x"}, "no input 'negativ_prompt' (did you mean negative_prompt?)"),
        ({"motion_brush": "x"}, "no input 'motion_brush'"),
        ({"duration": 5}, "duration is 5, expected a string"),
        ({"duration": "7"}, "duration is '7', expected one of 5, 10"),
        ({"cfg_scale": "high"}, "cfg_scale is 'high', expected a number"),
        ({"cfg_scale": True}, "cfg_scale is True, expected a number"),
        ({"cfg_scale": 3}, "cfg_scale is 3, expected 0 to 1"),
        ({"tail_image_url": 3}, "tail_image_url is 3, expected a string"),
    ],
)
def test_wrong_fields_are_named_with_the_models_real_ones(
    changes: dict[str, Any], told: str, emulator: Emulator, tmp_path: Path
) -> None:
    error = _verified("animate", KLING, {**animation(tmp_path).body, **changes})
    assert isinstance(error, Rejected)
    assert told in str(error)
    assert error.hint
    assert "negative_prompt" in error.hint


def test_a_missing_field_is_named(emulator: Emulator) -> None:
    error = _verified("animate", KLING, {"prompt": "x"})
    assert isinstance(error, Rejected)
    assert "image_url is missing" in str(error)


def test_an_optional_field_may_be_null(emulator: Emulator, tmp_path: Path) -> None:
    assert _verified("animate", KLING, {**animation(tmp_path).body, "tail_image_url": None}) is None


def test_all_problems_come_at_once(emulator: Emulator) -> None:
    error = _verified("animate", KLING, {"prompt": "x", "duration": "7", "shots": 2})
    assert all(part in str(error) for part in ("shots", "image_url is missing", "expected one of 5, 10"))


@pytest.mark.parametrize(
    "model",
    [
        "fal-ai/no-such/model",
        "kling",
        "fal-ai/../../account",
        "fal-ai/x?y=1",
        "/fal-ai/x",
        "fal-ai/x/",
        "fal-ai//x",
    ],
)
def test_an_unknown_model_is_named(model: str, emulator: Emulator, tmp_path: Path) -> None:
    error = _verified("animate", model, {"prompt": "x"})
    assert isinstance(error, Rejected)
    assert model in str(error)
    sent = trouble(lambda client: client.submit(_renamed(tmp_path, model), tmp_path))
    assert isinstance(sent, Rejected)
    assert emulator.charges() == []


def _renamed(folder: Path, model: str) -> Any:
    return replace(animation(folder), model=model)


def test_a_model_is_asked_for_once(emulator: Emulator, tmp_path: Path) -> None:
    body = animation(tmp_path).body

    async def work(client: Any) -> None:
        await client.verify("animate", KLING, body)
        await client.verify("animate", KLING, body)

    using(work)
    assert emulator.calls("fal.models") == 1


@pytest.mark.parametrize(
    "openapi",
    [
        "null",
        "{}",
        '{"paths": {}}',
        '{"paths": {"/x": 3}}',
        json.dumps({"paths": {f"/{KLING}": {"post": {"requestBody": 1}}}}),
    ],
)
def test_a_model_without_a_schema_is_not_held_up(openapi: str, emulator: Emulator, tmp_path: Path) -> None:
    body = f'{{"models": [{{"endpoint_id": "{KLING}", "openapi": {openapi}}}]}}'
    emulator.order(Fault("fal.models", Kind.STATUS, status=200, body=body))
    assert _verified("animate", KLING, {"anything": 1}) is None


def test_a_list_of_models_that_can_not_be_read_is_asked_for_again(emulator: Emulator) -> None:
    emulator.order(Fault("fal.models", Kind.STATUS, status=200, body="<html>"))
    assert isinstance(_verified("animate", KLING, {}), OutcomeUnknown)

"""A body is held against the model's live schema before anything is sent."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import CredentialError, OutcomeUnknown, Rejected
from adcli.providers import replicate
from adcli.providers._base import Call
from adcli.providers._replicate_client import ReplicateClient
from adcli.providers._replicate_schema import Known, check
from tests.emulator.faults import Fault, Kind
from tests.emulator.replicate_models import MODELS
from tests.emulator.server import Emulator
from tests.providers.replicate_calls import CUT, FLUX, KLING, asked, call, files, trouble, using

SCHNELL = "black-forest-labs/flux-schnell"


def refused(stage: str, model: str, **extra: Any) -> Rejected:
    error = trouble(lambda client: client.verify(stage, model, replicate.body(asked(stage, model, **extra))))
    assert isinstance(error, Rejected)
    return error


@pytest.mark.parametrize(
    ("model", "extra", "words"),
    [
        (SCHNELL, {"num_output": 2}, ["no input 'num_output'", "num_outputs, num_inference_steps"]),
        (SCHNELL, {"num_outputs": 9}, ["num_outputs: 9 is more than 4"]),
        (SCHNELL, {"num_outputs": 0}, ["num_outputs: 0 is less than 1"]),
        (SCHNELL, {"num_outputs": "2"}, ["num_outputs: '2' is no integer"]),
        (SCHNELL, {"num_outputs": 1.5}, ["num_outputs: 1.5 is no integer"]),
        (SCHNELL, {"go_fast": 1}, ["go_fast: 1 is no boolean"]),
        (SCHNELL, {"seed": True}, ["seed: True is no integer"]),
        (SCHNELL, {"aspect_ratio": "7:1"}, ["'7:1' is not one of 1:1, 16:9"]),
        (SCHNELL, {"prompt": None}, ["prompt is missing"]),
        (SCHNELL, {"a": 1, "b": 2}, ["no input 'a'; no input 'b'"]),
        ("google/nano-banana", {"image_input": {"$asset": "x"}}, ["image_input: it takes a list"]),
        ("google/nano-banana", {"image_input": "x"}, ["image_input: 'x' is no array"]),
    ],
)
def test_a_wrong_input_is_named_with_the_models_real_ones(
    model: str, extra: dict[str, Any], words: list[str], emulator: Emulator
) -> None:
    error = refused("image", model, **extra)
    assert error.message.startswith(f"{model}: ")
    assert "; its inputs are prompt, " in error.message
    for word in words:
        assert word in error.message
    assert (emulator.calls("create"), emulator.charges()) == (0, [])


def test_a_misspelt_input_is_guessed(emulator: Emulator) -> None:
    assert refused("image", SCHNELL, num_output=2).hint == "did you mean num_outputs?"


def test_an_input_that_is_missing_can_be_given(emulator: Emulator) -> None:
    assert "models.animate" in str(refused("animate", "kwaivgi/kling-v2.1", start_image=None).hint)


def test_a_model_that_calls_a_file_otherwise_is_explained_how_to_get_it(emulator: Emulator) -> None:
    model = "somebody/new-video"
    error = refused("animate", model)
    assert "no input 'image'" in error.message
    assert error.hint == "say where the image goes: models: {animate: {first_image: $image}}"
    body = replicate.body(asked("animate", model, first_image="$image"))
    using(lambda client: client.verify("animate", model, body))


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("black-forest-labs/flux-schnel", "did you mean black-forest-labs/flux-schnell?"),
        ("kwaivgi/kling-v2.5-turbo", "did you mean kwaivgi/kling-v2.5-turbo-pro?"),
        ("nobody/zzz", "expected owner/name"),
        (f"{SCHNELL}:{'0' * 64}", "versions"),
        ("flux-schnell", "expected owner/name"),
        ("a/b/c", "expected owner/name"),
        ("../v1/account", "expected owner/name"),
        ("a/b:latest", "expected owner/name"),
        ("", "expected owner/name"),
    ],
)
def test_a_model_that_does_not_exist_is_named(model: str, words: str, emulator: Emulator) -> None:
    error = refused("image", model)
    assert words in str(error.hint)
    assert emulator.charges() == []


def test_texts_to_be_written_and_files_to_be_made_are_no_mistakes(emulator: Emulator) -> None:
    body = {"prompt": {"$text": [{"$input": 0}]}, "start_image": {"$input": 1}, "duration": 5}
    using(lambda client: client.verify("animate", KLING, body))


def test_each_model_is_asked_for_once(emulator: Emulator) -> None:
    body = {"prompt": "x"}

    async def many(client: ReplicateClient) -> None:
        await asyncio.gather(*(client.verify("image", SCHNELL, body) for _ in range(20)))
        await client.verify("image", FLUX, body)

    using(many)
    assert emulator.counts()["calls"] == {"model": 2}


def test_trouble_on_the_way_is_not_remembered(emulator: Emulator) -> None:
    emulator.order(Fault("model", Kind.STATUS, status=503, nth=(1,)))

    async def twice(client: ReplicateClient) -> None:
        with pytest.raises(OutcomeUnknown):
            await client.verify("image", SCHNELL, {"prompt": "x"})
        await client.verify("image", SCHNELL, {"prompt": "x"})

    using(twice)


def test_a_refused_key_is_told_before_anything_is_sent(emulator: Emulator) -> None:
    error = trouble(
        lambda client: client.verify("image", SCHNELL, {"prompt": "x"}), REPLICATE_API_TOKEN="r8_wrong"
    )
    assert isinstance(error, CredentialError)
    assert "r8_wrong" not in f"{error} {error.hint}"


@pytest.mark.parametrize(
    "document",
    [
        "{}",
        '{"latest_version": null}',
        '{"latest_version": {"id": "abc"}}',
        '{"latest_version": {"openapi_schema": {"components": {"schemas": {"Input": []}}}}}',
        '{"latest_version": {"openapi_schema": "x"}}',
    ],
)
def test_a_model_that_shows_no_schema_is_not_checked(document: str, emulator: Emulator) -> None:
    emulator.order(Fault("model", Kind.STATUS, status=200, body=document))
    if document == "{}":
        error = trouble(lambda client: client.verify("image", SCHNELL, {"prompt": "x"}))
        assert isinstance(error, OutcomeUnknown)
    else:
        using(lambda client: client.verify("image", SCHNELL, {"prompt": "x"}))


def test_alternatives_and_nullable_inputs_may_hold_anything() -> None:
    inputs: dict[str, dict[str, Any]] = {
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "maybe": {"type": "string", "nullable": True},
        "odd": {"type": "unheard-of"},
        "limited": {"allOf": [{"$ref": "#/components/schemas/nowhere"}], "maximum": 3},
    }
    known = Known(None, inputs)
    check(known, "image", "a/b", {"either": 1, "maybe": 2, "odd": 3, "limited": 3})
    with pytest.raises(Rejected, match="limited: 4 is more than 3"):
        check(known, "image", "a/b", {"limited": 4})


@pytest.mark.parametrize("pinned", [False, True])
def test_a_community_model_is_called_by_its_version(pinned: bool, emulator: Emulator, tmp_path: Path) -> None:
    version = MODELS[CUT].version
    model = f"{CUT}:{version}" if pinned else CUT
    given = call(tmp_path, "matte", model)

    async def sent(client: ReplicateClient) -> None:
        await client.prepare(given)
        await client.submit(given, tmp_path)

    using(sent)
    assert [charge.model for charge in emulator.charges()] == [CUT]
    assert emulator.calls("model") == (0 if pinned else 1)


def test_a_version_is_checked_by_its_own_schema(emulator: Emulator) -> None:
    model = f"{SCHNELL}:{MODELS[SCHNELL].version}"
    using(lambda client: client.verify("image", model, {"prompt": "x"}))
    assert emulator.counts()["calls"] == {"version": 1}


def test_a_model_that_is_not_listed_is_called_as_the_service_says(emulator: Emulator, tmp_path: Path) -> None:
    clip = replicate.body(asked("animate", "somebody/new-video", first_image="$image", duration=5))
    calls = [
        Call("animate", "somebody/new-video", clip, (), files(tmp_path)),
        Call("image", "somebody/old-diffusion", {"prompt": "x", "width": 768}, (), {}),
    ]

    async def sent(client: ReplicateClient) -> None:
        for given in calls:
            await client.prepare(given)
            await client.submit(given, tmp_path)

    using(sent)
    assert [charge.model for charge in emulator.charges()] == [given.model for given in calls]

"""The emulated Google, as its own SDK sees it over HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from google import genai
from google.genai import errors, types
from PIL import Image

from tests.emulator.faults import Fault, Kind
from tests.emulator.google_api import KEY
from tests.emulator.ledger import paid_twice
from tests.emulator.media import spoken
from tests.emulator.server import Emulator

FLASH, PRO, HEARS = "gemini-2.5-flash-image", "gemini-3-pro-image-preview", "gemini-2.5-flash"


@pytest.fixture
def sdk(emulator: Emulator) -> Iterator[genai.Client]:
    """The SDK, pointed here by the environment alone, in the version of the API that adcli uses."""
    with genai.Client(http_options={"api_version": "v1beta"}) as client:
        yield client


def drawn(
    sdk: genai.Client, model: str = FLASH, prompt: str = "a bottle", **shape: str
) -> types.GenerateContentResponse:
    config = types.GenerateContentConfig(
        response_modalities=["IMAGE"], image_config=types.ImageConfig(**shape)
    )
    return sdk.models.generate_content(model=model, contents=prompt, config=config)


def picture(answer: types.GenerateContentResponse) -> Image.Image:
    assert answer.parts is not None
    data = [part.inline_data.data for part in answer.parts if part.inline_data and not part.thought]
    assert data[-1] is not None
    return Image.open(io.BytesIO(data[-1]))


def test_a_picture_has_the_shape_and_size_that_were_asked_for(sdk: genai.Client) -> None:
    assert picture(drawn(sdk, aspect_ratio="9:16")).size == (768, 1360)
    large = drawn(sdk, PRO, aspect_ratio="1:1", image_size="2K")
    assert picture(large).size == (2048, 2048)
    assert large.parts is not None
    assert any(part.thought for part in large.parts)
    assert large.usage_metadata is not None
    assert large.usage_metadata.candidates_token_count == 1290


def test_a_transcript_follows_the_schema(sdk: genai.Client) -> None:
    sound = types.Part.from_bytes(data=spoken("one two").sound, mime_type="audio/mpeg")
    question = types.Content(role="user", parts=[sound, types.Part(text="What is said?")])
    answer = sdk.models.generate_content(model=HEARS, contents=question)
    words = json.loads(str(answer.text))["words"]
    assert [row["text"] for row in words] == ["somebody", "says", "something"]


def test_all_models_are_listed_on_two_pages(sdk: genai.Client, emulator: Emulator) -> None:
    names = [str(model.name) for model in sdk.models.list()]
    assert f"models/{FLASH}" in names
    assert "models/embedding-1" in names
    assert emulator.calls("google.models") == 2


@pytest.mark.parametrize(
    ("model", "shape", "message"),
    [
        (FLASH, {"aspect_ratio": "7:1"}, "aspect_ratio"),
        (FLASH, {"image_size": "2K"}, "image_size is not supported"),
        (HEARS, {}, "does not support the requested modalities"),
        ("gemini-9", {}, "is not found"),
    ],
)
def test_refusals_are_in_the_services_words_and_cost_nothing(
    model: str, shape: dict[str, str], message: str, sdk: genai.Client, emulator: Emulator
) -> None:
    with pytest.raises(errors.ClientError, match=message):
        drawn(sdk, model, **shape)
    assert emulator.charges() == []


def test_a_wrong_key_is_a_bad_request(emulator: Emulator) -> None:
    beta = types.HttpOptions(api_version="v1beta")
    with (
        genai.Client(api_key="AIzaOther", http_options=beta) as other,
        pytest.raises(errors.ClientError) as found,
    ):
        list(other.models.list())
    assert (found.value.code, found.value.status) == (400, "INVALID_ARGUMENT")
    assert "API_KEY_INVALID" in str(found.value.details)
    assert KEY not in str(found.value)


def test_a_blocked_prompt_is_answered_without_candidates(sdk: genai.Client, emulator: Emulator) -> None:
    emulator.order(Fault("google.generate", Kind.FAIL, error="BLOCK:SAFETY"))
    answer = drawn(sdk)
    assert not answer.candidates
    assert answer.prompt_feedback is not None
    assert answer.prompt_feedback.block_reason == types.BlockedReason.SAFETY
    assert len(emulator.charges()) == 1


def test_the_sdk_as_it_comes_goes_on_asking_for_an_answer_that_is_not_whole(
    sdk: genai.Client, emulator: Emulator
) -> None:
    emulator.order(Fault("google.generate", Kind.FAIL, error="CONTINUATION", nth=(1, 2)))
    drawn(sdk)
    assert len(emulator.charges()) == 3


def test_every_answer_is_one_line_of_the_ledger(sdk: genai.Client, emulator: Emulator) -> None:
    for prompt in ("one", "two", "one"):
        drawn(sdk, prompt=prompt)
    assert paid_twice(emulator.charges()) == {"one": 2}

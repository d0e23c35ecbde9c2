"""The emulated Runway, as its own SDK sees it over HTTP."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Iterator

import av
import httpx
import pytest
import runwayml
from PIL import Image
from runwayml import RunwayML

from tests.emulator.faults import Fault, Kind
from tests.emulator.ledger import paid_twice
from tests.emulator.pictures import draw
from tests.emulator.runway_api import KEY
from tests.emulator.server import Emulator

STILL = f"data:image/png;base64,{base64.b64encode(draw('x', 64, 64, 'png')).decode()}"


@pytest.fixture
def sdk(emulator: Emulator) -> Iterator[RunwayML]:
    """The SDK, pointed here by the environment alone, as users have it: it sends again by itself."""
    with RunwayML() as client:
        yield client


def clip(sdk: RunwayML, text: str = "she waves") -> str:
    made = sdk.image_to_video.create(
        model="gen4_turbo", prompt_image=STILL, prompt_text=text, ratio="720:1280", duration=2
    )
    assert made.model_dump()["estimated_cost"] == {"credits": 10}
    return made.id


def ended(sdk: RunwayML, job: str) -> dict[str, object]:
    for _ in range(6):
        found = sdk.tasks.retrieve(job).model_dump(by_alias=True)
        if found["status"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
            return found
    raise AssertionError(found)


def fetched(task: dict[str, object]) -> bytes:
    output = task["output"]
    assert isinstance(output, list)
    answer = httpx.get(output[0], trust_env=False)
    assert answer.status_code == 200
    return answer.content


def test_a_task_waits_runs_and_succeeds_with_a_clip(sdk: RunwayML) -> None:
    job = clip(sdk)
    states = [sdk.tasks.retrieve(job).status for _ in range(3)]
    assert states == ["RUNNING", "SUCCEEDED", "SUCCEEDED"]
    task = ended(sdk, job)
    assert task["cost"] == {"credits": 10}
    with av.open(io.BytesIO(fetched(task)), "r") as video:
        assert video.duration == pytest.approx(2_000_000, abs=50_000)


def test_a_picture_has_its_ratio(sdk: RunwayML) -> None:
    made = sdk.text_to_image.create(model="gen4_image", prompt_text="a bottle", ratio="1080:1920")
    assert Image.open(io.BytesIO(fetched(ended(sdk, made.id)))).size == (1080, 1920)


def test_the_sdks_own_upload_works(sdk: RunwayML) -> None:
    uploaded = sdk.uploads.create_ephemeral(file=("x.png", draw("x", 64, 64, "png"), "image/png"))
    assert uploaded.uri.startswith("runway://")
    sdk.image_to_video.create(model="gen4_turbo", prompt_image=uploaded.uri, ratio="720:1280")
    with pytest.raises(runwayml.BadRequestError, match="does not exist"):
        sdk.image_to_video.create(model="gen4_turbo", prompt_image="runway://other", ratio="720:1280")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ratio": "9:16"}, "ratio"),
        ({"duration": 11}, "duration"),
        ({"prompt_text": "x" * 1001}, "promptText"),
        ({"prompt_image": "data:image/png;base64,AAAA"}, "promptImage"),
        ({"prompt_image": ""}, "promptImage"),
        ({"extra_body": {"mood": 1}}, "mood"),
        ({"model": "gen4_image"}, "model"),
    ],
)
def test_a_wrong_request_is_refused_by_its_field_and_costs_nothing(
    given: dict[str, object], field: str, sdk: RunwayML, emulator: Emulator
) -> None:
    whole = {"model": "gen4_turbo", "prompt_image": STILL, "ratio": "720:1280", **given}
    with pytest.raises(runwayml.BadRequestError) as found:
        sdk.image_to_video.create(**whole)  # type: ignore[call-overload]
    assert found.value.body["issues"][0]["path"] == [field]  # type: ignore[index]
    assert emulator.charges() == []


def test_the_organization_says_what_is_left_and_how_many_may_run(sdk: RunwayML) -> None:
    clip(sdk)
    found = sdk.organization.retrieve()
    assert found.credit_balance == 4990
    assert found.tier.models["gen4_turbo"].max_concurrent_generations == 5
    assert found.usage.models["gen4_turbo"].daily_generations == 1


def test_more_tasks_than_may_run_are_throttled(sdk: RunwayML, emulator: Emulator) -> None:
    emulator.change(at_once=1, pace={"seconds": [0, 0.3]})
    first, second = clip(sdk, "one"), clip(sdk, "two")
    assert sdk.tasks.retrieve(first).status == "RUNNING"
    assert sdk.tasks.retrieve(second).status == "THROTTLED"
    time.sleep(0.35)
    assert sdk.tasks.retrieve(first).status == "SUCCEEDED"
    assert sdk.tasks.retrieve(second).status != "THROTTLED"


def test_a_deleted_task_is_gone_with_its_files(sdk: RunwayML) -> None:
    job = clip(sdk)
    output = ended(sdk, job)["output"]
    sdk.tasks.delete(job)
    with pytest.raises(runwayml.NotFoundError):
        sdk.tasks.retrieve(job)
    assert isinstance(output, list)
    assert httpx.get(output[0], trust_env=False).status_code == 403


def test_an_address_lives_a_day_and_the_task_gives_a_new_one(sdk: RunwayML, emulator: Emulator) -> None:
    job = clip(sdk)
    output = ended(sdk, job)["output"]
    emulator.change(skew=90_000.0)
    assert isinstance(output, list)
    assert httpx.get(output[0], trust_env=False).status_code == 403
    assert fetched(ended(sdk, job))


@pytest.mark.parametrize(("code", "cost"), [("INTERNAL.BAD_OUTPUT.CODE02", 0), ("SAFETY.INPUT.IMAGE", 10)])
def test_a_failed_task_has_a_code_and_a_cost(code: str, cost: int, sdk: RunwayML, emulator: Emulator) -> None:
    emulator.order(Fault("runway.create", Kind.FAIL, error=code))
    task = ended(sdk, clip(sdk))
    assert (task["failureCode"], task["cost"]) == (code, {"credits": cost})


def test_the_sdk_as_it_comes_pays_three_times_for_a_lost_answer(sdk: RunwayML, emulator: Emulator) -> None:
    emulator.order(Fault("runway.create", Kind.DROP, accepted=True))
    with pytest.raises(runwayml.APIConnectionError):
        clip(sdk)
    assert paid_twice(emulator.charges()) == {"she waves": 3}


def test_without_key_or_version_nothing_is_done(emulator: Emulator) -> None:
    with RunwayML(api_key="key_x") as other, pytest.raises(runwayml.AuthenticationError):
        other.organization.retrieve()
    path, headers = f"{emulator.url}/runway/v1/organization", {"Authorization": f"Bearer {KEY}"}
    assert httpx.get(path, headers=headers, trust_env=False).status_code == 400

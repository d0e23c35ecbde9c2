"""The emulated Replicate, as its own SDK sees it over HTTP."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ModelError, ReplicateError
from replicate.prediction import Prediction

from tests.emulator.faults import MODERATED, Fault, Kind
from tests.emulator.ledger import paid_twice
from tests.emulator.replicate_models import MODELS
from tests.emulator.server import Emulator

SCHNELL, PRO = "black-forest-labs/flux-schnell", "black-forest-labs/flux-1.1-pro"
GIVEN = {"prompt": "a bottle at dawn", "aspect_ratio": "9:16", "output_format": "png", "seed": 42}


@contextlib.contextmanager
def opened(**given: str) -> Iterator[Client]:
    """The real SDK, which leaves its connections open."""
    client = Client(**given)  # type: ignore[arg-type]
    try:
        yield client
    finally:
        client._client.close()


@pytest.fixture
def sdk(emulator: Emulator) -> Iterator[Client]:
    """The SDK, pointed here by the environment alone."""
    with opened() as client:
        yield client


@pytest.fixture
def web(emulator: Emulator) -> Iterator[httpx.Client]:
    """Plain HTTP with the token."""
    token = emulator.environment()["REPLICATE_API_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=emulator.url, headers=headers, trust_env=False) as client:
        yield client


def made(sdk: Client, model: str = PRO, **more: object) -> Prediction:
    return sdk.models.predictions.create(model, {**GIVEN, **more})


def finished(prediction: Prediction) -> Prediction:
    for _ in range(5):
        prediction.reload()
    return prediction


def outputs(prediction: Prediction) -> list[str]:
    """Addresses of its pictures."""
    found = finished(prediction).output
    assert found
    return [found] if isinstance(found, str) else list(found)


def picture(url: str) -> Image.Image:
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.content))


def test_a_prediction_starts_runs_and_succeeds(sdk: Client, emulator: Emulator) -> None:
    prediction = made(sdk)
    assert (prediction.status, prediction.output, prediction.version) == ("starting", None, "hidden")
    assert prediction.urls == {
        "get": f"{emulator.url}/v1/predictions/{prediction.id}",
        "cancel": f"{emulator.url}/v1/predictions/{prediction.id}/cancel",
        "web": f"https://replicate.com/p/{prediction.id}",
    }
    seen: list[str] = []
    for _ in range(3):
        prediction.reload()
        seen.append(prediction.status)
    assert seen == ["processing", "succeeded", "succeeded"]
    assert prediction.metrics is not None
    assert prediction.metrics["image_count"] == 1
    (url,) = outputs(prediction)
    assert (picture(url).format, picture(url).size) == ("PNG", (768, 1344))


def test_one_output_is_an_address_and_several_are_a_list(sdk: Client) -> None:
    assert isinstance(finished(made(sdk, PRO)).output, str)
    several = finished(made(sdk, SCHNELL, num_outputs=3))
    assert isinstance(several.output, list)
    assert len({picture(url).tobytes() for url in outputs(several)}) == 3


@pytest.mark.parametrize(
    ("model", "given", "kind"),
    [
        (SCHNELL, {}, "WEBP"),
        ("google/nano-banana", {"aspect_ratio": "1:1"}, "JPEG"),
        ("bytedance/seedream-4", {"size": "custom", "width": 1024, "height": 1024}, "JPEG"),
    ],
)
def test_formats_follow_each_models_default(
    sdk: Client, model: str, given: dict[str, object], kind: str
) -> None:
    url = outputs(sdk.models.predictions.create(model, {"prompt": "x", **given}))[0]
    assert (picture(url).format, picture(url).size) == (kind, (1024, 1024))


def test_the_same_input_gives_the_same_picture_and_another_gives_another(sdk: Client) -> None:
    first, again, other = (picture(outputs(made(sdk, seed=seed))[0]).tobytes() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_sdks_own_run_works(sdk: Client, emulator: Emulator) -> None:
    emulator.change(pace={"seconds": [0.0, 0.0]})
    assert str(sdk.run(PRO, GIVEN)).endswith("out-0.png")


def test_any_model_is_called_by_its_version(sdk: Client) -> None:
    hidden = "851-labs/background-remover"
    version = MODELS[hidden].version
    for written in (version, f"{hidden}:{version}"):
        prediction = sdk.predictions.create(version=written, input={"image": "https://example.com/x.png"})
        assert (prediction.model, prediction.version) == (hidden, version)
    with pytest.raises(ReplicateError) as missing:
        sdk.models.predictions.create(hidden, {"image": "https://example.com/x.png"})
    assert missing.value.status == 404
    with pytest.raises(ReplicateError) as wrong:
        sdk.predictions.create(version="0" * 64, input={})
    assert (wrong.value.status, wrong.value.title) == (422, "Invalid version or not permitted")


def test_time_can_set_the_pace_instead_of_polls(sdk: Client, emulator: Emulator) -> None:
    emulator.change(pace={"seconds": [0.1, 0.3]})
    started = time.monotonic()
    prediction = made(sdk)
    seen = []
    while prediction.status not in ("succeeded", "failed"):
        time.sleep(0.02)
        prediction.reload()
        seen.append(prediction.status)
    assert 0.3 <= time.monotonic() - started < 2
    assert sorted(set(seen), key=seen.index) == ["starting", "processing", "succeeded"]


def test_a_create_may_wait_for_the_end(sdk: Client) -> None:
    assert sdk.models.predictions.create(PRO, GIVEN, wait=True).status == "succeeded"


def test_a_wait_that_is_too_short_gives_the_unfinished_job(web: httpx.Client, emulator: Emulator) -> None:
    emulator.change(pace={"seconds": [9, 9]})
    answer = web.post(f"/v1/models/{PRO}/predictions", json={"input": GIVEN}, headers={"Prefer": "wait=1"})
    assert (answer.status_code, answer.json()["status"]) == (202, "starting")


@pytest.mark.parametrize(("runs", "status"), [(False, "aborted"), (True, "canceled")])
def test_a_deadline_aborts_what_has_not_started_and_cancels_what_runs(
    runs: bool, status: str, web: httpx.Client, emulator: Emulator
) -> None:
    emulator.change(pace={"seconds": [0 if runs else 99, 99]})
    path = f"/v1/models/{PRO}/predictions"
    created = web.post(path, json={"input": GIVEN}, headers={"Cancel-After": "60s"}).json()
    assert web.get(created["urls"]["get"]).json()["status"] == ("processing" if runs else "starting")
    emulator.change(skew=61.0)
    ended = web.get(created["urls"]["get"]).json()
    assert (ended["status"], ended["completed_at"]) == (status, ended["deadline"])


def test_a_job_can_be_cancelled_once(sdk: Client) -> None:
    prediction = made(sdk)
    prediction.cancel()
    assert prediction.status == "canceled"
    done = finished(made(sdk))
    done.cancel()
    assert done.status == "succeeded"


def test_lists_hold_a_hundred_newest_first(sdk: Client) -> None:
    names = [made(sdk, seed=n).id for n in range(203)]
    page = sdk.predictions.list()
    pages = [page]
    while pages[-1].next:
        pages.append(sdk.predictions.list(cursor=pages[-1].next))
    assert [len(found.results) for found in pages] == [100, 100, 3]
    assert [row.id for found in pages for row in found.results] == names[::-1]
    assert pages[-1].previous is not None
    assert pages[0].previous is None
    assert pages[0].results[0].input == {**GIVEN, "seed": 202}


def test_models_show_their_schema(sdk: Client) -> None:
    for name in MODELS:
        model = sdk.models.get(name)
        assert model.latest_version is not None
        schemas = model.latest_version.openapi_schema["components"]["schemas"]
        required = [field for field, item in MODELS[name].fields.items() if item.required]
        assert schemas["Input"]["required"] == required
        assert set(schemas["Input"]["properties"]) == set(MODELS[name].fields)
        assert model.versions.get(model.latest_version.id).id == model.latest_version.id
    schnell = sdk.models.get(SCHNELL).latest_version
    assert schnell is not None
    schemas = schnell.openapi_schema["components"]["schemas"]
    assert schemas["Output"]["type"] == "array"
    assert "9:16" in schemas["aspect_ratio"]["enum"]
    with pytest.raises(ReplicateError, match="could not be found"):
        sdk.models.get("nobody/nothing")


def test_the_account_answers(sdk: Client) -> None:
    assert sdk.accounts.current().username == "emulator"


def test_files_are_kept_described_listed_and_deleted(sdk: Client, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40 + b"\r\n--x\r\n\r\n"
    path = tmp_path / "bottle.png"
    path.write_bytes(data)
    uploaded = sdk.files.create(path)
    assert (uploaded.name, uploaded.size, uploaded.content_type) == ("bottle.png", len(data), "image/png")
    assert sdk.files.get(uploaded.id).checksums == uploaded.checksums
    assert [found.id for found in sdk.files.list()] == [uploaded.id]
    assert sdk.files.delete(uploaded.id)
    assert sdk.files.list() == []


@pytest.mark.parametrize("token", [None, "r8_wrong"])
def test_without_the_right_token_nothing_is_done(token: str | None, emulator: Emulator, sdk: Client) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=emulator.url, headers=headers, trust_env=False) as web:
        answers = [web.get("/v1/account"), web.post(f"/v1/models/{PRO}/predictions", json={"input": GIVEN})]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json()["title"] == "Unauthenticated"
    assert emulator.charges() == []
    with opened(api_token="r8_wrong") as client, pytest.raises(ReplicateError, match="Unauthenticated"):
        client.accounts.current()


@pytest.mark.parametrize(
    ("model", "given", "kind", "place"),
    [
        (PRO, {}, "required", "input"),
        (PRO, {"prompt": 7}, "invalid_type", "input.prompt"),
        (PRO, {"prompt": "x", "seed": True}, "invalid_type", "input.seed"),
        (PRO, {"prompt": "x", "aspect_ratio": "7:1"}, "enum", "input.aspect_ratio"),
        (SCHNELL, {"prompt": "x", "num_outputs": 5}, "number_lte", "input.num_outputs"),
        (SCHNELL, {"prompt": "x", "num_outputs": 0}, "number_gte", "input.num_outputs"),
        ("google/nano-banana", {"prompt": "x", "seed": 1}, "additional_property_not_allowed", "input"),
        (PRO, "text", "invalid_type", "input"),
    ],
)
def test_a_wrong_input_is_refused_field_by_field_and_costs_nothing(
    model: str, given: object, kind: str, place: str, web: httpx.Client, emulator: Emulator
) -> None:
    answer = web.post(f"/v1/models/{model}/predictions", json={"input": given})
    assert (answer.status_code, answer.json()["title"]) == (422, "Input validation failed")
    (found,) = answer.json()["invalid_fields"]
    assert (found["type"], found["field"]) == (kind, place)
    assert answer.json()["detail"].startswith(f"- {place}: ")
    assert emulator.charges() == []


def test_every_accepted_post_is_one_line_of_the_ledger(sdk: Client, emulator: Emulator) -> None:
    first, second = made(sdk), made(sdk, seed=43)
    again = made(sdk)
    charges = emulator.charges()
    assert [(charge.n, charge.model, charge.job) for charge in charges] == [
        (1, PRO, first.id),
        (2, PRO, second.id),
        (3, PRO, again.id),
    ]
    assert paid_twice(charges) == {"a bottle at dawn": 2}


def test_after_an_hour_nothing_of_a_job_is_left_but_its_name(sdk: Client, emulator: Emulator) -> None:
    prediction = made(sdk)
    (url,) = outputs(prediction)
    emulator.change(skew=3601.0)
    prediction.reload()
    assert (prediction.status, prediction.output, prediction.input) == ("succeeded", None, {})
    assert httpx.get(f"{emulator.url}/v1/predictions/{prediction.id}", trust_env=False).status_code == 401
    assert httpx.get(url, trust_env=False).status_code == 404


def test_a_failed_job_says_why(sdk: Client, emulator: Emulator) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    emulator.order(Fault("create", Kind.FAIL, error=MODERATED))
    assert finished(made(sdk)).error == MODERATED
    with pytest.raises(ModelError, match="E005"):
        sdk.run(PRO, GIVEN)

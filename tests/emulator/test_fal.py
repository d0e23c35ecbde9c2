"""The emulated fal, over plain HTTP: its SDK fixes its hosts and sends a POST up to ten times."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import av
import httpx
import pytest

from tests.emulator.fal_api import KEY
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind
from tests.emulator.media import clip, music
from tests.emulator.server import Emulator

KLING = "fal-ai/kling-video/v2.5-turbo/pro/image-to-video"
SYNC = "fal-ai/sync-lipsync/v2"
GIVEN = {"prompt": "she nods", "image_url": "https://example.com/x.png", "duration": "5"}


@pytest.fixture
def web(emulator: Emulator) -> Iterator[httpx.Client]:
    """Plain HTTP with the key."""
    headers = {"Authorization": f"Key {KEY}"}
    with httpx.Client(base_url=f"{emulator.url}/fal", headers=headers, trust_env=False) as client:
        yield client


def submitted(web: httpx.Client, model: str = KLING, **more: Any) -> dict[str, Any]:
    answer = web.post(f"/queue/{model}", json=GIVEN | more)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def finished(web: httpx.Client, job: dict[str, Any]) -> httpx.Response:
    for _ in range(5):
        state = web.get(job["status_url"])
        if state.status_code == 200:
            return state
    raise AssertionError("it still runs")


def listed(web: httpx.Client, **query: str) -> dict[str, Any]:
    asked = {"endpoint_id": KLING, **query}
    found: dict[str, Any] = web.get("/api/v1/models/requests/by-endpoint", params=asked).json()
    return found


def seconds(data: bytes) -> float:
    with av.open(io.BytesIO(data), "r") as found:
        assert found.duration
        return found.duration / 1_000_000


def test_a_request_waits_runs_and_completes(web: httpx.Client, emulator: Emulator) -> None:
    job = submitted(web)
    own = f"{emulator.url}/fal/queue/fal-ai/kling-video/requests/{job['request_id']}"
    assert (job["status"], job["response_url"], job["status_url"], job["cancel_url"]) == (
        "IN_QUEUE",
        own,
        f"{own}/status",
        f"{own}/cancel",
    )
    seen = [web.get(f"{own}/status") for _ in range(3)]
    assert [(answer.status_code, answer.json()["status"]) for answer in seen] == [
        (202, "IN_PROGRESS"),
        (200, "COMPLETED"),
        (200, "COMPLETED"),
    ]
    answer = web.get(own)
    assert answer.headers["x-fal-billable-units"] == "5"
    film = httpx.get(answer.json()["video"]["url"], trust_env=False)
    assert seconds(film.content) == pytest.approx(5.0)


def test_a_result_can_not_be_had_early(web: httpx.Client) -> None:
    answer = web.get(submitted(web)["response_url"])
    assert (answer.status_code, answer.json()["detail"]) == (400, "Request is still in progress")


def test_below_the_whole_model_id_there_are_no_requests(web: httpx.Client) -> None:
    job = submitted(web)["request_id"]
    assert web.get(f"/queue/{KLING}/requests/{job}/status").status_code == 404
    assert web.get(f"/queue/fal-ai/sync-lipsync/requests/{job}/status").status_code == 404


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        ({"duration": "7"}, "literal_error", "duration"),
        ({"duration": 5}, "string_type", "duration"),
        ({"cfg_scale": 2}, "less_than_equal", "cfg_scale"),
    ],
)
def test_a_wrong_input_is_accepted_and_fails_as_completed(
    changes: dict[str, Any], kind: str, field: str, web: httpx.Client
) -> None:
    job = submitted(web, **changes)
    state = finished(web, job).json()
    assert (state["status"], state["error_type"]) == ("COMPLETED", kind)
    answer = web.get(job["response_url"])
    assert (answer.status_code, answer.headers["x-fal-retryable"]) == (422, "false")
    assert answer.json()["detail"][0]["loc"] == ["body", field]


@pytest.mark.parametrize(
    ("error", "status", "kind", "retryable"),
    [
        (MODERATED, 422, "content_policy_violation", "false"),
        (TRANSIENT, 500, "internal_server_error", "true"),
    ],
)
def test_a_failed_request_is_completed_too(
    error: str, status: int, kind: str, retryable: str, web: httpx.Client, emulator: Emulator
) -> None:
    emulator.order(Fault("fal.submit", Kind.FAIL, error=error))
    job = submitted(web)
    assert finished(web, job).json()["error_type"] == kind
    answer = web.get(job["response_url"])
    found = (answer.status_code, answer.headers["x-fal-error-type"], answer.headers["x-fal-retryable"])
    assert found == (status, kind, retryable)


def test_cancelling_says_what_it_found(web: httpx.Client) -> None:
    job = submitted(web)
    answers = [web.put(job["cancel_url"]) for _ in range(2)]
    assert [(answer.status_code, answer.json()["status"]) for answer in answers] == [
        (202, "CANCELLATION_REQUESTED"),
        (400, "ALREADY_COMPLETED"),
    ]
    assert web.get(job["response_url"]).status_code == 499
    nobodys = web.put("/queue/fal-ai/kling-video/requests/nobodys/cancel")
    assert (nobodys.status_code, nobodys.json()["status"]) == (404, "NOT_FOUND")


def test_the_history_lists_what_has_ended_last_first(web: httpx.Client, emulator: Emulator) -> None:
    emulator.change(pace={"seconds": [60, 120]})
    jobs = [submitted(web, prompt=str(n)) for n in range(3)]
    assert listed(web)["items"] == []
    emulator.change(skew=121.0)
    page = listed(web, limit="2", expand="payloads")
    rest = listed(web, limit="2", cursor=page["next_cursor"])
    assert [len(found["items"]) for found in (page, rest)] == [2, 1]
    assert (page["has_more"], rest["has_more"], rest["next_cursor"]) == (True, False, None)
    assert {row["request_id"] for row in [*page["items"], *rest["items"]]} == {
        job["request_id"] for job in jobs
    }
    row = page["items"][0]
    assert (row["status_code"], row["json_input"]["image_url"]) == (200, GIVEN["image_url"])
    assert row["json_output"]["video"]["url"].endswith("/output.mp4")
    assert "json_input" not in rest["items"][0]


def test_the_history_gives_one_request_by_id(web: httpx.Client, emulator: Emulator) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    first, _ = submitted(web), submitted(web)
    (row,) = listed(web, request_id=first["request_id"])["items"]
    assert row["request_id"] == first["request_id"]


def test_results_last_an_hour_and_large_ones_six_minutes(web: httpx.Client, emulator: Emulator) -> None:
    small, large = submitted(web), submitted(web, "fal-ai/talkative/image-to-video")
    finished(web, small)
    finished(web, large)
    for skew, expected in ((359.0, [200, 200]), (361.0, [200, 404]), (3601.0, [404, 404])):
        emulator.change(skew=skew)
        assert [web.get(job["response_url"]).status_code for job in (small, large)] == expected
    (row,) = listed(web, expand="payloads", start="2026-01-01T00:00:00Z")["items"]
    assert httpx.get(row["json_output"]["video"]["url"], trust_env=False).status_code == 200


def test_uploads_take_a_token_and_lip_sync_the_shorter_of_two_files(web: httpx.Client) -> None:
    token = web.post("/rest/storage/auth/token?storage_type=fal-cdn-v3", json={}).json()
    urls = []
    for name, data, kind in (
        ("a.mp4", clip("a", 4.0, 90, 160), "video/mp4"),
        ("b.mp3", music("b", 3.0), "audio/mpeg"),
    ):
        headers = {
            "Authorization": f"{token['token_type']} {token['token']}",
            "Content-Type": kind,
            "X-Fal-File-Name": name,
        }
        answer = httpx.post(
            f"{token['base_url']}/files/upload", content=data, headers=headers, trust_env=False
        )
        urls.append(answer.json()["access_url"])
        assert urls[-1].endswith(f"_{name}")
        assert httpx.get(urls[-1], trust_env=False).content == data
    job = web.post(f"/queue/{SYNC}", json={"video_url": urls[0], "audio_url": urls[1]}).json()
    finished(web, job)
    result = web.get(job["response_url"])
    assert seconds(httpx.get(result.json()["video"]["url"], trust_env=False).content) == pytest.approx(
        3.0, abs=0.1
    )
    assert float(result.headers["x-fal-billable-units"]) == pytest.approx(3 / 60, abs=0.001)


@pytest.mark.parametrize("given", ["Bearer nonsense", f"Key {KEY}"])
def test_the_host_of_files_does_not_take_the_key(given: str, web: httpx.Client, emulator: Emulator) -> None:
    answer = web.post("/cdn/files/upload", content=b"x", headers={"Authorization": given})
    assert answer.status_code == 401
    assert emulator.counts()["tokens_sent_to_files"] == (KEY in given)


def test_models_show_schema_and_price(web: httpx.Client) -> None:
    asked = {"endpoint_id": KLING, "expand": "openapi-3.0"}
    (model,) = web.get("/api/v1/models", params=asked).json()["models"]
    (name,) = model["openapi"]["components"]["schemas"]
    post = model["openapi"]["paths"][f"/{KLING}"]["post"]["requestBody"]["content"]["application/json"]
    assert post["schema"]["$ref"].endswith(f"/{name}")
    (price,) = web.get("/api/v1/models/pricing", params={"endpoint_id": SYNC}).json()["prices"]
    assert (price["unit_price"], price["unit"], price["currency"]) == (3.0, "minutes", "USD")
    for path in ("/api/v1/models", "/api/v1/models/pricing"):
        assert web.get(path, params={"endpoint_id": "fal-ai/nothing"}).status_code == 404
    assert web.post("/queue/fal-ai/nothing", json={}).status_code == 404


def test_without_the_right_key_nothing_is_done(web: httpx.Client, emulator: Emulator) -> None:
    answer = web.post(f"/queue/{KLING}", json=GIVEN, headers={"Authorization": "Key other"})
    assert (answer.status_code, answer.json()["detail"]) == (401, "Authorization token=other is invalid")
    assert emulator.charges() == []


def test_every_accepted_post_is_one_line_of_the_ledger(web: httpx.Client, emulator: Emulator) -> None:
    jobs = [submitted(web)["request_id"] for _ in range(2)]
    assert [(charge.service, charge.model, charge.job) for charge in emulator.charges()] == [
        ("fal", KLING, job) for job in jobs
    ]

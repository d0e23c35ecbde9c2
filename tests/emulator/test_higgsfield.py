"""The emulated Higgsfield, over plain HTTP: its SDK can't send an idempotency key."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind
from tests.emulator.higgsfield_api import KEY
from tests.emulator.server import Emulator

SOUL = "higgsfield-ai/soul/standard"
GIVEN = {"prompt": "a woman", "aspect_ratio": "9:16", "batch_size": 1, "enhance_prompt": False, "seed": 7}


@pytest.fixture
def web(emulator: Emulator) -> Iterator[httpx.Client]:
    """Plain HTTP with the key."""
    headers = {"Authorization": f"Key {KEY}"}
    with httpx.Client(base_url=f"{emulator.url}/higgsfield", headers=headers, trust_env=False) as client:
        yield client


def made(web: httpx.Client, name: str | None = None, **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": name} if name else {}
    return web.post(f"/{SOUL}", json=GIVEN | more, headers=headers)


def finished(web: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    for _ in range(5):
        state: dict[str, Any] = web.get(job["status_url"]).json()
    return state


def test_a_request_waits_runs_and_completes(web: httpx.Client, emulator: Emulator) -> None:
    job = made(web).json()
    own = f"{emulator.url}/higgsfield/requests/{job['request_id']}"
    assert (job["status"], job["status_url"], job["cancel_url"]) == (
        "queued",
        f"{own}/status",
        f"{own}/cancel",
    )
    seen = [web.get(job["status_url"]).json() for _ in range(2)]
    assert [state["status"] for state in seen] == ["in_progress", "completed"]
    (image,) = seen[1]["images"]
    assert seen[1]["expires_at"].endswith("Z")
    data = httpx.get(image["url"], trust_env=False).content
    assert Image.open(io.BytesIO(data)).size == (864, 1536)


@pytest.mark.parametrize(
    ("given", "size", "count"),
    [
        ({"resolution": "1080p"}, (1152, 2048), 1),
        ({"resolution": "720p", "aspect_ratio": "16:9"}, (1536, 864), 1),
        ({"aspect_ratio": "1:1", "batch_size": 4}, (864, 864), 4),
    ],
)
def test_sizes_follow_ratio_and_resolution(
    given: dict[str, Any], size: tuple[int, int], count: int, web: httpx.Client
) -> None:
    images = finished(web, made(web, **given).json())["images"]
    pictures = [httpx.get(image["url"], trust_env=False).content for image in images]
    assert len(set(pictures)) == count
    assert Image.open(io.BytesIO(pictures[0])).size == size


def test_one_key_is_one_request_and_one_charge(web: httpx.Client, emulator: Emulator) -> None:
    first, again = made(web, "a-1").json(), made(web, "a-1").json()
    turned = web.post(
        f"/{SOUL}", json=dict(reversed(list(GIVEN.items()))), headers={"Idempotency-Key": "a-1"}
    ).json()
    finished(web, first)
    later = made(web, "a-1").json()
    assert {job["request_id"] for job in (first, again, turned, later)} == {first["request_id"]}
    other = made(web, "a-1", seed=8)
    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]
    assert len(emulator.charges()) == 1
    assert made(web).json()["request_id"] != made(web).json()["request_id"]


def test_a_refused_request_does_not_use_up_its_key(web: httpx.Client, emulator: Emulator) -> None:
    assert made(web, "a-1", batch_size=2).status_code == 422
    emulator.change(at_once=1)
    made(web)
    assert made(web, "a-1").status_code == 400
    emulator.change(at_once=9)
    assert made(web, "a-1", seed=9).status_code == 200


def test_a_failed_request_keeps_its_key(web: httpx.Client, emulator: Emulator) -> None:
    emulator.order(Fault("higgsfield.submit", Kind.FAIL, nth=(1,), error=TRANSIENT))
    job = made(web, "a-1").json()
    assert finished(web, job)["status"] == "failed"
    assert made(web, "a-1").json() == job | {"status": "failed"}


@pytest.mark.parametrize("name", ["x" * 256, "two words", "é"])
def test_keys_are_visible_ascii(name: str, web: httpx.Client) -> None:
    answer = web.post(f"/{SOUL}", json=GIVEN, headers={b"Idempotency-Key": name.encode()})
    assert answer.status_code == 400


def test_four_may_wait_or_run(web: httpx.Client) -> None:
    jobs = [made(web) for _ in range(5)]
    assert [answer.status_code for answer in jobs] == [200, 200, 200, 200, 400]
    assert jobs[4].json()["detail"] == "Maximum number of concurrent requests (4) has been reached"
    finished(web, jobs[0].json())
    assert made(web).status_code == 200


def test_flagged_requests_are_nsfw(web: httpx.Client, emulator: Emulator) -> None:
    emulator.order(Fault("higgsfield.submit", Kind.FAIL, error=MODERATED))
    state = finished(web, made(web).json())
    assert state["status"] == "nsfw"
    assert "images" not in state


def test_only_what_waits_can_be_cancelled(web: httpx.Client) -> None:
    first, second = made(web).json(), made(web).json()
    assert web.post(first["cancel_url"]).status_code == 202
    assert web.get(first["status_url"]).json()["status"] == "canceled"
    web.get(second["status_url"])
    assert web.post(second["cancel_url"]).status_code == 400
    assert web.post("/requests/nobodys/cancel").status_code == 404
    assert web.get("/requests/nobodys/status").status_code == 404


def test_an_estimate_costs_nothing(web: httpx.Client, emulator: Emulator) -> None:
    answer = web.post(f"/estimate/{SOUL}", json=GIVEN | {"resolution": "720p", "batch_size": 4})
    assert answer.json()["usd"] == "0.376"
    assert web.post(f"/estimate/{SOUL}", json={}).status_code == 422
    assert web.post("/estimate/higgsfield-ai/soul/nothing", json=GIVEN).status_code == 404
    assert web.post("/estimate/higgsfield-ai/soul/cinema", json=GIVEN).status_code == 423
    assert emulator.charges() == []


def test_pictures_last_a_week(web: httpx.Client, emulator: Emulator) -> None:
    (image,) = finished(web, made(web).json())["images"]
    emulator.change(skew=7 * 86400 - 60.0)
    assert httpx.get(image["url"], trust_env=False).status_code == 200
    emulator.change(skew=7 * 86400 + 60.0)
    assert httpx.get(image["url"], trust_env=False).status_code == 404


def test_without_the_right_key_nothing_is_done(web: httpx.Client, emulator: Emulator) -> None:
    answer = web.post(f"/{SOUL}", json=GIVEN, headers={"Authorization": "Key other"})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid credentials"})
    assert emulator.charges() == []

"""What can be made to go wrong at the emulator, and what its ledger says of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.emulator.faults import MODERATED, Fault, Kind
from tests.emulator.server import Emulator

PATH = "/v1/models/black-forest-labs/flux-1.1-pro/predictions"
GIVEN = {"prompt": "a bottle at dawn", "aspect_ratio": "9:16", "output_format": "png"}


@pytest.fixture
def web(emulator: Emulator) -> Iterator[httpx.Client]:
    with client_of(emulator) as client:
        yield client


def client_of(emulator: Emulator) -> httpx.Client:
    token = emulator.environment()["REPLICATE_API_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=emulator.url, headers=headers, trust_env=False, timeout=5)


def create(web: httpx.Client, prompt: str = "a bottle at dawn", timeout: float = 5) -> httpx.Response:
    return web.post(PATH, json={"input": {**GIVEN, "prompt": prompt}}, timeout=timeout)


def output(web: httpx.Client) -> str:
    """Address of a finished picture."""
    own = create(web).json()["urls"]["get"]
    found = [web.get(own).json() for _ in range(3)]
    return str(found[-1]["output"])


@pytest.mark.parametrize("accepted", [True, False])
def test_a_dropped_connection_gives_no_byte_and_is_charged_only_when_accepted(
    accepted: bool, emulator: Emulator, web: httpx.Client
) -> None:
    emulator.order(Fault("create", Kind.DROP, nth=(1,), accepted=accepted))
    with pytest.raises(httpx.TransportError):
        create(web)
    assert len(emulator.charges()) == len(web.get("/v1/predictions").json()["results"]) == int(accepted)
    assert create(web).status_code == 201


@pytest.mark.parametrize("accepted", [True, False])
def test_a_hanging_answer_never_comes_and_is_charged_only_when_accepted(
    accepted: bool, emulator: Emulator, web: httpx.Client
) -> None:
    emulator.order(Fault("create", Kind.HANG, nth=(1,), accepted=accepted))
    with pytest.raises(httpx.ReadTimeout):
        create(web, timeout=0.2)
    assert len(emulator.charges()) == int(accepted)
    assert create(web).status_code == 201


def test_a_late_answer_comes(emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(Fault("create", Kind.DELAY, seconds=0.3, accepted=True))
    started = time.monotonic()
    assert create(web).status_code == 201
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize("accepted", [True, False])
def test_a_500_is_html_and_is_charged_only_when_accepted(
    accepted: bool, emulator: Emulator, web: httpx.Client
) -> None:
    emulator.order(Fault("create", Kind.STATUS, status=500, accepted=accepted))
    answer = create(web)
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "<html>" in answer.text
    assert len(emulator.charges()) == int(accepted)


@pytest.mark.parametrize(
    ("status", "title"),
    [(401, "Unauthenticated"), (402, "Insufficient credit"), (422, "Input validation failed"), (404, None)],
)
def test_refusals_read_as_the_services_own(
    status: int, title: str | None, emulator: Emulator, web: httpx.Client
) -> None:
    emulator.order(Fault("create", Kind.STATUS, status=status))
    answer = create(web)
    assert (answer.status_code, answer.json()["status"], answer.json().get("title")) == (
        status,
        status,
        title,
    )
    assert emulator.charges() == []


def test_a_503_is_html_and_then_all_is_well(emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(Fault("get", Kind.STATUS, status=503, nth=(1, 2)))
    own = create(web).json()["urls"]["get"]
    assert [web.get(own).status_code for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize("header", [False, True])
def test_a_429_names_its_seconds_in_the_body_and_if_wanted_in_a_header(
    header: bool, emulator: Emulator, web: httpx.Client
) -> None:
    emulator.order(Fault("create", Kind.STATUS, status=429, retry_after=2, retry_after_header=header))
    answer = create(web)
    assert answer.json()["retry_after"] == 2
    assert "resets in ~2s" in answer.json()["detail"]
    assert answer.headers.get("retry-after") == ("2" if header else None)


def test_a_body_can_be_anything(emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(Fault("create", Kind.STATUS, status=201, body="[not json", accepted=True))
    assert create(web).text == "[not json"
    assert len(emulator.charges()) == 1


def test_a_download_breaks_off_against_its_length(emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(Fault("download", Kind.TRUNCATE, nth=(1,)))
    url = output(web)
    with pytest.raises(httpx.RemoteProtocolError):
        web.get(url)
    assert web.get(url).content.startswith(b"\x89PNG")


def test_an_expired_output_is_gone_from_the_job_and_from_the_files(
    emulator: Emulator, web: httpx.Client
) -> None:
    emulator.order(Fault("create", Kind.EXPIRE))
    created = create(web).json()
    found = [web.get(created["urls"]["get"]).json() for _ in range(2)][-1]
    assert (found["status"], found["output"], found["data_removed"]) == ("succeeded", None, True)
    assert web.get(f"/files/{created['id']}/out-0.png").status_code == 404


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault("create", Kind.FAIL, error=MODERATED), "failed"),
        (Fault("create", Kind.CANCEL), "canceled"),
        (Fault("create", Kind.STUCK), "starting"),
    ],
)
def test_a_job_ends_as_ordered(fault: Fault, status: str, emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(fault)
    own = create(web).json()["urls"]["get"]
    found = [web.get(own).json() for _ in range(4)][-1]
    assert (found["status"], found["output"]) == (status, None)
    assert found["error"] == (MODERATED if status == "failed" else None)


def test_a_lagging_list_does_not_know_a_job_yet(emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(Fault("create", Kind.HIDE, seconds=30, nth=(1,)))
    hidden, seen = create(web).json()["id"], create(web, "another").json()["id"]
    assert [row["id"] for row in web.get("/v1/predictions").json()["results"]] == [seen]
    emulator.change(skew=31.0)
    assert [row["id"] for row in web.get("/v1/predictions").json()["results"]] == [seen, hidden]


def test_a_fault_can_be_aimed_at_one_input(emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(Fault("create", Kind.STATUS, status=402, match="scene 2"))
    assert [create(web, f"scene {n}").status_code for n in (1, 2, 3)] == [201, 402, 201]


def test_calls_are_counted_by_route_and_reset_clears_faults(emulator: Emulator, web: httpx.Client) -> None:
    emulator.order(Fault("*", Kind.STATUS, status=503))
    assert create(web).status_code == web.get("/v1/account").status_code == 503
    assert (emulator.calls("create"), emulator.calls("account")) == (1, 1)
    emulator.reset()
    assert create(web).status_code == 201
    assert (emulator.calls("create"), emulator.calls("account")) == (1, 0)


def test_a_token_that_was_sent_with_a_download_is_noticed(emulator: Emulator, web: httpx.Client) -> None:
    url = output(web)
    httpx.get(url, trust_env=False)
    assert emulator.counts()["tokens_sent_to_files"] == 0
    web.get(url)
    assert emulator.counts()["tokens_sent_to_files"] == 1


@pytest.mark.parametrize(
    "order",
    [
        {"faults": [{"route": "create", "kind": "explode"}]},
        {"faults": [{"route": "create", "kind": "drop", "nht": [1]}]},
        {"settings": {"speed": 1}},
        {"settings": {"pace": {"days": [1, 2]}}},
        {"fault": []},
    ],
)
def test_an_order_that_is_not_understood_is_refused(order: dict[str, object], emulator: Emulator) -> None:
    answer = httpx.post(f"{emulator.url}/_control", json=order, trust_env=False)
    assert answer.status_code == 400


def test_many_creates_at_once_are_all_booked_once(emulator: Emulator, web: httpx.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        jobs = list(pool.map(lambda n: create(web, f"scene {n}").json()["id"], range(100)))
    assert sorted(charge.job for charge in emulator.charges()) == sorted(jobs)
    assert [charge.n for charge in emulator.charges()] == list(range(1, 101))


BUYER = """
import httpx, os
httpx.post(os.environ["REPLICATE_BASE_URL"] + {path!r}, json={{"input": {given!r}}}, timeout=60,
           headers={{"Authorization": "Bearer " + os.environ["REPLICATE_API_TOKEN"]}})
"""


def test_as_a_process_it_outlives_a_killed_client_and_knows_what_was_paid(emulator_process: Emulator) -> None:
    emulator = emulator_process
    emulator.order(Fault("create", Kind.HANG, accepted=True))
    buyer = subprocess.Popen([sys.executable, "-c", BUYER.format(path=PATH, given=GIVEN)])
    until = time.monotonic() + 20
    while not emulator.charges() and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(buyer.pid, signal.SIGKILL)
    assert buyer.wait() == -signal.SIGKILL
    with client_of(emulator) as web:
        (row,) = web.get("/v1/predictions").json()["results"]
        assert row["id"] == emulator.charges()[0].job
        for _ in range(2):
            row = web.get(row["urls"]["get"]).json()
        assert web.get(row["output"]).content.startswith(b"\x89PNG")

"""A lost call is found again in Replicate's list, and no other one is taken for it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adcli.errors import Held, OutcomeUnknown
from adcli.providers._base import Accepted, Call
from adcli.providers._replicate_client import ReplicateClient
from tests.emulator.faults import Fault, Kind
from tests.emulator.replicate_models import MODELS
from tests.emulator.server import Emulator
from tests.providers.replicate_calls import CUT, FLUX, KLING, LIPS, call, ended, handle, trouble, using

NANO = "google/nano-banana"
NONE: frozenset[str] = frozenset()


def before(seconds: float = 120.0) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def sent(given: Call, folder: Path) -> str:
    """A job that another process has sent."""
    return using(lambda client: client.submit(given, folder)).job


def found(given: Call, claimed: frozenset[str] = NONE) -> list[str]:
    """Jobs that a new process finds."""
    jobs = using(lambda client: client.find(given, before(), claimed))
    return [job.job for job in jobs]


def listed(emulator: Emulator, *rows: Mapping[str, Any], **more: Any) -> None:
    """The list reads like this."""
    now = datetime.now(UTC).isoformat()
    whole = [{"id": f"job{n}", "created_at": now, **row} for n, row in enumerate(rows)]
    document = {"next": None, "previous": None, "results": whole, **more}
    emulator.order(Fault("list", Kind.STATUS, status=200, body=json.dumps(document)))


@pytest.mark.parametrize(
    ("stage", "model"),
    [
        ("image", FLUX),
        ("image", NANO),
        ("animate", KLING),
        ("lipsync", LIPS),
        ("matte", CUT),
        ("music", "google/lyria-2"),
    ],
)
def test_a_lost_call_is_found_by_its_words_and_files(
    stage: str, model: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("create", Kind.DROP, accepted=True))
    given = call(tmp_path, stage, model)
    assert isinstance(trouble(lambda client: client.submit(given, tmp_path)), OutcomeUnknown)
    assert found(given) == [emulator.charges()[0].job]


@pytest.mark.parametrize(
    ("stage", "model"), [("image", NANO), ("animate", KLING), ("lipsync", LIPS), ("matte", CUT)]
)
def test_the_same_words_with_another_file_are_another_call(
    stage: str, model: str, emulator: Emulator, tmp_path: Path
) -> None:
    """Two scenes with one motion, both lost, one of them never accepted: the clip belongs to the other."""
    arrived = sent(call(tmp_path, stage, model, "one"), tmp_path)
    assert found(call(tmp_path, stage, model, "one")) == [arrived]
    assert found(call(tmp_path, stage, model, "two")) == []


@pytest.mark.parametrize("change", [{"motion": "she smiles"}, {"seconds": 8}])
def test_other_words_are_another_call(change: dict[str, Any], emulator: Emulator, tmp_path: Path) -> None:
    sent(call(tmp_path, "animate", KLING), tmp_path)
    assert found(call(tmp_path, "animate", KLING, **change)) == []


def test_another_model_is_another_call(emulator: Emulator, tmp_path: Path) -> None:
    sent(call(tmp_path, "animate", KLING), tmp_path)
    given = call(tmp_path, "animate", KLING)
    assert found(Call("animate", "kwaivgi/kling-v2.6", given.body, (), given.assets)) == []


def test_more_or_fewer_pictures_are_another_call(emulator: Emulator, tmp_path: Path) -> None:
    sent(call(tmp_path, "image", NANO), tmp_path)
    assert found(call(tmp_path, "image", NANO, products=[])) == []


def test_a_job_that_somebody_claims_is_not_found(emulator: Emulator, tmp_path: Path) -> None:
    first, second = (sent(call(tmp_path), tmp_path) for _ in range(2))
    assert found(call(tmp_path)) == [second, first]
    assert found(call(tmp_path), frozenset({second})) == [first]
    assert found(call(tmp_path), frozenset({first, second})) == []


def test_a_job_from_before_the_call_is_not_found(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(skew=-600.0)
    sent(call(tmp_path), tmp_path)
    assert found(call(tmp_path)) == []


def test_a_job_is_found_pages_back(emulator: Emulator, tmp_path: Path) -> None:
    async def many(client: ReplicateClient) -> list[Accepted]:
        return [await client.submit(call(tmp_path, seed=n), tmp_path) for n in range(130)]

    jobs = using(many)
    assert found(call(tmp_path, seed=7)) == [jobs[7].job]
    assert emulator.calls("list") == 2


def test_the_next_page_is_asked_for_at_our_own_address(emulator: Emulator, tmp_path: Path) -> None:
    """A proxy passes on answers in which the service names itself."""
    job = sent(call(tmp_path), tmp_path)
    document = {"results": [], "next": "https://api.replicate.com/v1/predictions?cursor=MA=="}
    emulator.order(Fault("list", Kind.STATUS, nth=(1,), status=200, body=json.dumps(document)))
    assert found(call(tmp_path)) == [job]


def test_a_found_job_that_is_done_says_when_it_is_forgotten(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path)

    async def finished(client: ReplicateClient) -> tuple[Accepted, ...]:
        await ended(client, handle(given, await client.submit(given, tmp_path)))
        return await client.find(given, before(), NONE)

    (job,) = using(finished)
    assert job.expires is not None
    assert datetime.fromisoformat(job.expires) > datetime.now(UTC) + timedelta(minutes=50)


def _row(given: Call, **inputs: Any) -> dict[str, Any]:
    plain = {name: value for name, value in given.body.items() if not isinstance(value, dict)}
    return {"model": given.model, "status": "processing", "input": {**plain, **inputs}}


def test_a_file_that_is_shown_whole_is_compared(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path, "animate", KLING)
    data = base64.b64encode(given.assets["picture"].path.read_bytes()).decode()
    listed(
        emulator,
        _row(given, start_image=f"data:image/png;base64,{data}"),
        _row(given, start_image="data:image/png;base64,AAAA"),
        _row(given, start_image="data:image/png;base64,%%%"),
        _row(given, start_image=7),
        _row(given),
    )
    assert found(given) == ["job0"]


@pytest.mark.parametrize("shown", ["https://replicate.delivery/x.png", "{url}/v1/files/gone"])
def test_a_job_whose_files_can_not_be_compared_waits_for_a_person(
    shown: str, emulator: Emulator, tmp_path: Path
) -> None:
    given = call(tmp_path, "animate", KLING)
    listed(emulator, _row(given, start_image=shown.format(url=emulator.url)))
    error = trouble(lambda client: client.find(given, before(), NONE))
    assert isinstance(error, Held)
    assert "job0" in f"{error}"
    assert "--adopt job0" in str(error.hint)


def test_one_that_is_surely_it_goes_before_one_that_may_be(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path, "animate", KLING)
    data = base64.b64encode(given.assets["picture"].path.read_bytes()).decode()
    listed(
        emulator,
        _row(given, start_image="https://replicate.delivery/x.png"),
        _row(given, start_image=f"data:image/png;base64,{data}"),
    )
    assert found(given) == ["job1"]


def test_a_job_whose_inputs_are_forgotten_may_be_it_when_it_was_made_then(
    emulator: Emulator, tmp_path: Path
) -> None:
    given = call(tmp_path)
    near = (before(120) + timedelta(seconds=100)).isoformat()
    later = (before(120) + timedelta(seconds=900)).isoformat()
    removed = {"model": FLUX, "input": {}, "data_removed": True}
    listed(
        emulator,
        {**removed, "created_at": later},
        {**removed, "created_at": near},
        {**removed, "created_at": near, "model": KLING},
    )
    assert found(given) == ["job1"]


def test_a_pinned_version_is_compared_by_its_hash(emulator: Emulator, tmp_path: Path) -> None:
    version = MODELS[CUT].version
    pinned = f"{CUT}:{version}"
    job = sent(call(tmp_path, "matte", pinned), tmp_path)
    assert found(call(tmp_path, "matte", pinned)) == [job]
    assert found(call(tmp_path, "matte", f"{CUT}:{'0' * 64}")) == []
    assert found(call(tmp_path, "matte", CUT)) == [job]


@pytest.mark.parametrize("body", ["<html>wait</html>", "[]", '{"results": 7}', '{"detail": "odd"}'])
def test_a_list_that_can_not_be_read_says_nothing_of_the_call(
    body: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("list", Kind.STATUS, status=200, body=body))
    assert isinstance(trouble(lambda client: client.find(call(tmp_path), before(), NONE)), OutcomeUnknown)


def test_a_list_without_an_end_is_given_up(emulator: Emulator, tmp_path: Path) -> None:
    listed(emulator, next=f"{emulator.url}/v1/predictions?cursor=MA==")
    assert isinstance(trouble(lambda client: client.find(call(tmp_path), before(), NONE)), OutcomeUnknown)


def test_odd_rows_of_a_list_are_passed_over(emulator: Emulator, tmp_path: Path) -> None:
    given = call(tmp_path, "image", FLUX, products=[])
    good = {"id": "good", "created_at": datetime.now(UTC).isoformat(), **_row(given)}
    rows = [7, None, {}, {"id": "x"}, {"id": "y", "created_at": "long ago"}, good]
    document = {"results": rows, "next": 7}
    emulator.order(Fault("list", Kind.STATUS, status=200, body=json.dumps(document)))
    assert found(given) == ["good"]


def test_a_job_whose_uploads_somebody_has_deleted_waits_for_a_person(
    emulator: Emulator, tmp_path: Path
) -> None:
    given = call(tmp_path, "animate", KLING)
    sent(given, tmp_path)
    headers = {"Authorization": f"Bearer {emulator.environment()['REPLICATE_API_TOKEN']}"}
    with httpx.Client(base_url=emulator.url, headers=headers, trust_env=False) as web:
        for uploaded in web.get("/v1/files").json()["results"]:
            assert web.delete(f"/v1/files/{uploaded['id']}").status_code == 204
    assert isinstance(trouble(lambda client: client.find(given, before(), NONE)), Held)

"""A call to fal whose answer was lost is looked up in the history of requests, and paid for once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adcli.errors import CredentialError, OutcomeUnknown
from adcli.providers._base import Accepted, Call
from tests.emulator.fal_api import KEY
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.providers.fal_calls import KLING, animation, bought, ended, handle, lipsync, trouble, using

LOST = Fault("fal.submit", Kind.DROP, accepted=True)


def _since(seconds: float = 120.0) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def _found(call: Call, *claimed: str, since: datetime | None = None) -> tuple[Accepted, ...]:
    return using(lambda client: client.find(call, since or _since(), frozenset(claimed)))


def _lose(call: Call, folder: Path) -> None:
    assert isinstance(trouble(lambda client: client.submit(call, folder)), OutcomeUnknown)


def test_a_lost_call_is_found_collected_and_charged_once(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    emulator.order(LOST)
    call = animation(tmp_path)
    _lose(call, tmp_path)
    (job,) = _found(call)
    using(lambda client: ended(client, handle(call, job)))
    assert set(using(lambda client: client.collect(handle(call, job), tmp_path))) == {"clip"}
    assert [charge.job for charge in emulator.charges()] == [job.job]


def test_what_still_runs_is_not_listed_yet(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [60, 120]})
    emulator.order(LOST)
    call = animation(tmp_path)
    _lose(call, tmp_path)
    assert _found(call) == ()
    emulator.change(skew=121.0)
    assert len(_found(call)) == 1


def test_a_list_that_lags_behind_is_believed_later(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    emulator.order(Fault("fal.submit", Kind.HIDE, seconds=30.0), LOST)
    call = animation(tmp_path)
    _lose(call, tmp_path)
    assert _found(call) == ()
    emulator.change(skew=31.0)
    assert len(_found(call)) == 1


def test_a_failed_call_is_found_too(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    emulator.order(Fault("fal.submit", Kind.FAIL, error="flagged"), LOST)
    call = animation(tmp_path)
    _lose(call, tmp_path)
    assert len(_found(call)) == 1


def test_a_claimed_job_is_not_found_again(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    call = animation(tmp_path)
    job = using(lambda client: client.submit(call, tmp_path))
    assert _found(call) == (job,)
    assert _found(call, job.job) == ()


def test_other_prompts_pictures_and_models_are_not_taken_for_it(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    others = [
        animation(tmp_path, "he lifts the bottle"),
        animation(tmp_path, picture="a man"),
        animation(tmp_path, duration="10"),
        lipsync(tmp_path),
    ]
    for other in others:
        using(lambda client, other=other: client.submit(other, tmp_path))  # type: ignore[misc]
    assert _found(animation(tmp_path)) == ()


def test_lines_that_differ_in_nothing_but_their_files_are_told_apart(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    first, second = lipsync(tmp_path, line="first"), lipsync(tmp_path, line="second")
    jobs = [using(lambda client, call=call: client.submit(call, tmp_path)) for call in (first, second)]  # type: ignore[misc]
    assert _found(first) == (jobs[0],)
    assert _found(second) == (jobs[1],)


def test_two_that_could_be_it_are_both_told(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    call = animation(tmp_path)
    jobs = {using(lambda client: client.submit(call, tmp_path)).job for _ in range(2)}
    assert {job.job for job in _found(call)} == jobs


def test_older_requests_are_not_looked_at(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    call = animation(tmp_path)
    using(lambda client: client.submit(call, tmp_path))
    assert _found(call, since=_since(-60)) == ()


def test_the_whole_history_is_read(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    call = animation(tmp_path)
    job = using(lambda client: client.submit(call, tmp_path))
    url, headers = f"{emulator.url}/fal/queue/{KLING}", {"Authorization": f"Key {KEY}"}
    with httpx.Client(headers=headers, trust_env=False) as web:
        for n in range(205):
            web.post(url, json={"prompt": str(n), "image_url": "https://example.com/x.png"})
    assert _found(call) == (job,)
    assert emulator.calls("fal.list") == 5


def test_a_key_that_may_not_list_says_so(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("fal.list", Kind.STATUS, status=403, body='{"detail": "admin scope needed"}'))
    error = trouble(lambda client: client.find(animation(tmp_path), _since(), frozenset()))
    assert isinstance(error, CredentialError)
    assert "can't be looked up" in str(error)
    assert error.hint
    assert "jobs resolve" in error.hint


def _row(**changes: Any) -> dict[str, Any]:
    row = {"request_id": "r1", "endpoint_id": KLING, "sent_at": datetime.now(UTC).isoformat()}
    return row | {"status_code": 200, "json_input": {}} | changes


def _listed(emulator: Emulator, folder: Path, *rows: object) -> tuple[Accepted, ...]:
    answer = json.dumps({"items": rows, "next_cursor": None, "has_more": False})
    emulator.order(Fault("fal.list", Kind.STATUS, status=200, body=answer))
    return _found(animation(folder))


@pytest.mark.parametrize(
    "given",
    [
        {},
        None,
        {"prompt": "she lifts the bottle"},
        {"prompt": "she lifts the bottle", "image_url": "https://v3.fal.media/files/b/renamed.png"},
        {"prompt": "she lifts the bottle", "image_url": "data:image/png;base64,AAAA", "cfg_scale": "0.5"},
    ],
    ids=["empty", "none", "prompt alone", "renamed file", "inline file"],
)
def test_a_doubt_counts_as_a_match(given: object, emulator: Emulator, tmp_path: Path) -> None:
    assert _listed(emulator, tmp_path, _row(json_input=given)) == (Accepted("r1"),)


def test_what_was_sent_before_is_not_it_even_if_it_ended_later(emulator: Emulator, tmp_path: Path) -> None:
    before = (datetime.now(UTC) - timedelta(minutes=3)).isoformat()
    assert _listed(emulator, tmp_path, _row(json_input=dict(animation(tmp_path).body), sent_at=before)) == ()


def test_a_forgotten_input_sent_much_later_is_not_it(emulator: Emulator, tmp_path: Path) -> None:
    later = (datetime.now(UTC) + timedelta(minutes=15)).isoformat()
    assert _listed(emulator, tmp_path, _row(json_input=None, sent_at=later)) == ()


def test_the_same_files_outweigh_a_doubt(emulator: Emulator, tmp_path: Path) -> None:
    call = animation(tmp_path)
    same = {**call.body, "image_url": f"https://v3.fal.media/f/x_adcli-{call.inputs[0].sha256[:32]}.png"}  # type: ignore[union-attr]
    rows = [_row(request_id="doubt"), _row(request_id="same", json_input=same), "nonsense"]
    assert _listed(emulator, tmp_path, *rows) == (Accepted("same"),)


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "<html>",
        '{"items": 7}',
    ],
)
def test_a_list_that_can_not_be_read_says_nothing(body: str, emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("fal.list", Kind.STATUS, status=200, body=body))
    error = trouble(lambda client: client.find(animation(tmp_path), _since(), frozenset()))
    assert isinstance(error, OutcomeUnknown)


def test_a_lost_call_can_be_bought_anew_once_it_is_known_to_be_absent(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("fal.submit", Kind.DROP, nth=(1,)))
    call = animation(tmp_path)
    _lose(call, tmp_path)
    assert _found(call) == ()
    using(lambda client: bought(client, call, tmp_path))
    assert len(emulator.charges()) == 1

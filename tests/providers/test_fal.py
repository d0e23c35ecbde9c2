"""fal's client, over real HTTP: what is sent, what comes back, for how long, and to whom the key goes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from adcli.errors import CredentialError, JobFailed, OutOfCredit, Rejected, ResultExpired
from adcli.media.probe import probe
from adcli.providers._base import Call, JobHandle
from adcli.providers._fal_client import FalClient
from adcli.work import File
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.providers.fal_calls import KLING, animation, bought, ended, handle, lipsync, trouble, using

HOUR = timedelta(hours=1)


def _kept(expires: str | None) -> timedelta:
    assert expires
    return datetime.fromisoformat(expires) - datetime.now(UTC)


def _submitted(call: Call, folder: Path) -> JobHandle:
    return handle(call, using(lambda client: client.submit(call, folder)))


def test_a_clip_is_bought_with_one_post_and_kept_for_an_hour(emulator: Emulator, tmp_path: Path) -> None:
    finished, files = using(lambda client: bought(client, animation(tmp_path), tmp_path))
    clip = files["clip"]
    assert isinstance(clip, File)
    assert clip.media_type == "video/mp4"
    assert probe(clip.path).duration == pytest.approx(5.0)
    assert clip.meta["duration"] == pytest.approx(5.0)
    assert finished.usage == {"usd": 0.35}
    assert HOUR - timedelta(minutes=1) < _kept(finished.expires) <= HOUR
    assert emulator.calls("fal.submit") == 1
    (charge,) = emulator.charges()
    assert (charge.service, charge.model, charge.prompt) == ("fal", KLING, "she lifts the bottle")


def test_lip_sync_gets_clip_and_voice_and_is_billed_by_the_minute(emulator: Emulator, tmp_path: Path) -> None:
    finished, files = using(lambda client: bought(client, lipsync(tmp_path, 3.0), tmp_path))
    clip = files["clip"]
    assert isinstance(clip, File)
    assert probe(clip.path).duration == pytest.approx(3.0, abs=0.1)
    assert finished.usage["usd"] == pytest.approx(3.0 * 3 / 60, abs=0.005)
    assert (emulator.calls("fal.token"), emulator.calls("fal.upload")) == (1, 2)


def test_files_are_uploaded_once_and_never_with_the_key(emulator: Emulator, tmp_path: Path) -> None:
    async def work(client: FalClient) -> None:
        call = animation(tmp_path)
        await client.prepare(call)
        await client.prepare(call)
        await bought(client, call, tmp_path)

    using(work)
    assert (emulator.calls("fal.token"), emulator.calls("fal.upload")) == (1, 1)
    assert emulator.calls("fal.download") == 1
    assert emulator.counts()["tokens_sent_to_files"] == 0


def test_another_process_goes_on_with_nothing_but_the_job_id(emulator: Emulator, tmp_path: Path) -> None:
    job = _submitted(animation(tmp_path), tmp_path)
    using(lambda client: ended(client, job))
    files = using(lambda client: client.collect(job, tmp_path))
    assert set(files) == {"clip"}
    assert len(emulator.charges()) == 1


def test_a_large_result_is_only_kept_for_six_minutes(emulator: Emulator, tmp_path: Path) -> None:
    model = "fal-ai/talkative/image-to-video"
    body = {name: animation(tmp_path).body[name] for name in ("prompt", "image_url")}
    call = Call("animate", model, body, animation(tmp_path).inputs, {})
    finished, _ = using(lambda client: bought(client, call, tmp_path))
    assert timedelta(minutes=5) < _kept(finished.expires) <= timedelta(minutes=6)


def test_what_the_queue_has_forgotten_comes_from_the_history(emulator: Emulator, tmp_path: Path) -> None:
    job = _submitted(animation(tmp_path), tmp_path)
    using(lambda client: ended(client, job))
    emulator.change(skew=3601.0)
    assert using(lambda client: client.poll(job)) is not None
    assert set(using(lambda client: client.collect(job, tmp_path))) == {"clip"}


def test_a_failure_that_the_queue_has_forgotten_is_still_a_failure(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("fal.submit", Kind.FAIL, error="flagged"))
    job = _submitted(animation(tmp_path), tmp_path)
    assert isinstance(trouble(lambda client: ended(client, job)), JobFailed)
    emulator.change(skew=3601.0)
    error = trouble(lambda client: client.poll(job))
    assert isinstance(error, JobFailed)
    assert error.permanent


@pytest.mark.parametrize("why", ["a week has passed", "fal has removed it", "the key may not ask"])
def test_a_result_that_is_gone_everywhere_has_expired(why: str, emulator: Emulator, tmp_path: Path) -> None:
    if why == "fal has removed it":
        emulator.order(Fault("fal.submit", Kind.EXPIRE))
    job = _submitted(animation(tmp_path), tmp_path)
    if why == "the key may not ask":
        using(lambda client: ended(client, job))
        emulator.order(Fault("fal.list", Kind.STATUS, status=403, body='{"detail": "admin scope needed"}'))
        emulator.change(skew=3601.0)
    else:
        emulator.change(pace={"seconds": [0, 0]})
        using(lambda client: client.find(animation(tmp_path), datetime.now(UTC) - HOUR, frozenset()))
        emulator.change(skew=8 * 86400.0 if why == "a week has passed" else 0.0)
    assert isinstance(trouble(lambda client: client.poll(job)), ResultExpired)
    assert isinstance(trouble(lambda client: client.collect(job, tmp_path)), ResultExpired)


def test_a_job_can_be_cancelled_until_it_has_ended(emulator: Emulator, tmp_path: Path) -> None:
    first = _submitted(animation(tmp_path), tmp_path)
    using(lambda client: client.cancel(first))
    error = trouble(lambda client: client.poll(first))
    assert isinstance(error, JobFailed)
    assert "cancelled" in str(error)
    second = _submitted(animation(tmp_path, "another"), tmp_path)
    using(lambda client: ended(client, second))
    assert isinstance(trouble(lambda client: client.cancel(second)), Rejected)
    nobodys = JobHandle(KLING, "", "00000000-0000-0000-0000-000000000000", "animate")
    assert isinstance(trouble(lambda client: client.cancel(nobodys)), ResultExpired)


def test_the_check_tells_what_is_left_and_spends_nothing(emulator: Emulator) -> None:
    assert using(lambda client: client.check()) == "$24.50 left"
    assert emulator.charges() == []


def test_the_check_says_when_a_key_may_not_list_requests(emulator: Emulator) -> None:
    emulator.order(Fault("fal.list", Kind.STATUS, status=403, body='{"detail": "admin scope needed"}'))
    assert "may not list requests" in using(lambda client: client.check())


def test_the_check_finds_wrong_keys_and_empty_accounts(emulator: Emulator) -> None:
    error = trouble(lambda client: client.check(), FAL_KEY="wrong-id:wrong-secret")
    assert isinstance(error, CredentialError)
    assert "FAL_KEY" in str(error)
    assert "wrong-secret" not in str(error)
    emulator.order(Fault("fal.list", Kind.STATUS, status=403))
    locked = trouble(lambda client: client.check())
    assert isinstance(locked, OutOfCredit)
    assert locked.hint
    assert "billing" in locked.hint


@pytest.mark.parametrize("value", ["", "two words", "line\nend"])
def test_a_key_that_can_not_be_one_is_refused_before_anything_is_sent(value: str, emulator: Emulator) -> None:
    error = trouble(lambda client: client.check(), FAL_KEY=value)
    assert isinstance(error, CredentialError)
    assert "FAL_KEY" in str(error)


@pytest.mark.parametrize("name", ["FAL_QUEUE_BASE_URL", "FAL_API_BASE_URL", "FAL_REST_BASE_URL"])
def test_a_base_url_must_be_https(name: str, emulator: Emulator) -> None:
    error = trouble(lambda client: client.check(), **{name: "http://example.com"})
    assert isinstance(error, CredentialError)
    assert name in str(error)


def test_addresses_in_answers_are_not_followed(emulator: Emulator, tmp_path: Path) -> None:
    call = animation(tmp_path)
    job = _submitted(call, tmp_path)
    elsewhere = dict.fromkeys(("response_url", "status_url", "cancel_url"), "https://evil.example.com/x")
    answer = json.dumps({"status": "IN_QUEUE", "request_id": job.job, **elsewhere})
    emulator.order(Fault("fal.submit", Kind.STATUS, status=200, body=answer))
    again = _submitted(call, tmp_path)
    assert again == job
    assert using(lambda client: ended(client, again)).usage == {"usd": 0.35}


@pytest.mark.parametrize(
    "base",
    ["https://evil.example.com", "https://fal.media.example.com", "http://v3.fal.media", "https://[", 7],
)
def test_files_go_to_fals_own_hosts_only(base: object, emulator: Emulator, tmp_path: Path) -> None:
    answer = json.dumps({"token": "t", "token_type": "Bearer", "base_url": base})
    emulator.order(Fault("fal.token", Kind.STATUS, status=200, body=answer))
    error = trouble(lambda client: client.prepare(animation(tmp_path)))
    assert error.code == "not-sent"
    assert "not its own" in str(error) or "could not be read" in str(error)
    assert (emulator.calls("fal.upload"), emulator.calls("fal.submit")) == (0, 0)


def test_an_unknown_price_or_no_count_leaves_the_bill_open(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("fal.pricing", Kind.STATUS, status=503))
    finished, _ = using(lambda client: bought(client, animation(tmp_path), tmp_path))
    assert finished.usage == {}


def test_all_that_may_run_at_once_is_left_to_fals_queue(emulator: Emulator) -> None:
    assert using(lambda client: client.at_once("animate")) is None


def test_jobs_belong_to_the_queue_they_were_sent_to(emulator: Emulator, tmp_path: Path) -> None:
    async def work(client: FalClient) -> str:
        return client.endpoint(animation(tmp_path))

    assert using(work) == f"{emulator.url}/fal/queue"


def test_a_proxy_in_the_environment_is_not_used(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert using(lambda client: client.check()) == "$24.50 left"
    assert httpx.get(f"{emulator.url}/_control", trust_env=False).status_code == 200

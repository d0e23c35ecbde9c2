"""Runway's client: the real SDK over real HTTP to the emulated service."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import AdcliError, JobFailed, NotSent, Rejected, ResultExpired
from adcli.providers._base import Accepted, Call, Finished
from adcli.providers._runway_client import RunwayClient
from tests.emulator.faults import MODERATED, Fault, Kind
from tests.emulator.runway_api import KEY
from tests.emulator.server import Emulator
from tests.providers.runway_calls import animation, bought, handle_of, picture, trouble, using


@pytest.mark.parametrize(
    ("model", "seconds", "length", "usd"),
    [("gen4_turbo", 1.8, 2.0, 0.1), ("kling2.5_turbo_pro", 4.0, 5.0, 0.5), ("veo3.1_fast", 3.0, 4.0, 0.4)],
)
def test_a_clip_has_the_length_that_was_asked_for_and_its_cost_in_credits(
    model: str, seconds: float, length: float, usd: float, emulator: Emulator, tmp_path: Path
) -> None:
    call = animation(tmp_path, model, seconds)
    accepted, finished, file = using(lambda client: bought(client, call, tmp_path / "out"))
    assert file.media_type == "video/mp4"
    assert float(str(file.meta["duration"])) == pytest.approx(length, abs=0.05)
    assert finished.usage == {"usd": usd}
    assert [charge.job for charge in emulator.charges()] == [accepted.job]
    assert emulator.counts()["tokens_sent_to_files"] == 0


def test_a_picture_comes_in_the_ads_shape(emulator: Emulator, tmp_path: Path) -> None:
    call = picture(tmp_path)
    _, finished, file = using(lambda client: bought(client, call, tmp_path / "out"))
    assert (file.meta["width"], file.meta["height"]) == (1080, 1920)
    assert finished == Finished({"usd": 0.08})


def test_a_large_picture_is_uploaded_once_before_the_call_and_the_key_stays_away(
    emulator: Emulator, tmp_path: Path
) -> None:
    call = _with_noise(picture(tmp_path), tmp_path)

    async def twice(client: RunwayClient) -> tuple[Accepted, Accepted]:
        await client.prepare(call)
        assert emulator.calls("runway.create") == 0
        return await client.submit(call, tmp_path), await client.submit(call, tmp_path)

    using(twice)
    assert (emulator.calls("runway.upload"), emulator.calls("runway.store")) == (1, 1)
    first, second = emulator.charges()
    assert first.input_sha256 == second.input_sha256
    assert emulator.counts()["tokens_sent_to_files"] == 0


def _with_noise(call: Call, folder: Path) -> Call:
    """The call with a picture of 4 MB."""
    from PIL import Image

    from tests.providers.runway_calls import artifact

    path = folder / "noise.png"
    Image.frombytes("RGB", (1200, 1150), os.urandom(1200 * 1150 * 3)).save(path, compress_level=0)
    large = artifact(folder, "noise.png", path.read_bytes())
    return Call(call.stage, call.model, call.body, (large,), call.assets, call.ref)


@pytest.mark.parametrize("route", ["upload", "store"])
@pytest.mark.parametrize("fault", [{"kind": Kind.DROP}, {"kind": Kind.STATUS, "status": 503}])
def test_a_picture_that_can_not_be_uploaded_stops_nothing_paid(
    route: str, fault: Any, emulator: Emulator, tmp_path: Path
) -> None:
    call = _with_noise(picture(tmp_path), tmp_path)
    emulator.order(Fault(f"runway.{route}", **fault))
    for work in (lambda client: client.prepare(call), lambda client: client.submit(call, tmp_path)):
        assert isinstance(trouble(work), NotSent)
    assert emulator.calls("runway.create") == 0


def test_a_picture_that_the_service_can_not_take_is_never_sent(emulator: Emulator, tmp_path: Path) -> None:
    call = picture(tmp_path)
    heavy = tmp_path / "person.png"
    with heavy.open("r+b") as file:
        file.truncate((16 << 20) + 1)
    assert "16 MB" in str(trouble(lambda client: client.prepare(call)))
    assert emulator.calls("runway.upload") == 0


@pytest.mark.parametrize(
    ("error", "permanent", "billed", "message"),
    [
        (MODERATED, True, True, "SAFETY.INPUT.TEXT"),
        ("SAFETY.OUTPUT.VIDEO", True, True, "SAFETY.OUTPUT.VIDEO"),
        ("something broke", False, False, "INTERNAL.BAD_OUTPUT.CODE01"),
    ],
)
def test_a_failed_task_says_whether_it_helps_to_try_again_and_what_it_cost(
    error: str, permanent: bool, billed: bool, message: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("runway.create", Kind.FAIL, error=error))
    found = trouble(lambda client: bought(client, animation(tmp_path), tmp_path))
    assert isinstance(found, JobFailed)
    assert (found.permanent, found.billed) == (permanent, billed)
    assert message in str(found)


def test_a_task_that_somebody_cancelled_is_not_bought_again_by_itself(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("runway.create", Kind.CANCEL))
    found = trouble(lambda client: bought(client, animation(tmp_path), tmp_path))
    assert isinstance(found, JobFailed)
    assert (found.permanent, found.billed) == (True, True)


def test_tasks_above_the_accounts_limit_wait(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(at_once=1, pace={"seconds": [0.0, 60.0]})
    calls = [animation(tmp_path, seconds=2.0), animation(tmp_path, seconds=3.0)]

    async def both(client: RunwayClient) -> list[Finished | None]:
        accepted = [await client.submit(call, tmp_path) for call in calls]
        handles = [handle_of(client, call, job) for call, job in zip(calls, accepted, strict=True)]
        return [await client.poll(handle) for handle in handles]

    assert using(both) == [None, None]
    assert sorted(emulator.counts()["jobs"].values()) == ["processing", "starting"]


def test_a_running_task_can_be_stopped_and_is_gone_then(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0.0, 60.0]})
    call = animation(tmp_path)

    async def stop(client: RunwayClient) -> AdcliError:
        handle = handle_of(client, call, await client.submit(call, tmp_path))
        await client.cancel(handle)
        with pytest.raises(ResultExpired) as gone:
            await client.poll(handle)
        return gone.value

    assert "no longer has the task" in str(using(stop))
    assert list(emulator.counts()["jobs"].values()) == ["canceled"]


def test_a_finished_task_is_not_deleted_by_a_cancel(emulator: Emulator, tmp_path: Path) -> None:
    call = picture(tmp_path, shown=False)

    async def late(client: RunwayClient) -> None:
        accepted, _, _ = await bought(client, call, tmp_path / "first")
        handle = handle_of(client, call, accepted)
        with pytest.raises(Rejected, match="has ended"):
            await client.cancel(handle)
        assert await client.collect(handle, tmp_path / "second")

    using(late)
    assert emulator.calls("runway.cancel") == 0


def test_addresses_of_a_result_are_fetched_anew_a_week_later(emulator: Emulator, tmp_path: Path) -> None:
    call = picture(tmp_path, shown=False)
    accepted, _, _ = using(lambda client: bought(client, call, tmp_path / "first"))
    emulator.change(skew=7 * 86400.0)
    assert using(lambda client: client.collect(handle_of(client, call, accepted), tmp_path / "second"))


def test_a_result_that_is_gone_has_expired(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("runway.create", Kind.EXPIRE))
    assert isinstance(trouble(lambda client: bought(client, picture(tmp_path), tmp_path)), ResultExpired)


def test_a_truncated_download_is_no_result(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("runway.download", Kind.TRUNCATE, nth=(1,)))
    found = trouble(lambda client: bought(client, animation(tmp_path), tmp_path / "out"))
    assert type(found).__name__ == "OutcomeUnknown"
    assert not list((tmp_path / "out").glob("clip*"))


def test_the_lane_is_the_least_that_the_models_of_a_run_may_have(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(at_once=3)
    call = animation(tmp_path)

    async def asked(client: RunwayClient) -> tuple[int | None, int | None]:
        await client.verify(call.stage, call.model, call.body)
        return await client.at_once("animate"), await client.at_once("image")

    assert using(asked) == (3, None)


def test_the_credential_is_proved_without_spending(emulator: Emulator, tmp_path: Path) -> None:
    assert using(lambda client: client.check()) == "5000 credits left ($50.00)"
    error = trouble(lambda client: client.check(), RUNWAYML_API_SECRET="key_wrong")
    assert "RUNWAYML_API_SECRET was refused" in str(error)
    assert emulator.charges() == []


def test_models_and_prompts_are_checked_before_anything_is_sent(emulator: Emulator, tmp_path: Path) -> None:
    call = animation(tmp_path, "gen5")
    assert "no model 'gen5'" in str(trouble(lambda client: client.verify(call.stage, call.model, call.body)))
    long = animation(tmp_path, promptText="x" * 1001)
    assert "takes 1000" in str(trouble(lambda client: client.prepare(long)))
    assert emulator.counts()["calls"] == {}


def test_nothing_can_be_searched(emulator: Emulator, tmp_path: Path) -> None:
    call = animation(tmp_path)
    assert using(lambda client: client.find(call, datetime.now(UTC), frozenset())) == ()


@pytest.mark.parametrize("job", ["../organization", "a/b", "", "x?y", "é"])
def test_an_id_that_is_none_never_becomes_an_address(job: str, emulator: Emulator, tmp_path: Path) -> None:
    from adcli.providers._base import JobHandle

    handle = JobHandle("gen4_turbo", "", job, "animate")
    assert isinstance(trouble(lambda client: client.poll(handle)), ResultExpired)
    assert emulator.counts()["calls"] == {}


def test_the_key_is_in_no_log_and_no_words(
    emulator: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    using(lambda client: bought(client, picture(tmp_path), tmp_path))
    assert KEY not in caplog.text

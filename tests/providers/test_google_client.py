"""Google's client: the real SDK over real HTTP to the emulated service."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import JobFailed, NotSent, Rejected, ResultExpired
from adcli.providers._base import Accepted, JobHandle
from adcli.work import File
from tests.emulator.faults import MODERATED, Fault, Kind
from tests.emulator.google_api import KEY
from tests.emulator.media import spoken
from tests.emulator.server import Emulator
from tests.providers.google_calls import FLASH, HEARS, PRO, picture, transcript, trouble, using


def picture_in(accepted: Accepted) -> File:
    assert accepted.outputs is not None
    found = accepted.outputs["image"]
    assert isinstance(found, File)
    return found


def words_in(accepted: Accepted) -> list[dict[str, Any]]:
    assert accepted.outputs is not None
    found: list[dict[str, Any]] = json.loads(str(accepted.outputs["words"]))
    return found


@pytest.mark.parametrize(
    ("model", "extra", "height"), [(FLASH, {}, 1360), (PRO, {}, 2736), (PRO, {"imageSize": "1K"}, 1360)]
)
def test_a_picture_comes_in_the_size_that_was_asked_for(
    model: str, extra: Any, height: int, emulator: Emulator, tmp_path: Path
) -> None:
    call = picture(tmp_path, model, extra)
    accepted = using(lambda client: client.submit(call, tmp_path / "out"))
    file = picture_in(accepted)
    assert (file.media_type, file.meta["height"]) == ("image/png", height)
    assert accepted.usage["images"] == 1
    assert accepted.usage["written_tokens"] >= 1290
    assert [charge.job for charge in emulator.charges()] == [accepted.job]
    assert emulator.calls("google.generate") == 1


def test_another_picture_that_is_shown_gives_another_result(emulator: Emulator, tmp_path: Path) -> None:
    calls = [picture(tmp_path), picture(tmp_path, shown=False)]
    made = [picture_in(using(lambda client, c=call: client.submit(c, tmp_path / "out"))) for call in calls]  # type: ignore[misc]
    assert len(made) == 2
    first, second = emulator.charges()
    assert first.input_sha256 != second.input_sha256


def test_a_transcript_has_the_times_that_were_heard(emulator: Emulator, tmp_path: Path) -> None:
    call = transcript(tmp_path)
    accepted = using(lambda client: client.submit(call, tmp_path))
    assert accepted.outputs is not None
    assert accepted.outputs["text"] == "somebody says something"
    words = words_in(accepted)
    assert [row["text"] for row in words] == ["somebody", "says", "something"]
    assert words[-1]["end"] <= spoken("one two three four five six", "mp3").seconds
    assert accepted.usage["read_tokens"] > 32


def test_a_text_that_is_known_keeps_its_own_words(emulator: Emulator, tmp_path: Path) -> None:
    call = transcript(tmp_path, text="Somebody says: something!")
    words = words_in(using(lambda client: client.submit(call, tmp_path)))
    assert [row["text"] for row in words] == ["Somebody", "says:", "something!"]


def test_times_that_can_not_be_true_are_estimated_from_the_sound(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("google.generate", Kind.FAIL, error="WHOLE_SECONDS"))
    call = transcript(tmp_path)
    words = words_in(using(lambda client: client.submit(call, tmp_path)))
    assert [row["text"] for row in words] == ["somebody", "says", "something"]
    assert 0 < words[1]["start"] < words[2]["start"]
    assert words[2]["end"] == pytest.approx(spoken("one two three four five six", "mp3").seconds, abs=0.2)


@pytest.mark.parametrize(
    ("error", "permanent", "message"),
    [
        (MODERATED, True, "IMAGE_SAFETY"),
        ("BLOCK:PROHIBITED_CONTENT", True, "PROHIBITED_CONTENT"),
        ("NO_IMAGE", False, "I can't draw that."),
        ("MAX_TOKENS", False, "MAX_TOKENS"),
        ("A_REASON_OF_TOMORROW", False, "A_REASON_OF_TOMORROW"),
    ],
)
def test_an_answer_without_a_picture_is_one_call_that_was_paid_for(
    error: str, permanent: bool, message: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("google.generate", Kind.FAIL, error=error))
    found = trouble(lambda client: client.submit(picture(tmp_path), tmp_path))
    assert isinstance(found, JobFailed)
    assert (found.permanent, found.billed) == (permanent, True)
    assert message in str(found)
    assert emulator.calls("google.generate") == 1


def test_the_sdk_does_not_go_on_asking_by_itself(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault("google.generate", Kind.FAIL, error="CONTINUATION"))
    for call in (picture(tmp_path), transcript(tmp_path)):
        found = trouble(lambda client, c=call: client.submit(c, tmp_path))  # type: ignore[misc]
        assert isinstance(found, JobFailed)
        assert not found.permanent
    assert emulator.calls("google.generate") == 2


def test_an_answer_that_is_no_list_of_words_was_paid_for(emulator: Emulator, tmp_path: Path) -> None:
    body = {
        "candidates": [{"content": {"parts": [{"text": '{"words": [{"te'}]}, "finishReason": "MAX_TOKENS"}]
    }
    emulator.order(Fault("google.generate", Kind.STATUS, status=200, body=json.dumps(body), accepted=True))
    found = trouble(lambda client: client.submit(transcript(tmp_path), tmp_path))
    assert isinstance(found, JobFailed)
    assert "MAX_TOKENS" in str(found)


def test_known_models_pass_and_are_asked_for_once(emulator: Emulator, tmp_path: Path) -> None:
    calls = [picture(tmp_path), picture(tmp_path, PRO), transcript(tmp_path)]

    async def checked(client: Any) -> None:
        for call in calls:
            await client.verify(call.stage, call.model, call.body)
            await client.prepare(call)

    using(checked)
    assert emulator.calls("google.models") == 2
    assert emulator.charges() == []


@pytest.mark.parametrize(
    ("stage", "model", "hint"),
    [
        ("image", "gemini-2.5-flash-imag", FLASH),
        ("image", HEARS, FLASH),
        ("transcribe", FLASH, HEARS),
        ("transcribe", "embedding-1", HEARS),
    ],
)
def test_a_model_that_can_not_do_it_is_refused_with_those_that_can(
    stage: str, model: str, hint: str, emulator: Emulator, tmp_path: Path
) -> None:
    call = picture(tmp_path, model) if stage == "image" else transcript(tmp_path, model)
    error = trouble(lambda client: client.verify(stage, model, call.body))
    assert isinstance(error, Rejected)
    assert f"google has no model {model!r} for {stage}" in str(error)
    assert hint in (error.hint or "")


def test_files_that_are_too_large_are_never_sent(emulator: Emulator, tmp_path: Path) -> None:
    call = transcript(tmp_path)
    with (tmp_path / "said.mp3").open("r+b") as file:
        file.truncate((14 << 20) + 1)
    assert "14 MB" in str(trouble(lambda client: client.prepare(call)))


def test_nothing_is_looked_up_stopped_or_fetched_again(emulator: Emulator, tmp_path: Path) -> None:
    handle = JobHandle(FLASH, "", "id", "image")
    assert using(lambda client: client.find(picture(tmp_path), datetime.now(UTC), frozenset())) == ()
    assert isinstance(trouble(lambda client: client.collect(handle, tmp_path)), ResultExpired)
    assert isinstance(trouble(lambda client: client.cancel(handle)), Rejected)
    assert using(lambda client: client.at_once("image")) is None


def test_the_credential_is_proved_without_spending(emulator: Emulator) -> None:
    assert using(lambda client: client.check()) == "the key may use 5 models"
    error = trouble(lambda client: client.check(), GEMINI_API_KEY="AIzaWrong")
    assert "GEMINI_API_KEY was refused" in str(error)


def test_what_else_is_in_the_environment_changes_nothing(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {
        "GOOGLE_API_KEY": "AIzaOther",
        "GOOGLE_GENAI_USE_VERTEXAI": "true",
        "GOOGLE_GENAI_USE_ENTERPRISE": "true",
        "GOOGLE_CLOUD_PROJECT": "p",
        "GOOGLE_CLOUD_LOCATION": "us-central1",
        "GOOGLE_GENAI_API_VERSION": "v9",
        "GOOGLE_GENAI_CLIENT_MODE": "replay",
        "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "none.json"),
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert picture_in(using(lambda client: client.submit(picture(tmp_path), tmp_path)))
    assert emulator.calls("google.generate") == 1


def test_where_aiohttp_is_installed_the_sdk_does_not_use_it(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("google.genai._api_client.has_aiohttp", True)
    emulator.order(Fault("google.generate", Kind.DROP, accepted=True))
    assert (
        type(trouble(lambda client: client.submit(picture(tmp_path), tmp_path))).__name__ == "OutcomeUnknown"
    )
    assert emulator.calls("google.generate") == 1


def test_a_service_that_is_not_there_was_not_sent_anything(tmp_path: Path) -> None:
    given = {"GEMINI_API_KEY": "AIza", "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9"}
    assert isinstance(
        trouble(lambda client: client.submit(picture(tmp_path), tmp_path), None, **given), NotSent
    )


def test_the_key_is_in_no_log(emulator: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    using(lambda client: client.submit(picture(tmp_path), tmp_path))
    assert KEY not in caplog.text

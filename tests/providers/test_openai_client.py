"""OpenAI's client: the real SDK over real HTTP to the emulated service."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import NotSent, Rejected, ResultExpired
from adcli.providers._base import Accepted, Call, JobHandle
from adcli.providers._openai_client import OpenAiClient
from adcli.work import File
from tests.emulator.faults import Fault, Kind
from tests.emulator.media import spoken
from tests.emulator.openai_api import KEY, read_out
from tests.emulator.server import Emulator
from tests.providers.openai_calls import LINE, transcript, trouble, using, voice

HANDLE = JobHandle("tts-1", "https://api.openai.com/v1", "req_1", "voice")


def words_of(accepted: Accepted) -> list[dict[str, Any]]:
    assert accepted.outputs is not None
    found: list[dict[str, Any]] = json.loads(str(accepted.outputs["words"]))
    return found


def sound_of(accepted: Accepted) -> File:
    assert accepted.outputs is not None
    found = accepted.outputs["audio"]
    assert isinstance(found, File)
    return found


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("wav", "audio/wav"), ("mp3", "audio/mpeg"), ("flac", "audio/flac"), ("opus", "audio/ogg")],
)
def test_a_line_comes_back_as_sound_and_words(
    form: str, media_type: str, emulator: Emulator, tmp_path: Path
) -> None:
    call = voice("tts-1", {"response_format": form})
    accepted = using(lambda client: client.submit(call, tmp_path / "out"))
    file, words = sound_of(accepted), words_of(accepted)
    assert file.media_type == media_type
    length = float(str(file.meta["duration"]))
    assert length == pytest.approx(spoken(read_out(LINE)).seconds, abs=0.1)
    assert [row["text"] for row in words] == LINE.split()
    times = [time for row in words for time in (row["start"], row["end"])]
    assert times == sorted(times)
    assert 0 <= times[0] < 0.2
    assert times[-1] <= length
    assert [charge.job for charge in emulator.charges()] == [accepted.job]
    assert emulator.calls("openai.speech") == 1


def test_estimated_times_are_near_those_at_which_words_are_said(emulator: Emulator, tmp_path: Path) -> None:
    words = words_of(using(lambda client: client.submit(voice(), tmp_path)))
    truth = spoken(read_out(LINE)).characters
    starts = [
        start
        for at, (sign, start, _) in enumerate(truth)
        if not sign.isspace() and (at == 0 or truth[at - 1][0].isspace())
    ]
    off = [abs(row["start"] - start) for row, start in zip(words, starts, strict=True)]
    assert max(off) < 0.15


def test_captions_keep_the_written_words_where_others_are_spoken(emulator: Emulator, tmp_path: Path) -> None:
    call = voice(text="Meet Lumé, now.", pronunciations={"lumé": "loo-may"})
    words = words_of(using(lambda client: client.submit(call, tmp_path)))
    assert [row["text"] for row in words] == ["Meet", "Lumé,", "now."]
    assert emulator.charges()[0].prompt == "Meet loo-may, now."


def test_a_transcript_has_the_times_that_the_service_heard(emulator: Emulator, tmp_path: Path) -> None:
    call = transcript(tmp_path)
    accepted = using(lambda client: client.submit(call, tmp_path))
    assert accepted.outputs is not None
    assert accepted.outputs["text"] == "somebody says something"
    assert [row["text"] for row in words_of(accepted)] == ["somebody", "says", "something"]
    assert accepted.usage["seconds"] == -(-spoken(LINE).seconds // 1)


def test_a_text_that_is_known_keeps_its_own_words(emulator: Emulator, tmp_path: Path) -> None:
    call = transcript(tmp_path, text="Somebody says: something!")
    words = words_of(using(lambda client: client.submit(call, tmp_path)))
    assert [row["text"] for row in words] == ["Somebody", "says:", "something!"]
    heard = words_of(using(lambda client: client.submit(transcript(tmp_path), tmp_path)))
    assert [row["start"] for row in words] == pytest.approx([row["start"] for row in heard], abs=0.05)


def test_a_model_without_times_gets_estimated_ones(emulator: Emulator, tmp_path: Path) -> None:
    call = transcript(tmp_path, "gpt-4o-transcribe")
    accepted = using(lambda client: client.submit(call, tmp_path))
    words = words_of(accepted)
    assert [row["text"] for row in words] == ["somebody", "says", "something"]
    assert words[-1]["end"] == pytest.approx(spoken(LINE).seconds, abs=0.2)
    assert set(accepted.usage) == {"read_tokens", "written_tokens"}


def test_known_models_voices_and_fields_pass(emulator: Emulator, tmp_path: Path) -> None:
    calls = [voice(), voice("gpt-4o-mini-tts", {"instructions": "calm"}, voice="marin")]
    calls += [voice(voice="voice_77"), transcript(tmp_path), transcript(tmp_path, "gpt-transcribe")]
    using(lambda client: _made_ready(client, calls))
    assert emulator.charges() == []
    assert emulator.calls("openai.models") == 1


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        (voice("tts-2"), "there is no model 'tts-2'", "tts-1"),
        (voice(voice="Nowa"), "tts-1 has no voice 'nowa'", "did you mean nova?"),
        (voice(voice="marin"), "tts-1 has no voice 'marin'", "it has alloy"),
        (voice(extra={"instruction": "calm"}), "takes no 'instruction'", "did you mean instructions?"),
        (voice(extra={"stream_format": "sse"}), "stream_format can't be set", "models.voice"),
        (voice(extra={"response_format": "pcm"}), "response_format 'pcm' can't be used", "wav, mp3"),
    ],
)
def test_what_the_service_would_refuse_is_refused_before_anything_is_sent(
    call: Any, message: str, hint: str, emulator: Emulator
) -> None:
    error = trouble(lambda client: client.verify(call.stage, call.model, call.body))
    assert isinstance(error, Rejected)
    assert message in str(error)
    assert hint in (error.hint or "")
    assert emulator.calls("openai.speech") == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [(voice(text="x" * 4097), "4097 characters, and openai takes 4096"), (voice(text=" "), "is empty")],
)
def test_a_line_that_can_not_be_spoken_is_never_sent(call: Any, message: str, emulator: Emulator) -> None:
    assert message in str(trouble(lambda client: client.prepare(call)))


def test_a_sound_that_is_too_large_is_never_sent(emulator: Emulator, tmp_path: Path) -> None:
    call = transcript(tmp_path)
    with call.file(call.body["file"]).path.open("r+b") as file:
        file.truncate((25 << 20) + 1)
    assert "25 MB" in str(trouble(lambda client: client.prepare(call)))


@pytest.mark.parametrize(("status", "error"), [(403, "missing_scope"), (404, ""), (405, "")])
def test_a_key_or_a_proxy_that_speaks_without_a_list_of_models_is_good(
    status: int, error: str, emulator: Emulator
) -> None:
    emulator.order(Fault("openai.models", Kind.STATUS, status=status, error=error))
    call = voice()
    using(lambda client: client.verify(call.stage, call.model, call.body))


def test_nothing_is_looked_up_stopped_or_fetched_again(emulator: Emulator, tmp_path: Path) -> None:
    assert using(lambda client: client.find(voice(), datetime.now(UTC), frozenset())) == ()
    assert isinstance(trouble(lambda client: client.collect(HANDLE, tmp_path)), ResultExpired)
    assert isinstance(trouble(lambda client: client.cancel(HANDLE)), Rejected)
    assert using(lambda client: client.at_once("voice")) is None


def test_the_credential_is_proved_without_spending(emulator: Emulator) -> None:
    assert using(lambda client: client.check()) == "the key may use 9 models"
    error = trouble(lambda client: client.check(), OPENAI_API_KEY="sk-proj-wrong")
    assert "OPENAI_API_KEY was refused" in str(error)
    assert emulator.charges() == []


def test_a_service_that_is_not_there_was_not_sent_anything() -> None:
    error = trouble(
        lambda client: client.check(), OPENAI_API_KEY="sk-x", OPENAI_BASE_URL="http://127.0.0.1:9/v1"
    )
    assert isinstance(error, NotSent)


def test_another_key_or_place_in_the_environment_is_not_used(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    given = emulator.environment()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin")
    assert using(lambda client: client.check(), None, **given)


def test_the_key_is_in_no_log_and_no_words(
    emulator: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    call = voice()
    using(lambda client: client.submit(call, tmp_path))
    shown = using(_shown)
    assert KEY not in caplog.text
    assert KEY not in shown


async def _made_ready(client: OpenAiClient, calls: list[Call]) -> None:
    for call in calls:
        await client.verify(call.stage, call.model, call.body)
        await client.prepare(call)


async def _shown(client: OpenAiClient) -> str:
    return f"{client!r} {client.spec!r} {client.endpoint(voice())}"

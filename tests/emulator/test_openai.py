"""The emulated OpenAI, as its own SDK sees it over HTTP."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

import av
import openai
import pytest
from openai import OpenAI

from tests.emulator.faults import Fault, Kind
from tests.emulator.ledger import paid_twice
from tests.emulator.media import spoken
from tests.emulator.openai_api import KEY, read_out
from tests.emulator.server import Emulator

LINE = "Hello there. This is Glow."


@pytest.fixture
def sdk(emulator: Emulator) -> Iterator[OpenAI]:
    """The SDK, pointed here by the environment alone, as users have it: it sends again by itself."""
    with OpenAI() as client:
        yield client


def seconds_of(sound: bytes) -> float:
    with av.open(io.BytesIO(sound), "r") as container:
        return sum((frame.samples / frame.sample_rate for frame in container.decode(audio=0)), 0.0)


@pytest.mark.parametrize(
    ("form", "kind"), [("mp3", "audio/mpeg"), ("wav", "audio/wav"), ("flac", "audio/flac")]
)
def test_speech_is_real_sound_as_long_as_its_text(form: str, kind: str, sdk: OpenAI) -> None:
    answer = sdk.audio.speech.with_raw_response.create(
        model="tts-1",
        voice="nova",
        input=LINE,
        response_format=form,  # type: ignore[arg-type]
    )
    assert answer.headers["content-type"] == kind
    assert seconds_of(answer.content) == pytest.approx(spoken(read_out(LINE)).seconds, abs=0.1)


def test_speed_changes_how_long_it_is(sdk: OpenAI) -> None:
    slow, fast = (
        sdk.audio.speech.create(model="tts-1", voice="ash", input=LINE, speed=speed).content
        for speed in (1, 2)
    )
    assert seconds_of(slow) == pytest.approx(2 * seconds_of(fast), abs=0.2)


def test_a_wav_says_in_its_head_that_it_never_ends(sdk: OpenAI) -> None:
    sound = sdk.audio.speech.create(model="tts-1", voice="ash", input=LINE, response_format="wav").content
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() * file.getsampwidth() > len(sound)


def test_a_transcript_hears_the_services_own_speech(sdk: OpenAI) -> None:
    sound = sdk.audio.speech.create(model="tts-1", voice="ash", input="Hello there Glow").content
    heard = sdk.audio.transcriptions.create(
        file=("line.mp3", sound, "audio/mpeg"),
        model="whisper-1",
        response_format="verbose_json",
        timestamp_granularities=["word"],
    )
    assert heard.text == "Hello there Glow"
    assert heard.words is not None
    assert [word.word for word in heard.words] == ["Hello", "there", "Glow"]
    assert heard.words[0].end <= heard.words[1].start
    assert heard.usage is not None
    assert heard.usage.seconds == 1


def test_newer_transcripts_are_text_alone(sdk: OpenAI) -> None:
    sound = ("line.mp3", spoken("Hi").sound, "audio/mpeg")
    heard = sdk.audio.transcriptions.create(file=sound, model="gpt-4o-transcribe")
    assert heard.text == "somebody says something"
    with pytest.raises(openai.BadRequestError, match="not compatible"):
        sdk.audio.transcriptions.create(file=sound, model="gpt-4o-transcribe", response_format="verbose_json")


def test_the_account_lists_its_models(sdk: OpenAI) -> None:
    names = {model.id for model in sdk.models.list()}
    assert {"tts-1", "whisper-1", "gpt-4o-mini-tts"} <= names


def test_refusals_carry_the_services_codes_and_cost_nothing(sdk: OpenAI, emulator: Emulator) -> None:
    with pytest.raises(openai.NotFoundError) as missing:
        sdk.audio.speech.create(model="tts-9", voice="nova", input="x")
    assert missing.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as voice:
        sdk.audio.speech.create(model="tts-1", voice="marin", input="x")
    assert voice.value.param == "voice"
    with pytest.raises(openai.BadRequestError) as long:
        sdk.audio.speech.create(model="tts-1", voice="nova", input="x" * 5000)
    assert long.value.code == "string_above_max_length"
    with pytest.raises(openai.BadRequestError, match="Unrecognized request argument supplied: mood"):
        sdk.audio.speech.create(model="tts-1", voice="nova", input="x", extra_body={"mood": 1})
    with OpenAI(api_key="sk-proj-other") as other, pytest.raises(openai.AuthenticationError) as key:
        other.models.list()
    assert key.value.code == "invalid_api_key"
    assert KEY not in str(key.value)
    assert emulator.charges() == []


def test_every_answer_is_one_line_of_the_ledger(sdk: OpenAI, emulator: Emulator) -> None:
    for text in ("one", "two", "one"):
        sdk.audio.speech.create(model="tts-1", voice="nova", input=text)
    assert [charge.service for charge in emulator.charges()] == ["openai"] * 3
    assert paid_twice(emulator.charges()) == {"one": 2}


def test_the_sdk_as_it_comes_pays_three_times_for_a_lost_answer(sdk: OpenAI, emulator: Emulator) -> None:
    emulator.order(Fault("openai.speech", Kind.DROP, accepted=True))
    with pytest.raises(openai.APIConnectionError):
        sdk.audio.speech.create(model="tts-1", voice="nova", input="one", timeout=5)
    assert paid_twice(emulator.charges()) == {"one": 3}


def test_an_empty_account_answers_429(sdk: OpenAI, emulator: Emulator) -> None:
    emulator.order(Fault("openai.speech", Kind.STATUS, status=429, error="insufficient_quota"))
    with pytest.raises(openai.RateLimitError) as empty:
        sdk.with_options(max_retries=0).audio.speech.create(model="tts-1", voice="nova", input="x")
    assert empty.value.code == "insufficient_quota"

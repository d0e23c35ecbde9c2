"""The emulated ElevenLabs, as its own SDK sees it over HTTP."""

from __future__ import annotations

import base64
import contextlib
import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import av
import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.errors import UnprocessableEntityError
from elevenlabs.types import VoiceSettings

from tests.emulator.elevenlabs_api import KEY
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator

SARAH = "EXAVITQu4vr4xnSDxMaL"
TEXT = "Stop scrolling. Try it!"
ONCE: Any = {"max_retries": 0}


@contextlib.contextmanager
def opened(emulator: Emulator, key: str = KEY) -> Iterator[ElevenLabs]:
    """The real SDK, which leaves its connections open."""
    client = ElevenLabs(api_key=key, base_url=f"{emulator.url}/elevenlabs", timeout=20)
    try:
        yield client
    finally:
        client._client_wrapper.httpx_client.httpx_client.close()


@pytest.fixture
def sdk(emulator: Emulator) -> Iterator[ElevenLabs]:
    with opened(emulator) as client:
        yield client


def seconds(sound: bytes) -> float:
    with av.open(io.BytesIO(sound), "r") as container:
        return sum((frame.samples / frame.sample_rate for frame in container.decode(audio=0)), 0.0)


def spoken(sdk: ElevenLabs, text: str = TEXT, voice: str = SARAH, **more: Any) -> Any:
    model = more.pop("model_id", "eleven_multilingual_v2")
    post = sdk.text_to_speech.with_raw_response.convert_with_timestamps
    return post(voice, text=text, model_id=model, request_options=ONCE, **more)


def refused(call: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        call()
    return caught.value


def test_speech_comes_with_true_times_of_every_character(sdk: ElevenLabs) -> None:
    answer = spoken(sdk)
    alignment = answer.data.alignment
    assert alignment is not None
    assert "".join(alignment.characters) == TEXT
    ends = alignment.character_end_times_seconds
    assert ends == sorted(ends)
    assert seconds(base64.b64decode(answer.data.audio_base_64)) == pytest.approx(ends[-1], abs=0.1)


def test_answers_say_what_they_cost_and_where_they_are_kept(sdk: ElevenLabs) -> None:
    normal, cheap = spoken(sdk), spoken(sdk, model_id="eleven_flash_v2_5")
    assert normal.headers["character-cost"] == str(len(TEXT))
    assert cheap.headers["character-cost"] == str(round(len(TEXT) / 2))
    assert normal.headers["maximum-concurrent-requests"] == "5"
    item = sdk.history.get(normal.headers["history-item-id"])
    assert item.request_id == normal.headers["request-id"]
    assert sdk.user.subscription.get().character_count == len(TEXT) + round(len(TEXT) / 2)


def test_speech_is_also_sold_as_plain_bytes(sdk: ElevenLabs) -> None:
    sound = b"".join(sdk.text_to_speech.convert(SARAH, text=TEXT, model_id="eleven_v3"))
    assert seconds(sound) > 1


def test_speed_makes_speech_shorter(sdk: ElevenLabs) -> None:
    slow, fast = (
        spoken(sdk, voice_settings=VoiceSettings(stability=0.5, speed=speed)).data.alignment
        for speed in (0.7, 1.2)
    )
    assert fast.character_end_times_seconds[-1] < slow.character_end_times_seconds[-1] * 0.7


def test_history_lists_speech_by_time_and_voice_and_gives_its_sound_again(sdk: ElevenLabs) -> None:
    first, second = spoken(sdk, "One."), spoken(sdk, "Two.", voice="JBFqnCBsd6RMkjVDRZzb")
    b"".join(sdk.text_to_sound_effects.convert(text="rain", duration_seconds=1))
    listed = sdk.history.list(source="TTS")
    assert [item.text for item in listed.history] == ["Two.", "One."]
    assert [item.text for item in sdk.history.list(voice_id=SARAH).history] == ["One."]
    (now,) = {item.date_unix for item in sdk.history.list(voice_id=SARAH).history}
    assert sdk.history.list(date_after_unix=now + 3600).history == []
    page = sdk.history.list(page_size=1)
    assert page.has_more
    rest = sdk.history.list(page_size=1, start_after_history_item_id=page.last_history_item_id)
    assert ([item.text for item in rest.history], rest.has_more) == (["One."], False)
    identity = first.headers["history-item-id"]
    assert b"".join(sdk.history.get_audio(identity)) == base64.b64decode(first.data.audio_base_64)
    kept = sdk.history.get(second.headers["history-item-id"]).alignments
    assert kept is not None
    assert kept.alignment.characters == list("Two.")


def test_some_voices_speak_without_times(sdk: ElevenLabs) -> None:
    answer = spoken(sdk, voice="own0000000000000ann1")
    assert (answer.data.alignment, answer.data.normalized_alignment) == (None, None)
    assert sdk.history.get(answer.headers["history-item-id"]).alignments is None


def test_music_lasts_as_long_as_asked_and_is_not_in_the_history(sdk: ElevenLabs) -> None:
    with sdk.music.with_raw_response.compose(
        prompt="calm", music_length_ms=4000, model_id="music_v1"
    ) as song:
        assert song.headers["song-id"].startswith("song_")
        assert seconds(b"".join(song.data)) == pytest.approx(4, abs=0.1)
    assert sdk.history.list().history == []


def test_music_takes_no_seed_with_a_prompt_and_nothing_shorter_than_three_seconds(sdk: ElevenLabs) -> None:
    wrongs: tuple[Any, ...] = (
        {"seed": 1, "music_length_ms": 4000},
        {"music_length_ms": 1000},
        {"composition_plan": {}},
    )
    for wrong in wrongs:
        given = {"prompt": "calm", **wrong}
        assert isinstance(refused(lambda g=given: b"".join(sdk.music.compose(**g))), UnprocessableEntityError)


def test_sound_effects_last_half_a_minute_at_most(sdk: ElevenLabs, emulator: Emulator) -> None:
    assert seconds(b"".join(sdk.text_to_sound_effects.convert(text="rain", duration_seconds=2.5))) > 2.4
    long = refused(lambda: b"".join(sdk.text_to_sound_effects.convert(text="rain", duration_seconds=31)))
    assert long.status_code == 422
    assert len(emulator.charges()) == 1


def test_what_was_spoken_is_heard_again_with_its_times(sdk: ElevenLabs) -> None:
    answer = spoken(sdk)
    sound = base64.b64decode(answer.data.audio_base_64)
    file = ("line.mp3", sound, "audio/mpeg")
    heard: Any = sdk.speech_to_text.convert(model_id="scribe_v2", file=file, request_options=ONCE)
    assert heard.text == TEXT
    assert [word.text for word in heard.words if word.type == "word"] == TEXT.split()
    assert heard.audio_duration_secs == pytest.approx(seconds(sound))
    aligned = sdk.forced_alignment.create(file=file, text=TEXT, request_options=ONCE)
    assert [word.text for word in aligned.words] == TEXT.split()
    assert [character.start for character in aligned.characters] == [
        pytest.approx(start) for start in answer.data.alignment.character_start_times_seconds
    ]
    unknown = sdk.forced_alignment.create(file=file, text="Something else", request_options=ONCE)
    assert unknown.characters[-1].end == pytest.approx(seconds(sound), abs=0.1)


def test_a_form_sent_again_by_the_sdk_arrives_without_its_text(sdk: ElevenLabs, emulator: Emulator) -> None:
    emulator.order(Fault("elevenlabs.align", Kind.STATUS, nth=(1,), status=500))
    file = ("line.mp3", base64.b64decode(spoken(sdk).data.audio_base_64), "audio/mpeg")
    again = refused(lambda: sdk.forced_alignment.create(file=file, text=TEXT))
    assert again.status_code == 422
    assert emulator.calls("elevenlabs.align") == 2


def test_voices_come_in_pages_and_old_ones_only_when_asked_for(sdk: ElevenLabs) -> None:
    page, names, token = None, [], None
    while page is None or page.has_more:
        page = sdk.voices.search(page_size=100, next_page_token=token)
        names += [voice.name for voice in page.voices]
        token = page.next_page_token
    assert len(names) == len(sdk.voices.get_all().voices) > 100
    assert "Rachel" not in names
    assert "Rachel" in [voice.name for voice in sdk.voices.get_all(show_legacy=True).voices]
    assert len(sdk.voices.search().voices) == 10
    assert sdk.voices.get("lib00000000000000one").name == "Library Lou"


def test_models_say_how_long_a_text_they_take_and_what_a_character_costs(sdk: ElevenLabs) -> None:
    models = {model.model_id: model for model in sdk.models.list()}
    assert models["eleven_multilingual_v2"].maximum_text_length_per_request == 10_000
    rates = models["eleven_flash_v2_5"].model_rates
    assert rates is not None
    assert rates.character_cost_multiplier == 0.5


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"voice": "nobody"}, 400, "voice_not_found"),
        ({"model_id": "eleven_v9"}, 400, "model_not_found"),
        ({"text": "x" * 5001, "model_id": "eleven_v3"}, 400, "max_character_limit_exceeded"),
        (
            {"model_id": "eleven_v3", "voice_settings": VoiceSettings(stability=0.7)},
            400,
            "invalid_ttd_stability",
        ),
    ],
)
def test_bad_requests_are_refused_by_code_and_cost_nothing(
    sdk: ElevenLabs, emulator: Emulator, given: dict[str, Any], status: int, code: str
) -> None:
    error = refused(lambda: spoken(sdk, **given))
    assert (error.status_code, error.body["detail"]["code"]) == (status, code)
    assert emulator.charges() == []


def test_settings_out_of_range_are_refused_as_a_list(sdk: ElevenLabs) -> None:
    error = refused(lambda: spoken(sdk, voice_settings=VoiceSettings(stability=1.5)))
    assert error.status_code == 422
    assert error.body["detail"][0]["loc"] == ["body", "voice_settings", "stability"]


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (401, "", "invalid_api_key"),
        (401, "quota_exceeded", "quota_exceeded"),
        (401, "payment_issue", "payment_issue"),
        (401, "missing_permissions", "missing_permissions"),
        (402, "", "paid_plan_required"),
        (429, "", "concurrent_limit_exceeded"),
        (429, "system_busy", "system_busy"),
    ],
)
def test_errors_come_by_order_in_the_services_words(
    sdk: ElevenLabs, emulator: Emulator, status: int, error: str, code: str
) -> None:
    emulator.order(Fault("elevenlabs.speech", Kind.STATUS, status=status, error=error))
    found = refused(lambda: spoken(sdk))
    assert (found.status_code, found.body["detail"]["code"]) == (status, code)


def test_without_the_right_key_nothing_is_done(emulator: Emulator) -> None:
    with opened(emulator, "wrong") as sdk:
        assert refused(lambda: spoken(sdk)).body["detail"]["code"] == "invalid_api_key"
    assert emulator.charges() == []


def test_a_call_is_refused_while_as_many_run_as_the_plan_allows(sdk: ElevenLabs, emulator: Emulator) -> None:
    emulator.change(at_once=1, pace={"seconds": [0, 2]})
    with opened(emulator) as other:
        running = threading.Thread(target=spoken, args=(other,))
        running.start()
        while not emulator.charges():
            time.sleep(0.01)
        error = refused(lambda: spoken(sdk))
        running.join()
    assert error.body["detail"]["code"] == "concurrent_limit_exceeded"
    emulator.change(pace={"polls": [1, 2]})
    assert spoken(sdk).headers["maximum-concurrent-requests"] == "1"
    assert len(emulator.charges()) == 2


def test_speech_can_lag_in_the_list_and_be_deleted(sdk: ElevenLabs, emulator: Emulator) -> None:
    emulator.order(
        Fault("elevenlabs.speech", Kind.HIDE, match="late", seconds=3600),
        Fault("elevenlabs.speech", Kind.EXPIRE, match="gone"),
    )
    spoken(sdk, "late")
    gone = spoken(sdk, "gone").headers["history-item-id"]
    assert sdk.history.list().history == []
    assert refused(lambda: sdk.history.get(gone)).status_code == 404
    assert len(emulator.charges()) == 2

"""What is asked of OpenAI, what it may cost, and what a plan says about it: no network."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from adcli.providers import openai
from adcli.providers._http import Answer
from adcli.providers._openai_answers import whole_wav
from adcli.providers._openai_errors import classify
from adcli.providers._openai_voices import default_voice
from adcli.registry import Request, Sale, catalogue
from tests.emulator.media import spoken
from tests.providers.openai_calls import VOICE


def asked(model: str, extra: Any = None, **fields: Any) -> dict[str, Any]:
    return dict(openai.body(Request("voice", model, {**VOICE, **fields}, extra or {})))


def told(model: str, extra: Any = None, **fields: Any) -> str:
    return openai.note(Request("voice", model, {**VOICE, **fields}, extra or {})) or ""


def heard(model: str, extra: Any = None, **fields: Any) -> dict[str, Any]:
    given = {"audio": {"$input": 0}, "language": "de-DE", "text": None, "seconds": 3.2, **fields}
    return dict(openai.body(Request("transcribe", model, given, extra or {})))


def cost(stage: str, params: Any, price: Any, **known: Any) -> tuple[Decimal, Decimal]:
    found = openai.price(Sale(stage, params["model"], params, **known), price)
    return found.min_usd, found.max_usd


def test_the_registry_knows_that_nothing_of_it_can_be_looked_up() -> None:
    spec = catalogue().provider("openai").SPEC
    assert set(spec.versions) == {"voice", "transcribe"}
    for stage in spec.versions:
        can = spec.ability(stage)
        assert (can.poll, can.find, can.idempotent) == (False, False, False)


def test_speech_is_asked_for_by_the_voices_own_name_as_lossless_sound() -> None:
    assert asked("tts-1-hd") == {
        "model": "tts-1-hd",
        "input": VOICE["text"],
        "voice": "nova",
        "response_format": "wav",
        "speed": 1.0,
    }


def test_a_voice_of_the_accounts_own_is_asked_for_by_its_id() -> None:
    assert asked("gpt-4o-mini-tts", voice="voice_1234")["voice"] == {"id": "voice_1234"}


@pytest.mark.parametrize(("speed", "sent"), [(1.15, 1.15), (0.1, 0.25), (9.0, 4.0)])
def test_speed_goes_to_models_that_know_it_within_what_they_take(speed: float, sent: float) -> None:
    assert asked("tts-1", settings={"speed": speed})["speed"] == sent
    assert "speed" not in asked("gpt-4o-mini-tts", settings={"speed": speed})


def test_users_own_inputs_win() -> None:
    extra = {"instructions": "whisper", "response_format": "mp3"}
    made = asked("gpt-4o-mini-tts", extra)
    assert (made["instructions"], made["response_format"]) == ("whisper", "mp3")


def test_only_pronunciations_that_a_line_may_need_are_kept_with_it() -> None:
    said = {"glow": "gloh", "IP68": "I P sixty eight"}
    assert asked("tts-1", text="All glow.", pronunciations=said)["pronunciations"] == {"glow": "gloh"}
    later = {"$text": [{"$input": 0}]}
    assert asked("tts-1", text=later, pronunciations=said)["pronunciations"] == said


def test_a_plan_says_that_times_are_estimated_and_which_voice_speaks() -> None:
    assert told("tts-1") == (
        "word times are estimated: openai gives none; openai shuts tts-1 down on 2027-01-06"
    )
    chosen = default_voice("tts-1", VOICE["character"])
    assert f"voice of Maria → {chosen}" in told("tts-1", voice=None)
    assert "→" not in told("tts-1", {"voice": "echo"}, voice=None)


def test_a_plan_names_the_settings_that_a_model_does_not_have() -> None:
    settings = {"stability": 0.5, "speed": 1.1}
    assert "tts-1 has no stability" in told("tts-1", settings=settings)
    assert "gpt-4o-mini-tts has no speed and no stability" in told("gpt-4o-mini-tts", settings=settings)
    assert "has no" not in told("gpt-4o-mini-tts", settings={"speed": 1.0})


def test_default_voices_follow_the_characters_sex_and_stay_with_the_character() -> None:
    women = {default_voice("tts-1", {"id": f"w{n}", "prompt": "woman, 30"}) for n in range(40)}
    men = {default_voice("gpt-4o-mini-tts", {"id": f"m{n}", "prompt": "a bearded man"}) for n in range(40)}
    assert women == {"nova", "coral", "shimmer", "sage"}
    assert men == {"cedar", "onyx", "ash", "echo", "verse"}
    assert default_voice("tts-1", {"id": "x"}) == default_voice("tts-1", {"id": "x"})


def test_a_transcript_is_asked_for_with_times_where_the_model_has_them() -> None:
    made = heard("whisper-1")
    assert (made["response_format"], made["timestamp_granularities"]) == ("verbose_json", ["word"])
    assert (made["language"], made["file"], made["temperature"]) == ("de", {"$input": 0}, 0)
    other = heard("gpt-4o-transcribe", text="Hallo Welt.")
    assert (other["response_format"], other["text"]) == ("json", "Hallo Welt.")
    assert "timestamp_granularities" not in other
    assert heard("gpt-transcribe")["languages"] == ["de"]


def test_a_plan_says_which_transcripts_have_no_times_of_their_own() -> None:
    fields = {"audio": {"$input": 0}, "language": "en"}
    assert "openai:whisper-1 does" in (
        openai.note(Request("transcribe", "gpt-4o-transcribe", fields, {})) or ""
    )
    assert openai.note(Request("transcribe", "whisper-1", fields, {})) == (
        "openai shuts whisper-1 down on 2027-02-26"
    )


BY_TEXT, BY_TIME = {"unit": "1k_chars", "usd": 0.015}, {"unit": "second", "usd": 0.001}


def test_speech_costs_what_is_spoken_not_what_is_written() -> None:
    params = asked("tts-1", text="IP68!", pronunciations={"IP68": "I P sixty eight"})
    assert cost("voice", params, BY_TEXT) == (Decimal("0.00024"), Decimal("0.00024"))
    later = asked("tts-1", text={"$text": []}, pronunciations={"ab": "abcdef"})
    assert cost("voice", later, BY_TEXT, max_chars=200) == (Decimal("0.000015"), Decimal("0.009"))


def test_speech_by_the_second_costs_up_to_the_slowest_reading() -> None:
    params = asked("gpt-4o-mini-tts", text="x" * 200)
    assert cost("voice", params, BY_TIME, seconds=9.0) == (Decimal("0.008"), Decimal("0.025"))
    slow = asked("tts-1", text="x" * 200, settings={"speed": 0.5})
    assert cost("voice", slow, BY_TIME) == (Decimal("0.016"), Decimal("0.05"))


def test_transcripts_cost_whole_seconds_of_their_sound() -> None:
    assert cost("transcribe", heard("whisper-1"), BY_TIME, seconds=3.2) == (
        Decimal("0.004"),
        Decimal("0.004"),
    )
    assert cost("transcribe", heard("whisper-1"), BY_TIME) == (Decimal(0), Decimal("0.18"))
    assert cost("transcribe", heard("whisper-1"), {"unit": "run", "usd": 0.01})[1] == Decimal("0.01")


def test_tokens_cost_up_to_more_of_them_than_a_sound_has() -> None:
    price = {"unit": "mtok", "usd": 2.5, "usd_out": 10}
    assert cost("transcribe", heard("gpt-4o-transcribe"), price, seconds=10.0) == (
        Decimal(0),
        Decimal("0.00625"),
    )
    line = asked("gpt-4o-mini-tts", text="x" * 80)  # ten seconds at most
    assert cost("voice", line, price) == (Decimal(0), Decimal("0.00645"))


def answer(status: int, code: str = "", message: str = "no", headers: Any = None, **more: Any) -> Answer:
    import json

    body = {
        "error": {"message": message, "type": "invalid_request_error", "param": None, "code": code, **more}
    }
    return Answer(status, headers or {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [
        (429, "insufficient_quota", "OutOfCredit"),
        (429, "billing_not_active", "OutOfCredit"),
        (400, "billing_hard_limit_reached", "OutOfCredit"),
        (402, "", "OutOfCredit"),
        (429, "rate_limit_exceeded", "RateLimited"),
        (429, "", "RateLimited"),
        (409, "", "RateLimited"),
        (401, "invalid_api_key", "CredentialError"),
        (401, "", "CredentialError"),
        (403, "", "CredentialError"),
        (403, "model_not_found", "Rejected"),
        (404, "model_not_found", "Rejected"),
        (400, "content_policy_violation", "Rejected"),
        (400, "string_above_max_length", "Rejected"),
        (413, "", "Rejected"),
        (422, "", "Rejected"),
        (302, "", "OutcomeUnknown"),
        (408, "", "OutcomeUnknown"),
        (500, "", "OutcomeUnknown"),
        (503, "insufficient_quota", "OutcomeUnknown"),
    ],
)
def test_an_answers_own_code_says_what_it_means_before_its_number(status: int, code: str, name: str) -> None:
    assert type(classify(answer(status, code))).__name__ == name


def test_a_proxys_page_is_no_answer_but_its_number_counts() -> None:
    page = b"<html>busy</html>"
    assert type(classify(Answer(502, {}, page))).__name__ == "OutcomeUnknown"
    assert type(classify(Answer(429, {"retry-after": "7"}, page))).__name__ == "RateLimited"


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"retry-after-ms": "1500"}, "", 1.5),
        ({"retry-after": "20"}, "", 20.0),
        ({}, "Please try again in 6m0s. Visit …", 360.0),
        ({}, "Please try again in 120ms.", 0.12),
        ({}, "Please try again in 1h30m.", 900.0),
        ({}, "Slow down.", None),
        ({"retry-after-ms": "soon"}, "", None),
    ],
)
def test_the_wait_comes_from_headers_or_words_and_is_clamped(
    headers: Any, message: str, seconds: float | None
) -> None:
    found: Any = classify(answer(429, "rate_limit_exceeded", message, headers))
    assert found.retry_after == (None if seconds is None else pytest.approx(seconds))


def test_the_accounts_rate_is_read_from_the_words() -> None:
    text = "Rate limit reached for tts-1 on requests per min (RPM): Limit 3, Used 3, Requested 1. …in 20s."
    found: Any = classify(answer(429, "rate_limit_exceeded", text))
    assert (found.per_minute, found.hint) == (3, None)
    daily: Any = classify(
        answer(429, "rate_limit_exceeded", "on requests per day (RPD): Limit 200, Used 200.")
    )
    assert (daily.per_minute, daily.hint) == (None, "the account's calls for today are used up")


def test_refusals_say_what_to_do() -> None:
    assert "billing" in (classify(answer(429, "insufficient_quota")).hint or "")
    assert "flagged" in (classify(answer(400, "moderation_blocked")).hint or "")
    assert classify(answer(400, "invalid_value", param="voice")).hint == "correct voice"
    scopes = classify(answer(403, "", "You have insufficient permissions. Missing scopes: model.request"))
    assert "OPENAI_API_KEY" in str(scopes)
    assert scopes.hint == "give the key that permission"


def test_a_wav_that_does_not_know_its_end_gets_true_sizes() -> None:
    whole = spoken("one two", "wav").sound
    at = whole.index(b"data")
    endless = b"\xff" * 4
    streamed = whole[:4] + endless + whole[8 : at + 4] + endless + whole[at + 8 :]
    repaired = whole_wav(streamed)
    assert repaired == whole
    assert whole_wav(whole) == whole
    for other in (b"", b"RIFF", b"ID3\x04" + bytes(60), b"RIFF\0\0\0\0WAVEfmt "):
        assert whole_wav(other) == other

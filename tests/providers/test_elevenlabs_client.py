"""What adcli buys at ElevenLabs, by real HTTP and the service's own SDK."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import CredentialError, OutcomeUnknown, Rejected, ResultExpired
from adcli.providers import elevenlabs
from adcli.providers._base import Accepted, JobHandle
from adcli.providers._elevenlabs_client import ElevenLabsClient
from tests.emulator.faults import Fault
from tests.emulator.faults import Kind as Wrong
from tests.emulator.server import Emulator
from tests.providers.elevenlabs_calls import (
    ALIGNED,
    HEARD,
    KINDS,
    SONG,
    SOUND,
    SPEECH,
    TEXT,
    V2,
    Kind,
    bought,
    call,
    file,
    using,
    words,
)

NONE: frozenset[str] = frozenset()


def handle(emulator: Emulator, job: str, stage: str = "voice") -> JobHandle:
    return JobHandle(V2, f"{emulator.url}/elevenlabs", job, stage)


def lost(emulator: Emulator, tmp_path: Path, **fields: Any) -> datetime:
    """Speech that was paid for and whose answer never came; gives when it was sent, at the latest."""
    emulator.order(Fault(SPEECH.route, Wrong.DROP, nth=(1,), accepted=True))
    since = datetime.now(UTC) - timedelta(seconds=120)
    with pytest.raises(OutcomeUnknown):
        bought(emulator, call(SPEECH, tmp_path, **fields), tmp_path)
    return since


def found(emulator: Emulator, wanted: Any, since: datetime, claimed: frozenset[str] = NONE) -> list[Accepted]:
    return list(using(emulator, lambda client: client.find(wanted, since, claimed)))


def test_speech_brings_its_sound_and_its_words_by_one_call(emulator: Emulator, tmp_path: Path) -> None:
    accepted = bought(emulator, call(SPEECH, tmp_path), tmp_path)
    sound, timed = file(accepted.outputs), words(accepted.outputs)
    length = sound.meta["duration"]
    assert isinstance(length, float)
    assert sound.media_type == "audio/mpeg"
    assert [word["text"] for word in timed] == TEXT.split()
    assert all(0 <= word["start"] < word["end"] <= length for word in timed)
    assert all(first["end"] <= second["start"] for first, second in pairwise(timed))
    assert accepted.usage == {"characters": len(TEXT)}
    assert emulator.calls(SPEECH.route) == len(emulator.charges()) == 1


def test_what_is_said_differs_from_what_captions_show(emulator: Emulator, tmp_path: Path) -> None:
    own = {"IP68": "eye pee sixty eight", "scrolling": "scroll"}
    accepted = bought(emulator, call(SPEECH, tmp_path, pronunciations=own), tmp_path)
    spoken = "Stop scroll. The eye pee sixty eight lamp is here!"
    assert emulator.charges()[0].prompt == spoken
    timed = words(accepted.outputs)
    assert [word["text"] for word in timed] == TEXT.split()
    lengths = {word["text"]: word["end"] - word["start"] for word in timed}
    assert lengths["IP68"] > 2 * lengths["scrolling."]
    assert accepted.usage == {"characters": len(spoken)}


def test_cheap_models_are_billed_by_their_credits(emulator: Emulator, tmp_path: Path) -> None:
    flash = Kind("voice", "eleven_flash_v2_5", SPEECH.route)
    accepted = bought(emulator, call(flash, tmp_path), tmp_path)
    assert accepted.usage["characters"] == pytest.approx(len(TEXT), abs=1)


def test_a_voice_without_times_still_has_every_word(emulator: Emulator, tmp_path: Path) -> None:
    accepted = bought(emulator, call(SPEECH, tmp_path, voice="Ann"), tmp_path)
    timed = words(accepted.outputs)
    assert [word["text"] for word in timed] == TEXT.split()
    assert timed[-1]["end"] <= float(str(file(accepted.outputs).meta["duration"]))


def test_music_lasts_as_long_as_asked(emulator: Emulator, tmp_path: Path) -> None:
    accepted = bought(emulator, call(SONG, tmp_path), tmp_path)
    assert file(accepted.outputs).meta["duration"] == pytest.approx(3.0, abs=0.1)
    assert accepted.job.startswith("song_")
    assert accepted.usage["seconds"] == 3.0


def test_a_sound_effect_is_one_run(emulator: Emulator, tmp_path: Path) -> None:
    accepted = bought(emulator, call(SOUND, tmp_path), tmp_path)
    assert file(accepted.outputs).meta["duration"] == pytest.approx(3.0, abs=0.1)
    assert accepted.usage == {"runs": 1.0}
    assert accepted.job.startswith("req_")


@pytest.mark.parametrize("kind", [ALIGNED, HEARD])
def test_known_words_get_the_times_at_which_they_are_heard(
    emulator: Emulator, tmp_path: Path, kind: Kind
) -> None:
    spoken = words(bought(emulator, call(SPEECH, tmp_path), tmp_path).outputs)
    accepted = bought(emulator, call(kind, tmp_path), tmp_path)
    timed = words(accepted.outputs)
    assert [word["text"] for word in timed] == TEXT.split()
    for word, same in zip(timed, spoken, strict=True):
        assert word["start"] == pytest.approx(same["start"], abs=0.1)
        assert word["end"] == pytest.approx(same["end"], abs=0.1)
    assert accepted.outputs is not None
    assert accepted.outputs["text"] == TEXT


def test_a_transcript_of_unknown_words_is_what_was_heard(emulator: Emulator, tmp_path: Path) -> None:
    accepted = bought(emulator, call(HEARD, tmp_path, text=None), tmp_path)
    assert accepted.outputs is not None
    heard = str(accepted.outputs["text"])
    assert [word["text"] for word in words(accepted.outputs)] == heard.split()
    assert accepted.usage["seconds"] > 1


def test_lost_speech_is_found_and_fetched_without_paying_again(emulator: Emulator, tmp_path: Path) -> None:
    since = lost(emulator, tmp_path)
    wanted = call(SPEECH, tmp_path)
    (same,) = found(emulator, wanted, since)
    assert same.usage == {"characters": len(TEXT)}
    outputs = using(emulator, lambda client: client.collect(handle(emulator, same.job), tmp_path / "again"))
    assert len(emulator.charges()) == 1
    fresh = bought(emulator, wanted, tmp_path)
    assert words(outputs) == words(fresh.outputs)
    assert file(outputs).path.read_bytes() == file(fresh.outputs).path.read_bytes()


def test_found_speech_shows_the_written_words_too(emulator: Emulator, tmp_path: Path) -> None:
    """Also when another process collects it than the one that found it."""
    own = {"IP68": "eye pee sixty eight", "scrolling": "scroll"}
    since = lost(emulator, tmp_path, pronunciations=own)
    wanted = call(SPEECH, tmp_path, pronunciations=own)
    (same,) = found(emulator, wanted, since)
    known = replace(handle(emulator, same.job), body=wanted.body)
    outputs = using(emulator, lambda client: client.collect(known, tmp_path / "again"))
    assert [word["text"] for word in words(outputs)] == TEXT.split()


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Another line."},
        {"voice": "Sarah"},
        {"settings": {"stability": 0.9}},
    ],
)
def test_speech_of_other_words_voice_or_settings_is_not_taken_for_the_lost_one(
    emulator: Emulator, tmp_path: Path, other: dict[str, Any]
) -> None:
    since = lost(emulator, tmp_path, **other)
    assert found(emulator, call(SPEECH, tmp_path), since) == []
    assert len(found(emulator, call(SPEECH, tmp_path, **other), since)) == 1


def test_another_model_or_an_earlier_time_is_not_it(emulator: Emulator, tmp_path: Path) -> None:
    since = lost(emulator, tmp_path)
    flash = Kind("voice", "eleven_flash_v2_5", SPEECH.route)
    assert found(emulator, call(flash, tmp_path), since) == []
    assert found(emulator, call(SPEECH, tmp_path), since + timedelta(seconds=3600)) == []


@pytest.mark.parametrize("by", ["history", "request"])
def test_speech_that_another_job_stands_for_is_not_found(emulator: Emulator, tmp_path: Path, by: str) -> None:
    since = lost(emulator, tmp_path)
    second = bought(emulator, call(SPEECH, tmp_path), tmp_path).job
    claimed = second if by == "history" else f"req_{second[:12]}"
    (same,) = found(emulator, call(SPEECH, tmp_path), since, frozenset({claimed}))
    assert same.job != second


def test_two_lost_calls_alike_are_both_found(emulator: Emulator, tmp_path: Path) -> None:
    since = lost(emulator, tmp_path)
    lost(emulator, tmp_path)
    assert len(found(emulator, call(SPEECH, tmp_path), since)) == 2


def test_speech_can_be_fetched_by_the_id_of_its_request(emulator: Emulator, tmp_path: Path) -> None:
    job = bought(emulator, call(SPEECH, tmp_path), tmp_path).job
    request = handle(emulator, f"req_{job[:12]}")
    outputs = using(emulator, lambda client: client.collect(request, tmp_path / "again"))
    assert [word["text"] for word in words(outputs)] == TEXT.split()


@pytest.mark.parametrize(("job", "stage"), [("nothing", "voice"), ("song_1", "music"), ("r", "transcribe")])
def test_what_the_service_does_not_keep_has_expired(
    emulator: Emulator, tmp_path: Path, job: str, stage: str
) -> None:
    with pytest.raises(ResultExpired):
        using(emulator, lambda client: client.collect(handle(emulator, job, stage), tmp_path))


def test_deleted_speech_has_expired(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault(SPEECH.route, Wrong.EXPIRE))
    job = bought(emulator, call(SPEECH, tmp_path), tmp_path).job
    with pytest.raises(ResultExpired):
        using(emulator, lambda client: client.collect(handle(emulator, job), tmp_path))


@pytest.mark.parametrize(
    ("written", "spoken_by"),
    [
        ("Rachel", "21m00Tcm4TlvDq8ikWAM"),
        ("sarah", "EXAVITQu4vr4xnSDxMaL"),
        ("Roger - Laid-Back, Casual, Resonant", "CwhRBWXzGAHq8TQ4Fs17"),
        ("Narrator 119", "own00000000000000119"),
        ("JBFqnCBsd6RMkjVDRZzb", "JBFqnCBsd6RMkjVDRZzb"),
        ("lib00000000000000one", "lib00000000000000one"),
    ],
)
def test_a_voice_is_known_by_name_or_id_wherever_the_service_lists_it(
    emulator: Emulator, tmp_path: Path, written: str, spoken_by: str
) -> None:
    job = bought(emulator, call(SPEECH, tmp_path, voice=written), tmp_path).job
    item = using(emulator, lambda client: client._history.item(job))
    assert item.voice_id == spoken_by


@pytest.mark.parametrize(
    ("voice", "message", "hint"),
    [
        ("Jesica", "no voice 'Jesica'", "did you mean Jessica"),
        ("Xylophone", "no voice 'Xylophone'", "the account has Adam, Alice"),
        ("Twin", "2 voices are called 'Twin'", "own0000000000000twi1, own0000000000000twi2"),
        ("z" * 20, "no voice", "the account has"),
    ],
)
def test_an_unknown_voice_is_refused_before_anything_is_sent(
    emulator: Emulator, tmp_path: Path, voice: str, message: str, hint: str
) -> None:
    with pytest.raises(Rejected, match=message) as caught:
        bought(emulator, call(SPEECH, tmp_path, voice=voice), tmp_path)
    assert hint in (caught.value.hint or "")
    assert emulator.calls(SPEECH.route) == 0


@pytest.mark.parametrize(
    ("kind", "extra", "fields", "message", "hint"),
    [
        (Kind("voice", "eleven_v9", ""), {}, {}, "no model 'eleven_v9'", "eleven_v3"),
        (Kind("voice", "eleven_english_sts_v2", ""), {}, {}, "that speaks", "eleven_v3"),
        (SPEECH, {"stabilty": 1}, {}, "takes no 'stabilty'", "it takes apply_"),
        (SPEECH, {"sed": 1}, {}, "takes no 'sed'", "did you mean seed"),
        (SPEECH, {"enable_logging": False}, {}, "enable_logging can't be set", "take it out"),
        (SPEECH, {"output_format": "pcm_44100"}, {}, "'pcm_44100' can't be used", "mp3_44100_128"),
        (SPEECH, {}, {"text": "  "}, "is empty", "voiceover"),
        (Kind("voice", "eleven_v3", ""), {}, {"text": "word " * 1001}, "5005 characters", "shorten"),
        (Kind("music", V2, ""), {}, {}, "makes no music", "music_v1"),
        (SONG, {"music_length": 5}, {}, "takes no 'music_length'", "music_length_ms"),
        (Kind("transcribe", V2, ""), {}, {}, "makes no transcripts", "scribe_v2"),
        (ALIGNED, {}, {"text": None}, "there is no text", "scribe_v2"),
        (HEARD, {"webhook": True}, {}, "webhook can't be set", "take it out"),
    ],
)
def test_what_the_service_does_not_take_is_refused_before_anything_is_sent(
    emulator: Emulator,
    tmp_path: Path,
    kind: Kind,
    extra: dict[str, Any],
    fields: dict[str, Any],
    message: str,
    hint: str,
) -> None:
    with pytest.raises(Rejected, match=message) as caught:
        bought(emulator, call(kind, tmp_path, extra, **fields), tmp_path)
    assert hint in (caught.value.hint or "")
    assert not any(emulator.calls(known.route) for known in KINDS)


def test_users_own_inputs_reach_the_service(emulator: Emulator, tmp_path: Path) -> None:
    extra = {"apply_text_normalization": "on", "voice_settings": {"speed": 1.2}}
    fast = bought(emulator, call(SPEECH, tmp_path, extra), tmp_path)
    usual = bought(emulator, call(SPEECH, tmp_path), tmp_path)
    assert words(fast.outputs)[-1]["end"] < words(usual.outputs)[-1]["end"] * 0.9


def test_lists_are_read_once_for_many_calls(emulator: Emulator, tmp_path: Path) -> None:
    async def many(client: ElevenLabsClient) -> None:
        for n in range(3):
            wanted = call(SPEECH, tmp_path, text=f"Line {n}.")
            await client.verify("voice", V2, wanted.body)
            await client.prepare(wanted)
            await client.submit(wanted, tmp_path / str(n))

    using(emulator, many)
    counts = emulator.counts()["calls"]
    assert (counts["elevenlabs.models"], counts["elevenlabs.voices"]) == (1, 2)
    assert counts["elevenlabs.voices-legacy"] == 1


def test_the_credential_is_proved_without_spending(emulator: Emulator) -> None:
    told = using(emulator, lambda client: client.check())
    assert told == "creator plan, 100,000 of 100,000 credits left"
    assert emulator.charges() == []


@pytest.mark.parametrize(("stage", "most"), [("voice", 5), ("music", 2), ("transcribe", 5)])
def test_the_plan_says_how_many_calls_may_run(emulator: Emulator, stage: str, most: int) -> None:
    assert using(emulator, lambda client: client.at_once(stage)) == most


def test_a_key_that_may_only_speak_speaks_with_a_voice_given_by_its_id(
    emulator: Emulator, tmp_path: Path
) -> None:
    for route in ("models", "voices", "voices-legacy", "voice", "subscription", "user"):
        wrong = Fault(f"elevenlabs.{route}", Wrong.STATUS, status=401, error="missing_permissions")
        emulator.order(wrong)
    accepted = bought(emulator, call(SPEECH, tmp_path, voice="EXAVITQu4vr4xnSDxMaL"), tmp_path)
    assert accepted.usage == {"characters": len(TEXT)}
    assert using(emulator, lambda client: client.at_once("voice")) is None
    assert "may not be read" in using(emulator, lambda client: client.check())
    with pytest.raises(CredentialError, match="may not do this") as caught:
        bought(emulator, call(SPEECH, tmp_path), tmp_path)
    assert "permission" in (caught.value.hint or "")


def test_nothing_can_be_stopped(emulator: Emulator) -> None:
    with pytest.raises(Rejected):
        using(emulator, lambda client: client.cancel(handle(emulator, "done")))


def test_no_key_is_said_by_name() -> None:
    with pytest.raises(CredentialError, match="ELEVENLABS_API_KEY is not set"):
        elevenlabs.client({})

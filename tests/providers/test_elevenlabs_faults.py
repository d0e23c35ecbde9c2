"""ElevenLabs in trouble: one POST whatever happens, the right word for the money, and never the key."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adcli.errors import (
    AdcliError,
    CredentialError,
    Held,
    NotSent,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Rejected,
)
from adcli.providers import elevenlabs
from adcli.providers._base import JobHandle
from adcli.providers._elevenlabs_client import ElevenLabsClient
from adcli.providers._elevenlabs_errors import classify
from adcli.providers._elevenlabs_service import PATIENCE
from adcli.providers._http import Answer
from tests.emulator.elevenlabs_api import KEY
from tests.emulator.faults import Fault
from tests.emulator.faults import Kind as Wrong
from tests.emulator.server import Emulator
from tests.emulator.world import CANARY
from tests.providers.elevenlabs_calls import (
    ALIGNED,
    HEARD,
    KINDS,
    SPEECH,
    TEXT,
    V2,
    Kind,
    bought,
    call,
    using,
)

TROUBLES: tuple[tuple[str, dict[str, Any], type[AdcliError]], ...] = (
    ("drop", {"kind": Wrong.DROP}, OutcomeUnknown),
    ("accept, then drop", {"kind": Wrong.DROP, "accepted": True}, OutcomeUnknown),
    ("hang", {"kind": Wrong.HANG}, OutcomeUnknown),
    ("accept, then hang", {"kind": Wrong.HANG, "accepted": True}, OutcomeUnknown),
    ("truncate", {"kind": Wrong.TRUNCATE}, OutcomeUnknown),
    ("wrong key", {"status": 401, "error": "invalid_api_key"}, CredentialError),
    ("no permission", {"status": 401, "error": "missing_permissions"}, CredentialError),
    ("no credits", {"status": 401, "error": "quota_exceeded"}, OutOfCredit),
    ("unpaid invoice", {"status": 401, "error": "payment_issue"}, OutOfCredit),
    ("plan", {"status": 402}, Rejected),
    ("unknown voice", {"status": 400, "error": "voice_not_found"}, Rejected),
    ("not valid", {"status": 422}, Rejected),
    ("too many at once", {"status": 429}, RateLimited),
    ("busy", {"status": 429, "error": "system_busy"}, RateLimited),
    ("not found", {"status": 404}, Rejected),
    ("500 page", {"status": 500}, OutcomeUnknown),
    ("500 after work", {"status": 500, "accepted": True}, OutcomeUnknown),
    ("503", {"status": 503, "retry_after": 1, "retry_after_header": True}, OutcomeUnknown),
    ("elsewhere", {"status": 307, "body": "moved"}, OutcomeUnknown),
    ("page in place of the answer", {"status": 200, "body": "<html>welcome</html>"}, OutcomeUnknown),
)


def fault(kind: Kind, order: dict[str, Any]) -> Fault:
    return Fault(**{"route": kind.route, "kind": Wrong.STATUS, **order})


def refusal(emulator: Emulator, wanted: Any, folder: Path, patience: httpx.Timeout = PATIENCE) -> AdcliError:
    with pytest.raises(AdcliError) as caught:
        bought(emulator, wanted, folder, patience)
    return caught.value


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.route)
@pytest.mark.parametrize(
    ("order", "expected"), [row[1:] for row in TROUBLES], ids=[row[0] for row in TROUBLES]
)
def test_one_call_is_one_post_and_its_error_says_what_is_known(
    emulator: Emulator, tmp_path: Path, kind: Kind, order: dict[str, Any], expected: type[AdcliError]
) -> None:
    emulator.order(fault(kind, order))
    hangs = order.get("kind") is Wrong.HANG
    patience = httpx.Timeout(20, read=0.3) if hangs else PATIENCE
    error = refusal(emulator, call(kind, tmp_path), tmp_path, patience)
    assert isinstance(error, expected)
    assert emulator.calls(kind.route) == 1
    paid = order.get("accepted") or order.get("kind") is Wrong.TRUNCATE
    for _ in range(100):  # the service goes on with what it took when its client has gone
        if hangs and paid and not emulator.charges():
            time.sleep(0.1)
    assert len(emulator.charges()) == (1 if paid else 0)
    assert CANARY not in f"{error}{error.hint}{''.join(traceback.format_exception(error))}"


def test_a_service_that_cannot_be_reached_was_sent_nothing(emulator: Emulator, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        environ = {"ELEVENLABS_BASE_URL": f"http://127.0.0.1:{port}", "ELEVENLABS_API_KEY": KEY}

        async def submit() -> None:
            client = ElevenLabsClient(elevenlabs.SPEC, environ)
            try:
                await client.submit(call(SPEECH, tmp_path), tmp_path)
            finally:
                await client.close()

        with pytest.raises(NotSent):
            asyncio.run(submit())


def test_trouble_with_the_list_of_voices_is_no_trouble_with_the_call(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.order(Fault("elevenlabs.voices", Wrong.DROP))
    with pytest.raises(NotSent):
        using(emulator, lambda client: client.submit(call(SPEECH, tmp_path), tmp_path))
    assert emulator.calls(SPEECH.route) == 0


def test_an_empty_account_is_told_in_credits_and_what_to_do(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault(SPEECH.route, Wrong.STATUS, status=401, error="quota_exceeded"))
    error = refusal(emulator, call(SPEECH, tmp_path), tmp_path)
    assert str(error) == "the account has 12 credits left, and this call needs 91"
    assert "buy credits" in (error.hint or "")


def test_a_full_account_is_tried_again_soon(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(at_once=0)
    error = refusal(emulator, call(SPEECH, tmp_path), tmp_path)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 1.0
    emulator.order(Fault(SPEECH.route, Wrong.STATUS, status=429, retry_after=7, retry_after_header=True))
    error = refusal(emulator, call(SPEECH, tmp_path), tmp_path)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 7.0


def test_a_flagged_prompt_is_refused_with_what_the_service_suggests(
    emulator: Emulator, tmp_path: Path
) -> None:
    song = KINDS[1]
    emulator.order(Fault(song.route, Wrong.FAIL))
    error = refusal(emulator, call(song, tmp_path), tmp_path)
    assert isinstance(error, Rejected)
    assert "it was flagged; the service suggests: calm music" in (error.hint or "")


@pytest.mark.parametrize("kind", [ALIGNED, HEARD], ids=lambda kind: kind.route)
@pytest.mark.parametrize(
    "body",
    ["null", "[]", "{}", '{"words": 5}', '{"words": [5], "text": "x"}', '{"words": null, "characters": [1]}'],
)
def test_a_transcript_that_cannot_be_read_was_paid_for_all_the_same(
    emulator: Emulator, tmp_path: Path, kind: Kind, body: str
) -> None:
    emulator.order(Fault(kind.route, Wrong.STATUS, status=200, body=body))
    assert isinstance(refusal(emulator, call(kind, tmp_path), tmp_path), OutcomeUnknown)


def test_sound_that_cannot_be_played_was_paid_for_all_the_same(emulator: Emulator, tmp_path: Path) -> None:
    body = '{"audio_base64": "aGVsbG8=", "alignment": null, "normalized_alignment": null}'
    for text in (body, body.replace("aGVsbG8=", "%%%"), "{}", "[]", "null", '{"audio_base64": 5}'):
        emulator.order(Fault(SPEECH.route, Wrong.STATUS, status=200, body=text))
        assert isinstance(refusal(emulator, call(SPEECH, tmp_path), tmp_path), OutcomeUnknown)
        emulator.reset()
    assert not list((tmp_path / "out").glob("*"))


@pytest.mark.parametrize("wrong", ["history", "history-item", "history-audio"])
def test_trouble_with_the_history_is_free_to_be_tried_again(
    emulator: Emulator, tmp_path: Path, wrong: str
) -> None:
    wanted = call(SPEECH, tmp_path)
    job = bought(emulator, wanted, tmp_path).job
    handle = JobHandle(V2, f"{emulator.url}/elevenlabs", job, "voice")
    since = datetime.now(UTC) - timedelta(seconds=120)

    async def again(client: ElevenLabsClient) -> None:
        assert await client.find(wanted, since, frozenset())
        await client.collect(handle, tmp_path / "again")

    for kind in (Wrong.DROP, Wrong.TRUNCATE):
        emulator.order(Fault(f"elevenlabs.{wrong}", kind))
        with pytest.raises(OutcomeUnknown):
            using(emulator, again)
        emulator.reset()
    emulator.order(Fault(f"elevenlabs.{wrong}", Wrong.STATUS, status=429))
    with pytest.raises(RateLimited):
        using(emulator, again)
    emulator.reset()
    using(emulator, again)
    assert len(emulator.charges()) == 1


@pytest.mark.parametrize("body", ["null", "[]", '{"alignments": 5}', '{"text": ["x"]}', "<html>"])
def test_speech_that_is_listed_in_a_form_nobody_knows_is_not_given_up(
    emulator: Emulator, tmp_path: Path, body: str
) -> None:
    job = bought(emulator, call(SPEECH, tmp_path), tmp_path).job
    handle = JobHandle(V2, f"{emulator.url}/elevenlabs", job, "voice")
    emulator.order(Fault("elevenlabs.history-item", Wrong.STATUS, status=200, body=body))
    with pytest.raises(OutcomeUnknown):
        using(emulator, lambda client: client.collect(handle, tmp_path / "again"))


def test_a_refusal_that_is_not_about_absence_gives_nothing_up(emulator: Emulator, tmp_path: Path) -> None:
    handle = JobHandle(V2, f"{emulator.url}/elevenlabs", "any", "voice")
    emulator.order(Fault("elevenlabs.history-item", Wrong.STATUS, status=422))
    with pytest.raises(Rejected):
        using(emulator, lambda client: client.collect(handle, tmp_path))


def test_a_voice_that_is_gone_meanwhile_does_not_hide_what_it_said(
    emulator: Emulator, tmp_path: Path
) -> None:
    wanted = call(SPEECH, tmp_path, voice="Ann")
    bought(emulator, wanted, tmp_path)
    none = '{"voices": [], "has_more": false, "total_count": 0}'
    for route in ("voices", "voices-legacy"):
        emulator.order(Fault(f"elevenlabs.{route}", Wrong.STATUS, status=200, body=none))
    since = datetime.now(UTC) - timedelta(seconds=120)
    assert len(using(emulator, lambda client: client.find(wanted, since, frozenset()))) == 1


def test_where_no_history_is_kept_nothing_is_taken_for_absent(emulator: Emulator, tmp_path: Path) -> None:
    body = '{"user_id": "u", "subscription": {}, "subscription_extras": {"force_logging_disabled": true}}'
    emulator.order(Fault("elevenlabs.user", Wrong.STATUS, status=200, body=body))
    since = datetime.now(UTC) - timedelta(seconds=120)
    with pytest.raises(Held, match="keeps no history"):
        using(emulator, lambda client: client.find(call(SPEECH, tmp_path), since, frozenset()))


def test_a_list_that_lags_shows_nothing_yet(emulator: Emulator, tmp_path: Path) -> None:
    emulator.order(Fault(SPEECH.route, Wrong.HIDE, seconds=3600))
    bought(emulator, call(SPEECH, tmp_path), tmp_path)
    since = datetime.now(UTC) - timedelta(seconds=120)
    found = using(emulator, lambda client: client.find(call(SPEECH, tmp_path), since, frozenset()))
    assert found == ()


def test_the_key_is_in_no_log_however_much_is_logged(
    emulator: Emulator, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator.order(Fault(SPEECH.route, Wrong.STATUS, nth=(1,), status=500))
    refusal(emulator, call(SPEECH, tmp_path), tmp_path)
    bought(emulator, call(SPEECH, tmp_path), tmp_path)
    assert "text-to-speech" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in "".join(capfd.readouterr())


def test_a_service_that_repeats_the_key_does_not_get_it_into_an_error(
    emulator: Emulator, tmp_path: Path
) -> None:
    body = f'{{"detail": {{"code": "invalid_api_key", "message": "no such key: {KEY}"}}}}'
    emulator.order(Fault(SPEECH.route, Wrong.STATUS, status=401, body=body))
    error = refusal(emulator, call(SPEECH, tmp_path), tmp_path)
    assert "no such key: …" in str(error)
    assert CANARY not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"detail": "Plain words"}', "Plain words"),
        (b'{"detail": {"status": "old_code", "message": "Old  form"}}', "Old form"),
        (b'{"detail": {"type": "validation_error", "code": "new_code", "message": "New"}}', "New"),
        (
            b'{"detail": [{"loc": ["body", "voice_settings", "speed"], "msg": "too fast"}, {"loc": 1}, "x"]}',
            "voice_settings.speed: too fast; is not valid; x",
        ),
        (b'{"detail": {}}', "the service answered 400"),
        (b"<html>", "the service answered 400"),
        (b"[]", "the service answered 400"),
    ],
)
def test_every_form_of_error_body_is_read(body: bytes, message: str) -> None:
    error = classify(Answer(400, {}, body))
    assert isinstance(error, Rejected)
    assert str(error) == message


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, CredentialError),
        (403, CredentialError),
        (402, OutOfCredit),
        (408, OutcomeUnknown),
        (409, Rejected),
        (429, RateLimited),
        (504, OutcomeUnknown),
        (204, OutcomeUnknown),
    ],
)
def test_without_a_code_the_number_decides(status: int, expected: type[AdcliError]) -> None:
    assert type(classify(Answer(status, {}, b""))) is expected


def test_the_text_itself_never_decides() -> None:
    said = f'{{"detail": {{"code": "voice_not_found", "message": "quota_exceeded {TEXT}"}}}}'
    assert type(classify(Answer(401, {}, said.encode()))) is CredentialError

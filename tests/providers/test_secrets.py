"""The last guard around keys: errors of a client hold none, however they came to hold one."""

from __future__ import annotations

import asyncio
import base64
import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest

from adcli.errors import AdcliError, JobFailed, RateLimited, Rejected
from adcli.providers._base import JobHandle, PaidClient
from adcli.providers._secrets import discreet, secrets_of
from adcli.registry import catalogue

KEY = "key-id-1234:very-secret-part"
SPEC = replace(catalogue().provider("replicate").SPEC, name="own", credentials=("OWN_KEY",))
SECRETS = secrets_of(SPEC, {"OWN_KEY": KEY})
HANDLE = JobHandle("model", "https://api.example.com", "job", "image")


class Talkative:
    """A client of a service that repeats what it is sent."""

    spec = SPEC

    def __init__(self, fail: Callable[[], Exception]) -> None:
        self._fail = fail

    async def poll(self, handle: JobHandle) -> None:
        raise self._fail()

    async def check(self) -> str:
        return handle_name(HANDLE)


def handle_name(handle: JobHandle) -> str:
    return handle.job


def _raised(fail: Callable[[], Exception]) -> tuple[Exception, str]:
    client: PaidClient = discreet(Talkative(fail), SECRETS)  # type: ignore[arg-type]
    try:
        asyncio.run(client.poll(HANDLE))
    except Exception as error:
        return error, f"{traceback.format_exc()} {getattr(error, 'hint', '')} {error!r}"
    raise AssertionError


def _chained() -> Exception:
    try:
        raise ValueError(f"header x-api-key: {KEY}")
    except ValueError as error:
        found = Rejected("own", "refused")
        found.__cause__ = error
        return found


@pytest.mark.parametrize(
    ("fail", "kind"),
    [
        (lambda: Rejected("own", f"wrong key {KEY}", hint=f"not {KEY}"), Rejected),
        (lambda: Rejected("own", "fine", hint="it was very-secret-part"), Rejected),
        (lambda: JobFailed("own", f"Basic {base64.b64encode(KEY.encode()).decode()}"), JobFailed),
        (lambda: JobFailed("own", "?key=key-id-1234%3Avery-secret-part"), JobFailed),
        (lambda: RuntimeError(f"an SDK's own error with {KEY}"), AdcliError),
        (_chained, Rejected),
    ],
)
def test_no_error_of_a_client_holds_its_key(fail: Callable[[], Exception], kind: type[Exception]) -> None:
    error, told = _raised(fail)
    assert type(error) is kind
    assert not any(secret in told for secret in SECRETS)
    assert "very-secret" not in told


def test_what_an_error_says_of_the_money_stays() -> None:
    error, _ = _raised(lambda: RateLimited("own", f"slow down, {KEY}", retry_after=7.0, per_minute=6))
    assert isinstance(error, RateLimited)
    assert (error.message, error.retry_after, error.per_minute) == ("slow down, …", 7.0, 6)


def test_an_error_without_a_key_passes_as_it_is() -> None:
    cause = Rejected("own", "the prompt is empty")
    assert _raised(lambda: cause)[0] is cause
    bug = KeyError("id")
    assert _raised(lambda: bug)[0] is bug


def test_a_good_answer_passes() -> None:
    client: PaidClient = discreet(Talkative(ValueError), SECRETS)  # type: ignore[arg-type]
    assert asyncio.run(client.check()) == "job"
    assert client.spec is SPEC


def test_a_missing_or_tiny_key_blots_nothing() -> None:
    assert secrets_of(SPEC, {}) == ()
    assert secrets_of(SPEC, {"OWN_KEY": "abc"}) == ()

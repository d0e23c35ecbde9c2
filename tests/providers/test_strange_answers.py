"""Answers of fal and Higgsfield that make no sense: an error of ours with words, never a crash or a guess."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adcli.errors import AdcliError
from adcli.providers._base import JobHandle
from adcli.providers._quote import quote
from tests.emulator.faults import Fault, Kind
from tests.emulator.server import Emulator
from tests.providers import fal_calls, higgsfield_calls
from tests.providers.fal_calls import KLING, animation
from tests.providers.higgsfield_calls import SOUL, portrait

STRANGE = [
    "",
    "null",
    "7",
    '"text"',
    "[]",
    "[null, 7]",
    "{}",
    '{"detail": null}',
    '{"detail": [null, 7, {"loc": 7, "msg": null, "type": 7}]}',
    '{"detail": {"message": "\\ud800"}}',
    '{"status": "COMPLETED", "error": {"a": 1}, "error_type": 7}',
    '{"status": "completed", "images": [null], "expires_at": "9999-12-31T23:59:59-14:00"}',
    '{"status": ["queued"], "request_id": {"a": 1}}',
    '{"items": [null, 7, {}, {"request_id": 7}, {"request_id": "r", "sent_at": 7, "json_input": [1]}]}',
    '{"items": [], "has_more": true, "next_cursor": "same"}',
    '{"models": [null, 7, {"endpoint_id": 7}]}',
    '{"prices": [null, 7, {"endpoint_id": 7}], "usd": {"a": 1}}',
    '{"video": [], "videos": {"a": 1}}',
    '{"token": "a\\nb", "base_url": "https://v3.fal.media:port", "token_type": 7}',
]
Step = Callable[[Any, Path], Awaitable[object]]
FAL_JOB = JobHandle(KLING, "", "r1", "animate")
SOUL_JOB = JobHandle(SOUL, "", "r1", "portrait")


def _schema(of: str) -> str:
    schema = f'{{"type": "object", "properties": {of}, "required": 7}}'
    content = f'{{"requestBody": {{"content": {{"application/json": {{"schema": {schema}}}}}}}}}'
    openapi = f'{{"paths": {{"/{KLING}": {{"post": {content}}}}}}}'
    return f'{{"models": [{{"endpoint_id": "{KLING}", "openapi": {openapi}}}]}}'


def _fal(name: str) -> Step:
    since = datetime.now(UTC) - timedelta(minutes=2)
    steps: dict[str, Step] = {
        "submit": lambda client, folder: client.submit(animation(folder), folder),
        "poll": lambda client, _: client.poll(FAL_JOB),
        "collect": lambda client, folder: client.collect(FAL_JOB, folder),
        "find": lambda client, folder: client.find(animation(folder), since, frozenset()),
        "cancel": lambda client, _: client.cancel(FAL_JOB),
        "verify": lambda client, folder: client.verify("animate", KLING, animation(folder).body),
        "check": lambda client, _: client.check(),
    }
    return steps[name]


def _soul(name: str) -> Step:
    steps: dict[str, Step] = {
        "submit": lambda client, folder: client.submit(portrait(), folder),
        "prepare": lambda client, _: client.prepare(portrait()),
        "poll": lambda client, _: client.poll(SOUL_JOB),
        "collect": lambda client, folder: client.collect(SOUL_JOB, folder),
        "cancel": lambda client, _: client.cancel(SOUL_JOB),
        "check": lambda client, _: client.check(),
    }
    return steps[name]


def _orders(route: str, status: int = 200) -> list[Fault]:
    """The n-th call is answered with the n-th strange body."""
    return [
        Fault(route, Kind.STATUS, nth=(n,), status=status, body=body)
        for n, body in enumerate(STRANGE, start=1)
    ]


def _survives(using: Callable[..., object], step: Step, folder: Path) -> None:
    """A client does the step as often as there are strange answers."""

    async def work(client: Any) -> None:
        for _ in STRANGE:
            try:
                await step(client, folder)
            except AdcliError as error:
                error.message.encode()

    using(work)


@pytest.mark.parametrize("status", [200, 422, 503])
def test_fal_may_answer_anything(status: int, emulator: Emulator, tmp_path: Path) -> None:
    for step in ("submit", "poll", "collect", "find", "cancel", "verify", "check"):
        emulator.reset()
        emulator.order(*_orders("*", status), *_orders("fal.submit", status))
        _survives(fal_calls.using, _fal(step), tmp_path)
    assert emulator.charges() == []


@pytest.mark.parametrize("route", ["fal.token", "fal.upload", "fal.result"])
def test_each_of_fals_answers_may_be_strange_by_itself(
    route: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    call = animation(tmp_path)
    job = fal_calls.handle(call, fal_calls.using(lambda client: client.submit(call, tmp_path)))
    emulator.order(*_orders(route))
    steps: dict[str, Step] = {"fal.result": lambda client, _: client.poll(job)}
    _survives(fal_calls.using, steps.get(route, lambda client, _: client.prepare(call)), tmp_path)
    assert emulator.calls(route) >= len(STRANGE)


def test_a_price_that_can_not_be_one_is_not_believed(emulator: Emulator, tmp_path: Path) -> None:
    emulator.change(pace={"seconds": [0, 0]})
    call = animation(tmp_path)
    job = fal_calls.handle(call, fal_calls.using(lambda client: client.submit(call, tmp_path)))
    prices = ("null", "true", "-1", "1e999", '"0.07"', "NaN", "99999999999999999999999")
    told = [
        f'{{"prices": [{{"endpoint_id": "{KLING}", "unit_price": {price}, "currency": "USD"}}]}}'
        for price in prices
    ]
    emulator.order(
        *(
            Fault("fal.pricing", Kind.STATUS, nth=(n,), status=200, body=body)
            for n, body in enumerate(told, start=1)
        )
    )
    for price in prices:
        finished = fal_calls.using(lambda client: client.poll(job))
        assert finished is not None
        assert finished.usage == {}, price


def test_a_schema_may_be_strange(emulator: Emulator, tmp_path: Path) -> None:
    for properties in (
        "7",
        "{}",
        '{"prompt": 7, "image_url": null}',
        '{"prompt": {"anyOf": 7, "type": 7}, "image_url": {"$ref": "#/nowhere/at/all"}}',
        '{"cfg_scale": {"type": "number", "minimum": "low", "maximum": []}}',
        '{"duration": {"enum": 7}}',
    ):
        emulator.order(Fault("fal.models", Kind.STATUS, nth=(1,), status=200, body=_schema(properties)))
        with contextlib.suppress(AdcliError):
            fal_calls.using(lambda client: client.verify("animate", KLING, animation(tmp_path).body))


@pytest.mark.parametrize("status", [200, 422, 503])
def test_higgsfield_may_answer_anything(status: int, emulator: Emulator, tmp_path: Path) -> None:
    for step in ("submit", "prepare", "poll", "collect", "cancel", "check"):
        emulator.reset()
        emulator.order(*_orders("*", status))
        _survives(higgsfield_calls.using, _soul(step), tmp_path)
    assert emulator.charges() == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("token=abcdef-id:the-secret is invalid", "token=… is invalid"),
        ("secret the-secret of abcdef-id", "secret … of …"),
        ("a\r\n\x1b[31mred\u202eback", "a [31mred back"),
        ("lone \ud800 half", "lone ? half"),
        (7, "7"),
    ],
)
def test_what_a_service_says_is_shown_on_one_line_without_the_key(said: object, shown: str) -> None:
    assert quote(said, ["abcdef-id:the-secret"]) == shown


def test_short_parts_of_a_key_are_left_in_words() -> None:
    assert quote("an id is missing", ["id:0123456789"]) == "an id is missing"
    assert len(quote("word " * 400, ["id:0123456789"])) == 400

"""Speech that an ElevenLabs account has made: found again by its text, and fetched for free."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from adcli.errors import Held, Rejected, ResultExpired
from adcli.providers._base import Accepted, Call
from adcli.providers._elevenlabs_account import Account
from adcli.providers._elevenlabs_answers import line_of
from adcli.providers._elevenlabs_errors import NAME, NotThere
from adcli.providers._elevenlabs_service import ONCE, ElevenLabsService

_PAGE = 1000
_MOST_PAGES = 20


class History:
    """The list of an account's speech. Music, sounds and transcripts are in no list."""

    def __init__(self, service: ElevenLabsService, account: Account) -> None:
        self._service, self._account = service, account

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Speech of this text, voice and model made since then that no job stands for yet.

        Raises Held where the account keeps no history: there, "not listed" says nothing.
        """
        text, voice = line_of(call).sent, str(call.body["voice"])
        identity = await self._voice_id(voice)
        found: list[Accepted] = []
        async for item in self._items(since):
            if {item.history_item_id, item.request_id} & claimed:
                continue
            if _is_same(item, call, text) and _is_voice(item, voice, identity):
                found.append(Accepted(item.history_item_id, usage=self._usage(item, call.model)))
        if not found and not await self._account.keeps_history():
            raise Held(
                "this ElevenLabs account keeps no history, so a lost call can't be looked up",
                hint="look at the account's usage, then: adcli jobs resolve",
            )
        return tuple(found)

    async def item(self, job: str) -> Any:
        """One piece of speech by its own id or by its request's; ResultExpired when it is gone."""
        try:
            return await self._whole(job)
        except Rejected as refused:
            async for item in self._items(None):
                if item.request_id == job:
                    return await self._whole(item.history_item_id)
            if isinstance(refused, NotThere):
                raise ResultExpired(NAME, f"speech {job} is not in the account's history") from None
            raise

    async def sound(self, item: str) -> bytes:
        """Its audio."""
        client = self._service.sdk.history.with_raw_response
        try:
            return bytes(
                (await self._service.read(lambda: client.get_audio(item, request_options=ONCE))).data
            )
        except NotThere:
            raise ResultExpired(NAME, f"the sound of speech {item} is gone") from None

    async def _whole(self, item: str) -> Any:
        """With the times of its characters, which the list leaves out."""
        client = self._service.sdk.history.with_raw_response
        return (await self._service.ask(lambda: client.get(item, request_options=ONCE))).data

    async def _items(self, since: datetime | None) -> AsyncIterator[Any]:
        """Newest first."""
        client = self._service.sdk.history.with_raw_response
        after = {"date_after_unix": int(since.timestamp())} if since else {}
        last: str | None = None
        for _ in range(_MOST_PAGES):
            start = {"start_after_history_item_id": last} if last else {}
            page = (
                await self._service.ask(
                    lambda: client.list(
                        page_size=_PAGE,
                        source="TTS",
                        **after,
                        **start,  # noqa: B023  # asked at once
                        request_options=ONCE,
                    )
                )
            ).data
            for item in page.history:
                yield item
            if not page.has_more or not page.last_history_item_id or page.last_history_item_id == last:
                return
            last = page.last_history_item_id

    async def _voice_id(self, written: str) -> str | None:
        """None when the voice is no longer there: then any voice may have been it."""
        try:
            return await self._account.voice_id(written)
        except Rejected:
            return None

    def _usage(self, item: Any, model: str) -> Mapping[str, float]:
        spent = item.character_count_change_to - item.character_count_change_from
        return {"characters": spent / self._account.credits_per_character(model)} if spent > 0 else {}


def _is_same(item: Any, call: Call, text: str) -> bool:
    if item.model_id not in (None, call.model):
        return False
    if item.text is not None and _plain(item.text) != _plain(text):
        return False
    asked, listed = call.body.get("voice_settings") or {}, item.settings or {}
    return all(_is_near(listed.get(name), value) for name, value in asked.items())


def _is_near(listed: Any, asked: Any) -> bool:
    """Settings that the list leaves out, or shows rounded, may be those that were asked for."""
    if isinstance(listed, bool) or not isinstance(listed, int | float):
        return True
    return not isinstance(asked, int | float) or abs(listed - asked) < 0.01


def _is_voice(item: Any, written: str, identity: str | None) -> bool:
    return identity is None or item.voice_id in (None, identity) or item.voice_name == written


def _plain(text: str) -> str:
    return " ".join(text.split())

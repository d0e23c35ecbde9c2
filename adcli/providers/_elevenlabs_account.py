"""What an ElevenLabs account has, each list read once: voices, models, plan and credits; all of it free."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from adcli.errors import Rejected
from adcli.providers._elevenlabs_errors import NAME, MissingPermission, NotThere
from adcli.providers._elevenlabs_service import ONCE, ElevenLabsService, legible
from adcli.providers._elevenlabs_voices import Voice, is_id, matching, nearest

_PAGE = 100
_MOST_PAGES = 100
_AT_ONCE = {"free": 2, "starter": 3, "creator": 5, "pro": 10, "scale": 15, "growing": 15, "business": 15}
"""Calls that a plan may have running, by the start of its name (help article 19571824571921)."""
_MUSIC_AT_ONCE = 2
_CHEAP = ("flash", "turbo")


class Account:
    """Remembers what it has read until the client is closed."""

    def __init__(self, service: ElevenLabsService) -> None:
        self._service = service
        self._lock = asyncio.Lock()
        self._voices: list[Voice] | None = None
        self._legacy: list[Voice] | None = None
        self._models: Mapping[str, Any] | None = None
        self._ids: dict[str, str] = {}
        self._keeps: bool | None = None

    async def voice_id(self, written: str) -> str:
        """Id of the voice that is meant; Rejected names the closest voices of the account."""
        async with self._lock:
            if written not in self._ids:
                with legible():
                    self._ids[written] = await self._resolved(written)
            return self._ids[written]

    async def model(self, name: str) -> Any | None:
        """The model as the service lists it; Rejected when it doesn't speak, None when no list can be had."""
        async with self._lock:
            if self._models is None:
                with legible():
                    self._models = await self._listed_models()
        if not self._models:
            return None
        found = self._models.get(name)
        if found is None or found.can_do_text_to_speech is False:
            speaking = ", ".join(known for known, one in self._models.items() if one.can_do_text_to_speech)
            raise Rejected(NAME, f"there is no model {name!r} that speaks", hint=f"there are {speaking}")
        return found

    def credits_per_character(self, model: str) -> float:
        """By the service's list where it was read, else as published: half for flash and turbo."""
        listed = self._models.get(model) if self._models else None
        rates = getattr(listed, "model_rates", None)
        multiplier = getattr(rates, "character_cost_multiplier", None)
        if isinstance(multiplier, int | float) and multiplier > 0:
            return float(multiplier)
        return 0.5 if any(kind in model for kind in _CHEAP) else 1.0

    async def told(self) -> str:
        """Plan and credits left, in words."""
        try:
            found = await self._subscription()
        except MissingPermission:
            return "which may not be read with this key"
        with legible():
            left = max(0, int(found.character_limit) - int(found.character_count))
            status = "" if found.status in ("active", "free", "trialing") else f", {found.status}"
            return f"{found.tier} plan{status}, {left:,} of {int(found.character_limit):,} credits left"

    async def at_once(self, stage: str) -> int | None:
        """Calls that the plan may have running; None for plans whose number isn't published."""
        try:
            with legible():
                tier = str((await self._subscription()).tier).lower()
        except MissingPermission:
            return None
        most = next((most for name, most in _AT_ONCE.items() if tier.startswith(name)), None)
        return _MUSIC_AT_ONCE if most and stage == "music" else most

    async def keeps_history(self) -> bool:
        """Whether the account keeps what it has made; workspaces can have that switched off."""
        if self._keeps is None:
            client = self._service.sdk.user.with_raw_response
            try:
                user = (await self._service.ask(lambda: client.get(request_options=ONCE))).data
            except MissingPermission:
                return True
            extras = getattr(user, "subscription_extras", None)
            self._keeps = not (isinstance(extras, Mapping) and extras.get("force_logging_disabled"))
        return self._keeps

    async def _subscription(self) -> Any:
        client = self._service.sdk.user.subscription.with_raw_response
        return (await self._service.ask(lambda: client.get(request_options=ONCE))).data

    async def _listed_models(self) -> Mapping[str, Any]:
        client = self._service.sdk.models.with_raw_response
        try:
            found = await self._service.ask(lambda: client.list(request_options=ONCE))
        except MissingPermission:
            return {}
        return {one.model_id: one for one in found.data}

    async def _resolved(self, written: str) -> str:
        try:
            known = await self._own_voices()
        except MissingPermission:
            if is_id(written):
                return written
            raise
        found = matching(known, written) or matching(await self._old_voices(), written)
        if not found and is_id(written) and await self._exists(written):
            return written
        if len(found) == 1:
            return found[0].id
        if found:
            ids = ", ".join(voice.id for voice in found)
            raise Rejected(NAME, f"{len(found)} voices are called {written!r}", hint=f"write one's id: {ids}")
        raise _unknown([*known, *await self._old_voices()], written)

    async def _own_voices(self) -> list[Voice]:
        if self._voices is None:
            client = self._service.sdk.voices.with_raw_response
            found: list[Voice] = []
            token: str | None = None
            for _ in range(_MOST_PAGES):
                page = (
                    await self._service.ask(
                        lambda: client.search(
                            page_size=_PAGE,
                            next_page_token=token,  # noqa: B023  # asked at once
                            include_total_count=False,
                            request_options=ONCE,
                        )
                    )
                ).data
                found += [Voice(voice.voice_id, voice.name or "") for voice in page.voices]
                if not page.has_more or not page.next_page_token or page.next_page_token == token:
                    break
                token = page.next_page_token
            self._voices = found
        return self._voices

    async def _old_voices(self) -> list[Voice]:
        """Voices such as Rachel, which still speak but are only in the older list when asked for."""
        if self._legacy is None:
            client = self._service.sdk.voices.with_raw_response
            try:
                page = await self._service.ask(lambda: client.get_all(show_legacy=True, request_options=ONCE))
                self._legacy = [Voice(voice.voice_id, voice.name or "") for voice in page.data.voices]
            except (Rejected, MissingPermission):  # the list fails for workspaces with over 500 voices
                self._legacy = []
        return self._legacy

    async def _exists(self, voice: str) -> bool:
        client = self._service.sdk.voices.with_raw_response
        try:
            await self._service.ask(lambda: client.get(voice, request_options=ONCE))
        except NotThere:
            return False
        return True


def _unknown(voices: list[Voice], written: str) -> Rejected:
    near = nearest(voices, written)
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    else:
        names = sorted({voice.short for voice in voices})
        hint = f"the account has {', '.join(names[:10])}{' and others' if len(names) > 10 else ''}"
    return Rejected(NAME, f"there is no voice {written!r} in this account", hint=hint)

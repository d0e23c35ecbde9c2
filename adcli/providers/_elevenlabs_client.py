"""ElevenLabs as a ``PaidClient``: each call is one POST through the service's own SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from adcli.errors import NotSent, OutcomeUnknown, Rejected, ResultExpired
from adcli.providers import _elevenlabs_answers as answers
from adcli.providers._base import Accepted, Call, Finished, JobHandle
from adcli.providers._download import Downloads, Kind
from adcli.providers._elevenlabs_account import Account
from adcli.providers._elevenlabs_errors import NAME
from adcli.providers._elevenlabs_history import History
from adcli.providers._elevenlabs_service import ONCE, PATIENCE, ElevenLabsService, legible
from adcli.providers._lines import Heard, Line
from adcli.providers._word_times import timed_by_sound
from adcli.providers.elevenlabs import ALIGNMENT, is_sound
from adcli.registry import ProviderSpec
from adcli.work import File

_MUSIC = ("music_v1", "music_v2", "music_v2_5")


class ElevenLabsClient:
    """The key goes to the service's own host only."""

    def __init__(
        self, spec: ProviderSpec, environ: Mapping[str, str], patience: httpx.Timeout = PATIENCE
    ) -> None:
        self.spec = spec
        self._service = ElevenLabsService(environ)
        self._account = Account(self._service)
        self._history = History(self._service, self._account)
        self._downloads = Downloads(NAME, self._service.base, environ)
        self._paid: Any = {**ONCE, "timeout_in_seconds": patience}

    def endpoint(self, call: Call) -> str:
        """The service's address."""
        del call
        return self._service.base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Fields by the SDK's own list, models and voices by the account's."""
        answers.check_fields(model, body, self._route(stage, model))
        match stage:
            case "voice":
                await self._account.model(model)
                await self._account.voice_id(str(body["voice"]))
            case "music" if not (model.startswith("music_") or is_sound(model)):
                raise Rejected(NAME, f"{model!r} makes no music", hint=f"there are {', '.join(_MUSIC)}")
            case "transcribe" if model == ALIGNMENT and body.get("text") in (None, ""):
                raise Rejected(
                    NAME,
                    "forced_alignment times words that are known, and there is no text",
                    hint="use elevenlabs:scribe_v2 where only the sound is known",
                )
            case "transcribe" if model != ALIGNMENT and not model.startswith("scribe_"):
                raise Rejected(NAME, f"{model!r} makes no transcripts", hint=f"scribe_v2, {ALIGNMENT}")

    async def prepare(self, call: Call) -> None:
        """The voice's id, and whether the model takes a text as long as this one."""
        await self.verify(call.stage, call.model, call.body)
        if call.stage != "voice":
            return
        line = answers.line_of(call)
        if not line.words:
            raise Rejected(
                NAME, "the line to speak is empty", hint="give the scene a voiceover, or leave it out"
            )
        most = getattr(await self._account.model(call.model), "maximum_text_length_per_request", None)
        if most and len(line.sent) > most:
            raise Rejected(
                NAME,
                f"the text has {len(line.sent)} characters, and {call.model} takes {most}",
                hint="shorten it, or give the voice a model that takes longer ones",
            )

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Sends exactly one POST; its answer holds everything that was bought."""
        match call.stage:
            case "voice":
                return await self._speak(call, folder)
            case "music":
                return await self._compose(call, folder)
            case _:
                return await self._transcribe(call, folder)

    async def poll(self, handle: JobHandle) -> Finished | None:
        """Finished: the service answers when it is done."""
        del handle
        return Finished()

    async def collect(self, handle: JobHandle, folder: Path) -> Mapping[str, File | str]:
        """Speech from the account's history; nothing else is kept there."""
        if handle.stage != "voice":
            raise ResultExpired(NAME, "music, sounds and transcripts can't be fetched a second time")
        with legible():
            item = await self._history.item(handle.job)
            line = answers.line_in(handle.body) or Line.of(item.text or "")
            kept = item.alignments
            heard = answers.heard_in(kept.alignment, kept.normalized_alignment) if kept else None
            sound = await self._history.sound(str(item.history_item_id))
        return await self._spoken(sound, folder, line, heard)

    async def find(self, call: Call, since: datetime, claimed: frozenset[str]) -> tuple[Accepted, ...]:
        """Speech in the account's history that may be the lost one."""
        with legible():
            return await self._history.find(call, since, claimed)

    async def cancel(self, handle: JobHandle) -> None:
        """Never possible: when a job is known, it is done."""
        raise Rejected(NAME, f"{handle.job} is done: nothing can be stopped")

    async def check(self) -> str:
        """Plan and credits left."""
        return await self._account.told()

    async def at_once(self, stage: str) -> int | None:
        """By the account's plan."""
        return await self._account.at_once(stage)

    async def close(self) -> None:
        """Closes connections."""
        await self._service.close()
        await self._downloads.close()

    async def _speak(self, call: Call, folder: Path) -> Accepted:
        line = answers.line_of(call)
        voice = await self._before_sending(self._account.voice_id(str(call.body["voice"])))
        given = answers.fields(call.body) | {"text": line.sent}
        post = self._route(call.stage, call.model)
        told = await self._service.ask(lambda: post(voice, **given, request_options=self._paid))
        with legible():
            sound = answers.decoded(told.data.audio_base_64)
            heard = answers.heard_in(told.data.alignment, told.data.normalized_alignment)
        outputs = await self._spoken(sound, folder, line, heard)
        usage = answers.characters(told, self._account.credits_per_character(call.model))
        return Accepted(answers.job_of(told, call, "history-item-id"), outputs=outputs, usage=usage)

    async def _compose(self, call: Call, folder: Path) -> Accepted:
        post = self._route(call.stage, call.model)
        given = answers.fields(call.body)
        told = await self._service.read(lambda: post(**given, request_options=self._paid))
        file = await self._kept(told.data, folder)
        length = call.body.get("music_length_ms")
        usage = {"runs": 1.0} if length is None else {"runs": 1.0, "seconds": float(length) / 1000}
        return Accepted(answers.job_of(told, call, "song-id"), outputs={"audio": file}, usage=usage)

    async def _transcribe(self, call: Call, folder: Path) -> Accepted:
        del folder
        given = answers.fields(call.body)
        given["file"] = await self._before_sending(answers.sent_file(call))
        post = self._route(call.stage, call.model)
        told = await self._service.ask(lambda: post(**given, request_options=self._paid))
        made = answers.aligned if call.model == ALIGNMENT else answers.transcribed
        with legible():
            return made(told, call, _seconds(call))

    async def _spoken(
        self, sound: bytes, folder: Path, line: Line, heard: Heard | None
    ) -> Mapping[str, File | str]:
        file = await self._kept(sound, folder)
        if heard is None:
            words = await asyncio.to_thread(timed_by_sound, line.words, line.said, file.path, folder)
        else:
            words = answers.words_json(line, heard, float(str(file.meta["duration"])))
        return {"audio": file, "words": words}

    async def _kept(self, sound: bytes, folder: Path) -> File:
        folder.mkdir(parents=True, exist_ok=True)
        return await self._downloads.keep(sound, folder, "audio", Kind.AUDIO)

    async def _before_sending(self, asked: Awaitable[Any]) -> Any:
        """Trouble with a free request before the POST is no trouble with the POST."""
        try:
            return await asked
        except OutcomeUnknown as error:
            raise NotSent(NAME, error.message) from None

    def _route(self, stage: str, model: str) -> Callable[..., Any]:
        """The SDK's method: its parameters are the fields that the service takes."""
        sdk: Any = self._service.sdk
        match stage:
            case "voice":
                route = sdk.text_to_speech.with_raw_response.convert_with_timestamps
            case "music" if is_sound(model):
                route = sdk.text_to_sound_effects.with_raw_response.convert
            case "music":
                route = sdk.music.with_raw_response.compose
            case _ if model == ALIGNMENT:
                route = sdk.forced_alignment.with_raw_response.create
            case _:
                route = sdk.speech_to_text.with_raw_response.convert
        found: Callable[..., Any] = route
        return found


def _seconds(call: Call) -> float | None:
    """How long the sound of a transcript is, as its maker wrote down."""
    meta = call.file(call.body["file"]).meta
    found = meta.get("duration", meta.get("seconds"))
    return float(found) if isinstance(found, int | float) else None

"""ElevenLabs' HTTP API: speech, music, sounds, transcripts, and the account they are made for."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator import elevenlabs_account as account
from tests.emulator.elevenlabs_items import Item, listed, planned, row, summed
from tests.emulator.elevenlabs_sound import Ears, alignment, form, seconds_of, words
from tests.emulator.faults import Fault, Kind
from tests.emulator.jobs import Status, job_id, written
from tests.emulator.media import music, spoken
from tests.emulator.service import Service
from tests.emulator.world import CANARY, World

KEY = f"sk_{CANARY}_elevenlabs"
_TIMELESS = "own0000000000000ann1"
"""Ann's speech comes without the times of its characters: both alignments may be null."""
_UNLISTED = frozenset({"previous_text", "next_text", "previous_request_ids", "next_request_ids"})


class Full(Exception):
    """As many calls run as the account may have."""


class ElevenLabsApi(Service):
    """All routes over items held in memory."""

    name = "elevenlabs"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.jobs: dict[str, Item] = {}
        self.ears = Ears()
        self.spent = 0
        self.running = 0

    def routes(self) -> list[Route]:
        """Paths and methods, each under the name that faults and counts use."""
        speak, history = "/v1/text-to-speech/{voice}", "/v1/history/{item}"
        table = [
            ("speech", "POST", speak + "/with-timestamps", self.speech),
            ("speech-bytes", "POST", speak, self.speech_bytes),
            ("speech-bytes", "POST", speak + "/stream", self.speech_bytes),
            ("music", "POST", "/v1/music", self.music),
            ("sound", "POST", "/v1/sound-generation", self.sound),
            ("align", "POST", "/v1/forced-alignment", self.align),
            ("transcribe", "POST", "/v1/speech-to-text", self.transcribe),
            ("voices", "GET", "/v2/voices", self.voices),
            ("voices-legacy", "GET", "/v1/voices", self.voices_legacy),
            ("voice", "GET", "/v1/voices/{voice}", self.voice),
            ("models", "GET", "/v1/models", self.models),
            ("subscription", "GET", "/v1/user/subscription", self.subscription),
            ("user", "GET", "/v1/user", self.user),
            ("history", "GET", "/v1/history", self.history),
            ("history-item", "GET", history, self.history_item),
            ("history-audio", "GET", history + "/audio", self.history_audio),
        ]
        return [
            Route(path, self.routed(name, handler), methods=[method]) for name, method, path, handler in table
        ]

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Its base URL and a key."""
        return {"ELEVENLABS_BASE_URL": url, "ELEVENLABS_API_KEY": KEY}

    def refused(self, request: Request) -> Response | None:
        """401 without the key."""
        return None if request.headers.get("xi-api-key") == KEY else account.problem("invalid_api_key")

    def failure(self, fault: Fault) -> Response:
        """By the code in ``error``, else the usual one of that status."""
        code = fault.error if account.is_known(fault.error) else account.USUAL.get(fault.status, "")
        if fault.status == 422:
            return account.invalid("text")
        if not code and fault.status == 429:
            return account.problem("concurrent_limit_exceeded", self._most())
        if not code:
            return JSONResponse({"detail": "Something went wrong"}, fault.status)
        return account.problem(code, "text_to_speech", "it")

    async def speech(self, request: Request) -> Response:
        """Sound and the times of its characters."""
        return await self._speech(request, timed=True)

    async def speech_bytes(self, request: Request) -> Response:
        """The same without times."""
        return await self._speech(request, timed=False)

    async def _speech(self, request: Request, *, timed: bool) -> Response:
        given, voice = await _json(request), str(request.path_params["voice"])
        if bad := self._refusal(given, voice):
            return bad
        model, text = str(given.get("model_id", "eleven_multilingual_v2")), str(given["text"])
        cost = max(1, round(len(text) * account.MODELS[model][1]))
        given = {**given, "voice_id": voice, "output_format": request.query_params.get("output_format")}
        item = Item(**self._started(request, given), model=model, voice=voice, text=text, credits=cost)
        return await self._bought(request, item, lambda: self._said(item, timed=timed))

    def _refusal(self, given: Any, voice: str) -> Response | None:
        """What is wrong with a request for speech."""
        if not isinstance(given, dict) or not isinstance(given.get("text"), str):
            return account.invalid("text")
        model, settings = given.get("model_id", "eleven_multilingual_v2"), given.get("voice_settings") or {}
        for name in ("stability", "similarity_boost", "style"):
            if not 0 <= float(settings.get(name) or 0) <= 1:
                return account.invalid(f"voice_settings.{name}", "Input should be between 0 and 1", "range")
        if voice not in account.voice_names():
            return account.problem("voice_not_found", voice)
        if model not in account.MODELS or not account.MODELS[model][2]:
            return account.problem("model_not_found", model)
        longest = account.MODELS[model][0]
        if len(given["text"]) > longest:
            return account.problem("max_character_limit_exceeded", len(given["text"]), longest)
        if model == "eleven_v3" and settings.get("stability", 0.5) not in (0.0, 0.5, 1.0):
            return account.problem("invalid_ttd_stability")
        return None

    async def _said(self, item: Item, *, timed: bool) -> Response:
        kind = "wav" if str(item.given["output_format"]).startswith("wav") else "mp3"
        speed = float((item.given.get("voice_settings") or {}).get("speed") or 1.0)
        item.speech = await asyncio.to_thread(spoken, item.text, kind, speed)
        self.ears.remember(item.text, item.speech)
        if not timed:
            return Response(item.speech.sound, media_type="audio/mpeg")
        times = None if item.voice == _TIMELESS else alignment(item.speech)
        sound = base64.b64encode(item.speech.sound).decode()
        return JSONResponse({"audio_base64": sound, "alignment": times, "normalized_alignment": times})

    async def music(self, request: Request) -> Response:
        """A song of the length asked for."""
        given = await _json(request)
        if not isinstance(given, dict) or ("prompt" in given) == ("composition_plan" in given):
            return account.invalid("prompt", "Exactly one of prompt and composition_plan must be given")
        if "seed" in given and "prompt" in given:
            return account.invalid("seed", "seed cannot be used in conjunction with prompt")
        length = planned(given) if "composition_plan" in given else given.get("music_length_ms", 30_000)
        if not 3000 <= length <= 600_000:
            return account.invalid("music_length_ms", "Input should be between 3000 and 600000", "range")
        item = Item(
            **self._started(request, given), model=given.get("model_id", "music_v1"), credits=length // 10
        )

        async def made() -> Response:
            sound = await asyncio.to_thread(music, item.id, length / 1000)
            return Response(sound, media_type="audio/mpeg", headers={"song-id": f"song_{item.id[:10]}"})

        return await self._bought(request, item, made)

    async def sound(self, request: Request) -> Response:
        """A sound effect."""
        given = await _json(request)
        if not isinstance(given, dict) or not given.get("text"):
            return account.invalid("text")
        length = float(given.get("duration_seconds") or 5.0)
        if not 0.5 <= length <= 30:
            return account.invalid("duration_seconds", "Input should be between 0.5 and 30", "range")
        model = given.get("model_id", "eleven_text_to_sound_v2")
        item = Item(**self._started(request, given), model=model, credits=200)

        async def made() -> Response:
            return Response(await asyncio.to_thread(music, item.id, length), media_type="audio/mpeg")

        return await self._bought(request, item, made)

    async def align(self, request: Request) -> Response:
        """Times of a known text's words."""
        given = await _form(request)
        for field in ("file", "text"):
            if not given.get(field):
                return account.invalid(field)
        item = Item(**self._started(request, summed(given)), model="forced_alignment", credits=1)

        async def made() -> Response:
            found = self.ears.characters(given["file"], given["text"])
            rows = [{"text": sign, "start": start, "end": end} for sign, start, end in found]
            named = [{**row(word), "loss": 0.1} for word in words(found) if word["type"] == "word"]
            return JSONResponse({"characters": rows, "words": named, "loss": 0.1})

        return await self._bought(request, item, made)

    async def transcribe(self, request: Request) -> Response:
        """What is said, with the times of its words."""
        given = await _form(request)
        for field in ("file", "model_id"):
            if not given.get(field):
                return account.invalid(field)
        if not str(given["model_id"]).startswith("scribe_"):
            return account.problem("model_not_found", given["model_id"])
        item = Item(**self._started(request, summed(given)), model=str(given["model_id"]), credits=1)

        async def made() -> Response:
            found = self.ears.characters(given["file"])
            heard = {"language_code": given.get("language_code", "en"), "language_probability": 0.99}
            text = "".join(sign for sign, _, _ in found)
            length = seconds_of(given["file"])
            return JSONResponse({**heard, "text": text, "words": words(found), "audio_duration_secs": length})

        return await self._bought(request, item, made)

    async def voices(self, request: Request) -> Response:
        """A page of the account's voices; ten unless asked for more."""
        size = int(request.query_params.get("page_size", 10))
        if not 1 <= size <= 100:
            return account.invalid("page_size", "Input should be between 1 and 100", "range")
        start = int(request.query_params.get("next_page_token") or 0)
        found = account.own_voices()
        more = start + size < len(found)
        page = {"voices": found[start : start + size], "has_more": more, "total_count": len(found)}
        return JSONResponse({**page, "next_page_token": str(start + size) if more else None})

    async def voices_legacy(self, request: Request) -> Response:
        """The older list, whole."""
        found = account.own_voices()
        if request.query_params.get("show_legacy") == "true":
            found += [account.voice(*one, "premade") for one in account.LEGACY]
        return JSONResponse({"voices": found})

    async def voice(self, request: Request) -> Response:
        """One voice, also of the library."""
        identity = str(request.path_params["voice"])
        name = account.voice_names().get(identity)
        if name is None:
            return account.problem("voice_not_found", identity)
        return JSONResponse(account.voice(identity, name, "professional"))

    async def models(self, request: Request) -> Response:
        """All models."""
        return JSONResponse([account.model(name) for name in account.MODELS])

    async def subscription(self, request: Request) -> Response:
        """Plan and credits."""
        return JSONResponse(account.subscription(self.spent))

    async def user(self, request: Request) -> Response:
        """Whose key it is."""
        found = {"user_id": "emulator", "workspace_id": "w1", "is_new_user": False, "created_at": 1}
        return JSONResponse({**found, "subscription": account.subscription(self.spent)})

    async def history(self, request: Request) -> Response:
        """A page of the speech that was made, newest first."""
        asked, now = request.query_params, self.world.now()
        since, size = int(asked.get("date_after_unix", 0)), int(asked.get("page_size", 100))
        shown = [
            item
            for item in reversed(self.jobs.values())
            if item.speech
            and item.is_listed(now)
            and not item.is_removed(now, float("inf"))
            and int(item.created) >= since
            and asked.get("voice_id") in (None, item.voice)
        ]
        after = asked.get("start_after_history_item_id")
        start = next((at + 1 for at, item in enumerate(shown) if item.id == after), 0)
        page = shown[start : start + size]
        last = page[-1].id if page else None
        rows = [listed(item) for item in page]
        more = start + size < len(shown)
        return JSONResponse({"history": rows, "last_history_item_id": last, "has_more": more})

    async def history_item(self, request: Request) -> Response:
        """One piece of speech with its times."""
        item = self._kept(request)
        if item is None or item.speech is None:
            return account.problem("history_item_not_found", request.path_params["item"])
        times = None if item.voice == _TIMELESS else alignment(item.speech)
        both = {"alignment": times, "normalized_alignment": times} if times else None
        return JSONResponse({**listed(item), "alignments": both})

    async def history_audio(self, request: Request) -> Response:
        """Its sound."""
        item = self._kept(request)
        if item is None or item.speech is None:
            return account.problem("history_item_not_found", request.path_params["item"])
        return Response(item.speech.sound, media_type="audio/mpeg")

    def _kept(self, request: Request) -> Item | None:
        item = self.jobs.get(request.path_params["item"])
        return None if item is None or item.is_removed(self.world.now(), float("inf")) else item

    def _started(self, request: Request, given: Mapping[str, Any]) -> dict[str, Any]:
        """What every item begins with."""
        identity = job_id(len(self.jobs) + 1, given)[:20]
        return {"id": identity, "given": given, "created": self.world.now(), "faults": request.state.faults}

    async def _bought(self, request: Request, item: Item, make: Any) -> Response:
        """Books the item, makes it in a slot of the account, and says what it cost."""
        if item.ordered(Kind.FAIL):
            return account.problem("bad_prompt", data={"prompt_suggestion": "calm music"})
        left = account.LIMIT - self.spent
        if item.credits > left:
            return account.problem("quota_exceeded")
        try:
            async with self._slot() as running:
                self._book(item)
                answer: Response = await make()
                pace = self.world.settings.pace.seconds
                await asyncio.sleep(pace[1] if pace else 0)
        except Full:
            return account.problem("concurrent_limit_exceeded", self._most())
        item.end(Status.SUCCEEDED, self.world.now())
        answer.headers["request-id"] = item.request_id
        answer.headers["character-cost"] = str(item.credits)
        answer.headers["current-concurrent-requests"] = str(running)
        answer.headers["maximum-concurrent-requests"] = str(self._most())
        if item.speech:
            answer.headers["history-item-id"] = item.id
        return answer

    def _book(self, item: Item) -> None:
        item.before, self.spent = self.spent, self.spent + item.credits
        given = {name: value for name, value in item.given.items() if name not in _UNLISTED}
        given["prompt"] = str(item.given.get("prompt") or item.given.get("text") or "")
        at = written(item.created) or ""
        self.world.ledger.charge(at=at, service=self.name, model=item.model, job=item.id, given=given)
        self.jobs[item.id] = item

    @contextlib.asynccontextmanager
    async def _slot(self) -> AsyncIterator[int]:
        if self.running >= self._most():
            raise Full
        self.running += 1
        try:
            yield self.running
        finally:
            self.running -= 1

    def _most(self) -> int:
        asked = self.world.settings.at_once
        return account.AT_ONCE if asked is None else asked


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        return None


async def _form(request: Request) -> Mapping[str, Any]:
    return form(request.headers.get("content-type", ""), await request.body())

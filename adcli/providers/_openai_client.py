"""OpenAI as a ``PaidClient``: each call is one POST through the service's own SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import httpx2
from openai import AsyncOpenAI

from adcli.errors import CredentialError, OutcomeUnknown, Rejected
from adcli.providers import _openai_answers as answers
from adcli.providers._base import Accepted, Call
from adcli.providers._download import Downloads, Kind
from adcli.providers._http import Answer, base_url, key
from adcli.providers._openai_errors import KEY, NAME, classify
from adcli.providers._openai_voices import nearest, voices
from adcli.providers._sdk import CONNECT, READ, AnswersAtOnce, Sdk, answer_of
from adcli.registry import ProviderSpec

DEFAULT_BASE = "https://api.openai.com/v1"
LONGEST = 4096
"""Characters of a line that the service takes (its SDK's words)."""
LARGEST = 25 << 20
"""Bytes of sound that a transcript may be made of."""


class OpenAiClient(AnswersAtOnce):
    """The key goes to the service's own host only."""

    def __init__(self, spec: ProviderSpec, environ: Mapping[str, str], read: float = READ) -> None:
        secret = key(NAME, environ, KEY)
        self.spec = spec
        self._base = base_url(NAME, environ, "OPENAI_BASE_URL", DEFAULT_BASE)
        self._sdk = Sdk(NAME, secret, classify)
        timeout = httpx2.Timeout(60.0, connect=CONNECT, read=read)
        self._http = httpx2.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False)
        self._openai = AsyncOpenAI(
            api_key=secret, base_url=self._base, max_retries=0, timeout=timeout, http_client=self._http
        )
        self._downloads = Downloads(NAME, self._base, environ)
        self._models: frozenset[str] | None = None

    def endpoint(self, call: Call) -> str:
        """The service's address."""
        del call
        return self._base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Fields by the SDK's own list, the model by the account's, the voice by the model's."""
        answers.check_fields(stage, model, body)
        if stage == "voice":
            _check_voice(model, body.get("voice"))
        known = await self._known_models()
        if known is not None and model not in known:
            mark = "tts" if stage == "voice" else "transcribe"
            fitting = sorted(
                name for name in known if mark in name or name.startswith("whisper") == (stage != "voice")
            )
            near = get_close_matches(model, fitting, 3, 0.5) or fitting
            raise Rejected(
                NAME, f"there is no model {model!r} for this key", hint=f"there are {', '.join(near)}"
            )

    async def prepare(self, call: Call) -> None:
        """Whether the service takes a text, or a sound, of this size."""
        if call.stage == "voice":
            line = answers.line_of(call)
            if not line.words:
                hint = "give the scene a voiceover, or leave it out"
                raise Rejected(NAME, "the line to speak is empty", hint=hint)
            if len(line.sent) > LONGEST:
                found = f"the text has {len(line.sent)} characters, and openai takes {LONGEST}"
                raise Rejected(NAME, found, hint="shorten it")
        else:
            size = call.file(call.body["file"]).path.stat().st_size
            if size > LARGEST:
                found = f"the sound has {size >> 20} MB, and openai takes {LARGEST >> 20} MB"
                raise Rejected(NAME, found, hint="give it as MP3 or M4A")

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Sends exactly one POST; its answer holds everything that was bought."""
        return await (self._speak(call, folder) if call.stage == "voice" else self._transcribe(call, folder))

    async def check(self) -> str:
        """How many models the key may use."""
        models = await self._listed()
        return f"the key may use {len(models)} models"

    async def close(self) -> None:
        """Closes connections."""
        await self._openai.close()
        await self._downloads.close()

    async def _known_models(self) -> frozenset[str] | None:
        """None where the key may speak, but not read the list, or where a proxy has none."""
        if self._models is None:
            try:
                self._models = await self._listed()
            except CredentialError as error:
                if "scope" in error.message or "permission" in error.message:
                    return None
                raise
            except Rejected:
                return None
        return self._models

    async def _listed(self) -> frozenset[str]:
        found = await self._sdk.ask(self._openai.models.with_raw_response.list)
        rows = answer_of(found.http_response).fields.get("data")
        if not isinstance(rows, list):
            raise OutcomeUnknown(NAME, "the list of models could not be read")
        return frozenset(str(row["id"]) for row in rows if isinstance(row, Mapping) and "id" in row)

    async def _speak(self, call: Call, folder: Path) -> Accepted:
        line = answers.line_of(call)
        given = answers.fields(call.body) | {"input": line.sent}
        text, model, voice = given.pop("input"), given.pop("model"), given.pop("voice")
        post = self._openai.audio.speech.with_raw_response.create
        told = await self._sdk.ask(lambda: post(input=text, model=model, voice=voice, extra_body=given))
        answer = answer_of(told.http_response)
        file = await self._downloads.keep(answers.sound_of(answer), folder, "audio", Kind.AUDIO)
        words = await asyncio.to_thread(answers.estimated, line, file.path, folder)
        return Accepted(_job(answer, call), outputs={"audio": file, "words": words})

    async def _transcribe(self, call: Call, folder: Path) -> Accepted:
        given = answers.fields(call.body)
        sound = call.file(given.pop("file"))
        sent = await asyncio.to_thread(answers.sent_file, sound)
        model, post = given.pop("model"), self._openai.audio.transcriptions.with_raw_response.create
        told = await self._sdk.ask(lambda: post(file=sent, model=model, extra_body=given))
        answer = answer_of(told.http_response)
        text, words = await asyncio.to_thread(answers.transcribed, answer, call, sound, folder)
        outputs = {"words": words, "text": text}
        return Accepted(_job(answer, call), outputs=outputs, usage=answers.usage_of(answer))


def _job(answer: Answer, call: Call) -> str:
    """What the service calls the request; the attempt's own name where it says nothing."""
    return answer.headers.get("x-request-id") or call.ref or "without-id"


def _check_voice(model: str, voice: Any) -> None:
    known = voices(model)
    if known is None or isinstance(voice, Mapping) or voice in known:
        return
    near = nearest(str(voice), known)
    hint = f"did you mean {near[0]}? " if near else ""
    raise Rejected(NAME, f"{model} has no voice {voice!r}", hint=f"{hint}it has {', '.join(known)}")

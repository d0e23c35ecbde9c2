"""Google as a ``PaidClient``: each call is one POST through the service's own SDK.

As it comes, the SDK continues answers with more requests, sends a POST again when aiohttp loses
the connection, waits for ever, and takes keys, projects and modes from the environment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import httpx2
from google import genai
from google.genai import types
from google.genai.client import DebugConfig

from adcli.errors import OutcomeUnknown, Rejected
from adcli.providers import _google_answers as answers
from adcli.providers._base import Accepted, Call
from adcli.providers._download import Downloads, Kind
from adcli.providers._google_errors import KEY, NAME, classify
from adcli.providers._http import base_url, key
from adcli.providers._sdk import CONNECT, READ, AnswersAtOnce, Sdk
from adcli.registry import ProviderSpec

DEFAULT_BASE = "https://generativelanguage.googleapis.com"
VERSION = "v1beta"
_PAGE = 1000


class GoogleClient(AnswersAtOnce):
    """The key goes to the service's own host only."""

    def __init__(self, spec: ProviderSpec, environ: Mapping[str, str], read: float = READ) -> None:
        secret = key(NAME, environ, KEY)
        self.spec = spec
        self._base = base_url(NAME, environ, "GOOGLE_GEMINI_BASE_URL", DEFAULT_BASE)
        self._sdk = Sdk(NAME, secret, classify)
        self._async = httpx2.AsyncClient(
            follow_redirects=False, trust_env=False, event_hooks={"request": [_connect_soon]}
        )
        self._sync = httpx2.Client(follow_redirects=False, trust_env=False)
        options = types.HttpOptions(
            base_url=self._base,
            api_version=VERSION,
            timeout=round(read * 1000),
            httpx_client=self._sync,
            httpx_async_client=self._async,
        )
        self._gemini = genai.Client(
            vertexai=False, api_key=secret, http_options=options, debug_config=DebugConfig(client_mode="api")
        )
        self._downloads = Downloads(NAME, self._base, environ)
        self._models: frozenset[str] | None = None

    def endpoint(self, call: Call) -> str:
        """The service's address."""
        del call
        return self._base

    async def verify(self, stage: str, model: str, body: Mapping[str, Any]) -> None:
        """Settings by the SDK's own list, the model by the service's."""
        answers.check_fields(stage, model, body)
        if self._models is None:
            self._models = await self._listed()
        fitting = sorted(name for name in self._models if draws(name) is (stage != "transcribe"))
        if model not in fitting:
            near = get_close_matches(model, fitting, 3, 0.5) or fitting
            found = f"google has no model {model!r} for {stage}"
            raise Rejected(NAME, found, hint=f"there are {', '.join(near)}")

    async def prepare(self, call: Call) -> None:
        """Whether the service takes files of this size."""
        size = sum(file.path.stat().st_size for file in answers.files_of(call))
        if size > answers.LARGEST:
            found = f"the files of the call have {size >> 20} MB, and google takes {answers.LARGEST >> 20} MB"
            raise Rejected(NAME, found, hint="give smaller or fewer files, such as JPEG or MP3")

    async def submit(self, call: Call, folder: Path) -> Accepted:
        """Sends exactly one POST; its answer holds everything that was bought."""
        contents = await asyncio.to_thread(answers.contents_of, call)
        config, ask = answers.config_of(call.body), self._gemini.aio.models.generate_content
        told = await self._sdk.ask(lambda: ask(model=call.model, contents=contents, config=config))
        document = answers.document_of(told.sdk_http_response.body if told.sdk_http_response else None)
        job = str(document.get("responseId") or call.ref or "without-id")
        if call.stage == "transcribe":
            (sound,) = answers.files_of(call)
            text, words = await asyncio.to_thread(answers.transcribed, document, call, sound, folder)
            return Accepted(job, outputs={"words": words, "text": text}, usage=answers.tokens_of(document))
        data = answers.picture_of(document)
        file = await self._downloads.keep(data, folder, "image", Kind.IMAGE)
        return Accepted(job, outputs={"image": file}, usage={"images": 1.0, **answers.tokens_of(document)})

    async def check(self) -> str:
        """How many models the key may use."""
        return f"the key may use {len(await self._listed())} models"

    async def close(self) -> None:
        """Closes connections."""
        await self._gemini.aio.aclose()
        self._gemini.close()
        await self._async.aclose()
        self._sync.close()
        await self._downloads.close()

    async def _listed(self) -> frozenset[str]:
        """Names of the models that answer questions."""
        return await self._sdk.ask(self._asked_models)

    async def _asked_models(self) -> frozenset[str]:
        found: set[str] = set()
        async for model in await self._gemini.aio.models.list(config={"page_size": _PAGE}):
            if model.name and "generateContent" in (model.supported_actions or ()):
                found.add(model.name.removeprefix("models/"))
        if not found:
            raise OutcomeUnknown(NAME, "the list of models could not be read")
        return frozenset(found)


def draws(model: str) -> bool:
    """The model's answers hold pictures, by its name: the service's list doesn't say."""
    return "image" in model or "banana" in model


async def _connect_soon(request: httpx2.Request) -> None:
    """The SDK has one limit of time for everything: a host that isn't there is given up much sooner."""
    request.extensions["timeout"]["connect"] = CONNECT

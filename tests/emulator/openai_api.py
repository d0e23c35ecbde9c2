"""OpenAI's speech and transcripts: whole answers, and errors whose code says more than their number."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator.elevenlabs_sound import Ears, form, seconds_of
from tests.emulator.faults import Fault
from tests.emulator.jobs import job_id, written
from tests.emulator.media import Spoken, spoken
from tests.emulator.service import Service
from tests.emulator.world import CANARY, World

KEY = f"sk-proj-{CANARY}"
SPEECH = ("gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15", "tts-1", "tts-1-hd")
TRANSCRIPTS = ("gpt-4o-mini-transcribe", "gpt-4o-transcribe", "gpt-transcribe", "whisper-1")
OTHERS = ("gpt-5-mini",)
OLDER = ("nova", "shimmer", "echo", "onyx", "fable", "alloy", "ash", "sage", "coral")
NEWER = (*OLDER, "ballad", "verse", "marin", "cedar")
TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "opus": "audio/ogg"}
_LONGEST = 4096
_SPEECH_FIELDS = frozenset(
    {"input", "model", "voice", "instructions", "response_format", "speed", "stream_format"}
)
_REST = " " * 7
"""After a sentence: 0.35 s."""


class OpenAiApi(Service):
    """Routes under ``/v1`` over the sounds that it has made."""

    name = "openai"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.ears = Ears()
        self._taken = 0

    def routes(self) -> list[Route]:
        """Paths and methods, each under the name that faults and counts use."""
        table = [
            ("speech", "POST", "/v1/audio/speech", self.speech),
            ("transcriptions", "POST", "/v1/audio/transcriptions", self.transcriptions),
            ("models", "GET", "/v1/models", self.models),
        ]
        return [
            Route(path, self.routed(name, handler), methods=[method]) for name, method, path, handler in table
        ]

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Its base URL, version and all, and a key."""
        return {"OPENAI_BASE_URL": f"{url}/v1", "OPENAI_API_KEY": KEY}

    def refused(self, request: Request) -> Response | None:
        """401 without the key, which is shown in part."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if given == KEY:
            return None
        shown = f"{given[:8]}{'*' * 8}{given[-4:]}"
        return _error(401, f"Incorrect API key provided: {shown}.", "invalid_api_key")

    def failure(self, fault: Fault) -> Response:
        """In the service's words. ``error`` may be a code of ``FAILURES``, whose status then counts."""
        found = FAILURES.get(fault.error) or FAILURES.get(_USUAL.get(fault.status, ""))
        if found is None:
            return _error(fault.status, "The request could not be carried out.")
        status, message, code = found
        return _error(
            status, message, code, "tokens" if code == "rate_limit_exceeded" else "invalid_request_error"
        )

    async def models(self, request: Request) -> Response:
        """What the key may use."""
        del request
        rows = [
            {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "openai"}
            for name in (*SPEECH, *TRANSCRIPTS, *OTHERS)
        ]
        return JSONResponse({"object": "list", "data": rows})

    async def speech(self, request: Request) -> Response:
        """Bytes of sound. A WAV is written as it is spoken: its head doesn't know how long it will be."""
        given = _object(await request.body())
        if problem := _speech_problem(given):
            return problem
        kind = given.get("response_format", "mp3")
        sound = spoken(
            read_out(given["input"]), "ogg" if kind == "opus" else kind, float(given.get("speed", 1.0))
        )
        self.ears.remember(given["input"], sound)
        headers = self._charged(given["model"], {**given, "prompt": given["input"]})
        data = _as_streamed(sound) if kind == "wav" else sound.sound
        return Response(data, media_type=TYPES[kind], headers=headers)

    async def transcriptions(self, request: Request) -> Response:
        """A text; by whisper-1 with the times of its words."""
        given = form(request.headers.get("content-type", ""), await request.body())
        if problem := _transcript_problem(given):
            return problem
        seconds = seconds_of(given["file"])
        said = self.ears.characters(given["file"])
        text = re.sub(r"\s+", " ", "".join(sign for sign, _, _ in said)).strip()
        plain = {name: value for name, value in given.items() if name != "file"}
        headers = self._charged(given["model"], {**plain, "prompt": text})
        if given.get("response_format") != "verbose_json":
            usage = {"type": "tokens", "input_tokens": round(seconds * 10), "output_tokens": len(text) // 4}
            return JSONResponse({"text": text, "usage": usage}, headers=headers)
        made = {"task": "transcribe", "language": "english", "duration": round(seconds, 2), "text": text}
        if given.get("timestamp_granularities[]") == "word":
            made["words"] = _words(said)
        billed = {"type": "duration", "seconds": math.ceil(seconds)}
        return JSONResponse({**made, "usage": billed}, headers=headers)

    def _charged(self, model: str, given: Mapping[str, Any]) -> dict[str, str]:
        """Books one call; gives the headers of its answer."""
        self._taken += 1
        job = f"req_{job_id(self._taken, given)}"
        self.world.ledger.charge(
            at=written(self.world.now()) or "", service=self.name, model=model, job=job, given=given
        )
        return {"x-request-id": job, "openai-processing-ms": "12", "x-ratelimit-limit-requests": "500"}


FAILURES: Mapping[str, tuple[int, str, str]] = {
    "insufficient_quota": (
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
    ),
    "rate_limit_exceeded": (
        429,
        "Rate limit reached for tts-1 in organization org-1 on requests per min (RPM): Limit 50, Used 50, "
        "Requested 1. Please try again in 1.2s.",
        "rate_limit_exceeded",
    ),
    "invalid_api_key": (401, "Incorrect API key provided: sk-p****.", "invalid_api_key"),
    "missing_scope": (
        403,
        "You have insufficient permissions for this operation. Missing scopes: api.model.read.",
        "",
    ),
    "content_policy_violation": (
        400,
        "Your request was rejected as a result of our safety system.",
        "content_policy_violation",
    ),
    "invalid_request": (400, "Invalid request.", "invalid_value"),
}
_USUAL = {
    401: "invalid_api_key",
    402: "insufficient_quota",
    422: "invalid_request",
    429: "rate_limit_exceeded",
}


def read_out(text: str) -> str:
    """The text with the silences of a reader: after each sentence."""
    return re.sub(r"(?<=[.!?…]) ", _REST, text)


def _speech_problem(given: Any) -> Response | None:
    if not isinstance(given, dict):
        return _error(400, "We could not parse the JSON body of your request.")
    model, voice, text = given.get("model"), given.get("voice"), given.get("input")
    if unknown := given.keys() - _SPEECH_FIELDS:
        return _error(400, f"Unrecognized request argument supplied: {min(unknown)}")
    if model not in SPEECH:
        return _no_model(model)
    names = NEWER if model.startswith("gpt-4o") else OLDER
    if voice not in names and not isinstance(voice, dict):
        return _error(400, f"Input should be {' or '.join(map(repr, names))}", "invalid_value", param="voice")
    if not isinstance(text, str) or not text:
        return _error(400, "Field required", "missing_required_parameter", param="input")
    if len(text) > _LONGEST:
        said = f"String should have at most {_LONGEST} characters"
        return _error(400, said, "string_above_max_length", param="input")
    if given.get("response_format", "mp3") not in TYPES:
        return _error(400, "Invalid response_format", "invalid_value", param="response_format")
    if not 0.25 <= float(given.get("speed", 1.0)) <= 4:
        return _error(400, "Input should be within 0.25 and 4", "invalid_value", param="speed")
    return None


def _transcript_problem(given: Mapping[str, Any]) -> Response | None:
    model, kind = given.get("model"), given.get("response_format", "json")
    if not isinstance(given.get("file"), bytes):
        return _error(400, "Field required", "missing_required_parameter", param="file")
    if model not in TRANSCRIPTS:
        return _no_model(model)
    if kind == "verbose_json" and model != "whisper-1":
        said = f"response_format 'verbose_json' is not compatible with model '{model}'. Use 'json' or 'text'."
        return _error(400, said, "unsupported_value", param="response_format")
    return None


def _no_model(model: object) -> Response:
    return _error(
        404, f"The model `{model}` does not exist or you do not have access to it.", "model_not_found"
    )


def _error(
    status: int, message: str, code: str = "", kind: str = "invalid_request_error", param: str | None = None
) -> Response:
    error = {"message": message, "type": kind, "param": param, "code": code or None}
    return JSONResponse({"error": error}, status, {"x-request-id": "req_refused"})


def _object(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _as_streamed(sound: Spoken) -> bytes:
    at = sound.sound.index(b"data")
    endless = b"\xff\xff\xff\xff"
    return b"RIFF" + endless + sound.sound[8 : at + 4] + endless + sound.sound[at + 8 :]


def _words(said: list[tuple[str, float, float]]) -> list[dict[str, Any]]:
    """Words without their signs, as whisper lists them, each until the next one starts to be said."""
    found: list[dict[str, Any]] = []
    inside = False
    for sign, start, end in said:
        if sign.isspace():
            inside = False
        elif inside and found:
            found[-1] |= {"word": found[-1]["word"] + sign, "end": round(end, 2)}
        else:
            inside = True
            found.append({"word": sign, "start": round(start, 2), "end": round(end, 2)})
    return [row | {"word": row["word"].strip(".,!?…")} for row in found]

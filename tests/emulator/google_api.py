"""Google's Gemini API: models, and questions whose answers hold pictures or lists of words."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulator.elevenlabs_sound import Ears, seconds_of
from tests.emulator.faults import MODERATED, Fault, Kind
from tests.emulator.jobs import job_id, written
from tests.emulator.pictures import draw
from tests.emulator.service import Service
from tests.emulator.world import CANARY, World

KEY = f"AIza{CANARY}"
RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
SIZES = {"1K": 1, "2K": 2, "4K": 4}
_CONFIG = frozenset(
    {
        *("responseModalities", "imageConfig", "temperature", "topP", "topK", "seed", "maxOutputTokens"),
        *("responseMimeType", "responseSchema", "responseJsonSchema", "thinkingConfig", "stopSequences"),
        *("presencePenalty", "frequencyPenalty", "mediaResolution"),
    }
)
_TOP = frozenset(
    {
        "contents",
        "generationConfig",
        "safetySettings",
        "systemInstruction",
        "labels",
        "serviceTier",
        "continuationToken",
    }
)
_PLAIN = str.maketrans("-_", "+/")
_TYPES = "type.googleapis.com/google.rpc."


@dataclass(frozen=True, slots=True)
class Model:
    """``makes`` image or text; ``sized``: it takes imageSize; ``thinks``: its answers hold first tries."""

    makes: str
    sized: bool = False
    thinks: bool = False


MODELS: Mapping[str, Model] = {
    "gemini-2.5-flash-image": Model("image"),
    "gemini-3-pro-image-preview": Model("image", sized=True, thinks=True),
    "gemini-3.1-flash-image-preview": Model("image", sized=True),
    "gemini-2.5-flash": Model("text"),
    "gemini-3-flash-preview": Model("text", thinks=True),
}


class GoogleApi(Service):
    """Routes under ``/v1beta``."""

    name = "google"

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.ears = Ears()
        self._taken = 0

    def routes(self) -> list[Route]:
        """Paths and methods, each under the name that faults and counts use."""
        table = [
            ("models", "GET", "/v1beta/models", self.models),
            ("generate", "POST", "/v1beta/models/{call}", self.generate),
        ]
        return [
            Route(path, self.routed(name, handler), methods=[method]) for name, method, path, handler in table
        ]

    @classmethod
    def environment(cls, url: str) -> dict[str, str]:
        """Its base URL and a key."""
        return {"GOOGLE_GEMINI_BASE_URL": url, "GEMINI_API_KEY": KEY}

    def refused(self, request: Request) -> Response | None:
        """A wrong key is a bad request there, a missing one is forbidden."""
        given = request.headers.get("x-goog-api-key")
        if given == KEY:
            return None
        if not given:
            return _error(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        return FAILURES["API_KEY_INVALID"]()

    def failure(self, fault: Fault) -> Response:
        """In the service's words. ``error`` may be a name of ``FAILURES``, whose status then counts."""
        made = FAILURES.get(fault.error) or FAILURES.get(_USUAL.get(fault.status, ""))
        return made() if made else _error(fault.status, "INVALID_ARGUMENT", f"HTTP {fault.status}")

    async def models(self, request: Request) -> Response:
        """All models, on two pages."""
        names = sorted(MODELS)
        first, rest = names[:2], names[2:]
        shown = rest if request.query_params.get("pageToken") else first
        rows = [
            {
                "name": f"models/{name}",
                "displayName": name,
                "inputTokenLimit": 32768,
                "outputTokenLimit": 32768,
                "supportedGenerationMethods": ["generateContent", "countTokens"],
            }
            for name in shown
        ]
        if shown is rest:
            rows.append({"name": "models/embedding-1", "supportedGenerationMethods": ["embedContent"]})
        return JSONResponse({"models": rows, **({"nextPageToken": "two"} if shown is first else {})})

    async def generate(self, request: Request) -> Response:
        """One answer to one question."""
        name, _, method = request.path_params["call"].partition(":")
        model = MODELS.get(name)
        if model is None or method != "generateContent":
            missing = f"models/{name} is not found for API version v1beta, or is not supported for {method}."
            return _error(404, "NOT_FOUND", missing)
        given = _object(await request.body())
        if problem := _problem(model, name, given):
            return problem
        assert given is not None
        parts = [part for content in given["contents"] for part in content["parts"]]
        self._taken += 1
        job = job_id(self._taken, {})
        texts = [part["text"] for part in parts if "text" in part]
        told = {**_settled(given), "prompt": texts[-1] if texts else ""}
        at = written(self.world.now()) or ""
        self.world.ledger.charge(at=at, service=self.name, model=name, job=job, given=told)
        failed = next((fault for fault in request.state.faults if fault.kind is Kind.FAIL), None)
        reason = _reason(failed.error) if failed else "STOP"
        answer = {"modelVersion": name, "responseId": job}
        if reason.startswith("BLOCK:"):
            feedback = {"blockReason": reason.removeprefix("BLOCK:")}
            usage = {"promptTokenCount": 20, "totalTokenCount": 20}
            return JSONResponse({**answer, "promptFeedback": feedback, "usageMetadata": usage})
        whole = reason == "WHOLE_SECONDS"
        if reason not in ("STOP", "WHOLE_SECONDS"):
            made: list[dict[str, Any]] = [{"text": "I can't draw that."}] if reason == "NO_IMAGE" else []
        elif model.makes == "image":
            made = await asyncio.to_thread(_drawn, name, model, told)
        else:
            made = [{"text": json.dumps({"words": self._words(parts, whole=whole)})}]
        candidate = {
            "content": {"parts": made, "role": "model"} if made else {"role": "model"},
            "finishReason": "STOP" if whole else reason,
            "index": 0,
        }
        if reason == "CONTINUATION":
            candidate["continuationToken"] = base64.b64encode(b"next").decode()
        usage = _usage(parts, made, model)
        return JSONResponse({"candidates": [candidate], **answer, "usageMetadata": usage})

    def _words(self, parts: list[Mapping[str, Any]], *, whole: bool) -> list[dict[str, Any]]:
        sound = next(_decoded(part["inlineData"]) for part in parts if "inlineData" in part) or b""
        found: list[dict[str, Any]] = []
        inside = False
        for sign, start, end in self.ears.characters(sound):
            if sign.isspace():
                inside = False
            elif inside:
                found[-1] |= {"text": found[-1]["text"] + sign, "end": round(end, 2)}
            else:
                inside = True
                found.append({"text": sign, "start": round(start, 2), "end": round(end, 2)})
        if whole:
            return [row | {"start": int(row["start"]), "end": int(row["end"])} for row in found]
        return found


def _refusal(status: int, kind: str, message: str, *details: Mapping[str, Any]) -> Callable[[], Response]:
    return lambda: _error(status, kind, message, *details)


def _quota(quota: str, value: str, message: str, *more: Mapping[str, Any]) -> Callable[[], Response]:
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/requests",
        "quotaId": quota,
        "quotaValue": value,
    }
    detail = {"@type": f"{_TYPES}QuotaFailure", "violations": [violation]}
    return _refusal(429, "RESOURCE_EXHAUSTED", message, detail, *more)


FAILURES: Mapping[str, Callable[[], Response]] = {
    "API_KEY_INVALID": _refusal(
        *(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
        {"@type": f"{_TYPES}ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"},
    ),
    "PERMISSION_DENIED": _refusal(403, "PERMISSION_DENIED", "Your project has been denied access."),
    "PER_MINUTE": _quota(
        *("GenerateRequestsPerMinutePerProjectPerModel", "10", "You exceeded your current quota."),
        {"@type": f"{_TYPES}RetryInfo", "retryDelay": "2.5s"},
    ),
    "PER_DAY": _quota("GenerateRequestsPerDayPerProjectPerModel", "250", "You exceeded your current quota."),
    "NO_QUOTA": _quota(
        *("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "0", "Quota exceeded, limit: 0, model: x"),
        {"@type": f"{_TYPES}RetryInfo", "retryDelay": "27s"},
    ),
    "BILLING": _refusal(400, "FAILED_PRECONDITION", "Please enable billing on your project."),
    "INVALID": _refusal(
        *(400, "INVALID_ARGUMENT", "Invalid JSON payload received."),
        {"@type": f"{_TYPES}BadRequest", "fieldViolations": [{"field": "contents", "description": "empty"}]},
    ),
}
_USUAL = {
    401: "API_KEY_INVALID",
    402: "NO_QUOTA",
    403: "PERMISSION_DENIED",
    422: "INVALID",
    429: "PER_MINUTE",
}


def _reason(error: str) -> str:
    if re.fullmatch(r"[A-Z:_]+", error):
        return error
    return "IMAGE_SAFETY" if error == MODERATED else "OTHER"


def _problem(model: Model, name: str, given: Any) -> Response | None:
    if not isinstance(given, dict) or not given.get("contents"):
        return _error(400, "INVALID_ARGUMENT", "contents are required")
    config = given.get("generationConfig", {})
    for where, found, known in (("", given, _TOP), (" at 'generation_config'", config, _CONFIG)):
        if unknown := found.keys() - known:
            told = f'Invalid JSON payload received. Unknown name "{min(unknown)}"{where}: Cannot find field.'
            return _error(400, "INVALID_ARGUMENT", told)
    draws = "IMAGE" in config.get("responseModalities", ())
    if draws is not (model.makes == "image"):
        return _error(400, "INVALID_ARGUMENT", f"The model {name} does not support the requested modalities.")
    shape = config.get("imageConfig", {})
    if shape.get("aspectRatio", "1:1") not in RATIOS:
        return _error(400, "INVALID_ARGUMENT", "aspect_ratio must be one of '1:1', '9:16' and others")
    if "imageSize" in shape and (not model.sized or shape["imageSize"] not in SIZES):
        return _error(400, "INVALID_ARGUMENT", "image_size is not supported")
    for content in given["contents"]:
        for part in content["parts"]:
            if "inlineData" in part and not (_decoded(part["inlineData"]) and _kind(part["inlineData"])):
                return _error(400, "INVALID_ARGUMENT", "Unable to process input data")
    return None


def _drawn(name: str, model: Model, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    shape = told.get("generationConfig", {}).get("imageConfig", {})
    across, down = (int(side) for side in shape.get("aspectRatio", "1:1").split(":"))
    scale = 1024 * SIZES[shape.get("imageSize", "1K")] / (across * down) ** 0.5
    size = round(across * scale / 16) * 16, round(down * scale / 16) * 16
    seed = f"{told['prompt']}\n{name}\n{json.dumps(told, sort_keys=True)}"
    pictures = [{"inlineData": _inline(draw(seed, *size, "png"))}]
    if model.thinks:
        first = {"inlineData": _inline(draw(f"{seed} first", 256, 256, "png")), "thought": True}
        return [{"text": "Let me try.", "thought": True}, first, *pictures]
    return [{"text": "Here it is:"}, *pictures]


def _inline(data: bytes) -> dict[str, str]:
    return {"mimeType": "image/png", "data": base64.b64encode(data).decode()}


def _usage(parts: list[Mapping[str, Any]], made: list[dict[str, Any]], model: Model) -> dict[str, Any]:
    read = 0
    for part in parts:
        if "text" in part:
            read += len(part["text"]) // 4 + 1
        else:
            data, kind = _decoded(part["inlineData"]) or b"", _kind(part["inlineData"])
            read += round(32 * seconds_of(data)) if kind.startswith("audio/") else 258
    wrote = sum(
        1290 if "inlineData" in part else len(part["text"]) // 4 + 1
        for part in made
        if not part.get("thought")
    )
    thought = {"thoughtsTokenCount": 120} if model.thinks else {}
    counts = {"promptTokenCount": read, "candidatesTokenCount": wrote, **thought}
    return {**counts, "totalTokenCount": sum(counts.values())}


def _settled(given: Mapping[str, Any]) -> dict[str, Any]:
    """A question with its files named by their content."""

    def name(value: Any) -> Any:
        if isinstance(value, list):
            return [name(item) for item in value]
        if isinstance(value, dict) and "data" in value:
            return hashlib.sha256(_decoded(value) or b"").hexdigest()
        return {key: name(item) for key, item in value.items()} if isinstance(value, dict) else value

    return {key: name(value) for key, value in given.items()}


def _kind(inline: Mapping[str, Any]) -> str:
    """The API takes names of fields in either spelling; the SDK sends both in one request."""
    return str(inline.get("mimeType") or inline.get("mime_type") or "")


def _decoded(inline: Any) -> bytes | None:
    """Bytes as JSON holds them, in either of the two alphabets; the SDK sends the one for addresses."""
    try:
        return base64.b64decode(inline["data"].translate(_PLAIN), validate=True) or None
    except (binascii.Error, KeyError, TypeError, AttributeError):
        return None


def _error(status: int, kind: str, message: str, *details: Mapping[str, Any]) -> Response:
    error = {"code": status, "message": message, "status": kind}
    return JSONResponse({"error": {**error, **({"details": list(details)} if details else {})}}, status)


def _object(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None

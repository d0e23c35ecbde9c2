"""What adcli sends to Google of a call, and what it makes of the answers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from google.genai import types

from adcli.errors import JobFailed, OutcomeUnknown, Rejected
from adcli.providers._base import Call, Usage
from adcli.providers._google_errors import NAME, first_candidate, parts_of, without_result
from adcli.providers._lines import Heard, Line
from adcli.providers._word_times import timed_by_sound
from adcli.providers.google import WORDS
from adcli.work import Artifact

LARGEST = 14 << 20
"""Bytes of files in a request: the service takes 20 MB in all, and base64 adds a third."""
_OURS = frozenset({"parts", "text"})
_IMAGE = ("aspectRatio", "imageSize", "personGeneration")
"""Settings that the service has one level below the others."""
_NEVER = {
    "tools": "what they cost is in no price",
    "toolConfig": "what tools cost is in no price",
    "automaticFunctionCalling": "it sends more than one request",
    "automaticContinuation": "it sends more than one request",
    "continuationToken": "each call stands alone",
    "cachedContent": "each call stands alone",
    "candidateCount": "one result is bought at a time",
    "httpOptions": "adcli has its own",
    "shouldReturnHttpResponse": "adcli has its own",
    "imageConfig": "give aspectRatio and imageSize themselves",
}
_MADE: Mapping[str, Any] = {
    "responseMimeType": "application/json",
    "responseSchema": WORDS,
    "responseModalities": ["IMAGE"],
}
"""Settings without which an answer could not be read."""
_TIMES_OFF = 0.5
"""Seconds by which a time may lie behind the end of the sound."""


def check_fields(stage: str, model: str, body: Mapping[str, Any]) -> None:
    """Rejected for a setting that the service doesn't have, or that adcli can't let it have."""
    names = {field.alias or name for name, field in types.GenerateContentConfig.model_fields.items()}
    known = sorted((names | set(_IMAGE)) - _NEVER.keys() - _MADE.keys())
    for name, value in body.items():
        if name in _OURS or name in known or (name in _MADE and value == _MADE[name]):
            continue
        reason = "the answer could not be read" if name in _MADE else _NEVER.get(name)
        if reason:
            raise Rejected(NAME, f"{name} can't be set: {reason}", hint=f"take it out of models.{stage}")
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise Rejected(NAME, f"{model} takes no {name!r}", hint=f"{hint}it takes {', '.join(known)}")
    try:
        config_of(body)
    except ValueError as error:
        first = str(error).splitlines()[1:3]
        said = ": ".join(line.strip() for line in first) or "it is not valid"
        raise Rejected(NAME, f"models.{stage}: {said[:300]}") from None


def config_of(body: Mapping[str, Any]) -> types.GenerateContentConfig:
    """The settings as the SDK takes them; it sends one request and leaves its answer alone."""
    given = {name: value for name, value in body.items() if name not in (*_OURS, *_IMAGE)}
    image = {name: body[name] for name in _IMAGE if name in body}
    return types.GenerateContentConfig.model_validate(
        {
            **given,
            **({"imageConfig": image} if image else {}),
            "automaticFunctionCalling": {"disable": True},
            "automaticContinuation": False,
            "shouldReturnHttpResponse": True,
        }
    )


def files_of(call: Call) -> list[Artifact]:
    """The files of a question, in their order."""
    return [call.file(part["inlineData"]) for part in call.body["parts"] if "inlineData" in part]


def contents_of(call: Call) -> list[types.Content]:
    """The question, with its files in it."""
    parts = [
        types.Part(inline_data=_blob(call.file(part["inlineData"])))
        if "inlineData" in part
        else types.Part(text=str(part["text"]))
        for part in call.body["parts"]
    ]
    return [types.Content(role="user", parts=parts)]


def document_of(body: str | None) -> Mapping[str, Any]:
    """An answer's JSON; OutcomeUnknown when it is none: it was paid for all the same."""
    try:
        found = json.loads(body or "")
    except ValueError:
        found = None
    if not isinstance(found, Mapping) or not found.keys() & {"candidates", "promptFeedback"}:
        raise OutcomeUnknown(NAME, "the answer could not be read")
    return found


def picture_of(document: Mapping[str, Any]) -> bytes:
    """The picture of an answer: the last one, as earlier ones are tries. JobFailed when there is none."""
    found = [part["inlineData"] for part in parts_of(first_candidate(document)) if "inlineData" in part]
    for inline in reversed(found):
        try:
            data = base64.b64decode(inline["data"], validate=True)
        except (binascii.Error, KeyError, TypeError, ValueError):
            continue
        if data:
            return data
    raise without_result(document)


def transcribed(document: Mapping[str, Any], call: Call, sound: Artifact, folder: Path) -> tuple[str, str]:
    """What was heard, and its words with their times; a text that was known keeps its own words."""
    rows = _rows(document)
    text = " ".join(" ".join(str(row.get("text") or "").split()) for row in rows).strip()
    known = call.body.get("text")
    line = Line.of(known if isinstance(known, str) and known.split() else text)
    length = sound.meta.get("duration", sound.meta.get("seconds"))
    tokens = timed(rows, float(length)) if isinstance(length, int | float) else None
    heard = Heard.of_tokens(tokens) if tokens else None
    if heard is None:
        return text, timed_by_sound(line.words, line.said, sound.path, folder)
    from adcli.media.speech import Word, settled, words_json

    words = [Word(*row) for row in line.timed(heard, float(str(length)))]
    return text, words_json(settled(words, float(str(length))))


def timed(rows: Sequence[Mapping[str, Any]], length: float) -> list[tuple[str, float, float]] | None:
    """Words with their times; None where these can't be true: not rising, outside, or all whole seconds."""
    try:
        found = [(str(row["text"]), float(row["start"]), float(row["end"])) for row in rows]
    except (KeyError, TypeError, ValueError):
        return None
    before = 0.0
    for _, start, end in found:
        if not (before - 1e-6 <= start <= end <= length + _TIMES_OFF):
            return None
        before = start
    whole = all(start == int(start) and end == int(end) for _, start, end in found)
    instant = sum(start == end for _, start, end in found)
    return None if not found or (whole and len(found) > 2) or instant > len(found) / 2 else found


def tokens_of(document: Mapping[str, Any]) -> Usage:
    """Tokens read and written, as the service counts them: what it thought is written, too."""
    told = document.get("usageMetadata")
    counts = told if isinstance(told, Mapping) else {}
    found = [counts.get(f"{name}TokenCount") for name in ("prompt", "candidates", "thoughts")]
    read, written, thought = (float(count) if isinstance(count, int) else 0.0 for count in found)
    return {"read_tokens": read, "written_tokens": written + thought} if read else {}


def _rows(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    candidate = first_candidate(document)
    texts = [str(part["text"]) for part in parts_of(candidate) if "text" in part]
    if not texts:
        raise without_result(document)
    try:
        found = json.loads("".join(texts))
        rows = [row for row in found["words"] if isinstance(row, Mapping)]
    except (ValueError, KeyError, TypeError):
        reason = candidate.get("finishReason")
        raise JobFailed(
            NAME,
            f"the answer is no list of words ({reason})",
            permanent=False,
            hint="take a model with longer answers",
        ) from None
    return rows


def _blob(file: Artifact) -> types.Blob:
    return types.Blob(mime_type=file.media_type, data=file.path.read_bytes())

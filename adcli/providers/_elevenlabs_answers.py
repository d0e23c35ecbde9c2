"""What adcli sends to ElevenLabs of a call, and what it makes of the answers."""

from __future__ import annotations

import asyncio
import base64
import binascii
import inspect
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from adcli.errors import OutcomeUnknown, Rejected
from adcli.providers._base import Accepted, Call, Usage
from adcli.providers._elevenlabs_errors import NAME
from adcli.providers._elevenlabs_service import Told
from adcli.providers._lines import Heard, Line

_OURS = frozenset({"voice", "pronunciations", "written"})
"""Fields of a body that the service never sees as they are."""
_NEVER = {
    "enable_logging": "a lost call is looked up in the account's history",
    "webhook": "a command line can't be called back",
    "use_multi_channel": "captions need one transcript",
    "cloud_storage_url": "the sound is the campaign's own",
    "source_url": "the sound is the campaign's own",
    "token": "the key is used",
}
_SPELLED = {"sign_with_c2pa": "sign_with_c_2_pa"}
"""The service's name of a field → the SDK's."""
_FORMATS = ("mp3_", "wav_", "opus_", "auto")
"""Output formats that say in their own bytes what they are; raw samples and telephone codecs don't."""
_SUFFIXES = {"audio/mpeg": "mp3", "audio/wav": "wav", "audio/mp4": "m4a", "audio/ogg": "ogg"}


def check_fields(model: str, body: Mapping[str, Any], route: Callable[..., Any]) -> None:
    """Rejected for a field that the service doesn't take, or that adcli can't let it have."""
    known = set(inspect.signature(route).parameters) - {"voice_id", "request_options"} - _NEVER.keys()
    shown = {named: name for name, named in _SPELLED.items()}
    names = sorted(shown.get(name, name) for name in known)
    for name in body:
        if name in _OURS or name in names:
            continue
        if name in _NEVER:
            raise Rejected(NAME, f"{name} can't be set: {_NEVER[name]}", hint="take it out of models")
        near = get_close_matches(name, names, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise Rejected(NAME, f"{model} takes no {name!r}", hint=f"{hint}it takes {', '.join(names)}")
    form = body.get("output_format")
    if form is not None and not str(form).startswith(_FORMATS):
        raise Rejected(
            NAME, f"output_format {form!r} can't be used", hint="take mp3_44100_128 or another mp3"
        )


def fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as arguments of the SDK's method."""
    return {_SPELLED.get(name, name): value for name, value in body.items() if name not in _OURS}


def line_of(call: Call) -> Line:
    """The words of a voice call and what is sent of them."""
    return Line.of(str(call.body["text"]), call.body.get("pronunciations"))


def line_in(body: Mapping[str, Any]) -> Line | None:
    """The same of a body that is still known; None when its text isn't."""
    text = body.get("text")
    return Line.of(text, body.get("pronunciations")) if isinstance(text, str) else None


async def sent_file(call: Call) -> tuple[str, bytes, str]:
    """The sound of a transcript, with a name by which the service knows its form."""
    found = call.file(call.body["file"])
    data = await asyncio.to_thread(found.path.read_bytes)
    return f"audio.{_SUFFIXES.get(found.media_type, 'mp3')}", data, found.media_type


def job_of(told: Told, call: Call, *headers: str) -> str:
    """What the service calls the job; the attempt's own name where it says nothing."""
    named = (told.headers.get(name) for name in (*headers, "request-id"))
    return next((name for name in named if name), call.ref or "without-id")


def decoded(sound: Any) -> bytes:
    """Audio out of a JSON answer; OutcomeUnknown when there is none: it was paid for all the same."""
    try:
        data = base64.b64decode(sound, validate=True)
    except (binascii.Error, TypeError, ValueError):
        data = b""
    if not data:
        raise OutcomeUnknown(NAME, "the answer holds no sound")
    return data


def characters(told: Told, credits_each: float) -> Usage:
    """Characters by the credits that the answer's header says were taken."""
    try:
        spent = float(told.headers["character-cost"])
    except (KeyError, ValueError):
        return {}
    return {"characters": spent / credits_each}


def heard_in(*alignments: Any) -> Heard | None:
    """The first alignment that can be used: of the text, else of the text as it was read out."""
    for found in alignments:
        lists = [
            getattr(found, name, None)
            for name in ("characters", "character_start_times_seconds", "character_end_times_seconds")
        ]
        if all(isinstance(one, list) for one in lists):
            heard = Heard.of(*lists)  # type: ignore[arg-type]
            if heard:
                return heard
    return None


def words_json(line: Line, heard: Heard | None, seconds: float) -> str:
    """The task's ``words`` output: every written word once, in order, inside the sound."""
    from adcli.media.speech import Word, settled
    from adcli.media.speech import words_json as written

    timed = line.timed(heard, seconds)
    return written(settled([Word(text, start, end) for text, start, end in timed], seconds))


def aligned(told: Told, call: Call, seconds: float | None) -> Accepted:
    """Known words with their times."""
    line = Line.of(str(call.body["text"]))
    rows = [(row.text, row.start, row.end) for row in getattr(told.data, "characters", None) or ()]
    heard = Heard.of(*zip(*rows, strict=True)) if rows else None
    if heard is None:
        tokens = getattr(told.data, "words", None) or ()
        heard = _tokens([(token.text, token.start, token.end) for token in tokens])
    if heard is None:
        raise OutcomeUnknown(NAME, "the answer holds no times of words")
    text = " ".join(line.words)
    words = words_json(line, heard, seconds if seconds is not None else heard.spans[-1][1])
    return Accepted(job_of(told, call), outputs={"words": words, "text": text})


def transcribed(told: Told, call: Call, seconds: float | None) -> Accepted:
    """What was heard; its words, or those that are known to have been said, with their times."""
    tokens = [token for token in getattr(told.data, "words", None) or () if token.type != "audio_event"]
    text = getattr(told.data, "text", None)
    if not isinstance(text, str):
        raise OutcomeUnknown(NAME, "the answer holds no text")
    timed = [(token.text, token.start, token.end) for token in tokens if token.start is not None]
    heard = _tokens(timed)
    billed = getattr(told.data, "audio_duration_secs", None)
    length = seconds or billed or (heard.spans[-1][1] if heard else 0.0)
    words = words_json(Line.of(str(call.body.get("written") or text)), heard, float(length))
    usage = {"seconds": float(billed)} if billed else {}
    job = job_of(told, call)
    return Accepted(job, outputs={"words": words, "text": " ".join(text.split())}, usage=usage)


def _tokens(timed: Sequence[tuple[str, float, float | None]]) -> Heard | None:
    return Heard.of_tokens([(text, start, end if end is not None else start) for text, start, end in timed])

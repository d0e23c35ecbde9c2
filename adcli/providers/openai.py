"""OpenAI: speech and transcripts, whole in the answer to one POST each; nothing of them can be fetched again.

The service gives no times for the words that it speaks: captions get estimated ones, from the sound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adcli.keys import Json
from adcli.providers._lines import Line, growth
from adcli.providers._openai_voices import default_voice
from adcli.providers._pricing import per_text, per_tokens, per_unit
from adcli.providers.local.speech_text import written
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds

RESPELLS = True
"""A word's own respelling is sent in its place, and the word's time is found again in what is heard."""

SPEC = ProviderSpec(
    "openai",
    versions={"voice": 1, "transcribe": 1},
    credentials=("OPENAI_API_KEY",),
    base_url="OPENAI_BASE_URL",
    abilities=dict.fromkeys(("voice", "transcribe"), Ability(poll=False, find=False)),
)

SPEECH = ("gpt-4o-mini-tts", "tts-1", "tts-1-hd")
TRANSCRIPTS = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-transcribe")
"""The models that adcli knows; dated editions and later ones are asked for as they are."""

_WITH_SPEED = ("tts-1", "tts-1-hd")
_SLOWEST, _FASTEST = 0.25, 4.0
_ENDS = {"tts-1": "2027-01-06", "gpt-4o-mini-tts": "2027-01-06"}
_TRANSCRIPTS_END = "2027-02-26"
"""When the service shuts models down, by its own SDK's words (openai 3.52)."""
_LONGEST_LINE = 4096
_LEAST_SPEED, _MOST_SPEED = 8.0, 25.0
"""Characters of text that are spoken in a second, at least and at most, for prices by the second."""
_TOKENS = 50
"""Tokens of a second of sound, or of what is said in it: more than twice as many as are heard of."""
_LONGEST_AD = 180.0


def body(request: Request) -> Mapping[str, Any]:
    """The fields of the call. ``pronunciations``, and the ``text`` of a sound, are adcli's own, not sent."""
    made = _voice(request) if request.stage == "voice" else _transcript(request)
    return {**made, **request.extra}


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """By characters of what is sent, by seconds of sound, or by the piece, as the price says."""
    match price["unit"]:
        case "1k_chars":
            return _text_price(sale, price)
        case "second":
            least, most = _sound_seconds(sale)
            return per_unit(price, sale.params, least, most)
        case "mtok":
            most = _sound_seconds(sale)[1] * _TOKENS
            return per_tokens(price, most + _characters(sale), most)
        case _:
            return per_unit(price, sale.params, 1)


def seconds(stage: str, model: str) -> Seconds | None:  # noqa: ARG001
    """None: a line is as long as it takes to say it."""
    return None


def note(request: Request) -> str | None:
    """Estimated times, the voice that was chosen, what the model has no setting for, and when it ends."""
    told = _voice_notes(request) if request.stage == "voice" else _transcript_notes(request)
    return "; ".join(told) or None


def client(environ: Mapping[str, str]) -> Any:
    """A client with its key from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._openai_client import OpenAiClient

    return OpenAiClient(SPEC, environ)


def has_word_times(model: str) -> bool:
    """The model can say when each word was heard."""
    return model.startswith("whisper")


def _voice(request: Request) -> dict[str, Any]:
    fields, model = request.fields, str(request.model)
    asked = fields.get("voice")
    made: dict[str, Any] = {
        "model": model,
        "input": fields["text"],
        "voice": default_voice(model, fields.get("character") or {}) if asked is None else _named(asked),
        "response_format": "wav",
    }
    if model in _WITH_SPEED:
        speed = float((fields.get("settings") or {}).get("speed") or 1.0)
        made["speed"] = min(max(speed, _SLOWEST), _FASTEST)
    pronunciations = _pronunciations(fields)
    return {**made, "pronunciations": pronunciations} if pronunciations else made


def _named(asked: str) -> Any:
    """A built-in voice by its name, one of the account's own by its id."""
    return {"id": asked} if asked.startswith("voice_") else asked.strip().lower()


def _pronunciations(fields: Mapping[str, Any]) -> dict[str, str]:
    """Those that this line may need: a text that isn't written yet may need any."""
    given: Mapping[str, str] = fields.get("pronunciations") or {}
    text = fields["text"]
    used = written(text) if isinstance(text, str) else {word.casefold() for word in given}
    return {word: said for word, said in given.items() if word.casefold() in used}


def _voice_notes(request: Request) -> list[str]:
    fields, model, told = request.fields, str(request.model), ["word times are estimated: openai gives none"]
    if fields.get("voice") is None and "voice" not in request.extra:
        character = fields.get("character") or {}
        who = character.get("name") or "the narrator"
        told.append(f"voice of {who} → {default_voice(model, character)}")
    known = {"speed"} if model in _WITH_SPEED else set()
    settings = fields.get("settings") or {}
    without = [
        name for name in sorted(settings) if name not in known and (name, settings[name]) != ("speed", 1)
    ]
    if without:
        told.append(f"{model} has no {' and no '.join(without)}")
    ends = next((date for name, date in _ENDS.items() if model.startswith(name)), None)
    return [*told, f"openai shuts {model} down on {ends}"] if ends else told


def _transcript(request: Request) -> dict[str, Any]:
    fields, model = request.fields, str(request.model)
    made: dict[str, Any] = {"model": model, "file": fields["audio"], "temperature": 0}
    if has_word_times(model):
        made |= {"response_format": "verbose_json", "timestamp_granularities": ["word"]}
    else:
        made["response_format"] = "json"
    language = str(fields.get("language") or "").split("-")[0].lower()
    if len(language) == 2:
        made |= {"languages": [language]} if model.startswith("gpt-transcribe") else {"language": language}
    if fields.get("text"):
        made["text"] = fields["text"]
    return made


def _transcript_notes(request: Request) -> list[str]:
    model, told = str(request.model), []
    if not has_word_times(model):
        told.append(f"word times are estimated: {model} gives none, openai:whisper-1 does")
    if model in TRANSCRIPTS and model != "gpt-transcribe":
        told.append(f"openai shuts {model} down on {_TRANSCRIPTS_END}")
    return told


def _text_price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    text = sale.params.get("input")
    if isinstance(text, str):
        return per_unit(price, sale.params, _characters(sale) / 1000)
    return per_text(price, replace(sale, max_chars=_characters(sale)), text)


def _characters(sale: Sale) -> int:
    """Characters that are sent, at most."""
    text, said = sale.params.get("input"), sale.params.get("pronunciations") or {}
    if isinstance(text, str):
        return len(Line.of(text, said).sent)
    return math.ceil((sale.max_chars or _LONGEST_LINE) * growth(said)) if sale.stage == "voice" else 0


def _sound_seconds(sale: Sale) -> tuple[float, float]:
    """Of a transcript: the sound's own. Of a line: as fast and as slowly as its characters may be said."""
    if sale.stage == "transcribe":
        length = math.ceil(sale.seconds) if sale.seconds is not None else None
        return (0.0, _LONGEST_AD) if length is None else (length, length)
    speed = float(sale.params.get("speed") or 1.0)
    most = _characters(sale) / speed
    least = most if isinstance(sale.params.get("input"), str) else 0.0
    return least / _MOST_SPEED, most / _LEAST_SPEED

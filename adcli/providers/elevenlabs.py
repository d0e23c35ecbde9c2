"""ElevenLabs: speech with the times of its words, music, sound effects, transcripts; one POST each.

Answers come at once and whole. Speech that was paid for and lost can be fetched again from the
account's history; music, sounds and transcripts can't.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adcli.keys import Json
from adcli.providers._elevenlabs_voices import default_voice
from adcli.providers._lines import Line, growth
from adcli.providers._pricing import per_text, per_unit
from adcli.providers.local.speech_text import written
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds

TIMES_WORDS = True
"""Speech comes with the times of its words: nobody has to listen to it for captions."""

RESPELLS = True
"""A word's own respelling is sent in its place, and the word's time is found again in what is heard."""

SPEC = ProviderSpec(
    "elevenlabs",
    versions={"voice": 1, "music": 1, "transcribe": 1},
    credentials=("ELEVENLABS_API_KEY",),
    base_url="ELEVENLABS_BASE_URL",
    abilities={
        "voice": Ability(poll=False, find=True),
        "music": Ability(poll=False),
        "transcribe": Ability(poll=False),
    },
)

ALIGNMENT = "forced_alignment"
"""The "model" of stage transcribe that times words which are known already."""
FORMAT = "mp3_44100_128"
"""The best that accounts of every plan may ask for."""

_SETTINGS = {
    "stability": 0.5,
    "similarity_boost": 0.75,
    "style": 0.0,
    "use_speaker_boost": True,
    "speed": 1.0,
}
"""Sent in full: what is left out would be taken from the voice's settings in the account."""
_V3_STABILITY = (0.0, 0.5, 1.0)
_V3_IGNORES = ("style", "use_speaker_boost")
_MUSIC = Seconds(3, 600)
_LONGEST_SOUND = 30.0
_LONGEST_AD = 180.0


def body(request: Request) -> Mapping[str, Any]:
    """The fields of the call; a voice stands there as it is written, not by its id."""
    match request.stage:
        case "voice":
            made = _voice(request)
        case "music":
            made = _sound(request) if is_sound(request.model or "") else _music(request)
        case _:
            made = _transcript(request)
    return {**made, **{name: value for name, value in request.extra.items() if name != "voice_settings"}}


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """By characters of what is sent, by seconds, or by the piece, as the price says."""
    match price["unit"]:
        case "1k_chars":
            return _text_price(sale, price)
        case "second":
            return _time_price(sale, price)
        case _:
            return per_unit(price, sale.params, 1)


def seconds(stage: str, model: str) -> Seconds | None:
    """Songs last 3 s to 10 min; a sound effect is looped where it is too short."""
    return _MUSIC if stage == "music" and not is_sound(model) else None


def note(request: Request) -> str | None:
    """The voice that was chosen for a character, and settings that a model doesn't have."""
    if request.stage == "voice":
        return "; ".join(_voice_notes(request)) or None
    looped = request.stage == "music" and is_sound(request.model or "")
    if looped and float(request.fields["seconds"]) > _LONGEST_SOUND:
        return f"a sound effect lasts {_LONGEST_SOUND:g} s at most: it is looped"
    return None


def client(environ: Mapping[str, str]) -> Any:
    """A client with its key from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._elevenlabs_client import ElevenLabsClient

    return ElevenLabsClient(SPEC, environ)


def is_sound(model: str) -> bool:
    """The model makes sound effects, not music."""
    return "text_to_sound" in model


def _voice(request: Request) -> dict[str, Any]:
    fields, model = request.fields, str(request.model)
    made = {
        "text": fields["text"],
        "voice": fields.get("voice") or default_voice(fields.get("character") or {}),
        "model_id": model,
        "voice_settings": _settings(request),
        "seed": fields["seed"],
        "output_format": FORMAT,
    }
    language = str(fields.get("language") or "").split("-")[0].lower()
    if len(language) == 2 and model != "eleven_multilingual_v2":  # the only model that doesn't take it
        made["language_code"] = language
    pronunciations = _pronunciations(fields)
    return {**made, "pronunciations": pronunciations} if pronunciations else made


def _asked(request: Request) -> dict[str, Any]:
    given = request.extra.get("voice_settings")
    return {**(request.fields.get("settings") or {}), **(given if isinstance(given, Mapping) else {})}


def _settings(request: Request) -> dict[str, Any]:
    settings = {**_SETTINGS, **_asked(request)}
    if is_v3(str(request.model)):
        settings["stability"] = _v3_stability(settings["stability"])
        settings = {name: value for name, value in settings.items() if name not in _V3_IGNORES}
    return settings


def is_v3(model: str) -> bool:
    """A model of the third generation, which has three degrees of stability and no style."""
    return model == "eleven_v3" or model.startswith("eleven_v3_")


def _v3_stability(asked: float) -> float:
    return min(_V3_STABILITY, key=lambda known: (abs(known - asked), known))


def _voice_notes(request: Request) -> list[str]:
    fields, asked, told = request.fields, _asked(request), []
    if not fields.get("voice") and "voice" not in request.extra:
        character = fields.get("character") or {}
        told.append(f"voice of {character.get('name') or 'the narrator'} → {default_voice(character)}")
    if is_v3(str(request.model)):
        stability = asked.get("stability", 0.5)
        if stability not in _V3_STABILITY:
            told.append(f"{request.model} knows stability 0, 0.5 and 1: {_v3_stability(stability):g} is sent")
        ignored = [name for name in _V3_IGNORES if asked.get(name)]
        if ignored:
            told.append(f"{request.model} has no {' and no '.join(ignored)}")
    return told


def _pronunciations(fields: Mapping[str, Any]) -> dict[str, str]:
    """Those that this line may need: a text that isn't written yet may need any."""
    given: Mapping[str, str] = fields.get("pronunciations") or {}
    text = fields["text"]
    used = written(text) if isinstance(text, str) else {word.casefold() for word in given}
    return {word: said for word, said in given.items() if word.casefold() in used}


def _music(request: Request) -> dict[str, Any]:
    made = {"model_id": request.model, "output_format": FORMAT}
    if "composition_plan" in request.extra:  # it can't be sent with any of the others
        return made
    return {
        **made,
        "prompt": _music_prompt(request.fields),
        "music_length_ms": math.ceil(float(request.fields["seconds"]) * 1000),
        "force_instrumental": True,
    }


def _music_prompt(fields: Mapping[str, Any]) -> str:
    return str(fields.get("prompt") or f"Background music for a short advertisement: {fields.get('mood')}")


def _sound(request: Request) -> dict[str, Any]:
    seconds = float(request.fields["seconds"])
    return {
        "text": _music_prompt(request.fields),
        "duration_seconds": min(seconds, _LONGEST_SOUND),
        "loop": seconds > _LONGEST_SOUND,
        "prompt_influence": 0.3,
        "model_id": request.model,
        "output_format": FORMAT,
    }


def _transcript(request: Request) -> dict[str, Any]:
    fields = request.fields
    if request.model == ALIGNMENT:
        return {"file": fields["audio"], "text": fields.get("text")}
    made = {
        "file": fields["audio"],
        "model_id": request.model,
        "timestamps_granularity": "word",
        "tag_audio_events": False,
    }
    language = str(fields.get("language") or "").split("-")[0].lower()
    if language:
        made["language_code"] = language
    if fields.get("text"):  # not sent: captions show these words with the times of what is heard
        made["written"] = fields["text"]
    return made


def _text_price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    text, said = sale.params.get("text"), sale.params.get("pronunciations") or {}
    if isinstance(text, str):
        return per_text(price, sale, Line.of(text, said).sent)
    if sale.max_chars is not None:
        sale = replace(sale, max_chars=math.ceil(sale.max_chars * growth(said)))
    return per_text(price, sale, text)


def _time_price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    if "composition_plan" in sale.params:
        planned = _planned(sale.params["composition_plan"])
        return per_unit(price, sale.params, planned or _MUSIC.least, planned or _MUSIC.most)
    length = sale.params.get("music_length_ms")
    if isinstance(length, int | float):
        return per_unit(price, sale.params, length / 1000)
    if sale.seconds is not None:
        return per_unit(price, sale.params, sale.seconds)
    return per_unit(price, sale.params, 0, _LONGEST_AD)


def _planned(plan: Any) -> float | None:
    """Seconds that a composition plan comes to, where all its parts say how long they are."""
    parts = (plan.get("sections") or plan.get("chunks")) if isinstance(plan, Mapping) else None
    try:
        return sum(float(part["duration_ms"]) for part in parts or ()) / 1000 or None
    except (TypeError, KeyError, ValueError):
        return None

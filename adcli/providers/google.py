"""Google: Gemini's pictures and transcripts, whole in the answer to one POST each, and kept nowhere.

Its own SDK sends the requests. As it comes it may go on asking by itself; see ``_google_client``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from adcli.keys import Json
from adcli.providers._pricing import per_tokens, per_unit
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds

_STAGES = ("portrait", "image", "transcribe")
SPEC = ProviderSpec(
    "google",
    versions=dict.fromkeys(_STAGES, 1),
    credentials=("GEMINI_API_KEY",),
    base_url="GOOGLE_GEMINI_BASE_URL",
    abilities=dict.fromkeys(_STAGES, Ability(poll=False, find=False)),
)

PORTRAIT = "3:4"
"""Ratio of a portrait: head and shoulders."""
REFERENCES = 3
"""Pictures that every image model may be shown beside a prompt."""
SIZE = "2K"
"""Pictures of models that have a choice: 1K is smaller than the video."""
WORDS: Mapping[str, Json] = {
    "type": "OBJECT",
    "properties": {
        "words": {
            "type": "ARRAY",
            "items": {
                "type": "OBJECT",
                "properties": {
                    "text": {"type": "STRING"},
                    "start": {"type": "NUMBER"},
                    "end": {"type": "NUMBER"},
                },
                "required": ["text", "start", "end"],
                "propertyOrdering": ["text", "start", "end"],
            },
        }
    },
    "required": ["words"],
}
"""The answer to a transcript: each word with its seconds."""

_ASKED = (
    "Write down every word that is spoken in this recording, in the order and the language in which it is "
    "spoken, with its punctuation. For each word give the seconds from the start of the recording at which "
    "it starts and ends, as decimal numbers to a hundredth of a second."
)
_MOST_WRITTEN = 16_384
"""Tokens of a transcript: more than three minutes of quick speech."""
_MOST_DRAWN = 32_768
_HEARD = 32
"""Tokens of a second of sound."""
_SEEN = 1_300
"""Tokens of a picture that is shown, at most."""
_LONGEST_AD = 180.0


def body(request: Request) -> Mapping[str, Any]:
    """The parts of the question and the model's settings; the user's own settings win.

    ``aspectRatio`` and ``imageSize`` stand beside the others, ``text`` is adcli's own and is not sent.
    """
    made = _transcript(request) if request.stage == "transcribe" else _picture(request)
    return {**made, **request.extra}


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """By the picture, by seconds of sound, or by tokens up to what an answer may have."""
    match price["unit"]:
        case "second":
            length = math.ceil(sale.seconds) if sale.seconds is not None else None
            return per_unit(price, sale.params, length or 0.0, length or _LONGEST_AD)
        case "mtok":
            return per_tokens(price, *_most_tokens(sale))
        case _:
            return per_unit(price, sale.params, 1)


def seconds(stage: str, model: str) -> Seconds | None:  # noqa: ARG001
    """None: pictures have no length."""
    return None


def note(request: Request) -> str | None:
    """That times are a language model's, or how many pictures are not sent."""
    if request.stage == "transcribe":
        return f"word times are what {request.model} says: they are estimated where they can't be right"
    left = len(_shown(request.fields)) - REFERENCES
    return f"google takes {REFERENCES} reference pictures: {left} of them are not sent" if left > 0 else None


def client(environ: Mapping[str, str]) -> Any:
    """A client with its key from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._google_client import GoogleClient

    return GoogleClient(SPEC, environ)


def has_sizes(model: str) -> bool:
    """The model makes pictures of more than one size."""
    return not model.startswith("gemini-2")


def _picture(request: Request) -> dict[str, Any]:
    fields, parts = request.fields, []
    for told, picture in _shown(fields)[:REFERENCES]:
        parts += [{"text": told}, {"inlineData": picture}]
    usual = PORTRAIT if request.stage == "portrait" else "9:16"
    made = {
        "parts": [*parts, {"text": fields["prompt"]}],
        "responseModalities": ["IMAGE"],
        "aspectRatio": fields.get("aspect", usual),
    }
    return {**made, "imageSize": SIZE} if has_sizes(str(request.model)) else made


def _shown(fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Pictures to go by, each after a sentence on what it shows."""
    person = fields.get("person", fields.get("image"))
    found = [("This is the person:", person)] if person is not None else []
    name = fields.get("product_name")
    told = f"This is the product, {name}:" if name else "This is the product:"
    return found + [(told, picture) for picture in fields.get("products") or ()]


def _transcript(request: Request) -> dict[str, Any]:
    fields = request.fields
    parts: list[dict[str, Any]] = [{"inlineData": fields["audio"]}, {"text": _ASKED}]
    if fields.get("language"):
        parts.append({"text": f"The language is {fields['language']}."})
    made: dict[str, Any] = {
        "parts": parts,
        "temperature": 0,
        "responseMimeType": "application/json",
        "responseSchema": WORDS,
        "maxOutputTokens": _MOST_WRITTEN,
    }
    if fields.get("text"):
        parts += [{"text": "These are the words that are spoken:"}, {"text": fields["text"]}]
        made["text"] = fields["text"]
    return made


def _most_tokens(sale: Sale) -> tuple[int, int]:
    """Tokens that are read and written at most: a token is a sign or more."""
    parts = [part for part in sale.params.get("parts", ()) if isinstance(part, Mapping)]
    texts = [part["text"] for part in parts if "text" in part]
    read = sum(len(text) for text in texts if isinstance(text, str))
    read += sum((sale.max_chars or 10_000) for text in texts if not isinstance(text, str))
    if sale.stage == "transcribe":
        read += _HEARD * math.ceil(sale.seconds if sale.seconds is not None else _LONGEST_AD)
        return read, int(sale.params.get("maxOutputTokens", _MOST_WRITTEN))
    read += _SEEN * sum("inlineData" in part for part in parts)
    return read, int(sale.params.get("maxOutputTokens", _MOST_DRAWN))

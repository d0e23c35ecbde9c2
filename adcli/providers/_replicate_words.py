"""A request in the words that Replicate's models share, before they get each model's own names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from adcli.providers._replicate_models import Model
from adcli.registry import Request, Seconds

PORTRAIT = "3:4"
"""Ratio of a portrait: head and shoulders."""
WRITTEN = "written"
"""Part of a body that is not sent: the words of a line that is listened to."""


def words(request: Request, model: Model) -> dict[str, Any]:
    """Word → value; one that the request doesn't have is left out."""
    fields = request.fields
    match request.stage:
        case "image":
            found = _seen(fields) | {"prompt": fields["prompt"], "aspect": fields["aspect"]}
        case "portrait":
            found = {"prompt": fields["prompt"], "aspect": fields.get("aspect", PORTRAIT)}
        case "animate":
            found = _moving(fields, model.sold)
        case "music":
            found = {"prompt": _wish(fields), "seconds": _bought(model.sold, fields.get("seconds"))}
        case "transcribe":
            found = {
                "audio": fields["audio"],
                "language": _base(fields.get("language")),
                WRITTEN: fields.get("text") or None,
            }
        case _:
            found = {name: fields.get(name) for name in ("image", "clip", "audio")}
    found["seed"] = fields.get("seed")
    return {name: value for name, value in found.items() if value is not None}


def sent(body: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a body that the service gets."""
    return {name: value for name, value in body.items() if name != WRITTEN}


def _seen(fields: Mapping[str, Any]) -> dict[str, Any]:
    references = [fields["person"]] if "person" in fields else []
    references += fields.get("products", [])
    return {"reference": references[0], "references": references} if references else {}


def _moving(fields: Mapping[str, Any], sold: Seconds | None) -> dict[str, Any]:
    bought = _bought(sold, fields["seconds"])
    return {
        "prompt": fields["motion"],
        "image": fields["image"],
        "seconds": bought,
        "aspect": fields.get("aspect"),
        "hailuo_resolution": "1080p" if bought == 6 else "768p",  # it sells 10 s at 768p only
    }


def _bought(sold: Seconds | None, needed: float | None) -> int | None:
    """The whole seconds to ask for: the shortest length sold that is enough, else the longest."""
    if sold is None or needed is None:
        return None
    found = sold.bought(needed)
    return math.ceil(sold.most if found is None else found)


def _wish(fields: Mapping[str, Any]) -> Any:
    asked, mood = fields.get("prompt") or "", fields.get("mood") or ""
    if not isinstance(asked, str):
        return asked
    wish = asked or "background music for a short advertisement"
    return ", ".join(part for part in (wish, mood, "instrumental, no vocals") if part)


def _base(language: str | None) -> str | None:
    return language.partition("-")[0].lower() if language else None

"""fal: clips, lip-sync and any other queue model by its endpoint id, with one POST a submit.

The SDK sends a POST up to ten times and can't be told not to, so all requests are our own HTTP
(docs/adr/0004).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from adcli.keys import Json
from adcli.providers import _pricing
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds

_ABILITY = Ability(find=True, settle=1800.0)
"""fal's history lists what has ended: "not listed" says something once no job can still be running."""
SPEC = ProviderSpec(
    "fal",
    versions={"animate": 1, "lipsync": 1},
    credentials=("FAL_KEY",),
    base_url="FAL_QUEUE_BASE_URL",
    abilities={"animate": _ABILITY, "lipsync": _ABILITY},
)

_KLING = "fal-ai/kling-video/v2.5-turbo/"
_KLING_LIPSYNC = "fal-ai/kling-video/lipsync/audio-to-video"
_SYNC = "fal-ai/sync-lipsync"
_SYNC_MODELS = {_SYNC: "lipsync-1.9.0-beta", f"{_SYNC}/v2": "lipsync-2"}
"""The model behind each endpoint of sync's lip-sync that has a choice: asked for by name."""


_INPUTS: Mapping[str, Mapping[str, str]] = {
    "animate": {"prompt": "prompt", "image_url": "image"},
    "lipsync": {"video_url": "clip", "audio_url": "audio"},
}
"""Usual names of inputs, and the word of the stage that goes there."""


def body(request: Request) -> Mapping[str, Any]:
    """The request body of an endpoint: the usual inputs, what decides the result, then the user's own.

    A user's value ``$prompt``, ``$image``, ``$clip`` or ``$audio`` puts that word under another name,
    for a model that calls it so; null leaves an input out.
    """
    fields, model = request.fields, request.model or ""
    words = {f"${word}": fields[word] for word in ("image", "clip", "audio") if word in fields}
    if request.stage == "animate":
        words["$prompt"] = fields["motion"]
    moved = {str(value) for value in request.extra.values()}
    usual = {
        name: words[f"${word}"] for name, word in _INPUTS[request.stage].items() if f"${word}" not in moved
    }
    fixed = _sync(model) if request.stage == "lipsync" else _kling(model, fields["seconds"])
    own = {name: words.get(str(value), value) for name, value in request.extra.items()}
    return {name: value for name, value in {**usual, **fixed, **own}.items() if value is not None}


def _kling(model: str, needed: float) -> dict[str, Any]:
    if not model.startswith(_KLING):
        return {}
    sold = seconds("animate", model)
    assert sold is not None
    bought = sold.bought(needed) or sold.most
    # what the endpoint takes when these are left out, written out because they decide the result
    return {
        "duration": f"{bought:g}",
        "negative_prompt": "blur, distort, and low quality",
        "cfg_scale": 0.5,
    }


def _sync(model: str) -> dict[str, Any]:
    """Clip and voice are of one length; ``cut_off`` because other defaults repeat or stretch the clip."""
    if model != _SYNC and not model.startswith(f"{_SYNC}/"):
        return {}
    chosen = {"model": _SYNC_MODELS[model]} if model in _SYNC_MODELS else {}
    return {**chosen, "sync_mode": "cut_off"}


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """By the second of what is made, rounded up; or by the run."""
    if price["unit"] != "second":
        return _pricing.per_unit(price, sale.params, 1)
    return _pricing.per_unit(price, sale.params, math.ceil(round(_length(sale), 3)))


def _length(sale: Sale) -> float:
    """Seconds that are paid for: those asked for, else those needed."""
    asked = sale.params.get("duration")
    try:
        return float(str(asked).removesuffix("s")) if asked is not None else sale.seconds or 0.0
    except ValueError:
        return sale.seconds or 0.0


def seconds(stage: str, model: str) -> Seconds | None:
    """Kling sells clips of 5 and 10 s and lip-syncs 2 to 10 s; sync's models have no limit."""
    if stage == "animate" and model.startswith(_KLING):
        return Seconds(5, 10, sold=(5, 10))
    if stage == "lipsync" and model == _KLING_LIPSYNC:
        return Seconds(2, 10)
    return None


def note(request: Request) -> str | None:
    """That a model gets nothing but the usual, where adcli doesn't know it."""
    name = request.model or ""
    if name.startswith((_KLING, _SYNC)) or name == _KLING_LIPSYNC:
        return None
    sent = " and ".join(_INPUTS[request.stage])
    return f"{name} is not a model that adcli knows: it gets {sent}, and models.{request.stage}"


def client(environ: Mapping[str, str]) -> Any:
    """A client with its key from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._fal_client import FalClient

    return FalClient(SPEC, environ)

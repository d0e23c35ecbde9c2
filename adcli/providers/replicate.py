"""Replicate: any model by ``owner/name[:version]``, as an asynchronous job with one POST a submit.

The SDK is used for what costs nothing (proving the credential); see docs/adr/0004 for why the
paid POST is our own HTTP.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from adcli.keys import Json
from adcli.providers._pricing import per_gpu_second, per_text, per_unit
from adcli.providers._replicate_models import MODELS, USUAL, listed
from adcli.providers._replicate_words import WRITTEN, words
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds

SPEC = ProviderSpec(
    "replicate",
    versions=dict.fromkeys(MODELS, 1),
    credentials=("REPLICATE_API_TOKEN",),
    base_url="REPLICATE_BASE_URL",
    abilities=dict.fromkeys(MODELS, Ability(find=True)),
)


def body(request: Request) -> Mapping[str, Any]:
    """The ``input`` object of a prediction: what the model takes of the request, then the user's own.

    A user's value ``$image``, ``$clip``, ``$audio`` or ``$prompt`` puts that word of the stage under
    another name than the usual one, for a model that adcli doesn't know; null leaves an input out.
    """
    model = listed(request.stage, request.model or "") or USUAL[request.stage]
    known = words(request, model)
    own = {name: _named(value, known) for name, value in request.extra.items()}
    moved = {str(value)[1:] for value in request.extra.values() if _is_word(value, known)}
    made = {
        name: _cut(known[word], model.most.get(name))
        for name, word in model.inputs.items()
        if word in known and word not in moved
    }
    whole = {**made, **model.fixed, **own, WRITTEN: known.get(WRITTEN)}
    return {name: value for name, value in whole.items() if value is not None}


def _is_word(value: Any, known: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and value.startswith("$") and value[1:] in known


def _named(value: Any, known: Mapping[str, Any]) -> Any:
    return known[str(value)[1:]] if _is_word(value, known) else value


def _cut(value: Any, most: int | None) -> Any:
    return value[:most] if most is not None and isinstance(value, str | list) else value


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """By the unit of its entry; a clip is paid by the seconds asked for, not by those needed."""
    params = sale.params
    match price["unit"]:
        case "image":
            pieces = max(_number(params, "num_outputs", 1), _number(params, "max_images", 1))
            return per_unit(price, params, pieces)
        case "second":
            seconds = math.ceil(_number(params, "duration", sale.seconds or 1))
            return per_unit(price, params, seconds, max(seconds, _number(price, "most", 0)))
        case "gpu_second":
            return per_gpu_second(price, params)
        case "1k_chars":
            return per_text(price, sale, params.get("prompt"))
        case _:
            return per_unit(price, params, 1)


def _number(found: Mapping[str, Any], name: str, default: float) -> float:
    value = found.get(name)
    return value if isinstance(value, int | float) else default


def seconds(stage: str, model: str) -> Seconds | None:
    """Lengths that the model sells or takes; None where it has none, or isn't known."""
    found = listed(stage, model)
    return found.sold if found else None


def note(request: Request) -> str | None:
    """What of the request the model can't take."""
    name = (request.model or "").partition(":")[0]
    model = listed(request.stage, name)
    if model is None:
        sent = " and ".join(USUAL[request.stage].inputs)
        return f"{name} is not a model that adcli knows: it gets {sent}, and models.{request.stage}"
    if request.stage == "image":
        return _unseen(name, model.inputs, words(request, model).get("references", []))
    if name == "openai/whisper":
        return f"{name} times sentences only: the times of words in them are estimated"
    if name == "minimax/hailuo-02" and body(request).get("resolution") == "768p":
        return f"{name} makes clips above 6 s at 768p only"
    return None


def _unseen(name: str, inputs: Mapping[str, str], references: list[Any]) -> str | None:
    if not references or "references" in inputs.values():
        return None
    if "reference" not in inputs.values():
        return f"{name} takes no reference pictures: product and person are made from words alone"
    if len(references) > 1:
        return f"{name} takes one reference picture of {len(references)}: the first one is sent"
    return None


def client(environ: Mapping[str, str]) -> Any:
    """A client with its token from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._replicate_client import ReplicateClient

    return ReplicateClient(SPEC, environ)

"""Runway: pictures, and clips from pictures, as asynchronous tasks with one POST a submit.

Its own SDK sends the requests, with its retries off: as it comes it sends a POST three times.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from adcli.graph.task import Phrase
from adcli.keys import Json
from adcli.providers._pricing import per_unit
from adcli.providers._runway_models import known, listed
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds

_STAGES = ("portrait", "image", "animate")
SPEC = ProviderSpec(
    "runway",
    versions=dict.fromkeys(_STAGES, 1),
    credentials=("RUNWAYML_API_SECRET",),
    base_url="RUNWAYML_BASE_URL",
    abilities=dict.fromkeys(_STAGES, Ability(poll=True, find=False)),
)

PORTRAIT = "3:4"
"""Ratio of a portrait: head and shoulders."""


def body(request: Request) -> Mapping[str, Any]:
    """The request body, with references where addresses of pictures go; the user's own fields win."""
    made = _clip(request) if request.stage == "animate" else _picture(request)
    return {**made, **request.extra}


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """By the second asked for, or by the picture."""
    if price["unit"] != "second":
        pieces = sale.params.get("outputCount", 1)
        return per_unit(price, sale.params, pieces if isinstance(pieces, int) else 1)
    asked = sale.params.get("duration")
    length = asked if isinstance(asked, int | float) else sale.seconds or 1
    return per_unit(price, sale.params, math.ceil(round(length, 3)))


def seconds(stage: str, model: str) -> Seconds | None:
    """Lengths that a model sells; None for pictures, and where it isn't known."""
    found = listed(stage, model)
    return found.sold if found else None


def note(request: Request) -> str | None:
    """That a model isn't known, or what of the request it can't take."""
    name = str(request.model)
    model = listed(request.stage, name)
    if model is None:
        return f"{name} is not a model that adcli knows: add what it needs under models.{request.stage}"
    left = len(_shown(request.fields)) - model.references
    if request.stage != "animate" and left > 0:
        return f"{name} takes {model.references} reference pictures: {left} of them are not sent"
    return None


def client(environ: Mapping[str, str]) -> Any:
    """A client with its key from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._runway_client import RunwayClient

    return RunwayClient(SPEC, environ)


def _clip(request: Request) -> dict[str, Any]:
    fields, model = request.fields, known("animate", str(request.model))
    made: dict[str, Any] = {
        "model": request.model,
        "promptImage": fields["image"],
        "promptText": fields["motion"],
        **model.fixed,
    }
    if model.sold is not None:
        bought = model.sold.bought(fields["seconds"])
        made["duration"] = math.ceil(model.sold.most if bought is None else bought)
    return made | _seed_and_ratio(request, str(fields.get("aspect", "9:16")))


def _picture(request: Request) -> dict[str, Any]:
    fields, model = request.fields, known(request.stage, str(request.model))
    references = _shown(fields)[: model.references]
    made: dict[str, Any] = {"model": request.model, "promptText": _with_tags(fields["prompt"], references)}
    if references:
        made["referenceImages"] = [{"uri": picture, "tag": tag} for tag, picture in references]
    usual = PORTRAIT if request.stage == "portrait" else "9:16"
    return made | _seed_and_ratio(request, str(fields.get("aspect", usual)))


def _seed_and_ratio(request: Request, aspect: str) -> dict[str, Any]:
    model = known(request.stage, str(request.model))
    ratio = model.ratios.get(aspect)
    seed = request.fields.get("seed") if model.has_seed else None
    return {name: value for name, value in (("ratio", ratio), ("seed", seed)) if value is not None}


def _shown(fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Pictures to go by, each with the tag by which the prompt calls it."""
    person = fields.get("person", fields.get("image"))
    found = [("person", person)] if person is not None else []
    products = list(fields.get("products") or ())
    names = ["product", *(f"product_{n}" for n in range(2, len(products) + 1))]
    return found + list(zip(names, products, strict=False))


def _with_tags(prompt: Any, references: list[tuple[str, Any]]) -> Any:
    """The prompt after a line that says what each picture shows: a picture that isn't called is a mood."""
    said = {"person": "The person is @person.", "product": "The product is @product."}
    told = " ".join(said.get(tag, f"The product is also seen in @{tag}.") for tag, _ in references)
    if not told:
        return prompt
    parts = prompt.parts if isinstance(prompt, Phrase) else (prompt,)
    if len(parts) == 1 and isinstance(parts[0], str):
        return f"{told} {parts[0]}"
    return Phrase((f"{told} ", *parts))

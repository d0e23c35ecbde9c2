"""Higgsfield: pictures by Soul models, the one service here that takes an idempotency key.

Its SDK can't send that key, and sends a POST up to four times, so all requests are our own HTTP
(docs/adr/0004).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adcli.keys import Json
from adcli.providers import _pricing
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds

_ABILITY = Ability(poll=True, find=False, idempotent=True)
SPEC = ProviderSpec(
    "higgsfield",
    versions={"portrait": 1, "image": 1},
    credentials=("HF_KEY",),
    or_credentials=("HF_API_KEY", "HF_API_SECRET"),
    base_url="HIGGSFIELD_BASE_URL",
    abilities={"portrait": _ABILITY, "image": _ABILITY},
)

_SEEDS = 999_000
"""Seeds go from 1 to a million; later takes of a task count up from its seed, so that some room is left."""


def body(request: Request) -> Mapping[str, Any]:
    """The request body. It holds no pictures: an upload's address is never the same twice, so a lost
    call could not be sent again with the same key."""
    fields = request.fields
    made = {
        "prompt": fields["prompt"],
        "aspect_ratio": fields.get("aspect", "9:16"),
        "resolution": "1080p",
        "batch_size": 1,
        "enhance_prompt": False,
        "seed": (int(fields["seed"]) - 1) % _SEEDS + 1,
    }
    return {**made, **request.extra}


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """By the picture."""
    return _pricing.per_unit(price, sale.params, int(sale.params.get("batch_size", 1)))


def seconds(stage: str, model: str) -> Seconds | None:  # noqa: ARG001
    """None: pictures have no length."""
    return None


def note(request: Request) -> str | None:
    """That it draws from words alone, where pictures were given."""
    fields = request.fields
    if not (fields.get("person") or fields.get("products") or fields.get("image")):
        return None
    return f"higgsfield draws each {request.stage} from its prompt alone: no picture is sent along"


def client(environ: Mapping[str, str]) -> Any:
    """A client with its key from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._higgsfield_client import HiggsfieldClient

    return HiggsfieldClient(SPEC, environ)

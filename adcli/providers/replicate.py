"""Replicate: any image model by ``owner/name[:version]``, as an asynchronous job with one POST a submit.

The SDK is used for what costs nothing (proving the credential); see docs/adr/0004 for why the
paid POST is our own HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adcli.keys import Json
from adcli.registry import Ability, PriceRange, ProviderSpec, Request, Sale, Seconds
from adcli.units import Usd, usd

SPEC = ProviderSpec(
    "replicate",
    versions={"image": 1},
    credentials=("REPLICATE_API_TOKEN",),
    base_url="REPLICATE_BASE_URL",
    abilities={"image": Ability(find=True)},
)

_REFERENCES = {
    "black-forest-labs/flux-kontext-pro": "input_image",
    "google/nano-banana": "image_input",
    "google/nano-banana-pro": "image_input",
    "bytedance/seedream-4": "image_input",
}
"""The input that takes reference pictures, for the models that have one (model pages, 2026-10)."""
_SEEDLESS = frozenset({"google/nano-banana", "google/nano-banana-pro"})


def body(request: Request) -> Mapping[str, Any]:
    """The ``input`` object of a prediction."""
    fields, name = request.fields, (request.model or "").partition(":")[0]
    made: dict[str, Any] = {
        "prompt": fields["prompt"],
        "aspect_ratio": fields["aspect"],
        "output_format": "png",
    }
    if name not in _SEEDLESS:
        made["seed"] = fields["seed"]
    if name == "bytedance/seedream-4":
        del made["output_format"]
        made["size"] = "2K"
    references = [fields["person"]] if "person" in fields else []
    references += fields["products"]
    if references and name in _REFERENCES:
        slot = _REFERENCES[name]
        made[slot] = references[0] if slot == "input_image" else references
    return {**made, **request.extra}


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:
    """Pictures are sold by the piece: the price times how many the body asks for."""
    pieces = max(int(sale.params.get("num_outputs", 1)), int(sale.params.get("max_images", 1)))
    total = Usd(usd(str(price["usd"])) * pieces)
    return PriceRange(total, total)


def seconds(stage: str, model: str) -> Seconds | None:  # noqa: ARG001
    """None: pictures have no length."""
    return None


def note(request: Request) -> str | None:  # noqa: ARG001
    """None: what is asked for is what is sent."""
    return None


def client(environ: Mapping[str, str]) -> Any:
    """A client with its token from ``environ``; raises CredentialError when there is none."""
    from adcli.providers._replicate_client import ReplicateClient

    return ReplicateClient(SPEC, environ)

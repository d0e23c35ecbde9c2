"""The free draft: words, pictures, moves, voice and music made here, with no key and no network."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from adcli.keys import Json
from adcli.registry import PriceRange, ProviderSpec, Request, Sale, Seconds
from adcli.units import ZERO_USD

SPEC = ProviderSpec(
    "local",
    versions={
        "script": 2,
        "portrait": 2,
        "image": 2,
        "animate": 2,
        "voice": 2,
        "lipsync": 1,
        "music": 2,
    },
    paid=False,
)


def body(request: Request) -> Mapping[str, Any]:
    """Params of a local task; each stage's module takes what its maker depends on."""
    module = importlib.import_module(f"{__name__}.{request.stage}")
    params: Mapping[str, Any] = module.body(request.fields)
    return {**params, **request.extra}


def note(request: Request) -> str | None:
    """What the draft does instead of what was asked for; most stages have nothing to say."""
    module = importlib.import_module(f"{__name__}.{request.stage}")
    sentence: str | None = module.note(request.fields) if hasattr(module, "note") else None
    return sentence


def price(sale: Sale, price: Mapping[str, Json]) -> PriceRange:  # noqa: ARG001
    """Nothing: it runs here."""
    return PriceRange(ZERO_USD, ZERO_USD)


def seconds(stage: str, model: str) -> Seconds | None:  # noqa: ARG001
    """None: whatever is asked for is made."""
    return None


def client(environ: Mapping[str, str]) -> Any:  # noqa: ARG001
    """None: local work has makers, and nothing is called."""
    return None

"""Prices of paid calls from entries of the price file: the ceiling before, the bill after."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from adcli.keys import Json
from adcli.providers._base import Usage
from adcli.registry import PriceRange, Sale
from adcli.units import ZERO_USD, Usd, usd

Price = Mapping[str, Json]
_BILLED_AS = {
    "image": "images",
    "second": "seconds",
    "run": "runs",
    "1k_chars": "characters",
    "gpu_second": "gpu_seconds",
}


def unit_price(price: Price, params: Mapping[str, Any]) -> Usd:
    """USD per unit for a call with these parameters: the first variant that fits, else the dearest."""
    variants = price.get("variants")
    for variant in variants if isinstance(variants, list) else []:
        if all(params.get(name) == value for name, value in variant["when"].items()):
            return usd(str(variant["usd"]))
    return usd(str(price["usd"]))


def per_unit(
    price: Price, params: Mapping[str, Any], units: float, at_most: float | None = None
) -> PriceRange:
    """Cost of so many units; with ``at_most``, of any number between both."""
    one, least = unit_price(price, params), _number(price, "least")
    low, high = max(units, least), max(at_most if at_most is not None else units, least)
    return PriceRange(_times(one, low), _times(one, high))


def per_text(price: Price, sale: Sale, text: Any) -> PriceRange:
    """Cost of a text that is sold by 1,000 characters; one still to be written costs up to its limit."""
    if isinstance(text, str):
        return per_unit(price, sale.params, len(text) / 1000)
    most = sale.max_chars if sale.max_chars is not None else 10_000
    return per_unit(price, sale.params, 1 / 1000, most / 1000)


def per_gpu_second(price: Price, params: Mapping[str, Any]) -> PriceRange:
    """Cost of a run that is billed by the time it takes: up to the model's longest."""
    return PriceRange(ZERO_USD, _times(unit_price(price, params), _number(price, "most")))


def per_tokens(price: Price, read: float, written: float) -> PriceRange:
    """Ceiling of a call that reads and writes up to so many tokens; it may well use fewer."""
    return PriceRange(ZERO_USD, _tokens(price, read, written))


def billed(price: Price, params: Mapping[str, Any], usage: Usage) -> Usd | None:
    """What a call has cost by the service's own count; None where it didn't say, or counts something else."""
    if "usd" in usage:
        return usd(str(usage["usd"]))
    if "read_tokens" in usage and price["unit"] == "mtok":
        return _tokens(price, usage["read_tokens"], usage.get("written_tokens", 0.0))
    units = usage.get(_BILLED_AS.get(str(price["unit"]), ""))
    if units is None:
        return None
    scale = 1000 if price["unit"] == "1k_chars" else 1
    return _times(unit_price(price, params), max(units / scale, _number(price, "least")))


def _tokens(price: Price, read: float, written: float) -> Usd:
    million = 1_000_000
    dollars = read / million * _number(price, "usd") + written / million * _number(price, "usd_out")
    return usd(str(round(dollars, 6)))


def _times(one: Usd, units: float) -> Usd:
    return Usd(one * Decimal(str(round(units, 6))))


def _number(price: Price, name: str) -> float:
    found = price.get(name)
    return float(found) if isinstance(found, int | float) else 0.0

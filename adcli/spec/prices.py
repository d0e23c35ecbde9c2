"""What models cost: the shipped price file, with the campaign's own prices over it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

from adcli.keys import Json
from adcli.spec.money import PriceEntry
from adcli.spec.spelling import Aliases, respell
from adcli.spec.template import Model
from adcli.spec.wording import validate
from adcli.spec.yaml_source import read_document

Price: TypeAlias = Mapping[str, Json]
"""``unit``, ``usd`` and, where known, ``usd_out``, ``source``, ``as_of``; see PriceEntry."""


class PriceBook(Model):
    """The shipped price file: ``provider:model`` → price."""

    prices: dict[str, PriceEntry]


def load_prices(own: Mapping[str, PriceEntry]) -> Mapping[str, Price]:
    """Price of each ``provider:model``; ``own`` are the campaign's, which win."""
    return _shipped() | {model: _plain(entry) for model, entry in own.items()}


@cache
def _shipped() -> dict[str, Price]:
    document = read_document(Path(__file__).with_name("prices.yaml"), "prices.yaml")
    respell(document, PriceBook, Aliases())
    book = validate(document, PriceBook)
    document.check()
    assert book is not None
    return {model: _plain(entry) for model, entry in book.prices.items()}


def _plain(entry: PriceEntry) -> Price:
    found: Price = entry.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return found

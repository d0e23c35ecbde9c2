"""Canonical JSON and the two hashes that name work: recipe (known at plan time) and key (names a checkpoint).

The documents and prefixes are fixed by the contract; a golden test holds the hashes of
representative tasks.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Json: TypeAlias = "None | bool | int | float | str | Sequence[Json] | Mapping[str, Json]"

_RECIPE = b"adcli-recipe/1\n"
_KEY = b"adcli-key/1\n"


class NotCanonical(ValueError):
    """A value has no canonical JSON form."""


def canonical(value: Json) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; a whole float is written as an integer.

    Raises NotCanonical for NaN, infinities, keys that are not text, and other types.
    """
    return _encode(normalized(value))


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _encode(plain: object) -> bytes:
    try:
        return _ENCODER.encode(plain).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("text with a lone surrogate") from error


def normalized(value: object) -> object:
    """Plain JSON values only, each number in its one form; raises NotCanonical."""
    if value is None or isinstance(value, str | bool | int):
        return str(value) if isinstance(value, StrEnum) else value
    if isinstance(value, float | Decimal):
        number = float(value)
        if not math.isfinite(number):
            raise NotCanonical(f"{value!r} is not a finite number")
        return int(number) if number.is_integer() else number
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise NotCanonical("a key that is not text")
        return {name: normalized(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [normalized(item) for item in value]
    raise NotCanonical(f"a value of type {type(value).__name__}")


def digest(data: bytes) -> str:
    """Lower-case hexadecimal sha256."""
    return hashlib.sha256(data).hexdigest()


def recipe_of(document: Mapping[str, Json]) -> str:
    """Recipe of a document whose ``inputs`` are ``[recipe, output]`` pairs."""
    return digest(_RECIPE + canonical(document))


def recipe_of_normalized(document: Mapping[str, Json]) -> str:
    """As ``recipe_of``, for a document of normalized values: planning 50,000 tasks walks each once."""
    return digest(_RECIPE + _encode(document))


def key_of_normalized(document: Mapping[str, Json]) -> str:
    """As ``key_of``, for a document of normalized values."""
    return digest(_KEY + _encode(document))


def key_of(document: Mapping[str, Json]) -> str:
    """Key of a document whose ``inputs`` are ``[output, sha256]`` pairs."""
    return digest(_KEY + canonical(document))


def work_document(
    *,
    stage: str,
    version: int,
    provider: str | None,
    model: str | None,
    params: Mapping[str, Json],
    take: int | None,
    inputs: Sequence[Sequence[str]],
) -> dict[str, Json]:
    """The document both hashes are made of; absent parts are left out, not null."""
    document: dict[str, Json] = {"stage": stage, "version": version, "params": params, "inputs": inputs}
    optional: dict[str, Json] = {"provider": provider, "model": model, "take": take}
    return document | {name: value for name, value in optional.items() if value is not None}

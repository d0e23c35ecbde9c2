"""A model of Replicate as its schema describes it, and the checks that it makes of an input.

An enum is a schema of its own that ``allOf`` points to, as cog writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a model."""

    type: str
    default: Any = None
    required: bool = False
    choices: tuple[Any, ...] = ()
    least: float | None = None
    most: float | None = None
    uri: bool = False
    shortest: int | None = None
    longest: int | None = None

    def schema(self, name: str, order: int) -> dict[str, Any]:
        """Its property in the Input schema."""
        made: dict[str, Any] = {"x-order": order, "title": name.replace("_", " ").title()}
        if self.choices:
            made["allOf"] = [{"$ref": f"#/components/schemas/{name}"}]
        else:
            made["type"] = self.type
        if self.type == "array":
            made["items"] = {"type": "string", "format": "uri"}
        limits = {"default": self.default, "minimum": self.least, "maximum": self.most}
        limits |= {"minLength": self.shortest, "maxLength": self.longest}
        if self.uri and self.type == "string":
            limits["format"] = "uri"
        return made | {key: value for key, value in limits.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Model:
    """A model: official ones are called by name, others by version only. ``many``: its output is a list.

    ``gives`` is image, alpha, clip, audio or transcript. ``seconds`` are what a clip of its input, or a
    sound that it makes, may last at least and at most.
    """

    name: str
    fields: Mapping[str, Field]
    gives: str = "image"
    many: bool = False
    official: bool = True
    strict: bool = False
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    seconds: tuple[float, float] | None = None

    @property
    def version(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(f"version of {self.name}".encode()).hexdigest()

    def filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The input with the model's defaults."""
        defaults = {name: item.default for name, item in self.fields.items() if item.default is not None}
        return defaults | dict(given)

    def openapi(self) -> dict[str, Any]:
        """Its OpenAPI document, as ``latest_version.openapi_schema`` holds it."""
        items = list(self.fields.items())
        uri = {"type": "string", "title": "Output", "format": "uri"}
        one = {"type": "object", "title": "Output"} if self.gives == "transcript" else uri
        schemas: dict[str, Any] = {
            "Input": {
                "type": "object",
                "title": "Input",
                "required": [name for name, item in items if item.required],
                "properties": {name: item.schema(name, order) for order, (name, item) in enumerate(items)},
            },
            "Output": {"type": "array", "title": "Output", "items": uri} if self.many else one,
        }
        for name, item in items:
            if item.choices:
                schemas[name] = {"type": item.type, "title": name, "enum": list(item.choices)}
        info = {"title": "Cog", "version": "0.1.0"}
        return {"openapi": "3.0.2", "info": info, "components": {"schemas": schemas}}

    def problems(self, given: object) -> list[dict[str, str]]:
        """``invalid_fields`` of an input; empty when it is fine."""
        if not isinstance(given, Mapping):
            return [_problem("invalid_type", "input", "Invalid type. Expected: object")]
        found = [
            _problem("required", "input", f"{name} is required")
            for name, item in self.fields.items()
            if item.required and given.get(name) is None
        ]
        for name, value in given.items():
            if item := self.fields.get(name):
                found.extend(_problems_of(name, item, value))
            elif self.strict:
                message = f"Additional property {name} is not allowed"
                found.append(_problem("additional_property_not_allowed", "input", message))
        return found


def _problems_of(name: str, item: Field, value: object) -> Iterator[dict[str, str]]:
    where = f"input.{name}"
    is_bool = isinstance(value, bool)
    if not isinstance(value, _TYPES[item.type]) or (is_bool and item.type != "boolean"):
        given = "null" if value is None else "boolean" if is_bool else type(value).__name__
        yield _problem("invalid_type", where, f"Invalid type. Expected: {item.type}, given: {given}")
    elif item.choices and value not in item.choices:
        listed = ", ".join(f'"{choice}"' for choice in item.choices)
        yield _problem("enum", where, f"{where} must be one of the following: {listed}")
    elif isinstance(value, str):
        if len(value) < (item.shortest or 0):
            yield _problem("string_gte", where, f"String length must be at least {item.shortest}")
        if item.longest is not None and len(value) > item.longest:
            yield _problem("string_lte", where, f"String length must be at most {item.longest}")
    elif isinstance(value, int | float):
        if item.most is not None and value > item.most:
            yield _problem("number_lte", where, f"Must be less than or equal to {item.most:g}")
        if item.least is not None and value < item.least:
            yield _problem("number_gte", where, f"Must be greater than or equal to {item.least:g}")


def _problem(kind: str, place: str, description: str) -> dict[str, str]:
    return {"type": kind, "field": place, "description": description}

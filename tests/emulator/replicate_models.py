"""Replicate's models as their schemas describe them, and the checks that it makes of an input.

Names, types, limits and defaults: model pages of October 2026. An enum is a schema of its own that
``allOf`` points to, as cog writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

RATIOS = ("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21")
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
        if self.uri and self.type == "string":
            limits["format"] = "uri"
        return made | {key: value for key, value in limits.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Model:
    """A model: official ones are called by name, others by version only. ``many``: its output is a list."""

    name: str
    fields: Mapping[str, Field]
    many: bool = False
    official: bool = True
    strict: bool = False
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)

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
        schemas: dict[str, Any] = {
            "Input": {
                "type": "object",
                "title": "Input",
                "required": [name for name, item in items if item.required],
                "properties": {name: item.schema(name, order) for order, (name, item) in enumerate(items)},
            },
            "Output": {"type": "array", "title": "Output", "items": uri} if self.many else uri,
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
    elif isinstance(value, int | float):
        if item.most is not None and value > item.most:
            yield _problem("number_lte", where, f"Must be less than or equal to {item.most:g}")
        if item.least is not None and value < item.least:
            yield _problem("number_gte", where, f"Must be greater than or equal to {item.least:g}")


def _problem(kind: str, place: str, description: str) -> dict[str, str]:
    return {"type": kind, "field": place, "description": description}


_TALL = {"9:16": (768, 1344), "16:9": (1344, 768), "4:5": (896, 1088), "1:1": (1024, 1024)}
_PROMPT = Field("string", required=True)
_SEED = Field("integer")

_LIST = (
    Model(
        "black-forest-labs/flux-schnell",
        {
            "prompt": _PROMPT,
            "aspect_ratio": Field("string", "1:1", choices=RATIOS),
            "num_outputs": Field("integer", 1, least=1, most=4),
            "num_inference_steps": Field("integer", 4, least=1, most=4),
            "seed": _SEED,
            "output_format": Field("string", "webp", choices=("webp", "jpg", "png")),
            "output_quality": Field("integer", 80, least=0, most=100),
            "disable_safety_checker": Field("boolean", False),
            "go_fast": Field("boolean", True),
            "megapixels": Field("string", "1", choices=("1", "0.25")),
        },
        many=True,
        sizes=_TALL,
    ),
    Model(
        "black-forest-labs/flux-1.1-pro",
        {
            "prompt": _PROMPT,
            "image_prompt": Field("string", uri=True),
            "aspect_ratio": Field("string", "1:1", choices=("custom", *RATIOS)),
            "width": Field("integer", least=256, most=1440),
            "height": Field("integer", least=256, most=1440),
            "safety_tolerance": Field("integer", 2, least=1, most=6),
            "seed": _SEED,
            "prompt_upsampling": Field("boolean", False),
            "output_format": Field("string", "webp", choices=("webp", "jpg", "png")),
            "output_quality": Field("integer", 80, least=0, most=100),
        },
        sizes=_TALL,
    ),
    Model(
        "google/nano-banana",
        {
            "prompt": _PROMPT,
            "image_input": Field("array", uri=True),
            "aspect_ratio": Field("string", "match_input_image", choices=("match_input_image", *RATIOS)),
            "output_format": Field("string", "jpg", choices=("jpg", "png")),
        },
        strict=True,
        sizes=_TALL,
    ),
    Model(
        "bytedance/seedream-4",
        {
            "prompt": _PROMPT,
            "image_input": Field("array", uri=True),
            "size": Field("string", "2K", choices=("1K", "2K", "4K", "custom")),
            "aspect_ratio": Field("string", "match_input_image", choices=("match_input_image", *RATIOS)),
            "width": Field("integer", 2048, least=1024, most=4096),
            "height": Field("integer", 2048, least=1024, most=4096),
            "sequential_image_generation": Field("string", "disabled", choices=("disabled", "auto")),
            "max_images": Field("integer", 1, least=1, most=15),
            "enhance_prompt": Field("boolean", True),
        },
        many=True,
        sizes={"9:16": (1440, 2560), "16:9": (2560, 1440), "4:5": (1792, 2240), "1:1": (2048, 2048)},
    ),
    Model(
        "851-labs/background-remover",
        {
            "image": Field("string", required=True, uri=True),
            "threshold": Field("number", 0, least=0, most=1),
            "format": Field("string", "png", choices=("png",)),
        },
        official=False,
    ),
)
MODELS = {model.name: model for model in _LIST}


def by_version(written: str) -> Model | None:
    """The model of ``owner/name`` (official ones), ``owner/name:hash`` or a bare hash."""
    name, _, version = written.partition(":")
    if model := MODELS.get(name):
        return model if version == model.version or (not version and model.official) else None
    return next((model for model in MODELS.values() if model.version == written), None)

"""Endpoints of the emulated fal: their inputs, what they make, and what a unit of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]

_TEXT: Schema = {"type": "string"}
_KLING: Mapping[str, Schema] = {
    "prompt": {"type": "string", "maxLength": 2500},
    "image_url": _TEXT,
    "duration": {"type": "string", "enum": ["5", "10"], "default": "5"},
    "negative_prompt": {"type": "string", "default": "blur, distort, and low quality"},
    "cfg_scale": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
    "tail_image_url": {"anyOf": [_TEXT, {"type": "null"}]},
}
_MODES = ["cut_off", "loop", "bounce", "silence", "remap"]


@dataclass(frozen=True, slots=True)
class Model:
    """One endpoint. ``padding``: bytes of further JSON in its results, for the limit of 10 KB."""

    id: str
    makes: str
    inputs: Mapping[str, Schema]
    required: tuple[str, ...]
    unit: str
    unit_price: float
    padding: int = 0

    @property
    def app(self) -> str:
        """Owner and app alone: below it the queue keeps the endpoint's requests."""
        return "/".join(self.id.split("/")[:2])

    def filled(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The input with defaults."""
        defaults = {name: schema["default"] for name, schema in self.inputs.items() if "default" in schema}
        return {**defaults, **given}

    def openapi(self) -> dict[str, Any]:
        """The document that the platform API gives with ``expand=openapi-3.0``."""
        name = "".join(part.title() for part in self.id.replace("/", " ").replace("-", " ").split()) + "Input"
        schema = {"type": "object", "properties": dict(self.inputs), "required": list(self.required)}
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        post = {"requestBody": {"required": True, "content": content}, "responses": {"200": {}}}
        return {
            "openapi": "3.0.4",
            "paths": {f"/{self.id}": {"post": post}, f"/{self.app}/requests/{{request_id}}": {"get": {}}},
            "components": {"schemas": {name: schema}},
        }


def _sync(name: str, unit_price: float, models: tuple[str, ...]) -> Model:
    files: dict[str, Schema] = {"video_url": _TEXT, "audio_url": _TEXT}
    chosen: dict[str, Schema] = (
        {"model": {"type": "string", "enum": list(models), "default": models[0]}} if models else {}
    )
    mode: dict[str, Schema] = {"sync_mode": {"type": "string", "enum": _MODES, "default": "cut_off"}}
    required = ("video_url", "audio_url")
    return Model(name, "lipsync", {**chosen, **files, **mode}, required, "minutes", unit_price)


def _clips(name: str, unit_price: float, inputs: Mapping[str, Schema] = _KLING, padding: int = 0) -> Model:
    return Model(name, "clip", inputs, ("prompt", "image_url"), "seconds", unit_price, padding)


_ALL = (
    _clips("fal-ai/kling-video/v2.5-turbo/pro/image-to-video", 0.07),
    _clips("fal-ai/kling-video/v2.5-turbo/standard/image-to-video", 0.042),
    _sync("fal-ai/sync-lipsync", 0.7, ("lipsync-1.9.0-beta", "lipsync-1.8.0", "lipsync-1.7.1")),
    _sync("fal-ai/sync-lipsync/v2", 3.0, ("lipsync-2", "lipsync-2-pro")),
    _sync("fal-ai/sync-lipsync/v3", 8.0, ()),
    _clips("fal-ai/talkative/image-to-video", 0.1, {"prompt": _TEXT, "image_url": _TEXT}, padding=12_000),
)
MODELS: Mapping[str, Model] = {model.id: model for model in _ALL}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A model's own error answer: nothing here is refused before a runner has looked at it."""

    status: int
    kind: str
    message: str
    place: tuple[str, ...] = ("body",)
    retryable: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        item = {
            "loc": list(self.place),
            "msg": self.message,
            "type": self.kind,
            "url": f"/errors#{self.kind}",
        }
        return {"detail": [item | {"ctx": {}, "input": None}]}


def refusal(model: Model, given: Mapping[str, Any]) -> Refusal | None:
    """What the runner finds wrong with an input; unknown fields are ignored."""
    for name in model.required:
        if name not in given:
            return Refusal(422, "missing", "Field required", ("body", name))
    for name, schema in model.inputs.items():
        if name not in given:
            continue
        value, allowed = given[name], schema.get("enum")
        if schema.get("type") == "string" and not isinstance(value, str):
            return Refusal(422, "string_type", "Input should be a valid string", ("body", name))
        if allowed and value not in allowed:
            told = " or ".join(f"'{item}'" for item in allowed)
            return Refusal(422, "literal_error", f"Input should be {told}", ("body", name))
        if schema.get("type") == "number" and not 0 <= value <= schema["maximum"]:
            most = schema["maximum"]
            return Refusal(
                422, "less_than_equal", f"Input should be less than or equal to {most}", ("body", name)
            )
    return None

"""The JSON Schema of campaign files, for editors: draft 07, with every other spelling accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from adcli.registry import OpSpec, operations
from adcli.spec import campaign, look, money
from adcli.spec.campaign import Campaign
from adcli.spec.load import ALIASES

FILE_NAME = "adcli.schema.json"
"""What ``adcli init`` calls the schema, and what the first line of a scaffolded campaign points to."""


def campaign_schema() -> dict[str, Any]:
    """The schema as JSON: ``definitions``, no unknown fields; camelCase is valid but not offered."""
    found = Campaign.model_json_schema()
    definitions = found.pop("$defs")
    models = {name: _model(name) for name in definitions}
    schema = _object(found, Campaign) | {
        "definitions": {
            name: _object(body, model) if (model := models[name]) else _plain(body)
            for name, body in sorted(definitions.items())
        }
    }
    schema["properties"]["post"]["items"] = _operation()
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "adcli campaign"} | schema


def schema_text() -> str:
    """The schema as a file's text."""
    return json.dumps(campaign_schema(), indent=2, ensure_ascii=False) + "\n"


def _operation() -> dict[str, Any]:
    """An entry of ``post``: a name, or a map of one name to its settings; other spellings are let through."""
    ops = {name: _settings(spec) for name, spec in sorted(operations().items())}
    named = {"type": "object", "properties": ops, "minProperties": 1, "maxProperties": 1}
    return {"anyOf": [{"type": "string", "examples": list(ops)}, named]}


def _settings(spec: OpSpec) -> dict[str, Any]:
    found = spec.settings.model_json_schema()
    whole = _object(_inlined(found, found.pop("$defs", {})), spec.settings)
    return {**whole, "description": spec.summary}


def _inlined(value: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema with what it refers to in its place, as operations may have models of one name; pairs are
    lists of two, as draft 07 knows no other.
    """
    if isinstance(value, list):
        return [_inlined(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        target = definitions[value["$ref"].rpartition("/")[2]]
        return {**_inlined(target, definitions), **{k: v for k, v in value.items() if k != "$ref"}}
    plain = {name: _inlined(item, definitions) for name, item in value.items()}
    if pair := plain.pop("prefixItems", None):
        plain["items"] = pair[0]
    return plain


def _model(name: str) -> type[BaseModel] | None:
    places = (campaign, look, money)
    found = next((getattr(place, name) for place in places if hasattr(place, name)), None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _object(body: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """An object's schema that also takes its fields in camelCase, and users' older names."""
    plain: dict[str, Any] = _plain(body)
    other = {_camel(name): field for name, field in plain["properties"].items() if _camel(name) != name}
    for alias, path in ALIASES.of.get(model, {}).items():
        other[alias] = plain["properties"][path[0]] if len(path) == 1 else {}
    if other:
        plain["patternProperties"] = {f"^{name}$": field for name, field in other.items()}
    return plain


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found.group(1).upper(), name)


def _plain(value: Any) -> Any:
    """Draft 07 wording: ``definitions``, no title beside each field, nothing beside a reference."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: item for name, item in value.items() if not (name == "title" and isinstance(item, str))}
    plain = {name: _fields(item) if name == "properties" else _plain(item) for name, item in kept.items()}
    if "$ref" in plain:
        target = {"$ref": str(plain.pop("$ref")).replace("#/$defs/", "#/definitions/")}
        return {"allOf": [target], **plain} if plain else target
    return plain


def _fields(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(field) for name, field in properties.items()}

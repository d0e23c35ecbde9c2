"""Models as Replicate describes them now: which version to call, and what of a body it would refuse."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adcli.errors import Rejected, ResultExpired
from adcli.providers._http import Http
from adcli.providers._replicate_models import MODELS, USUAL, listed
from adcli.providers._replicate_wire import NAME, document

_NAME = re.compile(r"[\w.-]+/[\w.-]+(:[0-9a-f]{6,64})?")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A model at the service. ``version`` is what to call it by, None for an official model.

    ``inputs`` maps its inputs to their JSON schemas; None when the service doesn't show them.
    """

    version: str | None
    inputs: Mapping[str, Mapping[str, Any]] | None
    required: frozenset[str] = frozenset()
    schemas: Mapping[str, Any] = field(default_factory=dict)


class Models:
    """Asks for each model once."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._known: dict[str, Known] = {}
        self._asking = asyncio.Lock()

    async def known(self, model: str) -> Known:
        """The model of ``owner/name[:version]``; Rejected when there is none."""
        async with self._asking:
            if model not in self._known:
                self._known[model] = await self._asked(model)
            return self._known[model]

    async def _asked(self, model: str) -> Known:
        if not _NAME.fullmatch(model):
            raise Rejected(NAME, f"{model!r} is no model", hint="expected owner/name or owner/name:version")
        name, _, version = model.partition(":")
        path = f"/v1/models/{name}" + (f"/versions/{version}" if version else "")
        try:
            found = document(await self._http.request("GET", path))
        except ResultExpired:
            raise Rejected(NAME, f"there is no model {model}", hint=_near(name, version)) from None
        if version:
            return _known(version, found)
        latest = found.get("latest_version")
        latest = latest if isinstance(latest, Mapping) else {}
        if _is_official(name, found):
            return _known(None, latest)
        if not latest.get("id"):
            raise Rejected(NAME, f"{name} has no version that can be called", hint="name owner/name:version")
        return _known(str(latest["id"]), latest)


def _is_official(name: str, found: Mapping[str, Any]) -> bool:
    """By our list, else by the service's word; others are called by their version, which always works."""
    entry = next((models[name] for models in MODELS.values() if name in models), None)
    return entry.official if entry else found.get("is_official") is True


def _near(name: str, version: str) -> str:
    if version:
        return f"look at replicate.com/{name}/versions, or leave the version out for the latest"
    known = sorted({known for models in MODELS.values() for known in models})
    close = difflib.get_close_matches(name, known, 1, 0.5)
    return f"did you mean {close[0]}?" if close else "expected owner/name as on replicate.com"


def _known(version: str | None, found: Mapping[str, Any]) -> Known:
    """Reads the OpenAPI document of a version; anything unreadable in it is not checked."""
    whole = found.get("openapi_schema")
    components = whole.get("components") if isinstance(whole, Mapping) else None
    schemas = components.get("schemas") if isinstance(components, Mapping) else None
    given = schemas.get("Input") if isinstance(schemas, Mapping) else None
    inputs = given.get("properties") if isinstance(given, Mapping) else None
    if not isinstance(schemas, Mapping) or not isinstance(given, Mapping) or not isinstance(inputs, Mapping):
        return Known(version, None)
    shown = {str(name): schema for name, schema in inputs.items() if isinstance(schema, Mapping)}
    return Known(version, shown, frozenset(given.get("required") or ()), schemas)


def check(known: Known, stage: str, model: str, body: Mapping[str, Any]) -> None:
    """Raises Rejected for a body that the model would refuse, with all that is wrong and its real inputs."""
    if known.inputs is None:
        return
    unknown = [name for name in body if name not in known.inputs]
    missing = sorted(name for name in known.required if body.get(name) is None)
    wrong = [
        f"{name}: {trouble}"
        for name, value in body.items()
        if name in known.inputs and (trouble := _trouble(value, known.inputs[name], known.schemas))
    ]
    told = [f"no input {name!r}" for name in unknown]
    told += [f"{name} is missing" for name in missing] + wrong
    if told:
        has = ", ".join(known.inputs)
        message = f"{model}: {'; '.join(told)}; its inputs are {has}"
        raise Rejected(NAME, message, hint=_remedy(stage, model, unknown, missing, tuple(known.inputs)))


def _remedy(
    stage: str, model: str, unknown: list[str], missing: list[str], inputs: tuple[str, ...]
) -> str | None:
    usual = USUAL[stage].inputs
    ours = [name for name in unknown if name in usual and listed(stage, model) is None]
    if ours:
        close = next((name for name in [*missing, *inputs] if name.endswith(ours[0])), "INPUT")
        return f"say where the {ours[0]} goes: models: {{{stage}: {{{close}: ${usual[ours[0]]}}}}}"
    if unknown and (close_names := difflib.get_close_matches(unknown[0], inputs, 1)):
        return f"did you mean {close_names[0]}?"
    if unknown or missing:
        return f"change models.{stage}; the value null leaves an input out"
    return None


def _trouble(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str | None:
    """What is wrong with one value; None when it is fine, or can't be told."""
    whole = _flat(schema, schemas)
    expected = str(whole.get("type") or "")
    if isinstance(value, Mapping) and value.keys() & {"$input", "$asset", "$text"}:
        return "it takes a list" if expected == "array" else None
    if expected in _TYPES and not _is(value, expected):
        return f"{value!r} is no {expected}"
    choices = whole.get("enum")
    if isinstance(choices, list) and value not in choices:
        return f"{value!r} is not one of {', '.join(str(choice) for choice in choices)}"
    return _outside(value, whole)


def _outside(value: Any, whole: Mapping[str, Any]) -> str | None:
    least, most = whole.get("minimum"), whole.get("maximum")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(least, int | float) and value < least:
        return f"{value:g} is less than {least:g}"
    if isinstance(most, int | float) and value > most:
        return f"{value:g} is more than {most:g}"
    return None


def _is(value: Any, expected: str) -> bool:
    if isinstance(value, bool):
        return expected == "boolean"
    return isinstance(value, _TYPES[expected])


def _flat(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """A property with what ``allOf`` and ``$ref`` add; one with alternatives says nothing of its type."""
    whole: dict[str, Any] = {}
    for part in _parts(schema):
        named = str(part.get("$ref", "")).rpartition("/")[2]
        target = schemas.get(named) if named else None
        whole |= dict(target) if isinstance(target, Mapping) else dict(part)
    return {} if "anyOf" in whole or "oneOf" in whole or whole.get("nullable") else whole


def _parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    extra = schema.get("allOf")
    yield from (part for part in extra if isinstance(part, Mapping)) if isinstance(extra, list) else ()

"""Checks a request body against the schema that fal publishes for its endpoint, before anything is sent."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from adcli.errors import Rejected

_NUMBERS = ("integer", "number")
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": (list, tuple),
    "object": Mapping,
}


def check_body(model: str, body: Mapping[str, Any], openapi: Mapping[str, Any] | None) -> None:
    """Raises Rejected with every problem and the model's real fields; passes where there is no schema.

    Texts may be placeholders and files references: what is not plain is taken for a text.
    """
    schema = _input(openapi, model) if openapi else None
    if openapi is None or schema is None:
        return
    known: Mapping[str, Any] = schema.get("properties") or {}
    problems = [
        *_unknown(body, known, schema),
        *(f"{name} is missing" for name in _list(schema, "required") if name not in body),
        *(
            problem
            for name in body
            if name in known
            for problem in _wrong(name, body[name], known[name], openapi)
        ),
    ]
    if problems:
        raise Rejected("fal", f"{model}: {'; '.join(problems)}", hint=f"its inputs are {', '.join(known)}")


def _input(openapi: Mapping[str, Any], model: str) -> Mapping[str, Any] | None:
    """Schema of the body that is posted to the endpoint."""
    paths = openapi.get("paths")
    path = paths.get(f"/{model}") if isinstance(paths, Mapping) else None
    try:
        posted = path["post"]["requestBody"]["content"]["application/json"]["schema"]  # type: ignore[index]
    except (KeyError, TypeError):
        return None
    found = _resolved(posted, openapi)
    return found if isinstance(found.get("properties"), Mapping) else None


def _resolved(schema: Any, openapi: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema with its first ``$ref`` followed; the empty one, which all fits, where it can't be."""
    if not isinstance(schema, Mapping):
        return {}
    found: Any = openapi
    if "$ref" not in schema:
        return schema
    for part in str(schema["$ref"]).removeprefix("#/").split("/"):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _unknown(body: Mapping[str, Any], known: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    if schema.get("additionalProperties"):
        return
    for name in body:
        if name not in known:
            close = difflib.get_close_matches(name, list(known), 1)
            yield f"there is no input {name!r}" + (f" (did you mean {close[0]}?)" if close else "")


def _wrong(name: str, value: Any, schema: Any, openapi: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(value, Mapping) and any(key.startswith("$") for key in value):
        return
    whole = _resolved(schema, openapi)
    choices = [_resolved(item, openapi) for item in _list(whole, "anyOf")] or [whole]
    problems = [list(_misfits(name, value, choice)) for choice in choices]
    if all(problems):
        yield from problems[0]


def _misfits(name: str, value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    kind, allowed = str(schema.get("type")), schema.get("enum")
    wanted = type(None) if kind == "null" else _TYPES.get(kind)
    if wanted and (not isinstance(value, wanted) or (kind in _NUMBERS and isinstance(value, bool))):
        yield f"{name} is {value!r}, expected {_article(kind)}"
    elif isinstance(allowed, list) and value not in allowed:
        yield f"{name} is {value!r}, expected one of {', '.join(map(str, allowed))}"
    elif kind in _NUMBERS:
        least, most = (_number(schema, bound) for bound in ("minimum", "maximum"))
        if (least is not None and value < least) or (most is not None and value > most):
            yield f"{name} is {value!r}, expected {_range(least, most)}"


def _range(least: float | None, most: float | None) -> str:
    if least is None:
        return f"at most {most:g}"
    return f"at least {least:g}" if most is None else f"{least:g} to {most:g}"


def _number(schema: Mapping[str, Any], name: str) -> float | None:
    found = schema.get(name)
    return float(found) if isinstance(found, int | float) else None


def _list(schema: Mapping[str, Any], name: str) -> list[Any]:
    found = schema.get(name)
    return found if isinstance(found, list) else []


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aio" else f"a {kind}"

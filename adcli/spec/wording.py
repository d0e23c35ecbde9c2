"""Turns a Document into a model, and pydantic's errors into plain words with their place in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from adcli.spec.document import Document, Node, Path, clip, describe, suggest
from adcli.spec.values import Expected

M = TypeVar("M", bound=BaseModel)

_LIST_TYPES = {"tuple_type", "list_type", "frozen_set_type"}


def validate(document: Document, model: type[M]) -> M | None:
    """The model, or None when the file's values don't fit it: then the problems are noted."""
    try:
        return model.model_validate_json(json.dumps(document.root.plain()))
    except ValidationError as error:
        for path, message in _readable(document.root, error):
            document.add(path, message)
        return None


def _readable(root: Node, error: ValidationError) -> Iterator[tuple[Path, str]]:
    found = [(_path(root, item), item) for item in error.errors(include_url=False, include_input=False)]
    paths = [path for path, _ in found]
    for path, item in found:
        counted = item["type"] in ("too_short", "too_long")
        if counted and any(other[: len(path)] == path and other != path for other in paths):
            continue
        yield path, message_of(item, _value(root, path))


def _path(root: Node, item: Mapping[str, Any]) -> Path:
    """The part of pydantic's location that exists in the file: branch names of unions are left out."""
    path: list[str | int] = []
    node: Node | None = root
    for index, part in enumerate(item["loc"]):
        child = node.child(part) if node else None
        if child is not None:
            path.append(part)
            node = child
        elif item["type"] == "missing" and index == len(item["loc"]) - 1:
            path.append(part)
    return tuple(path)


def _value(root: Node, path: Path) -> object:
    node: Node | None = root
    for part in path:
        node = node.child(part) if node else None
    return node.plain() if node else None


def message_of(item: Mapping[str, Any], value: object) -> str:
    """``found X; expected Y[; did you mean Z?]`` for one of pydantic's errors about ``value``."""
    context = item.get("ctx", {})
    wrong = context.get("error")
    if isinstance(wrong, Expected):
        hint = f"; did you mean {wrong.suggestion}?" if wrong.suggestion else ""
        return f"found {describe(value)}; expected {wrong.expected}{hint}"
    if item["type"] in ("literal_error", "enum"):
        return f"found {describe(value)}; expected {_choices(context['expected'], value)}"
    if item["type"] in ("too_short", "too_long"):
        size = len(value) if isinstance(value, list | dict) else 0
        return f"found {size} entries; expected {_bound(item['type'], context)}"
    if item["type"] in ("string_too_short", "string_too_long"):
        size = len(value) if isinstance(value, str) else 0
        return f"found {size} characters; expected {_bound(item['type'], context)}"
    return f"found {describe(value)}; expected {_expected(item, value, context)}"


def _choices(written: str, value: object) -> str:
    known: list[str] = re.findall(r"'([^']*)'", written) or [written.lower()]
    hint = suggest(value, known) if isinstance(value, str) else ""
    if len(known) == 1:
        return known[0] + hint
    return f"one of {', '.join(known)}{hint}"


def _bound(kind: str, context: Mapping[str, Any]) -> str:
    return (
        f"at least {context['min_length']}" if kind.endswith("short") else f"at most {context['max_length']}"
    )


def _expected(item: Mapping[str, Any], value: object, context: Mapping[str, Any]) -> str:
    kind = str(item["type"])
    simple = {
        "missing": "a value: this field is required",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "dict_type": "a map",
        "model_type": "a map of fields",
        "model_attributes_type": "a map of fields",
        "greater_than": f"a number above {_plain(context.get('gt'))}",
        "greater_than_equal": f"{_plain(context.get('ge'))} or more",
        "less_than": f"a number below {_plain(context.get('lt'))}",
        "less_than_equal": f"{_plain(context.get('le'))} or less",
        "string_pattern_mismatch": "text of the form " + clip(str(context.get("pattern"))),
    }
    if kind == "string_type":
        quotes = value is not None and not isinstance(value, list | dict)
        return "text; put it in quotes" if quotes else "text"
    if kind.startswith("union_tag"):
        shapes = re.findall(r"<([^>]*)>", str(context.get("expected_tags", "")))
        return " or ".join(_SHAPES.get(shape, shape) for shape in shapes) or "another value"
    if kind in _LIST_TYPES:
        return "a list"
    return simple.get(kind) or clip(str(item["msg"]))


def _plain(bound: object) -> str:
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


_SHAPES = {
    "map": "a map",
    "list": "a list",
    "text": "text",
    "whole number": "a whole number",
    "false": "false",
}

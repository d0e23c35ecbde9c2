"""Field names as users may write them: camelCase and aliases become the model's own, others are errors."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from adcli.spec.document import Document, Node, Path, clip, suggest

_FEW = 12
"""Up to this many fields are listed in an error."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Other names of fields, by model: ``name`` → path of the field below that model."""

    of: Mapping[type[BaseModel], Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What may stand at a place of the file: a model's fields, a free map's values, a list's items."""

    model: type[BaseModel] | None = None
    values: Any = None
    items: Any = None


def respell(document: Document, model: type[BaseModel], aliases: Aliases) -> None:
    """Gives every field its own name; notes unknown fields and fields that are written twice."""
    document.root = _Speller(document, aliases).visit(document.root, model, ())


class _Speller:
    def __init__(self, document: Document, aliases: Aliases) -> None:
        self._document = document
        self._aliases = aliases

    def visit(self, node: Node, annotation: Any, path: Path) -> Node:
        shape = _shape(annotation)
        if isinstance(node.content, list) and shape.items is not None:
            items = [self.visit(item, shape.items, (*path, n)) for n, item in enumerate(node.content)]
            return replace(node, content=items)
        if not isinstance(node.content, dict):
            return node
        if shape.model is not None:
            return self._fields(node, node.content, shape.model, path)
        if shape.values is not None:
            content = {
                name: self.visit(value, shape.values, (*path, name)) for name, value in node.content.items()
            }
            return replace(node, content=content)
        return node

    def _fields(self, node: Node, content: dict[str, Node], model: type[BaseModel], path: Path) -> Node:
        spelled = replace(node, content={}, keys={})
        targets = {written: _target(model, written, self._aliases) for written in content}
        for written, value in sorted(content.items(), key=lambda item: len(targets[item[0]] or ())):
            target = targets[written]
            if target is None:
                known = [*_names(model), *self._aliases.of.get(model, {})]
                message = (
                    f"found the unknown field '{clip(written)}'; expected {_listed(list(_names(model)))}"
                )
                self._document.add_at(node.keys[written], (*path, written), message + suggest(written, known))
            else:
                self._place(spelled, target, value, node.keys[written], (written, path))
        assert isinstance(spelled.content, dict)
        fields = _names(model)
        for name, value in spelled.content.items():
            spelled.content[name] = self.visit(value, fields[name], (*path, name))
        return spelled

    def _place(
        self, node: Node, target: tuple[str, ...], value: Node, at: tuple[int, int], written: tuple[str, Path]
    ) -> None:
        """Puts a value where its field belongs; on the way, maps are made that nobody wrote."""
        assert isinstance(node.content, dict)
        name, *rest = target
        found = node.content.get(name)
        if rest:
            inner = replace(found) if found else Node({}, *at)
            if isinstance(inner.content, dict):
                inner.content, inner.keys = dict(inner.content), dict(inner.keys)
                node.content[name] = inner
                node.keys.setdefault(name, at)
                self._place(inner, tuple(rest), value, at, written)
                return
        if found is not None:
            field_path, path = ".".join(target), written[1]
            line = node.keys[name][0]
            message = (
                f"found '{clip(written[0])}' though {field_path} is set on line {line}; expected one spelling"
            )
            self._document.add_at(at, (*path, written[0]), message)
            return
        node.content[name], node.keys[name] = value, at


def _listed(names: list[str]) -> str:
    return f"one of {', '.join(names)}" if len(names) <= _FEW else "a field that adcli schema lists"


def _target(model: type[BaseModel], written: str, aliases: Aliases) -> tuple[str, ...] | None:
    if written in _names(model):
        return (written,)
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found.group().lower(), written)
    if "_" not in written and snake in _names(model):
        return (snake,)
    return aliases.of.get(model, {}).get(written)


@cache
def _names(model: type[BaseModel]) -> Mapping[str, Any]:
    """Fields of a model as files name them, with what may stand there."""
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def _parts(annotation: Any) -> Iterator[Any]:
    """The members of a union, without their annotations."""
    if get_origin(annotation) is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _parts(member)
    else:
        yield annotation


_shapes: dict[int, tuple[Any, _Shape]] = {}


def _shape(annotation: Any) -> _Shape:
    """Shape of an annotation; kept, since annotations are few and files are long."""
    if id(annotation) not in _shapes:
        _shapes[id(annotation)] = (annotation, _shape_of(annotation))
    return _shapes[id(annotation)][1]


def _shape_of(annotation: Any) -> _Shape:
    shape = _Shape()
    for part in _parts(annotation):
        origin, args = get_origin(part), get_args(part)
        if isinstance(part, type) and issubclass(part, BaseModel):
            shape = replace(shape, model=part)
        elif origin is dict:
            shape = replace(shape, values=args[1])
        elif origin in (tuple, list):
            shape = replace(shape, items=args[0])
    return shape

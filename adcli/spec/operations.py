"""The operations of a campaign's ``post:``: found by name, their settings checked, their files named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from adcli.registry import OpSpec
from adcli.spec.document import Document, Node, Path, clip, suggest
from adcli.spec.spelling import Aliases, respell
from adcli.spec.wording import validate

FIELD = "post"
_NO_ALIASES = Aliases()


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of ``post:``: its operation, its settings, and the field in which it stands."""

    field: Path
    spec: OpSpec
    settings: BaseModel

    @property
    def name(self) -> str:
        """The operation's."""
        return self.spec.name

    @property
    def given(self) -> dict[str, Any]:
        """The settings that differ from their defaults, as JSON, by the names that files use."""
        return self.settings.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def files(self) -> Iterator[tuple[Path, str, str]]:
        """Every file that the settings name: its field, the path as written, what kind of file it is."""
        for pattern, kind in self.spec.files.items():
            for path, written in _texts_at(self.given, tuple(pattern.split("."))):
                yield (*self.field, *path), written, kind


def read_operations(document: Document, ops: Mapping[str, OpSpec]) -> tuple[Step, ...]:
    """The steps of ``post:`` in order; what is wrong with one is noted in the document."""
    listed = document.root.child(FIELD)
    entries = listed.content if listed is not None and isinstance(listed.content, list) else []
    found = (_step(document, (FIELD, index), entry, ops) for index, entry in enumerate(entries))
    return tuple(step for step in found if step is not None)


def _step(document: Document, path: Path, entry: Node, ops: Mapping[str, OpSpec]) -> Step | None:
    names = list(entry.content) if isinstance(entry.content, dict) else [str(entry.content)]
    if len(names) != 1:
        found = f"found {len(names)} names in one entry"
        document.add(path, f"{found}; expected one operation an entry, such as  - trim: {{to: 10}}")
        return None
    spec = ops.get(names[0]) or ops.get(_kebab(names[0]))
    if spec is None:
        expected = f"expected one of {', '.join(sorted(ops))}"
        message = f"found the operation '{clip(names[0])}'; {expected}{suggest(names[0], ops)}"
        document.add_at(entry.keys.get(names[0], (entry.line, entry.column)), path, message)
        document.paths.append(path)
        return None
    settings = entry.child(names[0]) if isinstance(entry.content, dict) else None
    field = (*path, names[0]) if settings is not None else path
    if settings is None or settings.content is None:
        settings = Node({}, entry.line, entry.column)
    checked = _settings(document, field, settings, spec.settings)
    return Step(field, spec, checked) if checked is not None else None


def _settings(document: Document, field: Path, node: Node, model: type[BaseModel]) -> BaseModel | None:
    """The settings of one operation; problems are noted with the whole path of their field."""
    part = Document(document.file, node)
    respell(part, model, _NO_ALIASES)
    settings = validate(part, model)
    above = ".".join(str(name) for name in field)
    for problem in part.problems:
        inside = f"{above}.{problem.field}" if problem.field != "file" else above
        document.problems.append(replace(problem, field=inside))
    document.paths += [(*field, *path) for path in part.paths]
    if part.problems and not part.paths:
        document.paths.append(field)
    return None if part.problems else settings


def _kebab(name: str) -> str:
    """``blur_background`` and ``blurBackground`` as the operation is called."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).replace("_", "-").lower()


def _texts_at(value: Any, pattern: Path, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Texts below the places that a pattern means; lists are walked through, whatever it says."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_at(item, pattern, (*path, index))
    elif isinstance(value, Mapping):
        if pattern and pattern[0] in value:
            yield from _texts_at(value[pattern[0]], pattern[1:], (*path, pattern[0]))
    elif isinstance(value, str) and not pattern:
        yield path, value

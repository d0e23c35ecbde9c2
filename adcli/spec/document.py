"""A file as a tree of values that know their line and column, and the problems found in it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from adcli.errors import InvalidInput, Problem

Path: TypeAlias = tuple[str | int, ...]
Content: TypeAlias = "None | bool | int | float | str | dict[str, Node] | list[Node]"

MOST_PROBLEMS = 20
"""More than this many problems are counted, not listed."""

_CLIP = 60
_REPLACED = {"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{IDEOGRAPHIC SPACE}": " "}


@dataclass(slots=True)
class Node:
    """One value of a file. ``keys`` holds line and column of a map's keys; all count from 1.

    ``weight`` is the number of nodes and ``size`` the characters below it with aliases expanded,
    ``height`` its levels.
    """

    content: Content
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    weight: int = 1
    size: int = 0
    height: int = 1

    def plain(self) -> Any:
        """The value without places: dicts, lists and scalars."""
        if isinstance(self.content, dict):
            return {name: node.plain() for name, node in self.content.items()}
        if isinstance(self.content, list):
            return [node.plain() for node in self.content]
        return self.content

    def child(self, part: str | int) -> Node | None:
        """The value under a key or at an index; None when there is none."""
        if isinstance(self.content, dict):
            return self.content.get(str(part))
        if isinstance(self.content, list) and str(part).isdecimal() and int(part) < len(self.content):
            return self.content[int(part)]
        return None


@dataclass(slots=True)
class Document:
    """A parsed file: the name users know it by, its root, the problems found so far and their paths."""

    file: str
    root: Node
    problems: list[Problem] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    def add(self, path: Path, message: str) -> None:
        """Notes a problem with the value at ``path``."""
        self.problems.append(self.problem(path, message))
        self.paths.append(path)

    def add_at(self, place: tuple[int, int], path: Path, message: str) -> None:
        """Notes a problem at a line and column; the value itself may stay as it is."""
        self.problems.append(Problem(self.file, message, *place, dotted(path)))

    def problem(self, path: Path, message: str) -> Problem:
        """A problem with its place: that of the value, or of the nearest value around it."""
        return Problem(self.file, message, *self._place(path), dotted(path) or "file")

    def problem_at(self, name: str, message: str) -> Problem:
        """As ``problem``, for a dotted field name; keys may hold dots themselves."""
        return self.problem(tuple(_parts(self.root, name)), message)

    def _place(self, path: Path) -> tuple[int, int]:
        node = self.root
        for part in path:
            found = node.child(part)
            if found is None:
                break
            node = found
        return node.line, node.column

    def check(self) -> None:
        """Raises InvalidInput with everything found so far, in the order of the file."""
        if self.problems:
            raise invalid(self.problems)


def mended(root: Node, bad: Iterable[Path]) -> Node:
    """The tree without these values; a list with a bad item goes whole, a missing text is filled in."""
    for path in dict.fromkeys(path[:-1] if path and isinstance(path[-1], int) else path for path in bad):
        root = _mend(root, path)
    return root


def _mend(node: Node, path: Path) -> Node:
    child, last = node.child(path[0]) if path else None, len(path) == 1
    if isinstance(node.content, list):
        if child is None or last:
            return node
        index = int(path[0])
        items = [*node.content[:index], _mend(child, path[1:]), *node.content[index + 1 :]]
        return replace(node, content=items)
    if not isinstance(node.content, dict) or not path or (child is None and not last):
        return node
    content = {name: value for name, value in node.content.items() if name != str(path[0]) or not last}
    if child is None:
        content[str(path[0])] = Node("x", node.line, node.column)
    elif not last:
        content[str(path[0])] = _mend(child, path[1:])
    return replace(node, content=content)


def invalid(problems: Iterable[Problem]) -> InvalidInput:
    """The error for a file's problems: sorted by place, each once, at most 20."""
    ordered = sorted(dict.fromkeys(problems), key=lambda p: (p.line or 0, p.column or 0))
    more = len(ordered) - MOST_PROBLEMS
    hint = f"there are {more} more problems" if more > 0 else None
    return InvalidInput(ordered[:MOST_PROBLEMS], hint=hint)


def dotted(path: Path) -> str:
    """``characters.0.image``, safe to print."""
    return ".".join(clip(str(part)) or "''" for part in path)


def clip(text: str) -> str:
    """At most 60 characters, with line breaks, control and invisible characters replaced."""
    shown = "".join(c if c.isprintable() else _REPLACED.get(c, "�") for c in text[: _CLIP + 1])
    return shown if len(text) <= _CLIP else shown[: _CLIP - 1] + "…"


def suggest(word: str, known: Iterable[str]) -> str:
    """``; did you mean X?`` for the nearest known word, or nothing."""
    choices = {choice.lower(): choice for choice in known}
    close = difflib.get_close_matches(word[:100].lower(), list(choices), 1, 0.6)
    return f"; did you mean {choices[close[0]]}?" if close else ""


def describe(value: object) -> str:
    """What was found, in the words of somebody who wrote the file."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {clip(str(value))}"
        case str():
            return f"'{clip(value)}'" if value else "empty text"
        case Mapping():
            return "a map"
        case _:
            return "a list"


def _parts(root: Node, name: str) -> Iterator[str | int]:
    """Splits a dotted name at the dots that part keys, not at those inside keys."""
    node: Node | None = root
    left = name.split(".")
    while left:
        take = next((n for n in range(len(left), 0, -1) if node and node.child(".".join(left[:n]))), 1)
        part, left = ".".join(left[:take]), left[take:]
        node = node.child(part) if node else None
        yield part

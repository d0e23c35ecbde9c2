"""Reads YAML by the 1.2 core rules, and JSON, into a Document: bounded in size, depth and aliases.

Only PyYAML's pure scanner and parser are used: its C loader ends the process on deep nesting,
and its resolver follows YAML 1.1 (``no`` is false, ``012`` is ten, ``9:16`` is a number).
"""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import NoReturn

from yaml import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from adcli.errors import InvalidInput, Problem
from adcli.spec.document import Content, Document, Node, Path, clip, dotted

MOST_BYTES = 1_000_000
MOST_NODES = 100_000
MOST_LEVELS = 50
_MOST_DIGITS = 18

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_UNPRINTABLE = Reader.NON_PRINTABLE
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Events(Reader, Scanner, Parser):
    """PyYAML's pure parser without its composer and resolver."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def take(self) -> Event:
        """The next event, taken off the stream."""
        event: Event = self.get_event()  # type: ignore[no-untyped-call]
        return event

    def peeked(self) -> Event:
        """The next event, left on the stream."""
        event: Event = self.peek_event()  # type: ignore[no-untyped-call]
        return event


def read_document(path: FilePath, file: str | None = None) -> Document:
    """Reads a YAML or JSON file. ``file`` is what users call it.

    Raises InvalidInput when it can't be read or isn't one well-formed document. Duplicate keys,
    tags and merge keys are noted in the Document's problems, so that they are reported together
    with what else is wrong.
    """
    name = file or str(path)
    try:
        if not path.is_file():
            what = (
                "is a folder"
                if path.is_dir()
                else "is no ordinary file"
                if path.exists()
                else "does not exist"
            )
            raise InvalidInput([Problem(name, f"{what}; expected a YAML or JSON file", field="file")])
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInput(
            [Problem(name, f"can't be read: {reason}; expected a readable file", field="file")]
        ) from error
    except ValueError as error:
        raise InvalidInput(
            [Problem(name, "is no file name; expected the path of a file", field="file")]
        ) from error
    return parse_document(data, name)


def parse_document(data: bytes, file: str) -> Document:
    """Parses the bytes of a file; errors as for ``read_document``."""
    json = file.endswith(".json")
    text = _decode(data, file)
    if json:
        text = text.replace("\t", " ")
    composer = _Composer(text, file, "json" if json else "yaml")
    try:
        return composer.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = _syntax(str(error.problem or error.context), text, mark.index if mark else 0)
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise InvalidInput([*composer.problems, Problem(file, message, *place, composer.kind)]) from None


def _decode(data: bytes, file: str) -> str:
    kind = "json" if file.endswith(".json") else "yaml"
    if len(data) > MOST_BYTES:
        raise InvalidInput([Problem(file, "found more than 1 MB; expected a smaller file", 1, 1, kind)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        what = "a binary file" if b"\0" in data[:4096] else "bytes that are not UTF-8"
        raise InvalidInput(
            [Problem(file, f"found {what}; expected text in UTF-8", line, column, kind)]
        ) from None
    odd = _UNPRINTABLE.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - text.rfind("\n", 0, odd.start())
        message = f"found the control character U+{ord(odd.group()):04X}; expected text"
        raise InvalidInput([Problem(file, message, line, column, kind)])
    if not text.strip():
        raise InvalidInput([Problem(file, "found an empty file; expected a map of fields", 1, 1, kind)])
    return text


_WORDS = (
    ("cannot start any token", "expected a value; put text that starts with it in quotes"),
    (
        "mapping values are not allowed",
        "expected no second ': ' here; put the text in quotes or check the indentation",
    ),
    ("could not find expected ':'", "expected ':' after the field's name"),
    ("expected <block end>", "expected a new field; check the indentation"),
    ("expected the node content", "expected a value"),
    ("expected ',' or", "expected ',' or the closing bracket"),
    ("while scanning a quoted scalar", "expected the closing quote"),
    ("found unexpected end of stream", "expected the closing quote"),
    ("undefined alias", "expected an anchor of that name before it"),
    (
        "found unknown escape",
        "expected an escape that YAML knows; use single quotes for text with backslashes",
    ),
    ("expected a single document", "expected one document"),
)


def _syntax(problem: str, text: str, index: int) -> str:
    """A parser's complaint in plain words."""
    char = text[index : index + 1]
    found = "the end of the line" if char else "the end of the file"
    if char and char not in "\t\r\n":
        found = f"'{clip(text[index : index + 20].partition(chr(10))[0])}'"
    if char == "\t":
        return "found a tab; expected spaces"
    expected = next((words for part, words in _WORDS if part in problem), None)
    return (
        f"found {found}; {expected}"
        if expected
        else f"found {found}: {clip(problem)}; expected well-formed YAML"
    )


class _Composer:
    """Builds the tree from parser events and keeps the limits while it does."""

    def __init__(self, text: str, file: str, kind: str) -> None:
        self.kind = kind
        self.problems: list[Problem] = []
        self._file = file
        self._events = _Events(text)
        self._anchors: dict[str, Node | None] = {}

    def document(self) -> Document:
        """The one document of the stream."""
        self._take(StreamStartEvent)
        if self._next(StreamEndEvent):
            self._stop("found no value; expected a map of fields", (1, 1))
        self._take(DocumentStartEvent)
        root = self._node((), 1)
        self._events.take()
        if not self._next(StreamEndEvent):
            self._stop("found a second document; expected one", _place(self._events.peeked()))
        return Document(self._file, root, self.problems)

    def _next(self, kind: type[Event]) -> bool:
        return bool(self._events.check_event(kind))

    def _take(self, kind: type[Event]) -> Event:
        event = self._events.take()
        assert isinstance(event, kind)
        return event

    def _stop(self, message: str, place: tuple[int, int], path: Path = ()) -> NoReturn:
        """Gives up at once: reading on would cost too much or make no sense."""
        field = dotted(path) or self.kind
        raise InvalidInput([*self.problems, Problem(self._file, message, *place, field)])

    def _note(self, message: str, place: tuple[int, int], path: Path) -> None:
        self.problems.append(Problem(self._file, message, *place, dotted(path) or self.kind))

    def _node(self, path: Path, level: int) -> Node:
        event = self._events.take()
        place = _place(event)
        if isinstance(event, AliasEvent):
            return self._alias(event, place, path, level)
        assert isinstance(event, NodeEvent)
        if level > MOST_LEVELS:
            self._stop(f"found more than {MOST_LEVELS} levels; expected fewer", place)
        anchor = event.anchor
        if anchor is not None:
            self._anchors[anchor] = None
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._note(f"found the tag {clip(str(tag))}; expected a plain value", place, path)
        node = self._filled(event, Node(None, *place), path, level)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _filled(self, event: Event, node: Node, path: Path, level: int) -> Node:
        if isinstance(event, ScalarEvent):
            node.content = self._scalar(event, (node.line, node.column), path)
            node.size = len(event.value)
        elif isinstance(event, SequenceStartEvent):
            items: list[Node] = []
            while not self._next(SequenceEndEvent):
                items.append(self._node((*path, len(items)), level + 1))
                self._include(node, items[-1], path)
            self._take(SequenceEndEvent)
            node.content = items
        else:
            assert isinstance(event, MappingStartEvent)
            node.content = self._map(node, path, level)
        return node

    def _map(self, node: Node, path: Path, level: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not self._next(MappingEndEvent):
            key, place = self._key(path)
            value = self._node((*path, key), level + 1)
            self._include(node, value, path)
            node.size += len(key)
            if key == "<<":
                self._note("found a merge key; expected the fields themselves", place, (*path, key))
            elif key in found:
                first = node.keys[key][0]
                message = f"found a second '{clip(key)}' (the first is on line {first}); expected it once"
                self._note(message, place, (*path, key))
            else:
                found[key], node.keys[key] = value, place
        self._take(MappingEndEvent)
        return found

    def _key(self, path: Path) -> tuple[str, tuple[int, int]]:
        """The written text of a key, so that ``1`` and ``no`` may be keys."""
        event = self._events.take()
        place = _place(event)
        if not isinstance(event, ScalarEvent):
            self._stop("found a map, list or alias as a key; expected the name of a field", place, path)
        if event.tag is not None:
            self._note(f"found the tag {clip(str(event.tag))}; expected a plain key", place, path)
        return self._text(event.value, place, path), place

    def _alias(self, event: AliasEvent, place: tuple[int, int], path: Path, level: int) -> Node:
        name = str(event.anchor)
        target = self._anchors.get(name)
        if target is None:
            inside = name in self._anchors
            name = clip(name)
            what = f"'*{name}' inside the value it stands for" if inside else f"'*{name}' without an anchor"
            self._stop(f"found {what}; expected an anchor '&{name}' before it", place, path)
        if level + target.height - 1 > MOST_LEVELS:
            self._stop(f"found more than {MOST_LEVELS} levels through an alias; expected fewer", place, path)
        return Node(target.content, *place, target.keys, target.weight, target.size, target.height)

    def _include(self, node: Node, child: Node, path: Path) -> None:
        node.weight += child.weight
        node.size += child.size
        node.height = max(node.height, child.height + 1)
        place = (child.line, child.column)
        if node.weight > MOST_NODES:
            self._stop(
                f"found more than {MOST_NODES:,} values, aliases expanded; expected fewer", place, path
            )
        if node.size > MOST_BYTES:
            self._stop("found more than 1 MB of text, aliases expanded; expected less", place, path)

    def _scalar(self, event: ScalarEvent, place: tuple[int, int], path: Path) -> Content:
        text = self._text(event.value, place, path)
        if not event.implicit[0]:
            return text
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if _INT.fullmatch(text):
            return self._whole(text, place, path)
        if _FLOAT.fullmatch(text):
            number = float(text)
            return text if number in (float("inf"), float("-inf")) else number
        return text

    def _whole(self, text: str, place: tuple[int, int], path: Path) -> int | str:
        if len(text) > _MOST_DIGITS:
            message = (
                f"found a number of {len(text)} digits; expected at most {_MOST_DIGITS}, or text in quotes"
            )
            self._note(message, place, path)
            return 0
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))

    def _text(self, text: str, place: tuple[int, int], path: Path) -> str:
        """Joins the surrogate pairs that JSON escapes may give."""
        if not _SURROGATE.search(text):
            return text
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self._note("found half a surrogate pair; expected a whole character", place, path)
            return _SURROGATE.sub("�", text)


def _place(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)

"""Looks before a run for text that the fonts can't draw."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from adcli.errors import Problem
from adcli.graph.task import Graph, Task
from adcli.media.faces import cjk_face
from adcli.media.fonts import BLACK
from adcli.media.scripts import can_shape, needs_shaping
from adcli.spec.document import Node, invalid
from adcli.spec.load import Loaded

_SPOKEN = ("voiceover_text", "hooks", "characters.*.script", "scenes.*.voiceover")
_WRITTEN = (
    *("product.name", "product.url", "product.benefits", "product.audience"),
    *("scenes.*.text", "packshots.*"),
)
_FILES = ("image", "logo")  # keys below these fields that name files
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH")
_CJK_HINT = 'pip install "adcli[cjk]" brings Chinese, Japanese and Korean'
_NO_FRIBIDI = "needs the library fribidi, which orders letters; install libfribidi0 or fribidi"


def check_glyphs(loaded: Loaded, graph: Graph) -> None:
    """Raises InvalidInput for each field of a campaign that is drawn and has a character that no font has."""
    scenes = [task for task in graph.tasks.values() if task.stage == "scene"]
    spoken = _SPOKEN if any(task.params.get("captions") for task in scenes) else ()
    drawn = [
        found
        for pattern in ((*_WRITTEN, *spoken) if scenes else ())
        for found in _texts(loaded.document.root, tuple(pattern.split(".")), ())
    ]
    problems: list[Problem] = []
    for path, text in (*drawn, *_of_operations(loaded)):
        if wrong := _trouble(text):
            problems.append(loaded.document.problem(path, wrong))
    if problems:
        raise invalid(problems)


def _of_operations(loaded: Loaded) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Texts under ``post:``, but for names of files, and for what is only spoken."""
    written = any(step.spec.stage == "transcribe" for step in loaded.steps)
    for step in loaded.steps:
        node: Node | None = loaded.document.root
        for part in step.field:
            node = node.child(part) if node else None
        if node is None or (step.spec.stage == "voice" and not written):
            continue
        files = {path for path, _, _ in step.files()}
        yield from (found for found in _texts(node, (), step.field) if found[0] not in files)


def _texts(
    node: Node, pattern: tuple[str, ...], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """All texts at and below the places that a pattern means, with their paths."""
    if isinstance(node.content, str):
        if not pattern:
            yield path, node.content
        return
    names: list[str | int] = []
    if isinstance(node.content, dict):
        names = [name for name in node.content if not pattern or pattern[0] in ("*", name)]
        names = [name for name in names if pattern or name not in _FILES]
    elif isinstance(node.content, list):
        names = list(range(len(node.content))) if not pattern or pattern[0] == "*" else []
    for name in names:
        child = node.child(name)
        if child is not None:
            yield from _texts(child, pattern[1:], (*path, name))


def _trouble(text: str) -> str | None:
    """What keeps a text from being drawn, in words."""
    if text.isascii():
        return None
    gone = BLACK.missing(text)
    if gone:
        named = ", ".join(f"'{mark}'{_name(mark)}" for mark in gone[:3])
        more = f" and {len(gone) - 3} more" if len(gone) > 3 else ""
        return f"no font here has {named}{more}{_remedy(gone)}"
    if needs_shaping(text) and not can_shape():
        return _NO_FRIBIDI
    return None


def _name(mark: str) -> str:
    """What a character is called, for those that a terminal may not show either."""
    return "" if _is_east_asian(mark) else f" ({unicodedata.name(mark, f'U+{ord(mark):04X}').lower()})"


def _remedy(gone: str) -> str:
    return f"; {_CJK_HINT}" if cjk_face() is None and any(map(_is_east_asian, gone)) else ""


def _is_east_asian(mark: str) -> bool:
    return unicodedata.name(mark, "").startswith(_EAST_ASIAN)


def undrawable(graph: Graph) -> list[str]:
    """One sentence for each text of the plan, such as a template's, with characters that no font here has."""
    found: dict[str, str] = {}
    for task in graph.tasks.values():
        for text in _written(task):
            gone = BLACK.missing(text)
            if gone:
                found.setdefault(text, f"{task.scene}: no font here has {gone!r}; left out of the picture")
    return list(dict.fromkeys(found.values()))


def _written(task: Task) -> Iterator[str]:
    """Texts of a task that are shown and that the campaign itself gives."""
    params: dict[str, Any] = dict(task.params)
    shown = [params.get("text")] if task.stage == "voice" else []
    if task.stage == "scene":
        packshot = params["picture"].get("packshot") or {}
        shown = [(params.get("text") or {}).get("text"), packshot.get("headline"), packshot.get("cta")]
    yield from (text for text in shown if isinstance(text, str))

"""Warns before a run of text that the fonts can't draw: it would be left out of the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adcli.graph.task import Graph, Task
from adcli.media.fonts import BLACK


def undrawable(graph: Graph) -> list[str]:
    """One sentence for each written text with characters that no font of ours has."""
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

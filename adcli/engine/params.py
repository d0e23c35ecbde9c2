"""Fills the texts of earlier tasks into a task's params, once they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def filled(value: Any, texts: Sequence[str | None]) -> Any:
    """``value`` with every text input and joined text as plain text; file inputs stay references."""
    if isinstance(value, Mapping):
        if value.keys() == {"$input"}:
            text = texts[value["$input"]]
            return value if text is None else text
        if value.keys() == {"$text"}:
            return "".join(str(filled(part, texts)) for part in value["$text"]).strip()
        return {name: filled(item, texts) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [filled(item, texts) for item in value]
    return value

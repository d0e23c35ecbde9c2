"""Which fields of a task's document changed since its last run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def changed_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    """Dotted paths of all fields that differ, apart from ``inputs``; ``version`` stands for itself."""
    return tuple(sorted(_walk({**old, "inputs": None}, {**new, "inputs": None}, "")))


def _walk(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in {*old, *new}:
            yield from _walk(old.get(name), new.get(name), f"{path}.{name}" if path else name)
    elif _both_lists(old, new) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _walk(before, after, f"{path}.{index}")
    elif old != new:
        yield path


def _both_lists(old: Any, new: Any) -> bool:
    return all(isinstance(value, Sequence) and not isinstance(value, str) for value in (old, new))

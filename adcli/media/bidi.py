"""Which way text runs: the Unicode bidirectional algorithm (UAX #9), without its explicit marks."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_STRONG = {"L": "L", "R": "R", "AL": "R"}
_NEUTRAL = ("B", "S", "WS", "ON", "BN", "ES", "ET", "CS", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI")
_NEUTRALS = frozenset((*_NEUTRAL, "FSI", "PDI"))
_RIGHT_TO_LEFT = ("R", "AL", "AN")


def is_simple(text: str) -> bool:
    """Nothing in it runs from right to left."""
    return text.isascii() or not any(unicodedata.bidirectional(mark) in _RIGHT_TO_LEFT for mark in text)


def runs_left(text: str) -> bool:
    """Whether a line runs to the left: as its first strong character does (rules P2 and P3)."""
    kinds = (unicodedata.bidirectional(mark) for mark in text)
    return next((kind != "L" for kind in kinds if kind in _STRONG), False)


def levels(text: str, leftward: bool | None = None) -> list[int]:
    """The embedding level of each character: even ones run to the right, odd ones to the left.

    ``leftward`` is the direction of a line that is part of a longer text; by default it is its own.
    """
    base = int(runs_left(text) if leftward is None else leftward)
    if not base and is_simple(text):
        return [0] * len(text)
    kinds = [unicodedata.bidirectional(mark) or "L" for mark in text]
    _resolve_weak(kinds, "R" if base else "L")
    _resolve_neutral(kinds, "R" if base else "L")
    return [_level(kind, base) for kind in kinds]


def _level(kind: str, base: int) -> int:
    """Rules I1 and I2."""
    if base % 2 == 0:
        return base + {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)
    return base + {"L": 1, "AN": 1, "EN": 1}.get(kind, 0)


def _resolve_weak(kinds: list[str], start: str) -> None:
    """Rules W1 to W7, in place: marks, numbers and what stands within numbers."""
    before = start
    for n, kind in enumerate(kinds):
        kinds[n] = before if kind == "NSM" else kind
        before = kinds[n]
    strong = start
    for n, kind in enumerate(kinds):
        strong = kind if kind in _STRONG else strong
        if kind == "EN" and strong == "AL":
            kinds[n] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for n in range(1, len(kinds) - 1):
        left, right = kinds[n - 1], kinds[n + 1]
        if left == right and (
            (kinds[n] == "ES" and left == "EN") or (kinds[n] == "CS" and left in {"EN", "AN"})
        ):
            kinds[n] = left
    _spread(kinds)
    strong = start
    for n, kind in enumerate(kinds):
        strong = kind if kind in _STRONG else strong
        if kind == "EN" and strong == "L":
            kinds[n] = "L"


def _spread(kinds: list[str]) -> None:
    """Rule W5: signs such as % and $ beside a number belong to it."""
    n = 0
    while n < len(kinds):
        end = n
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        if end > n and "EN" in (kinds[n - 1] if n else "", kinds[end] if end < len(kinds) else ""):
            kinds[n:end] = ["EN"] * (end - n)
        n = max(end, n + 1)


def _resolve_neutral(kinds: list[str], base: str) -> None:
    """Rules N1 and N2, in place: what stands between two of one direction takes it, else the line's."""
    n = 0
    while n < len(kinds):
        end = n
        while end < len(kinds) and kinds[end] in _NEUTRALS:
            end += 1
        if end > n:
            sides = {_side(kinds[n - 1]) if n else base, _side(kinds[end]) if end < len(kinds) else base}
            kinds[n:end] = [sides.pop() if len(sides) == 1 else base] * (end - n)
        n = max(end, n + 1)


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"


def visual(depths: Sequence[int]) -> list[int]:
    """Places of pieces of these levels from left to right (rule L2)."""
    order = list(range(len(depths)))
    odd = [depth for depth in depths if depth % 2]
    for depth in range(max(depths, default=0), min(odd, default=1) - 1, -1):
        n = 0
        while n < len(order):
            end = n
            while end < len(order) and depths[order[end]] >= depth:
                end += 1
            order[n:end] = reversed(order[n:end])
            n = max(end, n + 1)
    return order

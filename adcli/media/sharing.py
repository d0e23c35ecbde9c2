"""Work that several outputs of one ffmpeg graph have in common is done once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_LABEL = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class _Chain:
    """``[a][b]filters[c]`` taken apart."""

    reads: tuple[str, ...]
    filters: str
    gives: tuple[str, ...]

    def text(self) -> str:
        return "".join(f"[{name}]" for name in self.reads) + self.filters + _labels(self.gives)


def shared(chains: Sequence[str], wanted: Sequence[str]) -> tuple[list[str], list[str]]:
    """The same graph without repetitions, and the labels that now stand for the ``wanted`` outputs.

    Two chains are one where they read the same and do the same: every filter that adcli uses gives equal
    frames for equal input. What is read more than once is split. A chain comes after those that it reads.
    """
    same: dict[str, str] = {}
    known: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}
    kept: list[_Chain] = []
    for chain in map(_parsed, chains):
        reads = tuple(same.get(name, name) for name in chain.reads)
        work = (reads, chain.filters)
        if work not in known:
            known[work] = chain.gives
            kept.append(_Chain(reads, chain.filters, chain.gives))
        same |= dict(zip(chain.gives, known[work], strict=True))
    ends = [same[name] for name in wanted]
    return _split(kept, ends)


def _split(chains: Sequence[_Chain], ends: Sequence[str]) -> tuple[list[str], list[str]]:
    """A label can be read once only: what is read more often gets a copy for each reader."""
    uses = Counter([name for chain in chains for name in chain.reads] + list(ends))
    given = Counter[str]()

    def taken(name: str) -> str:
        if uses[name] < 2 or ":" in name:  # an input stream may be read as often as one likes
            return name
        given[name] += 1
        return f"{name}c{given[name]}"

    written: list[str] = []
    for chain in chains:
        written.append(_Chain(tuple(map(taken, chain.reads)), chain.filters, chain.gives).text())
        for name in chain.gives:
            if uses[name] > 1:
                copies = [f"{name}c{number}" for number in range(1, uses[name] + 1)]
                written.append(f"[{name}]split={uses[name]}{_labels(copies)}")
    return written, [taken(name) for name in ends]


def _parsed(chain: str) -> _Chain:
    """Labels lead and close a chain; what else is in brackets belongs to a filter's own value."""
    reads, start = [], 0
    while found := _LABEL.match(chain, start):
        reads.append(found[1])
        start = found.end()
    gives: list[str] = []
    end = len(chain)
    while chain[:end].endswith("]"):
        opens = chain.rindex("[", start, end)
        gives.insert(0, chain[opens + 1 : end - 1])
        end = opens
    return _Chain(tuple(reads), chain[start:end], tuple(gives))


def _labels(names: Sequence[str]) -> str:
    return "".join(f"[{name}]" for name in names)

"""Work that several outputs of one ffmpeg graph have in common is done once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

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

    Two filters are one where they read the same and do the same: every filter that adcli uses gives equal
    frames for equal input. What is read more than once is split. A chain comes after those that it reads.
    """
    same: dict[str, str] = {}
    known: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}
    kept: list[_Chain] = []
    singles, copies = _single(map(_parsed, chains))
    for chain in singles:
        reads = tuple(same.get(name, name) for name in chain.reads)
        work = (reads, chain.filters)
        if work not in known:
            known[work] = chain.gives
            kept.append(_Chain(reads, chain.filters, chain.gives))
        same |= dict(zip(chain.gives, known[work], strict=True))
    wanted = [copies.get(name, name) for name in wanted]
    ends = [same.get(name, name) for name in wanted]
    return _split(_joined(kept, ends), ends)


def _single(chains: Iterable[_Chain]) -> tuple[list[_Chain], dict[str, str]]:
    """Every filter as a chain of its own, without splits; and what each copy that they made is a copy of."""
    singles: list[_Chain] = []
    copies: dict[str, str] = {}
    inner = count()
    for chain in chains:
        reads = tuple(copies.get(name, name) for name in chain.reads)
        *leading, last = _filters(chain.filters)
        for one in leading:
            link = f"n{next(inner)}"
            singles.append(_Chain(reads, one, (link,)))
            reads = (link,)
        if last.split("=")[0] == "split" and len(reads) == 1:
            copies |= dict.fromkeys(chain.gives, reads[0])
        else:
            singles.append(_Chain(reads, last, chain.gives))
    return singles, copies


def _joined(chains: Sequence[_Chain], ends: Sequence[str]) -> list[_Chain]:
    """Filters in a row again as one chain, where nothing else reads what lies between them."""
    uses = Counter([name for chain in chains for name in chain.reads] + list(ends))
    rows: list[_Chain] = []
    tails: dict[str, int] = {}
    for chain in chains:
        place = tails.pop(chain.reads[0], None) if len(chain.reads) == 1 else None
        if place is not None and uses[chain.reads[0]] == 1:
            before = rows[place]
            rows[place] = _Chain(before.reads, f"{before.filters},{chain.filters}", chain.gives)
        else:
            place = len(rows)
            rows.append(chain)
        if len(chain.gives) == 1:
            tails[chain.gives[0]] = place
    return rows


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


def _filters(chain: str) -> list[str]:
    """A chain's filters: commas within quotes or behind a backslash separate none."""
    found, quoted, escaped = [""], False, False
    for sign in chain:
        if sign == "," and not quoted and not escaped:
            found.append("")
            continue
        quoted ^= sign == "'" and not escaped
        escaped = sign == "\\" and not escaped and not quoted
        found[-1] += sign
    return found


def _labels(names: Sequence[str]) -> str:
    return "".join(f"[{name}]" for name in names)

"""Faults that can be ordered: which route, which call, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What goes wrong. The last five are orders to ``create`` about the job that it makes."""

    DROP = "drop"
    """The connection breaks without a byte of an answer."""
    HANG = "hang"
    """No answer ever comes; the connection stays until the client gives up."""
    DELAY = "delay"
    """The answer comes ``seconds`` late."""
    STATUS = "status"
    """The answer is ``status``, with ``body`` or that service's usual one."""
    TRUNCATE = "truncate"
    """The body breaks off in the middle, against its Content-Length."""
    FAIL = "fail"
    """The job ends as failed, with ``error``."""
    EXPIRE = "expire"
    """The job's files and output are removed as soon as it succeeded."""
    STUCK = "stuck"
    """The job never leaves ``starting``."""
    HIDE = "hide"
    """The job is not listed for ``seconds``: a list that lags behind."""
    CANCEL = "cancel"
    """The service cancels the job once it runs."""


ABOUT_THE_JOB = frozenset({Kind.FAIL, Kind.EXPIRE, Kind.STUCK, Kind.HIDE, Kind.CANCEL})

MODERATED = "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
TRANSIENT = "Director: unexpected error handling prediction (E1000)"


@dataclass(frozen=True, slots=True)
class Fault:
    """One order. ``nth`` are call numbers from 1, counted from when it was given; empty: every call.

    ``accepted``: the request is carried out (a create is booked) before things go wrong.
    ``match``: only calls whose path or body contain it.
    """

    route: str
    kind: Kind
    nth: tuple[int, ...] = ()
    accepted: bool = False
    match: str = ""
    seconds: float = 0.0
    status: int = 500
    body: str | None = None
    retry_after: float | None = None
    retry_after_header: bool = False
    error: str = TRANSIENT

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Fault:
        """A fault as ``/_control`` gets it; TypeError for unknown fields, ValueError for an unknown kind."""
        unknown = document.keys() - {field.name for field in fields(cls)}
        if unknown:
            raise TypeError(f"unknown fields {sorted(unknown)}")
        given = dict(document) | {"kind": Kind(document["kind"]), "nth": tuple(document.get("nth", ()))}
        return cls(**given)


class Faults:
    """The orders in force and how many calls each has seen."""

    def __init__(self) -> None:
        self._seen: dict[Fault, int] = {}

    def order(self, fault: Fault) -> None:
        """Adds a fault; its count starts anew."""
        self._seen[fault] = 0

    def clear(self) -> None:
        """All works again."""
        self._seen.clear()

    def due(self, route: str, text: str) -> tuple[Fault, ...]:
        """Counts one call of ``route`` and gives what goes wrong with it."""
        found = []
        for fault in self._seen:
            if fault.route in (route, "*") and fault.match in text:
                self._seen[fault] += 1
                if not fault.nth or self._seen[fault] in fault.nth:
                    found.append(fault)
        return tuple(found)

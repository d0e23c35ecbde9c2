"""What a service does wrong while its client is killed: the columns of the table of kills."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.crash.trades import Trade
from tests.emulator.faults import TRANSIENT, Fault, Kind

SLOW = 0.3
"""Seconds by which an emulated service is late, or its list behind."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Orders for the emulator. ``fails``: attempts that the service takes and then fails by itself.

    ``settle``: seconds after its intent at which a lost call is believed never to have arrived, in place of
    the minute or more that real services need.
    """

    name: str
    order: Callable[[Trade], tuple[Fault, ...]]
    settle: float = 0.2
    fails: int = 0
    only: Callable[[Trade], bool] = lambda _: True

    def patience(self, trade: Trade) -> float:
        """Scale of a run's waits at which lost calls of a trade settle in that time."""
        return self.settle / trade.settle


def _downloads(trade: Trade) -> tuple[Fault, ...]:
    assert trade.download
    return (
        Fault(trade.download, Kind.TRUNCATE, nth=(1,)),
        Fault(trade.download, Kind.STATUS, nth=(2,), status=503),
    )


def _lagging(trade: Trade) -> tuple[Fault, ...]:
    return (
        Fault(trade.create, Kind.HIDE, nth=(1, 2), seconds=SLOW),
        Fault(trade.create, Kind.DROP, nth=(1,), accepted=True),
    )


TROUBLES: dict[str, Trouble] = {
    found.name: found
    for found in (
        Trouble("none", lambda _: ()),
        Trouble("accepted, then dropped", lambda t: (Fault(t.create, Kind.DROP, nth=(1,), accepted=True),)),
        Trouble("dropped before", lambda t: (Fault(t.create, Kind.DROP, nth=(1,)),)),
        Trouble(
            "accepted, then 500",
            lambda t: (Fault(t.create, Kind.STATUS, nth=(1,), accepted=True, status=500),),
        ),
        Trouble(
            "accepted late",
            lambda t: (Fault(t.create, Kind.DELAY, nth=(1, 2), seconds=SLOW),),
            settle=0.9,
        ),
        Trouble(
            "answered late",
            lambda t: (Fault(t.create, Kind.DELAY, nth=(1, 2), seconds=SLOW, accepted=True),),
        ),
        Trouble("lists lag", _lagging, settle=0.9, only=lambda t: t.get is not None),
        Trouble(
            "429 first",
            lambda t: (
                Fault(t.create, Kind.STATUS, nth=(1,), status=429, retry_after=0.02, retry_after_header=True),
            ),
        ),
        Trouble(
            "fails in passing",
            lambda t: (Fault(t.create, Kind.FAIL, nth=(1,), error=TRANSIENT),),
            fails=1,
            only=lambda t: t.get is not None,
        ),
        Trouble("torn answer", lambda t: (Fault(t.create, Kind.TRUNCATE, nth=(1,)),)),
        Trouble("torn download", _downloads, only=lambda t: t.download is not None),
    )
}


def troubles_of(trade: Trade) -> list[Trouble]:
    """Those that a trade can meet."""
    return [trouble for trouble in TROUBLES.values() if trouble.only(trade)]

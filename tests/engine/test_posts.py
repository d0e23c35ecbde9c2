"""POSTs and charges of every service in every kind of trouble, counted over a run and the runs after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from adcli.engine.inspect import status_document
from adcli.engine.prepare import Settings, prepare
from tests.crash.harness import Harness, budget_of
from tests.crash.test_disk import single
from tests.crash.trades import TRADES, Trade
from tests.emulator.faults import MODERATED, TRANSIENT, Fault, Kind

HTML = "<html>ok</html>"


@dataclass(frozen=True, slots=True)
class Now:
    """Where things stand after a run: its exit code, all POSTs and charges so far, what a plan decides."""

    code: int
    posts: int
    charges: int
    decision: str


def bought(posts: int = 1, charges: int = 1) -> Now:
    return Now(0, posts, charges, "reuse")


def held(charges: int, posts: int = 1) -> Now:
    return Now(7, posts, charges, "hold")


@dataclass(frozen=True, slots=True)
class Case:
    """What goes wrong, and where it leads services that find a lost call, know its key, or can't tell.

    ``after`` is where the next run leads, once the service is well again; the same place where it is None.
    """

    name: str
    order: Callable[[Trade], tuple[Fault, ...]]
    finds: Now
    keyed: Now
    asks: Now
    after: Now | None = None
    jobs_only: bool = False


def lost(name: str, order: Callable[[Trade], tuple[Fault, ...]], *, accepted: bool) -> Case:
    """A call whose answer nobody has read."""
    sends = 1 if accepted else 2
    return Case(name, order, bought(sends), bought(2), held(1 if accepted else 0))


def refused(name: str, order: Callable[[Trade], tuple[Fault, ...]]) -> Case:
    """A call that is refused for a reason that a person can put right, outside the campaign."""
    now = Now(4, 1, 0, "run")
    return Case(name, order, now, now, now, after=bought(2))


def _create(kind: Kind, **given: object) -> Callable[[Trade], tuple[Fault, ...]]:
    return lambda trade: (Fault(trade.create, kind, nth=(1,), **given),)  # type: ignore[arg-type]


def _status(status: int, *, every: bool = False, **given: object) -> Callable[[Trade], tuple[Fault, ...]]:
    nth = () if every else (1,)
    return lambda trade: (Fault(trade.create, Kind.STATUS, nth=nth, status=status, **given),)  # type: ignore[arg-type]


def _download(kind: Kind, **given: object) -> Callable[[Trade], tuple[Fault, ...]]:
    return lambda trade: (Fault(trade.download or "", kind, nth=(1,), **given),)  # type: ignore[arg-type]


def _lagging(trade: Trade) -> tuple[Fault, ...]:
    hidden = Fault(trade.create, Kind.HIDE, nth=(1,), seconds=0.05)
    return (hidden, Fault(trade.create, Kind.DROP, nth=(1,), accepted=True))


FINAL = Now(5, 1, 0, "blocked")
CASES = (
    Case("none", lambda _: (), bought(), bought(), bought()),
    lost("dropped before", _create(Kind.DROP), accepted=False),
    lost("dropped after", _create(Kind.DROP, accepted=True), accepted=True),
    lost("no answer", _create(Kind.HANG, accepted=True), accepted=True),
    lost("torn answer", _create(Kind.TRUNCATE), accepted=True),
    lost("500 before", _status(500), accepted=False),
    lost("500 after", _status(500, accepted=True), accepted=True),
    lost("503 before", _status(503), accepted=False),
    lost("503 after", _status(503, accepted=True), accepted=True),
    lost("redirect after", _status(302, accepted=True), accepted=True),
    lost("HTML after", _status(200, accepted=True, body=HTML), accepted=True),
    lost("lagging list", _lagging, accepted=True),
    refused("401", _status(401, every=True)),
    refused("out of credit", lambda trade: (trade.out_of_credit,)),
    Case("422", _status(422), FINAL, FINAL, FINAL),
    Case(
        "429",
        _status(429, retry_after=0.02, retry_after_header=True),
        *(bought(2),) * 3,
    ),
    Case("fails in passing", _create(Kind.FAIL, error=TRANSIENT), *(bought(2, 2),) * 3, jobs_only=True),
    Case(
        "fails for good",
        _create(Kind.FAIL, error=MODERATED),
        *(Now(5, 1, 1, "blocked"),) * 3,
        jobs_only=True,
    ),
    Case("expires", _create(Kind.EXPIRE), *(held(1),) * 3, jobs_only=True),
    Case("torn download", _download(Kind.TRUNCATE), *(bought(),) * 3, jobs_only=True),
    Case("download 503", _download(Kind.STATUS, status=503), *(bought(),) * 3, jobs_only=True),
    Case(
        "HTML for a download", _download(Kind.STATUS, status=200, body=HTML), *(bought(),) * 3, jobs_only=True
    ),
)

SERVICES: Mapping[str, tuple[Trade, str]] = {
    "replicate": (single(TRADES["replicate"]), "finds"),
    "elevenlabs": (single(TRADES["elevenlabs"]), "finds"),
    "elevenlabs music": (TRADES["elevenlabs music"], "asks"),
    "fal": (single(TRADES["fal"]), "finds"),
    "higgsfield": (single(TRADES["higgsfield"]), "keyed"),
    "runway": (single(TRADES["runway"]), "asks"),
    "openai": (single(TRADES["openai"]), "asks"),
    "google": (single(TRADES["google"]), "asks"),
}


class Shop:
    """One ad of one service: its campaign, its world, and the POSTs that the world has seen."""

    def __init__(self, harness: Harness, trade: Trade, **changes: object) -> None:
        self.harness, self.trade, self._earlier = harness, trade, 0
        self.patience = 20.0
        self.file, self.emulator = harness.begin(trade, **{"budget": budget_of(trade, 1), **changes})

    def run(self, **settings: object) -> Now:
        """One run; clients give up an answer after ``patience`` seconds."""
        ended = self.harness.run(
            self.file, self.trade, self.emulator, timeout=self.patience, settings=settings
        )
        assert ended.trace is None, ended.trace
        return Now(ended.code, self.posts, len(self.emulator.charges()), decision(self.file, self.trade))

    @property
    def posts(self) -> int:
        return self._earlier + self.emulator.calls(self.trade.create)

    def heal(self) -> None:
        """The service is well again."""
        self._earlier = self.posts
        self.emulator.reset()
        if self.trade.pace:
            self.emulator.change(pace=self.trade.pace)


def decision(file: Path, trade: Trade) -> str:
    """What a plan decides about the bought task."""
    return prepare(file, Settings()).plan.rows[trade.bought[0]].verdict.decision.value


TABLE = [
    pytest.param(trade, kind, case, id=f"{name}-{case.name}")
    for name, (trade, kind) in SERVICES.items()
    for case in CASES
    if trade.get or not case.jobs_only
]


@pytest.mark.parametrize(("trade", "kind", "case"), TABLE)
def test_posts_and_charges_over_runs(trade: Trade, kind: str, case: Case, harness: Harness) -> None:
    shop, wanted = Shop(harness, trade), {"finds": case.finds, "keyed": case.keyed, "asks": case.asks}[kind]
    shop.emulator.order(*case.order(trade))
    shop.patience = 1.5 if case.name == "no answer" else shop.patience
    assert shop.run() == wanted
    shop.patience = 20.0
    shop.heal()
    after = case.after or wanted
    assert shop.run() == after
    assert shop.run() == (after if after.code else bought(after.posts, after.charges))


BLOCKED = [
    pytest.param(trade, case, id=f"{name}-{case.name}")
    for name, (trade, _) in SERVICES.items()
    for case in CASES
    if case.finds.decision == "blocked" and (trade.get or not case.jobs_only)
]


@pytest.mark.parametrize(("trade", "case"), BLOCKED)
def test_what_failed_for_good_is_sent_again_on_a_persons_word(
    trade: Trade, case: Case, harness: Harness
) -> None:
    shop = Shop(harness, trade)
    shop.emulator.order(*case.order(trade))
    failed = shop.run()
    assert failed == case.finds
    assert shop.run(retry_failed=True) == bought(2, failed.charges + 1)


@pytest.mark.parametrize("name", [name for name, (_, kind) in SERVICES.items() if kind == "asks"])
def test_a_cheap_call_that_nobody_can_look_up_is_sent_once_more_and_both_are_booked(
    name: str, harness: Harness
) -> None:
    trade, _ = SERVICES[name]
    each = trade.total
    for lost_calls, wanted in (((1,), bought(2, 2)), ((1, 2), Now(7, 2, 2, "hold"))):
        shop = Shop(harness, trade, budget={"hold_above": each})
        shop.emulator.order(Fault(trade.create, Kind.DROP, nth=lost_calls, accepted=True))
        assert shop.run() == wanted
        assert status_document(shop.file, None)["spent_usd"] == pytest.approx(2 * each)
        assert shop.run() == wanted


@pytest.mark.parametrize("name", [name for name, (trade, _) in SERVICES.items() if trade.get])
def test_a_job_that_can_not_be_asked_for_stays_attached_until_it_can(name: str, harness: Harness) -> None:
    trade, _ = SERVICES[name]
    shop = Shop(harness, trade)
    shop.emulator.order(Fault(trade.get or "", Kind.STATUS, status=503))
    attached = Now(5, 1, 1, "attach")
    assert [shop.run(), shop.run()] == [attached, attached]
    shop.heal()
    assert shop.run() == bought()


@pytest.mark.parametrize("name", [name for name, (trade, _) in SERVICES.items() if trade.download])
def test_a_result_that_can_not_be_downloaded_is_collected_later(name: str, harness: Harness) -> None:
    trade, _ = SERVICES[name]
    shop = Shop(harness, trade)
    shop.emulator.order(Fault(trade.download or "", Kind.STATUS, status=503))
    left = Now(5, 1, 1, "collect")
    assert [shop.run(), shop.run()] == [left, left]
    shop.heal()
    assert shop.run() == bought()

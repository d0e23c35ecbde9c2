"""How a service is treated: rates, pauses, lanes that shrink and grow, outages that are waited out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adcli.engine.accounts import Account, Accounts, Sized
from adcli.engine.lane import Lane
from adcli.errors import CredentialError, NotSent, OutcomeUnknown, RateLimited, TaskFailed
from adcli.registry import catalogue
from adcli.spec.campaign import Limit

QUICK = 0.001


async def up() -> None:
    """A service that answers."""


def down(times: int) -> Callable[[], Awaitable[None]]:
    """A service that answers after so many looks in vain."""
    left = [times]

    async def look() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise NotSent("a", "the service can't be reached: ConnectError")

    return look


def test_starts_never_exceed_the_rate_in_any_window() -> None:
    async def work() -> list[float]:
        account = Account("a", per_minute=30)
        started: list[float] = []
        account._starts.period = 0.2

        async def one() -> None:
            await asyncio.sleep(random.Random(len(started)).uniform(0, 0.05))
            await account.may_start(up)
            started.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(one() for _ in range(90)))
        return sorted(started)

    times = asyncio.run(work())
    assert len(times) == 90
    assert all(later - first > 0.2 for first, later in zip(times, times[30:], strict=False))


def test_a_pause_holds_back_everybody_until_it_is_over() -> None:
    async def work() -> float:
        account, loop = Account("a"), asyncio.get_running_loop()
        before = loop.time()
        account.limited(RateLimited("a", "too many", retry_after=0.2))
        await asyncio.gather(account.may_start(up), account.may_start(up))
        return loop.time() - before

    assert asyncio.run(work()) >= 0.2


def test_pauses_without_a_word_of_the_service_grow_until_it_takes_a_call_again() -> None:
    async def work() -> list[float]:
        account, loop, waits = Account("a", patience=0.01), asyncio.get_running_loop(), []
        for step in range(5):
            if step == 4:
                account.accepted()
            account.limited(RateLimited("a", "too many"))
            waits.append(account._paused_until - loop.time())
            await account.may_start(up)
        return waits

    waits = asyncio.run(work())
    assert [round(wait, 3) for wait in waits] == pytest.approx([0.01, 0.02, 0.04, 0.08, 0.01], abs=0.002)


def test_an_account_with_little_money_is_slowed_down_for_good_and_told_once() -> None:
    async def work() -> tuple[list[bool], int, float]:
        account = Account("a", per_minute=300, patience=QUICK)
        low = RateLimited("a", "low balance", retry_after=0.0, per_minute=6, hint="add credit")
        told = [account.limited(low), account.limited(low)]
        return told, account._starts.rate_limit, account._starts.period

    assert asyncio.run(work()) == ([True, False], 1, 10.0)


def test_a_lane_halves_and_grows_back_one_by_one() -> None:
    lane = Sized(Lane(8), 8)
    lane.shrink()
    assert lane.lane.size == 4
    sizes = []
    for _ in range(40):
        lane.grow()
        sizes.append(lane.lane.size)
    assert sizes[2:4] == [4, 5]
    assert max(sizes) == sizes[-1] == 8
    for _ in range(6):
        lane.shrink()
    assert lane.lane.size == 1


def test_a_lane_that_was_made_smaller_lets_nobody_in_until_enough_have_left() -> None:
    async def work() -> list[int]:
        lane, inside, seen = Lane(4), [0], []

        async def one(n: int) -> None:
            async with lane.slot(n):
                inside[0] += 1
                seen.append(inside[0])
                if n == 3:
                    lane.resize(2)
                await asyncio.sleep(0.01)
                inside[0] -= 1

        await asyncio.gather(*(one(n) for n in range(12)))
        return seen

    seen = asyncio.run(work())
    assert seen[:4] == [1, 2, 3, 4]
    assert max(seen[4:]) == 2


class Account3:
    """A client of an account that allows three calls at once."""

    async def at_once(self, stage: str) -> int:
        return 3


@pytest.mark.parametrize(
    ("limits", "size"),
    [({}, 3), ({"runway": Limit(concurrency=7)}, 7), ({"runway:animate": Limit(concurrency=2)}, 2)],
)
def test_a_lane_is_as_wide_as_the_campaign_says_else_as_the_account_allows(
    limits: dict[str, Limit], size: int
) -> None:
    async def work() -> int:
        client: Any = Account3()
        lane = Accounts(limits, catalogue().stages).lane("runway", "animate")
        await lane.ask(client, "animate")
        return lane.lane.size

    assert asyncio.run(work()) == size


def test_an_outage_is_waited_out_once_the_service_has_answered_in_this_run() -> None:
    async def work() -> str:
        account = Account("a", patience=QUICK)
        account.answered()
        account.trouble()
        await account.may_start(down(40))
        return "went on"

    assert asyncio.run(work()) == "went on"


def test_a_service_that_never_answered_is_given_up_soon() -> None:
    async def work() -> None:
        account = Account("a", patience=QUICK)
        account.trouble()
        await account.may_start(down(100_000))

    with pytest.raises(TaskFailed, match="out of reach for 1 min") as found:
        asyncio.run(work())
    assert "nothing is bought twice" in str(found.value.hint)


def test_after_trouble_one_look_is_made_for_all_before_anything_is_sent() -> None:
    looks = []

    async def look() -> None:
        looks.append(1)
        await asyncio.sleep(0)

    async def work() -> None:
        account = Account("a", patience=QUICK)
        account.trouble()
        await asyncio.gather(*(account.may_start(look) for _ in range(20)))

    asyncio.run(work())
    assert len(looks) == 1


def test_a_refused_key_closes_the_account_for_the_whole_run() -> None:
    async def work() -> None:
        account = Account("a")
        account.close(CredentialError("a", "A_KEY was refused"))
        await account.may_start(up)

    with pytest.raises(CredentialError, match="A_KEY"):
        asyncio.run(work())


def test_a_free_request_is_repeated_and_gives_up_only_when_the_service_is_up() -> None:
    async def work(failures: int) -> str:
        account, left = Account("a", patience=QUICK), [failures]

        async def ask() -> str:
            left[0] -= 1
            if left[0] >= 0:
                raise OutcomeUnknown("a", "no answer: ReadTimeout")
            return "answer"

        return await account.read(ask, up)

    assert asyncio.run(work(5)) == "answer"
    with pytest.raises(TaskFailed, match="stays attached"):
        asyncio.run(work(6))

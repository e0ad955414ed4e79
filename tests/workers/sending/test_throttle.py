"""The throttle on a real Valkey: many workers share one count, and losing it means to begin low, never to run free."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

import pytest
from redis.asyncio import Redis

from service.rates import Rate
from service.settings import settings
from workers.sending.throttle import Bucket, Demand, Grant, Kind, ValkeyThrottle
from workers.sending.throttle.valkey import plain_url

T = TypeVar("T")
NUMBERS = count(1)


class Office:
    """Two workers at one Valkey, with buckets nobody else uses; time is made to pass by dating the buckets back."""

    def __init__(self, worker: str) -> None:
        self.client = Redis.from_url(plain_url(settings().broker_url))
        self.ledger = 0
        self.first, self.second = (ValkeyThrottle(self.client, self.spent) for _ in range(2))
        self.second._process = "another"
        self.name = f"{worker}-{next(NUMBERS)}"

    async def spent(self, _bucket: Bucket, _span: str) -> int:
        return self.ledger

    def relay(self, second: float = 20_000, **windows: int) -> Bucket:
        return Bucket(Kind.RELAY, self.name, Rate(second, **windows))

    def provider(self, name: str = "google", second: float = 20_000) -> Bucket:
        return Bucket(Kind.PROVIDER, f"{name}-{self.name}", Rate(second))

    async def pass_time(self, seconds: float, *buckets: Bucket) -> None:
        for bucket in buckets:
            for field in ("at", "since", "slowed", "till", "urgent"):
                value = await self.client.hget(bucket.key, field)
                if value is not None:
                    await self.client.hset(bucket.key, field, str(float(value) - seconds))

    async def take(self, wanted: int, relay: Bucket, provider: Bucket, *, urgent: bool = False) -> Grant:
        return await self.first.take(Demand(wanted, (relay,), {provider: wanted}, urgent=urgent))


@pytest.fixture
def run(worker_id: str) -> Callable[[Callable[[Office], Awaitable[T]]], T]:
    def go(story: Callable[[Office], Awaitable[T]]) -> T:
        async def told() -> T:
            office = Office(worker_id)
            try:
                return await story(office)
            finally:
                await office.client.aclose()

        return asyncio.run(told())

    return go


Run = Callable[[Callable[[Office], Awaitable[T]]], T]


def test_a_rate_is_shared_by_all_workers(run: Run[int]) -> None:
    async def story(office: Office) -> int:
        demand = Demand(100, (office.relay(30),), {office.provider(): 100})
        grants = await asyncio.gather(*(who.take(demand) for who in (office.first, office.second) * 5))
        return sum(grant.total for grant in grants)

    # A provider nobody knows begins with 20, and while we ask a few more may have grown.
    assert 20 <= run(story) <= 24


def test_nothing_is_unlimited_where_no_limit_is_set(run: Run[tuple[int, int, int]]) -> None:
    async def story(office: Office) -> tuple[int, int, int]:
        relay, provider = office.relay(), office.provider()
        first = await office.take(5_000, relay, provider)
        await office.pass_time(1, relay, provider)
        second = await office.take(5_000, relay, provider)
        await office.pass_time(30, relay, provider)
        return first.total, second.total, (await office.take(50_000, relay, provider)).total

    first, second, later = run(story)
    assert first == 20
    assert 35 <= second <= 50, "the rate doubles in a second"
    assert 19_000 <= later <= 20_000, "and ends at the ceiling"


def test_a_valkey_that_forgot_everything_begins_low_again(run: Run[int]) -> None:
    async def story(office: Office) -> int:
        relay, provider = office.relay(), office.provider()
        await office.take(1, relay, provider)
        await office.pass_time(60, relay, provider)
        assert (await office.take(5_000, relay, provider)).total == 5_000
        await office.client.delete(relay.key, provider.key)
        return (await office.take(5_000, relay, provider)).total

    assert run(story) == 20


def test_who_has_had_enough_is_told_when_to_ask_again(run: Run[Grant]) -> None:
    async def story(office: Office) -> Grant:
        relay, provider = office.relay(), office.provider(second=2)
        assert (await office.take(10, relay, provider)).total == 2
        return await office.take(10, relay, provider)

    grant = run(story)
    assert grant.total == 0
    assert 0.2 < grant.wait <= 0.5
    assert not grant.shut, "other providers may be mailed"


def test_a_slow_provider_takes_nothing_from_the_others(run: Run[Grant]) -> None:
    async def story(office: Office) -> Grant:
        slow, quick = office.provider("slow", second=1), office.provider("quick")
        return await office.first.take(Demand(10, (office.relay(),), {slow: 5, quick: 5}))

    assert sorted(run(story).mails.values()) == [1, 5]


def test_asked_to_slow_down_we_halve_what_we_did_and_not_what_we_might_have(run: Run[tuple[int, int]]) -> None:
    async def story(office: Office) -> tuple[int, int]:
        relay, provider = office.relay(), office.provider()
        await office.take(1, relay, provider)
        for _ in range(20):  # ten seconds at forty a second, of the twenty thousand it might be
            await office.pass_time(0.5, relay, provider)
            await office.take(20, relay, provider)
        await office.first.slow(provider)
        await office.pass_time(1, relay, provider)
        slowed = (await office.take(5_000, relay, provider)).total
        await office.pass_time(60, relay, provider)
        return slowed, (await office.take(5_000, relay, provider)).total

    slowed, later = run(story)
    assert 10 <= slowed <= 24
    assert 3 * slowed <= later <= 5 * slowed, "the rate doubles in half a minute"


def test_sixteen_connections_that_hear_it_at_once_are_one_word(run: Run[float]) -> None:
    async def story(office: Office) -> float:
        relay, provider = office.relay(), office.provider()
        await office.take(20, relay, provider)
        await asyncio.gather(*(office.first.slow(provider) for _ in range(16)))
        return float(await office.client.hget(provider.key, "base") or 0)

    assert 1.5 < run(story) <= 2


def test_a_word_at_the_beginning_of_a_mailing_does_not_slow_it_for_the_whole_morning(run: Run[float]) -> None:
    async def story(office: Office) -> float:
        relay, provider = office.relay(), office.provider()
        await office.take(1, relay, provider)
        await office.first.slow(relay)
        return float(await office.client.hget(relay.key, "base") or 0)

    assert run(story) == 20


def test_a_provider_that_wants_to_be_left_alone_is(run: Run[tuple[Grant, Grant]]) -> None:
    async def story(office: Office) -> tuple[Grant, Grant]:
        relay, provider = office.relay(), office.provider()
        await office.take(20, relay, provider)
        await office.first.slow(provider, pause=600)
        at_once = await office.take(5, relay, provider)
        await office.pass_time(601, relay, provider)
        return at_once, await office.take(5, relay, provider)

    at_once, later = run(story)
    assert at_once.total == 0
    assert 590 < at_once.wait <= 600
    assert later.total == 1, "then one, and more by and by"


def test_an_hour_and_a_day_let_no_more_through_however_fast(run: Run[list[int]]) -> None:
    async def story(office: Office) -> list[int]:
        relay, provider = office.relay(hour=100, day=150), office.provider()
        assert (await office.take(1, relay, provider, urgent=True)).wait == 1.0, "the ledger is asked first"
        taken = []
        for _ in range(3):
            grant = await office.take(1_000, relay, provider, urgent=True)
            taken.append(grant.total)
            await office.pass_time(60, relay, provider)
        await office.client.delete(f"{relay.key}:hour")
        await office.take(1, relay, provider, urgent=True)
        taken.append((await office.take(1_000, relay, provider, urgent=True)).total)
        return taken

    first, second, third, next_hour = run(story)
    assert first + second + third == 100
    assert next_hour == 50


def test_a_count_that_was_lost_is_taken_from_the_ledger(run: Run[int]) -> None:
    async def story(office: Office) -> int:
        office.ledger = 90
        relay, provider = office.relay(hour=100), office.provider()
        assert (await office.take(1_000, relay, provider, urgent=True)).total == 0
        return (await office.take(1_000, relay, provider, urgent=True)).total

    assert run(story) == 10


def test_releases_leave_a_part_of_the_day_to_notices(run: Run[tuple[int, int]]) -> None:
    async def story(office: Office) -> tuple[int, int]:
        office.ledger = 950
        relay, provider = office.relay(day=1_000), office.provider()
        await office.take(1, relay, provider)
        news = (await office.take(10, relay, provider)).total
        return news, (await office.take(10, relay, provider, urgent=True)).total

    assert run(story) == (0, 10)


def test_releases_stand_back_while_a_notice_waits(run: Run[tuple[int, int]]) -> None:
    async def story(office: Office) -> tuple[int, int]:
        relay, provider, other = office.relay(1), office.provider(), office.provider("other")
        await office.take(1, relay, provider)
        assert (await office.take(1, relay, provider, urgent=True)).total == 0
        await office.client.hset(relay.key, "tokens", "1")
        news = await office.take(1, relay, other)
        return news.total, (await office.take(1, relay, provider, urgent=True)).total

    assert run(story) == (0, 1)


def test_connections_are_shared_fairly_and_never_more_than_there_may_be(run: Run[list[int]]) -> None:
    async def story(office: Office) -> list[int]:
        first, second = office.first, office.second
        return [
            await first.connections(office.name, 16, 10),
            await second.connections(office.name, 16, 10),
            await first.connections(office.name, 10, 10),
            await second.connections(office.name, 16, 10),
        ]

    assert run(story) == [10, 0, 5, 5]


def test_without_valkey_next_to_nothing_leaves() -> None:
    async def story() -> tuple[int, int]:
        nowhere = Redis.from_url("unix:///nowhere/valkey.sock")

        async def spent(_bucket: Bucket, _span: str) -> int:
            return 0

        throttle = ValkeyThrottle(nowhere, spent)
        demand = Demand(100, (Bucket(Kind.RELAY, "main"),), {Bucket(Kind.PROVIDER, "google"): 100})
        grants = [await throttle.take(demand) for _ in range(5)]
        await throttle.slow(Bucket(Kind.RELAY, "main"))
        assert grants[1].wait > 0.5
        return sum(grant.total for grant in grants), await throttle.connections("main", 16, 0)

    assert asyncio.run(story()) == (1, 1)

"""The ledger asks a real Valkey for many rounds at once where mail leaves fast, and for a moment's where it is slow."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from itertools import count

import pytest
from redis.asyncio import Redis
from sqlalchemy import select
from structlog.testing import capture_logs

from service import db, links
from service.models import Attempt, DeliveryState
from service.settings import settings
from tests.workers.sending.desk import Desk, chunks, opened
from workers.relays.memory import MemoryRelay
from workers.relays.relay import Answer, Envelope
from workers.sending.dispatch import Dispatcher
from workers.sending.ledger import AHEAD, MOST_AHEAD, SHUT
from workers.sending.spent import spent
from workers.sending.throttle import Bucket, Demand, Grant, Kind, ValkeyThrottle
from workers.sending.throttle.valkey import plain_url

S = DeliveryState
CROWD = tuple(f"Reader{number:03}" for number in range(200))
NUMBERS = count(1)


class Watched(ValkeyThrottle):
    """The throttle, remembering each question: what was wanted, granted, and had been tried by then."""

    def __init__(self, client: Redis, relay: MemoryRelay) -> None:
        super().__init__(client, spent)
        self.relay = relay
        self.asked: list[tuple[int, int, int]] = []

    async def take(self, demand: Demand) -> Grant:
        grant = await super().take(demand)
        self.asked.append((demand.wanted, grant.total, len(self.relay.tried)))
        return grant

    @property
    def wanted(self) -> list[int]:
        return [wanted for wanted, _, _ in self.asked]

    @property
    def granted(self) -> int:
        return sum(granted for _, granted, _ in self.asked)


class Pausing(MemoryRelay):
    """A relay while whose thirtieth mail somebody pauses the release."""

    desk: Desk

    def receive(self, envelope: Envelope) -> Answer:
        answer = super().receive(envelope)
        if len(self.tried) == 30:
            self.desk.execute("UPDATE release SET state = 'paused'")
        return answer


@pytest.fixture
def crowd(worker_id: str) -> Iterator[Desk]:
    """Two hundred people at one provider, whose buckets nobody else uses."""
    with opened(f"ahead_{worker_id}", CROWD) as desk:
        name = f"ahead-{worker_id}-{next(NUMBERS)}"
        desk.execute("INSERT INTO mail_domain VALUES ('daily.example', :name, now())", name=name)
        desk.relay = MemoryRelay(name=name)
        yield desk


def work(desk: Desk, limit: str = "") -> Watched:
    """Work on the chunk by one connection: of a round there is one mail, so a question tells how far it looks ahead."""
    given = settings().model_copy(update={"relay_connections": 1, "provider_limits": limit})

    async def go() -> Watched:
        throttle = Watched(Redis.from_url(plain_url(given.broker_url)), desk.relay)
        await warm_up(throttle, desk.relay.name)
        dispatcher = Dispatcher(given, desk.relay, links.personal(), throttle)
        for chunk in chunks():
            await dispatcher.dispatch(chunk)
        await dispatcher.close()
        return throttle

    return asyncio.run(go())


async def warm_up(throttle: Watched, name: str) -> None:
    """Let both buckets stand where a long mailing has brought them: at the ceiling, from which a limit takes away."""
    seconds, micros = await throttle._client.time()
    now = seconds + micros / 1_000_000
    for kind in (Kind.RELAY, Kind.PROVIDER):
        for field, value in {"tokens": 20_000, "at": now, "base": 20_000, "since": now, "per": 1}.items():
            await throttle._client.hset(Bucket(kind, name).key, field, str(value))


def test_where_mail_leaves_fast_more_and_more_is_asked_for_at_once(crowd: Desk) -> None:
    throttle = work(crowd)

    assert crowd.states() == {S.ACCEPTED: len(CROWD)}
    assert throttle.wanted[0] == AHEAD
    assert max(throttle.wanted) == MOST_AHEAD
    for before, after in zip(throttle.wanted, throttle.wanted[1:], strict=False):
        assert after in {AHEAD, min(2 * before, MOST_AHEAD)}, "twice as much, or a moment's"
    assert throttle.granted == len(CROWD), "nobody's grant is burnt"


def test_who_is_slowed_down_has_a_moments_mail_in_hand_and_no_more_leaves_than_may(crowd: Desk) -> None:
    rate = 40
    throttle = work(crowd, limit=f"{rate}/s")

    assert crowd.states() == {S.ACCEPTED: len(CROWD)}
    bounded = next(number for number, (wanted, granted, _) in enumerate(throttle.asked) if granted < wanted)
    assert set(throttle.wanted[bounded + 1 :]) == {AHEAD}
    had = 0
    for _, granted, tried in throttle.asked:
        assert tried == had, "what was granted has been used before more is asked for"
        had += granted
    with db.transaction() as session:
        began = list(session.scalars(select(Attempt.began_at).order_by(Attempt.began_at)))
    for number, at in enumerate(began, 1):
        # A bucket holds a second's mail to begin with.
        assert number <= rate * (1 + (at - began[0]).total_seconds()) + 1


def test_of_a_paused_release_nothing_that_was_granted_is_kept(crowd: Desk) -> None:
    relay = Pausing(name=crowd.relay.name)
    relay.desk = crowd
    crowd.relay = relay
    with capture_logs() as logs:
        first = work(crowd)

    assert len(relay.tried) == 30
    assert crowd.states() == {S.ACCEPTED: 30, S.QUEUED: len(CROWD) - 30}
    [worked] = [line for line in logs if line["event"] == "chunk worked"]
    assert worked["refused"] == SHUT, "the rest of what was granted is not burnt at a shut gate"
    assert first.granted > 30
    crowd.execute("UPDATE release SET state = 'sending'")
    crowd.execute("UPDATE chunk SET due_at = now()")
    second = work(crowd)

    assert second.wanted[0] == AHEAD
    assert second.granted == len(CROWD) - 30, "each has been asked for anew"
    assert Counter(mail.recipient for mail in relay.sent).most_common(1)[0][1] == 1
    assert crowd.states() == {S.ACCEPTED: len(CROWD)}

"""Several relays as one: shared by weight, another when one is away, and whoever fails is left alone for a while."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.workers.relays.scripted import Peer, Run, serving, to_ben
from workers.relays.memory import MemoryConnection, MemoryRelay
from workers.relays.pool import Pool, pool
from workers.relays.relay import Answer, Connection, LoginRefused, Outcome, Unavailable, Untrusted

AWAY = Unavailable("no connection")


@dataclass
class Office:
    """Relays by name, a clock that is set by hand, and what the operator was told."""

    weights: dict[str, int]
    now: float = 1000.0
    told: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.relays = {name: MemoryRelay(name=name) for name in self.weights}
        pairs = [(self.relays[name], weight) for name, weight in self.weights.items()]
        self.pool = Pool(pairs, alarm=self.tell, clock=lambda: self.now)

    def tell(self, name: str, fault: Unavailable) -> None:
        self.told.append((name, type(fault).__name__))

    def connect(self) -> str:
        return asyncio.run(self.pool.connect()).relay

    def many(self, times: int) -> Counter[str]:
        return Counter(self.connect() for _ in range(times))

    def tries(self, name: str, *, during: int) -> int:
        """How often this relay is asked while so many connections are wanted."""
        relay = self.relays[name]
        before = relay.asked
        for _ in range(during):
            try:
                self.connect()
            except Unavailable:
                continue
        return relay.asked - before


def test_connections_are_shared_out_by_weight() -> None:
    assert Office({"main": 3, "second": 1}).many(16) == {"main": 12, "second": 4}


def test_even_a_few_connections_are_shared_out() -> None:
    assert Office({"main": 1, "second": 1}).many(2) == {"main": 1, "second": 1}


def test_a_relay_without_weight_is_only_for_need() -> None:
    office = Office({"spare": 0, "main": 1})
    assert office.many(5) == {"main": 5}

    office.relays["main"].unavailable = AWAY
    assert office.many(5) == {"spare": 5}


def test_another_relay_takes_over_from_one_that_is_away() -> None:
    office = Office({"main": 9, "second": 1})
    office.relays["main"].unavailable = AWAY

    assert office.many(10) == {"second": 10}


def test_a_relay_that_failed_three_times_is_left_alone_for_a_quarter_of_a_minute() -> None:
    office = Office({"main": 1, "second": 1})
    office.relays["main"].unavailable = AWAY

    assert office.tries("main", during=20) == 3
    office.now += 14
    assert office.tries("main", during=20) == 0
    office.now += 2
    assert office.tries("main", during=20) == 1


@pytest.mark.parametrize(
    ("fault", "rests"), [(AWAY, (15, 30, 60, 60, 60)), (LoginRefused("no"), (15, 30, 60, 120, 240, 300, 300))]
)
def test_each_rest_is_twice_the_last_up_to_a_minute_or_where_a_person_is_needed_five(
    fault: Unavailable, rests: tuple[int, ...]
) -> None:
    office = Office({"main": 1, "second": 1})
    office.relays["main"].unavailable = fault
    office.tries("main", during=20)

    for rest in rests:
        office.now += rest - 1
        assert office.tries("main", during=5) == 0
        office.now += 1
        assert office.tries("main", during=5) == 1


def test_a_relay_that_comes_back_has_its_share_again() -> None:
    office = Office({"main": 3, "second": 1})
    office.relays["main"].unavailable = AWAY
    office.many(20)
    office.relays["main"].unavailable = None
    office.now += 16

    assert office.connect() == "main"
    assert office.many(16)["main"] == 12


def test_two_failures_and_an_answer_begin_the_count_anew() -> None:
    office = Office({"main": 1})
    for _ in range(3):
        office.relays["main"].unavailable = AWAY
        office.tries("main", during=2)
        office.relays["main"].unavailable = None
        assert office.connect() == "main"


@pytest.mark.parametrize("fault", [LoginRefused("535 No"), Untrusted("expired")])
def test_a_refused_login_or_a_bad_certificate_is_not_tried_again_and_a_person_is_told_once(fault: Unavailable) -> None:
    office = Office({"main": 1, "second": 1})
    office.relays["main"].unavailable = fault

    assert office.tries("main", during=20) == 1
    office.now += 16
    assert office.tries("main", during=20) == 1
    assert office.told == [("main", type(fault).__name__)]

    office.relays["main"].unavailable = None
    office.now += 31
    office.many(2)
    office.relays["main"].unavailable = fault
    office.tries("main", during=2)
    assert len(office.told) == 2, "it worked in between: that is news"


def test_when_nobody_answers_the_caller_hears_why_and_then_that_all_rest() -> None:
    office = Office({"main": 1, "second": 1})
    for relay in office.relays.values():
        relay.unavailable = LoginRefused("No", 535)

    with pytest.raises(LoginRefused):
        office.connect()
    with pytest.raises(Unavailable, match="rests"):
        office.connect()


def test_one_probe_at_a_time_finds_out_for_all(run: Run) -> None:
    """The probe is slow: meanwhile everybody else goes on with the other relay."""

    class Slow(MemoryRelay):
        async def connect(self) -> MemoryConnection:
            if self.unavailable is None:
                await asyncio.sleep(0.05)
            return await super().connect()

    now = 0.0
    slow, quick = Slow(name="slow"), MemoryRelay(name="quick")
    relays = Pool([(slow, 1), (quick, 1)], clock=lambda: now)

    async def scenario() -> Counter[str]:
        nonlocal now
        slow.unavailable = LoginRefused("No", 535)
        for _ in range(2):
            await relays.connect()
        slow.unavailable, now = None, 16.0
        connections = await asyncio.gather(*(relays.connect() for _ in range(8)))
        return Counter(connection.relay for connection in connections)

    assert run(scenario()) == {"slow": 1, "quick": 7}


def test_a_probe_that_is_cancelled_leaves_room_for_the_next(run: Run) -> None:
    class Endless(MemoryRelay):
        hangs = True

        async def connect(self) -> MemoryConnection:
            if self.unavailable is None and self.hangs:
                await asyncio.sleep(5)
            return await super().connect()

    now = 0.0
    relay = Endless(name="main")
    relays = Pool([(relay, 1)], clock=lambda: now)

    async def scenario() -> str:
        nonlocal now
        relay.unavailable = LoginRefused("No", 535)
        with pytest.raises(LoginRefused):
            await relays.connect()
        relay.unavailable, now = None, 16.0
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(relays.connect(), 0.05)
        relay.hangs = False
        return (await relays.connect()).relay

    assert run(scenario()) == "main"


def test_mail_goes_by_the_relay_that_is_there(run: Run) -> None:
    """Over real sockets: of two servers in the setting one is away."""

    async def script(peer: Peer) -> None:
        await peer.welcome("PIPELINING")
        await peer.take()

    async def scenario() -> tuple[Answer, Connection]:
        async with serving(script) as server:
            relays = pool(f"smtp://127.0.0.1:1?name=away&weight=9\nsmtp://127.0.0.1:{server.port}?name=here")
            connection = await relays.connect()
            return await connection.send(to_ben()), connection

    answer, connection = run(scenario())
    assert answer.outcome is Outcome.ACCEPTED
    assert connection.relay == "here"


def test_names_are_their_own() -> None:
    with pytest.raises(ValueError, match="name"):
        Pool([(MemoryRelay(), 1), (MemoryRelay(), 1)])
    with pytest.raises(ValueError):
        Pool([])

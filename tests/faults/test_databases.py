"""PostgreSQL restarts, crashes, loses its answer, is locked or full: nobody is lost, doubles stay in bounds."""

import random
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.models import DeliveryState, Release
from tests.faults import disk, oracle
from tests.faults.browser import Browser
from tests.faults.points import NEXT, READY
from tests.faults.proxy import Pair, Toward
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(300)
PEOPLE = 1_200


def sending(service: Scene, *, accepted: int = PEOPLE // 10) -> Release:
    """A release on its way, of which some is out."""
    service.beat()
    service.worker("first")
    release = service.scheduled()
    service.wait_accepted(release, accepted)
    return release


@pytest.mark.fault("F18")
def test_fast_restarts_lose_and_double_nobody_and_the_pages_say_try_again(folder: Path, seed: int) -> None:
    """Twice for each seed, ten times in the long run."""
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=30, uncertain="resend") as service:
        browser = Browser.signed_in(service.web(), service)
        release = sending(service)
        seen = set()
        for _ in range(2):
            time.sleep(chance.uniform(0.1, 0.5))
            service.database.stop()
            seen.add(browser.get(f"/releases/{release.id}").status)
            service.database.start()
            seen.add(browser.get(f"/releases/{release.id}").status)
        service.wait_sent(release, seconds=90)

        assert seen == {200, 503}
        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F19")
@pytest.mark.parametrize("how", ["immediate", "kill -9"])
def test_crashes_lose_nobody_and_double_at_most_what_was_in_flight(folder: Path, seed: int, how: str) -> None:
    """Twice for each seed and way, ten times each in the long run."""
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=30, uncertain="resend") as service:
        release = sending(service)
        for _ in range(2):
            time.sleep(chance.uniform(0.1, 0.5))
            service.kills += 1
            service.bound += sum(service.lanes.values())
            (service.database.crash if how == "immediate" else service.database.kill)()
            service.database.start()
        service.wait_sent(release, seconds=90)

        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        oracle.check(service, release)


@pytest.mark.fault("F21")
def test_a_commit_whose_answer_is_lost_is_known_again_and_doubles_nobody(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=10, uncertain="resend") as service:
        service.beat()
        database = service.proxy("database")
        cuts = Cuts(chance, at_most=20)
        database.tamper = cuts.sees
        service.worker("first", through=[database])
        release = service.scheduled()
        service.wait_sent(release, seconds=90)

        assert cuts.made >= 5
        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert oracle.check(service, release).duplicates == 0


class Cuts:
    """Every tenth round or so of the ledger is committed, and the connection reset before the worker hears of it."""

    def __init__(self, chance: random.Random, *, at_most: int) -> None:
        self._chance = chance
        self._left = at_most
        self._doomed: set[Pair] = set()
        self.made = 0

    def sees(self, pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        if toward is Toward.SERVER:
            if NEXT in data and self.made < self._left and self._chance.random() < 0.1:
                self._doomed.add(pair)
            return data
        if pair not in self._doomed:
            return data
        if READY in data:
            self._doomed.discard(pair)
            self.made += 1
            pair.reset()
        return None


@pytest.mark.fault("F22")
def test_locks_and_deadlocks_of_others_lose_and_double_nobody(folder: Path, seed: int) -> None:
    """Others lock rows of the ledger against its own order, and the whole table for two seconds."""
    with scene(
        folder, people=PEOPLE, latency=20, postgres={"deadlock_timeout": "100ms"}, uncertain="resend"
    ) as service:
        release = sending(service)
        over = threading.Event()
        rivals = [threading.Thread(target=rival, args=(service, release, seed + n, over)) for n in range(3)]
        for thread in rivals:
            thread.start()
        with service.transaction() as session:
            session.execute(text("LOCK TABLE delivery IN SHARE ROW EXCLUSIVE MODE"))
            time.sleep(2)
        service.wait_accepted(release, PEOPLE // 2)
        over.set()
        for thread in rivals:
            thread.join()
        service.wait_sent(release, seconds=120)

        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert oracle.check(service, release).duplicates == 0


def rival(service: Scene, release: Release, seed: int, over: threading.Event) -> None:
    """Lock a few waiting rows, the last first, and hold on to them for a moment."""
    chance = random.Random(seed)
    pick = text(
        "SELECT id FROM delivery WHERE release_id = :release AND state IN ('queued', 'attempting')"
        " ORDER BY id DESC OFFSET :from LIMIT 1 FOR UPDATE"
    )
    while not over.is_set():
        try:
            with service.transaction() as session:
                for start in sorted(chance.randrange(400) for _ in range(8)):
                    session.execute(pick, {"release": release.id, "from": start})
                    time.sleep(0.01)
        except DBAPIError:
            continue


@pytest.mark.fault("F23")
def test_a_full_disk_stops_the_sending_before_any_mail_and_with_space_it_goes_on(folder: Path) -> None:
    with (
        disk.small(folder / "log disk", 128) as small,
        scene(folder, people=PEOPLE, latency=20, uncertain="resend") as service,
    ):
        service.database.stop()
        service.database.move_log(small.path)
        service.database.start()
        release = sending(service)
        service.bound = sum(service.lanes.values())
        small.fill()
        write_until_it_fails(service)
        time.sleep(2)
        taken = service.taken().total()
        time.sleep(5)
        assert service.taken().total() <= taken, "without a disk for its word nothing may leave"

        small.free()
        if not service.database.is_running():
            service.database.start()
        service.wait_sent(release, seconds=120)
        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        oracle.check(service, release)
        service.database.stop()


def write_until_it_fails(service: Scene) -> None:
    """What is left in the last segment of the log is used up."""
    with service.transaction() as session:
        session.execute(text("CREATE TABLE ballast (words text)"))
    service.wait_until(lambda: not can_write(service))


def can_write(service: Scene) -> bool:
    try:
        with service.transaction() as session:
            session.execute(text("INSERT INTO ballast SELECT md5(n::text) FROM generate_series(1, 10000) n"))
    except DBAPIError:
        return False
    return True


@pytest.mark.fault("F24")
def test_a_full_disk_for_logs_does_not_stop_the_sending(folder: Path) -> None:
    with disk.small(folder / "logs", 1) as small, scene(folder, people=600, latency=20) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, 60)
        small.fill()
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: 600}
        assert oracle.check(service, release).duplicates == 0

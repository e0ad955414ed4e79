"""The worker that makes digests is killed at each step: nobody is owed a release less, nobody gets two digests."""

import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select, text

from service.models import Account, DeliveryState, DigestEntry, Kind, Release, ReleaseState
from service.newsroom import publishing
from service.settings import adopt, settings
from tests.faults import oracle
from tests.faults.points import READY, Mark, Trap
from tests.faults.proxy import Toward
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(300)
PEOPLE = 60
KEEPING = "tick,plan,sort"
MADE, FREED = b"INSERT INTO digest_entry", b"DELETE FROM digest_entry"


def before(statement: bytes) -> Mark:
    return Mark("database", Toward.SERVER, statement)


def after(statement: bytes) -> Mark:
    """What it was part of is committed, and nobody has heard of it."""
    return Mark("database", Toward.CLIENT, READY, after=statement)


UNMADE = {
    "before a newsroom's lock": before(b"pg_try_advisory_xact_lock"),
    "before what is owed is read": before(b"d.exclusion = 'digest'"),
    "before the digest": before(b"INSERT INTO release "),
    "before its content": before(b"INSERT INTO revision"),
    "before its wave": before(b"INSERT INTO wave"),
    "before its entries": before(MADE),
    "before the next morning": before(b"UPDATE journalist SET digest_due_at"),
}
ON_ITS_WAY = {
    "after the commit": after(MADE),
    "before its people": before(b"INSERT INTO delivery"),
    "after its people": after(b"INSERT INTO delivery"),
}
RECALLING = {
    "before it is stopped": before(b"UPDATE release SET state="),
    "before who is left is freed": before(FREED),
    "after who is left is freed": after(FREED),
}


@pytest.fixture(autouse=True)
def same_address() -> Iterator[None]:
    """What a mail says of the newsroom's own address is that of the scene, here too."""
    before_ = settings().base_url
    yield
    adopt(base_url=before_)


@pytest.mark.fault("F70")
def test_killed_at_each_step_of_making_everybody_gets_one_digest(folder: Path, seed: int) -> None:
    with scene(folder, people=PEOPLE) as service:
        rivers = told(service)
        marks = [*UNMADE.items()]
        random.Random(seed).shuffle(marks)
        morning(service)
        for point, mark in (*marks, *ON_ITS_WAY.items()):
            live_until(service, point, mark)
        service.worker("keeping", queues=KEEPING, children=1)
        service.worker("sending", queues="dispatch", children=1)
        [digest] = finished(service)

        assert service.states(digest) == {DeliveryState.ACCEPTED: PEOPLE}
        assert set(service.taken().values()) == {1}
        oracle.check(service, rivers, digest)


@pytest.mark.fault("F71")
def test_killed_while_a_withdrawn_release_is_taken_out_nobody_gets_two_and_nobody_none(folder: Path, seed: int) -> None:
    """Who has the first digest keeps it; all others get one without what was withdrawn, in one piece or in several."""
    with scene(folder, people=PEOPLE, latency=250, CHUNK_SIZE="30", RELAY_CONNECTIONS="1") as service:
        rivers, bridge = told(service), told(service)
        morning(service)
        service.worker("keeping", queues=KEEPING, children=1)
        service.worker("sending", queues="dispatch", children=1)
        service.wait_until(lambda: bool(digests(service)), seconds=40)
        [first] = digests(service)
        service.wait_accepted(first, 10 + random.Random(seed).randint(0, 20))
        service.freeze("sending")  # so that it is on its way still, however long the next steps take here
        service.kill("keeping")
        withdraw(service, rivers)
        for point, mark in RECALLING.items():
            live_until(service, point, mark)
        service.thaw("sending")
        service.worker("keeping", queues=KEEPING, children=1)
        first, *others = finished(service, number=2)

        assert service.state(first) is ReleaseState.CANCELLED
        got, *rest = (service.states(digest)[DeliveryState.ACCEPTED] for digest in (first, *others))
        assert got > 0
        assert sum(rest) == PEOPLE - got
        assert set(service.taken().values()) == {1}
        assert [entries(service, digest) for digest in others] == [{bridge.id}] * len(others)
        oracle.check(service, rivers, bridge, first, *others)


def told(service: Scene) -> Release:
    """A release that everybody wants in their digest."""
    adopt(base_url=service.env["BASE_URL"])
    with service.transaction() as session:
        session.execute(text("UPDATE journalist SET frequency = 'daily', digest_due_at = now() + interval '1 day'"))
    if "beat" not in service.running:
        service.beat()
    service.worker("early", queues=KEEPING, children=1)
    release = service.scheduled()
    service.wait_sent(release)
    service.kill("early")
    assert service.states(release) == {DeliveryState.EXCLUDED: PEOPLE}
    return release


def morning(service: Scene) -> None:
    with service.transaction() as session:
        session.execute(text("UPDATE journalist SET digest_due_at = now()"))


def live_until(service: Scene, point: str, mark: Mark) -> None:
    """A worker that makes digests lives until it passes the point."""
    link = service.proxy("database")
    service.worker("doomed", through=[link], queues=KEEPING, children=1)
    pid = service.running["doomed"].pid
    trap = Trap(link, mark, lambda _pair: os.killpg(pid, signal.SIGKILL))
    until = time.monotonic() + 40
    while not trap.sprung:
        assert time.monotonic() < until, f"never came {point}"
        time.sleep(0.01)
    service.kill("doomed")
    link.shut()


def digests(service: Scene) -> Sequence[Release]:
    with service.transaction() as session:
        return session.scalars(select(Release).where(Release.kind == Kind.DIGEST).order_by(Release.id)).all()


def finished(service: Scene, number: int = 1) -> Sequence[Release]:
    """Those digests there are, once nothing is left to do for any."""
    over = (ReleaseState.SENT, ReleaseState.CANCELLED)

    def is_over() -> bool:
        found = digests(service)
        people = sum(service.states(digest)[DeliveryState.ACCEPTED] for digest in found)
        return len(found) >= number and people == PEOPLE and all(one.state in over for one in found)

    service.wait_until(is_over, seconds=90)
    return digests(service)


def entries(service: Scene, digest: Release) -> set[object]:
    with service.transaction() as session:
        return set(session.scalars(select(DigestEntry.release_id).where(DigestEntry.digest_id == digest.id)))


def withdraw(service: Scene, release: Release) -> None:
    with service.transaction() as session:
        ada = session.get_one(Account, service.newsroom.ada.id)
        publishing.withdraw(session, session.get_one(Release, release.id), by=ada)

"""While the installation is held the tick starts nothing, and every release keeps its state."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select, text

from service import approvals, db, installation, links, releases
from service.models import Account, Chunk, Delivery, DeliveryState, Release, ReleaseState, Wave
from service.settings import settings
from tests.committed import committed
from tests.factories import make_journalist, make_newsroom, make_release, now
from workers import tick as ticking
from workers.relays.memory import MemoryRelay
from workers.relays.relay import Answer, Envelope
from workers.sending import fan_out, plan
from workers.sending.dispatch import Dispatcher
from workers.sending.throttle import OpenThrottle


@pytest.fixture
def release(worker_id: str) -> Iterator[Release]:
    """A release that is due."""
    with committed(f"tick_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            for _ in range(3):
                make_journalist(session, room)
            found = make_release(session, room)
            approvals.approve(session, found, by=session.get_one(Account, room.ben.id))
            releases.schedule(session, found, now(), by=session.get_one(Account, room.ada.id))
        yield found


def hold() -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE installation SET held_at = now(), held_reason = 'An old one was put back.'"))


def state(release: Release) -> ReleaseState:
    with db.transaction() as session:
        return releases.get(session, release.id).state


def the_wave() -> Wave:
    with db.transaction() as session:
        return session.scalars(select(Wave)).one()


def test_what_is_due_starts(release: Release) -> None:
    ticking.tick()
    assert state(release) is ReleaseState.SENDING


def test_what_is_due_does_not_start_while_held(release: Release) -> None:
    hold()
    ticking.tick()
    assert state(release) is ReleaseState.SCHEDULED


def test_nothing_is_planned_while_held(release: Release) -> None:
    ticking.tick()
    hold()
    assert plan.plan(the_wave().id) == 0
    assert the_wave().planned_at is None


def test_no_chunk_is_rung_for_while_held_but_those_of_a_cancelled_release(release: Release) -> None:
    ticking.tick()
    plan.plan(the_wave().id)
    hold()
    with db.transaction() as session:
        assert fan_out.due(session) == []
        session.execute(text("UPDATE release SET state = 'cancelled'"))
        assert len(fan_out.due(session)) == 1


def test_a_release_of_which_nothing_is_left_stays_as_it_is_while_held(release: Release) -> None:
    ticking.tick()
    plan.plan(the_wave().id)
    with db.transaction() as session:
        session.execute(text("UPDATE delivery SET state = 'cancelled'"))
        session.execute(text("UPDATE chunk SET due_at = NULL"))
    hold()
    ticking.tick()
    assert state(release) is ReleaseState.SENDING


def test_a_clock_that_jumps_after_the_check_starts_nothing(release: Release) -> None:
    before = installation.check()
    with db.transaction() as session:
        session.execute(text("UPDATE release SET send_at = now() + interval '1 microsecond'"))
    ticking.start(before)
    assert state(release) is ReleaseState.SCHEDULED


def test_a_clock_that_jumps_after_the_check_plans_no_wave(release: Release) -> None:
    ticking.tick()
    before = installation.check()
    with db.transaction() as session:
        session.execute(text("UPDATE wave SET not_before = clock_timestamp()"))
    with db.transaction() as session:
        assert len(plan.due(session)) == 1
        assert plan.due(session, at=before.at) == []


def test_a_chunk_that_was_rung_for_by_a_clock_that_went_back_is_rung_for_again(release: Release) -> None:
    ticking.tick()
    plan.plan(the_wave().id)
    with db.transaction() as session:
        session.execute(text("UPDATE chunk SET rung_at = now() + interval '1 hour'"))
        assert len(fan_out.due(session)) == 1


def test_chunks_due_by_a_clock_that_went_back_are_due_once_confirmed(release: Release) -> None:
    ticking.tick()
    plan.plan(the_wave().id)
    hold()
    with db.transaction() as session:
        session.execute(text("UPDATE chunk SET due_at = now() + interval '1 hour'"))
        session.execute(text("UPDATE account_right SET role = 'administer' WHERE role = 'approve'"))
        olga = session.scalars(select(Account).where(Account.name.startswith("Ben"))).one()
        installation.confirm(session, by=olga)
    with db.transaction() as session:
        assert session.scalars(select(Chunk.due_at <= text("now()"))).one()
        assert session.scalars(select(Delivery.state)).all() == [DeliveryState.QUEUED] * 3


class Interrupting(MemoryRelay):
    """A relay at whose first mail everything is held."""

    def receive(self, envelope: Envelope) -> Answer:
        if not self.tried:
            hold()
        return super().receive(envelope)


def test_a_hold_in_the_middle_of_a_chunk_stops_it_at_the_next_mail(release: Release) -> None:
    ticking.tick()
    plan.plan(the_wave().id)
    relay = Interrupting()
    one_by_one = settings().model_copy(update={"relay_connections": 1})

    async def work() -> list[float | None]:
        dispatcher = Dispatcher(one_by_one, relay, links.personal(), OpenThrottle())
        found = [await dispatcher.dispatch(the_chunk()) for _ in range(2)]
        await dispatcher.close()
        return found

    *_, again = asyncio.run(work())
    assert len(relay.sent) == 1
    assert again is None, "a held chunk does not ring for itself"
    with db.transaction() as session:
        states = Counter(session.scalars(select(Delivery.state)))
    assert states == {DeliveryState.ACCEPTED: 1, DeliveryState.QUEUED: 2}


def the_chunk() -> int:
    with db.transaction() as session:
        return session.scalars(select(Chunk.id)).one()

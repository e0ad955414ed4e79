"""Dispatch, chunk by chunk, with a relay that answers as it is told: the ledger says what became of everybody."""

import asyncio
import time
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import db, links, releases, suppressions
from service.models import (
    Attempt,
    Chunk,
    DeliveryState,
    Exclusion,
    SuppressionReason,
    Wave,
)
from service.settings import settings
from tests.factories import make_journalist, make_newsroom
from tests.ledgers import make_ledger
from tests.workers.sending.desk import NAMES, Desk, address, chunks
from workers.relays.memory import MemoryConnection, MemoryRelay
from workers.relays.pool import Pool
from workers.relays.relay import Answer, Outcome, Stage, Unavailable
from workers.sending import fan_out, plan
from workers.sending.dispatch import Dispatcher

S = DeliveryState


def test_everybody_gets_one_mail_and_the_chunk_is_done(desk: Desk) -> None:
    desk.work(times=2)

    assert sorted(sent.recipient for sent in desk.relay.sent) == [address(name) for name in NAMES]
    assert desk.states() == {S.ACCEPTED: 3}
    with db.transaction() as session:
        assert fan_out.due(session) == []
        assert releases.finish(session) == 1


def test_planning_twice_writes_nobody_twice(desk: Desk) -> None:
    with db.transaction() as session:
        [wave] = session.execute(text("SELECT id FROM wave")).scalars()

    assert plan.plan(UUID(str(wave))) == 0
    assert desk.states() == {S.QUEUED: 3}


def test_a_greylisted_mail_waits_as_long_as_it_was_asked_to(desk: Desk) -> None:
    later = Answer(Outcome.DEFERRED, Stage.RCPT, 450, "4.7.1", "4.7.1 Greylisted, try again in 60 seconds", 60)
    desk.relay.tell(later, to=address("Dana"))
    desk.work(times=2)

    assert desk.of("Dana").state is S.DEFERRED
    assert len(desk.relay.tried) == 3, "not tried again before its time"
    desk.execute("UPDATE delivery SET due_at = now() WHERE state = 'deferred'")
    desk.execute("UPDATE chunk SET due_at = now()")
    desk.work()
    assert desk.of("Dana").state is S.ACCEPTED
    assert desk.of("Dana").attempts == 2


def test_a_chunk_waits_a_tenth_longer_for_those_put_off_so_that_they_go_together(desk: Desk) -> None:
    later = Answer(Outcome.DEFERRED, Stage.RCPT, 450, "4.7.1", "4.7.1 Greylisted, try again in 60 seconds", 60)
    desk.relay.tell(later, to=address("Dana"))
    desk.work()

    with db.transaction() as session:
        due = session.scalars(select(Chunk.due_at)).one()
    asked = desk.of("Dana").due_at
    assert due is not None
    assert asked is not None
    assert 5 < (due - asked).total_seconds() < 8


def test_every_attempt_is_kept_with_the_relays_own_words(desk: Desk) -> None:
    desk.relay.tell(Answer(Outcome.REJECTED, Stage.RCPT, 550, "5.1.1", "5.1.1 No such user"), to=address("Eli"))
    desk.work()
    with db.transaction() as session:
        attempt = session.scalars(select(Attempt).where(Attempt.delivery_id == desk.of("Eli").id)).one()

    assert (attempt.code, attempt.enhanced, attempt.reply) == (550, "5.1.1", "5.1.1 No such user")
    assert desk.of("Eli").reason == "The address does not exist"


def test_one_persons_broken_address_stops_nobody_else(desk: Desk) -> None:
    desk.execute("ALTER TABLE journalist DROP CONSTRAINT ck_journalist_no_control_characters")
    desk.execute("UPDATE journalist SET address = 'cleo@daily.example> X' WHERE name = 'Cleo Reader'")
    desk.work()

    assert desk.of("Cleo").state is S.FAILED
    assert desk.states() == {S.ACCEPTED: 2, S.FAILED: 1}


def test_a_relay_that_is_away_fails_nobody_and_is_left_in_peace(desk: Desk) -> None:
    desk.relay.unavailable = Unavailable("no connection")
    desk.work(times=2)

    assert desk.states() == {S.QUEUED: 3}
    with db.transaction() as session:
        assert fan_out.due(session) == [], "the chunk rests"


@pytest.mark.parametrize(
    ("change", "exclusion"),
    [
        ("UPDATE subscription SET state = 'ended' WHERE journalist_id = :id", Exclusion.UNSUBSCRIBED),
        ("UPDATE journalist SET do_not_contact = true WHERE id = :id", Exclusion.DO_NOT_CONTACT),
        ("UPDATE journalist SET erased_at = now() WHERE id = :id", Exclusion.ERASED),
    ],
)
def test_who_says_no_after_planning_is_left_out_with_the_reason(desk: Desk, change: str, exclusion: Exclusion) -> None:
    desk.execute(change, id=desk.of("Cleo").journalist_id)
    desk.work()

    assert (desk.of("Cleo").state, desk.of("Cleo").exclusion) == (S.EXCLUDED, exclusion)
    assert desk.states()[S.ACCEPTED] == 2


def test_who_was_suppressed_after_planning_is_left_out(desk: Desk) -> None:
    with db.transaction() as session:
        suppressions.add(session, address("Dana"), SuppressionReason.COMPLAINT)
    desk.work()

    assert desk.of("Dana").exclusion is Exclusion.SUPPRESSED


def test_a_paused_release_keeps_everybody_waiting(desk: Desk) -> None:
    desk.execute("UPDATE release SET state = 'paused'")
    desk.work()

    assert desk.states() == {S.QUEUED: 3}
    assert not desk.relay.tried


def test_another_relay_takes_over_and_each_mail_has_a_name_for_its_reports(desk: Desk) -> None:
    away = MemoryRelay(name="away")
    away.unavailable = Unavailable("no connection")

    async def over_two_relays() -> None:
        dispatcher = Dispatcher(settings(), Pool([(away, 9), (desk.relay, 1)]), links.personal(), desk.throttle)
        await dispatcher.dispatch(chunks()[0])
        await dispatcher.close()

    asyncio.run(over_two_relays())

    assert away.asked > 0
    assert desk.states() == {S.ACCEPTED: 3}
    assert desk.of("Cleo").attempts == 1
    assert {sent.envid for sent in desk.relay.sent} == {desk.of(name).id.hex for name in NAMES}


def test_a_chunk_that_another_worker_holds_is_left_alone(desk: Desk) -> None:
    async def beside() -> float | None:
        url = settings().database_url.replace("+psycopg", "")
        async with await AsyncConnection.connect(url, autocommit=True) as other:
            await other.execute("SELECT pg_advisory_lock(7246, %s)", (chunks()[0],))
            dispatcher = Dispatcher(settings(), desk.relay, links.personal(), desk.throttle)
            again = await dispatcher.dispatch(chunks()[0])
            await dispatcher.close()
            return again

    assert asyncio.run(beside()) is None
    assert not desk.relay.tried


def test_a_mail_past_its_deadline_is_given_up_and_not_sent_late(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '49 hours'")
    desk.work()

    assert desk.states() == {S.FAILED: 3}
    assert not desk.relay.tried


def test_a_mail_too_big_for_the_relay_has_failed_and_nobody_is_held(desk: Desk) -> None:
    too_big = Answer(Outcome.REJECTED, Stage.MAIL, enhanced="5.3.4", text="the message has 9 octets, the relay takes 8")
    desk.relay.tell(too_big, to=address("Dana"))
    desk.work()

    assert desk.of("Dana").state is S.FAILED
    assert desk.of("Dana").reason == "The message is too big for them"


def test_a_broken_way_is_tried_again_whatever_its_class_says(desk: Desk) -> None:
    desk.relay.tell(Answer(Outcome.REJECTED, Stage.DOT, 550, "5.4.4", "5.4.4 Unable to route"), to=address("Dana"))
    desk.work()

    assert desk.of("Dana").state is S.DEFERRED


def make_waiting(session: Session) -> UUID:
    """Another release that is being sent, with three chunks due."""
    room = make_newsroom(session)
    ledger = make_ledger(session, room, [(make_journalist(session, room), S.QUEUED)])
    session.execute(
        text(
            "INSERT INTO chunk (wave_id, first_id, last_id, due_at)"
            " SELECT wave_id, first_id, last_id, now() - interval '1 hour' FROM chunk, generate_series(1, 3)"
            " WHERE id = :id"
        ),
        {"id": ledger.chunk.id},
    )
    return ledger.release.id


def release_of(chunk: int) -> UUID:
    with db.transaction() as session:
        return session.scalars(select(Wave.release_id).join(Chunk).where(Chunk.id == chunk)).one()


def test_releases_that_leave_at_one_second_take_turns(desk: Desk) -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE chunk SET due_at = now() - interval '1 second'"))
        first, second = make_waiting(session), make_waiting(session)
        rung = fan_out.due(session)

    order = [release_of(chunk) for chunk, _ in rung]
    assert len(rung) == 1 + 2 * 3
    assert set(order[:3]) == {desk.release.id, first, second}, "each release's first chunk before the second of any"


def test_a_notice_is_rung_for_in_a_queue_of_its_own(desk: Desk) -> None:
    desk.execute("UPDATE release SET lane = 'notice'")
    with db.transaction() as session:
        [(_, lane)] = fan_out.due(session)

    assert fan_out.QUEUES[lane] == "notices"


class Tarpit(MemoryRelay):
    """A relay of which only the first connection is ever opened."""

    async def connect(self) -> MemoryConnection:
        if self.connections:
            await asyncio.sleep(300)
        return await super().connect()


def test_a_connection_that_is_never_opened_keeps_no_chunk(desk: Desk) -> None:
    desk.relay = Tarpit()
    began = time.monotonic()
    desk.work()

    assert time.monotonic() - began < 30
    assert desk.states() == {S.ACCEPTED: 3}

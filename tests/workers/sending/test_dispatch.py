"""Dispatch, chunk by chunk, with a relay that answers as it is told: the ledger says what became of everybody."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from psycopg import AsyncConnection
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import approvals, audit, db, deliveries, links, releases, subscriptions, suppressions
from service.models import (
    Account,
    Attempt,
    Chunk,
    Delivery,
    DeliveryState,
    Exclusion,
    Journalist,
    Release,
    SuppressionReason,
)
from service.settings import settings
from tests.committed import committed
from tests.factories import make_journalist, make_newsroom, make_release, now
from workers.relays.memory import MemoryRelay
from workers.relays.relay import Answer, Outcome, Stage, Unavailable
from workers.sending import fan_out, plan
from workers.sending.dispatch import Dispatcher

NAMES = ("Cleo", "Dana", "Eli")
S = DeliveryState


@dataclass
class Desk:
    """A planned release to three people, and what a worker does with it."""

    release: Release
    relay: MemoryRelay

    def work(self, times: int = 1) -> None:
        """Work so many times on every chunk, as one worker process."""

        async def go() -> None:
            dispatcher = Dispatcher(settings(), self.relay, links.personal())
            for _ in range(times):
                for chunk in chunks():
                    await dispatcher.dispatch(chunk)
            await dispatcher.close()

        asyncio.run(go())

    def states(self) -> Counter[DeliveryState]:
        with db.transaction() as session:
            return Counter(session.scalars(select(Delivery.state)))

    def of(self, name: str) -> Delivery:
        with db.transaction() as session:
            query = select(Delivery).join(Journalist).where(Journalist.name == f"{name} Reader")
            return session.scalars(query).one()

    def ada(self, session: Session) -> Account:
        return session.get_one(Account, self.release.written_by)

    def execute(self, statement: str, **values: object) -> None:
        with db.transaction() as session:
            session.execute(text(statement), values)


def chunks() -> list[int]:
    with db.transaction() as session:
        return list(session.scalars(select(Chunk.id)))


def address(name: str) -> str:
    return f"{name.lower()}@daily.example"


@pytest.fixture
def desk(worker_id: str) -> Iterator[Desk]:
    with committed(f"dispatch_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            for name in NAMES:
                make_journalist(session, room, f"{name} Reader", address=address(name))
            release = make_release(session, room)
            approvals.approve(session, release, by=session.get_one(Account, room.ben.id))
            releases.schedule(session, release, now(), by=session.get_one(Account, room.ada.id))
        with db.transaction() as session:
            releases.start_due(session)
            [wave] = plan.due(session)
        assert plan.plan(wave) == len(NAMES)
        yield Desk(release, MemoryRelay())


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


def test_a_chunk_that_another_worker_holds_is_left_alone(desk: Desk) -> None:
    async def beside() -> bool:
        url = settings().database_url.replace("+psycopg", "")
        async with await AsyncConnection.connect(url, autocommit=True) as other:
            await other.execute("SELECT pg_advisory_lock(7246, %s)", (chunks()[0],))
            dispatcher = Dispatcher(settings(), desk.relay, links.personal())
            again = await dispatcher.dispatch(chunks()[0])
            await dispatcher.close()
            return again

    assert not asyncio.run(beside())
    assert not desk.relay.tried


def test_what_a_dead_worker_left_in_its_hands_is_uncertain(desk: Desk) -> None:
    desk.execute(
        "UPDATE delivery SET state = 'attempting', attempts = 1, attempted_at = now() WHERE id = :id",
        id=desk.of("Cleo").id,
    )
    desk.work(times=2)

    assert desk.states() == {S.UNCERTAIN: 1, S.ACCEPTED: 2}
    assert len(desk.relay.tried) == 2, "nothing is sent again before a person has decided"


def test_a_mail_past_its_deadline_is_given_up_and_not_sent_late(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '49 hours'")
    desk.work()

    assert desk.states() == {S.FAILED: 3}
    assert not desk.relay.tried


def test_a_release_may_have_a_deadline_of_its_own_and_says_so(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '3 hours'")
    desk.execute("UPDATE release SET deadline_hours = 2")
    desk.work()

    assert desk.states() == {S.FAILED: 3}
    assert desk.of("Cleo").reason == "Not accepted within 2 hours; given up"


def test_what_a_person_had_tried_again_is_tried_though_the_deadline_is_past(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '49 hours'")
    desk.work()
    with db.transaction() as session:
        assert deliveries.retry_failed(session, desk.release, by=desk.ada(session)) == 3
    desk.work()

    assert desk.states() == {S.ACCEPTED: 3}


def test_what_waits_for_its_next_try_beyond_the_deadline_is_looked_at_when_that_is_over(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '110 minutes'")
    desk.execute("UPDATE release SET deadline_hours = 2")
    later = Answer(Outcome.DEFERRED, Stage.RCPT, 450, "4.7.1", "4.7.1 Come back in 3600 seconds", 3600)
    desk.relay.tell(later, to=address("Dana"))
    desk.work()

    with db.transaction() as session:
        [due] = session.scalars(select(Chunk.due_at))
    assert due is not None
    assert due - now() < timedelta(minutes=11)
    desk.execute("UPDATE wave SET not_before = now() - interval '3 hours'")
    desk.execute("UPDATE chunk SET due_at = now()")
    desk.work()
    assert desk.of("Dana").state is S.FAILED
    with db.transaction() as session:
        assert session.scalars(select(Chunk.due_at)).all() == [None]


def test_only_those_whose_turn_it_is_are_sent_to_and_the_chunk_waits_for_the_next(desk: Desk) -> None:
    turn = now() + timedelta(minutes=5)
    desk.execute("UPDATE delivery SET due_at = :turn WHERE id <> :id", turn=turn, id=desk.of("Cleo").id)
    desk.work()

    assert desk.states() == {S.ACCEPTED: 1, S.QUEUED: 2}
    with db.transaction() as session:
        assert session.scalars(select(Chunk.due_at)).all() == [turn]


def test_who_left_by_the_link_of_a_mail_before_its_sender_was_missed_has_got_it(desk: Desk) -> None:
    cleo = desk.of("Cleo").id
    desk.execute("UPDATE delivery SET state = 'attempting', attempts = 1, attempted_at = now() WHERE id = :id", id=cleo)
    with db.transaction() as session:
        subscriptions.leave(session, cleo)
    desk.work()

    assert (desk.of("Cleo").state, desk.of("Cleo").reason) == (S.ACCEPTED, deliveries.LINK_USED)
    with db.transaction() as session:
        assert "delivery settled" in [entry.act for entry in audit.of(session, desk.release)]


def test_what_a_person_has_sent_once_more_is_sent_though_the_deadline_is_past(desk: Desk) -> None:
    desk.execute("UPDATE delivery SET state = 'attempting', attempts = 1, attempted_at = now()")
    desk.work()
    desk.execute("UPDATE wave SET not_before = now() - interval '49 hours'")
    with db.transaction() as session:
        assert deliveries.settle_all(session, desk.release, accepted=False, by=desk.ada(session)) == 3
    desk.work()

    assert desk.states() == {S.ACCEPTED: 3}

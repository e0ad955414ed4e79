"""Planning: who is in a wave, when each one's turn is, and that the books balance over several waves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import approvals, db, releases, reports
from service.models import Account, Chunk, Delivery, DeliveryState, Journalist, Release, ReleaseState, Wave
from service.releases import Pace
from service.settings import adopt
from tests.committed import committed
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from workers.sending import plan

S = DeliveryState
AT_ONCE = Pace()
VOIDED = """
    INSERT INTO approval (revision_id, written_by, decided_by, decision, note)
    SELECT revision_id, written_by, decided_by, 'voided', '' FROM approval
"""


@pytest.fixture
def room(worker_id: str) -> Iterator[Newsroom]:
    with committed(f"planning_{worker_id}"), db.transaction() as session:
        room = make_newsroom(session)
        session.commit()
        yield room


def people(room: Newsroom, count: int, *, domains: int = 1) -> None:
    """So many subscribers, imported domain by domain."""
    with db.transaction() as session:
        for number in range(count):
            domain = f"outlet{number * domains // count}.example"
            make_journalist(session, room, f"Reader {number}", address=f"reader{now().timestamp()}{number}@{domain}")


def sending(room: Newsroom, pace: Pace = AT_ONCE) -> tuple[Release, UUID]:
    """A release whose time has come, and its wave."""
    with db.transaction() as session:
        release = make_release(session, room)
        approvals.approve(session, release, by=session.get_one(Account, room.ben.id))
        releases.schedule(session, release, now(), by=ada(session, room), pace=pace)
    with db.transaction() as session:
        releases.start_due(session)
        [wave] = plan.due(session)
    return release, wave


def ada(session: Session, room: Newsroom) -> Account:
    return session.get_one(Account, room.ada.id)


def extend(room: Newsroom, release: Release) -> UUID:
    with db.transaction() as session:
        return releases.extend(session, releases.get(session, release.id), by=ada(session, room)).id


def turns(wave: UUID) -> list[tuple[datetime | None, str]]:
    """When each queued person's turn is, in the order of the ledger, and where they read."""
    with db.transaction() as session:
        query = select(Delivery.due_at, Journalist.address).join(Journalist).where(Delivery.wave_id == wave)
        query = query.where(Delivery.state == S.QUEUED).order_by(Delivery.id)
        return [(row.due_at, row.address.rpartition("@")[2]) for row in session.execute(query)]


def execute(statement: str, **values: object) -> None:
    with db.transaction() as session:
        session.execute(text(statement), values)


def test_without_a_spread_everybodys_turn_is_now(room: Newsroom) -> None:
    people(room, 5)
    _, wave = sending(room)
    assert plan.plan(wave) == 5
    assert {due for due, _ in turns(wave)} == {None}


def test_a_spread_gives_everybody_a_turn_in_steps_of_ten_seconds(room: Newsroom) -> None:
    people(room, 30)
    _, wave = sending(room, Pace(spread_minutes=2))
    assert plan.plan(wave) == 30
    found = [due for due, _ in turns(wave) if due is not None]
    first = found[0]
    assert now() - first < timedelta(seconds=30)
    seconds = [(due - first).total_seconds() for due in found]
    assert seconds == sorted(seconds), "the ledger's order is that of the turns, so a chunk's rows are near in time"
    assert set(seconds) == {10.0 * step for step in range(12)}
    assert max(seconds.count(second) for second in set(seconds)) == 3


def test_a_spread_mixes_the_providers(room: Newsroom) -> None:
    people(room, 40, domains=2)
    _, wave = sending(room, Pace(spread_minutes=10))
    plan.plan(wave)
    domains = [domain for _, domain in turns(wave)]
    assert len(set(domains[:20])) == len(set(domains[20:])) == 2


def test_the_left_out_take_nobodys_turn(room: Newsroom) -> None:
    people(room, 12)
    execute("UPDATE journalist SET do_not_contact = true WHERE name IN ('Reader 1', 'Reader 2', 'Reader 3')")
    _, wave = sending(room, Pace(spread_minutes=2))
    assert plan.plan(wave) == 9
    assert len({due for due, _ in turns(wave)}) == 9


def test_a_chunk_of_a_spread_is_due_when_its_first_row_is(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    people(room, 30)
    _, wave = sending(room, Pace(spread_minutes=60))
    adopt(chunk_size=10)
    plan.plan(wave)
    adopt(chunk_size=1000)
    firsts = [due for number, (due, _) in enumerate(turns(wave)) if number % 10 == 0]
    with db.transaction() as session:
        assert list(session.scalars(select(Chunk.due_at).order_by(Chunk.first_id))) == firsts


def test_those_who_subscribed_since_get_it_in_a_wave_of_their_own(room: Newsroom) -> None:
    people(room, 3)
    release, first = sending(room)
    plan.plan(first)
    execute("UPDATE delivery SET state = 'failed'; UPDATE chunk SET due_at = NULL")
    people(room, 2)
    with db.transaction() as session:
        releases.finish(session)
        assert releases.newcomers(session, release) == 2
    wave = extend(room, release)
    assert extend(room, release) == wave, "asked twice, it is one wave"
    assert plan.plan(wave) == 2
    with db.transaction() as session:
        assert releases.get(session, release.id).state is ReleaseState.SENDING
        candidates = session.scalars(select(Wave.candidates).order_by(Wave.number)).all()
        report = reports.delivery(session, release.id)
    assert list(candidates) == [3, 2]
    assert (report.candidates, report.rows) == (5, 5)
    assert "have a row" not in report.imbalance


def test_newcomers_who_said_no_are_counted_and_left_out(room: Newsroom) -> None:
    people(room, 1)
    release, first = sending(room)
    plan.plan(first)
    people(room, 2)
    execute(
        "UPDATE journalist SET do_not_contact = true WHERE id = (SELECT id FROM journalist ORDER BY id DESC LIMIT 1)"
    )
    with db.transaction() as session:
        assert releases.newcomers(session, release) == 1
    wave = extend(room, release)
    assert plan.plan(wave) == 1
    with db.transaction() as session:
        assert session.get_one(Wave, wave).candidates == 2


def test_without_newcomers_there_is_no_further_wave(room: Newsroom) -> None:
    people(room, 2)
    release, wave = sending(room)
    plan.plan(wave)
    with pytest.raises(releases.NobodyNew):
        extend(room, release)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE release SET state = 'cancelled'",
        "UPDATE wave SET planned_at = NULL",
        VOIDED,
    ],
)
def test_a_release_that_may_not_leave_goes_to_nobody_more(room: Newsroom, change: str) -> None:
    people(room, 1)
    release, wave = sending(room)
    plan.plan(wave)
    people(room, 1)
    execute(change)
    with pytest.raises(releases.NotExtendable):
        extend(room, release)


def test_a_bell_that_is_heard_hours_late_plans_nothing(room: Newsroom) -> None:
    people(room, 1)
    _, wave = sending(room)
    execute("UPDATE wave SET not_before = now() - interval '3 hours'")
    assert plan.plan(wave) == 0
    with db.transaction() as session:
        releases.start_due(session)
        assert session.scalars(select(Release.state)).one() is ReleaseState.PAUSED


def test_a_bell_for_a_paused_release_plans_nothing(room: Newsroom) -> None:
    people(room, 1)
    _, wave = sending(room)
    execute("UPDATE release SET state = 'paused'")
    assert plan.plan(wave) == 0


def test_two_waves_of_one_release_are_not_planned_at_once(room: Newsroom) -> None:
    people(room, 1)
    release, wave = sending(room)
    with db.transaction() as session:
        session.execute(text("SELECT pg_advisory_xact_lock(7247, hashtext(:id))"), {"id": str(release.id)})
        assert plan.plan(wave) == 0
    assert plan.plan(wave) == 1

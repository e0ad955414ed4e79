"""Waves: each at its time or at a person's word, one after the other, and nobody in two of them."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import approvals, journalists, releases
from service.audiences import Audience, Conditions, Stage
from service.models import Delivery, DeliveryState, Journalist, Release, ReleaseState, Wave
from service.releases import BadPace, NotExtendable, NotWaiting, Pace
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from workers.sending import plan

FIRST = Stage("tier 1", Conditions(tiers=(1,)))
SOON, PRESSED = Stage("all", Conditions(), 30), Stage("all", Conditions(), None)
SECOND = timedelta(seconds=1)


class Press:
    """A newsroom with one person of each tier, and a release in waves whose time has come."""

    def __init__(self, session: Session, *stages: Stage) -> None:
        self.session = session
        self.room = make_newsroom(session)
        self.people = [make_journalist(session, self.room, f"Reader {tier}") for tier in (1, 2, 3)]
        for tier, person in enumerate(self.people, 1):
            person.tier = tier
        self.release = make_release(session, self.room)
        audience = Audience(stages=stages)
        releases.readdress(session, self.release, by=self.room.ada, topics=[self.room.topic], audience=audience)
        approvals.approve(session, self.release, by=self.room.ben)
        releases.schedule(session, self.release, now(), by=self.room.ada)

    def start(self) -> None:
        releases.start_due(self.session)
        self.session.refresh(self.release)

    def waves(self) -> list[Wave]:
        return [stands.wave for stands in releases.waves_of(self.session, self.release)]

    def plan(self, number: int) -> int:
        return plan.write(self.session, self.waves()[number - 1])

    def people_of(self, number: int) -> list[Journalist]:
        wave = self.waves()[number - 1]
        rows = select(Journalist).join(Delivery).where(Delivery.wave_id == wave.id).order_by(Journalist.tier)
        return list(self.session.scalars(rows))


def test_each_stage_is_a_wave_at_its_distance(session: Session) -> None:
    press = Press(session, FIRST, SOON)
    first, second = press.waves()
    assert [wave.name for wave in (first, second)] == ["tier 1", "all"]
    assert first.not_before is not None
    assert second.not_before == first.not_before + timedelta(minutes=30)


def test_nobody_is_in_two_waves_and_nobody_in_none(session: Session) -> None:
    press = Press(session, FIRST, SOON)
    press.start()
    assert press.plan(1) == 1
    late = make_journalist(session, press.room, "Late Reader")
    assert press.plan(2) == 3
    assert press.people_of(1) == press.people[:1]
    assert {person.id for person in press.people_of(2)} == {late.id, *(person.id for person in press.people[1:])}
    counted = session.scalars(select(Wave.candidates).where(Wave.release_id == press.release.id)).all()
    assert sum(number or 0 for number in counted) == 4


def test_a_wave_that_waits_for_a_word_is_not_due_and_keeps_the_release_open(session: Session) -> None:
    press = Press(session, FIRST, PRESSED)
    press.start()
    press.plan(1)
    session.flush()
    assert plan.due(session, at=now() + timedelta(days=300)) == []
    for row in session.scalars(select(Delivery).where(Delivery.release_id == press.release.id)):
        row.state = DeliveryState.CANCELLED
    releases.finish(session)
    session.refresh(press.release)
    assert press.release.state is ReleaseState.SENDING
    releases.start_wave(session, press.release, 2, by=press.room.ada)
    assert plan.due(session) == [press.waves()[1].id]


def test_a_wave_by_time_may_be_started_earlier(session: Session) -> None:
    press = Press(session, FIRST, SOON)
    press.start()
    press.plan(1)
    releases.start_wave(session, press.release, 2, by=press.room.ada)
    assert plan.due(session) == [press.waves()[1].id]


def test_no_wave_is_started_before_the_one_before_it_or_twice(session: Session) -> None:
    press = Press(session, FIRST, Stage("tier 2", Conditions(tiers=(2,)), None), PRESSED)
    with pytest.raises(NotWaiting):
        releases.start_wave(session, press.release, 2, by=press.room.ada)
    press.start()
    press.plan(1)
    with pytest.raises(NotWaiting, match="before this one"):
        releases.start_wave(session, press.release, 3, by=press.room.ada)
    releases.start_wave(session, press.release, 2, by=press.room.ada)
    press.plan(2)
    with pytest.raises(NotWaiting, match="has begun"):
        releases.start_wave(session, press.release, 2, by=press.room.ada)
    with pytest.raises(NotWaiting, match="has begun"):
        releases.drop_wave(session, press.release, 2, by=press.room.ada)


def test_a_dropped_wave_takes_the_later_ones_along_and_the_release_ends(session: Session) -> None:
    press = Press(session, FIRST, Stage("tier 2", Conditions(tiers=(2,)), 10), SOON)
    press.start()
    press.plan(1)
    releases.drop_wave(session, press.release, 2, by=press.room.ada)
    assert [wave.name for wave in press.waves()] == ["tier 1"]
    assert releases.newcomers(session, press.release) == 2, "they can still be sent it, by a word of its own"


def test_the_first_wave_is_the_release_itself(session: Session) -> None:
    press = Press(session, FIRST, SOON)
    with pytest.raises(NotWaiting, match="stop the release"):
        releases.drop_wave(session, press.release, 1, by=press.room.ada)


def test_a_release_with_a_wave_to_come_is_not_sent_to_those_added_later(session: Session) -> None:
    press = Press(session, FIRST, PRESSED)
    press.start()
    press.plan(1)
    with pytest.raises(NotExtendable, match="has not left yet"):
        releases.extend(session, press.release, by=press.room.ada)


def test_an_exclusive_stays_one_after_a_pause_over_its_time(session: Session) -> None:
    press = Press(session, FIRST, SOON)
    releases.pause(session, press.release, by=press.room.ada)
    for wave in press.waves():
        assert wave.not_before is not None
        wave.not_before -= timedelta(hours=2)
    session.flush()
    releases.resume(session, press.release, by=press.room.ada)
    first, second = press.waves()
    assert first.not_before is not None
    assert second.not_before is not None
    assert abs(first.not_before - now()) < timedelta(minutes=1)
    assert second.not_before - first.not_before == timedelta(minutes=30)


def test_a_later_stage_waits_for_the_planning_of_the_one_before(session: Session) -> None:
    press = Press(session, FIRST, SOON)
    press.start()
    second = press.waves()[1]
    second.not_before = now() - SECOND
    session.flush()
    assert plan.is_its_turn(session, press.waves()[0])
    assert not plan.is_its_turn(session, second)
    press.plan(1)
    session.flush()
    assert plan.is_its_turn(session, second)


def scheduled(session: Session, room: Newsroom, pace: Pace) -> Release:
    release = make_release(session, room)
    approvals.approve(session, release, by=room.ben)
    releases.schedule(session, release, now(), by=room.ada, pace=pace)
    return release


def test_everybody_gets_it_in_the_morning_of_their_own_clock(session: Session) -> None:
    room = make_newsroom(session)
    zones = ("Asia/Almaty", "Europe/Berlin", "America/New_York", "Mars/Olympus", "UTC")
    for zone in zones:
        make_journalist(session, room, zone).zone = zone
    release = scheduled(session, room, Pace(local_time=time(9)))
    assert releases.pace_of(session, release) == Pace(local_time=time(9))
    [stands] = releases.waves_of(session, release)
    assert plan.write(session, stands.wave) == len(zones)
    rows = session.execute(select(Journalist.zone, Delivery.due_at).join(Delivery).order_by(Delivery.id)).all()
    for zone, due in rows:
        assert due == journalists.next_time(zone, time(9), stands.wave.not_before or now())
        assert stands.wave.not_before is not None
        assert timedelta() <= due - stands.wave.not_before <= timedelta(hours=25)
    dues = [due for _, due in rows if due is not None]
    assert dues == sorted(dues), "a chunk's turns are near each other"


@pytest.mark.parametrize(
    ("zone", "begin", "due"),
    [
        ("Asia/Almaty", datetime(2026, 11, 24, 3, 59, tzinfo=UTC), datetime(2026, 11, 24, 4, tzinfo=UTC)),
        ("Asia/Almaty", datetime(2026, 11, 24, 4, tzinfo=UTC), datetime(2026, 11, 24, 4, tzinfo=UTC)),
        ("Asia/Almaty", datetime(2026, 11, 24, 4, 1, tzinfo=UTC), datetime(2026, 11, 25, 4, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 24, 20, tzinfo=UTC), datetime(2026, 11, 25, 19, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 28, 9, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ("no zone", datetime(2026, 11, 24, 10, tzinfo=UTC), datetime(2026, 11, 25, 9, tzinfo=UTC)),
    ],
)
def test_nine_by_their_clock(zone: str, begin: datetime, due: datetime) -> None:
    assert journalists.next_time(zone, time(9), begin) == due


@pytest.mark.parametrize("pace", [Pace(30, local_time=time(9)), Pace(deadline_hours=20, local_time=time(9))])
def test_a_morning_that_would_be_cut_short_is_refused(session: Session, pace: Pace) -> None:
    with pytest.raises(BadPace):
        scheduled(session, make_newsroom(session), pace)

"""What is counted before a release leaves is what planning writes: the two ask the same."""

from collections import Counter
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import approvals, releases
from service.models import Delivery, DeliveryState, Exclusion, Lane, Release, Wave
from service.releases import Reach
from tests.factories import make_journalist, make_newsroom, make_release, now
from tests.service.releases.crowd import gather
from workers.sending import plan


def planned(session: Session, release: Release) -> tuple[Counter[str], Counter[Exclusion]]:
    """What planning wrote of the release: queued by language, left out by reason."""
    rows = session.scalars(select(Delivery).where(Delivery.release_id == release.id)).all()
    queued = Counter(row.language for row in rows if row.state is DeliveryState.QUEUED)
    return queued, Counter(row.exclusion for row in rows if row.exclusion)


def as_counted(found: Reach) -> tuple[Counter[str], Counter[Exclusion]]:
    inside = {group.reason: group.number for group in found.left_out if isinstance(group.reason, Exclusion)}
    return Counter(found.by_language), Counter(inside)


def test_nobody_reads_it_yet(session: Session) -> None:
    room = make_newsroom(session)
    assert releases.reach(session, make_release(session, room)) == Reach(0, (), {})


def test_who_is_left_out_is_counted_with_the_reason(session: Session) -> None:
    room = make_newsroom(session)
    make_journalist(session, room, "Cleo Reader")
    make_journalist(session, room, "Dana Reader").do_not_contact = True
    found = releases.reach(session, make_release(session, room))
    assert (found.total, found.candidates) == (1, 2)
    assert found.left_out == (releases.LeftOut(Exclusion.DO_NOT_CONTACT, 1),)


@pytest.mark.parametrize("lane", Lane)
@pytest.mark.parametrize("seed", range(3))
def test_reach_is_what_planning_writes(session: Session, lane: Lane, seed: int) -> None:
    room, chance = make_newsroom(session), Random(seed)
    gather(session, room, chance)
    release = make_release(session, room)
    release.lane = lane
    found = releases.reach(session, release)
    assert found.left_out
    assert found.total == sum(found.by_language.values()) > 0
    approvals.approve(session, release, by=room.ben)
    assert releases.reach(session, release) == found, "approval changes nothing"
    releases.schedule(session, release, now(), by=room.ada)
    plan.write(session, session.scalars(select(Wave).where(Wave.release_id == release.id)).one())
    assert planned(session, release) == as_counted(found)
    assert releases.reach(session, release) == Reach(0, (), {}), "they have their rows"

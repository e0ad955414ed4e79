"""Readers leave, complain, move, are forgotten or come while a release is being sent: each of them is obeyed."""

import random
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Select, func, select, update

from service import addresses, journalists, suppressions
from service.journalists import AlreadyKnown, mailbox
from service.models import (
    Delivery,
    DeliveryState,
    Exclusion,
    Hold,
    Journalist,
    Release,
    Subscription,
    SuppressionReason,
    Topic,
)
from service.signing import Purpose, sign
from tests.factories import make_journalist
from tests.faults import oracle
from tests.faults.browser import Browser
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(180)
PEOPLE = 1_000
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def sending(service: Scene, *, accepted: int = 50) -> Release:
    """A release on its way, of which some is out."""
    service.beat()
    service.worker("first")
    release = service.scheduled()
    service.wait_accepted(release, accepted)
    return release


def waiting(service: Scene, release: Release) -> list[UUID]:
    """The deliveries whose turn has not come, the first first."""
    with service.transaction() as session:
        queued = select(Delivery.id).filter_by(release_id=release.id, state=DeliveryState.QUEUED)
        return list(session.scalars(queued.order_by(Delivery.id)))


@pytest.mark.fault("F40")
def test_an_unsubscribe_by_one_click_during_the_run_is_obeyed(folder: Path, seed: int) -> None:
    """A twentieth of all, over real HTTP, as mail providers post it: no cookie, no page before."""
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=40, CHUNK_SIZE="100") as service:
        provider = Browser(service.web())
        release = sending(service)
        leaving = chance.sample(waiting(service, release), PEOPLE // 20)
        for delivery in leaving:
            assert provider.post(f"/leave/{sign(Purpose.LEAVE, delivery)}", fields=ONE_CLICK) == 200
        service.wait_sent(release)

        states = service.states(release)
        assert states[DeliveryState.ACCEPTED] + states[DeliveryState.EXCLUDED] == PEOPLE
        assert states[DeliveryState.EXCLUDED] > len(leaving) / 3
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F41")
def test_a_complaint_about_one_release_ends_the_next_one_to_the_same_person(folder: Path) -> None:
    """A complaint suppresses at once, and sixty of them are more than a provider bears (docs/administrator.md)."""
    with scene(folder, people=300, latency=20, answers=True) as service:
        service.people(60, tag="+complain", prefix="angry")
        first = sending(service, accepted=20)
        second = service.scheduled()
        # So many complaints let the domain stand still; a person lets it go on, once for the day.
        service.wait_until(lambda: lifted(service))
        service.wait_sent(first)
        service.wait_sent(second)
        service.wait_until(lambda: service.states(first)[DeliveryState.COMPLAINED] == 60)
        third = service.scheduled()
        service.wait_sent(third)

        assert service.states(third) == {DeliveryState.ACCEPTED: 300, DeliveryState.EXCLUDED: 60}
        assert excluded(service, third) == {Exclusion.SUPPRESSED}
        assert oracle.check(service, first, second, third).duplicates == 0


def lifted(service: Scene) -> bool:
    """Whether the domain stood still, and was let go on."""
    with service.transaction() as session:
        held = update(Hold).where(Hold.lifted_at.is_(None)).values(lifted_at=func.now()).returning(Hold.reason)
        return any("complained about mail of" in reason for reason in session.scalars(held))


def excluded(service: Scene, release: Release) -> set[Exclusion | None]:
    with service.transaction() as session:
        query = select(Delivery.exclusion).filter_by(release_id=release.id, state=DeliveryState.EXCLUDED)
        return set(session.scalars(query))


@pytest.mark.fault("F41")
def test_a_suppression_during_the_run_holds_for_the_rest_of_it(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=40, CHUNK_SIZE="100") as service:
        release = sending(service)
        chosen = chance.sample(waiting(service, release), 100)
        with service.transaction() as session:
            prints = session.scalars(select(Journalist.fingerprint).where(Journalist.id.in_(people(chosen))))
            reason = SuppressionReason.BOUNCE
            suppressions.add_all(session, set(prints), reason, sender=service.newsroom.sender.id)
        service.wait_sent(release)

        assert service.states(release)[DeliveryState.EXCLUDED] > 50
        assert oracle.check(service, release).duplicates == 0


def people(deliveries: Collection[UUID]) -> Select[UUID]:
    return select(Delivery.journalist_id).where(Delivery.id.in_(deliveries))


@pytest.mark.fault("F42")
def test_who_moved_or_was_forgotten_on_the_way_gets_nothing_at_the_old_address(folder: Path, seed: int) -> None:
    """The address is changed as an administrator's page will do it; entries cannot be merged yet."""
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=40, CHUNK_SIZE="100") as service:
        release = sending(service)
        chosen = chance.sample(waiting(service, release), 100)
        old = {forget(service, delivery) for delivery in chosen[:50]} | {move(service, each) for each in chosen[50:]}
        committed = service.now()
        service.wait_sent(release)

        late = [
            copy for copy in service.copies() if copy.recipient in old and (copy.at - committed).total_seconds() > 1
        ]
        assert not late
        recipients = service.taken()
        assert not [address for address in recipients if f"new-{address}" in recipients]
        assert oracle.check(service, release).duplicates == 0


def forget(service: Scene, delivery: UUID) -> str:
    """Erase whoever it is for; the address that was."""
    with service.transaction() as session:
        journalist = session.scalars(select(Journalist).where(Journalist.id.in_(people([delivery])))).one()
        address = journalist.address
        journalists.erase(session, journalist)
        return address


def move(service: Scene, delivery: UUID) -> str:
    """Give whoever it is for another address; the one that was."""
    with service.transaction() as session:
        journalist = session.scalars(select(Journalist).where(Journalist.id.in_(people([delivery])))).one()
        address, box = journalist.address, mailbox("new-" + journalist.address)
        journalist.address, journalist.address_canonical = box.address, box.canonical
        journalist.fingerprint = box.fingerprint
        return address


@pytest.mark.fault("F43")
def test_one_journalist_on_five_topics_and_in_four_spellings_gets_one_mail(folder: Path) -> None:
    with scene(folder, people=0) as service:
        with service.transaction() as session:
            sender = session.merge(service.newsroom.sender, load=False)
            cleo = journalists.add(session, sender, "Cleo@zeitung-über.example", "Cleo Reader")
            label = addresses.clean("cleo@zeitung-über.example")
            for spelling in ("cleo@zeitung-über.example", label, label.upper()):
                with pytest.raises(AlreadyKnown):
                    journalists.add(session, sender, spelling)
            topics = [Topic(sender_id=sender.id, slug=f"topic-{number}", name=f"Topic {number}") for number in range(4)]
            session.add_all(topics)
            session.flush()
            for topic in (service.newsroom.topic, *topics):
                session.add(Subscription(journalist_id=cleo.id, topic_id=topic.id, state="confirmed"))
        release = service.scheduled(topics=[topic.id for topic in topics])
        service.beat()
        service.worker("first")
        service.wait_sent(release)

        assert service.taken().total() == 1
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F44")
def test_who_comes_when_it_is_under_way_is_not_part_of_it_and_the_counts_add_up(folder: Path) -> None:
    """The audience is frozen when it is planned: docs/officer.md."""
    with scene(folder, people=PEOPLE, latency=20) as service:
        release = sending(service, accepted=PEOPLE // 2)
        with service.transaction() as session:
            for _ in range(20):
                make_journalist(session, service.newsroom)
            leaving = select(Subscription.journalist_id).order_by(Subscription.journalist_id.desc()).limit(50)
            ended = update(Subscription).where(Subscription.journalist_id.in_(leaving.scalar_subquery()))
            session.execute(ended.values(state="ended", ended_at=service.now()))
        service.wait_sent(release)

        assert sum(service.states(release).values()) == PEOPLE
        assert oracle.check(service, release).duplicates == 0

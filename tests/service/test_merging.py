"""Two entries, one person: every row stays where it is, every no holds, and it can be undone."""

from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import accounts, audiences, imports, journalists, preferences, subscriptions, suppressions, topics
from service.journalists import OnItsWay, alike, listing
from service.models import Delivery, DeliveryState, Journalist, PressList, Role, SubscriptionState, SuppressionReason
from tests.factories import Newsroom, make_delivery, make_journalist, make_newsroom

ENDED, CONFIRMED, PENDING = SubscriptionState.ENDED, SubscriptionState.CONFIRMED, SubscriptionState.PENDING


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


def states(session: Session, person: Journalist) -> list[SubscriptionState]:
    return [each.state for each in subscriptions.of(session, person)]


def accepted(session: Session, room: Newsroom, person: Journalist) -> Delivery:
    delivery = make_delivery(session, room, person, topic=room.topic)
    for state in (DeliveryState.ATTEMPTING, DeliveryState.ACCEPTED):
        delivery.state = state
        session.flush()
    return delivery


def test_every_delivery_stays_with_the_entry_it_went_to(session: Session, room: Newsroom) -> None:
    old, new = make_journalist(session, room), make_journalist(session, room, subscribed=None)
    rows = {accepted(session, room, each).id: each.id for each in (old, new)}
    journalists.merge(session, new, old, by=room.ada)
    found = select(Delivery.id, Delivery.journalist_id).where(Delivery.id.in_(rows))
    assert dict(session.execute(found).all()) == rows
    assert set(journalists.entries(session, new)) == {old.id, new.id}
    assert listing.people(session, room.sender).total == 1
    assert [len(one["mails"]) for one in preferences.export(session, new)["merged"]] == [1]


def test_who_is_still_written_to_at_the_other_address_is_not_merged(session: Session, room: Newsroom) -> None:
    old, new = make_journalist(session, room), make_journalist(session, room)
    make_delivery(session, room, old)
    with pytest.raises(OnItsWay):
        journalists.merge(session, new, old, by=room.ada)


@pytest.mark.parametrize(
    ("kept", "gone", "after"),
    [
        (None, CONFIRMED, CONFIRMED),
        (CONFIRMED, None, CONFIRMED),
        (CONFIRMED, ENDED, ENDED),
        (ENDED, CONFIRMED, ENDED),
        (PENDING, CONFIRMED, CONFIRMED),
        (PENDING, ENDED, ENDED),
        (CONFIRMED, PENDING, CONFIRMED),
    ],
)
def test_a_no_at_either_entry_holds_and_undoing_puts_everything_back(
    session: Session, room: Newsroom, kept: SubscriptionState | None, gone: SubscriptionState | None, after: str
) -> None:
    new, old = make_journalist(session, room, subscribed=kept), make_journalist(session, room, subscribed=gone)
    merge = journalists.merge(session, new, old, by=room.ada)
    assert states(session, new) == [after]
    assert states(session, old) == []
    journalists.part(session, merge.id, new, by=room.ada)
    assert (states(session, new), states(session, old)) == ([kept] if kept else [], [gone] if gone else [])


def test_lists_go_along_and_come_back(session: Session, room: Newsroom) -> None:
    accounts.grant(session, room.ada, room.sender, [Role.JOURNALISTS])
    both, one = (audiences.lists.make(session, room.sender, name, by=room.ada) for name in ("Both", "One"))
    old, new = make_journalist(session, room), make_journalist(session, room)
    audiences.lists.put(session, both, [old.id, new.id], by=room.ada)
    audiences.lists.put(session, one, [old.id], by=room.ada)
    merge = journalists.merge(session, new, old, by=room.ada)
    assert (on(session, both), on(session, one)) == ({new.id}, {new.id})
    journalists.part(session, merge.id, new, by=room.ada)
    assert (on(session, both), on(session, one)) == ({new.id, old.id}, {old.id})


def on(session: Session, which: PressList) -> set[UUID]:
    return {person.id for person, _ in audiences.lists.members(session, which)}


def test_who_left_us_at_one_address_is_not_contacted_at_the_other(session: Session, room: Newsroom) -> None:
    old, new = make_journalist(session, room), make_journalist(session, room)
    suppressions.add(session, old.address, SuppressionReason.COMPLAINT, sender=room.sender)
    merge = journalists.merge(session, new, old, by=room.ada)
    assert new.do_not_contact
    journalists.part(session, merge.id, new, by=room.ada)
    assert not new.do_not_contact


def test_leaving_by_an_old_mail_ends_it_where_they_are_written_to_now(session: Session, room: Newsroom) -> None:
    old, new = make_journalist(session, room), make_journalist(session, room)
    mail = accepted(session, room, old)
    merge = journalists.merge(session, new, old, by=room.ada)
    subscriptions.leave(session, mail.id)
    assert states(session, new) == [ENDED]
    subscriptions.rejoin(session, mail.id)
    assert states(session, new) == [CONFIRMED]
    subscriptions.leave_all(session, mail.id)
    assert suppressions.holds(session, new.fingerprint, room.sender)
    journalists.part(session, merge.id, new, by=room.ada)
    assert (states(session, new), states(session, old)) == ([ENDED], [ENDED])


def test_neither_import_nor_hand_writes_to_the_entry_that_went(session: Session, room: Newsroom) -> None:
    energy = topics.add(session, room.sender, "energy", "Energy")
    old, new = make_journalist(session, room), make_journalist(session, room)
    journalists.merge(session, new, old, by=room.ada)
    table = imports.read(f"email,topics\n{old.address},energy\n".encode())
    assert imports.apply(session, room.sender, table, legal_basis="x").subscriptions == 0
    assert journalists.subscribe(session, room.sender, [old.id], energy, legal_basis="x", by=room.ada).begun == 0
    subscriptions.confirm(session, old, energy, {"how": "form"}, on_their_word=True)
    assert old.merged_into is None


def test_erasing_a_person_erases_all_their_entries(session: Session, room: Newsroom) -> None:
    old, new = make_journalist(session, room), make_journalist(session, room)
    journalists.merge(session, new, old, by=room.ada)
    journalists.erase(session, new, by=room.ada)
    session.refresh(old)
    assert old.erased_at is not None


def test_namesakes_are_proposed_until_somebody_tells_them_apart(session: Session, room: Newsroom) -> None:
    first, second = (make_journalist(session, room, "Cleo Lindqvist") for _ in range(2))
    for _ in range(6):
        make_journalist(session, room, "The Editor")
    make_journalist(session, room, "Solo")
    assert [(pair.first.id, pair.second.id) for pair in alike.pairs(session, room.sender)] == [(first.id, second.id)]
    journalists.tell_apart(session, first, second, by=room.ada)
    assert alike.pairs(session, room.sender) == []
    assert session.scalar(select(func.count()).select_from(Journalist).where(Journalist.merged_into.is_not(None))) == 0

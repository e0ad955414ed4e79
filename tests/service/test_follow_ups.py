"""Who did not answer is asked once more, in the same thread, and nobody else."""

import pytest
from sqlalchemy.orm import Session

from service import accounts, approvals, follow_ups, notices
from service.feedback.event import Kind
from service.models import DeliveryState, Event, Exclusion, NoticeKind, Publication, ReleaseState, SubscriptionState
from service.notices import Words
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release
from tests.ledgers import Ledger, make_ledger

S = DeliveryState
SAID = {"en": "Do you need anything for the story?"}


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


def sent(session: Session, room: Newsroom, people: int) -> Ledger:
    made = make_ledger(session, room, [(make_journalist(session, room), S.ACCEPTED) for _ in range(people)])
    made.release.state = ReleaseState.SENT
    session.flush()
    return made


def came(session: Session, made: Ledger, number: int, kind: Kind) -> None:
    delivery = made.deliveries[number].id
    session.add(Event(delivery_id=delivery, source="smtp", source_id=f"{delivery}:{kind}", kind=kind.value))
    session.flush()


def test_answers_are_no_longer_asked_for_and_an_out_of_office_note_is_none(session: Session, room: Newsroom) -> None:
    made = sent(session, room, 5)
    for number, kind in enumerate((Kind.REPLY, Kind.BOUNCE, Kind.COMPLAINT, Kind.AUTO_REPLY)):
        came(session, made, number, kind)

    assert follow_ups.waiting(session, made.release) == 2


def test_who_left_the_topic_since_is_left_out_with_the_reason(session: Session, room: Newsroom) -> None:
    gone = make_journalist(session, room, subscribed=SubscriptionState.ENDED)
    made = make_ledger(session, room, [(gone, S.ACCEPTED), (make_journalist(session, room), S.ACCEPTED)])
    made.release.state = ReleaseState.SENT
    session.flush()

    written = follow_ups.begin(session, made.release, SAID, by=room.ada)
    audience = notices.audience_of(session, written)

    assert (audience.people, audience.left_out) == (1, {Exclusion.UNSUBSCRIBED: 1})


def test_it_is_asked_once(session: Session, room: Newsroom) -> None:
    made = sent(session, room, 1)
    follow_ups.begin(session, made.release, SAID, by=room.ada)
    with pytest.raises(follow_ups.AlreadyFollowedUp):
        follow_ups.begin(session, made.release, SAID, by=room.ada)


def test_it_needs_a_second_person_and_is_in_no_newsroom(session: Session, room: Newsroom) -> None:
    written = follow_ups.begin(session, sent(session, room, 1).release, SAID, by=room.ada)
    with pytest.raises(accounts.NotAllowed):
        approvals.approve(session, written, by=room.ada)
    with pytest.raises(notices.NotANotice):
        notices.in_emergency(session, written, by=room.ada, agreed=room.ben, reason="Hurry")

    approvals.approve(session, written, by=room.ben)

    assert notices.send(session, written, by=room.ada)
    assert not session.get_one(Publication, written.id).shown


def test_nobody_is_asked_to_use_what_is_withdrawn(session: Session, room: Newsroom) -> None:
    made = sent(session, room, 1)
    notices.begin(session, made.release, NoticeKind.KILL, [Words("en", "WITHDRAWN: x", "", "")], by=room.ada)
    with pytest.raises(follow_ups.NotToFollowUp):
        follow_ups.begin(session, made.release, SAID, by=room.ada)


def test_only_what_was_sent_to_somebody_without_an_answer_is_followed_up(session: Session, room: Newsroom) -> None:
    answered = sent(session, room, 1)
    came(session, answered, 0, Kind.REPLY)
    for release in (make_release(session, room), answered.release):
        with pytest.raises(follow_ups.NotToFollowUp):
            follow_ups.begin(session, release, SAID, by=room.ada)


def test_it_is_written_in_each_language(session: Session, room: Newsroom) -> None:
    with pytest.raises(follow_ups.NothingSaid):
        follow_ups.begin(session, sent(session, room, 1).release, {"en": " "}, by=room.ada)


def test_a_withdrawal_stops_the_question_too(session: Session, room: Newsroom) -> None:
    made = sent(session, room, 1)
    written = follow_ups.begin(session, made.release, SAID, by=room.ada)
    approvals.approve(session, written, by=room.ben)
    notices.send(session, written, by=room.ada)

    notices.begin(session, made.release, NoticeKind.KILL, [Words("en", "WITHDRAWN: x", "", "")], by=room.ada)

    assert written.state is ReleaseState.CANCELLED

"""What journalists asked for, and how they take it back."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from service import subscriptions, suppressions, topics
from service.errors import NotFound
from service.models import Journalist, SubscriptionState, SuppressionReason
from service.subscriptions import Left
from tests.factories import make_delivery, make_journalist, make_newsroom

ASKED = {"how": "form", "words": "Send me news about water"}


def _states(session: Session, journalist: Journalist) -> list[SubscriptionState]:
    return [subscription.state for subscription in subscriptions.of(session, journalist)]


def test_a_confirmed_subscription_keeps_its_first_proof(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom, subscribed=SubscriptionState.PENDING)
    subscriptions.confirm(session, cleo, newsroom.topic, ASKED)
    subscriptions.confirm(session, cleo, newsroom.topic, {"how": "again"})
    (found,) = subscriptions.of(session, cleo)
    assert (found.state, found.proof, found.ended_at) == (SubscriptionState.CONFIRMED, ASKED, None)


def test_who_left_comes_back_by_their_own_word_alone(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom)
    subscriptions.end(session, cleo, newsroom.topic)
    with pytest.raises(Left):
        subscriptions.confirm(session, cleo, newsroom.topic, ASKED)
    assert _states(session, cleo) == [SubscriptionState.ENDED]
    subscriptions.confirm(session, cleo, newsroom.topic, ASKED, on_their_word=True)
    assert _states(session, cleo) == [SubscriptionState.CONFIRMED]


def test_who_left_everything_is_subscribed_to_nothing_new(session: Session) -> None:
    newsroom = make_newsroom(session)
    energy = topics.add(session, newsroom.sender, "energy", "Energy")
    cleo = make_journalist(session, newsroom)
    subscriptions.end_all(session, cleo)
    with pytest.raises(Left):
        subscriptions.confirm(session, cleo, energy, ASKED)
    assert suppressions.reason(session, cleo.address, newsroom.sender) is SuppressionReason.UNSUBSCRIBED
    subscriptions.confirm(session, cleo, energy, ASKED, on_their_word=True)
    assert not suppressions.holds(session, cleo.address, newsroom.sender)
    assert sorted(_states(session, cleo)) == [SubscriptionState.CONFIRMED, SubscriptionState.ENDED]


def test_nobody_is_subscribed_who_must_not_be_contacted(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom, subscribed=None)
    cleo.do_not_contact = True
    with pytest.raises(Left):
        subscriptions.confirm(session, cleo, newsroom.topic, ASKED)


def test_their_own_word_lifts_no_bounce(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom)
    suppressions.add(session, cleo.address, SuppressionReason.BOUNCE, sender=newsroom.sender)
    subscriptions.confirm(session, cleo, newsroom.topic, ASKED, on_their_word=True)
    assert suppressions.holds(session, cleo.address, newsroom.sender)


def test_another_senders_topic_is_no_topic(session: Session) -> None:
    newsroom, other = make_newsroom(session), make_newsroom(session)
    with pytest.raises(NotFound):
        subscriptions.confirm(session, make_journalist(session, newsroom), other.topic, ASKED)


def test_one_click_ends_the_topic_the_mail_came_by_and_no_other(session: Session) -> None:
    newsroom = make_newsroom(session)
    energy = topics.add(session, newsroom.sender, "energy", "Energy")
    cleo, dana = make_journalist(session, newsroom), make_journalist(session, newsroom, "Dana")
    subscriptions.confirm(session, cleo, energy, ASKED)
    delivery = make_delivery(session, newsroom, cleo, topic=newsroom.topic)
    for _ in range(2):
        assert subscriptions.leave(session, delivery.id) == [newsroom.topic]
    states = {each.topic_id: each.state for each in subscriptions.of(session, cleo)}
    assert states == {newsroom.topic.id: SubscriptionState.ENDED, energy.id: SubscriptionState.CONFIRMED}
    assert _states(session, dana) == [SubscriptionState.CONFIRMED]


def test_one_click_on_a_mail_of_no_single_topic_ends_all_of_its_release(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom, subscribed=None)
    delivery = make_delivery(session, newsroom, cleo)
    assert subscriptions.leave(session, delivery.id) == [newsroom.topic]
    assert _states(session, cleo) == [SubscriptionState.ENDED]


def test_leaving_again_keeps_the_first_time_and_proof(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom)
    first = make_delivery(session, newsroom, cleo, topic=newsroom.topic)
    second = make_delivery(session, newsroom, cleo, topic=newsroom.topic)
    subscriptions.leave(session, first.id)
    subscriptions.leave(session, second.id)
    (found,) = subscriptions.of(session, cleo)
    assert found.proof[subscriptions.LEFT] == str(first.id)


def test_rejoining_undoes_leaving_by_the_same_mail(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom, subscribed=None)
    subscriptions.confirm(session, cleo, newsroom.topic, ASKED)
    delivery = make_delivery(session, newsroom, cleo, topic=newsroom.topic)
    subscriptions.leave(session, delivery.id)
    subscriptions.rejoin(session, delivery.id)
    (found,) = subscriptions.of(session, cleo)
    assert (found.state, found.proof, found.ended_at) == (SubscriptionState.CONFIRMED, ASKED, None)


def test_an_old_mail_does_not_undo_another_way_of_leaving(session: Session) -> None:
    newsroom = make_newsroom(session)
    cleo = make_journalist(session, newsroom)
    delivery = make_delivery(session, newsroom, cleo, topic=newsroom.topic)
    subscriptions.leave(session, delivery.id)
    subscriptions.rejoin(session, delivery.id)
    subscriptions.end(session, cleo, newsroom.topic)
    subscriptions.rejoin(session, delivery.id)
    assert _states(session, cleo) == [SubscriptionState.ENDED]


def test_a_delivery_that_is_not_there_is_left_by_nobody(session: Session) -> None:
    for act in (subscriptions.leave, subscriptions.rejoin):
        with pytest.raises(NotFound):
            act(session, uuid4())

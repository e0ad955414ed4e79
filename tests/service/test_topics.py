"""What journalists subscribe to."""

import pytest
from sqlalchemy.orm import Session

from service import topics
from service.senders import SlugTaken
from service.topics import UnknownTopics
from tests.factories import make_newsroom


def test_topics_come_in_the_order_asked_for(session: Session) -> None:
    newsroom = make_newsroom(session)
    energy = topics.add(session, newsroom.sender, "energy", "Energy", names={"ru": "Энергетика"})
    asked = topics.by_slugs(session, newsroom.sender, ["water", "energy", "water"])
    assert asked == [newsroom.topic, energy]
    assert topics.all(session, newsroom.sender) == [energy, newsroom.topic]
    with pytest.raises(SlugTaken):
        topics.add(session, newsroom.sender, "energy", "Energy again")


def test_every_unknown_topic_is_named_at_once(session: Session) -> None:
    newsroom, other = make_newsroom(session), make_newsroom(session)
    topics.add(session, other.sender, "energy", "Energy")
    with pytest.raises(UnknownTopics, match=r"'energy', 'gold'.*water") as refused:
        topics.by_slugs(session, newsroom.sender, ["energy", "water", "gold"])
    assert refused.value.unknown == ("energy", "gold")

"""Newsroom identities and their media contacts."""

import pytest
from sqlalchemy.orm import Session

from service import senders
from service.errors import NotFound
from service.senders import BadSlug, SlugTaken
from tests.factories import make_newsroom


def test_a_sender_is_found_by_its_slug(session: Session) -> None:
    added = senders.add(
        session, "lakes", "Lakes\r\nBcc: x@y.example", address="Press@LAKES.example", postal_address="1"
    )
    assert senders.by_slug(session, "lakes") is added
    assert senders.get(session, added.id) is added
    assert added in senders.all(session)
    assert (added.name, added.reply_to) == ("Lakes Bcc: x@y.example", "Press@lakes.example")
    with pytest.raises(NotFound):
        senders.by_slug(session, "seas")
    with pytest.raises(SlugTaken):
        senders.add(session, "lakes", "Lakes", address="press@lakes.example", postal_address="1")


@pytest.mark.parametrize("slug", ["", "Lakes", "a--b", "-a", "a b", "../x", "озеро", "a" * 64, "a\n"])
def test_a_slug_can_stand_in_a_link(session: Session, slug: str) -> None:
    with pytest.raises(BadSlug):
        senders.add(session, slug, "Lakes", address="press@lakes.example", postal_address="1")


def test_the_same_media_contact_is_found_again(session: Session) -> None:
    newsroom, other = make_newsroom(session), make_newsroom(session)
    first = senders.contact(session, newsroom.sender, "Fay Press", role="Spokeswoman", phone="+7 717 200 0000")
    assert (
        senders.contact(session, newsroom.sender, " Fay  Press", role="Spokeswoman", phone="+7 717 200 0000") is first
    )
    assert senders.contact(session, newsroom.sender, "Fay Press", role="Spokeswoman", phone="+7 717 200 0001") != first
    assert senders.contact(session, other.sender, "Fay Press", role="Spokeswoman", phone="+7 717 200 0000") != first

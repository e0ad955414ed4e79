"""Newsroom identities and their media contacts."""

import pytest
from sqlalchemy.orm import Session

from service import senders
from service.addresses import BadAddress
from service.errors import NotFound
from service.senders import BadSlug, NameTooLong, SlugTaken
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


@pytest.mark.parametrize(
    "address", ["jörg@lakes.example", "=?utf-8?q?x=0ABcc:?=@lakes.example", "a@b.example, c@d.example"]
)
def test_our_own_addresses_can_stand_in_every_mail(session: Session, address: str) -> None:
    with pytest.raises(BadAddress):
        senders.add(session, "lakes", "Lakes", address=address, postal_address="1")
    with pytest.raises(BadAddress):
        senders.add(session, "lakes", "Lakes", address="press@lakes.example", reply_to=address, postal_address="1")


def test_a_domain_of_other_letters_is_written_in_latin_ones(session: Session) -> None:
    added = senders.add(session, "lakes", "Lakes", address="press@озёра.example", postal_address="1")
    assert added.address.startswith("press@xn--")
    assert added.address.isascii()


def test_a_list_and_its_newsroom_have_names_that_fit_a_header(session: Session) -> None:
    with pytest.raises(NameTooLong):
        senders.add(session, "lakes", "L" * 201, address="press@lakes.example", postal_address="1")
    long = "press@" + ".".join(["lakes" * 12, "lakes" * 12, "lakes" * 12, "lakes" * 8]) + ".example"
    with pytest.raises(BadAddress, match="too long"):
        senders.add(session, "l" * 63, "Lakes", address=long, postal_address="1")
    assert senders.add(session, "lakes", "L" * 200, address=long, postal_address="1")


def test_the_same_media_contact_is_found_again(session: Session) -> None:
    newsroom, other = make_newsroom(session), make_newsroom(session)
    first = senders.contact(session, newsroom.sender, "Fay Press", role="Spokeswoman", phone="+7 717 200 0000")
    assert (
        senders.contact(session, newsroom.sender, " Fay  Press", role="Spokeswoman", phone="+7 717 200 0000") is first
    )
    assert senders.contact(session, newsroom.sender, "Fay Press", role="Spokeswoman", phone="+7 717 200 0001") != first
    assert senders.contact(session, other.sender, "Fay Press", role="Spokeswoman", phone="+7 717 200 0000") != first

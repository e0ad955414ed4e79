"""S7, S8, S9, S16: one message for one person, each header once, folded where the standard allows."""

from email.utils import parsedate_to_datetime
from uuid import UUID, uuid4

import pytest

from service.mail.compose import Person
from tests.standards import reading
from tests.standards.typed import AT, CLEO, DELIVERY, LINKS, Post, Typed

ONCE = ["From", "Date", "To", "Subject", "Message-ID", "MIME-Version", "Reply-To", "Content-Type"]
HEADLINES = [
    "River levels fall",
    "A headline of two hundred and fifty-five characters, which is the most that a door takes, " * 2,
    "Уровень воды в реке упал до отметки, которой не было с начала наблюдений, " * 3,
    "水位が下がる" * 40,
    "💧" * 120,
    "One  two   three" + " " * 90 + "four",
    "w" * 255,
    "=?utf-8?q?not_a_word?=",
]
NAMES = [
    "Cleo",
    "Cleo Reader of the Daily and of many another newspaper of the steppe " * 2,
    'Cleo "C." O\'Reader',
    "Ж" * 200,
]


def test_each_person_has_an_envelope_and_a_to_of_their_own(modern: Post) -> None:
    """S7: never a second person's address in To, Cc or Bcc; Bcc never written."""
    letter = Typed().letter()
    people = [Person(f"{name}@daily.example", name.title(), "Daily", "Water") for name in ("cleo", "dana", "eli")]
    taken = [(person, modern.send(letter, person, uuid4())) for person in people]

    assert len({one.envelope[0] for _, one in taken}) == 3, "a return path each"
    for person, one in taken:
        message = reading.message(one.wire)
        others = [other.address.encode() for other in people if other is not person]
        assert one.envelope[1] == (person.address,)
        assert reading.mailbox(message.one("To").value) == (person.name, person.address)
        assert not {"cc", "bcc", "resent-to"} & {name.lower() for name in message.names}
        assert not any(other in one.wire for other in others)


def test_the_headers_that_must_be_there_are_there_once(post: Post) -> None:
    """S8: one of each, and one address in From."""
    message = post.read(Typed().letter())

    assert [name for name in ONCE if message.names.count(name) != 1] == []
    assert len({name.lower() for name in message.names}) == len(message.names)
    assert reading.mailbox(message.one("From").value) == ("Steppe Rivers Commission", "press@rivers.example")
    assert message.one("MIME-Version").value == "1.0"


@pytest.mark.parametrize("sender", ["Rivers, Lakes & Sons", "Rivers <evil@evil.example>, Lakes", "a@b.example", "Ө, Ж"])
def test_from_holds_one_address_whatever_the_newsroom_is_called(modern: Post, sender: str) -> None:
    """S8"""
    message = modern.read(Typed(sender=sender).letter())

    assert reading.mailbox(message.one("From").value) == (sender, "press@rivers.example")


def test_a_date_says_its_moment_with_its_offset(modern: Post) -> None:
    """S8: how near to now it is, also for what was scheduled, is asked in test_retries.py of the sending way."""
    message = modern.read(Typed().letter())

    assert message.one("Date").value == "Tue, 01 Dec 2026 04:00:00 +0000"
    assert parsedate_to_datetime(message.one("Date").value) == AT


def test_a_message_id_is_unique_and_under_our_own_domain(modern: Post) -> None:
    """S8"""
    letter = Typed(address="press@water.rivers.example").letter()
    deliveries = [uuid4() for _ in range(20)]
    ids = [modern.read(letter, CLEO, delivery).one("Message-ID").value for delivery in deliveries]

    assert len(set(ids)) == len(ids)
    for delivery, id_ in zip(deliveries, ids, strict=True):
        assert id_.startswith(f"<{delivery.hex}.")
        assert id_.endswith("@water.rivers.example>")
        assert "=?" not in id_


@pytest.mark.parametrize("headline", HEADLINES, ids=range(len(HEADLINES)))
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_headers_are_folded_at_white_space_and_read_back(modern: Post, headline: str, name: str) -> None:
    """S9: lines of 78 where there is a place to fold; unfolding gives back the value; all headers under 16 kB."""
    typed = Typed(headline=headline, sender=name)
    message = modern.read(typed.letter(), Person("cleo@daily.example", name, "Daily", "Water"))

    assert message.one("Subject").words == headline.strip()
    for field in ("From", "To"):
        assert reading.mailbox(message.one(field).value)[0] == name.strip()
    for line in message.head.split(b"\r\n"):
        # What has no white space but the one after its colon or before its first word has no place to fold at.
        inside = line.strip() if line.startswith(b" ") else line.partition(b": ")[2]
        assert len(line) <= 78 or b" " not in inside, line
    assert len(message.head) < 16_384


def test_no_answer_is_feigned(modern: Post) -> None:
    """S16: the subject is the headline alone, and the message answers none."""
    message = modern.read(Typed(headline="River levels fall").letter())

    assert message.one("Subject").value == "River levels fall"
    assert not {"in-reply-to", "references"} & {name.lower() for name in message.names}


def test_the_readers_name_is_not_in_from_nor_in_the_subject(modern: Post) -> None:
    """S16: Gmail's rule."""
    message = modern.read(Typed().letter(), Person("cleo@daily.example", "Cleo Zebra", "Daily Zebra", "Water"))

    assert "Zebra" in message.one("To").value
    for field in ("From", "Subject", "Reply-To"):
        assert "Zebra" not in message.one(field).words


def test_the_return_path_is_that_of_the_delivery(modern: Post) -> None:
    """S7"""
    delivery = UUID(int=7)

    assert modern.send(Typed().letter(), CLEO, delivery).envelope == (LINKS.return_path(delivery), (CLEO.address,))
    assert LINKS.return_path(delivery) != LINKS.return_path(DELIVERY)

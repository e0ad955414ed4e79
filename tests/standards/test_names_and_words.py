"""S12, S14: names and subjects in any script, read back by a reader of our own and by Python's decode_header."""

from email.header import decode_header, make_header

import pytest

from service.mail.compose import Person
from tests.standards import reading
from tests.standards.typed import CLEO, MODERN, Post, Typed, posting
from workers.relays.relay import Outcome

NAMES = [
    'Cleo "Ink" Reader',
    "Reader, Cleo",
    "Cleo; Dana",
    "Cleo (Daily)",
    "Cleo \\ Reader",
    "Dr. Cleo R.",
    "Cleo@Daily",
    "<cleo@evil.example>",
    "😀 Cleo 👩‍👩‍👧",
    "كليو القارئة",
    "\u202eoelC",
    "Gesellschaft für Flüsse und Seen der Steppe mit beschränkter Haftung",
    "Жанна д’Арк",
    "日本経済新聞社",
    "x" * 200,
    "x y" * 66,
    "ё" * 200,
    "=?utf-8?q?Cleo?=",
    "?= Cleo =?",
    "Ünal",
]
STRUCTURED = ("Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To", "Feedback-ID", "Date")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_read_back_as_it_was_typed(modern: Post, name: str) -> None:
    """S12: of the reader, of the newsroom, and as a headline; encoded words of 75 at most that split no character."""
    message = modern.read(Typed(sender=name, headline=name).letter(), Person("cleo@daily.example", name, "", "Water"))

    assert reading.mailbox(message.one("To").value) == (name, "cleo@daily.example")
    assert reading.mailbox(message.one("From").value) == (name, "press@rivers.example")
    assert message.one("Subject").words == name
    for field in message.fields:
        for word in reading.encoded_words(field.value):
            assert len(word) <= 75
            assert reading.decoded(word), "each word decodes by itself"


@pytest.mark.parametrize("name", NAMES)
def test_another_peoples_reader_reads_the_same(modern: Post, name: str) -> None:
    """S12: policy.default puts blanks into long names (standards.md, 5), decode_header does not."""
    message = modern.read(Typed(headline=name).letter(), Person("cleo@daily.example", name, "", "Water"))
    phrase = message.one("To").value.rpartition("<")[0].strip()
    if not phrase.startswith('"'):
        assert str(make_header(decode_header(phrase))) == name
    assert str(make_header(decode_header(message.one("Subject").value))) == name


@pytest.mark.parametrize("name", NAMES)
def test_addresses_ids_and_lists_are_never_encoded(modern: Post, name: str) -> None:
    """S12: encoded words have no place in structured fields (RFC 2047, 5)."""
    message = modern.read(Typed(sender=name, headline=name).letter(), CLEO._replace(name=name))

    assert [field for field in STRUCTURED if "=?" in message.one(field).value] == []


def test_smtputf8_is_asked_for_only_where_a_local_part_needs_it(modern: Post) -> None:
    """S14"""
    letter = Typed(headline="Өзен деңгейі төмендеді").letter()
    plain = modern.send(letter, Person("cleo@xn--exmple-cua.example", "Jörg", "Daily", "Water"))
    wide = modern.send(letter, Person("jörg@xn--exmple-cua.example", "Jörg", "Daily", "Water"))

    assert b"SMTPUTF8" not in plain.commands[0]
    assert plain.commands[1] == b"RCPT TO:<cleo@xn--exmple-cua.example>\r\n"
    assert reading.message(plain.wire).head.isascii()
    assert b" SMTPUTF8" in wide.commands[0]
    assert wide.commands[1] == "RCPT TO:<jörg@xn--exmple-cua.example>\r\n".encode()
    assert reading.mailbox(reading.message(wide.wire).one("To").value) == ("Jörg", "jörg@xn--exmple-cua.example")


def test_where_smtputf8_is_not_offered_that_one_person_fails() -> None:
    """S14: with 5.6.7, and the next one on the same connection gets the mail."""
    letter = Typed().letter()
    with posting(*(offer for offer in MODERN if offer != "SMTPUTF8")) as post:
        answer = post.hand_over(letter, Person("jörg@daily.example", "Jörg", "Daily", "Water"))
        assert (answer.outcome, answer.enhanced) == (Outcome.REJECTED, "5.6.7")
        assert post.send(letter).envelope[1] == (CLEO.address,)
    assert not any("jörg".encode() in line for line in post.sink.heard)

"""Signed mail over real sockets: whatever the journey does to it, its signatures hold where it arrives."""

from datetime import UTC, datetime

import pytest

from service.mail.attachments import Attachment
from service.mail.compose import Letter, Mail, Person
from tests.letters import CLEO, DELIVERY, letter
from tests.signatures import ed25519, rsa, verdicts
from tests.sinks import received

KEYS = (rsa(), ed25519())
NOW = datetime.now(UTC)  # dkimpy compares t= and x= with its own clock
PEOPLE = (CLEO, Person("ben@science.example", "Бен «.Reader»  \t x", ".Science", "Water  "))
FILE = Attachment("Größe – 日本.pdf", "application/pdf", b"%PDF-1.7" * 999)
LETTERS = {
    "plain": letter(lead=".\n..\n.dots  and\tblanks \n\n\n", keys=KEYS),
    "long lines": letter(lead="вода " * 400, headline="Уровень рек упал " * 14, keys=KEYS),
    "with a file": letter(
        keys=KEYS, attachments=[Attachment("Größe – 日本.pdf", "application/pdf", b"%PDF-1.7" * 999)]
    ),
}


def mails(written: Letter) -> list[Mail]:
    return [
        written.compose(person, DELIVERY, NOW, eight_bit=eight_bit) for person in PEOPLE for eight_bit in (True, False)
    ]


@pytest.mark.parametrize("kind", LETTERS)
def test_the_signatures_hold_at_another_peoples_server(kind: str) -> None:
    sent = mails(LETTERS[kind])
    arrived = received(*sent)
    assert arrived == [mail.message for mail in sent]
    for message in arrived:
        assert verdicts(message, *KEYS) == [True, True]
        assert verdicts(message.replace(b"Reader", b"Writer"), *KEYS) == [False, False]


def test_a_changed_file_breaks_both_signatures() -> None:
    [message] = received(LETTERS["with a file"].compose(CLEO, DELIVERY, NOW))
    for before, after in ((b"JVBERi", b"JVBERI"), (b"Gr%C3%B6", b"Gr%C3%A4"), (b"n/pdf", b"n/pdx")):
        assert before in message
        assert verdicts(message.replace(before, after), *KEYS) == [False, False]

"""S2: no bare CR, LF or NUL leaves, and nothing that any server could take for the end of the message does."""

import re

import pytest

from service.mail.compose import Person
from tests.standards import reading
from tests.standards.typed import CLEO, Post, Typed

# Ends of data that one server or another has believed in: RFC 5321, 2.3.8; CVE-2023-51764 and its like.
ENDS = [
    "\n.\r\n",
    "\n.\n",
    "\r.\r",
    "\r\n.\r",
    "\r\n.\r\n",
    "\r\n\0.\r\n",
    "\0\r\n.\r\n",
    "\r.\r\n",
    "\n.\r",
    "\r\r\n.\r\r\n",
    "&#13;.&#13;",
    "&#10;.&#13;&#10;",
    "\x0b.\x0c",
    "\x85.\x85",
    "\u2028.\u2029",
]
SECOND = (
    "MAIL FROM:<eve@evil.example>\r\nRCPT TO:<ben@daily.example>\r\nDATA\r\nSubject: Not from us\r\n\r\nHello\r\n.\r\n"
)


def attacks() -> list[str]:
    return [f"Levels fell.{end}{SECOND}" for end in ENDS]


def is_one_message(post: Post, typed: Typed, person: Person = CLEO) -> None:
    taken = post.send(typed.straight(), person)

    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", taken.wire)
    assert taken.wire.count(b"\r\n.\r\n") == 1
    assert len(taken.commands) == 3
    message = reading.message(taken.wire)
    assert [part.one("Content-Type").value for part in message.parts] == [
        'text/plain; charset="utf-8"; format=flowed',
        'text/html; charset="utf-8"',
    ]
    for part in message.parts:
        assert "eve@evil.example" in part.text, "the words are there, as words"


@pytest.mark.parametrize("attack", attacks(), ids=map(ascii, ENDS))
@pytest.mark.parametrize("field", ["subhead", "lead", "body", "boilerplate", "notes"])
def test_what_the_officer_types_stays_inside_one_message(post: Post, field: str, attack: str) -> None:
    """S2"""
    is_one_message(post, Typed(**{field: attack}))  # type: ignore[arg-type]


@pytest.mark.parametrize("attack", attacks(), ids=map(ascii, ENDS))
@pytest.mark.parametrize("field", ["name", "outlet", "topic"])
def test_what_is_filled_in_for_one_person_stays_inside_one_message(post: Post, field: str, attack: str) -> None:
    """S2"""
    is_one_message(post, Typed(), CLEO._replace(**{field: attack}))

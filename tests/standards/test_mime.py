"""S11, S15: two parts, the plainest first, encoded as they say and with the same words."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from service.mail.compose import Person
from service.releases.revisions import FrozenContact
from tests.standards import reading
from tests.standards.typed import CLEO, OLD, Post, Typed, posting

FULL = Typed(
    subhead="The lowest since 1931",
    body="The [gauge](https://gauges.rivers.example/saltmarsh?a=1&b=2) says so.\n\n"
    "- first, *as always*\n- second\n\n> A quotation.\n\n1. one\n2. two\n\nLine\\\nbroken ` code ` <https://a.example/>",
    boilerplate="The Commission watches the **Ishim**.",
    notes="Pictures at [the press kit](https://rivers.example/kit).",
    contacts=(FrozenContact("Akbota", "PR Officer", "Commission", "+7 777 000 00 00", "akbota@rivers.example"),),
)
BOUNDARY = "--=_0badcafe_dateline"
LANGUAGES = ["en", "ru", "kk"]
WORDS = ["Levels fell.", "Деңгейі төмендеді. " * 200, "💧" * 600, "x" * 3000, "=\n=20\n"]


@pytest.mark.parametrize("lead", WORDS, ids=range(len(WORDS)))
def test_a_message_is_two_parts_the_plainest_first(post: Post, lead: str) -> None:
    """S11: multipart/alternative, charset utf-8, 8bit only where the server offers it, encoded lines of 76 at most."""
    message = post.read(Typed(lead=lead).letter())
    subtype, boundary = reading.multipart(message.one("Content-Type").value)
    encodings = [part.one("Content-Transfer-Encoding").value for part in message.parts]

    assert subtype == "alternative"
    assert [part.one("Content-Type").value for part in message.parts] == [
        'text/plain; charset="utf-8"; format=flowed',
        'text/html; charset="utf-8"',
    ]
    assert set(encodings) <= {"8bit", "quoted-printable"}
    for part, encoding in zip(message.parts, encodings, strict=True):
        assert b"--" + boundary not in part.content
        if encoding == "quoted-printable":
            assert part.content.isascii()
            assert max(map(len, part.content.split(b"\r\n"))) <= 76
    assert lead.strip() in message.parts[0].text


@pytest.mark.parametrize("field", ["lead", "sender", "notes"])
def test_the_boundary_is_in_no_part_whatever_is_typed(post: Post, field: str) -> None:
    """S11: a word that is the boundary by chance, or because somebody saw it in another person's copy."""
    typed: dict[str, Any] = {field: f"{BOUNDARY}--"}
    message = post.read(Typed(**typed, dateline="").straight())

    assert [part.text.count(BOUNDARY) > 0 for part in message.parts] == [True, True]


@pytest.mark.parametrize("field", ["name", "outlet", "topic"])
def test_the_boundary_is_in_no_part_whatever_is_filled_in(post: Post, field: str) -> None:
    """S11"""
    message = post.read(Typed().straight(), CLEO._replace(**{field: BOUNDARY}))

    assert [part.text.count(BOUNDARY) for part in message.parts] == [1, 1]


def test_8bit_is_sent_only_where_it_is_offered(post: Post) -> None:
    """S11: and BODY=8BITMIME is said with it (RFC 6152)."""
    taken = post.send(Typed(lead="Өзен").letter())
    offered = "8BITMIME" in post.sink.offers

    assert taken.wire.isascii() is not offered
    assert (b"BODY=8BITMIME" in taken.commands[0]) is offered


def test_both_encodings_say_the_same() -> None:
    """S11"""
    letter = FULL.letter()
    with posting("8BITMIME") as wide, posting(*OLD) as narrow:
        first, second = wide.read(letter), narrow.read(letter)

    assert first.head == second.head
    assert [part.text for part in first.parts] == [part.text for part in second.parts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_part_says_all_that_the_html_says(post: Post, language: str) -> None:
    """S15: every word of the HTML in its order, every link written out, and no "view online"."""
    letter = Typed(**{**vars(FULL), "language": language}).letter()
    plain, html = (part.text for part in post.read(letter, CLEO).parts)
    said = iter(words(plain))

    missing = [word for word in words(shown(html)) if word not in said]
    assert missing == []
    for target in re.findall(r'href="(?!tel:)([^"]+)"', html):
        assert unescape(target).removeprefix("mailto:") in plain, target
    assert not re.search("view (it |this )?(online|in your browser)", plain, re.IGNORECASE)


def words(text: str) -> list[str]:
    return re.findall(r"[\w’'&]+", text)


def shown(html: str) -> str:
    """What a reader sees of it."""
    seen = Shown()
    seen.feed(html)
    return "".join(seen.texts)


class Shown(HTMLParser):
    """Collects text; block elements part words."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self._hidden += tag in ("style", "title")
        self.texts.append(" " if tag not in ("em", "strong", "code", "a", "span") else "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def test_html_that_a_person_fills_in_is_encoded_by_its_octets_not_its_letters(post: Post) -> None:
    """S11: an island too long for 8bit makes the whole message quoted-printable, for this person alone."""
    letter = Typed().letter()
    long = Person("cleo@daily.example", "Cleo", "Ю" * 700, "Water")

    assert long.outlet in post.read(letter, long).parts[0].text
    assert "Ю" not in post.read(letter).parts[0].text

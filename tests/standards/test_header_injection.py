"""S10: whatever anybody typed, a message has its own header fields, each once, and no line more. Fuzzed.

`make fuzz` tries 10,000 messages in one run, `make test` a few hundred; each crosses a real socket and is read back
by three readers: our own strict one, Python's, and the words by decode_header.
"""

import email
import email.policy
import os
from collections import Counter
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.errors import Refused
from service.journalists.names import clean_name
from service.links import Links
from service.mail.compose import Letter, Person
from service.manuscripts import headline
from service.manuscripts.characters import clean_line
from tests.standards import reading
from tests.standards.typed import CLEO, DELIVERY, LINKS, MODERN, OLD, Post, Typed, posting

CASES = int(os.environ.get("FUZZ_CASES", "300"))
EXPECTED = sorted(
    [
        *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "List-Id"),
        *("List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Precedence", "X-Auto-Response-Suppress"),
    ]
)
LONGEST_VALUE = 600
"""Characters, thrice what the doors take: a name or a headline beyond them never comes as far as a header."""
LARGEST_HEAD = 16_384

PIECES = [
    *(
        "\r\n",
        "\n",
        "\r",
        "\0",
        "\x85",
        "\u2028",
        "\u2029",
        "\x0b",
        "\x0c",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x1f",
        "\x7f",
        "\t",
    ),
    *("\r\nBcc: eve@evil.example", "\nBcc: eve@evil.example\n\n<html>", "\r\n\r\nHello", "\r\n .\r\n", "\n.\n", "Bcc:"),
    *(
        "=?utf-8?q?Hello=0ABcc=3A_eve=40evil.example?=",
        "=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=",
        "=?utf-7?q?+AAo-?=",
    ),
    *(
        "=?",
        "?=",
        "=?utf-8?q?",
        "=0A",
        "=\n",
        "%0d%0a",
        "&#10;",
        "\\r\\n",
        "{{ 7*7 }}",
        "{% personal %}",
        "island-0badcafe-0.",
    ),
    *("\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u061c", "\U000e0001", "\ud800", "\udfff", "\udc0a"),
    *(
        '"',
        "\\",
        "<",
        ">",
        ",",
        ";",
        "(",
        ")",
        "@",
        ":",
        "[",
        ".",
        " ",
        "   ",
        "\u00a0",
        "\u3000",
        "--=_0badcafe_dateline",
    ),
    *("é", "ж", "水", "💧", "👩‍👩‍👧", "e" + "\u0301" * 30, "ع", "w" * 100, "w" * 900, "ю" * 90, "x " * 60, "💧" * 60),
]
TYPED = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=9).map(lambda p: "".join(p)[:LONGEST_VALUE])
# Half of them begin as what they should be, so that not all are refused for something trivial.
DOMAINS = st.sampled_from(["rivers.example", "xn--exmple-cua.example", "a" * 63 + ".example"])
ADDRESSES = st.builds(
    lambda local, more, domain: f"{local}{more}@{domain}", st.sampled_from(["press", "p", ""]), TYPED, DOMAINS
)
PLAIN = st.text("abcXYZ019.-_+", min_size=1, max_size=40)
STRUCTURED = st.fixed_dictionaries(
    {},
    optional={
        "address": ADDRESSES,
        "reply_to": ADDRESSES,
        "list_id": st.builds("<{}.rivers.example>".format, PLAIN | TYPED),
        "feedback_id": st.builds("0badcafe:{}:release:dateline".format, PLAIN | TYPED),
    },
)
BASES = st.builds("https://{}.example".format, PLAIN | TYPED)

tried: Counter[str] = Counter()


def fuzz(share: float) -> Callable[[Any], Any]:
    """So much of all cases."""
    few = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=round(CASES * share), deadline=None, suppress_health_check=few, print_blob=True)


@pytest.fixture(scope="module")
def posts() -> Iterator[tuple[Post, Post]]:
    """A modern server and an old one, for all cases."""
    with posting(*MODERN) as wide, posting(*OLD) as narrow:
        yield wide, narrow


@fuzz(0.5)
@given(TYPED, TYPED, TYPED, TYPED, TYPED, st.booleans())
def test_nothing_typed_becomes_a_header_of_its_own(
    posts: tuple[Post, Post], title: str, sender: str, name: str, outlet: str, topic: str, modern: bool
) -> None:
    """S10: headline, newsroom, reader, outlet and topic given straight to the composer, past every door."""
    letter = Typed(headline=title, sender=sender).straight()
    message = read(posts[modern], letter, CLEO._replace(name=name, outlet=outlet, topic=topic))

    assert_said(message, title=title, sender=sender, name=name)
    assert message.one("List-Id").value == "<rivers.rivers.example>"
    plain = bare(message.parts[0].text)
    assert bare(topic) in plain
    assert not bare(name) or bare(name) in plain


@fuzz(0.2)
@given(TYPED, TYPED, TYPED, st.booleans())
def test_nothing_saved_becomes_a_header_of_its_own(
    posts: tuple[Post, Post], title: str, sender: str, name: str, modern: bool
) -> None:
    """S10: the same through the doors, which refuse or clean, and through an approved revision."""
    try:
        title, sender, name = headline.check(title), clean_line(sender)[:200], clean_name(name)
    except Refused:
        tried["refused"] += 1
        return
    message = read(posts[modern], Typed(headline=title, sender=sender).letter(), CLEO._replace(name=name))

    assert_said(message, title=title, sender=sender, name=name)


@fuzz(0.15)
@given(STRUCTURED, TYPED)
def test_our_own_addresses_and_ids_stay_themselves_or_are_refused(
    posts: tuple[Post, Post], given_: dict[str, str], name: str
) -> None:
    """S10: From, Reply-To, List-Id and Feedback-ID, which nobody may encode: they are as given or not at all."""
    try:
        letter = Typed().straight(LINKS, **given_)
    except ValueError:
        tried["refused"] += 1
        return
    message = read(posts[0], letter, CLEO._replace(name=name))

    for field, key in (("From", "address"), ("Reply-To", "reply_to")):
        if key in given_:
            assert reading.mailbox(message.one(field).value)[1] == given_[key]
    for field, key in (("List-Id", "list_id"), ("Feedback-ID", "feedback_id")):
        if key in given_:
            assert bare(message.one(field).value) == bare(given_[key])


@fuzz(0.1)
@given(ADDRESSES, TYPED, st.booleans())
def test_a_readers_address_stays_itself_or_is_refused(
    posts: tuple[Post, Post], address: str, name: str, modern: bool
) -> None:
    """S10: one recipient on the wire and one mailbox in To, whatever is in the address."""
    person = Person(address, name, "Daily", "Water")
    post = posts[modern]
    try:
        answer = post.hand_over(Typed().letter(), person)
    except ValueError:
        tried["refused"] += 1
        return
    if answer.code is None:
        assert not address.isascii(), "a local part this server does not know how to take"
        tried["refused"] += 1
        return
    tried["sent"] += 1
    taken = post.sink.taken.pop()

    assert taken.envelope[1] == (address,)
    assert len(taken.commands) == 3
    message = reading.message(taken.wire)
    assert reading.mailbox(message.one("To").value)[1] == address
    assert sorted(message.names) == EXPECTED


@fuzz(0.05)
@given(BASES)
def test_a_link_stays_itself_or_is_refused(posts: tuple[Post, Post], base: str) -> None:
    """S10: the address of the pages, which begins the link in List-Unsubscribe."""
    try:
        links = Links(base, "bounces.rivers.example", b"k" * 32)
    except ValueError:
        tried["refused"] += 1
        return
    message = read(posts[0], Typed().straight(links))

    by_mail = f"<mailto:{links.leave_by_mail(DELIVERY)}>"
    assert message.one("List-Unsubscribe").raw == f"<{links.leave(DELIVERY)}>,\r\n {by_mail}".encode()
    assert links.leave(DELIVERY).startswith(f"{base}/leave/")


def read(post: Post, letter: Letter, person: Person = CLEO) -> reading.Entity:
    """Over the wire and back, with what is asked of every message."""
    message = post.read(letter, person)
    tried["sent"] += 1
    assert sorted(message.names) == EXPECTED
    assert email.message_from_bytes(message.octets, policy=email.policy.compat32).keys() == message.names
    assert message.head.isascii()
    assert len(message.head) < LARGEST_HEAD
    assert b"eve@evil" not in b"".join(line for line in message.head.split(b"\r\n") if line.lower().startswith(b"bcc"))
    return message


def assert_said(message: reading.Entity, *, title: str, sender: str, name: str) -> None:
    """What was typed is read back, but for what ends lines; by decode_header too."""
    assert bare(message.one("Subject").words) == bare(title)
    assert bare(str(make_header(decode_header(message.one("Subject").value)))) == bare(title)
    for field, said, address in (("From", sender, "press@rivers.example"), ("To", name, CLEO.address)):
        found = reading.mailbox(message.one(field).value)
        assert (bare(found[0]), found[1]) == (bare(said), address)


def bare(words: str) -> str:
    """Without white space, which folding may choose, and without what ends lines or is no text."""
    return "".join(
        c for c in words if not (c.isspace() or c < " " or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff")
    )

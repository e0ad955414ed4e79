"""People of the press."""

import re
import unicodedata
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service import addresses, journalists, subscriptions, suppressions
from service.addresses import BadAddress
from service.errors import NotFound
from service.journalists import AlreadyKnown, Erased, NameTooLong
from service.models import Event, Journalist, Received, SubscriptionState, SuppressionReason
from tests.factories import make_delivery, make_journalist, make_newsroom

JOINERS = "\u200c\u200d"
HIDDEN = ["\r", "\n", "\x00", "\x1b", "\x85", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad"]


@pytest.mark.parametrize("spelling", ["CLEO@daily.example", "cleo@DAILY.EXAMPLE", " cleo@daily.example "])
def test_two_spellings_of_an_address_are_one_person(session: Session, spelling: str) -> None:
    sender = make_newsroom(session).sender
    cleo = journalists.add(session, sender, "Cleo@Daily.example", "Cleo Reader", outlet="Daily")
    with pytest.raises(AlreadyKnown) as refused:
        journalists.add(session, sender, spelling, "Somebody Else")
    assert refused.value.journalist is cleo
    assert cleo.name == "Cleo Reader"
    assert journalists.by_address(session, sender, spelling) is cleo


def test_an_international_domain_is_one_domain_in_both_spellings(session: Session) -> None:
    sender = make_newsroom(session).sender
    journalists.add(session, sender, "ольга@почта.рф")
    with pytest.raises(AlreadyKnown):
        journalists.add(session, sender, "Ольга@xn--80a1acny.xn--p1ai")


def test_the_same_person_is_known_to_two_senders_apart(session: Session) -> None:
    ours, theirs = make_newsroom(session).sender, make_newsroom(session).sender
    cleo = journalists.add(session, ours, "cleo@daily.example")
    assert journalists.add(session, theirs, "cleo@daily.example").id != cleo.id
    with pytest.raises(NotFound):
        journalists.get(session, cleo.id, senders=[theirs.id])
    assert journalists.get(session, cleo.id, senders=[ours.id]) is cleo


@pytest.mark.parametrize(
    "address",
    [
        "",
        "cleo",
        "cleo@daily",
        "a@b.example\r\nBcc: c@d.example",
        "<a@b.example>",
        "=?utf-8?q?a=0ABcc:?=@b.example",
        "=?utf-8?q?a?=@b.example",
    ],
)
def test_what_is_no_address_is_refused(session: Session, address: str) -> None:
    with pytest.raises(BadAddress):
        journalists.add(session, make_newsroom(session).sender, address)


WORD = st.from_regex(r"[a-zA-Z0-9_+.-]{1,20}", fullmatch=True)
LABEL = st.from_regex(r"[a-zA-Z0-9-]{1,12}", fullmatch=True)
TOP = st.sampled_from(
    ["example", "com", "test", "invalid", "local", "arpa", "onion", "localhost", "Test", "COM", "1", "xn--p1ai"]
)


@given(WORD, st.lists(LABEL, max_size=3), TOP)
def test_the_fast_reading_of_an_address_is_the_careful_one(local: str, labels: list[str], top: str) -> None:
    address = f"{local}@{'.'.join([*labels, top])}"
    try:
        careful = addresses.clean(address), addresses.canonical(address), addresses.fingerprint(address)
    except BadAddress:
        with pytest.raises(BadAddress):
            journalists.mailbox(address)
        return
    box = journalists.mailbox(address)
    assert (box.address, box.canonical, box.fingerprint) == careful


@pytest.mark.parametrize("long", ["a" * 63, "a" * 64, "a" * 31 + "-" + "b" * 31, "a" * 32 + "-" + "b" * 32])
def test_the_fast_reading_knows_how_long_a_label_may_be(long: str) -> None:
    test_the_fast_reading_of_an_address_is_the_careful_one.hypothesis.inner_test("cleo", [long], "example")  # type: ignore[attr-defined]


@given(st.text(max_size=150) | st.lists(st.sampled_from([*HIDDEN, *JOINERS, " ", "Ada", "й", "e\u0301"])).map("".join))
def test_a_name_never_holds_anything_invisible(given_name: str) -> None:
    name = journalists.clean_name(given_name)
    assert all(character.isprintable() or character in JOINERS for character in name)
    assert name == name.strip()
    assert "  " not in name
    assert journalists.clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)


@given(
    st.lists(
        st.sampled_from(["Ada", 'Ö"<script>', "Айгүл", "O'Hara", "小明", "مريم", "{{", "=1+1"]), min_size=1, max_size=9
    )
)
def test_the_words_of_a_name_are_kept(words: list[str]) -> None:
    for hidden in HIDDEN:
        assert journalists.clean_name(f" {hidden} ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Ada\r\nBcc: x@y.example", "Ada Bcc: x@y.example"),
        ("Ada\u2029Love\u202elace", "Ada Lovelace"),
        ("ad\u200dmin", "admin"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("ක්\u200dරි", "ක්\u200dරි"),
    ],
)
def test_joiners_stay_where_they_spell(given_name: str, kept: str) -> None:
    assert journalists.clean_name(given_name) == kept


def test_a_name_has_two_hundred_characters_at_most() -> None:
    assert journalists.clean_name("a" * 200 + "\n") == "a" * 200
    with pytest.raises(NameTooLong):
        journalists.clean_name("a" * 201)


def test_the_list_is_read_page_by_page_and_can_be_searched(session: Session) -> None:
    newsroom, other = make_newsroom(session), make_newsroom(session)
    for name in ("Cleo", "Dana", "Cleo", "Eli 100%", "Борис"):
        make_journalist(session, newsroom, name, country="GB" if name == "Dana" else "KZ")
    make_journalist(session, other, "Cleo")
    fay = make_journalist(session, newsroom, "Fay", subscribed=SubscriptionState.ENDED)
    gus = journalists.add(session, newsroom.sender, "gus@herald.example", "Gus", outlet="Herald")

    pages: list[Journalist] = []
    while page := journalists.all(session, newsroom.sender, after=pages[-1].id if pages else None, limit=2):
        pages += page
    assert [each.name for each in pages] == ["Cleo", "Cleo", "Dana", "Eli 100%", "Fay", "Gus", "Борис"]
    assert journalists.count(session, newsroom.sender) == 7
    subscribed = journalists.all(session, newsroom.sender, topic=newsroom.topic)
    assert fay not in subscribed
    assert journalists.count(session, newsroom.sender, topic=newsroom.topic) == len(subscribed) == 5
    assert journalists.all(session, newsroom.sender, search="hERAL") == [gus]
    assert journalists.count(session, newsroom.sender, search="борис") == 1
    assert journalists.count(session, newsroom.sender, search="%") == 1
    assert journalists.count(session, newsroom.sender, country="GB") == 1


def test_of_an_erased_person_nothing_is_left_but_a_fingerprint(session: Session) -> None:
    newsroom = make_newsroom(session)
    erin = journalists.add(session, newsroom.sender, "erin.unique@daily.example", "Erin Unique", beat="erin beat")
    subscriptions.confirm(session, erin, newsroom.topic, {"how": "form", "words": "erin.unique agreed"})
    delivery = make_delivery(session, newsroom, erin, topic=newsroom.topic)
    stored = Received(recipient="b.x@bounces.example", message=b"to erin.unique@daily.example")
    session.add(stored)
    session.flush()
    session.add(Event(delivery_id=delivery.id, received_id=stored.id, source="inbound", source_id="1", kind="bounce"))
    session.flush()
    session.execute(text("UPDATE event SET reply = '550 <erin.unique@daily.example> unknown'"))

    for _ in range(2):
        journalists.erase(session, erin, by=newsroom.ada)

    session.flush()
    for table in Journalist.metadata.sorted_tables:
        rows = str(session.execute(text(f'SELECT "{table.name}"::text FROM "{table.name}"')).all())
        assert not re.search(r"erin|6572696e", rows, re.IGNORECASE), table.name
    assert suppressions.reason(session, "erin.unique@daily.example", newsroom.sender) is SuppressionReason.ERASED
    assert erin.erased_at is not None
    assert delivery.journalist_id == erin.id
    assert [each.state for each in subscriptions.of(session, erin)] == [SubscriptionState.ENDED]
    assert journalists.count(session, newsroom.sender) == 0


def test_an_erased_person_comes_back_by_their_own_word_alone(session: Session) -> None:
    newsroom = make_newsroom(session)
    erin = journalists.add(session, newsroom.sender, "erin@daily.example", "Erin")
    journalists.erase(session, erin)
    with pytest.raises(Erased):
        journalists.add(session, newsroom.sender, "Erin@daily.example", "Erin")
    back = journalists.add(session, newsroom.sender, "Erin@daily.example", "Erin", on_their_word=True)
    subscriptions.confirm(session, back, newsroom.topic, {"how": "form"}, on_their_word=True)
    assert back.id != erin.id
    assert not suppressions.holds(session, back.address, newsroom.sender)


def test_erasing_reaches_what_found_no_delivery(session: Session) -> None:
    newsroom = make_newsroom(session)
    erin = journalists.add(session, newsroom.sender, "erin@daily.example", "Erin")
    encoded = b"Content-Transfer-Encoding: base64\n\n" + b64encode(b"550 <Erin@daily.example> unknown")
    theirs = [
        Received(recipient="b.x@bounces.example", message=b"550 <ERIN@Daily.example>\0\xff unknown", unmatched=True),
        Received(recipient="b.x@bounces.example", message=encoded, unmatched=True),
        Received(recipient="postmaster@bounces.example", message=b"to erin@daily.example", aside_at=func.now()),
        Received(recipient="postmaster@bounces.example", envelope_from="erin@daily.example", message=b"Hello"),
    ]
    others = [
        Received(recipient="b.x@bounces.example", message=b"550 <dora@daily.example> unknown", unmatched=True),
        Received(
            recipient="b.x@bounces.example", message=b64encode(b"550 <nobody@daily.example> unknown"), unmatched=True
        ),
    ]
    session.add_all([*theirs, *others])
    session.flush()
    gone = {one.id for one in theirs}
    journalists.erase(session, erin)
    left = set(session.scalars(select(Received.id)))
    assert left >= {one.id for one in others}
    assert not left & gone

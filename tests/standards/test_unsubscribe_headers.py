"""B1, B4, B6, B9, B10: the headers of bulk mail, exactly as their standards have them."""

import re
from uuid import uuid4

import pytest

from service.links import Links, leaving_delivery
from service.signing import Forged, Purpose, keys, verify
from tests.standards.typed import CLEO, Post, Typed

URIS = re.compile(r"(<https://[A-Za-z0-9./_~%:-]+>), <mailto:(u\.[0-9a-f]{52}@[a-z0-9.-]+)>")


def test_one_click_is_offered_exactly_as_the_standard_says(post: Post) -> None:
    """B1: one https URI, neither encoded nor folded, and the words of the post."""
    message = post.read(Typed(headline="Ж" * 200).letter())

    assert URIS.fullmatch(message.one("List-Unsubscribe").value)
    assert message.one("List-Unsubscribe").raw.count(b"\r\n") == 1
    assert b">,\r\n <mailto:" in message.one("List-Unsubscribe").raw
    assert message.one("List-Unsubscribe-Post").raw == b"List-Unsubscribe=One-Click"


def test_a_long_address_of_the_pages_is_not_encoded_either(post: Post) -> None:
    """B1: at 120 characters and more Python's own composer makes encoded words of it (standards.md, 5)."""
    links = Links("https://" + ".".join(["newsroom"] * 20) + ".example/of/the/commission", "b.example", b"k" * 32)
    message = post.read(Typed().straight(links))
    value = message.one("List-Unsubscribe").value

    assert URIS.fullmatch(value)
    assert len(value) > 200


def test_the_link_names_reader_and_list_is_opaque_and_hard_to_forge(modern: Post) -> None:
    """B1: a delivery is one reader and one release's topic; 80 bits and more of seal over it."""
    letter, ours = Typed().straight(Links("https://p.example", "b.example", keys()[0])), [uuid4(), uuid4()]
    values = [modern.read(letter, CLEO, id_).one("List-Unsubscribe").value for id_ in ours]
    tokens = [value.partition(">")[0].rpartition("/")[2] for value in values]

    assert [verify(Purpose.LEAVE, token) for token in tokens] == ours
    for token in tokens:
        assert "cleo" not in token
        assert len(token) // 2 - 16 >= 10, "octets of seal"
        with pytest.raises(Forged):
            verify(Purpose.LEAVE, token[:-1] + ("0" if token[-1] != "0" else "1"))
        with pytest.raises(Forged):
            verify(Purpose.RETURN, token)
    with pytest.raises(Forged):
        verify(Purpose.LEAVE, ours[0].hex + tokens[1][32:])


def test_the_mailto_names_the_same_delivery_and_fits_every_mail_system(modern: Post) -> None:
    """B4, R6: 64 characters of local part at most, whatever becomes of its case."""
    letter, ours = Typed().straight(Links("https://p.example", "b.example", keys()[0])), uuid4()
    found = URIS.fullmatch(modern.read(letter, CLEO, ours).one("List-Unsubscribe").value)

    assert found
    assert leaving_delivery(found[2].upper()) == ours
    assert len(found[2].partition("@")[0]) <= 64


def test_the_body_has_the_same_link(post: Post) -> None:
    """B1, P8"""
    message = post.read(Typed().letter())
    uri = message.one("List-Unsubscribe").value.partition(">")[0][1:]

    assert all(uri in part.text for part in message.parts)


def test_a_list_keeps_its_id(modern: Post) -> None:
    """B4: the same for every release and reader of a newsroom; no List-Help, for there is none."""
    ids = {
        modern.read(Typed(headline=headline, lead=headline).letter(), CLEO._replace(name=headline), uuid4())
        .one("List-Id")
        .value
        for headline in ("One", "Two", "Үш")
    }

    assert ids == {"<rivers.rivers.example>"}
    assert ids != {modern.read(Typed(slug="lakes").letter()).one("List-Id").value}
    message = modern.read(Typed().letter())
    assert "List-Help" not in message.names


def test_a_release_asks_robots_for_silence(post: Post) -> None:
    """B6"""
    message = post.read(Typed().letter())

    assert message.one("Precedence").value == "bulk"
    assert message.one("X-Auto-Response-Suppress").value == "OOF, AutoReply"
    assert "Auto-Submitted" not in message.names, "a person wrote it"


def test_the_feedback_id_is_googles_four_fields(modern: Post) -> None:
    """B9: campaign:customer:kind:SenderId; nothing in it is of one message, the last is 5 to 15 characters long."""
    letter, other = Typed().letter(), Typed(headline="Another").letter()
    first, second = (modern.read(letter, CLEO, uuid4()).one("Feedback-ID").value for _ in range(2))
    third = modern.read(other).one("Feedback-ID").value

    assert first == second
    campaign, customer, kind, sender_id = first.split(":")
    assert re.fullmatch("[0-9a-f]{8}", campaign)
    assert (customer, kind) == ("rivers", "release")
    assert 5 <= len(sender_id) <= 15
    assert third.partition(":")[2] == first.partition(":")[2]
    assert third != first


def test_no_complaint_address_is_promised(modern: Post) -> None:
    """B10: optional, and not written: complaints come by the providers' own feedback loops."""
    names = {name.lower() for name in modern.read(Typed().letter()).names}

    assert not {"cfbl-address", "cfbl-feedback-id"} & names

"""Whatever a server writes, cut anywhere, is the same replies; whatever is no reply is garbage."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.relays.replies import LONGEST_TEXT, Garbage, Reply, ReplyReader, enhanced, retry_after

TEXTS = st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"").replace(b"\r", b""))
REPLIES = st.tuples(st.integers(200, 599), st.lists(TEXTS, min_size=1, max_size=4))


def written(code: int, texts: list[bytes]) -> bytes:
    *first, last = texts
    return b"".join(b"%d-%s\r\n" % (code, text) for text in first) + b"%d %s\r\n" % (code, last)


@given(st.lists(REPLIES, max_size=4), st.lists(st.integers(0, 400), max_size=6))
def test_replies_are_the_same_wherever_they_are_cut(replies: list[tuple[int, list[bytes]]], cuts: list[int]) -> None:
    stream = b"".join(written(code, texts) for code, texts in replies)
    reader, read = ReplyReader(), list[Reply]()
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for start, end in pairwise(places):
        read.extend(reader.feed(stream[start:end]))
    assert read == [(code, b"\n".join(texts)) for code, texts in replies]


@given(st.lists(st.binary(max_size=3000), max_size=5))
def test_any_octets_are_replies_or_garbage_and_nothing_else(chunks: list[bytes]) -> None:
    reader = ReplyReader()
    for chunk in chunks:
        try:
            replies = reader.feed(chunk)
        except Garbage:
            return
        for reply in replies:
            assert 200 <= reply.code < 600
            assert len(reply.text) <= LONGEST_TEXT
            assert "\x00" not in reply.text
            reply.text.encode()


def test_words_that_are_not_utf8_are_kept_legible() -> None:
    [reply] = ReplyReader().feed(b"550 5.1.1 Empf\xe4nger unbekannt \x1b[31m\x00\r\n")
    assert reply.text == "5.1.1 Empf\\xe4nger unbekannt \\x1b[31m\\x00"


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (550, "5.1.1 User unknown", "5.1.1"),
        (550, "No such user here\n5.1.1 See https://mail.example/help", "5.1.1"),
        (550, "5.7.515 Access denied", "5.7.515"),
        (450, "5.1.1 but the code says temporary", ""),
        (550, "address 5.1.1 in the middle", ""),
        (550, "5.1.1.1 is a host", ""),
        (250, "Ok", ""),
    ],
)
def test_the_enhanced_code_begins_a_line_and_agrees_with_the_reply(code: int, text: str, expected: str) -> None:
    assert enhanced(code, text) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4.7.1 Greylisted, try again in 2 seconds", 2),
        ("Greylisting in effect, please come back in 5 minutes", 300),
        ("4.2.0 Greylisted, see https://postgrey.example/help; retry after 300s", 300),
        ("Please wait 1 hour", 3600),
        ("try again in 99 hours", 86400),
        ("4.3.0 Temporary lookup failure", None),
        ("Message exceeds limit of 10 MB", None),
        ("try again later", None),
    ],
)
def test_the_time_a_server_asks_for_is_understood(text: str, seconds: int | None) -> None:
    assert retry_after(text) == seconds

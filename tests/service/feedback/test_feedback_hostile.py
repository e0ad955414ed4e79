"""Whatever arrives is read: bounded, and without an exception."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.feedback import Event, Kind, Verdict, mime, read
from tests.service.feedback.samples import ANSWER, BOUNCE, COMPLAINT

PIECES = [b"\n", b"\r\n", b"\x00", b"\xff\xfe", b"--b 1\n", b"--b 1--\n", b"boundary=", b"=?x?q?=80?=", b"(" * 2000]
PIECES += [
    b"Content-Type: message/rfc822\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b": \n",
    b" ",
    b"5.1.1",
    b";",
    b"<",
]
BROKEN = st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=20)))


def sound(events: tuple[Event, ...]) -> bool:
    texts = [text for event in events for text in (event.recipient, event.reply, event.status, event.reason)]
    return bool(events) and all(text.isprintable() and len(text) <= mime.LONGEST_SUBJECT for text in texts)


def test_the_messages_to_be_broken_are_read_while_whole() -> None:
    assert [(event.kind, event.verdict) for event in read(BOUNCE)] == [(Kind.BOUNCE, Verdict.HARD)]
    assert [event.kind for event in read(COMPLAINT)] == [Kind.COMPLAINT]
    assert [event.kind for event in read(ANSWER)] == [Kind.REPLY]


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(message: bytes) -> None:
    assert sound(read(message))


@settings(max_examples=300)
@given(st.sampled_from([BOUNCE, COMPLAINT, ANSWER]), BROKEN)
def test_any_broken_message_is_read(message: bytes, damage: list[tuple[int, int, bytes]]) -> None:
    for place, length, piece in damage[:20]:
        message = message[:place] + piece + message[place + length :]
    assert sound(read(message))


@given(st.text(max_size=200), st.sampled_from(["utf-8", "latin-1", "idna", "hex", "x", "undefined", "utf-7", "é"]))
def test_any_subject_is_read(text: str, charset: str) -> None:
    subject = f"=?{charset}?Q?{text}?= {text}".encode("utf-8", "replace").replace(b"\n", b" ")
    assert sound(read(b"From: ben@example.org\nReferences: <1@x>\nSubject: " + subject + b"\n\n"))


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


HOSTILE = {
    "deep multiparts": nested(20000),
    "deep messages": b"Content-Type: message/rfc822\n\n" * 40000,
    "many parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n" * 200000,
    "many headers": b"X-A: b\n" * 150000 + b"\n",
    "one long header": b"Subject: " + b"a" * 2_000_000 + b"\n\n",
    "one folded header": b"Subject: a\n" + b" b\n" * 500_000 + b"\n",
    "nested comments": b"From: " + b"(" * 500_000 + b"\n\n",
    "angles": b"From: " + b"<" * 500_000 + b"\nReferences: x\n\n",
    "blank lines": b"\n" * 3_000_000,
    "blanks": b"Content-Type: message/delivery-status\n\n" + (b"\n" + b" " * 5000) * 200,
    "recipients": b"Content-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822;a@b\nAction: failed\n\n" * 50_000,
    "one block of recipients": b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822;a@b\n" * 50_000,
    "a long diagnosis": b"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822;a@b\nAction: failed\n"
    b"Diagnostic-Code: smtp; 550 " + b"user a.a-" * 100_000 + b"\n",
    "complainants": b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
    + b"Original-Rcpt-To: a@b\n" * 50_000,
    "base64 without end": b"Content-Transfer-Encoding: base64\nContent-Type: message/rfc822\n\n" + b"QUFB" * 500_000,
    "encoded words": b"From: a@b\nReferences: x\nSubject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\n",
    "parts in punycode": b"Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\n"
    b"Content-Type: message/feedback-report\n\nFeedback-Type: xarf\n"
    + (b"--x\nContent-Type: application/json; charset=punycode\n\n" + b"a" * 30_000 + b"-" + b"ba" * 15_000 + b"\n")
    * 16,
    "an absence of many days": b"From: a@b\nDate: Mon, 22 Jan 2024 09:00:00 +0500\nAuto-Submitted: auto-replied\n\n"
    + b"until 1 January 1-" * 50_000,
    "a page of tags": b"From: a@b\nAuto-Submitted: auto-replied\nContent-Type: text/html\n\n" + b"<br " * 500_000,
    "punycode": b"From: a@b\nReferences: x\nSubject: =?punycode?q?" + b"a" * 900 + b"-99999999?=\n\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_malice_costs_little(name: str) -> None:
    began = time.process_time()
    events = read(HOSTILE[name])
    assert time.process_time() - began < 0.5
    assert sound(events)
    assert len(events) <= 200


def test_no_more_parts_are_looked_at_than_allowed() -> None:
    assert len(mime.parts(HOSTILE["many parts"])) == mime.MOST_PARTS
    assert max(part.depth for part in mime.parts(HOSTILE["deep multiparts"])) == mime.DEEPEST
    assert len(mime.parts(HOSTILE["many headers"])[0].headers.pairs) == mime.MOST_HEADERS


def test_a_report_before_a_huge_original_is_read() -> None:
    head, _, tail = BOUNCE.partition(b"text\n--in--")
    huge = head + b"x" * 3_000_000 + tail
    assert [event.verdict for event in read(huge)] == [Verdict.HARD]


def test_what_lies_beyond_the_first_mebibyte_is_not_looked_at() -> None:
    head, cut, tail = BOUNCE.partition(b"--b 1\nContent-Type: message/delivery-status")
    events = read(head + b"x" * mime.LONGEST_MESSAGE + b"\n" + cut + tail)
    assert [(event.recipient, event.verdict) for event in events] == [("", Verdict.SOFT)]

"""Complaints (RFC 5965) and reports that look like them."""

import pytest

from service.feedback import Kind, read


def complaint(*fields: str) -> bytes:
    said = "\n".join(("User-Agent: Loop/1.0", "Version: 1", *fields))
    return f"""From: <fbl@example.org>
To: complaints@dateline.test
Content-Type: multipart/report; report-type=feedback-report; boundary=cut

--cut
Content-Type: text/plain

This is an abuse report.
--cut
Content-Type: message/feedback-report

{said}

--cut
Content-Type: message/rfc822

From: newsroom@dateline.test
Subject: ASTANA, 22 January

text
--cut--
""".encode()


def test_everyone_who_complains_is_named_once() -> None:
    recipients = ("cleo@example.org", "<ben@example.org>", "cleo@example.org")
    events = read(complaint("Feedback-Type: abuse", *(f"Original-Rcpt-To: {one}" for one in recipients)))
    assert [(event.kind, event.recipient) for event in events] == [
        (Kind.COMPLAINT, "cleo@example.org"),
        (Kind.COMPLAINT, "ben@example.org"),
    ]


def test_a_hidden_address_is_found_by_our_return_path() -> None:
    (event,) = read(complaint("Feedback-Type: abuse", "Original-Mail-From: <b+token@bounces.dateline.test>"))
    assert (event.kind, event.recipient, event.return_path) == (Kind.COMPLAINT, "", "b+token@bounces.dateline.test")


@pytest.mark.parametrize("kind", ["abuse", "Fraud", "opt-out", "opt-out-list", "other"])
def test_a_wish_to_get_no_more_is_a_complaint(kind: str) -> None:
    (event,) = read(complaint(f"Feedback-Type: {kind}"))
    assert event.kind is Kind.COMPLAINT
    assert event.reason


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", "dmarc", ""])
def test_other_reports_are_never_complaints(kind: str) -> None:
    (event,) = read(complaint(f"Feedback-Type: {kind}", "Original-Rcpt-To: cleo@example.org"))
    assert event.kind is Kind.UNKNOWN


def marked(*more: str) -> bytes:
    head = "\n".join(("From: staff@example.org", *more, "Content-Type: multipart/mixed; boundary=cut"))
    inner = "X-HmXmrOriginalRecipient: cleo@example.org\nReturn-Path: <b+token@bounces.dateline.test>\nSubject: news"
    return f"{head}\n\n--cut\nContent-Type: message/rfc822\n\n{inner}\n\ntext\n--cut--\n".encode()


def test_the_marked_original_alone_is_a_complaint() -> None:
    (event,) = read(marked())
    assert (event.kind, event.recipient) == (Kind.COMPLAINT, "cleo@example.org")
    assert event.return_path == "b+token@bounces.dateline.test"


def test_an_answer_that_quotes_a_marked_original_is_an_answer() -> None:
    (event,) = read(marked("In-Reply-To: <1@dateline.test>"))
    assert event.kind is Kind.REPLY


def test_a_complaint_quoted_in_an_answer_is_an_answer() -> None:
    head = b"From: ben@example.org\nReferences: <1@dateline.test>\nContent-Type: message/rfc822\n\n"
    (event,) = read(head + complaint("Feedback-Type: abuse"))
    assert event.kind is Kind.REPLY

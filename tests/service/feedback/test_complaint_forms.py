"""Complaints without a feedback report, in the forms of those who send them."""

import json

import pytest

from service.feedback import Kind, read

TAG = "b." + "0" * 52 + "@bounces.rivers.example"


def jmrp(*headers: str, mark: str = "X-HmXmrOriginalRecipient: cleo@example.org") -> bytes:
    head = "\n".join(headers or ("From: staff@hotmail.com", "Subject: complaint about message from 192.0.2.1"))
    inner = f"{mark}\nReturn-Path: <{TAG}>\nTo: Cleo <cleo@example.org>\nSubject: River levels"
    frame = (
        f"Content-Type: multipart/mixed; boundary=cut\n\n--cut\nContent-Type: message/rfc822\n\n{inner}\n\n.\n--cut--\n"
    )
    return f"{head}\n{frame}".encode()


def test_hotmail_returns_the_mail_alone_and_marks_it() -> None:
    (event,) = read(jmrp())
    assert (event.kind, event.recipient, event.return_path) == (Kind.COMPLAINT, "cleo@example.org", TAG)


def test_hotmail_s_mark_may_be_missing() -> None:
    (event,) = read(jmrp(mark="X-Other: 1"))
    assert (event.kind, event.recipient) == (Kind.COMPLAINT, "cleo@example.org")


@pytest.mark.parametrize("author", ["ben@hotmail.com", "staff@hotmail.com.evil.example"])
def test_who_forwards_a_mail_with_hotmail_s_subject_complains_of_nothing(author: str) -> None:
    headers = (f"From: {author}", "Subject: complaint about message from 192.0.2.1")
    (event,) = read(jmrp(*headers, mark="X-Other: 1"))
    assert event.kind is Kind.UNKNOWN


def test_an_answer_that_encloses_a_marked_mail_is_an_answer() -> None:
    (event,) = read(jmrp("From: ben@hotmail.com", "In-Reply-To: <1@rivers.example>"))
    assert event.kind is Kind.REPLY


def test_spamcop_s_report_names_nobody() -> None:
    head = "From: 5@reports.spamcop.net\nX-SpamCop-sourceip: 192.0.2.1\nSubject: [SpamCop (192.0.2.1) id:5]River levels"
    (event,) = read(f"{head}\n\n[ SpamCop V4 ]\nReturn-Path: <{TAG}>\n".encode())
    assert (event.kind, event.recipient) == (Kind.COMPLAINT, "")


def amazon(told: str) -> bytes:
    head = "From: no-reply@sns.amazonaws.com\nx-amz-sns-message-id: 1\nSubject: AWS Notification Message"
    return f"{head}\n\n{told}\n\n--\nIf you wish to stop receiving notifications\n".encode()


def test_amazon_s_notice_by_mail_names_everybody_once() -> None:
    people = [{"emailAddress": name} for name in ("cleo@example.org", "ben@example.org", "cleo@example.org")]
    told = json.dumps({"notificationType": "Complaint", "complaint": {"complainedRecipients": people}})
    events = read(amazon(told.replace("ben@", "be!\n n@")))
    assert [(event.kind, event.recipient) for event in events] == [
        (Kind.COMPLAINT, "cleo@example.org"),
        (Kind.COMPLAINT, "ben@example.org"),
    ]


@pytest.mark.parametrize(
    "told", ['{"notificationType": "Complaint"', '{"notificationType":"Complaint","complaint":[3]}']
)
def test_amazon_s_notice_cut_short_is_a_complaint_by_nobody_known(told: str) -> None:
    (event,) = read(amazon(told + "[" * 50_000))
    assert (event.kind, event.recipient) == (Kind.COMPLAINT, "")


def test_the_same_words_in_a_person_s_mail_are_no_complaint() -> None:
    told = '{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"cleo@example.org"}]}}'
    (event,) = read(f"From: ben@example.org\n\n{told}\n".encode())
    assert event.kind is Kind.UNKNOWN

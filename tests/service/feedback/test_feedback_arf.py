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
    assert event.kind is Kind.REPORT


@pytest.mark.parametrize(
    "hidden",
    ["redacted", "redacted@", "<undisclosed recipient>", "cleo@redacted", "x@redacted.invalid", "rfc822; ", "@"],
)
def test_what_is_blotted_out_is_nobody_s_address(hidden: str) -> None:
    (event,) = read(complaint("Feedback-Type: abuse", f"Original-Rcpt-To: {hidden}"))
    assert (event.kind, event.recipient) == (Kind.COMPLAINT, "")


def test_a_hashed_local_part_keeps_its_domain() -> None:
    (event,) = read(complaint("Feedback-Type: abuse", "Original-Rcpt-To: rfc822;6f1ed002ab55959@example.org"))
    assert event.recipient == "6f1ed002ab55959@example.org"


def test_an_unnamed_complainer_is_the_addressee_of_the_mail_it_returns() -> None:
    report = complaint("Feedback-Type: abuse").replace(
        b"Subject: ASTANA", b"To: Cleo <cleo@example.org>\nSubject: ASTANA"
    )
    (event,) = read(report)
    assert event.recipient == "cleo@example.org"
    (event,) = read(report.replace(b"Cleo <cleo@example.org>", b"cleo@example.org, ben@example.org"))
    assert event.recipient == ""


@pytest.mark.parametrize("kind", ["abuse", "fraud"])
def test_a_failed_signature_is_never_a_complaint_whatever_its_type(kind: str) -> None:
    (event,) = read(complaint(f"Feedback-Type: {kind}", "Auth-Failure: dmarc", "Original-Rcpt-To: cleo@example.org"))
    assert event.kind is Kind.REPORT


def test_fields_labelled_as_text_are_read() -> None:
    (event,) = read(complaint("Feedback-Type: abuse").replace(b"message/feedback-report", b"text/plain"))
    assert event.kind is Kind.COMPLAINT


@pytest.mark.parametrize(("told", "kind"), [("Spam", Kind.COMPLAINT), ("Login-Attack", Kind.REPORT)])
def test_a_report_in_json_is_what_its_json_says(told: str, kind: Kind) -> None:
    json = f'Content-Type: application/json; name=xarf.json\n\n{{"Report": {{"ReportType": "{told}"}}}}\n--cut--'
    (event,) = read(complaint("Feedback-Type: xarf").replace(b"--cut--", b"--cut\n" + json.encode()))
    assert event.kind is kind


def test_a_complaint_quoted_in_an_answer_is_an_answer() -> None:
    head = b"From: ben@example.org\nReferences: <1@dateline.test>\nContent-Type: message/rfc822\n\n"
    (event,) = read(head + complaint("Feedback-Type: abuse"))
    assert event.kind is Kind.REPLY

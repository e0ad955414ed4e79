"""Reports of machines about our mail at large, receipts, calendars and lists: told apart, and nobody's complaint."""

import gzip
import io
import zipfile
from base64 import encodebytes

import pytest

from service.feedback import Event, Kind, Verdict, read, reports

AGGREGATE = b'<?xml version="1.0"?>\n<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><report_metadata/></feedback>\n'
NAME = "mx.daily.example!rivers.example!1706054400!1706140799"


def zipped(content: bytes, *, packed: bool = True) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{NAME}.xml", content)
    return file.getvalue()


def enclosing(kind: str, content: bytes, *headers: str, name: str = "report") -> Event:
    head = "\n".join(("From: reports@daily.example", "Subject: Your report", *headers, "MIME-Version: 1.0"))
    part = f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n\n'.encode() + encodebytes(content)
    text = b"Content-Type: text/plain\n\nThis is an aggregate report about spam and abuse.\n"
    frame = b"Content-Type: multipart/mixed; boundary=cut\n\n--cut\n" + text + b"--cut\n" + part + b"--cut--\n"
    (event,) = read(head.encode() + b"\n" + frame)
    return event


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/gzip", gzip.compress(AGGREGATE)),
        ("application/x-gzip", gzip.compress(AGGREGATE)),
        ("application/zip", zipped(AGGREGATE)),
        ("application/x-zip-compressed", zipped(AGGREGATE, packed=False)),
        ("application/octet-stream", gzip.compress(AGGREGATE)),
        ("text/xml", AGGREGATE),
        ("application/xml", b"\xef\xbb\xbf" + AGGREGATE),
    ],
)
def test_a_dmarc_aggregate_is_known_by_what_it_holds(kind: str, content: bytes) -> None:
    event = enclosing(kind, content)
    assert (event.kind, event.recipient) == (Kind.REPORT, "")
    assert "DMARC" in event.reason


def test_a_dmarc_aggregate_is_known_by_its_name_and_by_its_subject() -> None:
    assert enclosing("application/gzip", b"cut off", name=f"{NAME}.xml.gz").kind is Kind.REPORT
    subject = "Subject: Report Domain: rivers.example Submitter: mx.daily.example Report-ID: <1@daily.example>"
    (event,) = read(f"From: a@daily.example\n{subject}\n\nsee our site\n".encode())
    assert event.kind is Kind.REPORT


def test_another_archive_is_no_report() -> None:
    for kind, content in (("application/zip", zipped(b"<p>minutes</p>")), ("application/gzip", b"\x1f\x8bbroken")):
        assert enclosing(kind, content).kind is Kind.UNKNOWN


def test_of_a_bomb_only_the_beginning_is_unpacked() -> None:
    bomb = gzip.compress(bytes(200_000_000), 9)
    assert len(reports.beginning(bomb)) == reports.PEEK
    assert len(reports.beginning(zipped(bytes(50_000_000)))) == reports.PEEK
    assert enclosing("application/gzip", bomb).kind is Kind.UNKNOWN


def test_a_tls_report_is_a_report() -> None:
    event = enclosing("application/tlsrpt+gzip", gzip.compress(b"{}"), "TLS-Report-Domain: rivers.example")
    assert (event.kind, "TLS" in event.reason) == (Kind.REPORT, True)


def receipt(disposition: str, *more: str) -> Event:
    said = "\n".join(("Reporting-UA: mail; Mail 1.0", "Final-Recipient: rfc822;ben@daily.example", *more))
    (event,) = read(
        f"""From: Ben <ben@daily.example>
Subject: Read: River levels
In-Reply-To: <1@rivers.example>
Content-Type: multipart/report; report-type=disposition-notification; boundary=cut

--cut
Content-Type: text/plain

Your message was displayed.
--cut
Content-Type: message/disposition-notification

{said}
Original-Message-ID: <1@rivers.example>
Disposition: {disposition}
--cut--
""".encode()
    )
    return event


@pytest.mark.parametrize(
    "disposition",
    [
        "manual-action/MDN-sent-manually; displayed",
        "automatic-action/MDN-sent-automatically; deleted",
        "automatic-action/MDN-sent-automatically;dispatched",
        "automatic-action/MDN-sent-automatically; processed/error",
        "nonsense",
    ],
)
def test_a_receipt_is_neither_a_bounce_nor_a_person_s_answer(disposition: str) -> None:
    event = receipt(disposition)
    assert (event.kind, event.verdict, event.recipient) == (Kind.AUTO_REPLY, None, "ben@daily.example")


def test_a_receipt_of_failure_is_a_soft_bounce() -> None:
    event = receipt("automatic-action/MDN-sent-automatically; failed", "Failure: the disk is full")
    assert (event.kind, event.verdict, event.reply) == (Kind.BOUNCE, Verdict.SOFT, "the disk is full")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("List-Id: <press.daily.example>", "Mail of a list"),
        ("List-Unsubscribe: <https://daily.example/leave>", "Mail of a list"),
        ("Content-Type: text/calendar; method=REPLY", "A calendar's message"),
    ],
)
def test_lists_and_calendars_answer_nothing(header: str, reason: str) -> None:
    head = f"From: ben@daily.example\nReferences: <1@rivers.example>\nSubject: Accepted: Out of office\n{header}\n"
    (event,) = read(f"{head}\nBEGIN:VCALENDAR\n".encode())
    assert (event.kind, event.reason) == (Kind.UNKNOWN, reason)


def test_a_person_s_answer_with_a_calendar_file_is_a_reply() -> None:
    (event,) = read(
        b"From: ben@daily.example\nReferences: <1@rivers.example>\nContent-Type: multipart/mixed; boundary=cut\n\n"
        b"--cut\n\nI come.\n--cut\nContent-Type: text/calendar; name=a.ics\n\nBEGIN:VCALENDAR\n--cut--\n"
    )
    assert event.kind is Kind.REPLY

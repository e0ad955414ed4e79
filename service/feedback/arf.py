"""Complaints: feedback reports (RFC 5965, 6430, 6590, 6591, 6650, 9477). What is no complaint is told as a report."""

import re

from service.feedback.event import Event, Kind
from service.feedback.mime import Fields, Part, fields
from service.feedback.people import mailbox

MOST_RECIPIENTS = 100
_TYPE = "message/feedback-report"

# Feedback type -> what happened. Types to come are nobody's wish until they are known.
_COMPLAINTS = {
    "abuse": "Called it spam",
    "fraud": "Called it fraud",
    "opt-out": "Asked to be taken off",
    "opt-out-list": "Asked to be taken off",
    "other": "Complained about it",
}
_OTHERS = {
    "not-spam": "Says that it is not spam",
    "auth-failure": "A report about our signatures or SPF, not a complaint",
    "virus": "A filter found a virus in it",
    "dmarc": "A DMARC report, not a complaint",
}
_WORD = re.compile(r"[a-z-]+")
_XARF_SPAM = re.compile(r'"(?:report_?type|type)"\s{0,20}:\s{0,20}"spam"', re.IGNORECASE)
_HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event for each complaining recipient; one with an unknown recipient when the report hides the address."""
    report = _report(parts)
    if report is None:
        return ()
    said = fields(report.body.lstrip())[0]
    kind = _kind(said, parts)
    path = mailbox(said.first("original-mail-from")) or mailbox(returned(parts).first("return-path"))
    if kind not in _COMPLAINTS:
        reason = _OTHERS.get(kind, "A report that is no complaint")
        return (Event(Kind.REPORT, reply=kind, reason=reason, return_path=path),)
    named = tuple(mailbox(name) for name in _named(said)) or (mailbox(returned(parts).first("to")),)
    return tuple(
        Event(Kind.COMPLAINT, recipient=name, reply=kind, reason=_COMPLAINTS[kind], return_path=path)
        for name in dict.fromkeys(named)
    )


def returned(parts: tuple[Part, ...]) -> Fields:
    """The header of the mail that a report returns, empty when it returns none."""
    enclosed = next((part for part in parts if part.attached == 1 or part.type in _HEADERS), None)
    if enclosed is None:
        return Fields()
    return enclosed.headers if enclosed.attached else fields(enclosed.body.lstrip())[0]


def _report(parts: tuple[Part, ...]) -> Part | None:
    own = [part for part in parts if not part.attached]
    found = next((part for part in own if part.type == _TYPE), None)
    if found is None and "feedback-report" in parts[0].headers.first("content-type").lower():
        # Some label their fields as text.
        return next((part for part in own if b"feedback-type:" in part.body[:2000].lower() and not part.encloses), None)
    return found


def _kind(said: Fields, parts: tuple[Part, ...]) -> str:
    # DMARC failure reports come under other types too; what they have failed is named here (RFC 6591 3.1).
    if "auth-failure" in said:
        return "auth-failure"
    found = _WORD.search(said.first("feedback-type").lower())
    kind = found[0] if found else ""
    # RFC 9477 3.2.2: what it is stands in a part of JSON.
    if kind == "xarf" and any(_XARF_SPAM.search(part.text) for part in parts if part.type == "application/json"):
        return "abuse"
    return kind


def _named(said: Fields) -> tuple[str, ...]:
    return (said.all("original-rcpt-to") or said.all("removal-recipient"))[:MOST_RECIPIENTS]

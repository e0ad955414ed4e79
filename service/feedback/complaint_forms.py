"""Complaints in their providers' own forms, without a feedback report: Hotmail's JMRP, Amazon SES by mail, SpamCop."""

import json
import re

from service.feedback.arf import MOST_RECIPIENTS, returned
from service.feedback.event import Event, Kind
from service.feedback.mime import Fields, Part, words
from service.feedback.people import author, mailbox

REASON = "Called it spam"
NOT_SPAM = "Says that it is not spam"
_HOTMAIL = "x-hmxmroriginalrecipient"
_HOTMAIL_SUBJECT = re.compile(r"\s*complaint about message from\b", re.IGNORECASE)
_HOTMAIL_STAFF = frozenset({"staff@hotmail.com", "staff@outlook.com"})
_SPAMCOP = re.compile(r"[^@\s]+@(reports|devnull)\.spamcop\.net\Z", re.IGNORECASE)
_AMAZON = re.compile(r'\s*\{.{0,200}?"(?:notificationType|eventType)"\s{0,20}:\s{0,20}"Complaint"', re.DOTALL)


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event for each complaining recipient. An answer that quotes such a form is an answer."""
    headers = parts[0].headers
    if "in-reply-to" in headers or "references" in headers:
        return ()
    return _hotmail(parts) or _spamcop(headers) or _amazon(parts[0])


def _hotmail(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """JMRP sends the original alone, marked in its first header."""
    headers = parts[0].headers
    enclosed = next((part for part in parts if part.attached == 1), None)
    if enclosed is None:
        return ()
    by_staff = author(headers).lower() in _HOTMAIL_STAFF and _HOTMAIL_SUBJECT.match(words(headers.first("subject")))
    if not by_staff and _HOTMAIL not in enclosed.headers:
        return ()
    recipient = mailbox(enclosed.headers.first(_HOTMAIL)) or mailbox(returned(parts).first("to"))
    path = mailbox(returned(parts).first("return-path"))
    return (Event(Kind.COMPLAINT, recipient=recipient, reason=REASON, return_path=path),)


def _spamcop(headers: Fields) -> tuple[Event, ...]:
    """Its users stay unnamed."""
    if not _SPAMCOP.match(author(headers)) or "x-spamcop-sourceip" not in headers:
        return ()
    return (Event(Kind.COMPLAINT, reason=REASON),)


def _amazon(root: Part) -> tuple[Event, ...]:
    """What SNS mails: one object of JSON, and below it how to stop these mails."""
    by_amazon = "x-amz-sns-message-id" in root.headers or author(root.headers).lower().endswith("@sns.amazonaws.com")
    if not by_amazon or not _AMAZON.match(root.text[:1000]):
        return ()
    try:
        # Sendmail breaks a line of a kilobyte with "!" and a line end, in the middle of a value too.
        told = json.JSONDecoder(strict=False).raw_decode(root.text.replace("!\n ", "").lstrip())[0]
        named = [one["emailAddress"] for one in told["complaint"]["complainedRecipients"][:MOST_RECIPIENTS]]
    except (ValueError, LookupError, TypeError, RecursionError):
        told, named = {}, []
    recipients = [mailbox(name) for name in named if isinstance(name, str)]
    if _says_not_spam(told):
        return tuple(Event(Kind.REPORT, recipient=name, reason=NOT_SPAM) for name in dict.fromkeys(recipients or [""]))
    return tuple(Event(Kind.COMPLAINT, recipient=name, reason=REASON) for name in dict.fromkeys(recipients or [""]))


def _says_not_spam(told: object) -> bool:
    """The feedback type of RFC 5965 that Amazon passes on: somebody took our mail out of the spam folder."""
    complaint = told.get("complaint") if isinstance(told, dict) else None
    return isinstance(complaint, dict) and complaint.get("complaintFeedbackType") == "not-spam"

"""A provider's fields said as the reports that mail systems send, so that one classifier reads both."""

from service.feedback import arf, dsn
from service.feedback.event import LONGEST_REPLY, Event, Kind, plain
from service.feedback.mime import Fields, Part


def delivery_status(action: str, recipient: str, *, status: str = "", words: str = "") -> Event:
    """What a delivery report (RFC 3464) with this action would say; `words` are the server's, else the provider's."""
    report = (
        f"Final-Recipient: rfc822; {plain(recipient, 320)}\nAction: {action}\n"
        f"Status: {plain(status, 12)}\nDiagnostic-Code: smtp; {plain(words.removeprefix('smtp;'), LONGEST_REPLY)}\n"
    )
    return dsn.read((_part("message/delivery-status", report),))[0]


def complaint(kind: str, recipient: str) -> Event:
    """What a feedback report (RFC 5965) of this kind would say."""
    report = f"Feedback-Type: {plain(kind, 40) or 'abuse'}\nOriginal-Rcpt-To: {plain(recipient, 320)}\n"
    return arf.read((_part("message/feedback-report", report),))[0]


def left(recipient: str, words: str) -> Event:
    """The person left by the provider's own link."""
    return Event(Kind.UNSUBSCRIBED, recipient=recipient, reply=words, reason="Left by the provider's own link")


def absent(recipient: str, words: str) -> Event:
    """A robot answered."""
    return Event(Kind.AUTO_REPLY, recipient=recipient, reply=words, reason="An automatic answer")


def unclear(recipient: str, words: str) -> Event:
    """It says something, and nothing that may be acted on."""
    return Event(Kind.UNKNOWN, recipient=recipient, reply=words, reason="The provider says nothing certain")


def _part(kind: str, body: str) -> Part:
    return Part(kind, Fields(), body.encode(), 0, 0)

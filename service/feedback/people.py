"""Who wrote a message: a person, or a mail system."""

import re

from service.feedback.mime import Fields

_SYSTEM = re.compile(r"(mailer-?daemon|mail-daemon|postmaster|mmdf|double-bounce)\b", re.IGNORECASE)
_MACHINE = re.compile(r"(no|do-?not)[-_.]?reply\b", re.IGNORECASE)
_ANGLES = re.compile(r"<([^<>]*)>")
_SENT_BY_NOBODY = re.compile(r"\A<\s*>\Z")


def author(headers: Fields) -> str:
    """The address in From, "" when there is none that can be read."""
    # Not email.utils.parseaddr: it follows nested comments by recursion, and "((((" ends it.
    value = headers.first("from")
    angles = _ANGLES.findall(value)
    if angles:
        return str(angles[-1]).strip()
    return value.split()[0].strip('"') if value.split() else ""


def by_mail_system(headers: Fields) -> bool:
    """From the mail system itself, or a list of addresses that failed with it: a bounce, whatever else it says."""
    return _SYSTEM.match(author(headers)) is not None or "x-failed-recipients" in headers


def from_nobody(headers: Fields) -> bool:
    """The null return path, which only automatic mail has (RFC 5321 4.5.5)."""
    return _SENT_BY_NOBODY.match(headers.first("return-path")) is not None


def by_machine(headers: Fields) -> bool:
    """From an address that says itself that nobody reads it."""
    return _MACHINE.match(author(headers)) is not None

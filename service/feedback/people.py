"""Who wrote a message, a person or a mail system, and whom a report names."""

import re

from service.feedback.mime import Fields

_SYSTEM = re.compile(r"(mailer-?daemon|mail-daemon|post[-_]?master|mmdf|double-bounce)(\b|_)", re.IGNORECASE)
_MACHINE = re.compile(r"(no|do-?not)[-_.]?reply\b", re.IGNORECASE)
_ANGLES = re.compile(r"<([^<>]*)>")
_MAILBOX = re.compile(r'[^\s@<>()",;:]{1,64}@(?:[^\s@<>()",;:.]{1,63}\.){1,10}[^\s@<>()",;:.]{2,63}')
# RFC 6590 blots out the local part and keeps the domain; others leave a word, or a domain that there cannot be.
_BLOTTED = re.compile(r"@(redacted|hidden|undisclosed)\b|\.(invalid|redacted)\Z", re.IGNORECASE)
_SENT_BY_NOBODY = re.compile(r"<\s{0,20}>\Z")


def author(headers: Fields) -> str:
    """The address in From, "" when there is none that can be read."""
    # Not email.utils.parseaddr: it follows nested comments by recursion, and "((((" ends it.
    value = headers.first("from")
    angles = _ANGLES.findall(value)
    if angles:
        return str(angles[-1]).strip()
    return value.split()[0].strip('"') if value.split() else ""


def mailbox(value: str) -> str:
    """The one address in what a report says: bare, in angles or as "rfc822;…". "" for none, several, a hidden one."""
    found = _MAILBOX.findall(value[:1000])
    return str(found[0]).strip("'") if len(set(found)) == 1 and not _BLOTTED.search(found[0]) else ""


def by_mail_system(headers: Fields) -> bool:
    """From the mail system itself, or a list of addresses that failed with it: a bounce, whatever else it says."""
    return (
        _SYSTEM.match(author(headers)) is not None
        or _SENT_BY_NOBODY.search(headers.first("from")) is not None
        or "x-failed-recipients" in headers
    )


def from_nobody(headers: Fields) -> bool:
    """The null return path, which only automatic mail has (RFC 5321 4.5.5)."""
    return _SENT_BY_NOBODY.match(headers.first("return-path")) is not None


def by_machine(headers: Fields) -> bool:
    """From an address that says itself that nobody reads it."""
    return _MACHINE.match(author(headers)) is not None

"""A person's answer to one of our mails, as far as headers can tell."""

import re

from service.feedback.circular import is_circular
from service.feedback.event import Event, Kind
from service.feedback.mime import Part, words
from service.feedback.people import author, by_machine, by_mail_system, from_nobody

_BULK = re.compile(r"\s*(bulk|junk|list|auto_reply)\b", re.IGNORECASE)


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One REPLY when the message answers another one (RFC 5322 3.6.4) and nothing about it is automatic.

    Challenges ("click here to let your mail through") name no message they answer; people's mail programs do.
    """
    root = parts[0]
    headers = root.headers
    if not (headers.first("in-reply-to") or headers.first("references")) or not author(headers):
        return ()
    if by_mail_system(headers) or by_machine(headers) or from_nobody(headers) or root.type == "multipart/report":
        return ()
    if is_circular(parts) or _BULK.match(headers.first("precedence")):
        return ()
    subject = words(headers.first("subject"))
    return (Event(Kind.REPLY, recipient=author(headers), reply=subject, reason="A person answered"),)

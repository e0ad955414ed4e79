"""Receipts (RFC 8098): a mail program tells that a mail was shown or thrown away. They judge no mailbox.

We ask for none; some programs send them all the same. `failed` alone says that the mail came to nothing.
"""

import re

from service.feedback.event import Event, Kind, Verdict
from service.feedback.mime import Fields, Part, fields
from service.feedback.people import author, mailbox

_TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_DISPOSITION = re.compile(r";\s{0,40}([a-z]{1,40})", re.IGNORECASE)


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One AUTO_REPLY whose recipient is the mailbox that answered; one BOUNCE, softly, when its program failed."""
    receipt = next((part for part in parts if part.type in _TYPES and not part.attached), None)
    if receipt is None:
        return ()
    said = fields(receipt.body.lstrip())[0]
    found = _DISPOSITION.search(said.first("disposition"))
    what = found[1].lower() if found else "unknown"
    recipient = _recipient(said) or author(parts[0].headers)
    if what == "failed":
        words = said.first("failure") or said.first("error")
        reason = "Their mail program could not take it"
        return (Event(Kind.BOUNCE, Verdict.SOFT, recipient=recipient, reply=words, reason=reason, permanent=True),)
    return (Event(Kind.AUTO_REPLY, recipient=recipient, reason=f"A receipt: {what}"),)


def _recipient(said: Fields) -> str:
    return mailbox(said.first("original-recipient")) or mailbox(said.first("final-recipient"))

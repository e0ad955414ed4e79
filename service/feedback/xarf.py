"""Complaints as XARF documents outside of ARF (xarf.org, versions 3 and 4): JSON about anything that is called abuse.

Only what says that a mail of ours was spam is a complaint; attacks and ports are for people to look at.
"""

import json
import re

from service.feedback.event import Event, Kind
from service.feedback.mime import Part
from service.feedback.people import mailbox

REASON = "Called it spam"
LONGEST = 1 << 16
_ANNOUNCED = re.compile(rb'"(?:xarf_version|ReporterInfo)"')


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event with the complaining address where the report tells it; none when it is about no mail."""
    for part in parts:
        if part.type != "application/json" or part.attached or not _ANNOUNCED.search(part.body[:LONGEST]):
            continue
        said = _said(part.body)
        if _text(said, "reporttype", "type") == "spam":
            recipient = mailbox(_text(said, "smtprcpttoaddress", "smtp_to", "smtp_rcpt_to"))
            path = mailbox(_text(said, "smtpmailfromaddress", "smtp_from"))
            return (Event(Kind.COMPLAINT, recipient=recipient, reply="xarf", reason=REASON, return_path=path),)
    return ()


def _said(body: bytes) -> dict[str, object]:
    """The fields of the report, names in lower case; version 3 keeps them one level deeper."""
    try:
        found = json.loads(body[:LONGEST])
    except (ValueError, RecursionError):
        return {}
    inner = found.get("Report", found) if isinstance(found, dict) else {}
    return {str(name).lower(): value for name, value in inner.items()} if isinstance(inner, dict) else {}


def _text(said: dict[str, object], *names: str) -> str:
    return next((str(said[name]) for name in names if isinstance(said.get(name), str)), "").lower()

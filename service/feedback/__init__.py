"""What comes back: bounces, complaints, automatic and human answers, read into Events.

Pure readers of bytes. A new one is one file with `read(parts) -> events` (nothing when the message is not of its kind)
and one line in READERS.
"""

from collections.abc import Callable

from service.feedback import arf, autoreply, circular, complaint_forms, dsn, notices, receipt, reply, reports, xarf
from service.feedback.event import Event, Kind, Verdict
from service.feedback.mime import Part, parts
from service.feedback.traces import traces

Reader = Callable[[tuple[Part, ...]], tuple[Event, ...]]

READERS: tuple[Reader, ...] = (
    arf.read,
    complaint_forms.read,
    xarf.read,
    dsn.read,
    receipt.read,
    reports.read,
    notices.read,
    autoreply.read,
    reply.read,
    circular.read,
)
"""The first that has something to say is believed: reports before answers, since reports are automatic answers too."""


def read(message: bytes) -> tuple[Event, ...]:
    """The events a raw message tells of: at least one, UNKNOWN when no reader knows it. Never raises.

    Only the first mebibyte, 200 parts, 20 levels and 2,000 headers a part are looked at.
    """
    found = parts(message)
    for reader in READERS:
        events = reader(found)
        if events:
            return events
    return (Event(Kind.UNKNOWN, reason="Not a report, and not an answer to a mail of ours"),)


__all__ = ["READERS", "Event", "Kind", "Reader", "Verdict", "read", "traces"]

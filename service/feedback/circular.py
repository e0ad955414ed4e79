"""What nobody wrote as an answer to us: mail of lists, and what calendars write to each other (RFC 5546)."""

from service.feedback.event import Event, Kind
from service.feedback.mime import Part

_LIST = ("list-id", "list-post", "list-unsubscribe", "mailing-list")


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One UNKNOWN that says which of the two it is."""
    if not is_circular(parts):
        return ()
    return (Event(Kind.UNKNOWN, reason="A calendar's message" if _is_calendar(parts) else "Mail of a list"),)


def is_circular(parts: tuple[Part, ...]) -> bool:
    """Whether a list or a calendar sent it."""
    return any(name in parts[0].headers for name in _LIST) or _is_calendar(parts)


def _is_calendar(parts: tuple[Part, ...]) -> bool:
    """An invitation or the answer to one; a calendar file attached to a letter has no method."""
    return any(
        part.type == "text/calendar" and not part.attached and "method=" in part.headers.first("content-type").lower()
        for part in parts
    )

"""Where a message bears a sign of ours when the address it was sent to is lost: read from a mailbox, or sent to a role.

Nothing here is proof: whoever reads these texts looks for a signed tag in them.
"""

from collections.abc import Iterator

from service.feedback.event import Kind
from service.feedback.mime import parts

_TO = frozenset(
    {"to", "cc", "delivered-to", "x-original-to", "x-delivered-to", "envelope-to", "x-envelope-to", "x-forwarded-to"}
    | {"x-rcpt-to", "apparently-to", "resent-to", "received"}
)
_REPORTS = frozenset({Kind.BOUNCE, Kind.DELAY, Kind.DELIVERED, Kind.COMPLAINT})
"""What returns a mail of ours, whole or in part. An answer quotes the mail too, and others' answers in it."""


def traces(message: bytes, kind: Kind) -> Iterator[str]:
    """Texts to look into, the surest first: whom it went to; of a report also the fields and the mail it returns."""
    found = parts(message)
    yield "\n".join(value for name, value in found[0].headers.pairs if name in _TO)
    if kind not in _REPORTS:
        return
    yield "\n".join(value for part in found[1:] for _, value in part.headers.pairs)
    yield from (part.body.decode("latin-1") for part in found if not part.encloses)

"""The audit of a release, followed step by step: each entry must be possible where the last one left it."""

from collections.abc import Iterator

from tests.faults.ledger import Ledger

STEPS = {
    "release approved": ({"draft"}, "approved"),
    "release scheduled": ({"approved"}, "scheduled"),
    "digest made": ({"draft"}, "scheduled"),
    "release started": ({"scheduled"}, "sending"),
    "release paused": ({"scheduled", "sending"}, "paused"),
    "release resumed": ({"paused"}, "sending|scheduled"),
    "release cancelled": ({"draft", "approved", "scheduled", "sending", "paused"}, "cancelled"),
    "release sent": ({"sending"}, "sent"),
    "failed deliveries queued again": ({"sending", "paused", "sent"}, "sending|paused"),
    "deferred deliveries queued again": ({"sending", "paused"}, "sending|paused"),
    "delivery queued again": ({"sending", "paused", "sent"}, "sending|paused"),
    "delivery settled": ({"sending", "paused", "sent"}, "sending|paused|sent"),
    "release extended": ({"sending", "paused", "sent"}, "sending|paused"),
}
"""The acts that move a release, from where, and to where."""


def faults(ledger: Ledger) -> Iterator[str]:
    """I9 and I10: what was done twice, out of order, or to a release that is somewhere else than it was left."""
    at = {"draft"}
    for act, _ in ledger.acts:
        if act not in STEPS:
            continue
        origin, end = STEPS[act]
        if not at & origin:
            yield f"I10: {act!r} of a release that was {'/'.join(sorted(at))}"
        at = set(end.split("|"))
    if ledger.acts and ledger.state not in at:
        yield f"I10: the release is {ledger.state}, and its audit leaves it {'/'.join(sorted(at))}"

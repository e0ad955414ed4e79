"""How a page that moves asks again: after two seconds, later as answers slow, and not at all when nothing moves."""

from uuid import uuid4

SOONEST, LATEST = 2.0, 30.0
"""Seconds."""
A_SHARE = 10
"""A page asks for no more than a tenth of the time by which its answer is made."""


def again(taken: float, *, moving: bool) -> dict[str, float | str | None]:
    """For `_macros.html`'s `again`: seconds until the next question, and a name for it that is new each time."""
    wait = round(min(SOONEST + A_SHARE * taken, LATEST), 1) if moving else None
    return {"again": wait, "asked": uuid4().hex[:8]}

"""Leaving: one click from the mail's header (RFC 8058) or one button on a page. No sign-in, no cookie, no questions."""

from collections.abc import Sequence

from flask import Blueprint, request

from service import addresses, deliveries, preferences, subscriptions
from service.models import Topic
from service.signing import Purpose, verify
from service.web import visitors
from service.web.database import transaction

bp = Blueprint("leave", __name__)
bp.after_request(visitors.tell_nobody)

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@bp.get("/leave/<token>")
def ask(token: str) -> str:
    """A page with one button; asks nothing of the database. Raises signing.Forged."""
    verify(Purpose.LEAVE, token)
    return visitors.page("leave/ask.html", token=token)


@bp.post("/leave/<token>")
def leave(token: str) -> str | tuple[str, int]:
    """End it at once; again changes nothing. A POST without the words of RFC 8058, section 3.1, ends nothing."""
    delivery = verify(Purpose.LEAVE, token)
    name, value = ONE_CLICK
    if request.form.get(name) != value:
        return visitors.page("leave/ask.html", token=token), 422
    with transaction() as session:
        topics = subscriptions.leave(session, delivery)
        deliveries.prove(session, delivery, deliveries.LINK_USED)
    return visitors.page("leave/left.html", token=token, topics=_names(topics))


@bp.post("/leave/<token>/undo")
def undo(token: str) -> str:
    """Take it back, whatever of it was ended by this link."""
    delivery = verify(Purpose.LEAVE, token)
    with transaction() as session:
        subscriptions.rejoin(session, delivery)
        deliveries.prove(session, delivery, deliveries.LINK_USED)
    return visitors.page("leave/back.html", token=token)


@bp.post("/leave/<token>/all")
def leave_all(token: str) -> str:
    """End all topics of the newsroom."""
    delivery = verify(Purpose.LEAVE, token)
    with transaction() as session:
        subscriptions.leave_all(session, delivery)
        deliveries.prove(session, delivery, deliveries.LINK_USED)
    return visitors.page("leave/left_all.html", token=token)


@bp.post("/leave/<token>/forget")
def forget(token: str) -> str:
    """End all at once, and mail the person the link that erases: a mail, and this link with it, can be passed on."""
    delivery = verify(Purpose.LEAVE, token)
    with transaction() as session:
        journalist = subscriptions.leave_all(session, delivery)
        deliveries.prove(session, delivery, deliveries.LINK_USED)
        preferences.mail_link(session, journalist)
        address = addresses.masked(journalist.address)
    return visitors.page("leave/forgetting.html", token=token, address=address)


def _names(topics: Sequence[Topic]) -> list[str]:
    language = visitors.language()
    return [topic.names.get(language, topic.name) for topic in topics]

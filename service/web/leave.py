"""Leaving: one click from the mail's header (RFC 8058) or one button on a page. No sign-in, no cookie, no questions."""

from flask import Blueprint, Response, request

from service import deliveries, subscriptions
from service.signing import Purpose, verify
from service.web import pages
from service.web.database import transaction

bp = Blueprint("leave", __name__)

ONE_CLICK = ("List-Unsubscribe", "One-Click")


@bp.after_request
def _tell_nobody(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the token
    return response


@bp.get("/leave/<token>")
def ask(token: str) -> str:
    """A page with one button; asks nothing of the database. Raises signing.Forged."""
    verify(Purpose.LEAVE, token)
    return pages.plain("leave/ask.html", token=token)


@bp.post("/leave/<token>")
def leave(token: str) -> str | tuple[str, int]:
    """End it at once; again changes nothing. A POST without the words of RFC 8058, section 3.1, ends nothing."""
    delivery = verify(Purpose.LEAVE, token)
    name, value = ONE_CLICK
    if request.form.get(name) != value:
        return pages.plain("leave/ask.html", token=token), 422
    with transaction() as session:
        topics = [topic.name for topic in subscriptions.leave(session, delivery)]
        deliveries.prove(session, delivery, deliveries.LINK_USED)
    return pages.plain("leave/left.html", token=token, topics=topics)


@bp.post("/leave/<token>/undo")
def undo(token: str) -> str:
    """Take it back."""
    delivery = verify(Purpose.LEAVE, token)
    with transaction() as session:
        subscriptions.rejoin(session, delivery)
        deliveries.prove(session, delivery, deliveries.LINK_USED)
    return pages.plain("leave/back.html", token=token)

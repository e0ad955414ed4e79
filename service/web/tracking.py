"""The picture and the links in the mail of those who agreed to be counted. Each leads on, whatever is noted of it."""

from base64 import b64decode

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from service import tracking
from service.errors import NotFound
from service.links import KEY_BYTES
from service.signing import Purpose, verify, verify_with
from service.tracking import Come
from service.web import visitors
from service.web.database import transaction

bp = Blueprint("tracking", __name__)
bp.after_request(visitors.tell_nobody)

DOT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A GIF of one transparent dot."""


@bp.get("/seen/<token>.gif")
def seen(token: str) -> Response:
    """The dot. Raises signing.Forged."""
    delivery = verify(Purpose.PICTURE, token)
    with transaction() as session:
        tracking.seen(session, delivery, _come())
    response = Response(DOT, content_type="image/gif")
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/to/<token>")
def follow(token: str) -> AnyResponse:
    """On to where the link in the mail leads, which was in that release and nowhere else. Raises signing.Forged."""
    delivery, key = verify_with(Purpose.FOLLOW, token, more=KEY_BYTES)
    with transaction() as session:
        url = tracking.follow(session, delivery, key, _come())
    if url is None:
        raise NotFound("This link is no longer known.")
    response = redirect(url)
    response.headers["Cache-Control"] = "no-store"
    return response


def _come() -> Come:
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return Come(
        agent=request.headers.get("User-Agent", ""),
        is_head=request.method == "HEAD",
        is_prefetch=any("pre" in purpose.lower() for purpose in purposes),
    )

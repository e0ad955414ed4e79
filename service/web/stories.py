"""A delivery's story, and the raw message behind something that came back: text only, and its reading is noted."""

from uuid import UUID

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from service import accounts, bounces, deliveries
from service.models import Event, Release, Role
from service.web import feedback_words, rights
from service.web.database import transaction

bp = Blueprint("stories", __name__)

LONGEST_SHOWN = 200_000
"""Bytes of a message that a page shows; the download has all of it."""
# It is hostile text: a browser that opens it must not run, load or frame anything.
SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}


@bp.get("/deliveries/<uuid:id_>")
def show(id_: UUID) -> str:
    """What one person got of a release, and all that came of it."""
    with transaction() as session:
        found = deliveries.story(session, id_)
        _let_in(session, rights.release(session, found.release.id))
        return render_template(
            "stories/show.html",
            story=found,
            edition=found.release.editions[0],
            verdicts=feedback_words.VERDICTS,
            kinds=feedback_words.KINDS,
            bursts=feedback_words.BURSTS,
            suppressions=feedback_words.SUPPRESSIONS,
        )


@bp.post("/events/<uuid:id_>/raw")
def read_raw(id_: UUID) -> str:
    """The message an event was read from, as text. A POST, because that somebody looked is written down."""
    with transaction() as session:
        event, message = _raw(session, id_)
        return render_template(
            "stories/raw.html",
            event=event,
            message=message[:LONGEST_SHOWN].decode("utf-8", "backslashreplace"),
            is_cut=len(message) > LONGEST_SHOWN,
        )


@bp.post("/events/<uuid:id_>/raw.txt")
def download_raw(id_: UUID) -> Response:
    """The same to keep, byte for byte."""
    with transaction() as session:
        event, message = _raw(session, id_)
    name = {"Content-Disposition": f"attachment; filename=message-{str(event.id)[:8]}.txt"}
    return Response(message, content_type="text/plain; charset=utf-8", headers=name | SANDBOX)


def _raw(session: Session, id_: UUID) -> tuple[Event, bytes]:
    event, release = deliveries.event_of(session, id_)
    _let_in(session, rights.release(session, release.id))
    return event, bounces.raw(session, event, by=rights.account(session))


def _let_in(session: Session, release: Release) -> None:
    """Raises accounts.NotAllowed for who may see the release, and not whom it went to."""
    account = rights.account(session)
    if not any(accounts.may_on(account, release, role) for role in (*rights.LOOKS, Role.SEND)):
        raise accounts.NotAllowed(Role.REPORTS)

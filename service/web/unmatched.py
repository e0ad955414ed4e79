"""What came in and is about no delivery that could be found: read by an administrator, who decides about it."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service import accounts, deliveries, received, releases
from service.models import Account
from service.web import feedback_words, rights, words
from service.web.database import transaction

bp = Blueprint("unmatched", __name__, url_prefix="/feedback/unmatched")

MOST = 200
SHOWN = 100_000
"""Octets of a source on its page; all of them are in the file."""


@bp.get("")
def index() -> str:
    """All that wait, newest first."""
    with transaction() as session:
        _administrator(session)
        found, total = received.unmatched(session, limit=MOST), received.count(session)
        return render_template("unmatched/index.html", found=found, total=total, ways=feedback_words.WAYS)


@bp.get("/<uuid:id_>")
def show(id_: UUID) -> str:
    """One of them with its raw source."""
    with transaction() as session:
        by = _administrator(session)
        source = received.source(session, id_, by=by)
        one = received.peek(session, id_)
        context = {"source": _readable(source[:SHOWN]), "most": SHOWN, "ways": feedback_words.WAYS}
        return render_template("unmatched/show.html", one=one, **context)


@bp.get("/<uuid:id_>/source")
def source(id_: UUID) -> Response:
    """Its raw source as a file, which no browser opens as anything but text."""
    with transaction() as session:
        raw = received.source(session, id_, by=_administrator(session))
    name = f"attachment; filename=received-{id_}.txt"
    return Response(raw, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})


@bp.post("/again")
def again_all() -> AnyResponse:
    """Have all of them read again."""
    with transaction() as session:
        number = received.again_all(session, by=_administrator(session))
    flash(
        ngettext(
            "%(number)s message is read again now; if it still finds no delivery, it comes back here.",
            "%(number)s messages are read again now; what still finds no delivery comes back here.",
            number,
            number=words.number(number),
        )
    )
    return redirect(url_for("unmatched.index"))


@bp.post("/<uuid:id_>/again")
def again(id_: UUID) -> AnyResponse:
    """Have it read again."""
    with transaction() as session:
        received.again(session, id_, by=_administrator(session))
    flash(gettext("It is read again now; if it still finds no delivery, it comes back here."))
    return redirect(url_for("unmatched.index"))


@bp.post("/<uuid:id_>/assign")
def assign(id_: UUID) -> AnyResponse:
    """Have it read as being about one delivery."""
    with transaction() as session:
        by = _administrator(session)
        release = releases.find(session, request.form.get("release", "").strip())
        rights.release(session, release.id)
        delivery = deliveries.of(session, release.id, request.form.get("address", ""))
        received.assign(session, id_, delivery, by=by)
    flash(gettext("It is read now as being about that delivery."))
    return redirect(url_for("unmatched.index"))


@bp.post("/<uuid:id_>/aside")
def set_aside(id_: UUID) -> AnyResponse:
    """Let it be."""
    with transaction() as session:
        received.set_aside(session, id_, by=_administrator(session))
    flash(gettext("Set aside. It is kept, and waits for nobody."))
    return redirect(url_for("unmatched.index"))


def _administrator(session: Session) -> Account:
    """Whole mails of others are in there. Raises accounts.NotAllowed."""
    account = rights.account(session)
    accounts.require_anywhere(account, received.READER)
    return account


def _readable(source: bytes) -> str:
    """Text in which nothing is invisible: what does not show is shown by its number."""
    text = source.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else f"\\u{ord(letter):04x}" for letter in text)

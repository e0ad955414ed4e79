"""Entries that are probably one person: looked at side by side, merged, or told apart."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service import accounts, journalists, standings
from service.journalists import alike, listing
from service.models import Journalist, Role, Sender
from service.releases import received
from service.web import feedback_words, lists, rights, words
from service.web import journalist_words as said
from service.web.database import transaction
from service.web.journalists import ROLES, chosen_sender

bp = Blueprint("duplicates", __name__)

Page = AnyResponse | tuple[str, int] | str


@bp.get("/journalists/duplicates")
def index() -> str:
    """The pairs to look at."""
    with transaction() as session:
        sender, mine = chosen_sender(session)
        pairs = alike.pairs(session, sender)
        return render_template(
            "journalists/duplicates.html", sender=sender, senders=mine, pairs=pairs, most=alike.SHOWN
        )


@bp.get("/journalists/<uuid:id_>/merge/<uuid:other>")
def compare(id_: UUID, other: UUID) -> str:
    """Two entries side by side, and what merging them would do."""
    with transaction() as session:
        return _side_by_side(session, _person(session, id_), _person(session, other))


@bp.post("/journalists/<uuid:id_>/merge/<uuid:other>")
def merge(id_: UUID, other: UUID) -> Page:
    """Merge them into the one that is kept, or say that they are two people."""
    with transaction() as session:
        first, second, by = _person(session, id_), _person(session, other), rights.account(session)
        if request.form.get("two") == "yes":
            journalists.tell_apart(session, first, second, by=by)
            flash(gettext("Kept as two people. They are not proposed again."))
            return redirect(url_for("duplicates.index"))
        kept, gone = (second, first) if request.form.get("kept") == str(second.id) else (first, second)
        try:
            journalists.merge(session, kept, gone, by=by)
        except (journalists.NotOnePerson, journalists.OnItsWay) as fault:
            return _side_by_side(session, first, second, fault=words.refusal(fault)), 422
    flash(gettext("Merged. Until one of them is erased this can be undone on this page."))
    return redirect(url_for("journalist.show", id_=kept.id))


@bp.post("/journalists/<uuid:id_>/merge")
def find(id_: UUID) -> AnyResponse:
    """The other entry by its address, to be compared."""
    with transaction() as session:
        person = _person(session, id_)
        sender = session.get_one(Sender, person.sender_id)
        other = journalists.by_address(session, sender, request.form.get("address", ""))
    return redirect(url_for("duplicates.compare", id_=id_, other=other.id))


def _person(session: Session, id_: UUID) -> Journalist:
    theirs = rights.looked_after(rights.account(session), ROLES)
    if not theirs:
        raise accounts.NotAllowed(Role.JOURNALISTS)
    return journalists.get(session, id_, senders=theirs, erased=False)


def _side_by_side(session: Session, first: Journalist, second: Journalist, fault: str = "") -> str:
    both = [
        {
            "person": one,
            "line": listing.line(session, one.id),
            "mails": received.count(session, [one.id]),
            "standing": standings.history(session, one.fingerprint, one.sender_id).now,
        }
        for one in (first, second)
    ]
    return render_template(
        "journalists/compare.html",
        both=both,
        fault=fault,
        states=said.STATES,
        country=said.country,
        suppressions=feedback_words.SUPPRESSIONS,
        kept=request.form.get("kept", "") or str(second.id if lists.words("keep") == "second" else first.id),
    )

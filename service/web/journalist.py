"""One journalist: what they asked for and by what consent, all that was sent, notes, and what is done about them."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service import accounts, audit, journalists, outlets, preferences, senders, standings, subscriptions
from service.journalists import codes, listing, notes
from service.models import Journalist, NoteKind, Role, Sender, Topic
from service.releases import received
from service.web import feedback_words, lists, rights, words
from service.web import journalist_words as said
from service.web.database import transaction
from service.web.journalists import ROLES, choices, fault_of, particulars

bp = Blueprint("journalist", __name__)

CONTACT = (NoteKind.KEPT_AWAY, NoteKind.LET_BACK)
Page = AnyResponse | tuple[str, int] | str


@bp.get("/journalists/<uuid:id_>")
def show(id_: UUID) -> Page:
    """All that is known of one person."""
    with transaction() as session:
        person = _person(session, id_)
        if person.merged_into:
            return redirect(url_for("journalist.show", id_=person.merged_into))
        return _page(session, person, {})


@bp.post("/journalists/<uuid:id_>/notes")
def note(id_: UUID) -> Page:
    """Write something down about them."""
    with transaction() as session:
        person = _person(session, id_)
        try:
            notes.write(session, person, request.form.get("words", ""), by=rights.account(session))
        except journalists.NoWords as fault:
            return _page(session, person, {"words": words.refusal(fault)}), 422
    flash(gettext("Noted."))
    return redirect(url_for("journalist.show", id_=id_))


@bp.get("/journalists/<uuid:id_>/contact")
def ask_about_contact(id_: UUID) -> str:
    """A page that names the effect of contacting them no more, or again."""
    with transaction() as session:
        return _contact(session, _person(session, id_), {})


@bp.post("/journalists/<uuid:id_>/contact")
def contact(id_: UUID) -> Page:
    """Contact them no more, or again, for a reason."""
    why, again = request.form.get("why", ""), request.form.get("again") == "yes"
    with transaction() as session:
        person = _person(session, id_)
        try:
            (journalists.let_back if again else journalists.keep_away)(session, person, why, by=rights.account(session))
        except journalists.NoWords as fault:
            return _contact(session, person, {"why": words.refusal(fault)}), 422
    flash(gettext("They are contacted again.") if again else gettext("They are contacted no more."))
    return redirect(url_for("journalist.show", id_=id_))


@bp.get("/journalists/<uuid:id_>/edit")
def ask_to_edit(id_: UUID) -> str:
    """Their particulars, to be changed."""
    with transaction() as session:
        return _form(session, _person(session, id_), {})


@bp.post("/journalists/<uuid:id_>/edit")
def edit(id_: UUID) -> Page:
    """Keep them."""
    with transaction() as session:
        person = _person(session, id_)
        try:
            journalists.edit(session, person, particulars(), by=rights.account(session))
        except (journalists.BadParticular, journalists.NameTooLong, journalists.UnknownZone) as fault:
            return _form(session, person, fault_of(fault)), 422
    flash(gettext("Kept."))
    return redirect(url_for("journalist.show", id_=id_))


@bp.post("/journalists/<uuid:id_>/data.json")
def data(id_: UUID) -> Response:
    """All that is kept about them, as their own page gives it (GDPR 15, 20); that somebody took it is written down."""
    with transaction() as session:
        person = _person(session, id_)
        audit.write(session, "person exported", account=rights.account(session), journalist=str(person.id))
        found = preferences.export(session, person)
    body = json.dumps(found, ensure_ascii=False, indent=2)
    name = {"Content-Disposition": f"attachment; filename=person-{str(id_)[-12:]}.json"}
    return Response(body, content_type="application/json; charset=utf-8", headers=name)


@bp.get("/journalists/<uuid:id_>/erase")
def ask_to_erase(id_: UUID) -> str:
    """A page that names the effect."""
    with transaction() as session:
        return render_template("journalists/erase.html", person=_person(session, id_))


@bp.post("/journalists/<uuid:id_>/erase")
def erase(id_: UUID) -> AnyResponse:
    """Forget them, for good."""
    with transaction() as session:
        journalists.erase(session, _person(session, id_), by=rights.account(session))
    flash(gettext("Erased. No import brings this address back; only they can, by subscribing themselves."))
    return redirect(url_for("journalists.index"))


@bp.post("/journalists/<uuid:id_>/part")
def part(id_: UUID) -> AnyResponse:
    """Undo a merge."""
    with transaction() as session:
        person, which = _person(session, id_), request.form.get("merge", "")
        journalists.part(session, lists.id_in(which), person, by=rights.account(session))
    flash(gettext("They are two entries again."))
    return redirect(url_for("journalist.show", id_=id_))


def _person(session: Session, id_: UUID) -> Journalist:
    """Raises NotFound for one of another newsroom, and for one that was erased; accounts.NotAllowed."""
    theirs = rights.looked_after(rights.account(session), ROLES)
    if not theirs:
        raise accounts.NotAllowed(Role.JOURNALISTS)
    return journalists.get(session, id_, senders=theirs, erased=False)


def _page(session: Session, person: Journalist, faults: dict[str, str]) -> str:
    number, mine = lists.page_number(), journalists.entries(session, person)
    pages = lists.Pages(number, received.count(session, mine))
    return render_template(
        "journalists/show.html",
        person=person,
        line=listing.line(session, person.id),
        topics=_topics(session, person),
        standing=standings.history(session, person.fingerprint, person.sender_id),
        mails=received.mails(session, mine, skip=pages.skipped, limit=pages.size),
        pages=pages,
        came=received.came_back(session, mine),
        notes=notes.of(session, person),
        merges=journalists.merges(session, person),
        country=said.country,
        words_of_states=said.STATES,
        words_of_topics=said.SUBSCRIPTIONS,
        frequencies=said.FREQUENCIES,
        how=said.HOW,
        note_kinds=said.NOTES,
        suppressions=feedback_words.SUPPRESSIONS,
        verdicts=feedback_words.VERDICTS,
        kinds=feedback_words.KINDS,
        kept=request.form.get("words", ""),
        faults=faults,
    )


def _topics(session: Session, person: Journalist) -> list[dict[str, Any]]:
    found = subscriptions.of(session, person)
    rows = [
        {
            "topic": session.get_one(Topic, one.topic_id).name,
            "is": one,
            "proof": one.proof,
            "at": _moment(one.proof.get("confirmed") or one.proof.get("at")),
        }
        for one in found
    ]
    return sorted(rows, key=lambda row: str(row["topic"]))


def _moment(word: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(word)) if word else None
    except ValueError:
        return None


def _contact(session: Session, person: Journalist, faults: dict[str, str]) -> str:
    return render_template(
        "journalists/contact.html",
        person=person,
        notes=[one for one in notes.of(session, person) if one.note.kind in CONTACT],
        note_kinds=said.NOTES,
        kept=request.form.get("why", ""),
        faults=faults,
    )


def _form(session: Session, person: Journalist, faults: dict[str, str]) -> str:
    sender = session.get_one(Sender, person.sender_id)
    places = outlets.names(session, sender)
    kept = {name: getattr(person, name) for name in ("name", "beat", "country", "language", "zone")}
    kept |= {"outlet": places.get(person.outlet_id, "") if person.outlet_id else "", "tier": str(person.tier)}
    return render_template(
        "journalists/edit.html",
        person=person,
        kept={name: request.form.get(name, value) for name, value in kept.items()},
        outlets=codes.outlets(session, senders.get(session, person.sender_id)),
        faults=faults,
        **choices(person.language),
    )

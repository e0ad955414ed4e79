"""Segments: conditions an officer keeps under a name, for audiences."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service import accounts, outlets, senders, topics
from service.audiences import Conditions, conditions, names, segments
from service.audiences.choosing import check_conditions
from service.models import Segment, Sender
from service.web import audience_form, rights, words
from service.web.database import transaction

bp = Blueprint("segments", __name__)

Page = Response | tuple[str, int] | str
REFUSALS = (names.BadName, segments.NameTaken, segments.NoCondition)


@bp.get("/segments/new")
def begin() -> str:
    """A form for conditions."""
    with transaction() as session:
        return _form(session, _sender(session), MultiDict(), {})


@bp.post("/segments/new")
def make() -> Page:
    """Keep them under a name."""
    with transaction() as session:
        sender = _sender(session)
        given, faults = _read(session, sender)
        if not faults:
            try:
                segments.make(session, sender, request.form.get("name", ""), given, by=rights.account(session))
            except REFUSALS as fault:
                faults["name"] = words.refusal(fault)
        if faults:
            return _form(session, sender, request.form, faults), 422
    flash(gettext("Saved."))
    return redirect(url_for("press_lists.index"))


@bp.get("/segments/<uuid:id_>")
def show(id_: UUID) -> str:
    """Its conditions, and for how many they hold now."""
    with transaction() as session:
        found = _get(session, id_)
        sender = senders.get(session, found.sender_id)
        return _form(session, sender, _kept(session, sender, found), {}, found)


@bp.post("/segments/<uuid:id_>")
def change(id_: UUID) -> Page:
    """Name and conditions anew."""
    with transaction() as session:
        found = _get(session, id_)
        sender = senders.get(session, found.sender_id)
        given, faults = _read(session, sender)
        if not faults:
            try:
                segments.change(session, found, request.form.get("name", ""), given, by=rights.account(session))
            except REFUSALS as fault:
                faults["name"] = words.refusal(fault)
        if faults:
            return _form(session, sender, request.form, faults, found), 422
    flash(gettext("Saved. What was approved before keeps the conditions it was approved with."))
    return redirect(url_for("segments.show", id_=id_))


@bp.get("/segments/<uuid:id_>/drop")
def ask_to_drop(id_: UUID) -> str:
    """A page that names the effect."""
    with transaction() as session:
        found = _get(session, id_)
        names.rights_to_keep(rights.account(session), found.sender_id)
        return render_template("segments/drop.html", segment=found)


@bp.post("/segments/<uuid:id_>/drop")
def drop(id_: UUID) -> Page:
    """The conditions go; nobody else does."""
    with transaction() as session:
        segments.drop(session, _get(session, id_), by=rights.account(session))
    flash(gettext("The segment is gone."))
    return redirect(url_for("press_lists.index"))


def _get(session: Session, id_: UUID) -> Segment:
    return segments.get(session, id_, senders=rights.senders(session))


def _sender(session: Session) -> Sender:
    """The newsroom asked for, or the first for which she keeps segments. Raises accounts.NotAllowed."""
    account = rights.account(session)
    slug = request.values.get("newsroom", "")
    mine = [
        one
        for one in accounts.senders_of(session, account)
        if any(accounts.may(account, one.id, role) for role in names.KEEPERS)
    ]
    if not mine:
        raise accounts.NotAllowed(names.KEEPERS[1])
    return next((one for one in mine if one.slug == slug), mine[0])


def _read(session: Session, sender: Sender) -> tuple[Conditions, dict[str, str]]:
    given, faults = request.form, dict[str, str]()
    found = Conditions(
        languages=audience_form.chosen(given, "languages"),
        countries=audience_form.chosen(given, "countries"),
        tiers=audience_form.tiers(given.getlist("tiers")),
        outlets=audience_form.outlets_of(session, sender, given, "outlets", faults),
        topics=tuple(topic.id for topic in topics.by_slugs(session, sender, given.getlist("topics"))),
        since=_since(given.get("since", ""), faults),
    )
    check_conditions(session, sender.id, found)
    return found, faults


def _since(value: str, faults: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        faults["since"] = gettext("Enter the day as a date, as 2026-12-01.")
        return None


def _kept(session: Session, sender: Sender, found: Segment) -> audience_form.Given:
    kept = conditions.read(found.conditions)
    names_ = outlets.names(session, sender)
    given: dict[str, list[str]] = {
        "name": [found.name],
        "languages": list(kept.languages),
        "countries": list(kept.countries),
        "tiers": [str(tier) for tier in kept.tiers],
        "outlets": ["\n".join(sorted(names_.get(id_, "") for id_ in kept.outlets))],
        "topics": [topic.slug for topic in topics.all(session, sender) if topic.id in kept.topics],
        "since": [kept.since.isoformat() if kept.since else ""],
    }
    return MultiDict(given)


def _form(
    session: Session,
    sender: Sender,
    given: audience_form.Given,
    faults: dict[str, str],
    segment: Segment | None = None,
) -> str:
    shown: dict[str, Any] = {
        "sender": sender,
        "offered": audience_form.offered(session, sender),
        "given": given,
        "faults": faults,
        "segment": segment,
        "people": segments.people(session, segment) if segment else 0,
    }
    return render_template("segments/form.html", **shown)

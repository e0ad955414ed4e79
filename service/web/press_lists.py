"""Lists: people an officer puts together by hand, for audiences."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, journalists, senders
from service.addresses import BadAddress
from service.audiences import lists as press_lists
from service.audiences import names, segments
from service.errors import NotFound
from service.models import PressList, Sender
from service.web import lists, rights, words
from service.web.database import transaction

bp = Blueprint("press_lists", __name__)

Page = Response | tuple[str, int] | str


@bp.get("/lists")
def index() -> str:
    """All lists and segments of her newsrooms."""
    with transaction() as session:
        return _index(session, {})


@bp.post("/lists")
def make() -> Page:
    """A new list."""
    with transaction() as session:
        by, sender = rights.account(session), _sender(session)
        try:
            found = press_lists.make(session, sender, request.form.get("name", ""), by=by)
        except (names.BadName, press_lists.NameTaken) as fault:
            return _index(session, {"name": words.refusal(fault)}), 422
    return redirect(url_for("press_lists.show", id_=found.id))


@bp.get("/lists/<uuid:id_>")
def show(id_: UUID) -> str:
    """Who is on it."""
    with transaction() as session:
        return _show(session, _get(session, id_), {})


@bp.post("/lists/<uuid:id_>/name")
def rename(id_: UUID) -> Page:
    """Call it otherwise."""
    with transaction() as session:
        found = _get(session, id_)
        try:
            press_lists.rename(session, found, request.form.get("name", ""), by=rights.account(session))
        except (names.BadName, press_lists.NameTaken) as fault:
            return _show(session, found, {"name": words.refusal(fault)}), 422
    flash(gettext("Saved."))
    return redirect(url_for("press_lists.show", id_=id_))


@bp.post("/lists/<uuid:id_>/people")
def put(id_: UUID) -> Page:
    """Put people on it, by their addresses."""
    with transaction() as session:
        found = _get(session, id_)
        sender = senders.get(session, found.sender_id)
        ids, unknown = _people(session, sender, request.form.get("addresses", ""))
        if unknown:
            fault = gettext("None of your journalists has the address “%(address)s”.", address=unknown[0])
            return _show(session, found, {"addresses": fault}), 422
        added = press_lists.put(session, found, ids, by=rights.account(session))
    number = words.number(added)
    flash(ngettext("%(number)s person put on it.", "%(number)s people put on it.", added, number=number))
    return redirect(url_for("press_lists.show", id_=id_))


@bp.post("/lists/<uuid:id_>/people/<uuid:reader>/off")
def take_off(id_: UUID, reader: UUID) -> Page:
    """Take somebody off it."""
    with transaction() as session:
        press_lists.take_off(session, _get(session, id_), reader, by=rights.account(session))
    flash(gettext("Taken off the list."))
    return redirect(url_for("press_lists.show", id_=id_))


@bp.get("/lists/<uuid:id_>/drop")
def ask_to_drop(id_: UUID) -> str:
    """A page that names the effect."""
    with transaction() as session:
        found = _get(session, id_)
        names.rights_to_keep(rights.account(session), found.sender_id)
        return render_template("lists/drop.html", list=found, people=press_lists.count(session, found))


@bp.post("/lists/<uuid:id_>/drop")
def drop(id_: UUID) -> Page:
    """The list goes, its people stay."""
    with transaction() as session:
        press_lists.drop(session, _get(session, id_), by=rights.account(session))
    flash(gettext("The list is gone; its people are still here."))
    return redirect(url_for("press_lists.index"))


def _get(session: Session, id_: UUID) -> PressList:
    return press_lists.get(session, id_, senders=rights.senders(session))


def _sender(session: Session) -> Sender:
    """The newsroom chosen, or her only one."""
    mine = _mine(session)
    slug = request.form.get("newsroom", "")
    return next((one for one in mine if one.slug == slug), mine[0])


def _mine(session: Session) -> list[Sender]:
    account = rights.account(session)
    mine = [
        one
        for one in accounts.senders_of(session, account)
        if any(accounts.may(account, one.id, role) for role in names.KEEPERS)
    ]
    if not mine:
        raise accounts.NotAllowed(names.KEEPERS[1])
    return mine


def _people(session: Session, sender: Sender, given: str) -> tuple[list[UUID], list[str]]:
    """The ids of those whose addresses stand one on each line, and the lines that are nobody's."""
    found, unknown = [], []
    for line in filter(None, (line.strip() for line in given.splitlines())):
        try:
            found.append(journalists.by_address(session, sender, line).id)
        except (NotFound, BadAddress):
            unknown.append(line)
    return found, unknown


def _index(session: Session, faults: dict[str, str]) -> str:
    mine = rights.senders(session)
    return render_template(
        "lists/index.html",
        lists=press_lists.all(session, mine),
        segments=segments.all(session, mine),
        newsrooms={one.id: one.name for one in accounts.senders_of(session, rights.account(session))},
        senders=_keepers(session),
        faults=faults,
    )


def _keepers(session: Session) -> list[Sender]:
    try:
        return _mine(session)
    except accounts.NotAllowed:
        return []


def _show(session: Session, found: PressList, faults: dict[str, str]) -> str:
    q, number = lists.words(), lists.page_number()
    pages = lists.Pages(number, press_lists.count(session, found, search=q))
    account = rights.account(session)
    return render_template(
        "lists/show.html",
        list=found,
        people=press_lists.members(session, found, search=q, skip=pages.skipped, limit=pages.size),
        pages=pages,
        q=q,
        keeps=any(accounts.may(account, found.sender_id, role) for role in names.KEEPERS),
        faults=faults,
    )

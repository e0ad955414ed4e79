"""Addresses that are not mailed: the list with its proofs, and what a person does about them.

Addresses stand in no address of a page: what is looked for is named there by its fingerprint.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service import accounts, addresses, senders, suppressions
from service.errors import Refused
from service.models import Account, Role, Sender, SuppressionReason
from service.reports.cells import lines
from service.suppressions import Entry, Which
from service.web import feedback_words, rights, words
from service.web.database import transaction

bp = Blueprint("suppressions", __name__)

COLUMNS = ("address", "name", "newsroom", "reason", "since", "until", "evidence", "their words", "by", "fingerprint")
MOST = 50_000
"""Lines of a CSV."""


@bp.get("/suppressions")
def index() -> str:
    """Those that fit the filters, newest first."""
    which, page = _which(), max(0, request.args.get("page", 0, type=int))
    with transaction() as session:
        theirs, for_all = rights.senders_to_look_at(session), _for_all(session)
        skip = page * suppressions.listing.IN_ONE_GO
        found = suppressions.entries(session, theirs, which, for_all=for_all, skip=skip)
        return render_template(
            "suppressions/index.html",
            entries=[_shown(session, one) for one in found],
            total=suppressions.count(session, theirs, which, for_all=for_all),
            page=page,
            most=MOST,
            has_more=len(found) == suppressions.listing.IN_ONE_GO,
            filters={name: value for name, value in request.args.items() if name in FILTERS and value},
            reasons=feedback_words.SUPPRESSIONS,
            changes=bool(_changed_by(session)),
        )


@bp.get("/suppressions.csv")
def as_csv() -> Response:
    """The same for a spreadsheet."""
    with transaction() as session:
        theirs, for_all = rights.senders_to_look_at(session), _for_all(session)
        found = suppressions.entries(session, theirs, _which(), for_all=for_all, limit=MOST)
        table = "\ufeff" + "".join(lines([COLUMNS, *_cells(_shown(session, one) for one in found)]))
    name = {"Content-Disposition": "attachment; filename=suppressions.csv"}
    return Response(table, content_type="text/csv; charset=utf-8", headers=name)


@bp.post("/suppressions/find")
def find() -> AnyResponse:
    """Whether one address is among them."""
    fingerprint = addresses.fingerprint(request.form.get("address", ""))
    return redirect(url_for("suppressions.index", found=fingerprint.hex()))


@bp.get("/suppressions/add")
def ask_to_add() -> str:
    """One address by hand, or many from a file."""
    with transaction() as session:
        return _form(session)


@bp.post("/suppressions/add")
def add() -> AnyResponse | tuple[str, int]:
    """Mail one address no more."""
    address, note = request.form.get("address", ""), request.form.get("note", "")
    with transaction() as session:
        by, sender_id = rights.account(session), _sender(session)
        try:
            suppressions.suppress(session, address, sender_id, note, by=by)
        except (addresses.BadAddress, suppressions.BadNote) as fault:
            return _form(session, fault=fault), 422
    flash(gettext("It is mailed no more."))
    return redirect(url_for("suppressions.index"))


@bp.post("/suppressions/import")
def import_() -> AnyResponse | tuple[str, int]:
    """Mail no address of a file, or of what was pasted, any more."""
    file = request.files.get("file")
    data = file.read() if file and file.filename else request.form.get("addresses", "").encode()
    with transaction() as session:
        by, sender_id = rights.account(session), _sender(session)
        try:
            text = data.decode("utf-8-sig", "replace")
            made = suppressions.import_(session, text, sender_id, request.form.get("note", ""), by=by)
        except (suppressions.BadNote, suppressions.TooMany) as fault:
            return _form(session, fault=fault), 422
    number = words.number(made.addresses)
    flash(
        ngettext(
            "%(number)s address is mailed no more.",
            "%(number)s addresses are mailed no more.",
            made.addresses,
            number=number,
        )
    )
    if made.faults:
        lines_ = ", ".join(map(str, made.faults[:20])) + (" …" if made.faults[20:] else "")
        flash(gettext("No address in line %(lines)s.", lines=lines_))
    return redirect(url_for("suppressions.index"))


@bp.get("/suppressions/<uuid:id_>/lift")
def ask_to_lift(id_: UUID) -> str:
    """A page that names the address, what is against it, and the effect."""
    with transaction() as session:
        return _question(session, _to_change(session, id_))


@bp.post("/suppressions/<uuid:id_>/lift")
def lift(id_: UUID) -> AnyResponse | tuple[str, int]:
    """Mail it again, for a reason."""
    note, their_word = request.form.get("note", ""), request.form.get("their_word") == "yes"
    with transaction() as session:
        found, by = _to_change(session, id_), rights.account(session)
        try:
            suppressions.lift_entry(session, found, note, their_word=their_word, by=by)
        except (suppressions.BadNote, suppressions.TheirWordNeeded) as fault:
            return _question(session, found, fault=fault), 422
    flash(gettext("It is mailed again. What was counted against it until now counts no more."))
    return redirect(url_for("suppressions.index"))


FILTERS = ("reason", "domain", "since", "found")


class BadFilter(Refused):
    """A filter that none of our pages makes."""

    def __init__(self) -> None:
        super().__init__("This filter could not be read. Choose it again on the page.")


def _which() -> Which:
    asked = request.args
    try:
        return Which(
            SuppressionReason(asked["reason"]) if asked.get("reason") else None,
            asked.get("domain", "")[:255],
            date.fromisoformat(asked["since"]) if asked.get("since") else None,
            bytes.fromhex(asked["found"]) if asked.get("found") else None,
        )
    except ValueError:
        raise BadFilter from None


def _for_all(session: Session) -> bool:
    return suppressions.may_change(rights.account(session), None)


def _changed_by(session: Session) -> list[Sender]:
    """The newsrooms whose addresses the person signed in looks after."""
    by = rights.account(session)
    theirs = rights.looked_after(by, (Role.JOURNALISTS, Role.ADMINISTER))
    return [sender for sender in senders.all(session) if sender.id in theirs]


def _to_change(session: Session, id_: UUID) -> Entry:
    """Raises NotFound for one she may not see, accounts.NotAllowed for one she may only see."""
    found = suppressions.entry(session, id_, rights.senders_to_look_at(session), for_all=_for_all(session))
    if not suppressions.may_change(rights.account(session), found.sender_id):
        raise accounts.NotAllowed(Role.JOURNALISTS)
    return found


def _sender(session: Session) -> UUID | None:
    """The newsroom a form names; none: all of them. The verb asks for the right to it."""
    asked = request.form.get("sender", "")
    try:
        named = UUID(asked) if asked else None
    except ValueError:
        raise BadFilter from None
    if named and named not in {sender.id for sender in _changed_by(session)}:
        raise accounts.NotAllowed(Role.JOURNALISTS)
    return named


def _shown(session: Session, found: Entry) -> Entry:
    """With its address masked for who does not look after it."""
    by: Account = rights.account(session)
    whole = found.sender_id is None or suppressions.may_change(by, found.sender_id)
    return found if whole or not found.address else replace(found, address=addresses.masked(found.address))


def _form(session: Session, fault: Refused | None = None) -> str:
    theirs = _changed_by(session)
    if not theirs:
        raise accounts.NotAllowed(Role.JOURNALISTS)
    kept: dict[str, Any] = {name: request.form.get(name, "") for name in ("address", "note", "sender", "addresses")}
    return render_template(
        "suppressions/add.html", senders=theirs, for_all=_for_all(session), kept=kept, fault=str(fault or "")
    )


def _question(session: Session, found: Entry, fault: Refused | None = None) -> str:
    return render_template(
        "suppressions/lift.html",
        entry=_shown(session, found),
        reasons=feedback_words.SUPPRESSIONS,
        their_word=found.reason in suppressions.THEIR_WORD,
        lifted=found.reason is not SuppressionReason.ERASED,
        note=request.form.get("note", ""),
        fault=str(fault or ""),
    )


def _cells(found: Iterator[Entry]) -> Iterator[tuple[object, ...]]:
    for one in found:
        times = (one.since.isoformat(), one.until.isoformat() if one.until else "")
        shown = (one.address, one.name, one.sender, str(feedback_words.SUPPRESSIONS[one.reason]))
        yield (*shown, *times, one.evidence, one.proof, one.who, one.fingerprint.hex())

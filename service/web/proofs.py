"""A test of a release: to oneself and colleagues, in any of its languages, as any journalist would get it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, addresses, journalists, proofs, senders
from service.errors import NotFound
from service.models import Journalist, Release, Role
from service.settings import settings
from service.web import rights, words
from service.web.database import transaction

bp = Blueprint("proofs", __name__)

Page = Response | tuple[str, int] | str


@bp.get("/releases/<uuid:id_>/test")
def ask(id_: UUID) -> str:
    """To whom, in which languages, as whom."""
    with transaction() as session:
        return _asking(session, _to_test(session, id_), {})


@bp.post("/releases/<uuid:id_>/test")
def send(id_: UUID) -> Page:
    """Mail it to them now."""
    with transaction() as session:
        release, by = _to_test(session, id_), rights.account(session)
        try:
            reader = _reader(session, release)
        except (NotFound, addresses.BadAddress) as fault:
            return _asking(session, release, {"reader": words.refusal(fault)}), 422
        to = [*_chosen(session, release), *request.form.get("typed", "").replace(",", " ").split()]
        languages = [one.language for one in release.editions if one.language in request.form.getlist("languages")]
        try:
            number = proofs.send(session, release, to=to, languages=languages, by=by, reader=reader)
        except (proofs.NotForTests, addresses.BadAddress) as fault:
            return _asking(session, release, {"typed": words.refusal(fault)}), 422
        except (proofs.NobodyChosen, proofs.TooMany) as fault:
            return _asking(session, release, {"people": words.refusal(fault)}), 422
    flash(ngettext("%(n)s test is on its way.", "%(n)s tests are on their way.", number, n=words.number(number)))
    return redirect(url_for("proofs.ask", id_=id_))


def _to_test(session: Session, id_: UUID) -> Release:
    release, account = rights.release(session, id_), rights.account(session)
    if not any(accounts.may_on(account, release, role) for role in proofs.MAKES):
        raise accounts.NotAllowed(Role.WRITE)
    return release


def _chosen(session: Session, release: Release) -> list[str]:
    chosen = set(request.form.getlist("people"))
    return [one.email for one in proofs.colleagues(session, release) if str(one.id) in chosen]


def _reader(session: Session, release: Release) -> Journalist | None:
    address = request.form.get("reader", "").strip()
    return journalists.by_address(session, senders.get(session, release.sender_id), address) if address else None


def _asking(session: Session, release: Release, faults: dict[str, str]) -> str:
    account = rights.account(session)
    people = sorted(proofs.colleagues(session, release), key=lambda one: one.id != account.id)
    return render_template(
        "proofs/ask.html",
        release=release,
        edition=release.editions[0],
        people=[(str(one.id), one.name, one.email) for one in people],
        chosen=request.form.getlist("people") if faults else [str(account.id)],
        languages=words.named(one.language for one in release.editions),
        languages_chosen=request.form.getlist("languages") if faults else [one.language for one in release.editions],
        domains=settings().test_domain_list,
        typed={name: request.form.get(name, "") if faults else "" for name in ("typed", "reader")},
        faults=faults,
    )

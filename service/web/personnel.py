"""People of the newsrooms one administers: invited, given rights, closed out and let in again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, addresses, topics
from service.accounts import BY_TOPIC, Standing, Which
from service.errors import NotFound
from service.models import Account, Role, Sender
from service.web import languages, lists, rights, rights_words, words
from service.web.database import transaction

bp = Blueprint("people", __name__, url_prefix="/people")

Given = frozenset[tuple[Role, UUID | None]]
Answer = Response | str | tuple[str, int]
STANDINGS = {
    Standing.HERE: lazy_gettext("works here"),
    Standing.INVITED: lazy_gettext("invited, has not come yet"),
    Standing.CLOSED: lazy_gettext("closed"),
}


@bp.get("")
def index() -> str:
    """Those of the newsrooms she administers."""
    with transaction() as session:
        mine = _mine(session)
        ids = {sender.id for sender in mine}
        which = Which(lists.words(), lists.id_of("sender"), lists.one_of("standing", Standing))
        pages = lists.Pages(lists.page_number(), accounts.count(session, ids, which))
        found = accounts.entries(session, ids, which, skip=pages.skipped, limit=pages.size)
        return render_template(
            "people/index.html",
            people=[(one, rights_words.sentences(session, one.account, senders=ids)) for one in found],
            newsrooms=[(str(sender.id), sender.name) for sender in mine],
            which=which,
            pages=pages,
            standings=STANDINGS,
            zone=rights.account(session).zone or "UTC",
        )


@bp.get("/invite")
def ask_to_invite() -> str:
    """Whom, to which newsroom, and what for."""
    with transaction() as session:
        return _inviting(session, _chosen(session, request.args.get("sender", "")), {})


@bp.post("/invite")
def invite() -> Answer:
    """Mail the invitation."""
    form = request.form
    with transaction() as session:
        sender, by = _chosen(session, form.get("sender", "")), rights.account(session)
        wanted = _wanted(session, sender)
        if not wanted:
            return _inviting(session, sender, {"roles": gettext("Say what this person may do.")}), 422
        try:
            language = form.get("language", "en")
            made = accounts.invite_to(
                session, form.get("email", ""), form.get("name", ""), sender, wanted, by=by, language=language
            )
        except addresses.BadAddress:
            fault = gettext("This is not an e-mail address. Write it as in ada@rivers.example.")
            return _inviting(session, sender, {"email": fault}), 422
        except accounts.BadName as fault:
            return _inviting(session, sender, {"name": words.refusal(fault)}), 422
        except (accounts.IsClosed, accounts.NotYours) as fault:
            return _inviting(session, sender, {"email": words.refusal(fault)}), 422
        id_ = made.id
    flash(gettext("The invitation is on its way. Its link works once and for 24 hours."))
    return redirect(url_for("people.show", id_=id_))


@bp.get("/<uuid:id_>")
def show(id_: UUID) -> str:
    """One person: what she may do here, and how she signs in."""
    with transaction() as session:
        return _person(session, _theirs(session, id_))


@bp.get("/<uuid:id_>/rights/<slug>")
def ask_for_rights(id_: UUID, slug: str) -> str:
    """What she may do for one newsroom."""
    with transaction() as session:
        return _rights(session, _theirs(session, id_), _one_of_mine(session, slug), {})


@bp.post("/<uuid:id_>/rights/<slug>")
def give_rights(id_: UUID, slug: str) -> Answer:
    """Let it be this, and nothing else."""
    with transaction() as session:
        account, sender = _theirs(session, id_), _one_of_mine(session, slug)
        try:
            accounts.give(session, account, sender, _wanted(session, sender), by=rights.account(session))
        except (accounts.NotYours, accounts.LastAdministrator) as fault:
            return _rights(session, account, sender, {"roles": words.refusal(fault)}), 422
        still = bool(account.rights)
    flash(gettext("Kept. It holds from now on."))
    return redirect(url_for("people.show", id_=id_) if still else url_for("people.index"))


@bp.post("/<uuid:id_>/invite")
def invite_again(id_: UUID) -> Response:
    """Mail a new link to who has lost the first."""
    with transaction() as session:
        account = _theirs(session, id_)
        sender = next(one for one in _mine(session) if one.id in {right.sender_id for right in account.rights})
        accounts.invite(session, account, sender=sender, language=account.language or languages.current())
    flash(gettext("A new invitation is on its way. Links sent before it no longer work."))
    return redirect(url_for("people.show", id_=id_))


@bp.get("/<uuid:id_>/close")
def ask_to_close(id_: UUID) -> str:
    """What closing does."""
    return _question(id_, "people/close.html")


@bp.post("/<uuid:id_>/close")
def close(id_: UUID) -> Answer:
    """Let her in no more."""
    with transaction() as session:
        account = _theirs(session, id_)
        try:
            accounts.close(session, account, by=rights.account(session))
        except (accounts.LastAdministrator, accounts.LooksAfterOthers) as fault:
            return _person(session, account, words.refusal(fault)), 422
    flash(gettext("The account is closed, and every session of it has ended."))
    return redirect(url_for("people.show", id_=id_))


@bp.post("/<uuid:id_>/reopen")
def reopen(id_: UUID) -> Answer:
    """Let her in again."""
    with transaction() as session:
        account = _theirs(session, id_)
        try:
            accounts.reopen(session, account, by=rights.account(session))
        except accounts.LooksAfterOthers as fault:
            return _person(session, account, words.refusal(fault)), 422
    flash(gettext("The account is open again, with the rights it had."))
    return redirect(url_for("people.show", id_=id_))


@bp.get("/<uuid:id_>/factors")
def ask_to_reset(id_: UUID) -> str:
    """What taking second factors away does."""
    return _question(id_, "people/factors.html")


@bp.post("/<uuid:id_>/factors")
def reset(id_: UUID) -> Answer:
    """Take them away from who has lost them."""
    with transaction() as session:
        account, by = _theirs(session, id_), rights.account(session)
        try:
            accounts.require_looks_after(by, account)
        except accounts.LooksAfterOthers as fault:
            return _person(session, account, words.refusal(fault)), 422
        if by.id == account.id:
            raise accounts.NotYours
        accounts.reset_factors(session, account, by=by)
    flash(gettext("The second factors are gone. Until new ones are set up, the password alone signs in."))
    return redirect(url_for("people.show", id_=id_))


def _mine(session: Session) -> list[Sender]:
    """Raises accounts.NotAllowed for who administers nothing."""
    found = accounts.administered(session, rights.account(session))
    if not found:
        raise accounts.NotAllowed(Role.ADMINISTER)
    return found


def _one_of_mine(session: Session, slug: str) -> Sender:
    """Raises NotFound for a newsroom that she does not administer: it might be there or not."""
    found = next((sender for sender in _mine(session) if sender.slug == slug), None)
    if found is None:
        raise NotFound("There is no such newsroom.")
    return found


def _chosen(session: Session, slug: str) -> Sender:
    return _one_of_mine(session, slug) if slug else _mine(session)[0]


def _theirs(session: Session, id_: UUID) -> Account:
    """Somebody of her newsrooms. Raises NotFound for anybody else, accounts.NotAllowed for who administers nothing."""
    mine, account = {sender.id for sender in _mine(session)}, accounts.get(session, id_)
    if not mine & {right.sender_id for right in account.rights}:
        raise NotFound("There is no such account.")
    return account


def _wanted(session: Session, sender: Sender) -> Given:
    """What the form gives; words that are no roles and topics of others are passed over as never offered."""
    whole = {(role, None) for role in Role if role.value in request.form.getlist("roles")}
    offered = {str(topic.id): topic.id for topic in topics.all(session, sender)}
    about = set()
    for value in request.form.getlist("about"):
        id_, _, role = value.partition(":")
        if id_ in offered and role in {one.value for one in BY_TOPIC}:
            about.add((Role(role), offered[id_]))
    return frozenset(whole | about)


def _fields(session: Session, sender: Sender, ticked: Given) -> dict[str, Any]:
    return {
        "roles": [(role.value, str(words.ROLES[role]).capitalize(), str(rights_words.HINTS[role])) for role in Role],
        "ticked": {role.value for role, topic in ticked if topic is None},
        "topics": topics.all(session, sender),
        "by_topic": [(role.value, str(words.ROLES[role])) for role in BY_TOPIC],
        "about": {f"{topic}:{role.value}" for role, topic in ticked if topic is not None},
        "sender": sender,
    }


def _inviting(session: Session, sender: Sender, faults: dict[str, str]) -> str:
    asked = _wanted(session, sender) if request.method == "POST" else frozenset()
    return render_template(
        "people/invite.html",
        kept=request.form,
        faults=faults,
        senders=_mine(session),
        languages=[(code, languages.NAMES[code]) for code in languages.EVERYBODY],
        **_fields(session, sender, asked),
    )


def _rights(session: Session, account: Account, sender: Sender, faults: dict[str, str]) -> str:
    has = frozenset((right.role, right.topic_id) for right in account.rights if right.sender_id == sender.id)
    shown = _wanted(session, sender) if faults else has
    herself = rights.account(session).id == account.id
    return render_template(
        "people/rights.html", person=account, herself=herself, faults=faults, **_fields(session, sender, shown)
    )


def _person(session: Session, account: Account, fault: str = "") -> str:
    by = rights.account(session)
    mine = {sender.id: sender for sender in _mine(session)}
    sentences = rights_words.sentences(session, account, senders=mine)
    return render_template(
        "people/show.html",
        person=account,
        standing=accounts.standing(account),
        standings=STANDINGS,
        sentences=[(mine[id_], sentence) for id_, sentence in sentences],
        others=[sender for sender in mine.values() if sender.id not in {id_ for id_, _said in sentences}],
        second=accounts.has_second_factor(session, account),
        looks_after=accounts.looks_after(by, account),
        herself=by.id == account.id,
        fault=fault,
        zone=by.zone or "UTC",
    )


def _question(id_: UUID, template: str) -> str:
    with transaction() as session:
        account = _theirs(session, id_)
        accounts.require_looks_after(rights.account(session), account)
        return render_template(template, person=account)

"""Approval: asked for, read with what changed, the checks and the audience beside it, and decided."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, approvals, audit, releases, senders, topics
from service.approvals import Blocked, ChangedSinceSeen, NotRequested, OwnWork, SayWhy
from service.errors import Refused
from service.models import Account, Decision, Release, ReleaseState, Role
from service.web import acts, rights, words
from service.web.audience_words import LEFT_OUT
from service.web.checks import found_in
from service.web.database import transaction

bp = Blueprint("approvals", __name__)

Page = Response | tuple[str, int]
LONGEST = 5000


@bp.get("/releases/<uuid:id_>/approval")
def show(id_: UUID) -> str:
    """What an approver has to know, and what was said before."""
    with transaction() as session:
        return _page(session, rights.release(session, id_), {})


@bp.post("/releases/<uuid:id_>/approval")
def ask(id_: UUID) -> Page:
    """Ask for approval of the release as it now stands."""
    with transaction() as session:
        release = rights.release(session, id_)
        try:
            approvals.request(session, release, by=rights.account(session), note=_typed("note"))
        except Blocked as fault:
            return _page(session, release, {"checks": words.refusal(fault)}), 422
    flash(gettext("Whoever may approve it has been asked by mail."))
    return redirect(url_for("approvals.show", id_=id_))


@bp.post("/releases/<uuid:id_>/approval/given")
def approve(id_: UUID) -> Page:
    """Approve what was shown, and nothing else."""
    with transaction() as session:
        release = rights.release(session, id_)
        try:
            approvals.approve(
                session, release, by=rights.account(session), note=_typed("note"), digest=_digest("digest")
            )
        except (Blocked, ChangedSinceSeen, OwnWork) as fault:
            return _page(session, release, {"checks": words.refusal(fault)}), 422
    flash(gettext("Approved. It can now be given a time to leave."))
    return redirect(url_for("approvals.show", id_=id_))


@bp.post("/releases/<uuid:id_>/approval/sent-back")
def send_back(id_: UUID) -> Page:
    """Give it back with what is to be changed."""
    with transaction() as session:
        release = rights.release(session, id_)
        try:
            approvals.send_back(session, release, by=rights.account(session), comments=_typed("comments"))
        except SayWhy as fault:
            return _page(session, release, {"comments": words.refusal(fault)}), 422
        except (NotRequested, OwnWork) as fault:
            return _page(session, release, {"checks": words.refusal(fault)}), 422
    flash(gettext("Sent back. Its writer reads your comments above the text, and has been told by mail."))
    return redirect(url_for("approvals.show", id_=id_))


@bp.post("/releases/<uuid:id_>/approval/emergency")
def in_emergency(id_: UUID) -> Page:
    """Approve it as the second name, for a reason that stays."""
    with transaction() as session:
        release = rights.release(session, id_)
        try:
            approvals.approve_in_emergency(
                session, release, by=rights.account(session), reason=_typed("reason"), digest=_digest("digest")
            )
        except SayWhy:
            sentence = gettext("Say in a sentence why nobody who approves could do it.")
            return _page(session, release, {"reason": sentence}), 422
        except (Blocked, ChangedSinceSeen, NotRequested, OwnWork) as fault:
            return _page(session, release, {"checks": words.refusal(fault)}), 422
    flash(gettext("Approved in an emergency. Whoever may approve has been told, and your reason stays on its page."))
    return redirect(url_for("approvals.show", id_=id_))


@bp.get("/releases/<uuid:id_>/history")
def history(id_: UUID) -> str:
    """All that was done to it, and by whom, as the audit log has it."""
    with transaction() as session:
        release = rights.release(session, id_)
        entries = audit.of(session, release)
        return render_template(
            "approvals/history.html",
            release=release,
            edition=release.editions[0],
            **rights.ways(session, release),
            entries=[(entry, acts.said(entry.act), acts.detail(entry)) for entry in reversed(entries)],
            names=_names(session, {entry.account_id for entry in entries if entry.account_id}),
        )


def _names(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    return {id_: session.get_one(Account, id_).name for id_ in ids}


def _page(session: Session, release: Release, faults: dict[str, str]) -> str:
    account, before = rights.account(session), approvals.last_approved(session, release)
    now, word = releases.frozen_of(session, release), approvals.standing(session, release)
    draft = release.state is ReleaseState.DRAFT
    waits = draft and word is not None and word.decision is Decision.REQUESTED
    took_part = account.id in approvals.who_worked(session, release)
    may_approve = accounts.may_on(account, release, Role.APPROVE)
    sender = senders.get(session, release.sender_id)
    digest = releases.digest_of(now)
    return render_template(
        "approvals/show.html",
        release=release,
        edition=release.editions[0],
        faults=faults,
        typed={name: request.form.get(name, "") for name in ("note", "comments", "reason")},
        word=word,
        waits=waits,
        changed=waits and word is not None and word.digest != digest,
        digest=digest.hex(),
        took_part=took_part,
        decides=draft and may_approve and not took_part,
        asks=draft and accounts.may_on(account, release, Role.WRITE),
        second=waits and not may_approve and approvals.may_in_emergency(session, release, account),
        **rights.ways(session, release),
        steers=accounts.may_on(account, release, Role.SEND),
        before=before,
        now=now,
        differences=releases.differences(before, now) if before else (),
        checks=found_in(session, release) if draft else [],
        reach=releases.reach(session, release),
        left_out=LEFT_OUT,
        history=approvals.history(session, release),
        topic_names={str(topic.id): topic.name for topic in topics.all(session, sender)},
        fields=words.FIELDS,
        decisions=acts.DECISIONS,
    )


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]


def _digest(name: str) -> bytes:
    """What the page was made of. Raises Refused for a form that none of our pages sends."""
    try:
        return bytes.fromhex(request.form.get(name, ""))
    except ValueError:
        raise Refused("This form could not be read. Go back, reload the page and try again.") from None

"""What comes back, in rates against what providers ask for, and bursts of refusals that a person has to judge."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service import accounts, received, reports, standings, suppressions
from service.bounces import complaints
from service.errors import Refused
from service.models import BurstState, Forgery, Role
from service.standings.bursts import Told
from service.web import feedback_words, rights, words
from service.web.database import transaction

bp = Blueprint("feedback", __name__)

DAYS = 14
LIMITS = {"bounce_share": 0.05, "unsubscribe_share": 0.01, "complaint_share": 0.001}
"""Above these a list is in trouble (ux.md 7.3)."""
DECISIONS = {"release": BurstState.RELEASED, "dismiss": BurstState.DISMISSED}


class BadDay(Refused):
    """A day, or a decision, that none of our pages makes."""

    def __init__(self) -> None:
        super().__init__("This could not be read. Go back, reload the page and choose again.")


@bp.get("/feedback")
def index() -> str:
    """The last days by From domain; one of them by provider, if asked for."""
    today = datetime.now(UTC).date()
    chosen, domain = _day(), request.args.get("domain", "")[:255]
    with transaction() as session:
        theirs = rights.senders_to_look_at(session)
        return render_template(
            "feedback/index.html",
            rates=reports.rates(session, today - timedelta(days=DAYS - 1), today, senders=theirs),
            providers=reports.by_provider(session, chosen, domain, senders=theirs) if chosen else [],
            chosen=chosen,
            domain=domain,
            days=DAYS,
            limits=LIMITS,
            alarm_at=complaints.ALARM_AT,
            pause_at=complaints.PAUSE_AT,
            bursts=_bursts(session),
            forged=_forged(session),
            words=feedback_words.BURSTS,
        )


@bp.get("/feedback/bursts/<uuid:id_>")
def burst(id_: UUID) -> str:
    """One burst, and what each decision does."""
    with transaction() as session:
        accounts.require_anywhere(rights.account(session), Role.ADMINISTER)
        standings.burst(session, id_)
        [told] = [one for one in standings.bursts(session, limit=1000) if one.burst.id == id_]
        return render_template("feedback/burst.html", told=told)


@bp.post("/feedback/bursts/<uuid:id_>")
def decide(id_: UUID) -> Response:
    """Let its verdicts count, or mail its addresses again."""
    decision = DECISIONS.get(request.form.get("decision", ""))
    if decision is None:
        raise BadDay
    with transaction() as session:
        number = standings.decide(session, id_, decision, by=rights.account(session))
    dismissed = decision is BurstState.DISMISSED
    said = {"number": words.number(number)}
    flash(
        gettext("%(number)s addresses are mailed again.", **said)
        if dismissed
        else gettext("The verdicts on %(number)s addresses count.", **said)
    )
    return redirect(url_for("feedback.index"))


def _day() -> date | None:
    asked = request.args.get("day", "")
    try:
        return date.fromisoformat(asked) if asked else None
    except ValueError:
        raise BadDay from None


def _forged(session: Session) -> list[Forgery]:
    """Of the whole installation, so for administrators only."""
    return received.forged(session, days=DAYS) if suppressions.may_change(rights.account(session), None) else []


def _bursts(session: Session) -> list[Told]:
    """Those of all newsrooms together, so for administrators only."""
    return standings.bursts(session) if suppressions.may_change(rights.account(session), None) else []

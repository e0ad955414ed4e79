"""The first page: what needs her, what leaves next, what leaves now, and what the last days came to."""

from time import perf_counter
from typing import Any

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from service.releases.desk import desk
from service.releases.progress import LATELY, accepted_lately
from service.releases.week import beginning, week
from service.web import polling, rights
from service.web.database import transaction

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """The whole page."""
    with transaction() as session:
        senders = rights.senders(session)
        return render_template(
            "home/show.html",
            week=week(session, senders=senders),
            beginning=beginning(session, senders=senders),
            has_rights=bool(senders),
            **_desk(session),
        )


@bp.get("/live")
def live() -> str:
    """The part of it that moves."""
    with transaction() as session:
        return render_template("home/_desk.html", **_desk(session))


def _desk(session: Session) -> dict[str, Any]:
    began = perf_counter()
    found = desk(session, rights.account(session))
    rates = {
        id_: number / LATELY for id_, number in accepted_lately(session, [one.id for one in found.sending]).items()
    }
    taken = perf_counter() - began
    return {"desk": found, "rates": rates, **polling.again(taken, moving=bool(found.sending or found.next))}

"""When a release leaves: a time in a chosen zone, looked over in one sentence, then a button that says the number."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from service import moments, releases, senders
from service.errors import Refused
from service.models import Release, ReleaseState
from service.releases import BadPace, Pace, TooLate
from service.web import rights, words
from service.web.audience_words import LEFT_OUT
from service.web.database import transaction

bp = Blueprint("schedules", __name__)

Page = Response | tuple[str, int] | str

HELD = timedelta(seconds=60)
"""A send "now" waits so long, so that it can be taken back; unless it is to leave at once."""
NOW, LATER = "now", "at"
MINE = "zone"
A_YEAR = 365 * 24 * 3600
DIGITS = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Plan:
    """What was chosen: the instant, and whether an embargo moved it; how it goes."""

    at: datetime
    by_embargo: bool
    now: bool
    at_once: bool
    pace: Pace


class Unclear(Refused):
    """Something that was chosen cannot be; `field` says which."""

    def __init__(self, field: str, sentence: str, *, twice: bool = False) -> None:
        super().__init__(sentence)
        self.field = field
        self.twice = twice


@bp.get("/releases/<uuid:id_>/schedule")
def show(id_: UUID) -> Page:
    """Choose a time; once one is chosen, all of it in one sentence to be confirmed."""
    with transaction() as session:
        release = rights.release_to_send(session, id_)
        if "when" not in request.args:
            return _kept(_page(session, release, request.args))
        try:
            plan = _plan(release, request.args)
        except Unclear as fault:
            return _page(session, release, request.args, {fault.field: str(fault)}, twice=fault.twice), 422
        return _kept(_page(session, release, request.args, plan=plan))


@bp.post("/releases/<uuid:id_>/schedule")
def schedule(id_: UUID) -> Page:
    """Let it leave then."""
    with transaction() as session:
        release, by = rights.release_to_send(session, id_), rights.account(session)
        verb = releases.reschedule if release.state is ReleaseState.SCHEDULED else releases.schedule
        try:
            plan = _plan(release, request.form)
            when = verb(session, release, plan.at, by=by, pace=plan.pace)
        except Unclear as fault:
            return _page(session, release, request.form, {fault.field: str(fault)}, twice=fault.twice), 422
        except (TooLate, BadPace) as fault:
            field = "at" if isinstance(fault, TooLate) else "spread"
            return _page(session, release, request.form, {field: words.refusal(fault)}), 422
        at = words.moment(when, release.zone)
    if plan.now and not plan.at_once and not plan.by_embargo:
        flash(gettext("It leaves in one minute. Until then it can be taken back: “Undo the schedule” below."))
    elif plan.at_once:
        flash(gettext("It leaves now."))
    else:
        flash(gettext("It leaves on %(time)s. Until then the schedule can be undone below.", time=at))
    return redirect(url_for("releases.show", id_=id_))


@bp.post("/releases/<uuid:id_>/unschedule")
def undo(id_: UUID) -> Response:
    """Take the time back, as long as nothing leaves."""
    with transaction() as session:
        releases.unschedule(session, rights.release_to_send(session, id_), by=rights.account(session))
    flash(gettext("Taken back. Nothing leaves before it is scheduled anew; the approval stands."))
    return redirect(url_for("releases.show", id_=id_))


def _plan(release: Release, chosen: "MultiDict[str, str]") -> Plan:
    """What was chosen, as an instant that is never before the embargo. Raises Unclear."""
    now = chosen.get("when") == NOW
    at_once = now and chosen.get("at_once") == "yes"
    asked = datetime.now(UTC) + (timedelta(0) if at_once else HELD) if now else _instant(chosen)
    if not now and asked < datetime.now(UTC) - HELD:
        raise Unclear("at", gettext("This time is past. Choose one from now on."))
    spread = chosen.get("spread", "") or "0"
    if not DIGITS.fullmatch(spread):
        raise Unclear("spread", gettext("Enter the minutes as a number; 0 lets all of it leave at once."))
    at = max(asked, release.embargo or asked)
    pace = Pace(int(spread), release.deadline_hours, release.max_late_minutes, _clock(chosen.get("local", "")))
    return Plan(at, by_embargo=at != asked, now=now, at_once=at_once, pace=pace)


def _clock(said: str) -> time | None:
    """A time of day by each reader's own clock. Raises Unclear."""
    try:
        return time.fromisoformat(said).replace(second=0, microsecond=0, tzinfo=None) if said else None
    except ValueError:
        raise Unclear("local", gettext("Enter a time of day, as 08:30.")) from None


def _instant(chosen: "MultiDict[str, str]") -> datetime:
    which = chosen.get("which", "")
    try:
        return moments.instant(
            chosen.get("at", ""), chosen.get("zone", ""), which=int(which) if which in ("0", "1") else None
        )
    except moments.NotAZone as fault:
        raise Unclear("zone", words.refusal(fault)) from None
    except (moments.NotATime, moments.NeverComes) as fault:
        raise Unclear("at", words.refusal(fault)) from None
    except moments.ComesTwice as fault:
        raise Unclear("which", words.refusal(fault), twice=True) from None


def _page(
    session: Session,
    release: Release,
    chosen: "MultiDict[str, str]",
    faults: dict[str, str] | None = None,
    *,
    plan: Plan | None = None,
    twice: bool = False,
) -> str:
    mine, pace = _mine(chosen), releases.pace_of(session, release)
    there = ZoneInfo(release.zone)
    start = release.send_at or max(datetime.now(UTC) + timedelta(hours=1), release.embargo or datetime.now(UTC))
    before: dict[str, Any] = {
        "when": chosen.get("when", LATER),
        "at": chosen.get("at", f"{start.astimezone(there):%Y-%m-%dT%H:%M}"),
        "zone": chosen.get("zone", release.zone),
        "spread": chosen.get("spread", str(pace.spread_minutes)),
        "local": chosen.get("local", f"{pace.local_time:%H:%M}" if pace.local_time else ""),
        "at_once": chosen.get("at_once", ""),
        "which": chosen.get("which", ""),
        "mine": mine,
    }
    reach = releases.reach(session, release)
    return render_template(
        "schedules/show.html",
        release=release,
        edition=release.editions[0],
        sender=senders.get(session, release.sender_id),
        **rights.ways(session, release),
        value=before,
        faults=faults or {},
        twice=twice or before["which"] != "",
        plan=plan,
        shown_in=list(dict.fromkeys((before["zone"] if plan and not plan.now else release.zone, mine, "UTC"))),
        reach=reach,
        left_out=LEFT_OUT,
        zones=sorted(available_timezones()),
        open=release.state in (ReleaseState.APPROVED, ReleaseState.SCHEDULED),
        seconds=HELD // timedelta(seconds=1),
    )


def _mine(chosen: "MultiDict[str, str]") -> str:
    """Her own zone: what she said now or before; UTC when she has not."""
    wanted = chosen.get("mine", "") or request.cookies.get(MINE, "")
    return wanted if wanted in available_timezones() else "UTC"


def _kept(page: str) -> Response:
    """Her zone is remembered by a cookie that knows nothing else of her."""
    response = make_response(page)
    if request.args.get("mine") in available_timezones():
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(MINE, request.args["mine"], max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response

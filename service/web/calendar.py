"""The calendar of releases and embargoes: a month to look at, and all of it for another calendar."""

import calendar as weeks
import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from service import accounts, links
from service.models import ReleaseState, Sender
from service.releases.agenda import Entry, What, agenda
from service.web import answers, lists, rights, words
from service.web.database import transaction

bp = Blueprint("calendar", __name__)

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
BEHIND, AHEAD = timedelta(days=31), timedelta(days=366)
"""What a file for another calendar holds."""


@bp.get("/calendar")
def show() -> str:
    """One month, by the days of the releases' own zones."""
    first = _month()
    shown = list(weeks.Calendar().itermonthdates(first.year, first.month))
    with transaction() as session:
        mine, chosen = _newsrooms(session)
        entries = agenda(session, senders=_ids(mine, chosen), first=shown[0], last=shown[-1])
    days: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        days[entry.day].append(entry)
    return render_template(
        "calendar/show.html",
        first=first,
        weeks=[shown[at : at + 7] for at in range(0, len(shown), 7)],
        days=days,
        listed=[entry for entry in entries if entry.day.month == first.month],
        today=datetime.now(UTC).date(),
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        after=(first + timedelta(days=31)).strftime("%Y-%m"),
        title=words.month(first),
        weekdays=words.weekdays(),
        newsrooms=[(one.slug, one.name) for one in mine],
        chosen=chosen,
    )


@bp.get("/calendar.ics")
def as_ics() -> Response:
    """The last month and the next year, for another calendar (RFC 5545)."""
    today = datetime.now(UTC).date()
    with transaction() as session:
        mine, chosen = _newsrooms(session)
        entries = agenda(session, senders=_ids(mine, chosen), first=today - BEHIND, last=today + AHEAD)
    content = Calendar()
    content.add("prodid", "-//Dateline//Calendar//EN")
    content.add("version", "2.0")
    for entry in entries:
        content.add_component(_event(entry))
    response = Response(bytes(content.to_ical()), content_type="text/calendar; charset=utf-8")
    return answers.saved_as(response, "releases.ics")


def _event(entry: Entry) -> Event:
    event = Event()
    said = gettext("Embargo ends") if entry.what is What.EMBARGO_ENDS else gettext("Leaves")
    event.add("uid", f"{entry.release}-{entry.what.value}@dateline")
    event.add("dtstamp", datetime.now(UTC))
    event.add("dtstart", entry.at.astimezone(UTC))
    event.add("duration", timedelta(0))
    event.add("summary", f"{said}: {entry.headline}")
    event.add("description", f"{entry.newsroom}\n{links.release(entry.release)}")
    event.add("status", "CONFIRMED" if entry.state is not ReleaseState.DRAFT else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event


def _month() -> date:
    """The month asked for, or this one. Raises lists.UnknownFilter."""
    wanted = request.args.get("month", "")
    if not wanted:
        return datetime.now(UTC).date().replace(day=1)
    found = MONTH.fullmatch(wanted)
    if found is None:
        raise lists.UnknownFilter("month")
    return date(int(found[1]), int(found[2]), 1)


def _newsrooms(session: Session) -> tuple[list[Sender], str]:
    """Hers, and the slug of the one asked for. Raises lists.UnknownFilter for one that is not hers."""
    mine, chosen = accounts.senders_of(session, rights.account(session)), request.args.get("newsroom", "")
    if chosen and chosen not in {one.slug for one in mine}:
        raise lists.UnknownFilter("newsroom")
    return mine, chosen


def _ids(mine: list[Sender], chosen: str) -> list[UUID]:
    return [one.id for one in mine if not chosen or one.slug == chosen]

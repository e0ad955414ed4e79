"""The delivery report: as a page, as JSON, as a table for a spreadsheet. All three say the same numbers."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template

from service import accounts, reports
from service.models import ReleaseState, Role
from service.releases.overview import Wanted, count, overview
from service.reports import DeliveryReport
from service.web import lists, rights
from service.web.database import transaction

bp = Blueprint("reports", __name__)

MOST_DAYS = 3660
OPENED = frozenset({ReleaseState.SENDING, ReleaseState.PAUSED, ReleaseState.SENT, ReleaseState.CANCELLED})
REPORTED = (Role.REPORTS, Role.ADMINISTER)


@bp.get("/reports")
def index() -> str:
    """What has left, newest first, with its key numbers and the way to each report."""
    wanted = Wanted(states=OPENED, words=lists.words(), days=lists.number("days", 1, MOST_DAYS))
    number = lists.page_number()
    with transaction() as session:
        mine = rights.looked_after(rights.account(session), REPORTED)
        if not mine:
            raise accounts.NotAllowed(Role.REPORTS)
        pages = lists.Pages(number, count(session, senders=mine, wanted=wanted))
        found = overview(session, senders=mine, wanted=wanted, skip=pages.skipped, limit=pages.size)
    narrowed = wanted != Wanted(states=OPENED)
    return render_template("reports/index.html", releases=found, pages=pages, wanted=wanted, narrowed=narrowed)


@bp.get("/releases/<uuid:id_>/report")
def show(id_: UUID) -> str:
    """The report to read."""
    with transaction() as session:
        release = rights.release(session, id_)
        return render_template("reports/show.html", release=release, report=reports.delivery(session, id_))


@bp.get("/releases/<uuid:id_>/report.json")
def as_json(id_: UUID) -> Response:
    """The report for a program."""
    return jsonify(reports.as_json(_report(id_)))


@bp.get("/releases/<uuid:id_>/report.csv")
def as_csv(id_: UUID) -> Response:
    """The report for a spreadsheet: UTF-8, with the mark by which spreadsheets know it."""
    name = f"attachment; filename=report-{str(id_)[:8]}.csv"
    table = "\ufeff" + reports.as_csv(_report(id_))
    return Response(table, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _report(id_: UUID) -> DeliveryReport:
    with transaction() as session:
        return reports.delivery(session, rights.release(session, id_).id)

"""The delivery report: as a page, as JSON, as a table for a spreadsheet. All three say the same numbers."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template

from service import reports
from service.reports import DeliveryReport
from service.web import rights
from service.web.database import transaction

bp = Blueprint("reports", __name__)


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

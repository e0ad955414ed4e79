"""Who did what, for who administers a newsroom: a list to filter, and the same for a spreadsheet."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from service import accounts, audit
from service.audit import Line, Which
from service.models import Role
from service.reports.cells import lines
from service.web import audit_words, lists, rights, words
from service.web.database import transaction

bp = Blueprint("audit", __name__)

EMPTY: tuple[object, ...] = (None, "", [], {})
FRACTION = re.compile(r"(?<=:\d\d)\.\d+")
"""Of a second, in a moment as JSON has it."""
COLUMNS = ("at (UTC)", "who", "act", "whom", "release", "detail")
MOST = 50_000
"""Lines of a CSV."""
MOST_PEOPLE = 500
"""Names in a menu."""
SHOWN_APART = frozenset({"to"})


@bp.get("/people/audit")
def index() -> str:
    """What was done for the newsrooms she administers, newest first."""
    with transaction() as session:
        senders, which = _senders(session), _which()
        pages = lists.Pages(lists.page_number(), audit.count(session, senders, which))
        return render_template(
            "people/audit.html",
            lines=audit.lines(session, senders, which, skip=pages.skipped, limit=pages.size),
            pages=pages,
            which=which,
            acts=[(act, words.sentence(audit_words.act(act))) for act in audit.acts(session, senders)],
            people=_people(session, senders),
            detail=detail,
            carried=lists.carried(),
            called=audit_words.act,
            most=MOST,
            zone=rights.account(session).zone or "UTC",
        )


@bp.get("/people/audit.csv")
def as_csv() -> Response:
    """The same as lines."""
    with transaction() as session:
        found = audit.lines(session, _senders(session), _which(), limit=MOST)
        table = "\ufeff" + "".join(lines([COLUMNS, *_cells(found)]))
    name = {"Content-Disposition": "attachment; filename=audit.csv"}
    return Response(table, content_type="text/csv; charset=utf-8", headers=name)


def detail(line: Line) -> str:
    """What is known besides: `sender: rivers, roles: write, send`."""
    return _told({name: value for name, value in line.entry.detail.items() if name not in SHOWN_APART})


def _told(values: Mapping[str, object]) -> str:
    return "; ".join(f"{name}: {_plain(value)}" for name, value in values.items() if value not in EMPTY)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return f"({_told(value)})"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return FRACTION.sub("", str(value))


def _cells(found: list[Line]) -> Iterator[tuple[object, ...]]:
    for line in found:
        yield line.entry.at.isoformat(), line.who, line.entry.act, line.whom, line.headline, detail(line)


def _senders(session: Session) -> set[UUID]:
    """Raises accounts.NotAllowed for who administers nothing."""
    found = {sender.id for sender in accounts.administered(session, rights.account(session))}
    if not found:
        raise accounts.NotAllowed(Role.ADMINISTER)
    return found


def _people(session: Session, senders: set[UUID]) -> list[tuple[str, str]]:
    found = accounts.entries(session, senders, accounts.Which(), limit=MOST_PEOPLE)
    return [(str(entry.account.id), entry.account.name) for entry in found]


def _which() -> Which:
    return Which(lists.words("act"), lists.id_of("who"), lists.id_of("about"), _day("since"), _day("until"))


def _day(name: str) -> date | None:
    value = request.args.get(name, "")
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise lists.UnknownFilter(name) from None

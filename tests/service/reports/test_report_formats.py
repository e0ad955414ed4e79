"""The report for programs and spreadsheets: nothing from outside is computed by a cell."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from sqlalchemy.orm import Session

from service import reports
from service.cli import reports as command
from service.models import DeliveryState, Outlet
from service.reports.cells import FORMULA, lines, safe
from tests.factories import make_journalist, make_newsroom
from tests.ledgers import Ledger, make_ledger, ungoverned

S = DeliveryState
FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


def ledger(session: Session, name: str, *states: DeliveryState) -> Ledger:
    """A release to people of one name, at an outlet of that name."""
    room = make_newsroom(session)
    outlet = Outlet(sender_id=room.sender.id, name=name)
    session.add(outlet)
    session.flush()
    return make_ledger(
        session,
        room,
        [
            (make_journalist(session, room, name, outlet=outlet, address=f"cleo-{number}@daily.example"), state)
            for number, state in enumerate(states)
        ],
    )


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_in_a_name_is_shown_and_not_computed(session: Session, formula: str) -> None:
    made = ledger(session, formula.strip("\t\r"), S.ACCEPTED)
    tables = (
        reports.as_csv(reports.delivery(session, made.release.id)),
        "".join(reports.people_csv(session, made.release.id)),
    )
    for table in tables:
        cells = [cell for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
        assert f"'{formula.strip(chr(9) + chr(13))}" in cells
        assert not any(cell.startswith(FORMULA) for cell in cells)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_a_line_is_read_back_as_it_was_but_for_the_quote(cells: list[str]) -> None:
    (line,) = lines([cells])
    (read,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    assert read == [safe(cell) for cell in cells]
    assert not any(cell.startswith(FORMULA) for cell in read)


def test_json_holds_the_figures_of_the_report(session: Session) -> None:
    made = ledger(session, "Cleo", S.ACCEPTED, S.FAILED, S.EXCLUDED)
    report = reports.delivery(session, made.release.id)
    found = json.loads(json.dumps(reports.as_json(report)))
    assert (found["rows"], found["balanced"], found["release_id"]) == (3, True, str(made.release.id))
    assert {count["state"]: count["number"] for count in found["totals"]} == {
        count.state: count.number for count in report.totals
    }
    assert found["failures"][0]["state"] == "failed"


def test_the_table_of_people_has_a_line_for_each(session: Session) -> None:
    made = ledger(session, "Cleo", *S)
    header, *people = csv.reader(io.StringIO("".join(reports.people_csv(session, made.release.id)), newline=""))
    assert header == ["address", "name", "outlet", "state", "reason", "attempts", "last reply"]
    assert len(people) == len(S)
    by_state = {row[3]: row for row in people}
    assert by_state["failed"][4:] == ["There is no such mailbox", "2", "User unknown"]
    assert by_state["excluded"][4] == "address suppressed"


def shown(session: Session, made: Ledger) -> str:
    """The report as it stands in a terminal."""
    console = Console(file=io.StringIO(), width=160)
    command.show(console, reports.delivery(session, made.release.id))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_shows_the_balance_and_no_markup_from_outside(session: Session) -> None:
    made = ledger(session, "[bold]Cleo[/bold] \u202e", S.ACCEPTED, S.FAILED)
    page = shown(session, made)
    assert "[bold]Cleo[/bold]" in page
    assert "The books balance: 2 candidates = 2 rows = 1 accepted + 1 failed" in page
    assert "\u202e" not in page


def test_a_terminal_says_why_the_books_do_not_balance(session: Session) -> None:
    made = ledger(session, "Cleo", S.ACCEPTED, S.ACCEPTED)
    ungoverned(session, f"DELETE FROM delivery WHERE id = '{made.deliveries[0].id}'")
    assert "The books do not balance: 2 people were counted at planning and 1 have a row" in shown(session, made)

"""`dateline report`: what became of a release, for people, programs and spreadsheets."""

import json
import sys
from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import releases, reports
from service.cli import reach
from service.feedback.event import plain
from service.reports import Count, DeliveryReport, Failure, Row
from service.reports.words import AGREED, COLUMNS
from service.tracking import Engagement

MOST_ROWS = 15
BAR_WIDTH = 30
DOES_NOT_BALANCE = 1


@click.command()
@click.argument("release")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--csv", "form", flag_value="csv", help="The report as one table.")
@click.option("--people", "form", flag_value="people", help="One CSV line for each person, with addresses.")
@reach.database
def report(session: Session, release: str, form: str | None) -> None:
    """Show what became of a release. RELEASE is an id, the beginning of one, or "last".

    Ends with 1 when the books do not balance.
    """
    found = releases.find(session, release)
    if form == "people":
        sys.stdout.writelines(reports.people_csv(session, found.id))
        return
    made = reports.delivery(session, found.id)
    if form == "json":
        click.echo(json.dumps(reports.as_json(made), ensure_ascii=False, indent=2))
    elif form == "csv":
        click.echo(reports.as_csv(made), nl=False)
    else:
        show(Console(), made)
    if not made.balanced:
        sys.exit(DOES_NOT_BALANCE)


def show(console: Console, report: DeliveryReport) -> None:
    """Print the report as tables, the balance last."""
    console.print(_shown(report.headline), style="bold")
    console.print(_shown(_facts(report)))
    console.print(_states(report))
    for name, rows in report.breakdowns.items():
        if len(rows) > 1 or name in ("topic", "outlet"):
            console.print(_breakdown(f"by {name}", rows))
    if report.engagement:
        console.print(_engagement(report.engagement))
    if report.failures:
        console.print(_failures(report.failures))
    style = "bold green" if report.balanced else "bold red"
    console.print(_shown(_balance(report)), style=style)


def _facts(report: DeliveryReport) -> str:
    facts = [f"release {report.release_id}", report.state.value]
    if report.send_at:
        facts.append(f"sent from {report.send_at:%Y-%m-%d %H:%M:%S} UTC")
    if report.embargo:
        facts.append(f"embargo {report.embargo:%Y-%m-%d %H:%M} UTC")
    if report.messages_per_second:
        facts.append(f"{report.attempts:,} attempts, {report.messages_per_second:,.0f} messages a second")
    facts += [f"{event.label} {event.number:,}" for event in report.events]
    return " · ".join(facts)


def _states(report: DeliveryReport) -> Table:
    table = Table("what became of them", "people", "share", "", title=f"{report.rows:,} people")
    for count in report.totals:
        if count.number:
            _add_count(table, count, count.label)
            if count.state == "excluded":
                _add_reasons(table, report.excluded)
    return table


def _add_reasons(table: Table, reasons: Iterable[Count]) -> None:
    for reason in reasons:
        _add_count(table, reason, f"  {reason.label}")


def _add_count(table: Table, count: Count, label: str) -> None:
    bar = "█" * max(1, round(count.share * BAR_WIDTH))
    table.add_row(label, f"{count.number:,}", f"{count.share:.1%}", bar)


def _breakdown(title: str, rows: tuple[Row, ...]) -> Table:
    more = f" (the largest {MOST_ROWS} of {len(rows):,})" if len(rows) > MOST_ROWS else ""
    table = Table("", "people", *COLUMNS, title=title + more)
    for row in rows[:MOST_ROWS]:
        table.add_row(_shown(row.name), f"{row.total:,}", *(f"{getattr(row, column):,}" for column in COLUMNS))
    return table


def _engagement(found: Engagement) -> Table:
    table = Table("", "people", title=f"of {found.agreed:,} who agreed to be counted")
    for name, words in AGREED.items():
        table.add_row(words, f"{getattr(found, name):,}")
    for link in found.links[:MOST_ROWS]:
        table.add_row(_shown(link.url), f"{link.people:,}")
    return table


def _failures(failures: tuple[Failure, ...]) -> Table:
    table = Table("", "reason", "people", "the mail server's words, for example", title="failed and bounced")
    for failure in failures[:MOST_ROWS]:
        table.add_row(
            failure.state.value, _shown(failure.reason or "-"), f"{failure.number:,}", _shown(failure.example)
        )
    return table


def _balance(report: DeliveryReport) -> str:
    if not report.balanced:
        return f"The books do not balance: {report.imbalance}."
    parts = " + ".join(f"{count.number:,} {count.state}" for count in report.totals if count.number)
    return f"The books balance: {report.candidates:,} candidates = {report.rows:,} rows = {parts or 'nobody yet'}"


def _shown(text: str) -> Text:
    """Words from outside: no markup of rich, nothing that steers a terminal."""
    return Text(plain(text, 400))

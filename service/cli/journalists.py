"""`dateline journalists`: import them from a file, list them; show, export or erase one."""

import json
from contextlib import suppress
from dataclasses import asdict
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts, imports, outlets, preferences, senders, topics
from service import journalists as people
from service.cli import reach
from service.errors import NotFound
from service.imports.encoding import LARGEST
from service.models import Journalist, Sender

PAGE = 1000
PARTICULARS = ("name", "address", "outlet", "country", "language", "sender")


@click.group()
def journalists() -> None:
    """The people of the press a sender knows."""


@journalists.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--sender", "slug", required=True, metavar="SLUG", help="The newsroom these people are known to.")
@click.option("--legal-basis", required=True, metavar="TEXT", help="Why they may be mailed; kept with each of them.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@click.option("--json", "as_json", is_flag=True, help="The numbers and the first faults as one JSON object.")
@reach.database
def import_(session: Session, file: BinaryIO, slug: str, legal_basis: str, *, dry_run: bool, as_json: bool) -> None:
    """Import journalists from the CSV, XLSX or ODS FILE (- for standard input)."""
    table = imports.read(file.read(LARGEST + 1))
    sender = senders.by_slug(session, slug)
    if dry_run:
        report = imports.check(session, sender, table)
    else:
        report = imports.apply(session, sender, table, legal_basis=legal_basis)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    _tell(report, "Would be imported" if dry_run else "Imported")


def _tell(report: imports.Report, title: str) -> None:
    grid = Grid(title=title, show_header=False)
    for words, number in (
        ("rows", report.rows),
        ("new", report.new),
        ("known already, left as they are", report.known),
        ("… of whom unsubscribed, and stay so", report.unsubscribed),
        ("suppressed, left out", report.suppressed),
        ("same address again in the file", report.repeated),
        ("invalid, left out", report.invalid),
        ("subscriptions begun", report.subscriptions),
    ):
        grid.add_row(words, f"{number:,}")
    console = Console()
    console.print(grid)
    for fault in report.faults:
        console.print(Text(f"row {fault.row}, {fault.column}: {fault.reason}"), soft_wrap=True)


@journalists.command("list")
@click.option("--sender", "slug", metavar="SLUG", help="Only this newsroom's.")
@click.option("--topic", "topic_slug", metavar="SLUG", help="Only subscribers of this topic; needs --sender.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@reach.database
def list_(session: Session, slug: str | None, topic_slug: str | None, *, as_json: bool) -> None:
    """List the journalists, by sender and name."""
    if topic_slug and not slug:
        raise click.UsageError("--topic needs --sender: every newsroom has topics of its own.")
    known = [senders.by_slug(session, slug)] if slug else senders.all(session)
    rows = [row for sender in known for row in _rows(session, sender, topic_slug)]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    grid = Grid(*PARTICULARS)
    for row in rows:
        # Text, as a name in square brackets would be markup to rich.
        grid.add_row(*(Text(row[column]) for column in PARTICULARS))
    Console().print(grid)


def _rows(session: Session, sender: Sender, topic_slug: str | None) -> list[dict[str, str]]:
    topic = topics.by_slugs(session, sender, [topic_slug])[0] if topic_slug else None
    names = outlets.names(session, sender)
    found: list[Journalist] = []
    while page := people.all(session, sender, topic=topic, after=found[-1].id if found else None, limit=PAGE):
        found += page
    return [
        {
            "name": each.name,
            "address": each.address,
            "outlet": names[each.outlet_id] if each.outlet_id else "",
            "country": each.country,
            "language": each.language,
            "sender": sender.slug,
        }
        for each in found
    ]


@journalists.command()
@click.argument("address")
@click.option("--sender", "slug", metavar="SLUG", help="Only at this newsroom.")
@click.option("--json", "as_json", is_flag=True, help="As one JSON document for each newsroom, a line each.")
@reach.database
def show(session: Session, address: str, slug: str | None, *, as_json: bool) -> None:
    """Show what a person gets: topics and since when, how often, a pause, a suppression."""
    for sender, person in _known(session, address, slug):
        data = preferences.export(session, person)
        if as_json:
            click.echo(json.dumps({"sender": sender.slug, **data}, ensure_ascii=False))
            continue
        grid = Grid(title=Text(sender.name), show_header=False)
        for name, value in _particulars(data):
            grid.add_row(Text(name), Text(value))
        Console().print(grid)


@journalists.command()
@click.argument("address")
@click.option("--sender", "slug", metavar="SLUG", help="Only at this newsroom.")
@reach.database
def export(session: Session, address: str, slug: str | None) -> None:
    """Print all that is kept about a person, as one JSON document: what their own page gives them (GDPR 15, 20)."""
    found = [preferences.export(session, person) for _, person in _known(session, address, slug)]
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@journalists.command()
@click.argument("address")
@click.option("--sender", "slug", metavar="SLUG", help="Only at this newsroom.")
@click.option("--as", "by", metavar="EMAIL", required=True, help="Who erases; it is written down.")
@click.confirmation_option(prompt="Their particulars cannot be brought back. Erase them?")
@reach.database
def erase(session: Session, address: str, slug: str | None, by: str) -> None:
    """Forget a person; the fingerprint alone stays that keeps the address from being written to (GDPR 17, 21)."""
    account = accounts.by_email(session, by)
    for sender, person in _known(session, address, slug):
        people.erase(session, person, by=account)
        click.echo(f"{sender.slug}: erased; imports will not bring this address back")


def _known(session: Session, address: str, slug: str | None) -> list[tuple[Sender, Journalist]]:
    """The person at each newsroom that knows the address. Raises NotFound."""
    found = []
    for sender in [senders.by_slug(session, slug)] if slug else senders.all(session):
        with suppress(NotFound):
            found.append((sender, people.by_address(session, sender, address)))
    if not found:
        raise NotFound("No newsroom knows this address.")
    return found


def _particulars(data: dict[str, Any]) -> list[tuple[str, str]]:
    person = data["person"]
    rows = [(name, str(person[name] or "")) for name in ("name", "address", "outlet", "language", "zone", "frequency")]
    rows += [(f"topic {each['topic']}", f"{each['state']}, since {each['since']}") for each in data["subscriptions"]]
    rows += [("suppressed", f"{each['reason']}, since {each['since']}") for each in data["suppressions"]]
    rows += [(name.replace("_", " "), person[name]) for name in ("paused_until", "next_digest") if person[name]]
    return [*rows, ("releases", f"{len(data['mails']):,}")]

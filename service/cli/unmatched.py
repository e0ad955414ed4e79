"""`dateline unmatched`: what came in and is about no delivery that could be found."""

import json
import sys
from uuid import UUID

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts, deliveries, received, releases
from service.cli import reach
from service.cli.options import acting, as_json
from service.errors import Refused
from service.feedback.event import plain
from service.received import Unmatched

ALL = "all"


@click.group()
def unmatched() -> None:
    """Messages and webhooks that name no delivery, kept for a person."""


@unmatched.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="So many, newest first.")
@as_json
@reach.database
def list_(session: Session, limit: int, *, as_json: bool) -> None:
    """All that wait, newest first, each with why it is here."""
    found, total = received.unmatched(session, limit=limit), received.count(session)
    if as_json:
        document = {"total": total, "unmatched": [_document(one) for one in found]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif found:
        Console().print(_table(found, total))
    else:
        click.echo("Nothing is unmatched.")


@unmatched.command()
@click.argument("which", metavar="ID")
@acting
@as_json
@reach.database
def show(session: Session, which: str, by: str, *, as_json: bool) -> None:
    """Write the raw source of one, byte for byte; with --json what is known of it. It is noted who reads."""
    account = accounts.by_email(session, by)
    accounts.require_anywhere(account, received.READER)
    if as_json:
        click.echo(json.dumps(_document(received.peek(session, _id(which))), ensure_ascii=False, indent=2))
        return
    sys.stdout.buffer.write(received.source(session, _id(which), by=account))


@unmatched.command()
@click.argument("which", metavar="ID|all")
@acting
@reach.database
def again(session: Session, which: str, by: str) -> None:
    """Have one, or all, read again by the readers of now."""
    account = accounts.by_email(session, by)
    if which == ALL:
        click.echo(f"{received.again_all(session, by=account):,} are read again")
        return
    received.again(session, _id(which), by=account)
    click.echo("It is read again; `dateline unmatched list` shows it if it still finds no delivery.")


@unmatched.command()
@click.argument("which", metavar="ID")
@click.argument("release")
@click.argument("address")
@acting
@reach.database
def assign(session: Session, which: str, release: str, address: str, by: str) -> None:
    """Have one read as being about the delivery of RELEASE to ADDRESS."""
    delivery = deliveries.of(session, releases.find(session, release).id, address)
    received.assign(session, _id(which), delivery, by=accounts.by_email(session, by))
    click.echo("It is read now as being about that delivery.")


@unmatched.command()
@click.argument("which", metavar="ID")
@acting
@reach.database
def aside(session: Session, which: str, by: str) -> None:
    """Let one be: it is kept, and waits for nobody."""
    received.set_aside(session, _id(which), by=accounts.by_email(session, by))
    click.echo("Set aside.")


def _id(which: str) -> UUID:
    try:
        return UUID(which)
    except ValueError:
        raise Refused(f"{which[:100]!a} is no id; `dateline unmatched list` shows them.") from None


def _document(one: Unmatched) -> dict[str, object]:
    return {
        "id": str(one.id),
        "way": one.way.value,
        "recipient": one.recipient,
        "received_at": one.received_at.isoformat(),
        "why": one.verdict,
        "octets": one.size,
    }


def _table(found: list[Unmatched], total: int) -> Table:
    table = Table(Column("id", no_wrap=True), "came (UTC)", "by", "to", "why", title=f"{total:,} unmatched")
    for one in found:
        words = (f"{one.received_at:%Y-%m-%d %H:%M}", one.way.value, plain(one.recipient, 100), plain(one.verdict, 200))
        table.add_row(str(one.id), *map(Text, words))
    return table

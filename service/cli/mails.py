"""`dateline mails`: account mail, and how far each has come."""

import json

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import account_mails, addresses
from service.cli import reach
from service.feedback.event import plain
from service.models import AccountMail


@click.command()
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@reach.database
def mails(session: Session, limit: int, *, as_json: bool) -> None:
    """List account mail: invitations, sign-in links, alarms. Addresses are masked."""
    found = account_mails.newest(session, limit=limit)
    if as_json:
        click.echo(json.dumps([_document(mail) for mail in found], indent=2))
    elif found:
        Console().print(_table(found))
    else:
        click.echo("No account mail in the last 30 days. `dateline account link EMAIL --mail` writes one.")


def _document(mail: AccountMail) -> dict[str, object]:
    return {
        "id": str(mail.id),
        "kind": mail.kind.value,
        "to": addresses.masked(mail.address),
        "state": mail.state.value,
        "attempts": mail.attempts,
        "written_at": mail.created_at.isoformat(),
        "due_at": mail.due_at.isoformat() if mail.due_at else None,
        "settled_at": mail.settled_at.isoformat() if mail.settled_at else None,
        "code": mail.code,
        "reason": mail.reason,
    }


def _table(found: list[AccountMail]) -> Table:
    table = Table("written (UTC)", "kind", "to", "state", "attempts", "why")
    for mail in found:
        to = addresses.masked(mail.address)
        words = (f"{mail.created_at:%Y-%m-%d %H:%M:%S}", mail.kind.value, plain(to, 100), mail.state.value)
        table.add_row(*map(Text, (*words, str(mail.attempts), plain(mail.reason, 400))))
    return table

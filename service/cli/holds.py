"""`dateline hold`: what stands still, why, and letting it go on."""

import json

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts, holds
from service.cli import reach
from service.feedback.event import plain
from service.models import Hold


@click.group()
def hold() -> None:
    """Providers, domains and relays that mail waits for, until something is mended."""


@hold.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
@reach.database
def list_(session: Session, *, as_json: bool) -> None:
    """All that stands still now, with what the other side said."""
    found = holds.in_force(session)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("Nothing stands still.")
        return
    table = Table("what", "name", "since (UTC)", "until (UTC)", "why", "their words")
    for one in found:
        until = f"{one.until:%Y-%m-%d %H:%M}" if one.until else "lifted by a person"
        why, words = Text(one.reason), Text(plain(one.evidence, 400))
        table.add_row(one.scope.value, Text(one.key), f"{one.since:%Y-%m-%d %H:%M}", until, why, words)
    Console().print(table)


@hold.command()
@click.argument("name")
@click.option("--by", required=True, metavar="EMAIL", help="Whose account acts: an administrator's.")
@reach.database
def lift(session: Session, name: str, by: str) -> None:
    """Let mail go on to the provider, from the domain or through the relay NAME: what was wrong is mended."""
    holds.lift(session, holds.find(session, name), by=accounts.by_email(session, by))
    click.echo(f"{name} goes on")


def _plain(found: Hold) -> dict[str, object]:
    return {
        "scope": found.scope.value,
        "key": found.key,
        "reason": found.reason,
        "evidence": found.evidence,
        "since": found.since.isoformat(),
        "until": found.until.isoformat() if found.until else None,
        "times": found.times,
    }

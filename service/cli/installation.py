"""`dateline installation`: why nothing leaves, what would, and the word that lets it."""

import json
import sys
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts
from service import installation as installations
from service.cli import reach
from service.installation import Leaving, Standing

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")


@click.group()
def installation() -> None:
    """After a restore or a jump of the clock nothing leaves: say why and what would, and let it."""


@installation.command()
@as_json
@reach.database
def status(session: Session, *, as_json: bool) -> None:
    """Say whether everything is held, why, and what would leave; ends with 1 while it is."""
    installations.check()
    found = installations.standing(session)
    _say(found, as_json=as_json)
    sys.exit(1 if found.held_at else 0)


@installation.command()
@click.option("--by", required=True, metavar="EMAIL", help="Whose word it is; needs the right to administer.")
@as_json
@reach.database
def confirm(session: Session, by: str, *, as_json: bool) -> None:
    """Let this database be ours as it is: what is due in it leaves from now on."""
    installations.check()
    installations.confirm(session, by=accounts.by_email(session, by))
    _say(installations.standing(session), as_json=as_json)


def _say(found: Standing, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
        return
    if found.held_at is None:
        click.echo("Nothing is held: what is due leaves.")
    else:
        click.echo(f"HELD since {_moment(found.held_at)}: nothing leaves. {found.reason}")
        click.echo(f"This database last worked at {_moment(found.worked_until)}; what happened later it does not know.")
        click.echo(f"The newest row of its ledger was written at {_moment(found.newest_row)}.")
    if found.leaving:
        Console().print(_table(found))
    else:
        click.echo("No release is scheduled, being sent or paused.")
    if found.held_at is not None:
        click.echo("Stop what has left already: dateline release cancel RELEASE --by EMAIL")
        click.echo("Then let the rest leave:    dateline installation confirm --by EMAIL")


def _table(found: Standing) -> Table:
    title = "what leaves" if found.held_at is None else "what would leave once confirmed"
    table = Table("id", "state", "leaves", "people waiting", "headline", title=title)
    for one in found.leaving:
        people = "not planned yet" if one.people is None else f"{one.people:,}"
        table.add_row(str(one.id), one.state.value, _moment(one.send_at), people, Text(one.headline))
    return table


def _plain(found: Standing) -> dict[str, object]:
    return {
        "held": found.held_at is not None,
        "held_at": _iso(found.held_at),
        "reason": found.reason,
        "worked_until": _iso(found.worked_until),
        "newest_row": _iso(found.newest_row),
        "confirmed_at": _iso(found.confirmed_at),
        "leaving": [_plain_release(one) for one in found.leaving],
    }


def _plain_release(one: Leaving) -> dict[str, object]:
    return {
        "id": str(one.id),
        "state": one.state.value,
        "headline": one.headline,
        "send_at": _iso(one.send_at),
        "people_waiting": one.people,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "never"

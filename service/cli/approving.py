"""`dateline release check, request, return` and `unschedule`: what comes between writing and leaving."""

import json
import sys

import click
from sqlalchemy.orm import Session

from service import accounts, approvals, checks, releases
from service.checks import Check, Level
from service.cli import reach
from service.cli.options import acting, as_json

BLOCKED = 3
"""How `check` ends when something has to be put right before the release can be approved."""


@click.command()
@click.argument("which", metavar="RELEASE")
@as_json
@reach.database
def check(session: Session, which: str, *, as_json: bool) -> None:
    """Say what is wrong with RELEASE before anybody reads it.

    Ends with 3 when something keeps it from being approved, with 0 when there is nothing or only advice. Links are as
    they answered when they were last tried.
    """
    found = checks.of(session, releases.find(session, which))
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2))
    elif not found:
        click.echo("Nothing was found. It can be approved.")
    else:
        for one in found:
            click.echo(f"{one.level.value:<9} {_place(one):<16} {one}")
    sys.exit(BLOCKED if any(one.level is Level.BLOCKING for one in found) else 0)


@click.command()
@click.argument("which", metavar="RELEASE")
@click.option("--note", default="", help="A word to whoever approves.")
@acting
@reach.database
def request(session: Session, which: str, note: str, by: str) -> None:
    """Ask for RELEASE to be approved; whoever may approve it gets a mail."""
    found = releases.find(session, which)
    approvals.request(session, found, by=accounts.by_email(session, by), note=note)
    click.echo(f"{found.id}  waits for approval")


@click.command("return")
@click.argument("which", metavar="RELEASE")
@click.option("--comments", required=True, help="What is to be changed.")
@acting
@reach.database
def send_back(session: Session, which: str, comments: str, by: str) -> None:
    """Give RELEASE back to its writer, who is told why."""
    found = releases.find(session, which)
    approvals.send_back(session, found, by=accounts.by_email(session, by), comments=comments)
    click.echo(f"{found.id}  sent back")


@click.command()
@click.argument("which", metavar="RELEASE")
@acting
@reach.database
def unschedule(session: Session, which: str, by: str) -> None:
    """Take RELEASE's time back, as long as it has not begun to leave; it stays approved."""
    found = releases.find(session, which)
    releases.unschedule(session, found, by=accounts.by_email(session, by))
    click.echo(f"{found.id}  {found.state.value}, without a time")


def _place(one: Check) -> str:
    return f"{one.language}/{one.field}" if one.language else one.field


def _plain(one: Check) -> dict[str, object]:
    return {
        "kind": one.kind.value,
        "level": one.level.value,
        "field": one.field,
        "language": one.language,
        "words": str(one),
        "values": dict(one.values),
    }

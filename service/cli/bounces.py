"""`dateline bounce`: bursts of refusals that a person has to judge, and the rates of what comes back."""

import json
from datetime import timedelta
from uuid import UUID

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import accounts, reports, standings
from service.cli import reach
from service.cli.options import acting, as_json
from service.models import BurstState
from service.standings.bursts import Told


@click.group()
def bounce() -> None:
    """What comes back: rates by day, and verdicts that wait for a person."""


@bounce.command()
@as_json
@reach.database
def bursts(session: Session, *, as_json: bool) -> None:
    """Providers that called many addresses dead at once; while one is held, nobody is suppressed by it."""
    found = standings.bursts(session)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], indent=2))
    elif found:
        table = Table("id", "provider", "addresses", "mails left (UTC)", "stands", "they said, for example")
        for one in found:
            times = f"{one.burst.first_at:%Y-%m-%d %H:%M} to {one.burst.last_at:%H:%M}"
            state, words = one.burst.state.value, Text(one.example)
            table.add_row(str(one.burst.id), Text(one.burst.provider), f"{one.addresses:,}", times, state, words)
        Console().print(table)
    else:
        click.echo("No provider has called many addresses dead at once.")


@bounce.command()
@click.argument("id_", metavar="ID", type=click.UUID)
@acting
@reach.database
def release(session: Session, id_: UUID, by: str) -> None:
    """It is true: let the verdicts of burst ID count."""
    number = standings.decide(session, id_, BurstState.RELEASED, by=accounts.by_email(session, by))
    click.echo(f"The verdicts on {number:,} addresses count.")


@bounce.command()
@click.argument("id_", metavar="ID", type=click.UUID)
@acting
@reach.database
def dismiss(session: Session, id_: UUID, by: str) -> None:
    """It is not true: the addresses of burst ID are mailed again."""
    number = standings.decide(session, id_, BurstState.DISMISSED, by=accounts.by_email(session, by))
    click.echo(f"The verdicts on {number:,} addresses are void; they are mailed again.")


@bounce.command()
@click.option("--days", type=click.IntRange(1, 90), default=14, show_default=True)
@as_json
@reach.database
def rates(session: Session, days: int, *, as_json: bool) -> None:
    """Bounces, complaints and people who left, by From domain and the day their mail began to leave (UTC)."""
    today = session.scalars(select(func.timezone("UTC", func.now()))).one().date()
    found = reports.rates(session, today - timedelta(days=days - 1), today)
    if as_json:
        shares = ("bounce_share", "complaint_share", "unsubscribe_share")
        plain = [
            {name: getattr(one, name) for name in (*one.__slots__, *shares)} | {"day": str(one.day)} for one in found
        ]
        click.echo(json.dumps(plain, indent=2))
    elif found:
        table = Table(
            "day", Column("from", no_wrap=True), "answered", "refused", "bounced", "bounces", "complaints", "left"
        )
        for one in found:
            words = (f"{share:.2%}" for share in (one.bounce_share, one.complaint_share, one.unsubscribe_share))
            numbers = (f"{number:,}" for number in (one.answered, one.failed, one.bounced))
            table.add_row(str(one.day), Text(one.domain), *numbers, *words)
        Console().print(table)
    else:
        click.echo("Nothing was sent in that time.")


def _plain(one: Told) -> dict[str, object]:
    burst = one.burst
    return {
        "id": str(burst.id),
        "provider": burst.provider,
        "state": burst.state.value,
        "addresses": one.addresses,
        "example": one.example,
        "first_at": burst.first_at.isoformat(),
        "last_at": burst.last_at.isoformat(),
        "since": burst.since.isoformat(),
        "decided_at": burst.decided_at.isoformat() if burst.decided_at else None,
    }

"""`dateline release audience`, `why` and `wave`: whom a release is for, and its waves."""

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts, audiences, journalists, releases, senders
from service.audiences import Outside
from service.cli import reach
from service.cli.options import acting, as_json
from service.models import Exclusion
from service.reports.words import EXCLUSIONS

OUTSIDE = {
    Outside.WITHOUT: "left out by an officer",
    Outside.NOT_CHOSEN: "on none of the lists and in none of the segments",
    Outside.LANGUAGE: "reads none of the languages",
    Outside.COUNTRY: "in another country",
    Outside.OUTLET: "writes for another outlet",
    Outside.TIER: "of another tier",
}


@click.command()
@click.argument("which", metavar="RELEASE")
@as_json
@reach.database
def audience(session: Session, which: str, *, as_json: bool) -> None:
    """How many a release would go to now, and who is left out and why."""
    found = releases.find(session, which)
    counted = releases.reach(session, found)
    chosen = audiences.of(session, found)
    waves = releases.waves_of(session, found)
    if as_json:
        plain = {
            "total": counted.total,
            "by_language": counted.by_language,
            "by_wave": counted.by_wave,
            "left_out": {group.reason.value: group.number for group in counted.left_out},
            "audience": audiences.plain(chosen),
            "waves": [_plain(stands) for stands in waves],
        }
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for line in audiences.lines(chosen):
        click.echo(line)
    mails = f"{counted.total:,} e-mail{'' if counted.total == 1 else 's'}: {_numbers(counted.by_language)}"
    click.echo(mails if counted.total else "Nobody now.")
    if counted.by_wave:
        click.echo("by wave: " + _numbers(counted.by_wave))
    table = Table("left out, because", Column("people", justify="right"))
    for group in counted.left_out:
        table.add_row(_words(group.reason), f"{group.number:,}")
    if counted.left_out:
        Console().print(table)
    for stands in waves:
        at = f"{stands.wave.not_before:%Y-%m-%d %H:%M:%S}" if stands.wave.not_before else "by hand"
        begun = f"{stands.people:,} people" if stands.wave.planned_at else "not begun"
        click.echo(f"wave {stands.wave.number}  {stands.wave.name}  {at}  {begun}")


def _numbers(counted: Any) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counted.items())


def _plain(stands: releases.Stands) -> dict[str, Any]:
    wave = stands.wave
    return {
        "number": wave.number,
        "name": wave.name,
        "not_before": wave.not_before.isoformat() if wave.not_before else None,
        "planned_at": wave.planned_at.isoformat() if wave.planned_at else None,
        "people": stands.people,
    }


def _words(reason: Exclusion | Outside) -> str:
    return EXCLUSIONS[reason] if isinstance(reason, Exclusion) else OUTSIDE[reason]


@click.command()
@click.argument("which", metavar="RELEASE")
@click.argument("address")
@as_json
@reach.database
def why(session: Session, which: str, address: str, *, as_json: bool) -> None:
    """Why somebody gets a release or does not: each condition by itself."""
    found = releases.find(session, which)
    person = journalists.by_address(session, senders.get(session, found.sender_id), address)
    told = releases.why(session, found, person)
    if as_json:
        plain = {
            "gets": told.gets,
            "reason": told.reason.value if told.reason else None,
            "language": told.language,
            "topic": told.topic,
            "wave": told.wave,
            "delivery": str(told.delivery.id) if told.delivery else None,
            "conditions": {step.reason.value: step.holds for step in told.steps},
        }
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    click.echo(f"gets it, in {told.language}" if told.gets else f"does not get it: {_words(told.reason)}")  # type: ignore[arg-type]
    table = Table("would keep it from them", "holds")
    for step in told.steps:
        table.add_row(_words(step.reason), Text("yes", style="bold") if step.holds else "no")
    Console().print(table)


@click.group()
def wave() -> None:
    """Waves that have not left yet."""


@wave.command()
@click.argument("which", metavar="RELEASE")
@click.argument("number", type=int)
@acting
@reach.database
def start(session: Session, which: str, number: int, by: str) -> None:
    """Let a wave leave now."""
    found = releases.find(session, which)
    releases.start_wave(session, found, number, by=accounts.by_email(session, by))
    click.echo(f"{found.id}  wave {number} leaves now")


@wave.command()
@click.argument("which", metavar="RELEASE")
@click.argument("number", type=int)
@acting
@reach.database
def drop(session: Session, which: str, number: int, by: str) -> None:
    """Let a wave, and those after it, not leave."""
    found = releases.find(session, which)
    releases.drop_wave(session, found, number, by=accounts.by_email(session, by))
    click.echo(f"{found.id}  wave {number} and those after it do not leave")


@click.command()
@click.argument("slug", metavar="SENDER")
@click.option("--most", type=int, metavar="RELEASES", help="So many releases …")
@click.option("--days", type=int, metavar="DAYS", help="… within so many days; neither of both: no limit.")
@acting
@reach.database
def cap(session: Session, slug: str, most: int | None, days: int | None, by: str) -> None:
    """Send nobody more than so many releases within so many days; notices and digests are no part of it."""
    sender = senders.by_slug(session, slug)
    audiences.cap(session, sender, most, days, by=accounts.by_email(session, by))
    click.echo(f"{slug}  at most {most} releases within {days} days" if most else f"{slug}  no limit")

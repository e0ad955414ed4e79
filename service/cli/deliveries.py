"""`dateline message`: what one person got, when, and what came of it."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import deliveries, releases
from service.cli import reach
from service.feedback.event import plain
from service.models import Attempt, Delivery, Event, Exclusion
from service.reports.words import EXCLUSIONS, STATES

WRITABLE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("release")
@click.argument("address")
@click.option("--eml", type=WRITABLE, help="Write the mail there, byte for byte, instead of showing it.")
@click.option("--html", type=WRITABLE, help="Write its HTML part there instead of showing the mail.")
@reach.database
def message(session: Session, release: str, address: str, eml: Path | None, html: Path | None) -> None:
    """Show what ADDRESS got of RELEASE (an id, the beginning of one, or "last"), its attempts and what came back."""
    delivery = deliveries.of(session, releases.find(session, release).id, address)
    console = Console()
    _show(console, session, delivery)
    if eml:
        eml.write_bytes(deliveries.message(session, delivery))
    if html:
        html.write_text(deliveries.as_html(session, delivery), encoding="utf-8")
    if not (eml or html) and delivery.attempted_at:
        _show_mail(console, deliveries.message(session, delivery))


def _show(console: Console, session: Session, delivery: Delivery) -> None:
    console.print(Text(_standing(delivery), style="bold"))
    tried = deliveries.attempts(session, delivery)
    if tried:
        console.print(_attempts(tried))
    came = deliveries.events(session, delivery)
    if came:
        console.print(_events(came))


def _standing(delivery: Delivery) -> str:
    words = STATES[delivery.state]
    excluded = EXCLUSIONS[Exclusion(delivery.exclusion)] if delivery.exclusion else ""
    why = ": ".join(filter(None, (excluded, plain(delivery.reason or "", 400))))
    twice = "; sent a second time, as nobody could know" if delivery.maybe_twice else ""
    return f"{words}{': ' if why else ''}{why}{twice}"


def _attempts(tried: list[Attempt]) -> Table:
    table = Table("", "began (UTC)", "ended (UTC)", "outcome", "code", "the relay's words", title="attempts")
    for attempt in tried:
        times = (f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (attempt.began_at, attempt.ended_at))
        code = f"{attempt.code or ''} {attempt.enhanced}".strip()
        table.add_row(str(attempt.number), *times, attempt.outcome.value, code, Text(plain(attempt.reply, 400)))
    return table


def _events(came: list[Event]) -> Table:
    table = Table("at (UTC)", "what", "reason", "their words", title="what came back")
    for event in came:
        table.add_row(
            f"{event.at:%Y-%m-%d %H:%M:%S}", event.kind, Text(plain(event.reason, 400)), Text(plain(event.reply, 400))
        )
    return table


def _show_mail(console: Console, mail: bytes) -> None:
    for line in mail.decode("utf-8", "backslashreplace").splitlines():
        console.print(Text(plain(line, 1000)), soft_wrap=True)

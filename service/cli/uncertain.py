"""`dateline uncertain`: the mails whose fate nobody knows, and what settles them."""

import json
from collections.abc import Sequence
from typing import TextIO

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts, deliveries, releases
from service.cli import reach
from service.cli.options import as_json
from service.deliveries import Settled, Standing
from service.errors import Refused
from service.feedback import relay_log
from service.feedback.event import plain
from service.feedback.relay_log import RelayLog
from service.models import Account, Release

ALL = "all"


@click.command()
@click.argument("which", metavar="RELEASE")
@click.option("--arrived", multiple=True, metavar="ADDRESS", help='It arrived there; "all" for all of them.')
@click.option("--again", multiple=True, metavar="ADDRESS", help='Send it there once more; "all" for all of them.')
@click.option(
    "--relay-log",
    "log",
    type=click.File(encoding="utf-8", errors="replace"),
    help='Postfix, Exim or Sendmail log, "-" for standard input: what it shows as taken is accepted.',
)
@click.option("--complete", is_flag=True, help="That log misses nothing: what is not in it goes again.")
@click.option("--by", metavar="EMAIL", help="Whose account decides; needed to change anything.")
@as_json
def uncertain(
    which: str,
    arrived: tuple[str, ...],
    again: tuple[str, ...],
    log: TextIO | None,
    by: str | None,
    *,
    complete: bool,
    as_json: bool,
) -> None:
    """Show whose mail of RELEASE (an id, the beginning of one, or "last") is uncertain, and settle it."""
    if complete and log is None:
        raise Refused("--complete says something of a log: name it with --relay-log.")
    if (arrived or again or log) and not by:
        raise Refused("Say whose account decides: --by EMAIL.")
    # Before any transaction: a log may be long, and is perhaps still being written to the pipe.
    read = relay_log.read(log) if log else None
    _work(which, arrived, again, read, by, complete=complete, as_json=as_json)


@reach.database
def _work(
    session: Session,
    which: str,
    arrived: Sequence[str],
    again: Sequence[str],
    log: RelayLog | None,
    by: str | None,
    *,
    complete: bool,
    as_json: bool,
) -> None:
    found, settled = releases.find(session, which), None
    if by:
        account = accounts.by_email(session, by)
        if log:
            settled = deliveries.settle_by_log(session, found, log, complete=complete, by=account)
        _settle(session, found, arrived, account, accepted=True)
        _settle(session, found, again, account, accepted=False)
    left = deliveries.uncertain(session, found.id)
    if as_json:
        click.echo(json.dumps(_document(found, settled, left), ensure_ascii=False, indent=2))
    else:
        _show(settled, left)


def _settle(session: Session, release: Release, whom: Sequence[str], by: Account, *, accepted: bool) -> None:
    if ALL in whom:
        deliveries.settle_all(session, release, accepted=accepted, by=by)
        return
    for address in whom:
        deliveries.settle(session, deliveries.of(session, release.id, address), accepted=accepted, by=by)


def _show(settled: Settled | None, left: list[Standing]) -> None:
    if settled:
        click.echo(f"The log shows {settled.taken:,} as taken and {settled.not_taken:,} as not taken, queued again.")
    if not left:
        click.echo("Nothing is uncertain.")
        return
    whom = Column("address", overflow="fold")
    table = Table(whom, "tried at (UTC)", "relay", "what is known", title=f"{len(left):,} uncertain")
    for one in left:
        at = f"{one.at:%Y-%m-%d %H:%M:%S}" if one.at else ""
        twice = "; this was the second time" if one.maybe_twice else ""
        known = plain(f"{one.reason}{twice}", 400)
        table.add_row(Text(one.address), at, one.relay or "–", Text(known))
    Console().print(table)


def _document(release: Release, settled: Settled | None, left: list[Standing]) -> dict[str, object]:
    shown = {"taken": settled.taken, "not_taken": settled.not_taken} if settled else None
    return {"release": str(release.id), "by_log": shown, "uncertain": [_plain(one) for one in left]}


def _plain(one: Standing) -> dict[str, object]:
    return {
        "delivery": str(one.id),
        "address": one.address,
        "name": one.name,
        "at": one.at.isoformat() if one.at else None,
        "relay": one.relay,
        "reason": one.reason,
        "reply": one.reply,
        "maybe_twice": one.maybe_twice,
    }

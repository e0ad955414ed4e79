"""`dateline suppression`: addresses that are not mailed, why, and what a person does about them."""

import json
from datetime import datetime
from typing import TextIO
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts, addresses, senders, suppressions
from service.cli import reach
from service.cli.options import acting, as_json
from service.errors import NotFound
from service.feedback.event import plain
from service.models import SuppressionReason
from service.suppressions import Entry, Which

REASONS = click.Choice([reason.value for reason in SuppressionReason])
of_sender = click.option("--sender", "slug", metavar="SLUG", help="Of this newsroom; of all of them otherwise.")
noting = click.option("--note", required=True, metavar="TEXT", help="Why, without an address; it is kept.")


@click.group()
def suppression() -> None:
    """Addresses that are not mailed: resting, bounced, left, complained, erased, or taken off by hand."""


@suppression.command("list")
@click.option("--reason", type=REASONS, help="Only for this reason.")
@click.option("--domain", default="", metavar="NAME", help="Only of this mail domain, or of a provider's domains.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only those since this day (UTC).")
@click.option("--address", metavar="ADDRESS", help="Only this address.")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True)
@of_sender
@as_json
@reach.database
def list_(
    session: Session,
    reason: str | None,
    domain: str,
    since: datetime | None,
    address: str | None,
    limit: int,
    slug: str | None,
    *,
    as_json: bool,
) -> None:
    """List them, the newest first, each with its proof."""
    which = Which(
        SuppressionReason(reason) if reason else None,
        domain,
        since.date() if since else None,
        addresses.fingerprint(address) if address else None,
    )
    theirs = [senders.by_slug(session, slug).id] if slug else [sender.id for sender in senders.all(session)]
    found = suppressions.entries(session, theirs, which, for_all=slug is None, limit=limit)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in found], ensure_ascii=False, indent=2))
    elif found:
        _show(found, suppressions.count(session, theirs, which, for_all=slug is None))
    else:
        click.echo("No address is suppressed." if which == Which() else "No suppressed address is like that.")


@suppression.command()
@click.argument("address")
@of_sender
@noting
@acting
@reach.database
def add(session: Session, address: str, slug: str | None, note: str, by: str) -> None:
    """Mail ADDRESS no more."""
    suppressions.suppress(session, address, _sender(session, slug), note, by=accounts.by_email(session, by))
    click.echo("It is mailed no more.")


@suppression.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig", errors="replace"))
@of_sender
@noting
@acting
@as_json
@reach.database
def import_(session: Session, file: TextIO, slug: str | None, note: str, by: str, *, as_json: bool) -> None:
    """Mail none of the addresses of FILE any more: one a line, or the first column of a CSV; - is standard input."""
    account = accounts.by_email(session, by)
    made = suppressions.import_(session, file.read(), _sender(session, slug), note, by=account)
    if as_json:
        click.echo(json.dumps({"addresses": made.addresses, "faulty_lines": list(made.faults)}))
        return
    click.echo(f"{made.addresses:,} address{'' if made.addresses == 1 else 'es'} mailed no more.")
    for line in made.faults:
        click.echo(f"line {line} holds no address")


@suppression.command()
@click.argument("address")
@click.option("--their-word", is_flag=True, help="The person asked for it: needed after a complaint or leaving.")
@of_sender
@noting
@acting
@reach.database
def lift(session: Session, address: str, slug: str | None, note: str, by: str, *, their_word: bool) -> None:
    """Mail ADDRESS again; what was counted against it until now counts no more."""
    theirs = [senders.by_slug(session, slug).id] if slug else []
    which = Which(fingerprint=addresses.fingerprint(address))
    found = suppressions.entries(session, theirs, which, for_all=slug is None)
    if not found:
        raise NotFound(
            "This address is not suppressed there. `dateline suppression list --address …` says where it is."
        )
    by_whom = accounts.by_email(session, by)
    suppressions.lift_entry(session, found[0], note, their_word=their_word, by=by_whom)
    click.echo("It is mailed again.")


def _sender(session: Session, slug: str | None) -> UUID | None:
    return senders.by_slug(session, slug).id if slug else None


def _show(found: list[Entry], total: int) -> None:
    table = Table(
        "address", "reason", "since (UTC)", "until", "evidence", "their words", "by", title=f"{total:,} in all"
    )
    for one in found:
        until = f"{one.until:%Y-%m-%d}" if one.until else "a person lifts it"
        who = Text(one.address or f"known by fingerprint {one.fingerprint.hex()[:12]} only")
        words = (Text(plain(text, 300)) for text in (one.evidence, one.proof, one.who or "the service"))
        table.add_row(who, one.reason.value, f"{one.since:%Y-%m-%d %H:%M}", until, *words)
    Console().print(table)


def _plain(one: Entry) -> dict[str, object]:
    return {
        "id": str(one.id),
        "fingerprint": one.fingerprint.hex(),
        "address": one.address,
        "name": one.name,
        "sender": one.sender or None,
        "reason": one.reason.value,
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
        "evidence": one.evidence,
        "proof": one.proof,
        "delivery": str(one.delivery_id) if one.delivery_id else None,
        "by": one.who,
    }

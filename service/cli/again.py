"""`dateline release retry` and `extend`: a release that has left, to those it did not reach."""

import click
from sqlalchemy.orm import Session

from service import accounts, deliveries, releases
from service.cli import reach
from service.cli.options import acting
from service.deliveries.retrying import RETRIED
from service.errors import Refused
from service.models import DeliveryState


@click.command()
@click.argument("which", metavar="RELEASE")
@click.argument("address", required=False)
@click.option("--state", type=click.Choice([state.value for state in RETRIED]), help="Which ones; failed if not said.")
@click.option("--reason", default="", metavar="WORDS", help="Only those whose reason has these words in it.")
@click.option("--domain", default="", help="Only those with an address there.")
@acting
@reach.database
def retry(
    session: Session, which: str, address: str | None, state: str | None, reason: str, domain: str, by: str
) -> None:
    """Try again what failed of RELEASE, or the one mail to ADDRESS. The deadline counts anew from now."""
    found, account = releases.find(session, which), accounts.by_email(session, by)
    if address is None:
        wanted = DeliveryState(state) if state else DeliveryState.FAILED
        number = deliveries.retry_failed(session, found, by=account, state=wanted, reason=reason, domain=domain)
        click.echo(f"{number:,} queued again" if number else f"Nothing that is {wanted.value} answers to that.")
        return
    if state or reason or domain:
        raise Refused("Give an address, or say which ones; not both.")
    deliveries.retry(session, deliveries.of(session, found.id, address), by=account)
    click.echo("1 queued again")


@click.command()
@click.argument("which", metavar="RELEASE")
@acting
@reach.database
def extend(session: Session, which: str, by: str) -> None:
    """Send RELEASE to those who subscribed to its topics since its audience was counted."""
    found = releases.find(session, which)
    wave = releases.extend(session, found, by=accounts.by_email(session, by))
    number = releases.newcomers(session, found)
    click.echo(f"{found.id}  wave {wave.number}, {number:,} {'person' if number == 1 else 'people'}, leaves now")

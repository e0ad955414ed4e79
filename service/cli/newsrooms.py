"""`dateline sender`, `topic` and `account`: what a newsroom needs before its first release."""

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from service import accounts, senders, topics
from service.cli import reach
from service.cli.dkim import dkim, reseal
from service.cli.domains import check, warmup
from service.models import Role

of_sender = click.option("--sender", required=True, metavar="SLUG", help="The newsroom it belongs to.")


@click.group()
def sender() -> None:
    """Newsrooms: who releases are from, and the domains they are sent from."""


for command in (dkim, reseal, check, warmup):
    sender.add_command(command)


@sender.command("add")
@click.argument("slug")
@click.argument("name")
@click.option("--address", required=True, metavar="EMAIL", help="From address of its releases.")
@click.option("--reply-to", metavar="EMAIL", help="Where answers go; the From address otherwise.")
@click.option("--postal-address", required=True, help="Named under each mail, as the law asks.")
@reach.database
def add_sender(session: Session, slug: str, name: str, address: str, reply_to: str | None, postal_address: str) -> None:
    """Open a newsroom."""
    senders.add(session, slug, name, address=address, reply_to=reply_to, postal_address=postal_address)
    click.echo(slug)


@sender.command("list")
@reach.database
def list_senders(session: Session) -> None:
    """All newsrooms."""
    table = Table("slug", "name", "from")
    for one in senders.all(session):
        table.add_row(one.slug, one.name, one.address)
    Console().print(table)


@click.group()
def topic() -> None:
    """Topics: what journalists subscribe to."""


@topic.command("add")
@click.argument("slug")
@click.argument("name")
@of_sender
@reach.database
def add_topic(session: Session, slug: str, name: str, sender: str) -> None:
    """Offer a topic."""
    topics.add(session, senders.by_slug(session, sender), slug, name)
    click.echo(slug)


@topic.command("list")
@of_sender
@reach.database
def list_topics(session: Session, sender: str) -> None:
    """The topics of a newsroom."""
    table = Table("slug", "name")
    for one in topics.all(session, senders.by_slug(session, sender)):
        table.add_row(one.slug, one.name)
    Console().print(table)


@click.group()
def account() -> None:
    """Accounts: the people who work here."""


@account.command("add")
@click.argument("email")
@click.argument("name")
@of_sender
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What she may do.",
)
@reach.database
def add_account(session: Session, email: str, name: str, sender: str, roles: tuple[str, ...]) -> None:
    """Give somebody roles in a newsroom, and print the link she first signs in with."""
    found = accounts.add(
        session, email, name, sender=senders.by_slug(session, sender), roles=[Role(role) for role in roles]
    )
    click.echo(accounts.sign_in_link(session, found))


@account.command("link")
@click.argument("email")
@reach.database
def link(session: Session, email: str) -> None:
    """Print a new sign-in link, valid once and for 24 hours."""
    click.echo(accounts.sign_in_link(session, accounts.by_email(session, email)))

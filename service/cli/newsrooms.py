"""`dateline sender`, `topic` and `account`: what a newsroom needs before its first release."""

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from service import accounts, addresses, senders, topics
from service.cli import reach
from service.cli.audience import cap
from service.cli.dkim import dkim, reseal
from service.cli.domains import check, warmup
from service.mail.notice_words import LANGUAGES
from service.models import Role

by_mail = click.option("--mail", "mailed", is_flag=True, help="Mail her the link instead of printing it.")
in_language = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the mail."
)
of_sender = click.option("--sender", required=True, metavar="SLUG", help="The newsroom it belongs to.")


@click.group()
def sender() -> None:
    """Newsrooms: who releases are from, and the domains they are sent from."""


for command in (dkim, reseal, check, warmup, cap):
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
@by_mail
@in_language
@reach.database
def add_account(
    session: Session, email: str, name: str, sender: str, roles: tuple[str, ...], language: str, *, mailed: bool
) -> None:
    """Give somebody roles in a newsroom, and print or mail the link she first signs in with."""
    newsroom = senders.by_slug(session, sender)
    found = accounts.add(session, email, name, sender=newsroom, roles=[Role(role) for role in roles])
    if not mailed:
        click.echo(accounts.sign_in_link(session, found))
        return
    accounts.invite(session, found, sender=newsroom, language=language)
    _say_mailed(found.email)


@account.command("link")
@click.argument("email")
@by_mail
@in_language
@reach.database
def link(session: Session, email: str, language: str, *, mailed: bool) -> None:
    """Print or mail a new sign-in link, valid once and for 24 hours."""
    found = accounts.by_email(session, email)
    if not mailed:
        click.echo(accounts.sign_in_link(session, found))
        return
    accounts.mail_link(session, found, language=language)
    _say_mailed(found.email)


def _say_mailed(address: str) -> None:
    click.echo(f"A sign-in link is being mailed to {addresses.masked(address)}; `dateline mails` shows how far it is.")

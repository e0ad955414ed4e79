"""`dateline db`: the shape of the database."""

import click

from service import db as database
from service import migrations
from service.cli import reach
from service.settings import adopt, settings
from service.supervisor import reached


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Take every missing migration; safe while a release is being sent, and twice."""
    found = settings()
    with reached(found.data_dir, database_url=found.database_url, broker_url=found.broker_url) as servers:
        adopt(database_url=servers.database_url, broker_url=servers.broker_url)
        before = migrations.current(database.engine())
        reach.prepare()
        click.echo(f"{before or 'empty'} -> {migrations.current(database.engine())}")


@db.command()
def current() -> None:
    """Say at which migration the database stands, and which is the newest."""
    found = settings()
    with reached(found.data_dir, database_url=found.database_url, broker_url=found.broker_url) as servers:
        adopt(database_url=servers.database_url, broker_url=servers.broker_url)
        click.echo(f"{migrations.current(database.engine()) or 'empty'} (newest: {migrations.head()})")

"""`dateline up`: the whole service on this machine, in the foreground."""

import click

from service import accounts, db, senders, templates
from service.cli import processes, reach
from service.models import Role
from service.settings import Settings, adopt, settings
from service.supervisor import Child, Servers, Supervisor, embedded, stopped_by_signals


@click.command()
def up() -> None:
    """Run the whole service: pages, workers, beat, inbound SMTP and, without RELAY, the development relay.

    Servers that no setting names are embedded, with their data below the data directory. Ctrl-C stops all in order.
    """
    found = settings()
    data = found.data_dir.resolve()
    with (
        stopped_by_signals(),
        embedded(data, database_url=found.database_url, broker_url=found.broker_url) as servers,
    ):
        keys = processes.keys(found, data)
        env = processes.environment(found, servers, data, keys)
        adopt(database_url=servers.database_url, broker_url=servers.broker_url, **keys)
        templates.require()
        reach.prepare()
        link = first_sign_in()
        Supervisor(children(found, env), servers=servers.processes).run(lambda: _announce(found, servers, link))


def children(found: Settings, env: dict[str, str]) -> list[Child]:
    """What is started, in this order, and stopped in the reverse one."""
    data = found.data_dir.resolve()
    relay = [] if found.relay.get_secret_value() else [processes.relay(found, env, data, "--mail", str(data / "mail"))]
    mailbox = [processes.mailbox(found, env, data)] if found.bounce_mailbox else []
    return [
        *relay,
        processes.inbound(found, env, data),
        *mailbox,
        processes.beat(found, env, data),
        *processes.worker(found, env, data),
        processes.express(found, env, data),
        processes.web(found, env, data),
    ]


def first_sign_in() -> str:
    """The first administrator's one-time link, as long as she has not chosen a password; "" then."""
    with db.transaction() as session:
        administrator = accounts.first_administrator(session)
        if administrator is None:
            sender = next(iter(senders.all(session)), None) or senders.add(
                session,
                "press-office",
                "Press Office",
                address="press@dateline.example",
                postal_address="Set your postal address",
            )
            administrator = accounts.add(
                session, "admin@dateline.example", "First Administrator", sender=sender, roles=list(Role)
            )
        return "" if administrator.password else accounts.sign_in_link(session, administrator)


def _announce(found: Settings, servers: Servers, link: str) -> None:
    click.echo(f"Dateline is running: {found.base_url}  (data and logs: {servers.data})")
    if not found.relay.get_secret_value():
        click.echo(f"No RELAY is set: mail goes to the development relay and stays in {servers.data / 'mail'}")
    if link:
        click.echo(f"First administrator, valid once and for 24 hours: {link}")
    click.echo("Ctrl-C stops it.")

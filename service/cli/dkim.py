"""`dateline sender dkim`: make, publish, activate and retire the keys of a newsroom's From domain."""

import json
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from service import accounts, addresses, dkim_keys, resolver, senders
from service.cli import reach
from service.models import Account, Algorithm, DkimKey, KeyState


@click.command()
@click.argument("slug")
@click.option("--new", "act", flag_value="new", help="Make a key, and print what to publish.")
@click.option("--activate", metavar="SELECTOR", help="Sign with it from now on, once DNS shows it.")
@click.option("--retire", metavar="SELECTOR", help="Sign with it no more; its record must stay for 7 days.")
@click.option("--remove", metavar="SELECTOR", help="Its record is out of DNS: call it gone.")
@click.option(
    "--algorithm",
    type=click.Choice([algorithm.value for algorithm in Algorithm]),
    default=Algorithm.RSA.value,
    show_default=True,
    help="Of the new key. An Ed25519 key stands beside the RSA key, not in its place.",
)
@click.option("--selector", help="Name of the new key; after the day otherwise.")
@click.option("--unseen", is_flag=True, help="Activate without asking DNS.")
@click.option("--by", metavar="EMAIL", help="Whose account acts, for the audit log.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
@reach.database
def dkim(
    session: Session,
    slug: str,
    act: str | None,
    activate: str | None,
    retire: str | None,
    remove: str | None,
    algorithm: str,
    selector: str | None,
    by: str | None,
    *,
    unseen: bool,
    as_json: bool,
) -> None:
    """The DKIM keys of a newsroom's From domain; what to publish for each of them."""
    if len([one for one in (act, activate, retire, remove) if one is not None]) > 1:
        raise click.UsageError("One of --new, --activate, --retire and --remove at a time.")
    domain = addresses.domain(senders.by_slug(session, slug).address)
    account = accounts.by_email(session, by) if by else None
    now = datetime.now(UTC)
    if act == "new":
        dkim_keys.make(session, domain, algorithm=Algorithm(algorithm), selector=selector, now=now, by=account)
    elif activate is not None:
        _activate(session, domain, activate, now, account, unseen=unseen)
    elif retire is not None:
        dkim_keys.retire(session, dkim_keys.by_selector(session, domain, retire), now=now, by=account)
    elif remove is not None:
        dkim_keys.remove(session, dkim_keys.by_selector(session, domain, remove), now=now, by=account)
    _tell(slug, domain, dkim_keys.all(session, domain), as_json=as_json)


def _activate(
    session: Session, domain: str, selector: str, now: datetime, account: Account | None, *, unseen: bool
) -> None:
    key = dkim_keys.by_selector(session, domain, selector)
    dkim_keys.activate(session, key, now=now, dns=None if unseen else resolver.given(), by=account)


@click.command()
@click.option("--by", metavar="EMAIL", help="Whose account acts, for the audit log.")
@reach.database
def reseal(session: Session, by: str | None) -> None:
    """Encrypt DKIM keys and secrets of code apps with the present SECRET_KEY; then PREVIOUS_SECRET_KEY may go."""
    number = dkim_keys.reseal(session, by=accounts.by_email(session, by) if by else None)
    click.echo(f"{number} keys sealed with the present SECRET_KEY.")
    if apps := accounts.reseal(session):
        click.echo(f"{apps} secrets of code apps too.")


def _tell(slug: str, domain: str, keys: list[DkimKey], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_plain(key) for key in keys], indent=2))
        return
    if not keys:
        click.echo(f"{domain} has no DKIM key. Make one: dateline sender dkim {slug} --new")
        return
    table = Table("selector", "algorithm", "state", "since")
    for key in keys:
        table.add_row(key.selector, key.algorithm.value, key.state.value, f"{_since(key):%Y-%m-%d %H:%M} UTC")
    Console().print(table)
    for key in keys:
        for line in _advice(slug, key):
            click.echo(line)


def _since(key: DkimKey) -> datetime:
    return key.gone_at or key.retired_at or key.signing_at or key.made_at


def _advice(slug: str, key: DkimKey) -> list[str]:
    """What is to be done about a key, in lines."""
    if key.state is KeyState.WAITING:
        return [
            f"\n{key.selector}: publish this TXT record, then: dateline sender dkim {slug} --activate {key.selector}",
            str(dkim_keys.record(key)),
        ]
    if key.state is KeyState.SIGNING:
        return [f"\n{key.selector}: signs, and must stay published:", str(dkim_keys.record(key))]
    if key.state is KeyState.RETIRED:
        at = f"{dkim_keys.removable_at(key):%Y-%m-%d %H:%M} UTC"
        return [f"\n{key.selector}: leave it in DNS until {at}, take it out, then --remove {key.selector}."]
    return []


def _plain(key: DkimKey) -> dict[str, object]:
    record = dkim_keys.record(key)
    times = {
        "made_at": key.made_at,
        "signing_at": key.signing_at,
        "retired_at": key.retired_at,
        "removable_at": dkim_keys.removable_at(key),
        "gone_at": key.gone_at,
    }
    return {
        "id": str(key.id),
        "domain": key.domain,
        "selector": key.selector,
        "algorithm": key.algorithm.value,
        "state": key.state.value,
        "name": record.name,
        "strings": list(record.strings),
        **{name: at.isoformat() if at else None for name, at in times.items()},
    }

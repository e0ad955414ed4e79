"""`dateline sender check` and `dateline sender warmup`: a From domain as receivers see it, and its first weeks."""

import ipaddress
import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from service import accounts, addresses, dkim_keys, resolver, warmups
from service.cli import reach
from service.models import DkimKey, Warmup
from service.settings import settings

MARKS = {"well": "ok  ", "warning": "warn", "bad": "BAD "}
SHOWN_DAYS = 60

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")


@click.command()
@click.argument("domain")
@click.option("--return-path", metavar="DOMAIN", help="Where bounces come back to; RETURN_PATH_DOMAIN otherwise.")
@click.option("--ip", "ips", metavar="ADDRESS", multiple=True, help="An address the mail leaves from; can be repeated.")
@click.option("--no-fetch", is_flag=True, help="Do not fetch MTA-STS policies by HTTPS.")
@as_json
def check(domain: str, return_path: str | None, ips: tuple[str, ...], *, no_fetch: bool, as_json: bool) -> None:
    """Ask DNS about a From DOMAIN: SPF, DKIM, DMARC, MX and reverse names, and what to change; ends with 1 if bad."""
    from service import domains  # checkdmarc takes half a second to load
    from service.domains.policies import fetch

    domain = addresses.domain(domain)
    found = domains.check(
        domain,
        return_path=addresses.domain(return_path or settings().return_path_domain),
        keys=_keys(domain),
        now=datetime.now(UTC),
        dns=resolver.given(),
        addresses=[_address(ip) for ip in ips],
        fetch=None if no_fetch else fetch,
    )
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        for finding in found:
            click.echo(f"{MARKS[finding.state]}  {finding.what}: {finding.found}")
            if finding.fix:
                click.echo(f"      {finding.fix}")
    worst = domains.worst(found)
    sys.exit(1 if worst and worst.state is domains.State.BAD else 0)


@reach.database
def _keys(session: Session, domain: str) -> list[DkimKey]:
    return dkim_keys.all(session, domain)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise click.BadParameter(f"{text!a} is not an IP address.", param_hint="--ip") from None


@click.command()
@click.argument("domain")
@click.option("--start", type=int, help=f"Mails on the first day, {warmups.START} unless given.")
@click.option("--growth", help=f"How many times as many on the next day, {warmups.GROWTH} unless given.")
@click.option("--until", type=int, help=f"The plan ends at so many a day, {warmups.UNTIL} unless given.")
@click.option("--off", is_flag=True, help="End the plan.")
@click.option("--by", metavar="EMAIL", help="Whose account acts, for the audit log.")
@as_json
@reach.database
def warmup(
    session: Session,
    domain: str,
    start: int | None,
    growth: str | None,
    until: int | None,
    by: str | None,
    *,
    off: bool,
    as_json: bool,
) -> None:
    """The warm-up plan of a From DOMAIN; with numbers, one that begins today (UTC). What is above it waits."""
    given = {"start": start, "growth": growth, "until": until}
    numbers: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if off and numbers:
        raise click.UsageError("--off ends the plan; it goes without numbers.")
    account = accounts.by_email(session, by) if by else None
    today = datetime.now(UTC).date()
    if off:
        warmups.end(session, domain, by=account)
    elif numbers:
        warmups.plan(session, domain, today=today, by=account, **numbers)
    _tell(addresses.domain(domain), warmups.get(session, domain), today, as_json=as_json)


def _tell(domain: str, plan: Warmup | None, today: date, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_plain(plan, today) if plan else None, indent=2))
        return
    if plan is None:
        click.echo(f"{domain} has no warm-up plan: everything leaves as it is due.")
        return
    days = list(warmups.days(plan, today))
    if not days:
        click.echo(f"The plan of {domain} has ended at {plan.until:,} mails a day; --off forgets it.")
        return
    click.echo(f"{domain} since {plan.began_on}: {plan.start:,} mails, then {plan.growth} times as many each day.")
    table = Table("day", "mails")
    for day, mails in islice(days, SHOWN_DAYS):
        table.add_row(str(day), f"{mails:,}")
    Console().print(table)
    click.echo(f"No limit from {days[-1][0] + timedelta(days=1)} on.")


def _plain(plan: Warmup, today: date) -> dict[str, object]:
    return {
        "domain": plan.domain,
        "began_on": plan.began_on.isoformat(),
        "start": plan.start,
        "growth": float(plan.growth),
        "until": plan.until,
        "days": [{"day": day.isoformat(), "mails": mails} for day, mails in warmups.days(plan, today)],
    }

"""`dateline doctor`: tries each thing the service stands on, and says the fix where it fails."""

import json
import smtplib
import ssl
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from urllib.parse import SplitResult

import click
from kombu.exceptions import OperationalError as BrokerAway
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service import db, dkim_keys, holds, installation, jobs, migrations
from service.cli import reach, relay_answers
from service.settings import DEVELOPMENT_KEY, Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing tried; `fix` says what to do where it is not well."""

    what: str
    well: bool
    found: str
    fix: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of words.")
def doctor(*, as_json: bool) -> None:
    """Try database, broker, relay, clock, keys and folders, and say what to do about each fault."""
    with reach.servers() as found:
        findings = list(examine(found))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.well else 'BAD'}  {finding.what}: {finding.found}")
            if finding.fix:
                click.echo(f"     {finding.fix}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


def examine(found: Settings) -> Iterator[Finding]:
    """Every finding, in the order in which one rests on the other."""
    yield _database()
    yield _migrations()
    yield _installation()
    yield _clock()
    yield _broker()
    yield from _relays(found)
    yield _holds()
    yield _keys(found)
    yield _dkim_keys()
    yield _folder(found)


def _database() -> Finding:
    try:
        with db.engine().connect() as connection:
            version = connection.execute(text("SHOW server_version_num")).scalar_one()
    except SQLAlchemyError as fault:
        return Finding(
            "database", well=False, found=type(fault).__name__, fix="Start PostgreSQL, or mend DATABASE_URL."
        )
    well = int(version) >= 180000
    return Finding("database", well, f"PostgreSQL {int(version) // 10000}", "" if well else "Use PostgreSQL 18.")


def _migrations() -> Finding:
    try:
        stands = migrations.current(db.engine())
    except SQLAlchemyError as fault:
        return Finding("migrations", well=False, found=type(fault).__name__, fix="See database.")
    well = stands == migrations.head()
    return Finding("migrations", well, stands or "none", "" if well else "Run: dateline db upgrade")


def _installation() -> Finding:
    """Read only: what is held is found out by the workers, and by `dateline installation status`."""
    try:
        with db.transaction() as session:
            reason = installation.hold_of(session)
    except SQLAlchemyError as fault:
        return Finding("installation", well=False, found=type(fault).__name__, fix="See database and migrations.")
    if not reason:
        return Finding("installation", well=True, found="nothing is held")
    fix = "See what would leave: dateline installation status. Then: dateline installation confirm --by EMAIL"
    return Finding("installation", well=False, found=f"everything is held. {reason}", fix=fix)


def _clock() -> Finding:
    try:
        with db.engine().connect() as connection:
            theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    except SQLAlchemyError as fault:
        return Finding("clock", well=False, found=type(fault).__name__, fix="See database.")
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    fix = "" if seconds < 5 else "Run an NTP client on both machines; releases go by the database's clock."
    return Finding("clock", seconds < 5, f"{seconds:.1f} s from the database's", fix)


def _broker() -> Finding:
    try:
        with jobs.app().connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except (BrokerAway, OSError) as fault:
        fix = "Start Valkey, or mend BROKER_URL. Until then work is found by the database only when a worker runs."
        return Finding("broker", well=False, found=type(fault).__name__, fix=fix)
    return Finding("broker", well=True, found="answers")


def _relays(found: Settings) -> Iterator[Finding]:
    try:
        relays = list(relay_answers.named(found.relay.get_secret_value() or f"smtp://{found.relay_listen}"))
    except ValueError:
        yield Finding("relay", well=False, found="not a URL", fix="Mend RELAY: docs/operator.md, A real relay.")
        return
    for name, url in relays:
        yield _relay(f"relay {name}", url)


def _relay(what: str, url: SplitResult) -> Finding:
    try:
        return Finding(what, well=True, found=relay_answers.answer(url))
    except ssl.SSLError as fault:
        fix = "Mend its certificate, or name the file to trust: ?ca=FILE. No mail goes to it in the clear."
        return Finding(what, well=False, found=f"TLS failed: {fault.reason or type(fault).__name__}", fix=fix)
    except (OSError, smtplib.SMTPException, HTTPException) as fault:
        fix = "Start the relay, or mend RELAY. `dateline up` runs the development relay where RELAY is empty."
        return Finding(what, well=False, found=type(fault).__name__, fix=fix)
    except ValueError:
        return Finding(what, well=False, found="not a relay", fix="Mend RELAY: docs/operator.md, A real relay.")


def _holds() -> Finding:
    try:
        with db.transaction() as session:
            names = [hold.key for hold in holds.in_force(session)]
    except SQLAlchemyError as fault:
        return Finding("holds", well=False, found=type(fault).__name__, fix="See database.")
    fix = "See what they said and what to mend: dateline hold list" if names else ""
    return Finding("holds", not names, f"{', '.join(names)} stand still" if names else "nothing stands still", fix)


def _keys(found: Settings) -> Finding:
    ours = DEVELOPMENT_KEY not in (found.secret_key.get_secret_value(), found.suppression_key.get_secret_value())
    if ours or not found.base_url.startswith("https://"):
        return Finding("keys", well=True, found="set" if ours else "made by `dateline up`, below the data directory")
    return Finding("keys", well=False, found="development keys", fix="Set SECRET_KEY and SUPPRESSION_KEY.")


def _dkim_keys() -> Finding:
    try:
        with db.transaction() as session:
            shut = dkim_keys.shut(session)
    except SQLAlchemyError as fault:
        return Finding("DKIM keys", well=False, found=type(fault).__name__, fix="See database.")
    if not shut:
        return Finding("DKIM keys", well=True, found="every private half opens")
    names = ", ".join(f"{key.selector} of {key.domain}" for key in shut)
    fix = "Set PREVIOUS_SECRET_KEY to the key before and run: dateline sender reseal; or make new keys."
    return Finding("DKIM keys", well=False, found=f"SECRET_KEY does not open {names}", fix=fix)


def _folder(found: Settings) -> Finding:
    probe = found.data_dir / ".probe"
    try:
        found.data_dir.mkdir(parents=True, exist_ok=True)
        probe.write_text("", encoding="ascii")
        probe.unlink()
    except OSError as fault:
        return Finding("data directory", well=False, found=str(fault.strerror), fix=f"Make {found.data_dir} writable.")
    return Finding("data directory", well=True, found=str(found.data_dir))

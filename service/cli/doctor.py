"""`dateline doctor`: tries each thing the service stands on, and says the fix where it fails."""

import json
import smtplib
import ssl
import sys
from collections.abc import Callable, Iterator
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
    yield _by_database("database", _database, away="Start PostgreSQL, or mend DATABASE_URL.")
    yield _by_database("migrations", _migrations)
    yield _by_database("installation", _installation, away="See database and migrations.")
    yield _by_database("clock", _clock)
    yield _broker()
    yield from _relays(found)
    yield _by_database("holds", _holds)
    yield _keys(found)
    yield _by_database("DKIM keys", _dkim_keys)
    yield _folder(found)


def _by_database(what: str, ask: Callable[[], tuple[str, str]], *, away: str = "See database.") -> Finding:
    """What the database says: what was found, and the fix, "" where all is well; `away` where it says nothing."""
    try:
        found, fix = ask()
    except SQLAlchemyError as fault:
        return Finding(what, well=False, found=type(fault).__name__, fix=away)
    return Finding(what, not fix, found, fix)


def _database() -> tuple[str, str]:
    with db.engine().connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    return f"PostgreSQL {version // 10000}", "" if version >= 180000 else "Use PostgreSQL 18."


def _migrations() -> tuple[str, str]:
    stands = migrations.current(db.engine())
    return stands or "none", "" if stands == migrations.head() else "Run: dateline db upgrade"


def _installation() -> tuple[str, str]:
    """Read only: what is held is found out by the workers, and by `dateline installation status`."""
    with db.transaction() as session:
        reason = installation.hold_of(session)
    if not reason:
        return "nothing is held", ""
    fix = "See what would leave: dateline installation status. Then: dateline installation confirm --by EMAIL"
    return f"everything is held. {reason}", fix


def _clock() -> tuple[str, str]:
    with db.engine().connect() as connection:
        theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    fix = "" if seconds < 5 else "Run an NTP client on both machines; releases go by the database's clock."
    return f"{seconds:.1f} s from the database's", fix


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


def _holds() -> tuple[str, str]:
    with db.transaction() as session:
        names = [hold.key for hold in holds.in_force(session)]
    if not names:
        return "nothing stands still", ""
    return f"{', '.join(names)} stand still", "See what they said and what to mend: dateline hold list"


def _keys(found: Settings) -> Finding:
    ours = DEVELOPMENT_KEY not in (found.secret_key.get_secret_value(), found.suppression_key.get_secret_value())
    if ours or not found.base_url.startswith("https://"):
        return Finding("keys", well=True, found="set" if ours else "made by `dateline up`, below the data directory")
    return Finding("keys", well=False, found="development keys", fix="Set SECRET_KEY and SUPPRESSION_KEY.")


def _dkim_keys() -> tuple[str, str]:
    with db.transaction() as session:
        shut = dkim_keys.shut(session)
    if not shut:
        return "every private half opens", ""
    names = ", ".join(f"{key.selector} of {key.domain}" for key in shut)
    fix = "Set PREVIOUS_SECRET_KEY to the key before and run: dateline sender reseal; or make new keys."
    return f"SECRET_KEY does not open {names}", fix


def _folder(found: Settings) -> Finding:
    probe = found.data_dir / ".probe"
    try:
        found.data_dir.mkdir(parents=True, exist_ok=True)
        probe.write_text("", encoding="ascii")
        probe.unlink()
    except OSError as fault:
        return Finding("data directory", well=False, found=str(fault.strerror), fix=f"Make {found.data_dir} writable.")
    return Finding("data directory", well=True, found=str(found.data_dir))

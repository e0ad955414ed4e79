"""`dateline release`: a release from a text file to its last journalist."""

import json
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from sqlalchemy.orm import Session

from service import accounts, approvals, manuscripts, releases, senders, topics
from service.cli import again, approving, audience, reach, saying
from service.cli.options import acting, as_json
from service.errors import Refused
from service.models import Lane, Release
from service.releases import Pace
from service.settings import settings


@click.group()
def release() -> None:
    """Write, approve, schedule and steer releases. RELEASE is an id, the beginning of one, or "last"."""


@release.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sender", required=True, metavar="SLUG", help="The newsroom it is from.")
@click.option("--topic", "slugs", required=True, multiple=True, metavar="SLUG", help="Whose subscribers get it.")
@click.option("--embargo", metavar="TIME", help='Until when it is under embargo, as "2026-12-01 09:00 Asia/Almaty".')
@click.option("--notice", is_flag=True, help="A correction, a hold, a kill: it overtakes releases on their way.")
@acting
@reach.database
def import_(
    session: Session,
    files: tuple[Path, ...],
    sender: str,
    slugs: tuple[str, ...],
    embargo: str | None,
    by: str,
    *,
    notice: bool,
) -> None:
    """Make a draft from text files, one for each language; what was not understood is listed."""
    owner = senders.by_slug(session, sender)
    read = [read_manuscript(file) for file in files]
    written = releases.write(
        session,
        owner,
        read,
        by=accounts.by_email(session, by),
        topics=topics.by_slugs(session, owner, slugs),
        embargo=moment(embargo) if embargo else None,
        lane=Lane.NOTICE if notice else Lane.RELEASE,
    )
    click.echo(f"{written.id}  {written.editions[0].headline}")
    for file, manuscript in zip(files, read, strict=True):
        for remark in manuscript.remarks:
            click.echo(f"{file}:{remark.line}: {remark.why}: {remark.text}", err=True)


@release.command("list")
@click.option("--digests", is_flag=True, help="The digests that were made of releases, instead.")
@as_json
@reach.database
def list_(session: Session, *, digests: bool, as_json: bool) -> None:
    """The newest releases first."""
    found = releases.newest(session, digests=digests)
    if as_json:
        plain = [_plain(one, releases.pace_of(session, one)) for one in found]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    if not found and digests:
        click.echo("No digests yet. They are made at 8:00 of their readers, who choose them on their own pages.")
        return
    if not found:
        click.echo("No releases yet. Write the first: dateline release import FILE --sender … --topic …")
        return
    table = Table(Column("id", overflow="fold"), "state", "leaves", "headline")
    for one in found:
        leaves = f"{one.send_at:%Y-%m-%d %H:%M:%S}" if one.send_at else ""
        spread = releases.pace_of(session, one).spread_minutes
        leaves += f", over {spread} min" if spread else ""
        state = f"{one.state.value}: {one.reason}" if one.reason else one.state.value
        table.add_row(str(one.id), Text(state), leaves, Text(one.editions[0].headline))
    Console().print(table)


@release.command()
@click.argument("which", metavar="RELEASE")
@click.option("--note", default="", help="A word to the writer.")
@acting
@reach.database
def approve(session: Session, which: str, note: str, by: str) -> None:
    """Approve a release as it now stands; nobody approves their own."""
    found = releases.find(session, which)
    approvals.approve(session, found, by=accounts.by_email(session, by), note=note)
    _say(found)


@release.command()
@click.argument("which", metavar="RELEASE")
@click.option("--at", "at", required=True, metavar="TIME", help='As "2026-12-01 09:00 Asia/Almaty", or "now".')
@click.option("--spread", default=0, metavar="MINUTES", help="Let it leave little by little within so long.")
@click.option("--deadline", type=int, metavar="HOURS", help="Give up what is not accepted within so long.")
@click.option("--local", metavar="HH:MM", help="When it is so late by each reader's own clock, from that time on.")
@click.option("--max-late", type=int, metavar="MINUTES", help="If it comes to its turn later than that, ask first.")
@acting
@reach.database
def schedule(
    session: Session,
    which: str,
    at: str,
    spread: int,
    deadline: int | None,
    max_late: int | None,
    local: str | None,
    by: str,
) -> None:
    """Send a release at a time, or at its embargo if that is later."""
    found, pace = releases.find(session, which), Pace(spread, deadline, max_late, _clock(local) if local else None)
    when = releases.schedule(session, found, moment(at), by=accounts.by_email(session, by), pace=pace)
    click.echo(f"{found.id}  leaves {when:%Y-%m-%d %H:%M:%S %Z}, {_words(pace)}")


@release.command()
@click.argument("which", metavar="RELEASE")
@click.option("--reason", default="", help="Shown to whoever asks why.")
@acting
@reach.database
def pause(session: Session, which: str, reason: str, by: str) -> None:
    """Let nothing new start until it is resumed."""
    found = releases.find(session, which)
    releases.pause(session, found, by=accounts.by_email(session, by), reason=reason)
    _say(found)


@release.command()
@click.argument("which", metavar="RELEASE")
@acting
@reach.database
def resume(session: Session, which: str, by: str) -> None:
    """Go on where it was paused, or leave now if its time passed meanwhile."""
    found = releases.find(session, which)
    then = releases.resuming(session, found)
    releases.resume(session, found, by=accounts.by_email(session, by))
    click.echo(f"{found.id}  {found.state.value}: {then.value}")


@release.command()
@click.argument("which", metavar="RELEASE")
@click.option("--reason", default="", help="Shown to whoever asks why.")
@acting
@reach.database
def cancel(session: Session, which: str, reason: str, by: str) -> None:
    """Stop for good; what has been sent cannot be recalled."""
    found = releases.find(session, which)
    releases.cancel(session, found, by=accounts.by_email(session, by), reason=reason)
    _say(found)


release.add_command(again.retry)
release.add_command(again.extend)
release.add_command(audience.audience)
release.add_command(audience.why)
release.add_command(audience.wave)
for command in (approving.check, approving.request, approving.send_back, approving.unschedule, *saying.COMMANDS):
    release.add_command(command)


def moment(text: str) -> datetime:
    """A time with its zone: "2026-12-01 09:00 Asia/Almaty", "2026-12-01T04:00Z", "now". Raises Refused."""
    if text == "now":
        return datetime.now(ZoneInfo("UTC"))
    words, _, zone = text.rpartition(" ")
    try:
        if "/" in zone or zone == "UTC":
            return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone))
        found = datetime.fromisoformat(text)
    except (ValueError, ZoneInfoNotFoundError):
        raise Refused(f'{text!a} is no time; write it as "2026-12-01 09:00 Asia/Almaty".') from None
    if found.tzinfo is None:
        raise Refused(f'{text!a} does not say in which zone; write it as "2026-12-01 09:00 Asia/Almaty".')
    return found


def read_manuscript(file: Path) -> manuscripts.Manuscript:
    """The press release in a text file. Raises Refused naming the file."""
    size = file.stat().st_size
    if size > manuscripts.LARGEST:
        raise Refused(f"{file} has {size:,} bytes; a release may have {manuscripts.LARGEST:,} (1 MiB) of text.")
    try:
        return manuscripts.read(file.read_bytes())
    except manuscripts.Unreadable as fault:
        raise Refused(f"{file}: {fault}") from None


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Refused(f'{text!a} is no time of day; write it as "09:00".') from None


def _say(found: Release) -> None:
    click.echo(f"{found.id}  {found.state.value}")


def _words(pace: Pace) -> str:
    spread = f"spread over {pace.spread_minutes} min" if pace.spread_minutes else "all at once"
    if pace.local_time:
        spread = f"at {pace.local_time:%H:%M} by each reader's own clock"
    hours = pace.deadline_hours or settings().deadline_hours
    return f"{spread}; given up after {hours} hour{'' if hours == 1 else 's'}"


def _plain(found: Release, pace: Pace) -> dict[str, object]:
    return {
        "id": str(found.id),
        "state": found.state.value,
        "headline": found.editions[0].headline,
        "languages": [edition.language for edition in found.editions],
        "embargo": found.embargo.isoformat() if found.embargo else None,
        "send_at": found.send_at.isoformat() if found.send_at else None,
        "reason": found.reason,
        **asdict(pace),
        "local_time": pace.local_time.isoformat() if pace.local_time else None,
    }

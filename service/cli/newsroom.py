"""`dateline newsroom`: a release's place in public, its press kit, and who may read it early."""

import json
import mimetypes
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from service import accounts, addresses, journalists, releases, senders
from service.cli import reach
from service.cli.options import acting, as_json
from service.models import NoticeKind
from service.newsroom import embargo, kit, places, publishing
from service.newsroom.kit import Caption

KINDS = [kind.value for kind in NoticeKind]
a_release = click.argument("which", metavar="RELEASE")


@click.group()
def newsroom() -> None:
    """What the world sees of a release. RELEASE is an id, the beginning of one, or "last"."""


@newsroom.command()
@a_release
@reach.database
def show(session: Session, which: str) -> None:
    """Where a release stands in the newsroom, and at which address."""
    found = releases.find(session, which)
    publication = publishing.get(session, found)
    click.echo(places.release(senders.get(session, found.sender_id).slug, publication.slug))
    if publication.withdrawn_at:
        click.echo(f"withdrawn {publication.withdrawn_at:%Y-%m-%d %H:%M:%S %Z}")
    elif not publication.shown:
        click.echo("goes by mail only")
    elif publication.opens_at is None:
        click.echo("has no time to open at yet")
    else:
        words = "public since" if publishing.is_open(session, found.id) else "opens"
        click.echo(f"{words} {publication.opens_at:%Y-%m-%d %H:%M:%S %Z}")


@newsroom.command()
@a_release
@click.option("--mail-only", is_flag=True, help="Keep it out of the newsroom: it goes by mail only.")
@acting
@reach.database
def publish(session: Session, which: str, by: str, *, mail_only: bool) -> None:
    """Let an approved release appear at its time. What was approved before there was a newsroom needs this."""
    found, officer = releases.find(session, which), accounts.by_email(session, by)
    publishing.publish(session, found, by=officer)
    publishing.show(session, found, by=officer, shown=not mail_only)
    click.echo(f"{found.id}  {'goes by mail only' if mail_only else 'appears in the newsroom'}")


@newsroom.command()
@a_release
@click.option("--reason", default="", help="For everybody to read at its address.")
@acting
@reach.database
def withdraw(session: Session, which: str, reason: str, by: str) -> None:
    """Take a release out of the newsroom, at once and for good."""
    found = releases.find(session, which)
    publishing.withdraw(session, found, by=accounts.by_email(session, by), reason=reason)
    click.echo(f"{found.id}  withdrawn")


@newsroom.command()
@click.argument("notice", metavar="NOTICE")
@click.option("--about", required=True, metavar="RELEASE", help="The earlier release.")
@click.option(
    "--kind", required=True, type=click.Choice([kind.value for kind in NoticeKind]), help="What it says of it."
)
@acting
@reach.database
def notice(session: Session, notice: str, about: str, kind: str, by: str) -> None:
    """Say that the draft NOTICE corrects, updates, holds or kills an earlier release, once it is public itself."""
    draft, earlier = releases.find(session, notice), releases.find(session, about)
    publishing.is_about(session, draft, earlier, NoticeKind(kind), by=accounts.by_email(session, by))
    click.echo(f"{draft.id}  {kind} of {earlier.id}")


@newsroom.command()
@a_release
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--caption", default="", help="What it is.")
@click.option("--credit", default="", help="Whose it is.")
@click.option("--alt", default="", help="What a picture shows, for who cannot see it.")
@click.option("--rights", default="", help='How it may be used, as "free for editorial use".')
@acting
@reach.database
def attach(session: Session, which: str, file: Path, caption: str, credit: str, alt: str, rights: str, by: str) -> None:
    """Put a picture or a document into the press kit of a draft."""
    found = releases.find(session, which)
    type_ = mimetypes.guess_type(file.name)[0] or ""
    if file.stat().st_size > kit.LARGEST:
        raise kit.BadFile(f"{file} is larger than {kit.LARGEST // 1_000_000} MB.")
    said = Caption(caption, credit, alt, rights)
    made = kit.attach(session, found, file.name, type_, file.read_bytes(), by=accounts.by_email(session, by), said=said)
    click.echo(f"{made.key}  {made.name}  {made.type}")


@newsroom.command()
@a_release
@click.argument("key")
@acting
@reach.database
def detach(session: Session, which: str, key: str, by: str) -> None:
    """Take a file out of the press kit of a draft, by the key `attach` gave it."""
    kit.detach(session, releases.find(session, which), key, by=accounts.by_email(session, by))
    click.echo(f"{key}  taken out")


@newsroom.command()
@a_release
@click.argument("address")
@click.option("--mail", "mailed", is_flag=True, help="Mail her the link, from the newsroom.")
@acting
@reach.database
def accredit(session: Session, which: str, address: str, by: str, *, mailed: bool) -> None:
    """Let a journalist read a release before its embargo ends; prints the link to send her."""
    found, officer = releases.find(session, which), accounts.by_email(session, by)
    who = journalists.by_address(session, senders.get(session, found.sender_id), address)
    made = embargo.accredit(session, found, who, by=officer)
    if mailed:
        embargo.mail(session, found, made.id, by=officer)
    click.echo(places.embargo(embargo.link_token(made)))


@newsroom.command()
@a_release
@click.argument("address")
@acting
@reach.database
def revoke(session: Session, which: str, address: str, by: str) -> None:
    """Let a journalist's link open nothing any more."""
    found = releases.find(session, which)
    who = journalists.by_address(session, senders.get(session, found.sender_id), address)
    embargo.revoke(session, found, embargo.of(session, found, who).id, by=accounts.by_email(session, by))
    click.echo("revoked")


@newsroom.command()
@a_release
@as_json
@reach.database
def readers(session: Session, which: str, *, as_json: bool) -> None:
    """Who may read a release early, who accepted its embargo, and who opened it."""
    found = embargo.readers(session, releases.find(session, which))
    if as_json:
        plain = [
            {
                "name": one.name,
                "outlet": one.outlet,
                "granted_at": one.granted_at.isoformat(),
                "accepted_at": one.accepted_at.isoformat() if one.accepted_at else None,
                "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
                "openings": one.openings,
                "last_opened_at": one.last_opened_at.isoformat() if one.last_opened_at else None,
            }
            for one in found
        ]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("Nobody may read it early. Grant it: dateline newsroom accredit RELEASE ADDRESS --by …")
        return
    table = Table("journalist", "outlet", "accepted", "opened", "link")
    for one in found:
        accepted = f"{one.accepted_at:%Y-%m-%d %H:%M}" if one.accepted_at else "not yet"
        who = one.name or addresses.masked(one.address)
        table.add_row(who, one.outlet, accepted, str(one.openings), "revoked" if one.revoked_at else "open")
    Console().print(table)

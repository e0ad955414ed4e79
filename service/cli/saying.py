"""`dateline release test | notice | send | pitch | remind`: what is said about a release, and to whom."""

import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from service import accounts, follow_ups, journalists, notices, pitches, proofs, releases, senders, topics
from service.cli import reach
from service.cli.options import acting, as_json
from service.errors import Refused
from service.manuscripts import Manuscript, Unreadable, read_file
from service.models import NoticeKind, Release
from service.notices import Words

KINDS = [kind.value for kind in NoticeKind]
RELEASE = click.argument("which", metavar="RELEASE")
FILES = click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command("test")
@RELEASE
@click.option("--to", "to", required=True, multiple=True, metavar="EMAIL", help="A colleague; again for more.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this edition; again for more.")
@click.option("--as", "reader", metavar="EMAIL", help="As this journalist would get it; nothing goes to them.")
@acting
@reach.database
def test(
    session: Session, which: str, to: tuple[str, ...], languages: tuple[str, ...], reader: str | None, by: str
) -> None:
    """Mail a release as it now stands to colleagues, marked as a test."""
    found = releases.find(session, which)
    person = journalists.by_address(session, senders.get(session, found.sender_id), reader) if reader else None
    wanted = languages or tuple(edition.language for edition in found.editions)
    account = accounts.by_email(session, by)
    number = proofs.send(session, found, to=to, languages=wanted, by=account, reader=person)
    click.echo(f"{found.id}  {number} test{'' if number == 1 else 's'} queued")


@click.command("notice")
@RELEASE
@click.option("--kind", required=True, type=click.Choice(KINDS), help="What it says of the release.")
@FILES
@as_json
@acting
@reach.database
def notice(session: Session, which: str, kind: str, files: tuple[Path, ...], by: str, *, as_json: bool) -> None:
    """Write a correction, an update, a hold or a kill for exactly those who hold RELEASE.

    FILES are its words, one for each language; without any, a hold and a kill say what they ask for. What has not left
    of the release is paused, or for a kill stopped.
    """
    found, said = releases.find(session, which), tuple(_words(file) for file in files)
    if not said and kind in (NoticeKind.CORRECTION, NoticeKind.UPDATE):
        raise Refused("Name the files with the words of the correction or update, one for each language.")
    words = said or notices.propose(session, found, NoticeKind(kind))
    written = notices.begin(session, found, NoticeKind(kind), words, by=accounts.by_email(session, by))
    _say(session, written, as_json=as_json)


@click.command("send")
@RELEASE
@click.option("--emergency", default="", metavar="REASON", help="Why it cannot wait for an approval.")
@click.option("--agreed", default="", metavar="EMAIL", help="Who agreed to that: somebody else who may approve.")
@acting
@reach.database
def send(session: Session, which: str, emergency: str, agreed: str, by: str) -> None:
    """Let an approved notice or follow-up leave now; a notice in an emergency without an approval."""
    found, account = releases.find(session, which), accounts.by_email(session, by)
    people = notices.audience_of(session, found).people
    if emergency or agreed:
        second = accounts.by_email(session, agreed) if agreed else None
        notices.in_emergency(session, found, by=account, agreed=second, reason=emergency)
    else:
        notices.send(session, found, by=account)
    click.echo(f"{found.id}  leaves now, to {people}")


@click.command("pitch")
@RELEASE
@click.option("--to", "to", default="", metavar="EMAIL", help="The journalist it is for.")
@click.option("--topic", "slug", default="", metavar="SLUG", help="Or the topic whose readers it is for.")
@click.option("--note", required=True, metavar="TEXT", help="What is said above the headline.")
@acting
@reach.database
def pitch(session: Session, which: str, to: str, slug: str, note: str, by: str) -> None:
    """Say something above a release to one journalist, or to those who get it by one topic."""
    found = releases.find(session, which)
    sender = senders.get(session, found.sender_id)
    person = journalists.by_address(session, sender, to) if to else None
    topic = topics.by_slugs(session, sender, [slug])[0] if slug else None
    pitches.say(session, found, note, by=accounts.by_email(session, by), journalist=person, topic=topic)
    click.echo(f"{found.id}  {len(pitches.of(session, found))} notes, {found.state.value}")


@click.command("remind")
@RELEASE
@click.option("--say", "said", required=True, multiple=True, metavar="TEXT", help="For each edition, in their order.")
@as_json
@acting
@reach.database
def follow_up(session: Session, which: str, said: tuple[str, ...], by: str, *, as_json: bool) -> None:
    """Ask those who got a release and sent no answer once more, in the same thread."""
    found = releases.find(session, which)
    words = {edition.language: text for edition, text in zip(found.editions, said, strict=False)}
    _say(session, follow_ups.begin(session, found, words, by=accounts.by_email(session, by)), as_json=as_json)


COMMANDS = (test, notice, send, pitch, follow_up)


def _words(file: Path) -> Words:
    try:
        read: Manuscript = read_file(file.name, file.read_bytes())
    except Unreadable as fault:
        raise Refused(f"{file}: {fault}") from None
    return Words(read.language, read.headline, read.lead, read.body)


def _say(session: Session, written: Release, *, as_json: bool) -> None:
    audience = notices.audience_of(session, written)
    left_out = {reason.value: number for reason, number in audience.left_out.items()}
    if as_json:
        click.echo(json.dumps({"id": str(written.id), "people": audience.people, "left_out": left_out}))
        return
    click.echo(f"{written.id}  for {audience.people} people; {sum(left_out.values())} left out")

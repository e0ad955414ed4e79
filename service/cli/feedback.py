"""`dateline feedback`: what a folder of messages says, read as the service reads it; no database and no network."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from service.cli.take import take
from service.feedback import Event, Kind, Verdict, read
from service.feedback.mime import LONGEST_MESSAGE

DEAD = frozenset({Verdict.HARD, Verdict.DEAD_DOMAIN})
ACTIONS = {Kind.BOUNCE: "failed", Kind.DELAY: "delayed", Kind.DELIVERED: "delivered"}
# What a message is, by the first of these that one of its events is.
KINDS = (
    (Kind.BOUNCE, "bounce"),
    (Kind.DELAY, "bounce"),
    (Kind.COMPLAINT, "complaint"),
    (Kind.DELIVERED, "delivered"),
    (Kind.AUTO_REPLY, "auto-reply"),
)


@click.group()
def feedback() -> None:
    """What bounces, complaints and answers say."""


feedback.add_command(take)


@feedback.command("read")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
def read_folder(folder: Path) -> None:
    """One JSON line for each file in DIR and below it: what kind of message it is, and what it says of whom.

    What cannot be opened is named on stderr, and the command ends with 1.
    """
    unread = 0
    for path in _files(folder):
        try:
            with path.open("rb") as file:
                message = file.read(LONGEST_MESSAGE)
        except OSError as fault:
            click.echo(f"{path}: {fault.strerror}", err=True)
            unread += 1
            continue
        click.echo(json.dumps({"file": path.relative_to(folder).as_posix(), **told(read(message))}))
    sys.exit(1 if unread else 0)


def told(events: tuple[Event, ...]) -> dict[str, object]:
    """What the events of one message say, in the words of JSON."""
    kinds = {event.kind for event in events}
    kind = next((word for one, word in KINDS if one in kinds), "not-a-bounce")
    return {"kind": kind, "recipients": [_recipient(event) for event in events if event.recipient]}


def _files(folder: Path) -> Iterator[Path]:
    """Every file below the folder, in order; links to folders are not followed."""
    for place, folders, names in os.walk(folder, onerror=_name_fault):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def _name_fault(fault: OSError) -> None:
    click.echo(f"{fault.filename}: {fault.strerror}", err=True)


def _recipient(event: Event) -> dict[str, object]:
    return {
        "address": event.recipient,
        "class": _class(event),
        "action": ACTIONS.get(event.kind),
        "permanent": event.permanent,
        "status": event.status,
        "reply": event.reply,
        "reason": event.reason,
        "verdict": event.verdict.value if event.verdict else None,
    }


def _class(event: Event) -> str:
    if event.kind is Kind.COMPLAINT:
        return "complaint"
    if event.kind not in (Kind.BOUNCE, Kind.DELAY):
        return "not-a-bounce"
    return "hard" if event.kind is Kind.BOUNCE and event.verdict in DEAD else "soft"

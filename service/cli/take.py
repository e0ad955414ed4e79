"""`dateline feedback take`: a message that a mail server pipes in, stored before the server hears that it was taken."""

import sys
from typing import BinaryIO

import click
import structlog

from service import db, received
from service.cli import reach
from service.feedback import addressed
from service.models import Way

log = structlog.get_logger(__name__)

STORED = 0
TOO_LARGE = 65
"""EX_DATAERR of sysexits.h: the mail server gives it back."""
TRY_AGAIN = 75
"""EX_TEMPFAIL: the mail server keeps it and comes again."""


@click.command()
@click.option("--recipient", default="", metavar="ADDRESS", help="Whom it came for; else what its headers say.")
@click.option("--sender", metavar="ADDRESS", help='Its envelope sender, "" for the null one; else its Return-Path.')
def take(recipient: str, sender: str | None) -> None:
    """Store one message from standard input, for a mail server's pipe. Twice the same is once.

    Ends with 0 when it is stored, with 75 when it cannot be now (the mail server keeps it then), with 65 when it is
    larger than 10 MB.
    """
    sys.exit(store(sys.stdin.buffer, recipient, sender))


def store(source: BinaryIO, recipient: str, sender: str | None) -> int:
    """Store it; how the command ends. Whatever is wrong with us, the mail server is to keep the message."""
    message = source.read(received.LARGEST + 1)
    if len(message) > received.LARGEST:
        click.echo("dateline: the message is larger than 10 MB", err=True)
        return TOO_LARGE
    try:
        with reach.servers(), db.transaction() as session:
            whom = recipient or addressed.recipient(message)
            path = addressed.returned_to(message) if sender is None else sender.strip("<>")
            key = received.key_of(whom.encode(errors="replace"), message)
            received.keep(session, Way.PIPE, whom, message, envelope_from=path, key=key)
    except Exception as fault:
        # The outermost of this command: any other end than this one would bounce the message.
        click.echo(f"dateline: not stored now ({type(fault).__name__})", err=True)
        return TRY_AGAIN
    return STORED

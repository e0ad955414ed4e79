"""The way in by IMAP: `python -m workers.inbound.mailbox`, on the mailbox BOUNCE_MAILBOX.

It waits by IDLE where the server offers it (RFC 2177), else it looks every minute; a lost connection is opened again.
"""

import imaplib
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import structlog
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError
from sqlalchemy.exc import OperationalError

from service import jobs, logs
from service.settings import settings
from workers.inbound import tokens
from workers.inbound.letterbox import Letterbox, capabilities
from workers.inbound.tokens import Tokens
from workers.relays import trust
from workers.relays.url import Place, is_loopback, parse

log = structlog.get_logger(__name__)

SECONDS = 60.0
"""Of patience with the server."""
POLL_SECONDS = 60.0
IDLE_SECONDS = 120.0
"""Well below the half hour after which servers forget us; and what IDLE did not tell is found then."""
SORTING_SECONDS = 1.0
FIRST_REST, LONGEST_REST = 2.0, 300.0
AWAY = (OSError, imaplib.IMAP4.error, ImapToolsError, OperationalError)
"""The server, the way to it, or our database."""
DONE = "Dateline"


def place(url: str) -> Place:
    """The mailbox of a URL; its path is the folder, INBOX without one. Raises ValueError for what it says wrongly."""
    found = parse(url)
    found.only("ca", "done")
    if found.scheme not in {"imaps", "imap+starttls", "imap"} or not found.user:
        raise ValueError("BOUNCE_MAILBOX is imaps://user@host/folder or imap+starttls://…")
    if found.scheme == "imap" and not is_loopback(found.host):
        raise ValueError("BOUNCE_MAILBOX: imap:// would send the password in clear; take imaps://")
    return found


@contextmanager
def opened(where: Place, secret: str | Tokens) -> Iterator[BaseMailBox]:
    """The mailbox, signed in to by a password or a token, its folder selected. Raises one of AWAY, tokens.Withdrawn."""
    box, folder = _connected(where), where.path.strip("/") or "INBOX"
    try:
        if isinstance(secret, Tokens):
            tokens.sign_in(box, where.user or "", secret, capabilities(box))
            box.folder.set(folder)
        else:
            box.login(where.user or "", secret, initial_folder=folder)
        yield box
    finally:
        # After a fault there may be nobody to say goodbye to.
        box.client.shutdown()


def _connected(where: Place) -> BaseMailBox:
    context = trust.context(where.options.get("ca"))
    if where.scheme == "imaps":
        return MailBox(where.host, where.port or 993, timeout=SECONDS, ssl_context=context)
    if where.scheme == "imap+starttls":
        return MailBoxStartTls(where.host, where.port or 143, timeout=SECONDS, ssl_context=context)
    return MailBoxUnencrypted(where.host, where.port or 143, timeout=SECONDS)


def serve(where: Place, secret: str | Tokens, stop: Event, pulse: Path | None = None) -> None:
    """Take mail until `stop`; whatever goes away is waited for, longer each time."""
    rest = FIRST_REST
    while not stop.is_set():
        try:
            with opened(where, secret) as box:
                log.info("mailbox open", host=where.host)
                rest = FIRST_REST
                _watch(box, where, stop, pulse)
        except MailboxLoginError:
            # A wrong password tried again and again locks the account.
            log.error("mailbox needs the operator: login refused", host=where.host)  # noqa: TRY400 - no trace is needed
            rest = LONGEST_REST
        except tokens.Withdrawn as fault:
            log.error("mailbox needs the operator: refresh token refused", host=where.host, said=str(fault))  # noqa: TRY400
            rest = LONGEST_REST
        except AWAY as fault:
            log.warning("mailbox lost", host=where.host, fault=type(fault).__name__)
        stop.wait(rest if not stop.is_set() else 0)
        rest = min(2 * rest, LONGEST_REST)


def _watch(box: BaseMailBox, where: Place, stop: Event, pulse: Path | None) -> None:
    letterbox = Letterbox(box, where.options.get("done", DONE))
    idles = "IDLE" in capabilities(box)
    while not stop.is_set():
        if letterbox.take_new():
            jobs.ring_all(jobs.Job.SORT, [()])
        letterbox.settle()
        if pulse is not None:
            pulse.touch()
        if letterbox.waits:
            stop.wait(SORTING_SECONDS)
        elif idles:
            _idle(box, stop)
        else:
            stop.wait(POLL_SECONDS)


def _idle(box: BaseMailBox, stop: Event) -> None:
    """Until the server tells of something, for IDLE_SECONDS at most."""
    box.idle.start()  # type: ignore[no-untyped-call]  # imap-tools leaves it untyped
    waited = 0.0
    while waited < IDLE_SECONDS and not stop.is_set() and not box.idle.poll(timeout=1):
        waited += 1
    box.idle.stop()  # type: ignore[no-untyped-call]


def main() -> int:
    """Run until SIGTERM or SIGINT; 2 when the settings name no mailbox."""
    logs.configure()
    found, stop = settings(), Event()
    if not found.bounce_mailbox:
        sys.stderr.write("BOUNCE_MAILBOX names no mailbox\n")
        return 2
    try:
        where = place(found.bounce_mailbox)
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pulse = found.data_dir / "pulse" / "mailbox"
    pulse.parent.mkdir(parents=True, exist_ok=True)
    serve(where, tokens.given(found) or found.bounce_mailbox_password.get_secret_value(), stop, pulse)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The desk of inbound SMTP: whom it takes mail for, and a 250 only for what is stored."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.exc import SQLAlchemyError

from service import db, links, received
from service.feedback import addressed
from service.models import Way
from workers.inbound.forgeries import Tally
from workers.inbound.shares import Shares

log = structlog.get_logger(__name__)

ROLES = frozenset({"postmaster", "abuse"})
"""RFC 2142, and RFC 5321 4.5.1 for the first; complaints of feedback loops come to the second."""
LONGEST_ADDRESS = 320
MOST_RECIPIENTS = 100  # RFC 5321 4.5.3.1.8
STORING_AT_ONCE = 8

NOBODY = "550 5.1.1 No such mailbox here"
TOO_FAST = "451 4.7.0 Too much from your network, try again later"
TOO_MANY = "452 4.5.3 Too many recipients"
STORED = "250 2.0.0 Stored"
LATER = "451 4.3.0 Cannot store it now, try again later"


class Desk:
    """Answers RCPT and DATA for every connection. `stored` is called on the loop after each commit.

    The names of its methods are aiosmtpd's.
    """

    def __init__(self, domain: str, *, way: Way, stored: Callable[[], None], shares: Shares) -> None:
        self._domain = domain.lower()
        self._way = way
        self._stored = stored
        self._shares = shares
        self._threads = ThreadPoolExecutor(STORING_AT_ONCE, "store")
        self._asking = ThreadPoolExecutor(1, "share")
        self._forged = Tally(self._threads)
        self._busy: set[asyncio.Future[None]] = set()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        peer = session.peer[0] if isinstance(session.peer, tuple) else ""
        if not await self._admits(peer):
            return TOO_FAST
        envelope.mail_from = address  # "<>" for the null one: aiosmtpd takes an empty one for none
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not takes(address, self._domain):
            if links.looks_signed(address):
                self._forged.add()
            return NOBODY
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        message = envelope.original_content or b""
        sender = (envelope.mail_from or "").strip("<>")
        loop = asyncio.get_running_loop()
        storing = loop.run_in_executor(self._threads, store, self._way, envelope.rcpt_tos, message, sender)
        self._busy.add(storing)
        try:
            # Shielded: a client that hangs up now may have its message twice, and must not have it half.
            await asyncio.shield(storing)
        except SQLAlchemyError as fault:
            log.warning("message not stored", fault=type(fault).__name__)
            return LATER
        finally:
            self._busy.discard(storing)
        self._stored()
        return STORED

    async def handle_exception(self, error: Exception) -> str:
        log.error("inbound session failed", fault=type(error).__name__)
        return LATER

    async def close(self) -> None:
        """Finish what is being stored."""
        await asyncio.gather(*self._busy, return_exceptions=True)
        await self._forged.close()
        self._threads.shutdown()
        self._asking.shutdown()

    async def _admits(self, peer: str) -> bool:
        """Not on the loop where Valkey is asked, nor where messages are stored: it may let us wait."""
        if not self._shares.is_counted(peer):
            return True
        return await asyncio.get_running_loop().run_in_executor(self._asking, self._shares.admit, peer)


def takes(address: str, domain: str) -> bool:
    """Whether mail to this address is taken: one that we signed, or a role at our domain. Nothing is relayed."""
    if len(address) > LONGEST_ADDRESS or not (address.isascii() and address.isprintable()):
        return False
    local, _, host = address.strip("<>").rpartition("@")
    if not local:
        return host.lower() == "postmaster"  # RFC 5321 4.1.1.3: the one address without a domain
    if host.lower() != domain:
        return False
    return local.lower() in ROLES or addressed.signed(address)


def store(way: Way, recipients: Sequence[str], message: bytes, envelope_from: str | None) -> None:
    """Commit the message, once for each recipient. Raises SQLAlchemyError when the database cannot."""
    with db.transaction() as session:
        received.keep_for_all(session, way, recipients, message, envelope_from=envelope_from)

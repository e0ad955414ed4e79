"""An open mailbox: what is new in it is stored, what was understood is moved away, the rest is left for a person.

Nothing is ever deleted here, nor expunged: imap-tools expunges with each flag it sets, so flags are set by hand. What
was stored is known by its content: a UID means nothing any more once the server has numbered anew (UIDVALIDITY), and
another copy of this process may be at work.
"""

import re
from uuid import UUID

import structlog
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderCreateError, UnexpectedCommandStatusError
from imap_tools.utils import check_command_status, encode_folder

from service import db, received
from service.feedback import addressed
from service.models import Way
from service.received import LARGEST, Fate

log = structlog.get_logger(__name__)

READ = "DatelineRead"
"""The keyword of what was understood, where it cannot be moved."""
NEW = f"UNFLAGGED UNDELETED UNKEYWORD {READ}"
MOST_AT_ONCE = 200
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Letterbox:
    """One selected folder, for one connection. `done` is the folder that what was understood goes to."""

    def __init__(self, box: BaseMailBox, done: str) -> None:
        self._box = box
        self._done = done
        self._stored: dict[str, UUID] = {}
        self._moves = "MOVE" in capabilities(box) and self._has_done()

    @property
    def waits(self) -> bool:
        """Whether anything is stored of which the sorter has not said yet what it is."""
        return bool(self._stored)

    def take_new(self) -> int:
        """Store what is new; how many. Each is committed before anything is done to it in the mailbox."""
        uids = [uid for uid in self._box.uids(NEW, charset=None) if uid not in self._stored][:MOST_AT_ONCE]
        return sum(self._take(uid) for uid in uids)

    def settle(self) -> None:
        """Move what was understood; flag the rest, which stays unread where it is."""
        with db.transaction() as session:
            fates = {uid: received.fate(session, id_) for uid, id_ in self._stored.items()}
        self._put_away([uid for uid, fate in fates.items() if fate is Fate.UNDERSTOOD])
        self._leave([uid for uid, fate in fates.items() if fate is Fate.UNMATCHED])
        self._stored = {uid: id_ for uid, id_ in self._stored.items() if fates[uid] is Fate.WAITING}

    def _take(self, uid: str) -> bool:
        message = self._source(uid)
        if message is None:
            return False
        with db.transaction() as session:
            self._stored[uid] = received.keep(
                session,
                Way.MAILBOX,
                addressed.recipient(message),
                message,
                envelope_from=addressed.returned_to(message),
                key=received.key_of(message),
            )
        return True

    def _source(self, uid: str) -> bytes | None:
        """The message, without marking it as read; None when it is gone, or too large, which a person is shown."""
        size = _SIZE.search(b" ".join(_bytes(self._asked(uid, "(RFC822.SIZE)"))))
        if size is None:
            return None
        if int(size[1]) > LARGEST:
            log.warning("mailbox message too large", octets=int(size[1]))
            self._leave([uid])
            return None
        found = self._asked(uid, "(BODY.PEEK[])")
        return next((piece[1] for piece in found if isinstance(piece, tuple)), None)

    def _asked(self, uid: str, what: str) -> list[object]:
        result = self._box.client.uid("FETCH", uid, what)
        check_command_status(result, ImapToolsStatus)
        return list(result[1])

    def _put_away(self, uids: list[str]) -> None:
        if not uids:
            return
        if self._moves:
            result = self._box.client.uid("MOVE", ",".join(uids), encode_folder(self._done).decode("ascii"))
            check_command_status(result, ImapToolsStatus)
        else:
            self._store(uids, "+FLAGS.SILENT", rf"({READ} \Seen)")

    def _leave(self, uids: list[str]) -> None:
        if uids:
            self._store(uids, "-FLAGS.SILENT", r"(\Seen)")
            self._store(uids, "+FLAGS.SILENT", r"(\Flagged)")

    def _store(self, uids: list[str], act: str, flags: str) -> None:
        check_command_status(self._box.client.uid("STORE", ",".join(uids), act, flags), ImapToolsStatus)

    def _has_done(self) -> bool:
        """Whether there is the folder to move to; made if need be, perhaps by another copy in this very moment."""
        if self._box.folder.exists(self._done):
            return True
        try:
            self._box.folder.create(self._done)
            self._box.folder.subscribe(self._done, True)  # noqa: FBT003 - imap-tools' own signature
        except MailboxFolderCreateError:
            return self._box.folder.exists(self._done)
        except ImapToolsError:
            log.info("mailbox folder not subscribed")
        return True


class ImapToolsStatus(UnexpectedCommandStatusError):
    """The server refused what it was asked."""


def capabilities(box: BaseMailBox) -> frozenset[str]:
    """What the server offers now: after the login it is commonly more than before."""
    result = box.client.capability()
    check_command_status(result, ImapToolsStatus)
    return frozenset(b" ".join(_bytes(result[1])).decode("ascii", "replace").upper().split())


def _bytes(found: object) -> list[bytes]:
    pieces = found if isinstance(found, list) else []
    flat = [part for piece in pieces for part in (piece if isinstance(piece, tuple) else (piece,))]
    return [part for part in flat if isinstance(part, bytes)]

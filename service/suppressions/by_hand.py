"""What a person does about suppressions: adding one, many from a file, and lifting one with a reason."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from service import accounts, addresses, audit
from service.errors import Refused
from service.models import Account, Role, SuppressionReason
from service.suppressions.keeping import THEIR_WORD, TheirWordNeeded, add, add_all, lift
from service.suppressions.listing import Entry

LOOKS_AFTER = (Role.JOURNALISTS, Role.ADMINISTER)
LONGEST_NOTE = 500
MOST = 100_000
BATCH = 5_000


class BadNote(Refused):
    """Say why in a few words that hold no address: this note outlives the person's erasure."""

    def __init__(self) -> None:
        super().__init__(
            f"Say why, in 1 to {LONGEST_NOTE} characters and without an e-mail address: the note outlives an erasure."
        )


class TooMany(Refused):
    """Split the file."""

    def __init__(self) -> None:
        super().__init__(f"More than {MOST:,} lines. Split the file.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's lines: suppressed by it, and those (numbered from 1) that hold no address."""

    addresses: int
    faults: tuple[int, ...]


def may_change(account: Account, sender_id: UUID | None) -> bool:
    """Whether this account looks after the addresses of a sender; without one, of all: then she administers."""
    if sender_id is None:
        return account.active and any(right.role is Role.ADMINISTER for right in account.rights)
    return any(accounts.may(account, sender_id, role) for role in LOOKS_AFTER)


def suppress(session: Session, address: str, sender_id: UUID | None, note: str, *, by: Account) -> None:
    """Mail this address no more, at a person's word. Raises accounts.NotAllowed, BadNote, addresses.BadAddress."""
    _check(by, sender_id, note)
    fingerprint = addresses.fingerprint(address)
    add(session, fingerprint, SuppressionReason.BY_HAND, sender=sender_id, evidence=note.strip(), by=by)
    audit.write(session, "address suppressed", account=by, sender=str(sender_id or "all"))


def import_(session: Session, text: str, sender_id: UUID | None, note: str, *, by: Account) -> Imported:
    """Suppress the first cell of each line, a header passed over. Twice is once; nobody's heavier reason is replaced.

    Raises accounts.NotAllowed, BadNote, TooMany.
    """
    _check(by, sender_id, note)
    lines = text.splitlines()
    if len(lines) > MOST:
        raise TooMany
    found, faults = _read(lines)
    prints = sorted(found)
    for at in range(0, len(prints), BATCH):
        batch = set(prints[at : at + BATCH])
        add_all(session, batch, SuppressionReason.BY_HAND, sender=sender_id, evidence=note.strip(), by=by)
    audit.write(session, "suppressions imported", account=by, sender=str(sender_id or "all"), number=len(found))
    return Imported(len(found), tuple(faults))


def lift_entry(session: Session, found: Entry, note: str, *, their_word: bool = False, by: Account) -> None:
    """Mail this address again, for a reason. What the person said no by, `their_word` has to be behind.

    An erased person comes back by her own subscription alone. Raises accounts.NotAllowed, BadNote, TheirWordNeeded.
    """
    _check(by, found.sender_id, note)
    if found.reason is SuppressionReason.ERASED:
        raise TheirWordNeeded(found.reason)
    words = f"{'at their own word' if their_word and found.reason in THEIR_WORD else 'lifted'}: {note.strip()}"
    lift(session, found.fingerprint, sender=found.sender_id, on_their_word=their_word, why=words, by=by)


def _check(by: Account, sender_id: UUID | None, note: str) -> None:
    if not may_change(by, sender_id):
        raise accounts.NotAllowed(Role.ADMINISTER if sender_id is None else Role.JOURNALISTS)
    if not 0 < len(note.strip()) <= LONGEST_NOTE or "@" in note or not note.isprintable():
        raise BadNote


def _read(lines: list[str]) -> tuple[set[bytes], list[int]]:
    found: set[bytes] = set()
    faults: list[int] = []
    for number, line in enumerate(lines, 1):
        cell = line.replace(";", ",").replace("\t", ",").partition(",")[0].strip().strip('"')
        if not cell or (number == 1 and "@" not in cell):
            continue
        try:
            found.add(addresses.fingerprint(cell))
        except addresses.BadAddress:
            faults.append(number)
    return found, faults

"""Addresses that must not be mailed. Only a keyed fingerprint is kept, so it outlives erasure and import."""

from collections.abc import Set
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import addresses, audit
from service.errors import Refused
from service.models import Account, Sender, Suppression, SuppressionReason

WEIGHT = (
    SuppressionReason.BY_HAND,
    SuppressionReason.BOUNCE,
    SuppressionReason.UNSUBSCRIBED,
    SuppressionReason.COMPLAINT,
    SuppressionReason.ERASED,
)
"""From the reason most easily undone to the least; a later evidence replaces only a lighter one."""
THEIR_WORD = frozenset({SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINT, SuppressionReason.ERASED})
"""What the person said no by: only the person takes it back."""


class TheirWordNeeded(Refused):
    """Ask the person to subscribe again; nobody else can take back their no."""

    def __init__(self, reason: SuppressionReason) -> None:
        super().__init__(
            f"This address is suppressed ({reason.value}) by the person's own word; it is lifted when they subscribe "
            "again themselves."
        )
        self.reason = reason


def add(
    session: Session,
    address: str | bytes,
    reason: SuppressionReason,
    *,
    sender: Sender | UUID | None = None,
    evidence: str = "",
    by: Account | None = None,
) -> None:
    """Mail this address (or the one of this fingerprint) no more, for a sender or, without one, for all.

    Twice is once; a heavier reason replaces a lighter one, never the other way. `evidence` holds no address.
    Raises addresses.BadAddress.
    """
    add_all(session, {_fingerprint(address)}, reason, sender=sender, evidence=evidence, by=by)


def add_all(
    session: Session,
    fingerprints: Set[bytes],
    reason: SuppressionReason,
    *,
    sender: Sender | UUID | None = None,
    evidence: str = "",
    by: Account | None = None,
) -> None:
    """`add` for some thousands at once."""
    if not fingerprints:
        return
    common = {
        "sender_id": _id(sender),
        "reason": reason,
        "evidence": evidence,
        "account_id": by.id if by else None,
    }
    lighter = WEIGHT[: WEIGHT.index(reason)]
    # Sorted, so that two at once wait for each other instead of dying in a deadlock.
    statement = insert(Suppression).values([common | {"fingerprint": each} for each in sorted(fingerprints)])
    statement = statement.on_conflict_do_update(
        index_elements=[Suppression.fingerprint, Suppression.sender_id],
        set_={column: statement.excluded[column] for column in ("reason", "evidence", "account_id")},
        where=Suppression.reason.in_(lighter),
    )
    session.execute(statement)


def holds(session: Session, address: str | bytes, sender: Sender | UUID) -> bool:
    """Whether this sender must not mail the address. Raises addresses.BadAddress."""
    return reason(session, address, sender) is not None


def reason(session: Session, address: str | bytes, sender: Sender | UUID) -> SuppressionReason | None:
    """The heaviest reason why this sender must not mail the address, if there is one. Raises addresses.BadAddress."""
    query = select(Suppression.reason).where(
        Suppression.fingerprint == _fingerprint(address),
        or_(Suppression.sender_id == _id(sender), Suppression.sender_id.is_(None)),
    )
    return max(session.scalars(query), key=WEIGHT.index, default=None)


def lift(
    session: Session,
    address: str | bytes,
    *,
    sender: Sender | UUID | None = None,
    on_their_word: bool = False,
    by: Account | None = None,
) -> bool:
    """Allow the address again for this sender, or for all where it was suppressed for all; whether there was anything.

    Raises TheirWordNeeded for a complaint, an unsubscription or an erasure without `on_their_word`.
    """
    scope = Suppression.sender_id == _id(sender) if sender else Suppression.sender_id.is_(None)
    query = select(Suppression).where(Suppression.fingerprint == _fingerprint(address), scope).with_for_update()
    found = session.scalar(query)
    if found is None:
        return False
    if found.reason in THEIR_WORD and not on_their_word:
        raise TheirWordNeeded(found.reason)
    session.execute(delete(Suppression).where(Suppression.id == found.id))
    audit.write(session, "suppression lifted", account=by, suppression=str(found.id), reason=found.reason.value)
    return True


def take_back(session: Session, address: str | bytes, *, sender: Sender | UUID) -> None:
    """The person subscribed again themselves: lift what their own word had suppressed for this sender."""
    session.execute(
        delete(Suppression).where(
            Suppression.fingerprint == _fingerprint(address),
            Suppression.sender_id == _id(sender),
            Suppression.reason.in_(THEIR_WORD),
        )
    )


def undo(session: Session, fingerprint: bytes, sender_id: UUID, evidence: str) -> None:
    """The person takes back one act of leaving, named by its evidence; what was suppressed otherwise stays so."""
    session.execute(
        delete(Suppression).where(
            Suppression.fingerprint == fingerprint,
            Suppression.sender_id == sender_id,
            Suppression.reason == SuppressionReason.UNSUBSCRIBED,
            Suppression.evidence == evidence,
        )
    )


def _id(sender: Sender | UUID | None) -> UUID | None:
    return sender.id if isinstance(sender, Sender) else sender


def _fingerprint(address: str | bytes) -> bytes:
    return address if isinstance(address, bytes) else addresses.fingerprint(address)

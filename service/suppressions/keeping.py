"""Suppressing, resting and lifting. Every change leaves a line that says why and by whom."""

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, tuple_
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.dialects.postgresql import insert as put
from sqlalchemy.orm import Session

from service import addresses, audit
from service.errors import Refused
from service.models import Account, Became, Sender, StandingChange, Suppression, SuppressionReason

WEIGHT = (
    SuppressionReason.RESTING,
    SuppressionReason.BY_HAND,
    SuppressionReason.BOUNCE,
    SuppressionReason.UNSUBSCRIBED,
    SuppressionReason.COMPLAINT,
    SuppressionReason.ERASED,
)
"""From the reason most easily undone to the least; a later evidence replaces only a lighter one."""
THEIR_WORD = frozenset({SuppressionReason.UNSUBSCRIBED, SuppressionReason.COMPLAINT, SuppressionReason.ERASED})
"""What the person said no by: only the person takes it back."""
BY_POLICY = frozenset({SuppressionReason.RESTING, SuppressionReason.BOUNCE})
"""What the service decides by itself, and can therefore take back by itself."""
ANSWERED = "confirmed a subscription by a mail to it, so mail arrives"
STOPS = """p.fingerprint = j.fingerprint AND (p.sender_id IS NULL OR p.sender_id = j.sender_id)
           AND (p.until IS NULL OR p.until > now())"""
"""The condition that `suppression p` keeps mail from `journalist j`, for those who write SQL themselves."""


class Rest(NamedTuple):
    """An address of a sender at rest: until then, or until a person says so. `evidence` is a sentence for people."""

    fingerprint: bytes
    sender_id: UUID
    until: datetime | None
    evidence: str


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
        "until": None,
    }
    lighter = WEIGHT[: WEIGHT.index(reason)]
    # Sorted, so that two at once wait for each other instead of dying in a deadlock.
    statement = put(Suppression).values([common | {"fingerprint": each} for each in sorted(fingerprints)])
    columns = ("reason", "evidence", "account_id", "until")
    _keep(session, statement, columns, Suppression.reason.in_(lighter))


def rest(session: Session, rests: Iterable[Rest]) -> None:
    """Let these addresses rest, where nothing heavier holds them; a rest is made longer, never shorter."""
    found = [{**each._asdict(), "reason": SuppressionReason.RESTING} for each in sorted(rests, key=_order)]
    if not found:
        return
    statement = put(Suppression).values(found)
    longer = or_(statement.excluded.until.is_(None), statement.excluded.until > Suppression.until)
    resting = Suppression.reason == SuppressionReason.RESTING
    _keep(session, statement, ("evidence", "until"), resting & Suppression.until.is_not(None) & longer)


def ease(session: Session, rests: Sequence[Rest]) -> None:
    """Let these only rest whom the service by itself had suppressed; a person's decision stays."""
    _remove(session, [_order(each) for each in rests], {SuppressionReason.BOUNCE})
    rest(session, rests)


def let_go(session: Session, keys: Sequence[tuple[bytes, UUID]], why: str, *, by: Account | None) -> None:
    """Mail these (fingerprint, sender) again whom the service by itself had stopped; a person's decision stays."""
    _write(session, _remove(session, keys, BY_POLICY), Became.OPEN, why, by)


def _remove(
    session: Session, keys: Sequence[tuple[bytes, UUID]], reasons: Set[SuppressionReason]
) -> Sequence[Suppression]:
    if not keys:
        return []
    theirs = tuple_(Suppression.fingerprint, Suppression.sender_id).in_(keys)
    which = (theirs, Suppression.reason.in_(reasons), Suppression.account_id.is_(None))
    statement = delete(Suppression).where(*which).returning(Suppression)
    return session.scalars(statement.execution_options(synchronize_session=False)).all()


def _keep(session: Session, statement: Insert, columns: Iterable[str], where: ColumnElement[bool]) -> None:
    """Insert or replace, and note what became of whom."""
    values = {column: statement.excluded[column] for column in columns} | {"created_at": func.now()}
    statement = statement.on_conflict_do_update(
        index_elements=[Suppression.fingerprint, Suppression.sender_id], set_=values, where=where
    )
    changed = session.scalars(statement.returning(Suppression), execution_options={"populate_existing": True}).all()
    for became in (Became.RESTING, Became.SUPPRESSED):
        rows = [row for row in changed if (row.reason is SuppressionReason.RESTING) == (became is Became.RESTING)]
        _write(session, rows, became)


def _write(
    session: Session, rows: Sequence[Suppression], became: Became, evidence: str = "", by: Account | None = None
) -> None:
    lines = [
        {
            "fingerprint": row.fingerprint,
            "sender_id": row.sender_id,
            "became": became,
            "reason": row.reason.value,
            "evidence": evidence or row.evidence,
            "account_id": by.id if by else row.account_id,
        }
        for row in rows
    ]
    if lines:
        session.execute(insert(StandingChange), lines)


def _order(each: Rest) -> tuple[bytes, UUID]:
    return each.fingerprint, each.sender_id


def holds(session: Session, address: str | bytes, sender: Sender | UUID) -> bool:
    """Whether this sender must not mail the address. Raises addresses.BadAddress."""
    return reason(session, address, sender) is not None


def reason(session: Session, address: str | bytes, sender: Sender | UUID) -> SuppressionReason | None:
    """The heaviest reason why this sender must not mail the address, if there is one. Raises addresses.BadAddress."""
    query = select(Suppression.reason).where(
        Suppression.fingerprint == _fingerprint(address),
        or_(Suppression.sender_id == _id(sender), Suppression.sender_id.is_(None)),
        or_(Suppression.until.is_(None), Suppression.until > func.now()),
    )
    return max(session.scalars(query), key=WEIGHT.index, default=None)


def lift(
    session: Session,
    address: str | bytes,
    *,
    sender: Sender | UUID | None = None,
    on_their_word: bool = False,
    why: str = "",
    by: Account | None = None,
) -> bool:
    """Allow the address again for this sender, or for all where it was suppressed for all; whether there was anything.

    What was counted against it until now counts no more. `why` holds no address. Raises TheirWordNeeded for a
    complaint, an unsubscription or an erasure without `on_their_word`.
    """
    scope = Suppression.sender_id == _id(sender) if sender else Suppression.sender_id.is_(None)
    query = select(Suppression).where(Suppression.fingerprint == _fingerprint(address), scope).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        return False
    if found.reason in THEIR_WORD and not on_their_word:
        raise TheirWordNeeded(found.reason)
    _write(session, [found], Became.OPEN, why or "lifted", by)
    session.execute(delete(Suppression).where(Suppression.id == found.id))
    audit.write(session, "suppression lifted", account=by, suppression=str(found.id), reason=found.reason.value)
    return True


def take_back(session: Session, address: str | bytes, *, sender: Sender | UUID) -> None:
    """The person subscribed again themselves: lift what their own word had suppressed for this sender."""
    statement = (
        delete(Suppression)
        .where(
            Suppression.fingerprint == _fingerprint(address),
            Suppression.sender_id == _id(sender),
            Suppression.reason.in_(THEIR_WORD),
        )
        .returning(Suppression)
    )
    found = session.scalars(statement.execution_options(synchronize_session=False)).all()
    _write(session, found, Became.OPEN, "subscribed again by their own word")


def answered(session: Session, fingerprint: bytes, sender: Sender, *, journalist: str) -> None:
    """A mail of ours to this address was just answered, so it arrives: a rest or a suppression by bounces is over.

    What a person decided stays, and so does every no of the reader's own.
    """
    found = _remove(session, [(fingerprint, sender.id)], BY_POLICY)
    _write(session, found, Became.OPEN, ANSWERED)
    for each in found:
        audit.write(
            session,
            "suppression lifted",
            journalist=journalist,
            suppression=str(each.id),
            reason=each.reason.value,
            why=ANSWERED,
        )


def undo(session: Session, fingerprint: bytes, sender_id: UUID, evidence: str) -> None:
    """The person takes back one act of leaving, named by its evidence; what was suppressed otherwise stays so."""
    statement = (
        delete(Suppression)
        .where(
            Suppression.fingerprint == fingerprint,
            Suppression.sender_id == sender_id,
            Suppression.reason == SuppressionReason.UNSUBSCRIBED,
            Suppression.evidence == evidence,
        )
        .returning(Suppression)
    )
    found = session.scalars(statement.execution_options(synchronize_session=False)).all()
    _write(session, found, Became.OPEN, "took back leaving")


def _id(sender: Sender | UUID | None) -> UUID | None:
    return sender.id if isinstance(sender, Sender) else sender


def _fingerprint(address: str | bytes) -> bytes:
    return address if isinstance(address, bytes) else addresses.fingerprint(address)

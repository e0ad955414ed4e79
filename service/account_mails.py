"""Account mail: single mails to one person that are no release. They overtake every release on its way.

The table says how far each has come, in the ledger's manner: `attempting` is on disk before a byte leaves, the answer
is written down afterwards, and what a crash leaves between the two is `uncertain` and never sent again by itself.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from service import addresses, db, jobs
from service.models import AccountMail, AccountMailKind, AccountMailState, Installation
from service.models.account_mails import OPEN

LASTS = {
    # Who waits for a link has given up after an hour, or asked again.
    AccountMailKind.SIGN_IN: timedelta(hours=1),
    AccountMailKind.INVITATION: timedelta(hours=24),
    AccountMailKind.ALARM: timedelta(hours=24),
    AccountMailKind.HELD: timedelta(hours=24),
    AccountMailKind.FEEDBACK: timedelta(hours=24),
    AccountMailKind.REPLY: timedelta(days=3),
    AccountMailKind.CONFIRM: timedelta(hours=24),
    AccountMailKind.SUBSCRIBED: timedelta(hours=24),
    AccountMailKind.PREFERENCES: timedelta(hours=1),
    AccountMailKind.NEW_ADDRESS: timedelta(hours=24),
    AccountMailKind.TO_APPROVE: timedelta(hours=24),
    AccountMailKind.APPROVED: timedelta(hours=24),
    AccountMailKind.SENT_BACK: timedelta(hours=24),
    AccountMailKind.EMERGENCY: timedelta(days=3),
    # Late is better than never: whoever was not told goes by what she was told before.
    AccountMailKind.EMBARGO_MOVED: timedelta(days=3),
    AccountMailKind.EMBARGO_LIFTED: timedelta(days=3),
    # Later she would have nothing of it; the officer sees that it did not arrive.
    AccountMailKind.EMBARGO: timedelta(hours=6),
    AccountMailKind.EMERGENCY_NOTICE: timedelta(hours=24),
    AccountMailKind.PROOF: timedelta(hours=1),
}
"""How long there is sense in sending a mail of this kind."""
LOST_AFTER = timedelta(minutes=15)
"""Longer than the task that sends can live: whoever was sending then is dead."""
S = AccountMailState
KEPT = timedelta(days=30)
NOBODY_KEPT = timedelta(hours=1)
"""As long as requests are counted: strangers cannot fill the table."""
NOBODY = "There is no open account of this address"
LOST = "The sending process ended before it learnt the relay's answer"
LATE = "Not accepted in time; given up"
AT_THAT_MOMENT = timedelta(seconds=10)
"""The mail that tells of a hold is written in its own transaction, a moment before."""
LOCK = 7_247
"""The first half of our advisory locks' keys; the second comes from an address."""


def write(
    session: Session,
    kind: AccountMailKind,
    to: str,
    *,
    values: dict[str, str] | None = None,
    language: str = "en",
    sender_id: UUID | None = None,
) -> AccountMail:
    """Queue a mail, which leaves as soon as this has committed. From the sender, or from the service itself.

    `values` are readable by whoever reads the database: no token, nothing that opens a door. Raises BadAddress.
    """
    mail = AccountMail(
        kind=kind,
        address=addresses.clean(to),
        fingerprint=addresses.fingerprint(to),
        language=language,
        values=values or {},
        sender_id=sender_id,
        state=AccountMailState.QUEUED,
        deadline=func.now() + LASTS[kind],
    )
    session.add(mail)
    session.flush()
    db.after_commit(session, lambda: jobs.ring(jobs.Job.ACCOUNT_MAIL))
    return mail


def lately(session: Session, *kinds: AccountMailKind, to: str, within: timedelta) -> int:
    """How many of these kinds were written to this address; who asks at the same moment waits. Raises BadAddress."""
    fingerprint = addresses.fingerprint(to)
    session.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(fingerprint.hex()))))
    written = select(func.count()).where(
        AccountMail.fingerprint == fingerprint,
        AccountMail.kind.in_(kinds),
        AccountMail.created_at > func.clock_timestamp() - within,
    )
    return session.scalars(written).one()


def get(session: Session, id_: UUID, *kinds: AccountMailKind) -> AccountMail | None:
    """The mail, if it is there still and of one of these kinds."""
    return session.scalar(select(AccountMail).where(AccountMail.id == id_, AccountMail.kind.in_(kinds)))


def newest(session: Session, *, limit: int) -> list[AccountMail]:
    """The last so many, newest first."""
    return list(session.scalars(select(AccountMail).order_by(AccountMail.id.desc()).limit(limit)))


def due(session: Session) -> bool:
    """Whether there is anything to send."""
    return session.scalars(select(select(AccountMail.id).where(_is_due()).exists())).one()


def take(session: Session) -> AccountMail | None:
    """The one that has waited longest, until the end of this transaction nobody else's; begin it or give it up."""
    query = select(AccountMail).where(_is_due()).order_by(AccountMail.due_at, AccountMail.id).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def _is_due() -> ColumnElement[bool]:
    """While all is held, what was written before that rests too: an old backup has old mail in it."""
    resting = exists().where(AccountMail.created_at < Installation.held_at - AT_THAT_MOMENT)
    in_time = and_(AccountMail.due_at <= func.now(), AccountMail.deadline > func.now())
    return and_(AccountMail.state.in_(OPEN), in_time, ~resting)


def begin(session: Session, mail: AccountMail) -> None:
    """It may leave once this has committed, and not before."""
    mail.state = AccountMailState.ATTEMPTING
    mail.attempts += 1
    mail.attempted_at = func.clock_timestamp()
    mail.due_at = None
    session.flush()
    session.refresh(mail)


def give_up(session: Session, mail: AccountMail, reason: str) -> None:
    """Nothing of it has left, and nothing will."""
    mail.state = AccountMailState.FAILED
    mail.due_at = None
    mail.settled_at = func.clock_timestamp()
    mail.reason = reason
    session.flush()


def settle(
    session: Session,
    id_: UUID,
    attempt: int,
    state: AccountMailState,
    *,
    wait: int | None = None,
    code: int | None = None,
    reply: str = "",
    reason: str = "",
) -> bool:
    """Write down what the n-th attempt led to, also when it was taken for lost; whether that was news.

    `wait` is the seconds until the next, where there is to be one.
    """
    deferred = state is AccountMailState.DEFERRED
    statement = (
        update(AccountMail)
        .where(AccountMail.id == id_, AccountMail.attempts == attempt)
        .where(AccountMail.state.in_((AccountMailState.ATTEMPTING, AccountMailState.UNCERTAIN)))
        .values(
            state=state,
            due_at=func.now() + timedelta(seconds=wait or 0) if deferred else None,
            settled_at=None if deferred else func.clock_timestamp(),
            code=code,
            reply=reply,
            reason=reason,
        )
        .returning(AccountMail.id)
    )
    return session.scalar(statement.execution_options(synchronize_session=False)) is not None


def rest(session: Session, seconds: float) -> None:
    """Look at nothing for a while: the relay is away, which uses up nobody's attempt."""
    later = func.now() + timedelta(seconds=seconds)
    session.execute(
        update(AccountMail).where(_is_due()).values(due_at=later).execution_options(synchronize_session=False)
    )


def tidy(session: Session) -> None:
    """Name the lost, give up the late, forget the old."""
    attempting = AccountMail.state == AccountMailState.ATTEMPTING
    _mark(session, and_(attempting, AccountMail.attempted_at < func.now() - LOST_AFTER), S.UNCERTAIN, LOST)
    _mark(session, and_(AccountMail.state.in_(OPEN), AccountMail.deadline <= func.now()), S.FAILED, LATE)
    old = AccountMail.created_at < func.now() - KEPT
    nobodys = and_(AccountMail.reason == NOBODY, AccountMail.created_at < func.now() - NOBODY_KEPT)
    session.execute(delete(AccountMail).where(or_(old, nobodys)).execution_options(synchronize_session=False))


def _mark(session: Session, which: ColumnElement[bool], state: AccountMailState, reason: str) -> None:
    values = {"state": state, "reason": reason, "due_at": None, "settled_at": func.clock_timestamp()}
    session.execute(update(AccountMail).where(which).values(values).execution_options(synchronize_session=False))


def erase(session: Session, fingerprint: bytes, sender_id: UUID) -> None:
    """Forget every mail from this sender to an address, sent or not, and the links to preferences it asked for."""
    links = and_(AccountMail.sender_id.is_(None), AccountMail.kind == AccountMailKind.PREFERENCES)
    theirs = and_(AccountMail.fingerprint == fingerprint, or_(AccountMail.sender_id == sender_id, links))
    session.execute(delete(AccountMail).where(theirs).execution_options(synchronize_session=False))

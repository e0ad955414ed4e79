"""What an account may do: roles for a sender, or for topics of it; nobody gives any to herself."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import audit
from service.errors import Refused
from service.models import Account, Release, Right, Role, Sender, Topic

BY_TOPIC = (Role.WRITE, Role.APPROVE, Role.SEND)
"""Roles that can be given for one topic: what is done with a release, which has topics."""
LOCK = 7_248
"""The first half of the advisory lock under which the rights for one sender change."""
Given = frozenset[tuple[Role, UUID | None]]
"""Roles with the topic they are given for; None: for the whole sender."""


class NotAllowed(Refused):
    """Ask an administrator for the right."""

    def __init__(self, role: Role) -> None:
        super().__init__("This needs the right to %(role)s here; an administrator can give it.", role=role)
        self.role = role


class NotYours(Refused):
    """Ask another administrator: nobody gives herself a right."""

    def __init__(self) -> None:
        super().__init__("Nobody gives rights to themselves. Ask another administrator, or whoever runs this service.")


class LastAdministrator(Refused):
    """Give somebody else the right first."""

    def __init__(self, sender: str) -> None:
        super().__init__(
            "Nobody else administers %(sender)s. Give that right to somebody else first, then this can be done.",
            sender=sender,
        )


def may(account: Account, sender_id: UUID, role: Role, topic_id: UUID | None = None) -> bool:
    """Whether the account has this very role, for the sender as a whole or for the topic asked about.

    No role contains another: who administers does not thereby approve.
    """
    return account.active and any(
        right.sender_id == sender_id and right.role is role and right.topic_id in (None, topic_id)
        for right in account.rights
    )


def may_on(account: Account, release: Release, role: Role) -> bool:
    """Whether the account has this role for all the release is about: for each of its topics, or for the sender."""
    topics: list[UUID | None] = [topic.topic_id for topic in release.topics] or [None]
    return all(may(account, release.sender_id, role, topic) for topic in topics)


def may_anywhere_in(account: Account, sender_id: UUID, role: Role) -> bool:
    """Whether the account has this role for the sender or for any topic of it."""
    return account.active and any(right.sender_id == sender_id and right.role is role for right in account.rights)


def require(account: Account, sender_id: UUID, role: Role, topic_id: UUID | None = None) -> None:
    """Raises NotAllowed unless the account may."""
    if not may(account, sender_id, role, topic_id):
        raise NotAllowed(role)


def require_on(account: Account, release: Release, role: Role) -> None:
    """Raises NotAllowed unless the account may for all that the release is about."""
    if not may_on(account, release, role):
        raise NotAllowed(role)


def require_anywhere_in(account: Account, sender_id: UUID, role: Role) -> None:
    """Raises NotAllowed unless the account has the role for the sender or a topic of it."""
    if not may_anywhere_in(account, sender_id, role):
        raise NotAllowed(role)


def require_anywhere(account: Account, role: Role) -> None:
    """Raises NotAllowed unless the account has this role for some sender: for what concerns the whole service."""
    if not (account.active and any(right.role is role and right.topic_id is None for right in account.rights)):
        raise NotAllowed(role)


def who_may(session: Session, sender_id: UUID, role: Role) -> list[Account]:
    """The open accounts with this role for the sender or a topic of it."""
    theirs = select(Right.account_id).where(Right.sender_id == sender_id, Right.role == role)
    return list(session.scalars(select(Account).where(Account.active, Account.id.in_(theirs)).order_by(Account.id)))


def administrators(session: Session) -> list[Account]:
    """Who administers anything, longest here first."""
    administers = select(Right.account_id).where(Right.role == Role.ADMINISTER)
    query = select(Account).where(Account.active, Account.id.in_(administers)).order_by(Account.created_at, Account.id)
    return list(session.scalars(query))


def first_administrator(session: Session) -> Account | None:
    """The administrator who has been here longest."""
    return next(iter(administrators(session)), None)


def administered(session: Session, account: Account) -> list[Sender]:
    """The senders that the account administers, by name."""
    ids = {right.sender_id for right in account.rights if right.role is Role.ADMINISTER and right.topic_id is None}
    if not account.active:
        return []
    return list(session.scalars(select(Sender).where(Sender.id.in_(ids)).order_by(Sender.name, Sender.id)))


def grant(
    session: Session,
    account: Account,
    sender: Sender,
    roles: Iterable[Role],
    *,
    topic: Topic | None = None,
    by: Account | None = None,
) -> None:
    """Give roles for a sender, or for one topic of it only; what the account has already it keeps."""
    given = list(dict.fromkeys(roles))
    if not given:
        return
    common = {"account_id": account.id, "sender_id": sender.id, "topic_id": topic.id if topic else None}
    session.execute(insert(Right).values([common | {"role": role} for role in given]).on_conflict_do_nothing())
    session.refresh(account, ["rights"])
    words = [role.value for role in given]
    audit.write(session, "roles given", account=by, to=str(account.id), sender=sender.slug, roles=words)


def give(session: Session, account: Account, sender: Sender, wanted: Given, *, by: Account) -> None:
    """Let these be all the rights the account has for the sender.

    Raises NotAllowed unless `by` administers the sender, NotYours when she would give herself any, LastAdministrator.
    """
    begin_change(session, sender.id, by)
    now = frozenset((right.role, right.topic_id) for right in account.rights if right.sender_id == sender.id)
    wanted = _without_what_the_whole_contains(frozenset(one for one in wanted if one[1] is None or one[0] in BY_TOPIC))
    given, taken = wanted - now, now - wanted
    if given and by.id == account.id:
        raise NotYours
    if (Role.ADMINISTER, None) in taken:
        require_another(session, account, sender)
    _take(session, account, sender, taken)
    if given:
        rows = [{"account_id": account.id, "sender_id": sender.id, "role": r, "topic_id": t} for r, t in given]
        session.execute(insert(Right).values(rows).on_conflict_do_nothing())
    session.refresh(account, ["rights"])
    for act, which in (("roles given", given), ("roles taken", taken)):
        if which:
            _note(session, act, account, sender, which, by)


def begin_change(session: Session, sender_id: UUID, by: Account) -> None:
    """Wait for whoever changes rights for this sender now, and see whether `by` administers it still."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(str(sender_id)))))
    session.refresh(by, ["rights", "active"])
    require(by, sender_id, Role.ADMINISTER)


def require_another(session: Session, account: Account, sender: Sender) -> None:
    """Raises LastAdministrator when nobody else who is here administers the sender."""
    others = select(Right.account_id).where(
        Right.sender_id == sender.id, Right.role == Role.ADMINISTER, Right.topic_id.is_(None)
    )
    left = select(Account.id).where(Account.active, Account.id.in_(others), Account.id != account.id)
    if session.scalars(left.limit(1)).first() is None:
        raise LastAdministrator(sender.name)


def _without_what_the_whole_contains(given: Given) -> Given:
    return frozenset((role, topic) for role, topic in given if topic is None or (role, None) not in given)


def _take(session: Session, account: Account, sender: Sender, taken: Given) -> None:
    for role, topic in taken:
        session.execute(
            delete(Right).where(
                Right.account_id == account.id,
                Right.sender_id == sender.id,
                Right.role == role,
                Right.topic_id.is_not_distinct_from(topic),
            )
        )


def _note(session: Session, act: str, account: Account, sender: Sender, which: Given, by: Account) -> None:
    topics = {topic.id: topic.slug for topic in session.scalars(select(Topic).where(Topic.sender_id == sender.id))}
    words = sorted(role.value if id_ is None else f"{role.value}: {topics.get(id_, '')}" for role, id_ in which)
    audit.write(session, act, account=by, to=str(account.id), sender=sender.slug, roles=words)

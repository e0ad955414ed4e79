"""Where people are signed in: each place is a row, and a session whose row is gone is over."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from service import audit
from service.errors import NotFound
from service.models import Account, CameBy, Place

LASTS = timedelta(hours=12)
"""A session is over after so long, whatever is done in it."""
MOST = 50
"""Places one account is kept signed in at; who signs in once more is signed out where it was longest ago."""


def begin(session: Session, account: Account, *, came_by: CameBy, browser: str) -> Place:
    """Somebody has signed in; places that are over are forgotten with it."""
    over = Place.began_at < func.now() - LASTS
    newest = select(Place.id).where(Place.account_id == account.id).order_by(Place.id.desc()).limit(MOST - 1)
    session.execute(delete(Place).where(Place.account_id == account.id, over | Place.id.not_in(newest)))
    place = Place(account_id=account.id, came_by=came_by, browser=browser)
    session.add(place)
    session.execute(update(Account).where(Account.id == account.id).values(came_at=func.now()))
    audit.write(session, "signed in", account=account, by=came_by.value)
    session.flush()
    return place


def is_here(session: Session, account: Account, id_: UUID) -> Place | None:
    """The place, while it is one of the account's and not over."""
    query = select(Place).where(Place.id == id_, Place.account_id == account.id, Place.began_at > func.now() - LASTS)
    return session.scalar(query)


def places(session: Session, account: Account) -> list[Place]:
    """Where the account is signed in, newest first."""
    query = select(Place).where(Place.account_id == account.id, Place.began_at > func.now() - LASTS)
    return list(session.scalars(query.order_by(Place.id.desc())))


def end(session: Session, account: Account, id_: UUID) -> None:
    """Sign out there. Raises NotFound when there is no such place of hers."""
    gone = session.scalar(delete(Place).where(Place.id == id_, Place.account_id == account.id).returning(Place.id))
    if gone is None:
        raise NotFound("There is no such session.")
    audit.write(session, "signed out", account=account, where="one place")


def end_others(session: Session, account: Account, here: UUID | None) -> None:
    """Sign out everywhere but here."""
    session.execute(delete(Place).where(Place.account_id == account.id, Place.id != here))
    audit.write(session, "signed out", account=account, where="everywhere else")


def end_everywhere(session: Session, account: Account) -> None:
    """End every session there is: no cookie given out until now is worth anything."""
    session.execute(delete(Place).where(Place.account_id == account.id))
    account.fs_uniquifier = uuid4().hex
    session.flush()

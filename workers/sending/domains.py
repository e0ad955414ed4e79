"""What belongs to the domain a chunk is sent from: the keys its mail is signed with, and how far it is warmed up."""

from dataclasses import dataclass
from datetime import UTC
from time import monotonic

from sqlalchemy import func, select

from service import db, dkim_keys, warmups
from service.mail.dkim import Key

KEPT = 15.0
"""Seconds after which a key that was activated or retired, and a plan that was made, is known to every process."""


@dataclass(frozen=True, slots=True)
class Domain:
    """What a mail From this domain is signed with; mails a day it may send while it is young, None: any number."""

    keys: tuple[Key, ...]
    warmed: int | None

    @property
    def selectors(self) -> tuple[str, ...]:
        """The names of its keys."""
        return tuple(key.selector for key in self.keys)


class Domains:
    """The domains this process sends from, as they were some seconds ago at most."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Domain]] = {}

    def of(self, name: str) -> Domain:
        """The domain. Raises sealing.CannotOpen when its keys were sealed with another SECRET_KEY."""
        read_at, found = self._kept.get(name, (0.0, None))
        if found is None or monotonic() - read_at > KEPT:
            found = _read(name)
            self._kept[name] = monotonic(), found
        return found


def _read(name: str) -> Domain:
    with db.transaction() as session:
        today = session.scalars(select(func.now())).one().astimezone(UTC).date()
        return Domain(tuple(dkim_keys.keys_for(session, name)), warmups.allowed(session, name, today))

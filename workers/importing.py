"""Files of journalists are checked and imported, a piece in each transaction, for as long as a task may take."""

from time import monotonic
from uuid import UUID

from service import db, imports

LONGEST = 60.0
"""Seconds, well below the soft limit of a task."""


def work(file_id: UUID) -> bool:
    """Do what the file waits for; whether there is more. Twice, or twice at once, is the same as once."""
    until = monotonic() + LONGEST
    while monotonic() < until:
        with db.transaction() as session:
            if not imports.step(session, file_id):
                return False
    return True

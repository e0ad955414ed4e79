"""Where a database lives, from what an ordinary role may ask PostgreSQL, and what a difference means in words."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# The timeline by the log's file name: the control file still tells the old one for a while after a standby took over.
# The table's own oid: a dump that is restored over the same database makes its tables anew.
ASK = text("""
    SELECT concat_ws(' ', (SELECT system_identifier FROM pg_control_system()),
                     (SELECT oid FROM pg_database WHERE datname = current_database()),
                     left(pg_walfile_name(pg_current_wal_lsn()), 8), 'installation'::regclass::oid)
""")
PARTS = (
    "it lives in another PostgreSQL cluster than before: a backup was restored there, or the service has moved",
    "it is another database of its cluster than before: a backup was restored beside it, or it is a copy",
    "PostgreSQL went on from an earlier point in time, or a standby took over, which may lack the last seconds",
    "its tables were made anew: a backup was restored over it",
)


def fingerprint(session: Session) -> str:
    """Where this database lives now."""
    return str(session.execute(ASK).scalar_one())


def difference(known: str, found: str) -> str:
    """What happened to a database that was known by another fingerprint; empty when nothing did."""
    parts = zip(known.split(), found.split(), PARTS, strict=True)
    return next((words for before, after, words in parts if before != after), "")

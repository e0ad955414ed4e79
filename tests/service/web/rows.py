"""What the database holds, as a digest: whether anything at all was written."""

import hashlib

from sqlalchemy import text
from sqlalchemy.orm import Session


def snapshot(session: Session) -> dict[str, str]:
    """A digest of each table's rows."""
    session.flush()
    tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    found = {}
    for table in tables:
        rows = session.scalars(text(f'SELECT t::text FROM "{table}" t ORDER BY 1')).all()
        found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found

"""Who did what."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service import audit
from service.models import AuditEntry
from tests.factories import make_newsroom, make_release


def test_what_was_done_to_a_release_is_told_in_order(session: Session) -> None:
    newsroom = make_newsroom(session)
    release, other = make_release(session, newsroom), make_release(session, newsroom)
    audit.write(session, "release written", account=newsroom.ada, release=release, languages=["en"])
    audit.write(session, "release written", release=other)
    audit.write(session, "release sent", release_id=release.id)
    told = [(entry.act, entry.account_id, entry.detail) for entry in audit.of(session, release)]
    assert told == [("release written", newsroom.ada.id, {"languages": ["en"]}), ("release sent", None, {})]


def test_what_was_written_cannot_be_changed(session: Session) -> None:
    release = make_release(session, make_newsroom(session))
    audit.write(session, "release written", release=release)
    session.flush()
    with pytest.raises(DBAPIError, match="cannot be changed"):
        session.execute(update(AuditEntry).values(act="nothing"))

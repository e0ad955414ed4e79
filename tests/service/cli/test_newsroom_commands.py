"""`dateline newsroom accredit`, as an officer runs it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from service import db
from service.models import AccountMail, AccountMailKind
from tests.committed import committed
from tests.factories import make_journalist, make_newsroom
from tests.service.cli.test_deciding_commands import invoke
from tests.service.newsroom import stories


@pytest.fixture
def hidden(worker_id: str) -> Iterator[tuple[str, str]]:
    """A release under embargo, and the address of Ada, whose newsroom has a journalist."""
    with committed(f"granting_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
            make_journalist(session, room, "Cleo", address="cleo@daily.example")
            found = str(stories.embargo(session, room).release_id), room.ada.email
        yield found


def test_a_journalist_is_granted_it_and_mailed_the_link_only_when_asked(hidden: tuple[str, str]) -> None:
    release, ada = hidden
    words = ("newsroom", "accredit", release, "cleo@daily.example", "--by", ada)
    printed = invoke(*words).stdout
    assert "/embargo/" in printed
    query = select(AccountMail.address).where(AccountMail.kind == AccountMailKind.EMBARGO)
    with db.transaction() as session:
        assert session.scalars(query).all() == []
    assert invoke(*words, "--mail").stdout == printed
    with db.transaction() as session:
        assert session.scalars(query).all() == ["cleo@daily.example"]

"""A newsroom's mark is another one whenever anybody could see a difference, and never for what nobody may see yet."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from service import releases
from service.models import Installation, NoticeKind, Publication, Release, Topic
from service.newsroom import changes, publishing
from tests.factories import Newsroom, make_newsroom, now
from tests.service.newsroom import stories


@pytest.fixture
def newsroom(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def there(session: Session, newsroom: Newsroom) -> Publication:
    """A release that has been public for an hour."""
    found = stories.publish(session, newsroom)
    move(session, found, "- interval '1 hour'")
    return found


def move(session: Session, publication: Publication, by: str) -> None:
    """Let its hour be another."""
    statement = f"UPDATE publication SET opens_at = clock_timestamp() {by} WHERE release_id = :id"
    session.execute(text(statement), {"id": publication.release_id})
    session.expire_all()


def mark(session: Session, newsroom: Newsroom) -> changes.Mark:
    session.flush()
    session.expire_all()
    return changes.standing(session, newsroom.sender.slug).mark


def _publish(session: Session, newsroom: Newsroom, there: Publication) -> None:
    stories.publish(session, newsroom)


def _withdraw(session: Session, newsroom: Newsroom, there: Publication) -> None:
    publishing.withdraw(session, session.get_one(Release, there.release_id), by=newsroom.ada)


def _stop(session: Session, newsroom: Newsroom, there: Publication) -> None:
    releases.cancel(session, session.get_one(Release, there.release_id), by=newsroom.ada)


def _show_what_opened_hidden(session: Session, newsroom: Newsroom, there: Publication) -> None:
    release = session.get_one(Release, there.release_id)
    there.shown = False
    session.flush()
    publishing.show(session, release, by=newsroom.ada, shown=True)


def _kill_by_mail_only(session: Session, newsroom: Newsroom, there: Publication) -> None:
    draft = stories.write(session, newsroom, "KILL")
    publishing.is_about(session, draft, session.get_one(Release, there.release_id), NoticeKind.KILL, by=newsroom.ada)
    notice = stories.approve(session, newsroom, draft, stories.in_an_hour())
    publishing.show(session, draft, by=newsroom.ada, shown=False)
    before = mark(session, newsroom)
    move(session, notice, "")
    assert mark(session, newsroom) != before


def _rename_a_topic(session: Session, newsroom: Newsroom, there: Publication) -> None:
    session.get_one(Topic, newsroom.topic.id).names = {"kk": "Су"}


def _move_house(session: Session, newsroom: Newsroom, there: Publication) -> None:
    newsroom.sender.postal_address = "2 Embankment Street"


def _delete(session: Session, newsroom: Newsroom, there: Publication) -> None:
    session.delete(session.get_one(Publication, there.release_id))


Act = Callable[[Session, Newsroom, Publication], None]
SEEN: list[Act] = [_publish, _withdraw, _stop, _show_what_opened_hidden, _kill_by_mail_only]
SEEN += [_rename_a_topic, _move_house, _delete]


@pytest.mark.parametrize("act", SEEN)
def test_whatever_anybody_can_see_changes_the_mark(
    session: Session, newsroom: Newsroom, there: Publication, act: Act
) -> None:
    before = mark(session, newsroom)
    act(session, newsroom, there)
    assert mark(session, newsroom) != before


def test_an_hour_that_comes_changes_the_mark_and_nothing_before_it_does(
    session: Session, newsroom: Newsroom, there: Publication
) -> None:
    before = mark(session, newsroom)
    hidden = stories.embargo(session, newsroom, "Not yet")
    release = session.get_one(Release, hidden.release_id)
    assert mark(session, newsroom) == before
    publishing.show(session, release, by=newsroom.ada, shown=False)
    publishing.show(session, release, by=newsroom.ada, shown=True)
    assert mark(session, newsroom) == before
    move(session, hidden, "")
    assert mark(session, newsroom) != before


def test_what_is_taken_back_before_its_hour_was_never_there(
    session: Session, newsroom: Newsroom, there: Publication
) -> None:
    before = mark(session, newsroom)
    hidden = stories.embargo(session, newsroom, "Not yet")
    publishing.withdraw(session, session.get_one(Release, hidden.release_id), by=newsroom.ada)
    stories.write(session, newsroom, "A draft")
    session.add(Topic(sender_id=newsroom.sender.id, slug="inner", name="Inner circle", public=False))
    assert mark(session, newsroom) == before


def test_while_all_is_held_the_mark_is_of_what_was_open_then(
    session: Session, newsroom: Newsroom, there: Publication
) -> None:
    before = mark(session, newsroom)
    stories.publish(session, newsroom)
    session.execute(delete(Installation))
    session.add(Installation(fingerprint="x", held_at=now(), held_reason="put back", beat_at=there.opens_at))
    assert mark(session, newsroom)[-1] == before[-1]


def test_another_newsroom_keeps_its_mark(session: Session, newsroom: Newsroom, there: Publication) -> None:
    other = make_newsroom(session)
    before = mark(session, other)
    _withdraw(session, newsroom, there)
    assert mark(session, other) == before

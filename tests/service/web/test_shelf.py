"""An answer that was made before is given again while it is true, and not a moment longer."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from service.models import Release
from service.newsroom import publishing
from service.web import answers
from service.web.shelf import LARGEST, MOST, Shelf
from tests.factories import Newsroom
from tests.service.newsroom import stories
from tests.service.newsroom.stories import address


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """What the database is asked meanwhile, without the test's own savepoints."""
    said: list[str] = []

    def hear(_connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if "SAVEPOINT" not in statement:
            said.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def test_what_is_kept_takes_one_question(client: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    publication = stories.publish(session, newsroom)
    front = f"/newsroom/{newsroom.sender.slug}/"
    for path in (front, address(newsroom, publication), f"{front}feed.atom", f"{front}search?q=river"):
        first = client.get(path)
        with counted(session) as asked:
            again = client.get(path, headers={"Cookie": "language=ru", "Accept-Language": "kk"})
        assert (again.status_code, again.data) == (200, first.data)
        assert len(asked) == 1, path


def test_what_opens_and_what_is_taken_back_shows_at_the_next_look(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    stories.publish(session, newsroom, "There already")
    hidden = stories.embargo(session, newsroom, "At its hour")
    front = f"/newsroom/{newsroom.sender.slug}/"
    there = [front, f"{front}?language=en", f"{front}topics/water", f"{front}search?q=hour", f"{front}archive"]
    there += [f"{front}feed.{form}" for form in ("rss", "atom", "json")] + [f"{front}wire/ninjs.json"]
    closed = [client.get(path).data for path in there]
    session.execute(
        text("UPDATE publication SET opens_at = clock_timestamp() WHERE slug = :slug"), {"slug": hidden.slug}
    )
    opened = [client.get(path).data for path in there]
    assert [path for path, before, after in zip(there, closed, opened, strict=True) if before == after] == []
    publishing.withdraw(session, session.get_one(Release, hidden.release_id), by=newsroom.ada)
    gone = [client.get(path).data for path in there]
    assert [path for path, before, after in zip(there, opened, gone, strict=True) if before == after] == []
    assert client.get(address(newsroom, hidden)).status_code == 410


def test_answers_to_different_questions_are_kept_apart(
    client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    for number in range(21):
        stories.publish(session, newsroom, f"Levels fall {number}")
    front = f"/newsroom/{newsroom.sender.slug}/"
    asked = [front, f"{front}?page=2", f"{front}?language=ru", f"{front}?lang=kk", f"{front}?lang=ru"]
    asked += [f"{front}search", f"{front}search?q=fall", f"{front}feed.atom", f"{front}feed.atom?topic=water"]
    first = [client.get(path).data for path in asked]
    assert len(set(first)) == len(asked)
    assert [client.get(path).data for path in asked] == first


def test_a_shelf_holds_so_much_and_forgets_what_nobody_asks_for() -> None:
    shelf, large = Shelf(), answers.made(b"x" * LARGEST)
    for number in range(MOST // LARGEST):
        shelf.keep((number,), large)
    assert shelf.find((0,)) is not None
    shelf.keep(("more",), large)
    assert (shelf.find((0,)), shelf.find((1,))) == (large, None)
    shelf.keep(("too large",), answers.made(b"x" * (LARGEST + 1)))
    assert shelf.find(("too large",)) is None

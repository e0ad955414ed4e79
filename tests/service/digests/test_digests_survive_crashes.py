"""Whatever ends the process that makes digests, and however many make them: each is owed a release once."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from service import db, reports
from service.models import Frequency
from tests.service.digests.press import Press, execute, opened

ALL = Counter(
    {(name, headline): 1 for name in ("Cleo", "Dana", "Eli") for headline in ("River levels fall", "A bridge opens")}
)


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def press(worker_id: str) -> Iterator[Press]:
    with opened(f"crashing_digests_{worker_id}") as found:
        for name, frequency in zip(("Cleo", "Dana", "Eli"), (*Frequency, Frequency.DAILY)[1:], strict=True):
            found.reader(name, frequency, lang="ru" if name == "Eli" else "en")
        found.release("River levels fall")
        found.release("A bridge opens")
        yield found


@contextmanager
def killed_at(statement: int) -> Iterator[list[str]]:
    """End at the n-th statement from here, or at the commit that would follow; those that were begun."""
    begun: list[str] = []

    def count(_connection: object, _cursor: object, words: str, *_rest: object) -> None:
        begun.append(words)
        if len(begun) == statement:
            raise Killed

    def commit(_connection: object) -> None:
        if statement == 0:
            raise Killed

    event.listen(db.engine(), "before_cursor_execute", count)
    event.listen(db.engine(), "commit", commit)
    try:
        yield begun
    except Killed:
        pass
    finally:
        event.remove(db.engine(), "before_cursor_execute", count)
        event.remove(db.engine(), "commit", commit)


def test_ended_at_any_statement_it_is_begun_anew_and_nobody_is_skipped_or_doubled(press: Press) -> None:
    press.morning()
    statement, made = 1, False
    while not made:
        with killed_at(statement) as begun:
            press.make()
            made = True
        statement += 1
        if not made:
            assert press.entries() == Counter(), begun[-1]
    assert statement > 10, "it was ended at each of its statements"
    assert press.entries() == ALL
    press.morning()
    press.make()
    assert press.entries() == ALL


def test_ended_before_its_commit_nothing_was_made(press: Press) -> None:
    press.morning()
    with killed_at(0):
        press.make()
    assert press.entries() == Counter()
    press.make()
    assert press.entries() == ALL


def test_several_makers_at_once_make_what_one_would(press: Press) -> None:
    for _ in range(4):
        press.morning()
        with ThreadPoolExecutor(6) as makers:
            list(makers.map(lambda _number: press.make(), range(12)))
    assert press.entries() == ALL
    assert len(press.digests()) == 2


def test_the_books_balance_after_all_of_it(press: Press) -> None:
    press.morning()
    for statement in (3, 9, 15):
        with killed_at(statement):
            press.make()
    press.make()
    press.plan()
    press.plan()
    press.work()
    with db.transaction() as session:
        for digest in press.digests():
            assert reports.delivery(session, digest.id).balanced
    assert Counter(sent.recipient for sent in press.relay.sent) == {
        f"{name}@daily.example": 1 for name in ("cleo", "dana", "eli")
    }


def test_the_database_itself_refuses_a_second_digest_of_the_same_release(press: Press) -> None:
    press.morning()
    press.make()
    before = press.entries()
    with pytest.raises(Exception, match="pk_digest_entry"):
        execute("INSERT INTO digest_entry SELECT journalist_id, release_id, digest_id FROM digest_entry LIMIT 1")
    assert press.entries() == before

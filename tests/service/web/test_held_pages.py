"""While everything is held, every officer's page says so, and why."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import installation
from tests.factories import Newsroom
from tests.service.web.conftest import Browser

REASON = "This database is older than it was: an earlier state of it was put back in its place."


def test_an_officers_page_says_why_nothing_is_sent(session: Session, signed_in: Browser, newsroom: Newsroom) -> None:
    browser = signed_in(newsroom.ada)
    assert "Nothing is being sent" not in browser.get("/releases").text
    installation.begin(session)
    session.execute(text("UPDATE installation SET held_at = now(), held_reason = :reason"), {"reason": REASON})
    page = browser.get("/releases").text
    assert "Nothing is being sent" in page
    assert REASON in page
    assert "dateline installation confirm" in page


def test_a_strangers_page_does_not(session: Session, signed_in: Browser, newsroom: Newsroom) -> None:
    installation.begin(session)
    session.execute(text("UPDATE installation SET held_at = now(), held_reason = :reason"), {"reason": REASON})
    assert REASON not in signed_in(newsroom.ada).application.test_client().get("/sign-in").text
